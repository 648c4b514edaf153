/* SPDX-License-Identifier: MIT */
/* Mean squared error and cross-entropy. */
#include "nn/loss.h"

double squared_error(const real *y, const real *target, size_t outputs)
{
    double sum = 0;
    for (size_t o = 0; o < outputs; o++) {
        const double difference = (double)y[o] - (double)target[o];
        sum += difference * difference;
    }
    return sum / (double)outputs;
}

void squared_error_backward(real *dy, const real *y, const real *target, size_t outputs, real scale)
{
    for (size_t o = 0; o < outputs; o++) dy[o] = scale * 2 * (y[o] - target[o]) / (real)outputs;
}

static double log_probability(double p)
{
    return log(p > 1e-7 ? p : 1e-7);
}

static double cross_entropy(activation output, const real *y, const real *target, size_t outputs)
{
    double each = 0, other = 0; /* what the targets say, and what they say of the opposite */
    for (size_t o = 0; o < outputs; o++) {
        each -= (double)target[o] * log_probability((double)y[o]);
        other -= (1 - (double)target[o]) * log_probability(1 - (double)y[o]);
    }
    return output == ACTIVATION_SOFTMAX ? each : (each + other) / (double)outputs;
}

double loss_value(loss_kind kind, activation output, const real *y, const real *target,
                  size_t outputs)
{
    return kind == LOSS_SQUARED_ERROR ? squared_error(y, target, outputs)
                                      : cross_entropy(output, y, target, outputs);
}

void loss_backward(real *da, loss_kind kind, activation output, const real *y, const real *target,
                   size_t outputs, real scale)
{
    if (kind == LOSS_SQUARED_ERROR) {
        squared_error_backward(da, y, target, outputs, scale);
        activation_backward(da, output, y, outputs);
        return;
    }
    real mass = 1; /* of the targets, which softmax spreads over the outputs */
    if (output == ACTIVATION_SOFTMAX) {
        mass = 0;
        for (size_t o = 0; o < outputs; o++) mass += target[o];
    } else {
        scale /= (real)outputs;
    }
    for (size_t o = 0; o < outputs; o++) da[o] = scale * (mass * y[o] - target[o]);
}
