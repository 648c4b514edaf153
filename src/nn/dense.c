/* Fully connected layer with sigmoid outputs.
 * SPDX-License-Identifier: MIT
 */
#include "nn/dense.h"

#include <string.h>

static real sigmoid(real a)
{
    return 1 / (1 + real_exp(-a));
}

void dense_forward(real *y, const dense *layer, const real *params, const real *x)
{
    const size_t I = layer->inputs, O = layer->units;
    const real *weight = params + layer->weight; /* [I][O] */
    for (size_t o = 0; o < O; o++) {
        real a = params[layer->bias + o];
        for (size_t i = 0; i < I; i++) a += x[i] * weight[i * O + o];
        y[o] = sigmoid(a);
    }
}

void dense_backward(real *grads, real *dx, const dense *layer, const real *params, const real *x,
                    const real *y, const real *dy)
{
    const size_t I = layer->inputs, O = layer->units;
    const real *weight = params + layer->weight; /* [I][O] */
    real *dweight = grads + layer->weight;       /* [I][O] */
    memset(dx, 0, I * sizeof *dx);
    for (size_t o = 0; o < O; o++) {
        const real da = dy[o] * y[o] * (1 - y[o]);
        grads[layer->bias + o] += da;
        for (size_t i = 0; i < I; i++) {
            dweight[i * O + o] += x[i] * da;
            dx[i] += da * weight[i * O + o];
        }
    }
}
