/* SPDX-License-Identifier: MIT */
/* Nearest-neighbour parameters of RNA folding: tables of free energies, and of enthalpies.
 *
 * All are in dcal/mol (0.01 kcal/mol), free energies at 37 C. Index names in the table
 * comments: `t` is the outer pair (i, j) of a loop, `u` the inner pair read from inside the loop,
 * (q, p); the other indices are bases.
 */
#ifndef DMG_FOLD_PARAMS_H
#define DMG_FOLD_PARAMS_H

#include <stdint.h>

#include "base/nucleotide.h"

/* Sizes of loops: fewest unpaired bases of a hairpin; most unpaired bases of a bulge or interior
 * loop that folding considers, at the same time the last size with a table entry. */
#define FOLD_MIN_HAIRPIN 3
#define FOLD_MAX_LOOP    30

/* A hairpin whose measured energy replaces the rule, found by its letters. */
typedef struct dmg_special_hairpin {
    int16_t size;    /* unpaired bases */
    char letters[9]; /* closing pair included, NUL */
    int16_t energy;
} dmg_special_hairpin;

#define FOLD_SPECIAL_HAIRPINS 22

typedef struct dmg_fold_params {
    /* Two stacked pairs [t][u]. */
    int16_t stack[PAIR_TYPES][PAIR_TYPES];

    /* Unpaired bases next to a pair, inside the loop [t][3' of the 5' base][5' of the 3' base]:
     * hairpins, interior loops, those of 1 x n, those of 2 x 3. */
    int16_t mismatch_hairpin[PAIR_TYPES][BASE_CODES][BASE_CODES];
    int16_t mismatch_interior[PAIR_TYPES][BASE_CODES][BASE_CODES];
    int16_t mismatch_interior_1n[PAIR_TYPES][BASE_CODES][BASE_CODES];
    int16_t mismatch_interior_23[PAIR_TYPES][BASE_CODES][BASE_CODES];

    /* Bases on both sides of a stem [t][5' neighbour][3' neighbour], or on one [t][neighbour]. */
    int16_t mismatch_multi[PAIR_TYPES][BASE_CODES][BASE_CODES];
    int16_t mismatch_exterior[PAIR_TYPES][BASE_CODES][BASE_CODES];
    int16_t dangle5[PAIR_TYPES][BASE_CODES];
    int16_t dangle3[PAIR_TYPES][BASE_CODES];

    /* Whole energies of small interior loops; bases in the order of the strand but with the 3' side
     * as energy.h gives it: 1x1 [t][u][i+1][j-1], 1x2 [t][u][i+1][q+1][j-1],
     * 2x2 [t][u][i+1][p-1][q+1][j-1]. */
    int16_t int11[PAIR_TYPES][PAIR_TYPES][BASE_CODES][BASE_CODES];
    int16_t int21[PAIR_TYPES][PAIR_TYPES][BASE_CODES][BASE_CODES][BASE_CODES];
    int16_t int22[PAIR_TYPES][PAIR_TYPES][BASE_CODES][BASE_CODES][BASE_CODES][BASE_CODES];

    /* By number of unpaired bases; hairpins from 3, bulges from 1, interior loops from 2 on. */
    int16_t hairpin[FOLD_MAX_LOOP + 1];
    int16_t bulge[FOLD_MAX_LOOP + 1];
    int16_t interior[FOLD_MAX_LOOP + 1];

    /* Longer loops cost as FOLD_MAX_LOOP plus this times ln(size / FOLD_MAX_LOOP), the entropy of a
     * random coil (Jacobson & Stockmayer 1950), cut off to a whole number. */
    double long_loop;

    int16_t ninio;         /* per base that one side of an interior loop is longer */
    int16_t ninio_max;     /* at most */
    int16_t terminal_au;   /* weak pair at the end of a helix */
    int16_t multi_closing; /* per multiloop; its unpaired bases cost nothing */
    int16_t multi_stem;    /* per stem of a multiloop, the closing one included */

    dmg_special_hairpin special[FOLD_SPECIAL_HAIRPINS];
} dmg_fold_params;

extern const dmg_fold_params dmg_turner2004;

/* Of the same loops. What is entropy alone, as the cost of long loops, is 0. */
extern const dmg_fold_params dmg_turner2004_enthalpies;

#endif
