/* Features of a sequence, standardised.
 * SPDX-License-Identifier: MIT
 */
#include "model/network_features.h"

/* Sums in double: there may be many samples. */
static void fit(real *mean, real *deviation, const network_sample *samples, const size_t *chosen,
                size_t count, int feature)
{
    size_t defined = 0;
    double sum = 0, squares = 0;
    for (size_t k = 0; k < count; k++) {
        const double value = (double)samples[chosen[k]].features[feature];
        if (isnan(value)) continue;
        sum += value;
        defined++;
    }
    const double middle = defined > 0 ? sum / (double)defined : 0;
    for (size_t k = 0; k < count; k++) {
        const double distance = (double)samples[chosen[k]].features[feature] - middle;
        if (!isnan(distance)) squares += distance * distance;
    }
    const real spread = defined > 0 ? (real)sqrt(squares / (double)defined) : 0;
    *mean = (real)middle;
    *deviation = spread > 0 ? spread : 1;
}

void network_features_fit(real *params, const network *net, const network_sample *samples,
                          const size_t *chosen, size_t count)
{
    for (int f = 0; f < net->architecture.feature_count; f++)
        fit(&params[net->feature_mean + (size_t)f], &params[net->feature_deviation + (size_t)f],
            samples, chosen, count, f);
}

void network_features_forward(real *value, const network *net, const real *params,
                              const network_sample *sample)
{
    for (int f = 0; f < net->architecture.feature_count; f++) {
        const real mean = params[net->feature_mean + (size_t)f];
        const real deviation = params[net->feature_deviation + (size_t)f];
        const real raw = sample->features[f];
        value[f] = isnan(raw) ? 0 : (raw - mean) / deviation;
    }
}
