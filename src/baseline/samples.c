/* SPDX-License-Identifier: MIT */
#include "baseline/samples.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

dmg_status samples_init(samples *set, size_t count, size_t columns, dmg_error *err)
{
    *set = (samples){.count = count, .columns = columns};
    set->values = dmg_alloc(count * columns, sizeof *set->values);
    set->labels = dmg_alloc(count, sizeof *set->labels);
    return set->values && set->labels ? DMG_OK : dmg_error_nomem(err, "the records of a baseline");
}

void samples_clear(samples *set)
{
    free(set->values);
    free(set->labels);
    *set = (samples){0};
}

dmg_status samples_deal(int *fold_of, const samples *set, int folds, dmg_rng_use use, uint64_t seed,
                        dmg_error *err)
{
    size_t *members = dmg_alloc(set->count, sizeof *members);
    if (!members) return dmg_error_nomem(err, "drawing inner folds");
    for (int label = 0; label < 2; label++) {
        size_t count = 0;
        for (size_t i = 0; i < set->count; i++)
            if (set->labels[i] == label) members[count++] = i;
        dmg_rng rng;
        dmg_rng_init_for(&rng, seed, use, (uint64_t)label);
        dmg_rng_shuffle(&rng, members, count);
        for (size_t k = 0; k < count; k++) fold_of[members[k]] = (int)(k % (size_t)folds);
    }
    free(members);
    return DMG_OK;
}

dmg_status samples_part(samples *out, const samples *set, const int *fold_of, int fold, bool inside,
                        dmg_error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < set->count; i++) count += (fold_of[i] == fold) == inside;
    const dmg_status st = samples_init(out, count, set->columns, err);
    if (st != DMG_OK) return st;
    size_t n = 0;
    for (size_t i = 0; i < set->count; i++) {
        if ((fold_of[i] == fold) != inside) continue;
        memcpy(out->values + n * set->columns, samples_row(set, i),
               set->columns * sizeof *set->values);
        out->class_counts[set->labels[i]]++;
        out->labels[n++] = set->labels[i];
    }
    return DMG_OK;
}

dmg_status samples_balanced(samples *out, const samples *set, uint64_t seed, dmg_error *err)
{
    const bool smaller = set->class_counts[1] <= set->class_counts[0];
    size_t left = set->class_counts[smaller], others = set->class_counts[!smaller], n = 0;
    const dmg_status st = samples_init(out, 2 * left, set->columns, err);
    if (st != DMG_OK) return st;
    out->class_counts[0] = out->class_counts[1] = left;
    dmg_rng rng;
    dmg_rng_init_for(&rng, seed, DMG_RNG_BALANCED, 0);
    for (size_t i = 0; i < set->count; i++) {
        const bool drawn = set->labels[i] == smaller || dmg_rng_below(&rng, others--) < left;
        if (!drawn) continue;
        left -= set->labels[i] != smaller;
        memcpy(out->values + n * set->columns, samples_row(set, i),
               set->columns * sizeof *set->values);
        out->labels[n++] = set->labels[i];
    }
    return DMG_OK;
}
