/* SPDX-License-Identifier: MIT */
/* Base codes, and the loop energies that are not worth inlining: sizes and hairpins. */
#include "fold/energy.h"

#include <math.h>

void dmg_base_codes(uint8_t *codes, const char *letters, size_t length)
{
    codes[-1] = BASE_N;
    for (size_t i = 0; i < length; i++) codes[i] = dmg_base_code(letters[i]);
    codes[length] = BASE_N;
}

int dmg_long_loop_energy(int size)
{
    return (int)(FOLD_LONG_LOOP * log(size / (double)FOLD_MAX_LOOP));
}

/* The entry for the letters s[i .. i + size + 1], or NULL. */
static const dmg_special_hairpin *find_special_hairpin(const uint8_t *s, int i, int size)
{
    for (int k = 0; k < FOLD_SPECIAL_HAIRPINS; k++) {
        const dmg_special_hairpin *const special = &dmg_turner2004.special[k];
        if (special->size != size) continue;
        int x = 0;
        while (x < size + 2 && dmg_base_code(special->letters[x]) == s[i + x]) x++;
        if (x == size + 2) return special;
    }
    return NULL;
}

int dmg_hairpin_energy(const uint8_t *s, int i, int j, int t)
{
    const int size = j - i - 1;
    if (size <= 6) {
        const dmg_special_hairpin *const special = find_special_hairpin(s, i, size);
        if (special) return special->energy;
    }
    const int energy = loop_size_energy(dmg_turner2004.hairpin, size);
    /* Three bases are too few for a mismatch to form; from four on the mismatch table holds the
     * penalty of weak pairs as well. */
    if (size == FOLD_MIN_HAIRPIN) return energy + terminal_au(t);
    return energy + dmg_turner2004.mismatch_hairpin[t][s[i + 1]][s[j - 1]];
}
