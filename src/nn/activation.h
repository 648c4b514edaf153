/* SPDX-License-Identifier: MIT */
/* What a dense layer does to the sums of its inputs. */
#ifndef DMG_NN_ACTIVATION_H
#define DMG_NN_ACTIVATION_H

#include <stddef.h>

#include "nn/real.h"

typedef enum activation {
    ACTIVATION_SIGMOID, /* 1 / (1 + exp(-a)) */
    ACTIVATION_TANH,
    ACTIVATION_RELU,    /* max(a, 0) */
    ACTIVATION_SOFTMAX, /* exp(a_o) / sum over all outputs of exp(a) */
} activation;

/* y [n] from the sums in it. */
void activation_forward(real *y, activation kind, size_t n);

/* Turns dy [n], the gradient of what the layer puts out, into that of the sums; y [n] is what
 * activation_forward gave. */
void activation_backward(real *dy, activation kind, const real *y, size_t n);

#endif
