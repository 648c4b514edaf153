/* SPDX-License-Identifier: MIT */
/* Convolution of a square contact map with 3 x 3 kernels, its edge padded with zeros, the
 * rectifier, and of each block of 2 x 2 the largest (LeCun et al. 1998, with the rectifier of Nair
 * & Hinton 2010):
 *
 *     a[r][c][f] = bias[f] + sum over i, j in 0..2, k of x[r+i-1][c+j-1][k] kernel[i][j][k][f]
 *     y[r][c][f] = max(0, a[2r][2c][f], a[2r][2c+1][f], a[2r+1][2c][f], a[2r+1][2c+1][f])
 */
#ifndef DMG_NN_CONV_H
#define DMG_NN_CONV_H

#include <stddef.h>
#include <stdint.h>

#include "nn/real.h"

enum { CONV_KERNEL = 3 }; /* its width and height */

typedef struct conv {
    size_t side;    /* S, even: x is S x S, y is S/2 x S/2 */
    size_t inputs;  /* C: channels of x */
    size_t filters; /* F: channels of y */
    size_t kernel;  /* offsets in the parameter block: [3][3][C][F] */
    size_t bias;    /* [F] */
} conv;

/* Values of x and of y. */
static inline size_t conv_inputs(const conv *layer)
{
    return layer->side * layer->side * layer->inputs;
}

static inline size_t conv_outputs(const conv *layer)
{
    return layer->side / 2 * (layer->side / 2) * layer->filters;
}

/* What a forward pass leaves for the backward pass. */
typedef struct conv_trace {
    real *output;    /* [S/2][S/2][F]: y */
    uint8_t *chosen; /* [S/2][S/2][F]: which of the four was largest, row by row; 4: all below 0 */
} conv_trace;

/* Fills `trace` from x [S][S][C], which may well be sparse: zeros cost nothing. `scratch` holds
 * S * S * F. */
void conv_forward(const conv_trace *trace, const conv *layer, const real *params, const real *x,
                  real *scratch);

/* From dy [S/2][S/2][F]: adds to `grads` (shaped like params) and, unless dx is NULL, to
 * dx [S][S][C]. */
void conv_backward(real *grads, real *dx, const conv *layer, const real *params, const real *x,
                   const conv_trace *trace, const real *dy);

#endif
