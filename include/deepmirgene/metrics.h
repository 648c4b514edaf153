/* SPDX-License-Identifier: MIT */
/* Metrics of a classifier, from its scores on labelled sequences.
 *
 * Undefined metrics are NaN, never 0: sensitivity without positives, PPV without positive calls.
 *
 * dmg_metrics_values gives all metrics at once as one row of numbers, so that tables, files and
 * intervals are loops over enum dmg_metric:
 *
 *     double values[DMG_METRICS];
 *     dmg_status st = dmg_metrics_values(values, scores, labels, count, 0.5, &err);
 *     for (enum dmg_metric m = 0; st == DMG_OK && m < DMG_METRICS; m++)
 *         printf("%s\t%g\n", dmg_metric_name(m), values[m]);
 */
#ifndef DMG_METRICS_H
#define DMG_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/* --- all of them --- */

/* SE, SP and g-mean do not depend on the proportions of the classes and are listed once. */
enum dmg_metric {
    DMG_METRIC_TP, /* calls at the threshold: counts */
    DMG_METRIC_FP,
    DMG_METRIC_TN,
    DMG_METRIC_FN,
    DMG_METRIC_SE,
    DMG_METRIC_SP,
    DMG_METRIC_GMEAN,
    DMG_METRIC_ACC, /* at the proportions of the data */
    DMG_METRIC_PPV,
    DMG_METRIC_F,
    DMG_METRIC_MCC,
    DMG_METRIC_ACC_BALANCED, /* as if both classes were equally large */
    DMG_METRIC_PPV_BALANCED,
    DMG_METRIC_F_BALANCED,
    DMG_METRIC_MCC_BALANCED,
    DMG_METRIC_PPV_10,   /* PPV to expect from SE and SP with 10 negatives a positive */
    DMG_METRIC_PPV_100,  /* 100 */
    DMG_METRIC_PPV_1000, /* 1000 */
    DMG_METRIC_AUROC,    /* over all thresholds, as in dmg_rank_metrics */
    DMG_METRIC_AUPR,
    DMG_METRIC_RECALL_P50, /* largest SE of any threshold with PPV >= 0.5 at the proportions of the
                            * data; 0 where there is none, since nothing is called then */
    DMG_METRIC_RECALL_P90, /* PPV >= 0.9 */
    DMG_METRIC_BRIER,      /* of scores as probabilities: mean of (score - label)^2 (Brier 1950) */
    DMG_METRIC_ECE,        /* expected calibration error: mean over records of how far the share of
                            * positives in their bin is from the bin's mean score; bins are [k / 15,
                            * (k + 1) / 15), the last one with 1 (Guo et al. 2017, with the score in
                            * place of the confidence in a call) */
    DMG_METRICS
};

/* Its name in files: "SE", "F_balanced", "PPV_1_to_100"; letters, digits and '_'. A constant
 * string. */
DMG_API const char *dmg_metric_name(enum dmg_metric metric);

/* Its title for people: "F, balanced", "PPV at 1:100". A constant string. */
DMG_API const char *dmg_metric_title(enum dmg_metric metric);

/* Whether it needs a threshold: the calls; and the Brier score and calibration error, because a
 * number without a threshold, such as an energy, is not a probability even if it lies in 0 .. 1. */
DMG_API bool dmg_metric_is_call(enum dmg_metric metric);

/* Whether it is a count, with no decimals to print. */
DMG_API bool dmg_metric_is_count(enum dmg_metric metric);

/* Fills values [DMG_METRICS] for scores and labels [count]. A threshold of NaN means none: the
 * metrics that need one are NaN, as are the Brier score and calibration error unless all scores are
 * 0 .. 1. A score that is not a number is DMG_RANGE. */
DMG_API dmg_status dmg_metrics_values(double *values, const float *scores, const bool *labels,
                                      size_t count, double threshold, dmg_error *err);

/* The part of values [DMG_METRICS] that follows from calls alone: from DMG_METRIC_TP up to
 * DMG_METRIC_PPV_1000. The rest stays as it is. */
DMG_API void dmg_metrics_call_values(double *values, dmg_confusion confusion);

/* --- confidence intervals --- */

typedef struct dmg_interval {
    double low, high; /* both NaN where there is none */
} dmg_interval;

typedef struct dmg_bootstrap_options {
    size_t replicates; /* 0: all intervals are NaN */
    uint64_t seed;
    int threads; /* >= 1 */
} dmg_bootstrap_options;

/* 1000 replicates, seed 1, one thread. */
DMG_API dmg_bootstrap_options dmg_bootstrap_options_defaults(void);

/* Fills intervals [DMG_METRICS] with the 2.5 and 97.5 percentiles of each metric over replicates. A
 * replicate draws as many positives, and as many negatives, with replacement as there are: the
 * proportions of a data set were chosen when it was made, and are not an outcome. Sequences count
 * as independent of each other; with large families the true interval is wider. Replicates in which
 * a metric is undefined are left out; if they are more than 5 %, its interval is NaN, as the
 * unknown values could make up both tails. The same seed gives the same intervals for any number of
 * threads. */
DMG_API dmg_status dmg_metrics_bootstrap(dmg_interval *intervals, const float *scores,
                                         const bool *labels, size_t count, double threshold,
                                         const dmg_bootstrap_options *options, dmg_error *err);

/* --- curves --- */

/* One point of the ROC curve (x = 1 - SP, y = SE) and of the precision-recall curve (x = SE,
 * y = PPV), by dmg_metrics_calls. */
typedef struct dmg_operating_point {
    double threshold;
    dmg_confusion confusion; /* of calling score >= threshold */
} dmg_operating_point;

/* Every set of calls that some threshold makes, from the highest threshold to the lowest: first
 * that of +infinity, which calls nothing, then one for each distinct score. *points [*count] is the
 * caller's, released by free(). A score that is not a number is DMG_RANGE. */
DMG_API dmg_status dmg_metrics_points(dmg_operating_point **points, size_t *point_count,
                                      const float *scores, const bool *labels, size_t count,
                                      dmg_error *err);

#ifdef __cplusplus
}
#endif

#endif
