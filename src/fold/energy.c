/* SPDX-License-Identifier: MIT */
/* Base codes, and what of loop energies is not worth inlining: long loops, special hairpins. */
#include "fold/energy.h"

#include <math.h>

void dmg_base_codes(uint8_t *codes, const char *letters, size_t length)
{
    codes[-1] = BASE_N;
    for (size_t i = 0; i < length; i++) codes[i] = dmg_base_code(letters[i]);
    codes[length] = BASE_N;
}

int dmg_long_loop_energy(const dmg_fold_params *P, int size)
{
    return (int)(P->long_loop * log(size / (double)FOLD_MAX_LOOP));
}

const dmg_special_hairpin *dmg_special_hairpin_find(const dmg_fold_params *P, const uint8_t *s,
                                                    int i, int j)
{
    const int size = j - i - 1;
    for (int k = 0; k < FOLD_SPECIAL_HAIRPINS; k++) {
        const dmg_special_hairpin *const special = &P->special[k];
        if (special->size != size) continue;
        int x = 0;
        while (x < size + 2 && dmg_base_code(special->letters[x]) == s[i + x]) x++;
        if (x == size + 2) return special;
    }
    return NULL;
}
