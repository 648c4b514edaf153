/* SPDX-License-Identifier: MIT */
/* Inverted dropout. */
#include "nn/dropout.h"

void dropout_mask(real *mask, size_t n, double rate, dmg_rng *rng)
{
    const real kept = (real)(1 / (1 - rate));
    for (size_t i = 0; i < n; i++) mask[i] = dmg_rng_uniform(rng) < rate ? 0 : kept;
}

void dropout_apply(real *x, const real *mask, size_t n)
{
    for (size_t i = 0; i < n; i++) x[i] *= mask[i];
}
