/* Integrated gradients, by the midpoint rule.
 * SPDX-License-Identifier: MIT
 *
 * The way from the baseline to the sample is walked in the parameters: with the rows of an embedding
 * table drawn together about their mean to a share a of their distances, the network embeds each
 * token as mean + a (row - mean), which is the point at a of the straight way; with a times the
 * kernels of a picture's first layer it sees a times the picture; and with features' deviations over
 * a, features a times as far from their mean. So the forward and the backward pass are those of
 * training, and there is no second kind of input.
 */
#include "explain/gradients.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/network_features.h"

enum { FEWEST_STEPS = 32, MOST_STEPS = 2048 };

struct gradients {
    const network *net;
    real *at;    /* [parameters] those of a point on the way */
    real *grads; /* [parameters] */
};

dmg_status gradients_create(gradients **out, const network *net, dmg_error *err)
{
    gradients *g = dmg_alloc_zero(1, sizeof *g);
    if (g) {
        g->net = net;
        g->at = dmg_alloc(net->parameters, sizeof *g->at);
        g->grads = dmg_alloc(net->parameters, sizeof *g->grads);
    }
    if (g && g->at && g->grads) {
        *out = g;
        return DMG_OK;
    }
    gradients_destroy(g);
    return dmg_error_nomem(err, "integrated gradients");
}

void gradients_destroy(gradients *g)
{
    if (!g) return;
    free(g->at);
    free(g->grads);
    free(g);
}

/* --- the way --- */

/* Value e of what token v has over the mean of its table; 0 for a letter that stands for the mean. */
static double over_mean(const embedding *embed, const real *params, size_t v, size_t e)
{
    if (v >= embed->symbols) return 0;
    const real *table = params + embed->table;
    double sum = 0;
    for (size_t k = 0; k < embed->symbols; k++) sum += (double)table[k * embed->size + e];
    return (double)table[v * embed->size + e] - sum / (double)embed->symbols;
}

static size_t first_kernel(const network_picture *picture, size_t *count)
{
    const conv *layer = &picture->layer[0];
    *count = CONV_KERNEL * CONV_KERNEL * layer->inputs * layer->filters;
    return picture->begin + layer->kernel;
}

/* Sets g->at to the parameters that see the point at `share` of the way. */
static void go_to(gradients *g, const real *params, double share)
{
    memcpy(g->at, params, g->net->parameters * sizeof *params);
    for (int s = 0; s < g->net->architecture.stream_count; s++) {
        const network_stream *stream = &g->net->streams[s];
        if (stream->layers == 0) {
            size_t count;
            const size_t kernel = first_kernel(&stream->picture, &count);
            for (size_t k = 0; k < count; k++) g->at[kernel + k] *= (real)share;
            continue;
        }
        const embedding *embed = &stream->embed;
        for (size_t v = 0; v < embed->symbols; v++)
            for (size_t e = 0; e < embed->size; e++) {
                const size_t at = embed->table + v * embed->size + e;
                g->at[at] -= (real)((1 - share) * over_mean(embed, params, v, e));
            }
    }
    for (int f = 0; f < g->net->architecture.feature_count; f++)
        g->at[g->net->feature_deviation + (size_t)f] /= (real)share; /* infinite: the mean */
}

/* The score at `share` of the way; da gets its gradient. */
static double score_at(real *da, gradients *g, network_workspace *ws, const real *params,
                       const network_sample *sample, double share)
{
    real output[DMG_OUTPUTS];
    go_to(g, params, share);
    network_forward(output, ws, g->at, sample, NULL);
    return (double)network_log_odds(da, ws, g->at);
}

/* --- the sum --- */

/* Adds 1/steps of the slope along the way to the attributions of stream s. */
static void add_stream(gradients_result *result, const gradients *g, const network_workspace *ws,
                       const real *params, const network_sample *sample, int s, size_t steps)
{
    const network_stream *stream = &g->net->streams[s];
    double sum = 0;
    if (stream->layers == 0) {
        size_t count;
        const size_t kernel = first_kernel(&stream->picture, &count);
        for (size_t k = 0; k < count; k++)
            sum += (double)params[kernel + k] * (double)g->grads[kernel + k];
        result->total[s] += sum / (double)steps;
        return;
    }
    const size_t E = stream->embed.size;
    const real *slope = network_embedded_gradient(ws, (size_t)s);
    for (size_t t = 0; t < sample->steps[s]; t++) {
        double part = 0;
        for (size_t e = 0; e < E; e++)
            part += over_mean(&stream->embed, params, sample->tokens[s][t], e) *
                    (double)slope[t * E + e];
        result->tokens[s][t] += part / (double)steps;
        sum += part;
    }
    result->total[s] += sum / (double)steps;
}

static void add_features(gradients_result *result, const gradients *g, const network_workspace *ws,
                         const real *params, const network_sample *sample, size_t steps)
{
    real value[DMG_FEATURES];
    const real *slope = network_feature_gradient(ws);
    network_features_forward(value, g->net, params, sample);
    for (int f = 0; f < g->net->architecture.feature_count; f++)
        result->features[f] += (double)value[f] * (double)slope[f] / (double)steps;
}

static void integrate(gradients_result *result, gradients *g, network_workspace *ws,
                      const real *params, const network_sample *sample, size_t steps)
{
    const int streams = g->net->architecture.stream_count;
    memset(result->total, 0, sizeof result->total);
    memset(result->features, 0, sizeof result->features);
    for (int s = 0; s < streams; s++)
        if (result->tokens[s])
            memset(result->tokens[s], 0, sample->steps[s] * sizeof *result->tokens[s]);
    for (size_t k = 0; k < steps; k++) {
        real da[DMG_OUTPUTS];
        score_at(da, g, ws, params, sample, ((double)k + 0.5) / (double)steps);
        memset(g->grads, 0, g->net->parameters * sizeof *g->grads);
        network_backward(g->grads, ws, g->at, sample, da);
        for (int s = 0; s < streams; s++) add_stream(result, g, ws, params, sample, s, steps);
        add_features(result, g, ws, params, sample, steps);
    }
    result->steps = steps;
}

static double missed(const gradients_result *result, const dmg_architecture *architecture)
{
    double left = result->score - result->baseline;
    for (int s = 0; s < architecture->stream_count; s++) left -= result->total[s];
    for (int f = 0; f < architecture->feature_count; f++) left -= result->features[f];
    return fabs(left);
}

void gradients_integrate(gradients_result *result, gradients *g, network_workspace *ws,
                         const real *params, const network_sample *sample, double tolerance)
{
    real da[DMG_OUTPUTS];
    result->baseline = score_at(da, g, ws, params, sample, 0);
    result->score = score_at(da, g, ws, params, sample, 1);
    const double allowed = tolerance * fmax(1, fabs(result->score - result->baseline));
    for (size_t steps = FEWEST_STEPS; steps <= MOST_STEPS; steps *= 2) {
        integrate(result, g, ws, params, sample, steps);
        if (missed(result, &g->net->architecture) <= allowed) break;
    }
    score_at(da, g, ws, params, sample, 1);
}
