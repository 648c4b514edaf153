/* SPDX-License-Identifier: MIT */
/* The loss of one sample: how far outputs y that are probabilities lie from their targets.
 *
 *     squared error   L = 1/O sum (y - target)^2, the paper's E, averaged as Keras does
 *     cross-entropy   of sigmoid outputs L = -1/O sum target log y + (1 - target) log (1 - y),
 *                     each output being a probability of its own;
 *                     of softmax outputs L = -sum target log y, all being one distribution
 */
#ifndef DMG_NN_LOSS_H
#define DMG_NN_LOSS_H

#include <stddef.h>

#include "nn/activation.h"
#include "nn/real.h"

typedef enum loss_kind { LOSS_SQUARED_ERROR, LOSS_CROSS_ENTROPY } loss_kind;

double squared_error(const real *y, const real *target, size_t outputs);

/* dy [O] = scale * dL/dy of the squared error; scale is 1 / samples for the mean over a batch. */
void squared_error_backward(real *dy, const real *y, const real *target, size_t outputs,
                            real scale);

/* `output` is the activation that gave y: sigmoid or softmax. Probabilities below 1e-7 count as
 * that in a logarithm, so that the loss stays finite. */
double loss_value(loss_kind kind, activation output, const real *y, const real *target,
                  size_t outputs);

/* da [O] = scale * dL/da of the sums before the activation, where the slope of a logarithm and that
 * of the activation cancel. */
void loss_backward(real *da, loss_kind kind, activation output, const real *y, const real *target,
                   size_t outputs, real scale);

#endif
