/* How good a classifier is, from its scores on labelled sequences.
 *
 * What is undefined is NaN, never 0: sensitivity without positives, PPV without positive calls.
 */
#ifndef DMG_METRICS_H
#define DMG_METRICS_H

#include <stdbool.h>
#include <stddef.h>

#include "deepmirgene/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct dmg_confusion {
    double tp, fp, tn, fn; /* counts, or weights */
} dmg_confusion;

/* At one threshold. */
typedef struct dmg_call_metrics {
    double se;    /* sensitivity, recall: TP / (TP + FN) */
    double sp;    /* specificity: TN / (TN + FP) */
    double acc;   /* accuracy */
    double ppv;   /* positive predictive value, precision: TP / (TP + FP) */
    double f;     /* F-score, harmonic mean of PPV and SE: 2 TP / (2 TP + FP + FN) */
    double mcc;   /* Matthews correlation coefficient */
    double gmean; /* sqrt(SE * SP) */
} dmg_call_metrics;

/* Over all thresholds. */
typedef struct dmg_rank_metrics {
    double auroc; /* area under the ROC curve; ties count one half */
    double aupr;  /* average precision: sum of precision x step in recall, ties taken together */
} dmg_rank_metrics;

/* score >= threshold is a positive call; labels: true for precursors. */
DMG_API dmg_confusion dmg_metrics_confusion(const float *scores, const bool *labels, size_t count,
                                            double threshold);

/* The same calls as if both classes were equally large (as the paper reports them). */
DMG_API dmg_confusion dmg_metrics_balanced(dmg_confusion confusion);

DMG_API dmg_call_metrics dmg_metrics_calls(dmg_confusion confusion);

/* A score that is not a number is DMG_RANGE. */
DMG_API dmg_status dmg_metrics_ranks(dmg_rank_metrics *out, const float *scores, const bool *labels,
                                     size_t count, dmg_error *err);

#ifdef __cplusplus
}
#endif

#endif
