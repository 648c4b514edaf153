/* SPDX-License-Identifier: MIT */
/* Criteria of MIReNA on whole precursors, in integers so that no threshold is blurred by rounding.
 */
#include "baseline/mirena.h"

#include "base/nucleotide.h"

enum {
    AMFE_BELOW = -32,     /* kcal/mol per 100 nucleotides */
    MFEI_BELOW = -69,     /* 0.01 kcal/mol per 100 nucleotides and per cent of G and C */
    PAIRED_AT_LEAST = 72, /* per cent */
};

/* AMFE = energy / 100 * 100 / length, in kcal/mol: the two hundreds cancel. */
bool mirena_amfe_met(int energy, size_t length)
{
    return energy < AMFE_BELOW * (long)length;
}

/* MFEI = AMFE / (100 gc / length) = energy / (100 gc): the length cancels. */
bool mirena_mfei_met(int energy, const char *sequence, size_t length)
{
    long gc = 0;
    for (size_t i = 0; i < length; i++) {
        const int base = dmg_base_code(sequence[i]);
        gc += base == BASE_G || base == BASE_C;
    }
    return gc > 0 && energy < MFEI_BELOW * gc;
}

size_t mirena_most_paired(const char *structure, size_t length)
{
    size_t most = 0, opening = 0, closing = 0; /* of the window that ends with i */
    for (size_t i = 0; i < length; i++) {
        opening += structure[i] == '(';
        closing += structure[i] == ')';
        if (i >= MIRENA_MATURE) {
            opening -= structure[i - MIRENA_MATURE] == '(';
            closing -= structure[i - MIRENA_MATURE] == ')';
        }
        if (i + 1 < MIRENA_MATURE || (opening > 0 && closing > 0)) continue;
        if (opening + closing > most) most = opening + closing;
    }
    return most;
}

bool mirena_paired_met(const char *structure, size_t length)
{
    return 100 * mirena_most_paired(structure, length) >= PAIRED_AT_LEAST * MIRENA_MATURE;
}

int mirena_count_met(int energy, const char *sequence, const char *structure, size_t length)
{
    return mirena_amfe_met(energy, length) + mirena_mfei_met(energy, sequence, length) +
           mirena_paired_met(structure, length);
}
