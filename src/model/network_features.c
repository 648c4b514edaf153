/* SPDX-License-Identifier: MIT */
/* Features of a sequence, standardised and in bins. */
#include "model/network_features.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

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

static int ascending(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* edges [bins + 1]: quantiles of a feature's defined values, which it sorts in scratch [count]. */
static void fit_edges(real *edges, size_t bins, float *scratch, const network_sample *samples,
                      const size_t *chosen, size_t count, int feature)
{
    size_t defined = 0;
    for (size_t k = 0; k < count; k++) {
        const float value = samples[chosen[k]].features[feature];
        if (!isnan(value)) scratch[defined++] = value;
    }
    qsort(scratch, defined, sizeof *scratch, ascending);
    for (size_t b = 0; b <= bins; b++)
        edges[b] = defined > 0 ? (real)scratch[(defined - 1) * b / bins] : 0;
}

dmg_status network_features_fit(real *params, const network *net, const network_sample *samples,
                                const size_t *chosen, size_t count, dmg_error *err)
{
    const size_t features = (size_t)net->architecture.feature_count;
    const size_t bins = (size_t)net->architecture.feature_bins;
    for (size_t f = 0; f < features; f++)
        fit(&params[net->feature_mean + f], &params[net->feature_deviation + f], samples, chosen,
            count, (int)f);
    if (bins == 0) return DMG_OK;
    float *scratch = dmg_alloc(count, sizeof *scratch);
    if (!scratch) return dmg_error_nomem(err, "the bins of features");
    for (size_t f = 0; f < features; f++)
        fit_edges(&params[net->feature_edges + f * (bins + 1)], bins, scratch, samples, chosen,
                  count, (int)f);
    free(scratch);
    return DMG_OK;
}

/* How far a value got from one edge to the next; where they are one, whether it passed it. */
static real progress(real value, real from, real to)
{
    if (value <= from) return 0;
    return value >= to ? 1 : (value - from) / (to - from);
}

void network_features_forward(real *value, const network *net, const real *params,
                              const network_sample *sample)
{
    const size_t bins = (size_t)net->architecture.feature_bins;
    if (sample->feature_values) {
        memcpy(value, sample->feature_values,
               network_features_width(&net->architecture) * sizeof *value);
        return;
    }
    for (size_t f = 0; f < (size_t)net->architecture.feature_count; f++) {
        const real mean = params[net->feature_mean + f];
        const real *edges = &params[net->feature_edges + f * (bins + 1)];
        const real raw = isnan(sample->features[f]) ? mean : (real)sample->features[f];
        *value++ = (raw - mean) / params[net->feature_deviation + f];
        for (size_t b = 0; b < bins; b++) *value++ = progress(raw, edges[b], edges[b + 1]);
    }
}
