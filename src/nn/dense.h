/* SPDX-License-Identifier: MIT */
/* Fully connected layer: y = activation(x weight + bias). */
#ifndef DMG_NN_DENSE_H
#define DMG_NN_DENSE_H

#include <stddef.h>

#include "nn/activation.h"
#include "nn/real.h"

typedef struct dense {
    size_t inputs; /* I */
    size_t units;  /* O */
    size_t weight; /* offsets in the parameter block: [I][O] */
    size_t bias;   /* [O] */
    activation activation;
} dense;

/* y [O] from x [I]. */
void dense_forward(real *y, const dense *layer, const real *params, const real *x);

/* From da [O], the gradient before the activation (activation_backward, loss_backward): adds to
 * `grads` (shaped like params), writes dx [I]. */
void dense_backward(real *grads, real *dx, const dense *layer, const real *params, const real *x,
                    const real *da);

#endif
