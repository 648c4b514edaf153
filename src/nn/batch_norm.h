/* SPDX-License-Identifier: MIT */
/* Batch normalisation (Ioffe & Szegedy 2015): in training each feature is brought to mean 0 and
 * variance 1 over the mini-batch, then scaled and shifted by what is learned (their algorithm 1):
 *
 *     n = (x - mean) / sqrt(variance + epsilon)    y = scale n + shift
 *
 * Prediction uses running averages of the batches' means and variances (algorithm 2). They are in
 * the parameter block, where no gradient reaches them. */
#ifndef DMG_NN_BATCH_NORM_H
#define DMG_NN_BATCH_NORM_H

#include <stddef.h>

#include "nn/real.h"

typedef struct batch_norm {
    size_t width;    /* I, features */
    size_t scale;    /* offsets in the parameter block, [I] each */
    size_t shift;    /*   learned */
    size_t mean;     /*   running averages */
    size_t variance; /*   not below 0 */
} batch_norm;

/* What a forward pass leaves for the backward pass and for the averages. */
typedef struct batch_norm_trace {
    real *normal;          /* [N][I]: n */
    real *mean, *variance; /* [I] each, of the batch */
} batch_norm_trace;

/* epsilon, and the share of the old value in a running average: those of Keras. */
extern const double batch_norm_epsilon;  /* 1e-3 */
extern const double batch_norm_momentum; /* 0.99 */

/* Scale 1, shift 0; averages as if all had been normal so far. */
void batch_norm_initial(real *params, const batch_norm *layer);

/* Training: y [N][I] from x [N][I], which may be the same array. */
void batch_norm_forward(real *y, batch_norm_trace *trace, const batch_norm *layer,
                        const real *params, const real *x, size_t samples);

/* From dy [N][I]: adds to `grads` (shaped like params), writes dx [N][I], which may be dy. */
void batch_norm_backward(real *grads, real *dx, const batch_norm *layer, const real *params,
                         const batch_norm_trace *trace, const real *dy, size_t samples);

/* Takes the batch into the running averages; its variance as that of a sample, N / (N - 1). */
void batch_norm_average(real *params, const batch_norm *layer, const batch_norm_trace *trace,
                        size_t samples);

/* Prediction: y = slope [i] x + offset [i], feature by feature. */
void batch_norm_line(real *slope, real *offset, const batch_norm *layer, const real *params,
                     size_t i);

#endif
