/* SPDX-License-Identifier: MIT */
/* Pools of hidden states of LANES sequences at once. Steps before a lane begins are masked where
 * their zeros would count. A template: a vector_*.h is included first.
 *
 * Dimensions: T steps, W values of a state.
 */
#ifndef DMG_NN_POOLING_TEMPLATE_H
#define DMG_NN_POOLING_TEMPLATE_H

#include <math.h>
#include <string.h>

#include "nn/kernels/activation_template.h"
#include "nn/kernels/kernels.h"

static float *place(float *pooled, const pooling *layer, int kind)
{
    return pooled + pooling_place(layer, kind) * LANES;
}

static const float *place_of(const float *pooled, const pooling *layer, int kind)
{
    return pooled + pooling_place(layer, kind) * LANES;
}

/* y [n] += scale x [n], of lanes */
ALWAYS_INLINE void add_scaled(float *y, vector scale, const float *x, size_t n)
{
    for (size_t k = 0; k < n * LANES; k += LANES)
        store(y + k, multiply_add(scale, load(x + k), load(y + k)));
}

/* --- forward --- */

/* attended [T][LANES]: the softmax of the scores over the steps of each lane, 0 before it begins.
 */
static void attend(const pooling_input *input, const float *query, size_t W)
{
    const size_t T = input->steps;
    vector largest = fill(-INFINITY), total = fill(0);
    for (size_t t = 0; t < T; t++) {
        const float *h = input->hidden + t * W * LANES;
        vector score = fill(0);
        for (size_t u = 0; u < W; u++)
            score = multiply_add(load(h + u * LANES), fill(query[u]), score);
        score = choose(has_begun(input->begin, t), score, fill(-INFINITY));
        largest = larger(largest, score);
        store(input->attended + t * LANES, score);
    }
    for (size_t t = 0; t < T; t++) {
        const vector score = load(input->attended + t * LANES);
        const vector share = only(has_begun(input->begin, t), exp_lanes(subtract(score, largest)));
        total = add(total, share);
        store(input->attended + t * LANES, share);
    }
    total = choose(is_equal(total, fill(0)), fill(1), total);
    for (size_t t = 0; t < T; t++)
        store(input->attended + t * LANES, divide(load(input->attended + t * LANES), total));
}

/* 1 / steps of each lane; of one without any, 0. */
static vector mean_share(const pooling_input *input)
{
    float share[LANES];
    for (size_t b = 0; b < LANES; b++) {
        const size_t steps = input->steps - (size_t)input->begin[b];
        share[b] = steps > 0 ? 1 / (float)steps : 0;
    }
    return load(share);
}

/* Step by step, as the states lie in memory. */
static void find_max(float *most, const pooling_input *input, size_t W)
{
    const size_t T = input->steps, row = W * LANES;
    const vector lowest = fill(-INFINITY);
    for (size_t k = 0; k < row; k += LANES) store(most + k, lowest);
    for (size_t t = 0; t < T; t++) {
        const mask begun = has_begun(input->begin, t);
        const float *h = input->hidden + t * row;
        for (size_t k = 0; k < row; k += LANES)
            store(most + k, larger(load(most + k), choose(begun, load(h + k), lowest)));
    }
    const mask some = has_begun(input->begin, T - 1);
    for (size_t k = 0; k < row; k += LANES) store(most + k, only(some, load(most + k)));
}

/* The step that direction d of lane b ends on, if it has any. */
static size_t last_step(const pooling_input *input, size_t d, size_t b)
{
    return d == 0 ? input->steps - 1 : (size_t)input->begin[b];
}

static bool has_steps(const pooling_input *input, size_t b)
{
    return (size_t)input->begin[b] < input->steps;
}

static void take_last(float *last, const pooling *layer, const pooling_input *input)
{
    const size_t W = layer->width, H = W / layer->directions;
    memset(last, 0, W * LANES * sizeof *last);
    for (size_t b = 0; b < LANES; b++)
        for (size_t u = 0; has_steps(input, b) && u < W; u++)
            last[u * LANES + b] = input->hidden[(last_step(input, u / H, b) * W + u) * LANES + b];
}

static void pooling_forward_lanes(float *pooled, const pooling *layer, const float *params,
                                  const pooling_input *input)
{
    const size_t T = input->steps, W = layer->width, row = W * LANES;
    if (T == 0) {
        memset(pooled, 0, pooling_width(layer) * LANES * sizeof *pooled);
        return;
    }
    if (layer->kinds >> POOL_LAST & 1) take_last(place(pooled, layer, POOL_LAST), layer, input);
    if (layer->kinds >> POOL_ATTENTION & 1) {
        float *sum = place(pooled, layer, POOL_ATTENTION);
        attend(input, params + layer->query, W);
        memset(sum, 0, row * sizeof *sum);
        for (size_t t = 0; t < T; t++)
            add_scaled(sum, load(input->attended + t * LANES), input->hidden + t * row, W);
    }
    if (layer->kinds >> POOL_MEAN & 1) {
        float *mean = place(pooled, layer, POOL_MEAN);
        const vector share = mean_share(input);
        memset(mean, 0, row * sizeof *mean);
        for (size_t t = 0; t < T; t++) add_scaled(mean, share, input->hidden + t * row, W);
    }
    if (layer->kinds >> POOL_MAX & 1) find_max(place(pooled, layer, POOL_MAX), input, W);
}

/* --- backward --- */

static void last_back(float *dhidden, const pooling *layer, const pooling_input *input,
                      const float *dlast)
{
    const size_t W = layer->width, H = W / layer->directions;
    for (size_t b = 0; b < LANES; b++)
        for (size_t u = 0; has_steps(input, b) && u < W; u++)
            dhidden[(last_step(input, u / H, b) * W + u) * LANES + b] += dlast[u * LANES + b];
}

static void attend_back(float *dquery, size_t stride, float *dhidden, const pooling_input *input,
                        const float *query, const float *pooled, const float *dpooled, size_t W)
{
    float sums[2 * LSTM_MAX_UNITS * LANES]; /* [W][LANES], of dquery */
    vector along = fill(0);
    memset(sums, 0, W * LANES * sizeof *sums);
    for (size_t k = 0; k < W * LANES; k += LANES)
        along = multiply_add(load(dpooled + k), load(pooled + k), along);
    for (size_t t = 0; t < input->steps; t++) {
        const float *h = input->hidden + t * W * LANES;
        const vector share = load(input->attended + t * LANES);
        vector slope = fill(0);
        for (size_t k = 0; k < W * LANES; k += LANES)
            slope = multiply_add(load(dpooled + k), load(h + k), slope);
        const vector dscore = multiply(share, subtract(slope, along));
        float *to = dhidden + t * W * LANES;
        for (size_t u = 0; u < W; u++) {
            const size_t k = u * LANES;
            const vector straight = multiply_add(share, load(dpooled + k), load(to + k));
            store(to + k, multiply_add(dscore, fill(query[u]), straight));
            store(sums + k, multiply_add(dscore, load(h + k), load(sums + k)));
        }
    }
    for (size_t u = 0; u < W; u++) add_sum(dquery + u, stride, load(sums + u * LANES));
}

/* The first step of a lane that has the largest state gets it all. */
static void max_back(float *dhidden, const pooling_input *input, const float *most,
                     const float *dmost, size_t W)
{
    for (size_t u = 0; u < W; u++) {
        const vector largest = load(most + u * LANES), gradient = load(dmost + u * LANES);
        mask open = is_equal(fill(0), fill(0)); /* has not been given away */
        for (size_t t = 0; t < input->steps; t++) {
            const size_t at = (t * W + u) * LANES;
            const mask same = is_equal(load(input->hidden + at), largest);
            const mask here = both(both(same, has_begun(input->begin, t)), open);
            store(dhidden + at, add(load(dhidden + at), only(here, gradient)));
            open = without(open, here);
        }
    }
}

static void pooling_backward_lanes(float *sums, size_t stride, float *dhidden, const pooling *layer,
                                   const float *params, const pooling_input *input,
                                   const float *pooled, const float *dpooled)
{
    const size_t W = layer->width, row = W * LANES;
    if (layer->kinds >> POOL_LAST & 1)
        last_back(dhidden, layer, input, place_of(dpooled, layer, POOL_LAST));
    if (layer->kinds >> POOL_ATTENTION & 1)
        attend_back(sums + layer->query, stride, dhidden, input, params + layer->query,
                    place_of(pooled, layer, POOL_ATTENTION),
                    place_of(dpooled, layer, POOL_ATTENTION), W);
    if (layer->kinds >> POOL_MEAN & 1) {
        const vector share = mean_share(input);
        for (size_t t = 0; t < input->steps; t++)
            add_scaled(dhidden + t * row, share, place_of(dpooled, layer, POOL_MEAN), W);
    }
    if (layer->kinds >> POOL_MAX & 1)
        max_back(dhidden, input, place_of(pooled, layer, POOL_MAX),
                 place_of(dpooled, layer, POOL_MAX), W);
}

#endif
