/* SPDX-License-Identifier: MIT */
/* The division that metrics are made of. */
#ifndef DMG_METRICS_RATIO_H
#define DMG_METRICS_RATIO_H

#include <math.h>

/* NaN where nothing is divided by nothing. */
static inline double metrics_ratio(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

#endif
