/* SPDX-License-Identifier: MIT */
/* Rows of numbers with labels: what the classifiers of this folder learn from. */
#ifndef DMG_BASELINE_SAMPLES_H
#define DMG_BASELINE_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"
#include "deepmirgene/status.h"

typedef struct samples {
    size_t count, columns;
    size_t class_counts[2]; /* [precursor] */
    double *values;         /* [count * columns] */
    bool *labels;           /* [count], whether it is a precursor */
} samples;

static inline const double *samples_row(const samples *set, size_t i)
{
    return set->values + i * set->columns;
}

/* Room for `count` samples. All zero before; samples_clear also after a failure. */
dmg_status samples_init(samples *set, size_t count, size_t columns, dmg_error *err);
void samples_clear(samples *set);

/* Deals the members of each class, shuffled by seed, to `folds` folds in turn: folds[count]. */
dmg_status samples_deal(int *fold_of, const samples *set, int folds, dmg_rng_use use, uint64_t seed,
                        dmg_error *err);

/* The samples of all folds but one, or (inside) of that fold alone, copied. */
dmg_status samples_part(samples *out, const samples *set, const int *fold_of, int fold, bool inside,
                        dmg_error *err);

/* All samples of the smaller class and as many of the other one, drawn by seed, copied. */
dmg_status samples_balanced(samples *out, const samples *set, uint64_t seed, dmg_error *err);

#endif
