/* Mean squared error over the outputs of one sample: L = 1/O sum (y - target)^2 (the paper's E,
 * averaged over outputs as Keras does). */
#ifndef DMG_NN_LOSS_H
#define DMG_NN_LOSS_H

#include <stddef.h>

#include "nn/real.h"

double squared_error(const real *y, const real *target, size_t outputs);

/* dy [O] = scale * dL/dy; scale is 1 / samples for the mean over a batch. */
void squared_error_backward(real *dy, const real *y, const real *target, size_t outputs,
                            real scale);

#endif
