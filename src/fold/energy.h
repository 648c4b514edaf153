/* SPDX-License-Identifier: MIT */
/* Free energies of single loops (Mathews et al. 2004), in dcal/mol; their enthalpies in a file that
 * defines FOLD_TABLES as the tables of these.
 *
 * Fill, traceback and evaluation all call these functions, so that they cannot disagree. They are
 * pure; `s` is a strand as base codes, 0-based, with s[-1] and s[n] readable (BASE_N), and a pair
 * (i, j) has i < j. The caller has checked that the pairs exist: every pair type is one of the six.
 * With dangles on both sides (RNAfold -d2) a stem takes the energy of both neighbours, whether they
 * are paired or not.
 */
#ifndef DMG_FOLD_ENERGY_H
#define DMG_FOLD_ENERGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "fold/params.h"

#ifndef FOLD_TABLES
#define FOLD_TABLES dmg_turner2004
#endif

/* Larger than any energy. Never added to: sums check for it first. */
#define FOLD_INFINITE 10000000

/* codes[-1 .. length] of letters[0 .. length), with BASE_N at both ends. */
void dmg_base_codes(uint8_t *codes, const char *letters, size_t length);

/* What a loop of `size` > FOLD_MAX_LOOP unpaired bases costs more than one of FOLD_MAX_LOOP. */
int dmg_long_loop_energy(const dmg_fold_params *P, int size);

/* The entry of the hairpin closed by (i, j), or NULL if it has none of its own. */
const dmg_special_hairpin *dmg_special_hairpin_find(const dmg_fold_params *P, const uint8_t *s,
                                                    int i, int j);

static inline int terminal_au(int t)
{
    return t >= PAIR_GU ? FOLD_TABLES.terminal_au : 0;
}

/* Energy of `size` unpaired bases by one of the tables of sizes. */
static inline int loop_size_energy(const int16_t table[FOLD_MAX_LOOP + 1], int size)
{
    if (size <= FOLD_MAX_LOOP) return table[size];
    return table[FOLD_MAX_LOOP] + dmg_long_loop_energy(&FOLD_TABLES, size);
}

/* Hairpin closed by (i, j) of type t. */
static inline int hairpin_energy(const uint8_t *s, int i, int j, int t)
{
    const int size = j - i - 1;
    const dmg_special_hairpin *const special =
        size <= 6 ? dmg_special_hairpin_find(&FOLD_TABLES, s, i, j) : NULL;
    if (special) return special->energy;
    const int energy = loop_size_energy(FOLD_TABLES.hairpin, size);
    /* Three bases are too few for a mismatch to form; from four on the mismatch table holds the
     * penalty of weak pairs as well. */
    if (size == FOLD_MIN_HAIRPIN) return energy + terminal_au(t);
    return energy + FOLD_TABLES.mismatch_hairpin[t][s[i + 1]][s[j - 1]];
}

/* Bulge of `size` bases between the pairs t and u. A single base leaves the stack in place. */
static inline int bulge_energy(int size, int t, int u)
{
    const int energy = loop_size_energy(FOLD_TABLES.bulge, size);
    if (size == 1) return energy + FOLD_TABLES.stack[t][u];
    return energy + terminal_au(t) + terminal_au(u);
}

/* Size and asymmetry of an interior loop with n1 and n2 unpaired bases. */
static inline int interior_size_energy(int n1, int n2)
{
    const int asymmetry = abs(n1 - n2) * FOLD_TABLES.ninio;
    return loop_size_energy(FOLD_TABLES.interior, n1 + n2) +
           (asymmetry < FOLD_TABLES.ninio_max ? asymmetry : FOLD_TABLES.ninio_max);
}

/* Interior loop without a table of its own: size, asymmetry, and a mismatch at both pairs, which
 * depends on the class of the loop. */
static inline int general_interior_energy(const uint8_t *s, int i, int j, int p, int q, int t,
                                          int u)
{
    const dmg_fold_params *const P = &FOLD_TABLES;
    const int n1 = p - i - 1, n2 = j - q - 1;
    int16_t const(*mismatch)[BASE_CODES][BASE_CODES] = P->mismatch_interior;
    if (n1 == 1 || n2 == 1)
        mismatch = P->mismatch_interior_1n;
    else if (n1 + n2 == 5)
        mismatch = P->mismatch_interior_23;
    return interior_size_energy(n1, n2) + mismatch[t][s[i + 1]][s[j - 1]] +
           mismatch[u][s[q + 1]][s[p - 1]];
}

/* Loop between the outer pair (i, j) of type t and the inner pair (p, q) of which u is the type of
 * (q, p): stack, bulge or interior loop. */
static inline int interior_energy(const uint8_t *s, int i, int j, int p, int q, int t, int u)
{
    const dmg_fold_params *const P = &FOLD_TABLES;
    const int n1 = p - i - 1, n2 = j - q - 1; /* unpaired bases of the 5' and of the 3' side */
    if (n1 == 0 && n2 == 0) return P->stack[t][u];
    if (n1 == 0 || n2 == 0) return bulge_energy(n1 + n2, t, u);
    if (n1 == 1 && n2 == 1) return P->int11[t][u][s[i + 1]][s[j - 1]];
    if (n1 == 1 && n2 == 2) return P->int21[t][u][s[i + 1]][s[q + 1]][s[j - 1]];
    if (n1 == 2 && n2 == 1) return P->int21[u][t][s[q + 1]][s[i + 1]][s[p - 1]];
    if (n1 == 2 && n2 == 2) return P->int22[t][u][s[i + 1]][s[p - 1]][s[q + 1]][s[j - 1]];
    return general_interior_energy(s, i, j, p, q, t, u);
}

/* Stem (i, j) of type t inside a multiloop. */
static inline int multi_stem_energy(const uint8_t *s, int i, int j, int t)
{
    return FOLD_TABLES.multi_stem + FOLD_TABLES.mismatch_multi[t][s[i - 1]][s[j + 1]] +
           terminal_au(t);
}

/* Pair (i, j) of type t that closes a multiloop: a stem too, seen from inside the loop, where its
 * 5' neighbour is j - 1 and its 3' neighbour i + 1. */
static inline int multi_closing_energy(const uint8_t *s, int i, int j, int t)
{
    return FOLD_TABLES.multi_closing + FOLD_TABLES.multi_stem +
           FOLD_TABLES.mismatch_multi[pair_reversed(t)][s[j - 1]][s[i + 1]] + terminal_au(t);
}

/* Stem (i, j) of type t outside of all loops of a strand of n bases. Only here it matters whether a
 * neighbour exists: at an end of the strand one base dangles instead of two. */
static inline int exterior_stem_energy(const uint8_t *s, int i, int j, int t, int n)
{
    const dmg_fold_params *const P = &FOLD_TABLES;
    const bool before = i > 0, after = j < n - 1;
    int energy = terminal_au(t);
    if (before && after)
        energy += P->mismatch_exterior[t][s[i - 1]][s[j + 1]];
    else if (after)
        energy += P->dangle3[t][s[j + 1]];
    else if (before)
        energy += P->dangle5[t][s[i - 1]];
    return energy;
}

#endif
