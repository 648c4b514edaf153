/* SPDX-License-Identifier: MIT */
/* Pools of hidden states. */
#include "nn/pooling.h"

#include <stdbool.h>
#include <string.h>

#include "nn/activation.h"
#include "nn/initial.h"

static bool has(const pooling *layer, int kind)
{
    return layer->kinds >> kind & 1;
}

size_t pooling_place(const pooling *layer, int kind)
{
    size_t place = 0;
    for (int k = 0; k < kind; k++) place += has(layer, k) ? layer->width : 0;
    return place;
}

size_t pooling_width(const pooling *layer)
{
    return pooling_place(layer, POOLS);
}

size_t pooling_last_step(size_t d, size_t steps)
{
    return d == 0 ? steps - 1 : 0;
}

void pooling_initial(real *params, const pooling *layer, dmg_rng *rng)
{
    if (has(layer, POOL_ATTENTION))
        glorot_uniform(params + layer->query, layer->width, layer->width, 1, rng);
}

static real dot(const real *a, const real *b, size_t n)
{
    real sum = 0;
    for (size_t k = 0; k < n; k++) sum += a[k] * b[k];
    return sum;
}

/* y += scale x */
static void add_scaled(real *y, real scale, const real *x, size_t n)
{
    for (size_t k = 0; k < n; k++) y[k] += scale * x[k];
}

/* --- forward --- */

static void attend(real *pooled, real *attended, const real *query, const real *hidden, size_t T,
                   size_t W)
{
    for (size_t t = 0; t < T; t++) attended[t] = dot(query, hidden + t * W, W);
    activation_forward(attended, ACTIVATION_SOFTMAX, T);
    for (size_t t = 0; t < T; t++) add_scaled(pooled, attended[t], hidden + t * W, W);
}

void pooling_forward(real *pooled, real *attended, const pooling *layer, const real *params,
                     const real *hidden, size_t steps)
{
    const size_t T = steps, W = layer->width, part = W / layer->directions;
    memset(pooled, 0, pooling_width(layer) * sizeof *pooled);
    if (T == 0) return;
    if (has(layer, POOL_LAST)) {
        real *last = pooled + pooling_place(layer, POOL_LAST);
        for (size_t d = 0; d < layer->directions; d++)
            memcpy(last + d * part, hidden + pooling_last_step(d, T) * W + d * part,
                   part * sizeof *last);
    }
    if (has(layer, POOL_ATTENTION))
        attend(pooled + pooling_place(layer, POOL_ATTENTION), attended, params + layer->query,
               hidden, T, W);
    if (has(layer, POOL_MEAN)) {
        real *mean = pooled + pooling_place(layer, POOL_MEAN);
        for (size_t t = 0; t < T; t++) add_scaled(mean, 1 / (real)T, hidden + t * W, W);
    }
    if (has(layer, POOL_MAX)) {
        real *most = pooled + pooling_place(layer, POOL_MAX);
        memcpy(most, hidden, W * sizeof *most);
        for (size_t t = 1; t < T; t++)
            for (size_t u = 0; u < W; u++)
                if (hidden[t * W + u] > most[u]) most[u] = hidden[t * W + u];
    }
}

/* --- backward --- */

/* From dpooled = dL/d(sum a_t h_t): a_t dpooled reaches h_t straight, and ds_t query by its score,
 * ds_t = a_t (dpooled . h_t - dpooled . pooled). */
static void attend_back(real *dquery, real *dhidden, const real *query, const real *hidden,
                        const real *pooled, const real *attended, const real *dpooled, size_t T,
                        size_t W)
{
    const real along = dot(dpooled, pooled, W);
    for (size_t t = 0; t < T; t++) {
        const real *h = hidden + t * W;
        const real dscore = attended[t] * (dot(dpooled, h, W) - along);
        add_scaled(dhidden + t * W, attended[t], dpooled, W);
        add_scaled(dhidden + t * W, dscore, query, W);
        add_scaled(dquery, dscore, h, W);
    }
}

/* The first step that has the largest state gets it all. */
static void max_back(real *dhidden, const real *hidden, const real *most, const real *dmost,
                     size_t W)
{
    for (size_t u = 0; u < W; u++) {
        size_t t = 0;
        while (hidden[t * W + u] < most[u]) t++;
        dhidden[t * W + u] += dmost[u];
    }
}

void pooling_backward(real *grads, real *dhidden, const pooling *layer, const real *params,
                      const real *hidden, size_t steps, const real *pooled, const real *attended,
                      const real *dpooled)
{
    const size_t T = steps, W = layer->width, part = W / layer->directions;
    if (T == 0) return;
    if (has(layer, POOL_LAST)) {
        const real *dlast = dpooled + pooling_place(layer, POOL_LAST);
        for (size_t d = 0; d < layer->directions; d++)
            add_scaled(dhidden + pooling_last_step(d, T) * W + d * part, 1, dlast + d * part, part);
    }
    if (has(layer, POOL_ATTENTION)) {
        const size_t at = pooling_place(layer, POOL_ATTENTION);
        attend_back(grads + layer->query, dhidden, params + layer->query, hidden, pooled + at,
                    attended, dpooled + at, T, W);
    }
    if (has(layer, POOL_MEAN)) {
        const real *dmean = dpooled + pooling_place(layer, POOL_MEAN);
        for (size_t t = 0; t < T; t++) add_scaled(dhidden + t * W, 1 / (real)T, dmean, W);
    }
    if (has(layer, POOL_MAX)) {
        const size_t at = pooling_place(layer, POOL_MAX);
        max_back(dhidden, hidden, pooled + at, dpooled + at, W);
    }
}
