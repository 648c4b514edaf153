/* SPDX-License-Identifier: MIT */
/* Labelled scores, sorted and counted once, and the metrics that are computed from the counts.
 *
 * Items of one score are called together whatever the threshold, so ties favour nobody. A
 * bootstrap replicate is the same levels with other counts, so it need not be sorted again.
 */
#include "metrics/levels.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "metrics/ratio.h"

/* --- counting --- */

typedef struct scored {
    float score;
    bool label;
} scored;

static int by_falling_score(const void *a, const void *b)
{
    const float x = ((const scored *)a)->score, y = ((const scored *)b)->score;
    return x > y ? -1 : x < y;
}

/* Fills `items` [count], falling. */
static dmg_status sort_items(scored *items, const float *scores, const bool *labels, size_t count,
                             dmg_error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (isnan(scores[i])) return dmg_error_set(err, DMG_RANGE, "score %zu is not a number", i);
        items[i] = (scored){.score = scores[i], .label = labels[i]};
    }
    qsort(items, count, sizeof *items, by_falling_score);
    return DMG_OK;
}

static void count_levels(levels *l, const scored *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || items[i].score != items[i - 1].score)
            l->scores[l->count++] = (double)items[i].score;
        *(items[i].label ? &l->positives[l->count - 1] : &l->negatives[l->count - 1]) += 1;
    }
}

dmg_status levels_init(levels *l, const float *scores, const bool *labels, size_t count,
                       dmg_error *err)
{
    levels made = {
        .scores = dmg_alloc(count, sizeof *made.scores),
        .positives = dmg_alloc_zero(count, sizeof *made.positives),
        .negatives = dmg_alloc_zero(count, sizeof *made.negatives),
    };
    scored *items = dmg_alloc(count, sizeof *items);
    dmg_status st = DMG_OK;
    if (!made.scores || !made.positives || !made.negatives || !items)
        st = dmg_error_nomem(err, "sorting scores");
    if (st == DMG_OK) st = sort_items(items, scores, labels, count, err);
    if (st == DMG_OK) {
        count_levels(&made, items, count);
        *l = made;
    } else {
        levels_clear(&made);
    }
    free(items);
    return st;
}

void levels_clear(levels *l)
{
    free(l->scores);
    free(l->positives);
    free(l->negatives);
    *l = (levels){0};
}

dmg_confusion levels_no_calls(const levels *l)
{
    dmg_confusion c = {0};
    for (size_t i = 0; i < l->count; i++) {
        c.fn += l->positives[i];
        c.tn += l->negatives[i];
    }
    return c;
}

dmg_confusion levels_call(dmg_confusion c, const levels *l, size_t i)
{
    return (dmg_confusion){
        .tp = c.tp + l->positives[i],
        .fn = c.fn - l->positives[i],
        .fp = c.fp + l->negatives[i],
        .tn = c.tn - l->negatives[i],
    };
}

/* --- metrics --- */

dmg_rank_metrics levels_ranks(const levels *l)
{
    dmg_confusion c = levels_no_calls(l);
    const double positives = c.fn, negatives = c.tn;
    double roc_area = 0, precision_sum = 0;
    for (size_t i = 0; i < l->count; i++) {
        roc_area += l->negatives[i] * (c.tp + l->positives[i] / 2);
        c = levels_call(c, l, i);
        /* A level that a bootstrap replicate left empty adds nothing, even before any call. */
        if (l->positives[i] > 0) precision_sum += l->positives[i] * c.tp / (c.tp + c.fp);
    }
    return (dmg_rank_metrics){
        .auroc = metrics_ratio(roc_area, positives * negatives),
        .aupr = metrics_ratio(precision_sum, positives),
    };
}

static double recall_at_precision(const levels *l, double precision)
{
    dmg_confusion c = levels_no_calls(l);
    const double positives = c.fn;
    double most = 0;
    for (size_t i = 0; i < l->count; i++) {
        c = levels_call(c, l, i);
        /* Recall never falls on the way down, so the last one is the largest. */
        if (metrics_ratio(c.tp, c.tp + c.fp) >= precision) most = c.tp;
    }
    return metrics_ratio(most, positives);
}

/* --- scores as probabilities --- */

enum { CALIBRATION_BINS = 15 };

/* Whether they can be. */
static bool are_probabilities(const levels *l)
{
    return l->count > 0 && l->scores[0] <= 1 && l->scores[l->count - 1] >= 0;
}

static double brier_score(const levels *l)
{
    double sum = 0, records = 0;
    for (size_t i = 0; i < l->count; i++) {
        const double p = l->scores[i];
        sum += l->positives[i] * (1 - p) * (1 - p) + l->negatives[i] * p * p;
        records += l->positives[i] + l->negatives[i];
    }
    return metrics_ratio(sum, records);
}

static double expected_calibration_error(const levels *l)
{
    /* Of each bin, the sum of its scores less its positives: records x (mean score - share). */
    double excess[CALIBRATION_BINS] = {0}, records = 0, sum = 0;
    for (size_t i = 0; i < l->count; i++) {
        const double members = l->positives[i] + l->negatives[i];
        const int bin = (int)(l->scores[i] * CALIBRATION_BINS);
        excess[bin < CALIBRATION_BINS ? bin : CALIBRATION_BINS - 1] +=
            members * l->scores[i] - l->positives[i];
        records += members;
    }
    for (int k = 0; k < CALIBRATION_BINS; k++) sum += fabs(excess[k]);
    return metrics_ratio(sum, records);
}

/* --- all of them --- */

static dmg_confusion calls_at(const levels *l, double threshold)
{
    dmg_confusion c = levels_no_calls(l);
    for (size_t i = 0; i < l->count && l->scores[i] >= threshold; i++) c = levels_call(c, l, i);
    return c;
}

void levels_values(double *values, const levels *l, double threshold)
{
    const dmg_rank_metrics ranks = levels_ranks(l);
    for (enum dmg_metric m = 0; m < DMG_METRICS; m++) values[m] = NAN;
    if (!isnan(threshold)) dmg_metrics_call_values(values, calls_at(l, threshold));
    values[DMG_METRIC_AUROC] = ranks.auroc;
    values[DMG_METRIC_AUPR] = ranks.aupr;
    values[DMG_METRIC_RECALL_P50] = recall_at_precision(l, 0.5);
    values[DMG_METRIC_RECALL_P90] = recall_at_precision(l, 0.9);
    if (!isnan(threshold) && are_probabilities(l)) {
        values[DMG_METRIC_BRIER] = brier_score(l);
        values[DMG_METRIC_ECE] = expected_calibration_error(l);
    }
}
