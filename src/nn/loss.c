/* Mean squared error.
 * SPDX-License-Identifier: MIT
 */
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
