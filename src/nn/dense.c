/* SPDX-License-Identifier: MIT */
/* Fully connected layer. */
#include "nn/dense.h"

#include <string.h>

void dense_forward(real *y, const dense *layer, const real *params, const real *x)
{
    const size_t I = layer->inputs, O = layer->units;
    const real *weight = params + layer->weight; /* [I][O] */
    for (size_t o = 0; o < O; o++) {
        real a = params[layer->bias + o];
        for (size_t i = 0; i < I; i++) a += x[i] * weight[i * O + o];
        y[o] = a;
    }
    activation_forward(y, layer->activation, O);
}

void dense_backward(real *grads, real *dx, const dense *layer, const real *params, const real *x,
                    const real *da)
{
    const size_t I = layer->inputs, O = layer->units;
    const real *weight = params + layer->weight; /* [I][O] */
    real *dweight = grads + layer->weight;       /* [I][O] */
    memset(dx, 0, I * sizeof *dx);
    for (size_t o = 0; o < O; o++) {
        grads[layer->bias + o] += da[o];
        for (size_t i = 0; i < I; i++) {
            dweight[i * O + o] += x[i] * da[o];
            dx[i] += da[o] * weight[i * O + o];
        }
    }
}
