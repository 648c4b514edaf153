/* SPDX-License-Identifier: MIT */
/* Metrics of a classifier over all thresholds, and their names. */
#include "deepmirgene/metrics.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "metrics/levels.h"

dmg_status dmg_metrics_ranks(dmg_rank_metrics *out, const float *scores, const bool *labels,
                             size_t count, dmg_error *err)
{
    levels l;
    const dmg_status st = levels_init(&l, scores, labels, count, err);
    if (st != DMG_OK) return st;
    *out = levels_ranks(&l);
    levels_clear(&l);
    return DMG_OK;
}

dmg_status dmg_metrics_values(double *values, const float *scores, const bool *labels, size_t count,
                              double threshold, dmg_error *err)
{
    levels l;
    const dmg_status st = levels_init(&l, scores, labels, count, err);
    if (st != DMG_OK) return st;
    levels_values(values, &l, threshold);
    levels_clear(&l);
    return DMG_OK;
}

dmg_status dmg_metrics_points(dmg_operating_point **points, size_t *point_count,
                              const float *scores, const bool *labels, size_t count, dmg_error *err)
{
    levels l;
    dmg_status st = levels_init(&l, scores, labels, count, err);
    if (st != DMG_OK) return st;
    dmg_operating_point *made = dmg_alloc(l.count + 1, sizeof *made);
    if (made) {
        made[0] = (dmg_operating_point){.threshold = INFINITY, .confusion = levels_no_calls(&l)};
        for (size_t i = 0; i < l.count; i++)
            made[i + 1] = (dmg_operating_point){.threshold = l.scores[i],
                                                .confusion = levels_call(made[i].confusion, &l, i)};
        *points = made;
        *point_count = l.count + 1;
    } else {
        st = dmg_error_nomem(err, "the points of a curve");
    }
    levels_clear(&l);
    return st;
}

/* --- names --- */

static const struct metric_words {
    const char *name, *title;
} metric_words[DMG_METRICS] = {
    [DMG_METRIC_TP] = {"TP", "true positives"},
    [DMG_METRIC_FP] = {"FP", "false positives"},
    [DMG_METRIC_TN] = {"TN", "true negatives"},
    [DMG_METRIC_FN] = {"FN", "false negatives"},
    [DMG_METRIC_SE] = {"SE", "SE (sensitivity)"},
    [DMG_METRIC_SP] = {"SP", "SP (specificity)"},
    [DMG_METRIC_GMEAN] = {"gmean", "g-mean"},
    [DMG_METRIC_ACC] = {"ACC", "ACC (accuracy)"},
    [DMG_METRIC_PPV] = {"PPV", "PPV (precision)"},
    [DMG_METRIC_F] = {"F", "F-score"},
    [DMG_METRIC_MCC] = {"MCC", "MCC"},
    [DMG_METRIC_ACC_BALANCED] = {"ACC_balanced", "ACC, balanced"},
    [DMG_METRIC_PPV_BALANCED] = {"PPV_balanced", "PPV, balanced"},
    [DMG_METRIC_F_BALANCED] = {"F_balanced", "F-score, balanced"},
    [DMG_METRIC_MCC_BALANCED] = {"MCC_balanced", "MCC, balanced"},
    [DMG_METRIC_PPV_10] = {"PPV_1_to_10", "PPV at 1:10"},
    [DMG_METRIC_PPV_100] = {"PPV_1_to_100", "PPV at 1:100"},
    [DMG_METRIC_PPV_1000] = {"PPV_1_to_1000", "PPV at 1:1000"},
    [DMG_METRIC_AUROC] = {"AUROC", "AUROC"},
    [DMG_METRIC_AUPR] = {"AUPR", "average precision"},
    [DMG_METRIC_RECALL_P50] = {"recall_at_precision_50", "recall at precision 0.5"},
    [DMG_METRIC_RECALL_P90] = {"recall_at_precision_90", "recall at precision 0.9"},
    [DMG_METRIC_BRIER] = {"Brier", "Brier score"},
    [DMG_METRIC_ECE] = {"ECE", "calibration error"},
};

const char *dmg_metric_name(enum dmg_metric metric)
{
    return metric_words[metric].name;
}

const char *dmg_metric_title(enum dmg_metric metric)
{
    return metric_words[metric].title;
}

bool dmg_metric_is_call(enum dmg_metric metric)
{
    return metric < DMG_METRIC_AUROC || metric >= DMG_METRIC_BRIER;
}

bool dmg_metric_is_count(enum dmg_metric metric)
{
    return metric <= DMG_METRIC_FN;
}
