/* SPDX-License-Identifier: MIT */
/* The error rates of all loci: how many false ones are expected, by decoys or by the background. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "scan/families.h"
#include "scan/locus_entry.h"

/* --- decoys --- */

static int compare_decoys(const void *a, const void *b)
{
    const decoy_entry *l = a, *r = b;
    return (l->score < r->score) - (l->score > r->score);
}

/* Scores of the best of each family, falling: scores [*used], room for all. */
static bool decoy_scores(float *scores, size_t *used, const loci_to_rate *loci)
{
    const size_t count = loci->decoy_count;
    size_t *family = dmg_alloc(count, sizeof *family);
    sketch *sketches = dmg_alloc(count, sizeof *sketches);
    bool found = family && sketches;
    if (count > 0) qsort(loci->decoys, count, sizeof *loci->decoys, compare_decoys);
    for (size_t i = 0; found && i < count; i++) sketches[i] = loci->decoys[i].sketch;
    found = found && families_find(family, sketches, count);
    *used = 0;
    for (size_t i = 0; found && i < count; i++)
        if (family[i] == i) scores[(*used)++] = loci->decoys[i].score;
    free(family);
    free(sketches);
    return found;
}

/* How many of scores[0 .. count), which fall, are at or above the score. */
static size_t count_from(const float *scores, size_t count, float score)
{
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (scores[middle] >= score)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* --- false loci --- */

/* Families from the table's first point on, and below the top. */
static double count_low(const loci_to_rate *loci)
{
    double low = 0;
    for (size_t i = 0; i < loci->count; i++) {
        const locus_entry *entry = &loci->entries[i];
        low += entry->first && (double)entry->p_mirna >= loci->background->p[0] &&
               (double)entry->p_mirna < BACKGROUND_TOP;
    }
    return low;
}

/* The false loci that are expected at or above each score. */
static void false_by_decoys(false_loci *expected, const loci_to_rate *loci, const float *scores,
                            size_t count, double ratio)
{
    for (size_t i = 0; i < loci->count; i++) {
        const double seen = (double)(count_from(scores, count, loci->entries[i].p_mirna) + 1);
        expected[i] = (false_loci){.mean = seen / ratio, .spread = 1 / sqrt(seen)};
    }
}

static void false_by_background(false_loci *expected, const loci_to_rate *loci, double mb)
{
    const double scale = background_scale(loci->background, count_low(loci), mb);
    for (size_t i = 0; i < loci->count; i++) {
        expected[i] = background_loci(loci->background, (double)loci->entries[i].p_mirna);
        expected[i].mean *= scale * mb;
    }
}

/* --- rates --- */

static bool set_rates(const loci_to_rate *loci, const false_loci *expected, double mb)
{
    const size_t count = loci->count;
    double *wrong = dmg_alloc(count, sizeof *wrong), *q = dmg_alloc(count, sizeof *q);
    bool *first = dmg_alloc(count, sizeof *first);
    bool rated = wrong && q && first;
    for (size_t i = 0; rated && i < count; i++) first[i] = loci->entries[i].first;
    rated = rated && error_rates(wrong, q, expected, first, count, loci->prevalence * mb);
    for (size_t i = 0; rated && i < count; i++)
        loci->entries[i].rates = (locus_rates){
            .precision = 1 - wrong[i], .q_value = q[i], .false_per_mb = expected[i].mean / mb};
    free(wrong);
    free(q);
    free(first);
    return rated;
}

bool rate_loci(const loci_to_rate *loci, dmg_loci_totals *totals)
{
    const double mb = (double)totals->bases / 1e6;
    size_t decoy_count = 0;
    float *scores = dmg_alloc(loci->decoy_count, sizeof *scores);
    false_loci *expected = dmg_alloc(loci->count, sizeof *expected);
    bool rated = scores && expected && decoy_scores(scores, &decoy_count, loci);
    totals->decoy_loci = decoy_count;
    totals->rated_by = totals->decoy_bases > 0       ? DMG_RATED_BY_DECOYS
                       : loci->background->count > 0 ? DMG_RATED_BY_MODEL
                                                     : DMG_NOT_RATED;
    for (size_t i = 0; i < loci->count; i++) loci->entries[i].rates = (locus_rates){NAN, NAN, NAN};
    if (rated && totals->rated_by == DMG_RATED_BY_DECOYS)
        false_by_decoys(expected, loci, scores, decoy_count,
                        (double)totals->decoy_bases / (double)totals->bases);
    if (rated && totals->rated_by == DMG_RATED_BY_MODEL) false_by_background(expected, loci, mb);
    if (totals->rated_by != DMG_NOT_RATED) rated = rated && set_rates(loci, expected, mb);
    free(scores);
    free(expected);
    return rated;
}
