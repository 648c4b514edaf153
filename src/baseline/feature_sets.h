/* SPDX-License-Identifier: MIT */
/* The features that each method classifies by. */
#ifndef DMG_BASELINE_FEATURE_SETS_H
#define DMG_BASELINE_FEATURE_SETS_H

#include "baseline/samples.h"
#include "deepmirgene/baseline.h"

typedef struct feature_set {
    const char *const *names; /* of features.h, the last one NULL; NULL: all of the families */
    bool triplets;            /* the 32 triplets, before the others */
    unsigned families;        /* that the dataset needs, of dmg_feature_family; 0: none */
    int shuffles;
} feature_set;

/* NULL for a method that has none. */
const feature_set *feature_set_of(dmg_baseline_method method);

/* Columns of a row. */
size_t feature_set_columns(const feature_set *set);

/* row [columns] of the i-th record. DMG_RANGE if its features are needed and were not computed. */
dmg_status feature_set_read(double *row, const feature_set *set, const dmg_dataset *dataset,
                            size_t i, dmg_error *err);

/* The rows of the records that are not held out (NULL: of all). DMG_RANGE with fewer than two of
 * either class, in the name of the method. */
dmg_status feature_set_samples(samples *out, dmg_baseline_method method, const dmg_dataset *dataset,
                               const bool *held_out, dmg_error *err);

#endif
