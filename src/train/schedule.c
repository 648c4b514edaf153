/* SPDX-License-Identifier: MIT */
/* Learning rate, weight decay and the mean of the weights. */
#include "train/schedule.h"

#include <math.h>

double schedule_learning_rate(const dmg_train_options *options, size_t epoch)
{
    const double first = options->learning_rate, last = options->final_learning_rate;
    if (last == 0 || options->epochs == 1) return first;
    const double part = (double)epoch / (options->epochs - 1);
    return last + (first - last) * (1 + cos(M_PI * part)) / 2;
}

void schedule_decay(float *params, const network *net, double decay)
{
    const float kept = (float)(1 - decay);
    if (decay == 0) return;
    for (size_t i = 0; i < net->tensor_count; i++) {
        const network_tensor *tensor = &net->tensors[i];
        if (tensor->rank != 2) continue;
        float *values = params + tensor->offset;
        for (size_t k = 0; k < tensor->shape[0] * tensor->shape[1]; k++) values[k] *= kept;
    }
}

void schedule_average(float *average, const float *params, size_t count,
                      const dmg_train_options *options, size_t epochs)
{
    const size_t all = (size_t)options->epochs, asked = (size_t)options->average_weights;
    const size_t first = asked < all ? all - asked : 0;
    if (!average || epochs <= first) return;
    const float part = 1 / (float)(epochs - first);
    for (size_t k = 0; k < count; k++) average[k] += part * (params[k] - average[k]);
}
