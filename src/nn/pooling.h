/* SPDX-License-Identifier: MIT */
/* One vector of all hidden states h_t [W] of a layer, t < T: one or several of these, side by side.
 *
 *     last        the state that each direction ends on: of the second, h_0
 *     attention   sum a_t h_t, where a = softmax over the steps of query . h_t: attention with one
 *                 learned query (Yang et al. 2016), straight from the states, which have passed
 *                 through a tanh already; Lin et al. 2017 put a hidden layer between
 *     mean        1/T sum h_t
 *     max         of each unit the largest, over the steps
 *
 * A layer without steps gives zeros.
 */
#ifndef DMG_NN_POOLING_H
#define DMG_NN_POOLING_H

#include <stddef.h>

#include "base/rng.h"
#include "nn/real.h"

/* In the order in which they are concatenated. */
enum { POOL_LAST, POOL_ATTENTION, POOL_MEAN, POOL_MAX, POOLS };

typedef struct pooling {
    unsigned kinds;    /* bit 1 << POOL_... for each, one at least */
    size_t width;      /* W, of a state */
    size_t directions; /* of the layer: 1, or 2 with W/2 units each */
    size_t query;      /* offset in the parameter block: [W], for attention */
} pooling;

/* Width of the whole, a multiple of W. */
size_t pooling_width(const pooling *layer);

/* The place of a pool in it. */
size_t pooling_place(const pooling *layer, int kind);

/* The step that direction d ends on. */
size_t pooling_last_step(size_t d, size_t steps);

/* Glorot uniform, as if the query were a dense layer with one output. */
void pooling_initial(real *params, const pooling *layer, dmg_rng *rng);

/* pooled [pooling_width] of hidden [T][W]; leaves attention's a in attended [T]. */
void pooling_forward(real *pooled, real *attended, const pooling *layer, const real *params,
                     const real *hidden, size_t steps);

/* From dpooled [pooling_width] and what pooling_forward left: adds to dhidden [T][W] and to `grads`
 * (shaped like params). */
void pooling_backward(real *grads, real *dhidden, const pooling *layer, const real *params,
                      const real *hidden, size_t steps, const real *pooled, const real *attended,
                      const real *dpooled);

#endif
