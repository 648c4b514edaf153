/* SPDX-License-Identifier: MIT */
/* Dropout (Srivastava et al. 2014), inverted: what is kept in training is scaled up, so that
 * nothing needs doing at prediction. */
#ifndef DMG_NN_DROPOUT_H
#define DMG_NN_DROPOUT_H

#include <stddef.h>

#include "base/rng.h"
#include "nn/real.h"

/* mask [n]: 0 with probability `rate` in [0, 1), else 1 / (1 - rate). */
void dropout_mask(real *mask, size_t n, double rate, dmg_rng *rng);

/* x [n] *= mask [n]; forward and backward are the same. */
void dropout_apply(real *x, const real *mask, size_t n);

#endif
