/* SPDX-License-Identifier: MIT */
/* Pairs of a filled window that may close a hairpin: steps 1 and 2 of deepmirgene/hairpins.h. */
#ifndef DMG_FOLD_LOCAL_PAIRS_H
#define DMG_FOLD_LOCAL_PAIRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deepmirgene/hairpins.h"
#include "fold/mfe.h"

/* The vector form of step 1 compares neighbours as far as this, in rings of rows: the scores, their
 * least in windows, and one for each doubling of the distance (fill_vector_pairs_template.h). */
#define LOCAL_MOST_REACH 32
#define LOCAL_RINGS      9

typedef struct dmg_local_pair {
    int32_t i, j; /* in the window */
    int32_t score;
} dmg_local_pair;

typedef struct dmg_local_pairs {
    dmg_hairpin_options options;
    int span;    /* most bases of a pair: a candidate has flanks, too */
    size_t rows; /* most bases of a window */

    /* Of step 1 in its plain form. */
    dmg_local_pair *low; /* [low_count] all that score at most max_score, by i, then j */
    size_t low_count, low_capacity;
    size_t *row; /* [rows + 1] where those of i begin */

    /* Of its vector form: LOCAL_RINGS times `ring` elements of 32 bits. NULL where the options are
     * beyond that form. */
    void *rings;
    size_t ring; /* elements */

    dmg_local_pair *optimal; /* [optimal_count] after step 1, by i, then j */
    size_t optimal_count, optimal_capacity;
    dmg_local_pair *best; /* [best_count] after step 2, likewise */
    size_t best_count, best_capacity;
} dmg_local_pairs;

/* Makes room for windows of `rows` bases; false where it cannot be had. */
bool dmg_local_pairs_init(dmg_local_pairs *l, const dmg_hairpin_options *options, size_t rows);
void dmg_local_pairs_clear(dmg_local_pairs *l);

/* Finds `best` in the matrices of a window. Pairs closer to its ends than dmg_hairpin_context() may
 * differ from those of the sequence. Pairs with an end among the first or the last `unsure` bases
 * rule out no others. False when memory is out. */
bool dmg_local_pairs_find(dmg_local_pairs *l, const dmg_mfe *m, int unsure);

/* Step 1 in its plain form, with any options: finds `optimal`. False when memory is out. */
bool dmg_local_pairs_optimal_scalar(const dmg_mfe *m, dmg_local_pairs *l);

/* Adds one to `optimal`, likewise. */
bool dmg_local_pairs_add(dmg_local_pairs *l, dmg_local_pair pair);

/* Rows of a ring, a power of two, that hold a pair's neighbours and one row more; and their
 * elements, of which those from [-2 * neighbourhood] on may be looked at. */
static inline size_t local_ring_rows(const dmg_local_pairs *l)
{
    size_t rows = 1;
    while (rows < (size_t)l->options.neighbourhood + 2) rows *= 2;
    return rows;
}

static inline size_t local_ring_stride(const dmg_local_pairs *l)
{
    return (size_t)l->span + 4 * (size_t)l->options.neighbourhood + 4 * FOLD_MATRIX_SLACK;
}

#endif
