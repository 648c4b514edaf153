/* SPDX-License-Identifier: MIT */
#include "scan/letters.h"

#include <ctype.h>
#include <math.h>
#include <stddef.h>

#include "base/nucleotide.h"

double letters_masked(const char *sequence)
{
    size_t masked = 0, length = 0;
    for (; sequence[length]; length++) masked += islower((unsigned char)sequence[length]) != 0;
    return length > 0 ? (double)masked / (double)length : 0;
}

double letters_complexity(const char *sequence)
{
    size_t counts[BASE_CODES][BASE_CODES] = {{0}}, all = 0;
    for (size_t i = 0; sequence[0] && sequence[i + 1]; i++) {
        const int a = dmg_base_code(sequence[i]), b = dmg_base_code(sequence[i + 1]);
        if (a == BASE_N || b == BASE_N) continue;
        counts[a][b]++;
        all++;
    }
    double entropy = 0;
    for (int a = 0; a < BASE_CODES; a++)
        for (int b = 0; b < BASE_CODES; b++) {
            const double share = all > 0 ? (double)counts[a][b] / (double)all : 0;
            if (share > 0) entropy -= share * log2(share);
        }
    return entropy / 4;
}
