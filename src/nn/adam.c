/* SPDX-License-Identifier: MIT */
/* Adam. */
#include "nn/adam.h"

adam_options adam_options_defaults(void)
{
    return (adam_options){.learning_rate = 1e-3, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8};
}

void adam_update(real *params, real *first, real *second, const real *gradient, size_t n,
                 uint64_t step, const adam_options *options)
{
    const real beta1 = (real)options->beta1, beta2 = (real)options->beta2;
    const real rest1 = (real)(1 - options->beta1), rest2 = (real)(1 - options->beta2);
    const real unbias1 = (real)(1 / (1 - pow(options->beta1, (double)step)));
    const real unbias2 = (real)(1 / (1 - pow(options->beta2, (double)step)));
    const real rate = (real)options->learning_rate, epsilon = (real)options->epsilon;
    for (size_t k = 0; k < n; k++) {
        const real g = gradient[k];
        first[k] = beta1 * first[k] + rest1 * g;
        second[k] = beta2 * second[k] + rest2 * g * g;
        params[k] -= rate * (first[k] * unbias1) / (real_sqrt(second[k] * unbias2) + epsilon);
    }
}
