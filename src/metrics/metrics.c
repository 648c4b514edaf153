/* Metrics of a classifier: from its confusion counts, and over all thresholds.
 * SPDX-License-Identifier: MIT
 */
#include "deepmirgene/metrics.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

/* NaN where nothing is divided by nothing. */
static double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

dmg_confusion dmg_metrics_confusion(const float *scores, const bool *labels, size_t count,
                                    double threshold)
{
    dmg_confusion c = {0};
    for (size_t i = 0; i < count; i++) {
        const bool called = (double)scores[i] >= threshold;
        if (labels[i])
            *(called ? &c.tp : &c.fn) += 1;
        else
            *(called ? &c.fp : &c.tn) += 1;
    }
    return c;
}

dmg_confusion dmg_metrics_balanced(dmg_confusion c)
{
    const double positives = c.tp + c.fn, negatives = c.tn + c.fp;
    return (dmg_confusion){
        .tp = ratio(c.tp, positives),
        .fn = ratio(c.fn, positives),
        .tn = ratio(c.tn, negatives),
        .fp = ratio(c.fp, negatives),
    };
}

dmg_call_metrics dmg_metrics_calls(dmg_confusion c)
{
    const double called = c.tp + c.fp, refused = c.tn + c.fn;
    const double positives = c.tp + c.fn, negatives = c.tn + c.fp;
    const double se = ratio(c.tp, positives), sp = ratio(c.tn, negatives);
    return (dmg_call_metrics){
        .se = se,
        .sp = sp,
        .acc = ratio(c.tp + c.tn, positives + negatives),
        .ppv = ratio(c.tp, called),
        .f = ratio(2 * c.tp, 2 * c.tp + c.fp + c.fn),
        .mcc = ratio(c.tp * c.tn - c.fp * c.fn,
                     sqrt(called) * sqrt(positives) * sqrt(negatives) * sqrt(refused)),
        .gmean = sqrt(se * sp),
    };
}

typedef struct scored {
    float score;
    bool label;
} scored;

static int by_falling_score(const void *a, const void *b)
{
    const float x = ((const scored *)a)->score, y = ((const scored *)b)->score;
    return x > y ? -1 : x < y;
}

/* Walks down the thresholds; items of one score enter together, so ties favour nobody. */
static dmg_rank_metrics rank(const scored *items, size_t count, double positives, double negatives)
{
    double tp = 0, fp = 0, roc_area = 0, precision_sum = 0;
    for (size_t i = 0; i < count;) {
        const float score = items[i].score;
        double new_tp = 0, new_fp = 0;
        for (; i < count && items[i].score == score; i++)
            *(items[i].label ? &new_tp : &new_fp) += 1;
        roc_area += new_fp * (tp + new_tp / 2);
        tp += new_tp;
        fp += new_fp;
        precision_sum += new_tp * tp / (tp + fp);
    }
    return (dmg_rank_metrics){
        .auroc = ratio(roc_area, positives * negatives),
        .aupr = ratio(precision_sum, positives),
    };
}

dmg_status dmg_metrics_ranks(dmg_rank_metrics *out, const float *scores, const bool *labels,
                             size_t count, dmg_error *err)
{
    scored *items = dmg_alloc(count, sizeof *items);
    if (!items) return dmg_error_nomem(err, "sorting scores");
    double positives = 0;
    dmg_status st = DMG_OK;
    for (size_t i = 0; i < count; i++) {
        items[i] = (scored){.score = scores[i], .label = labels[i]};
        positives += labels[i];
        if (isnan(scores[i])) st = dmg_error_set(err, DMG_RANGE, "score %zu is not a number", i);
    }
    if (st == DMG_OK) {
        qsort(items, count, sizeof *items, by_falling_score);
        *out = rank(items, count, positives, (double)count - positives);
    }
    free(items);
    return st;
}
