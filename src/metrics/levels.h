/* SPDX-License-Identifier: MIT */
/* Labelled scores as what all metrics need of them: how many of each class have which score. */
#ifndef DMG_METRICS_LEVELS_H
#define DMG_METRICS_LEVELS_H

#include "deepmirgene/metrics.h"

typedef struct levels {
    size_t count;      /* L distinct scores */
    double *scores;    /* [L], falling */
    double *positives; /* [L] how many positives have that score */
    double *negatives; /* [L] */
} levels;

/* A score that is not a number is DMG_RANGE. */
dmg_status levels_init(levels *l, const float *scores, const bool *labels, size_t count,
                       dmg_error *err);

void levels_clear(levels *l);

/* The counts when nothing is called. */
dmg_confusion levels_no_calls(const levels *l);

/* The counts when, after `c`, those of level i are called as well. */
dmg_confusion levels_call(dmg_confusion c, const levels *l, size_t i);

dmg_rank_metrics levels_ranks(const levels *l);

/* Fills values [DMG_METRICS], as dmg_metrics_values. */
void levels_values(double *values, const levels *l, double threshold);

#endif
