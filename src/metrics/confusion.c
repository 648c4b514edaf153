/* SPDX-License-Identifier: MIT */
/* Metrics of a classifier from its confusion counts. */
#include <math.h>

#include "deepmirgene/metrics.h"
#include "metrics/ratio.h"

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
        .tp = metrics_ratio(c.tp, positives),
        .fn = metrics_ratio(c.fn, positives),
        .tn = metrics_ratio(c.tn, negatives),
        .fp = metrics_ratio(c.fp, negatives),
    };
}

dmg_call_metrics dmg_metrics_calls(dmg_confusion c)
{
    const double called = c.tp + c.fp, refused = c.tn + c.fn;
    const double positives = c.tp + c.fn, negatives = c.tn + c.fp;
    const double se = metrics_ratio(c.tp, positives), sp = metrics_ratio(c.tn, negatives);
    return (dmg_call_metrics){
        .se = se,
        .sp = sp,
        .acc = metrics_ratio(c.tp + c.tn, positives + negatives),
        .ppv = metrics_ratio(c.tp, called),
        .f = metrics_ratio(2 * c.tp, 2 * c.tp + c.fp + c.fn),
        .mcc = metrics_ratio(c.tp * c.tn - c.fp * c.fn,
                             sqrt(called) * sqrt(positives) * sqrt(negatives) * sqrt(refused)),
        .gmean = sqrt(se * sp),
    };
}

/* PPV with `negatives` of them for each positive. */
static double expected_ppv(double se, double sp, double negatives)
{
    return metrics_ratio(se, se + negatives * (1 - sp));
}

void dmg_metrics_call_values(double *values, dmg_confusion c)
{
    const dmg_call_metrics raw = dmg_metrics_calls(c);
    const dmg_call_metrics even = dmg_metrics_calls(dmg_metrics_balanced(c));
    values[DMG_METRIC_TP] = c.tp;
    values[DMG_METRIC_FP] = c.fp;
    values[DMG_METRIC_TN] = c.tn;
    values[DMG_METRIC_FN] = c.fn;
    values[DMG_METRIC_SE] = raw.se;
    values[DMG_METRIC_SP] = raw.sp;
    values[DMG_METRIC_GMEAN] = raw.gmean;
    values[DMG_METRIC_ACC] = raw.acc;
    values[DMG_METRIC_PPV] = raw.ppv;
    values[DMG_METRIC_F] = raw.f;
    values[DMG_METRIC_MCC] = raw.mcc;
    values[DMG_METRIC_ACC_BALANCED] = even.acc;
    values[DMG_METRIC_PPV_BALANCED] = even.ppv;
    values[DMG_METRIC_F_BALANCED] = even.f;
    values[DMG_METRIC_MCC_BALANCED] = even.mcc;
    values[DMG_METRIC_PPV_10] = expected_ppv(raw.se, raw.sp, 10);
    values[DMG_METRIC_PPV_100] = expected_ppv(raw.se, raw.sp, 100);
    values[DMG_METRIC_PPV_1000] = expected_ppv(raw.se, raw.sp, 1000);
}
