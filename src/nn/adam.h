/* SPDX-License-Identifier: MIT */
/* Adam (Kingma & Ba 2015, algorithm 1). */
#ifndef DMG_NN_ADAM_H
#define DMG_NN_ADAM_H

#include <stddef.h>
#include <stdint.h>

#include "nn/real.h"

typedef struct adam_options {
    double learning_rate;
    double beta1, beta2;
    double epsilon;
} adam_options;

/* 1e-3, 0.9, 0.999, 1e-8: the values of the article. */
adam_options adam_options_defaults(void);

/* One step on params [n]: gradient [n], first and second moment [n] (zero before the first step);
 * `step` counts from 1. */
void adam_update(real *params, real *first, real *second, const real *gradient, size_t n,
                 uint64_t step, const adam_options *options);

#endif
