/* SPDX-License-Identifier: MIT */
/* Dense layers over LANES samples at once. A template: a vector_*.h is included first.
 */
#ifndef DMG_NN_DENSE_TEMPLATE_H
#define DMG_NN_DENSE_TEMPLATE_H

#include "nn/dense.h"
#include "nn/kernels/activation_template.h"
#include "nn/kernels/products_template.h"

enum { DENSE_TILE = 8 };

/* y[n] = bias[n] + x [inputs][LANES] weight[.][n], n < N */
ALWAYS_INLINE void dense_tile(float *y, const float *weight, const float *bias, const float *x,
                              size_t inputs, size_t units, int N)
{
    vector sum[DENSE_TILE];
    for (int n = 0; n < N; n++) sum[n] = fill(bias[n]);
    add_products(sum, x, weight, inputs, units, N);
    for (int n = 0; n < N; n++) store(y + n * LANES, sum[n]);
}

static void dense_forward_lanes(float *y, const dense *layer, const float *params, const float *x)
{
    const size_t I = layer->inputs, O = layer->units;
    const float *weight = params + layer->weight, *bias = params + layer->bias;
    size_t o = 0;
    for (; o + DENSE_TILE <= O; o += DENSE_TILE)
        dense_tile(y + o * LANES, weight + o, bias + o, x, I, O, DENSE_TILE);
    for (; o < O; o++) dense_tile(y + o * LANES, weight + o, bias + o, x, I, O, 1);
    activate(y, layer->activation, O);
}

static void dense_backward_lanes(float *sums, size_t stride, float *dx, const dense *layer,
                                 const float *params, const float *x, const float *da)
{
    const size_t I = layer->inputs, O = layer->units;
    const float *weight = params + layer->weight;
    float *dweight = sums + layer->weight;
    for (size_t o = 0; o < O; o++) add_sum(sums + layer->bias + o, stride, load(da + o * LANES));
    for (size_t i = 0; i < I; i++) {
        const vector xi = load(x + i * LANES);
        vector sum = fill(0);
        for (size_t o = 0; o < O; o++) {
            const vector gradient = load(da + o * LANES);
            add_sum(dweight + i * O + o, stride, multiply(xi, gradient));
            sum = multiply_add(gradient, fill(weight[i * O + o]), sum);
        }
        store(dx + i * LANES, sum);
    }
}

#endif
