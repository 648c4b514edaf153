/* SPDX-License-Identifier: MIT */
/* Activations of lanes. A template: written on the operations of a vector_*.h, which is included
 * first.
 */
#ifndef DMG_NN_ACTIVATION_TEMPLATE_H
#define DMG_NN_ACTIVATION_TEMPLATE_H

#include "nn/activation.h"
#include "nn/lstm.h"

ALWAYS_INLINE vector clip(vector x, float low, float high)
{
    return at_most(high, at_least(low, x));
}

/* Minimax approximation of tanh(x) / x by a quotient of polynomials in x^2 on [0, 9], relative
 * error 2.1e-8 (Remez exchange in 40 digits); beyond 9 tanh is 1 to within half a unit of float. */
ALWAYS_INLINE vector tanh_lanes(vector x)
{
    const vector a = clip(x, -9, 9), z = multiply(a, a);
    vector p = fill(1.33545684559e-8F);
    p = multiply_add(p, z, fill(2.06090124673e-5F));
    p = multiply_add(p, z, fill(3.49558376629e-3F));
    p = multiply_add(p, z, fill(0.133810219258F));
    p = multiply_add(p, z, fill(0.999999979451F));
    vector q = fill(7.77651941473e-7F);
    q = multiply_add(q, z, fill(3.28562776912e-4F));
    q = multiply_add(q, z, fill(2.58769654809e-2F));
    q = multiply_add(q, z, fill(0.467143375163F));
    q = multiply_add(q, z, fill(1));
    return divide(multiply(a, p), q);
}

/* 1 / (1 + exp(-x)) = (1 + tanh(x / 2)) / 2, clipped because the quotient may pass 1 by half a
 * unit. */
ALWAYS_INLINE vector sigmoid_lanes(vector x)
{
    const vector y = multiply_add(fill(0.5F), tanh_lanes(multiply(fill(0.5F), x)), fill(0.5F));
    return clip(y, 0, 1);
}

/* What a hard sigmoid, clipped to 0 .. 1, lets through of `gradient`. */
ALWAYS_INLINE vector unless_clipped(vector gradient, vector value)
{
    return only(both(is_greater(value, fill(0)), is_greater(fill(1), value)), gradient);
}

/* exp(x) for x <= 0: 2^n exp(r) with |r| <= log(2)/2, where seven terms of the series are left with
 * less than 1e-8; below -87, where floats end, 0. */
ALWAYS_INLINE vector exp_lanes(vector x)
{
    const vector z = at_least(-87, x);
    const vector n = nearest(multiply(z, fill(1.44269504F)));
    /* log(2) in two parts, of which the first has few enough digits for n times it to be exact. */
    const vector r = multiply_subtract_from(n, fill(-2.12194440e-4F),
                                            multiply_subtract_from(n, fill(0.693359375F), z));
    vector p = fill(1.0F / 5040);
    p = multiply_add(p, r, fill(1.0F / 720));
    p = multiply_add(p, r, fill(1.0F / 120));
    p = multiply_add(p, r, fill(1.0F / 24));
    p = multiply_add(p, r, fill(1.0F / 6));
    p = multiply_add(p, r, fill(0.5F));
    p = multiply_add(p, r, fill(1));
    p = multiply_add(p, r, fill(1));
    return only(is_equal(x, z), multiply(p, power_of_two(n)));
}

/* A lane's softmax is the scalar one: there are few of them, and small probabilities keep all their
 * digits. */
static void softmax_lanes(float *y, size_t n)
{
    float own[LSTM_MAX_UNITS];
    for (size_t b = 0; b < LANES; b++) {
        for (size_t o = 0; o < n; o++) own[o] = y[o * LANES + b];
        activation_forward(own, ACTIVATION_SOFTMAX, n);
        for (size_t o = 0; o < n; o++) y[o * LANES + b] = own[o];
    }
}

static void activate(float *y, activation kind, size_t n)
{
    const size_t end = n * LANES;
    switch (kind) {
    case ACTIVATION_SIGMOID:
        for (size_t k = 0; k < end; k += LANES) store(y + k, sigmoid_lanes(load(y + k)));
        break;
    case ACTIVATION_TANH:
        for (size_t k = 0; k < end; k += LANES) store(y + k, tanh_lanes(load(y + k)));
        break;
    case ACTIVATION_RELU: /* of 0 and NaN the second is taken, as by the scalar code */
        for (size_t k = 0; k < end; k += LANES) store(y + k, at_least(0, load(y + k)));
        break;
    case ACTIVATION_SOFTMAX: softmax_lanes(y, n); break;
    }
}

static void softmax_backward(float *dy, const float *y, size_t n)
{
    vector along = fill(0);
    for (size_t k = 0; k < n * LANES; k += LANES)
        along = multiply_add(load(dy + k), load(y + k), along);
    for (size_t k = 0; k < n * LANES; k += LANES)
        store(dy + k, multiply(load(y + k), subtract(load(dy + k), along)));
}

static void activation_backward_lanes(float *dy, activation kind, const float *y, size_t n)
{
    const size_t end = n * LANES;
    if (kind == ACTIVATION_SOFTMAX) {
        softmax_backward(dy, y, n);
        return;
    }
    for (size_t k = 0; k < end; k += LANES) {
        const vector value = load(y + k), gradient = load(dy + k);
        switch (kind) {
        case ACTIVATION_SIGMOID:
            store(dy + k, multiply(multiply(gradient, value), subtract(fill(1), value)));
            break;
        case ACTIVATION_TANH:
            store(dy + k, multiply(gradient, multiply_subtract_from(value, value, fill(1))));
            break;
        case ACTIVATION_RELU: store(dy + k, only(is_greater(value, fill(0)), gradient)); break;
        case ACTIVATION_SOFTMAX: break;
        }
    }
}

#endif
