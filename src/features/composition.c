/* SPDX-License-Identifier: MIT */
#include "features/composition.h"

#include <string.h>

#include "base/nucleotide.h"
#include "features/columns.h"

void composition_features(double *values, const char *sequence, size_t length)
{
    double *const letters = values + FEATURE_LETTERS;
    double *const dinucleotides = values + FEATURE_DINUCLEOTIDES;
    memset(letters, 0, (LETTERS + DINUCLEOTIDES) * sizeof *letters);
    values[FEATURE_LENGTH] = (double)length;
    int before = BASE_N;
    for (size_t i = 0; i < length; i++) {
        const int code = dmg_base_code(sequence[i]);
        if (code != BASE_N) letters[code - 1]++;
        if (code != BASE_N && before != BASE_N) dinucleotides[(before - 1) * LETTERS + code - 1]++;
        before = code;
    }
    for (size_t k = 0; k < LETTERS; k++) letters[k] *= 100 / (double)length;
    for (size_t k = 0; k < DINUCLEOTIDES; k++)
        dinucleotides[k] = ratio(100 * dinucleotides[k], (double)length - 1);
    values[FEATURE_GC] = letters[BASE_C - 1] + letters[BASE_G - 1];
}
