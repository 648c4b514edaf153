/* SPDX-License-Identifier: MIT */
/* Activations of dense layers, and their slopes told from their values. */
#include "nn/activation.h"

/* The largest sum is taken off, which changes nothing but keeps exp within range. */
static void softmax(real *y, size_t n)
{
    real largest = y[0], total = 0;
    for (size_t o = 1; o < n; o++) largest = y[o] > largest ? y[o] : largest;
    for (size_t o = 0; o < n; o++) total += y[o] = real_exp(y[o] - largest);
    for (size_t o = 0; o < n; o++) y[o] /= total;
}

void activation_forward(real *y, activation kind, size_t n)
{
    switch (kind) {
    case ACTIVATION_SIGMOID:
        for (size_t o = 0; o < n; o++) y[o] = 1 / (1 + real_exp(-y[o]));
        break;
    case ACTIVATION_TANH:
        for (size_t o = 0; o < n; o++) y[o] = real_tanh(y[o]);
        break;
    case ACTIVATION_RELU:
        for (size_t o = 0; o < n; o++) y[o] = y[o] < 0 ? 0 : y[o]; /* NaN stays NaN */
        break;
    case ACTIVATION_SOFTMAX: softmax(y, n); break;
    }
}

void activation_backward(real *dy, activation kind, const real *y, size_t n)
{
    real along = 0; /* of softmax: a common part, as its outputs share a sum */
    switch (kind) {
    case ACTIVATION_SIGMOID:
        for (size_t o = 0; o < n; o++) dy[o] = dy[o] * y[o] * (1 - y[o]);
        break;
    case ACTIVATION_TANH:
        for (size_t o = 0; o < n; o++) dy[o] *= 1 - y[o] * y[o];
        break;
    case ACTIVATION_RELU:
        for (size_t o = 0; o < n; o++) dy[o] = y[o] > 0 ? dy[o] : 0;
        break;
    case ACTIVATION_SOFTMAX:
        for (size_t o = 0; o < n; o++) along += dy[o] * y[o];
        for (size_t o = 0; o < n; o++) dy[o] = y[o] * (dy[o] - along);
        break;
    }
}
