/* SPDX-License-Identifier: MIT */
/* Pairs of a filled window that may close a hairpin: steps 1 and 2 of deepmirgene/hairpins.h. */
#ifndef DMG_FOLD_LOCAL_PAIRS_H
#define DMG_FOLD_LOCAL_PAIRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deepmirgene/hairpins.h"
#include "fold/mfe.h"

typedef struct dmg_local_pair {
    int32_t i, j; /* in the window */
    int32_t score;
} dmg_local_pair;

typedef struct dmg_local_pairs {
    dmg_hairpin_options options;
    int span;        /* most bases of a pair: a candidate has flanks, too */
    int32_t *limit;  /* [span] by j - i: the highest C(i, j) that can have a low enough score */
    int32_t *scores; /* [rows][span] score of (i, i + k), or NO_SCORE if it is above max_score */
    size_t rows;     /* most bases of a window */

    dmg_local_pair *optimal; /* [optimal_count] after step 1, by i, then j */
    size_t optimal_count, optimal_capacity;
    dmg_local_pair *best; /* [best_count] after step 2, likewise */
    size_t best_count, best_capacity;
} dmg_local_pairs;

/* Makes room for windows of `rows` bases; false where it cannot be had. */
bool dmg_local_pairs_init(dmg_local_pairs *l, const dmg_hairpin_options *options, size_t rows);
void dmg_local_pairs_clear(dmg_local_pairs *l);

/* Finds `best` in the matrices of a window. Pairs closer to its ends than dmg_hairpin_context() may
 * differ from those of the sequence. False when memory is out. */
bool dmg_local_pairs_find(dmg_local_pairs *l, const dmg_mfe *m);

#endif
