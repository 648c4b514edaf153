/* SPDX-License-Identifier: MIT */
/* Integrated gradients, by the midpoint rule on intervals as short as it takes.
 *
 * The path from the baseline to the sample is straight in what the layers read: in embedded tokens,
 * in the pixels of a contact map, and in the values that stand for the features, bins included. It
 * is walked in the parameters: with the rows of an embedding table drawn together about their mean
 * to a share a of their distances, the network embeds each token as mean + a (row - mean), which is
 * the point at a of the path, and with a times the kernels of the first layer it sees a times the
 * map. So the forward and the backward pass are those of training, and there is no second kind of
 * input.
 *
 * The score is known at the ends of every interval. What its gradient does not explain of their
 * difference is shared out among the inputs, in proportion to the sizes of what they add there. So
 * the parts add up to the difference exactly, whatever the score does on the way.
 */
#include "explain/gradients.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/network_features.h"

enum { INTERVALS = 16, MOST_HALVINGS = 10 };

/* A share of the tolerance that is let pass on any interval, however short: the scores of its ends
 * are no more exact than that. */
#define LEAST_SHARE 1e-3

struct gradients {
    const network *net;
    network_weights *weights;
    network_run *run;
    real *at;    /* [parameters] those of a point on the path */
    real *grads; /* [parameters] */
    real features_from[NETWORK_MAX_WIDTH], features_to[NETWORK_MAX_WIDTH]; /* ends of the path */
    real features_at[NETWORK_MAX_WIDTH];
    network_sample sample; /* as seen from that point */
    double *slopes;        /* [gradients_inputs] what each input adds there, for a path of 1 */
    size_t slope_capacity;
};

dmg_status gradients_create(gradients **out, const network *net, dmg_error *err)
{
    gradients *g = dmg_alloc_zero(1, sizeof *g);
    if (!g) return dmg_error_nomem(err, "integrated gradients");
    g->net = net;
    g->at = dmg_alloc(net->parameters, sizeof *g->at);
    g->grads = dmg_alloc(net->parameters, sizeof *g->grads);
    dmg_status st = g->at && g->grads ? DMG_OK : dmg_error_nomem(err, "integrated gradients");
    if (st == DMG_OK) st = network_weights_create(&g->weights, net, DMG_CPU_SCALAR, err);
    if (st == DMG_OK) st = network_run_create(&g->run, g->weights, 1, err);
    if (st == DMG_OK)
        *out = g;
    else
        gradients_destroy(g);
    return st;
}

const network_run *gradients_run(const gradients *g)
{
    return g->run;
}

void gradients_destroy(gradients *g)
{
    if (!g) return;
    network_run_destroy(g->run);
    network_weights_destroy(g->weights);
    free(g->at);
    free(g->grads);
    free(g->slopes);
    free(g);
}

/* --- inputs --- */

static size_t stream_inputs(const network *net, const network_sample *sample, int s)
{
    return net->streams[s].contact_map ? 1 : sample->steps[s];
}

size_t gradients_inputs(const network *net, const network_sample *sample)
{
    size_t inputs = (size_t)net->architecture.feature_count;
    for (int s = 0; s < net->architecture.stream_count; s++)
        inputs += stream_inputs(net, sample, s);
    return inputs;
}

/* The kernel of a contact map's first layer, and how many parameters it has. */
static size_t first_kernel(const network_stream *stream, size_t *count)
{
    const conv *layer = &stream->convs[0];
    *count = CONV_KERNEL * CONV_KERNEL * layer->inputs * layer->filters;
    return layer->kernel;
}

/* --- the path --- */

/* The values of the features at both ends: the baseline's are all at their means. */
static void set_feature_ends(gradients *g, const real *params, const network_sample *sample)
{
    network_sample mean = {0};
    for (int f = 0; f < g->net->architecture.feature_count; f++)
        mean.features[f] = (float)params[g->net->feature_mean + (size_t)f];
    network_features_forward(g->features_from, g->net, params, &mean);
    network_features_forward(g->features_to, g->net, params, sample);
}

/* Sets g->at and g->sample to the point at `share` of the path. */
static void go_to(gradients *g, const real *params, const network_sample *sample, double share)
{
    memcpy(g->at, params, g->net->parameters * sizeof *params);
    for (int s = 0; s < g->net->architecture.stream_count; s++) {
        const network_stream *stream = &g->net->streams[s];
        if (stream->contact_map) {
            size_t count;
            const size_t kernel = first_kernel(stream, &count);
            for (size_t k = 0; k < count; k++) g->at[kernel + k] *= (real)share;
            continue;
        }
        const embedding *embed = &stream->embed;
        real mean[DMG_MAX_UNITS];
        embedding_mean(mean, embed, params);
        for (size_t v = 0; v < embed->symbols; v++)
            for (size_t e = 0; e < embed->size; e++) {
                real *value = &g->at[embed->table + v * embed->size + e];
                *value = (real)((double)mean[e] + share * ((double)*value - (double)mean[e]));
            }
    }
    g->sample = *sample;
    g->sample.feature_values = g->features_at;
    const size_t width = network_features_width(&g->net->architecture);
    for (size_t k = 0; k < width; k++)
        g->features_at[k] =
            g->features_from[k] + (real)share * (g->features_to[k] - g->features_from[k]);
}

/* The score at `share` of the path; da gets its gradient. */
static dmg_status score_at(double *score, real *da, gradients *g, const real *params,
                           const network_sample *sample, double share, dmg_error *err)
{
    real output[1][DMG_OUTPUTS];
    go_to(g, params, sample, share);
    network_weights_set(g->weights, g->at);
    const dmg_status st = network_run_forward(output, g->run, &g->sample, 1, true, NULL, err);
    if (st == DMG_OK) *score = (double)network_run_log_odds(da, g->run);
    return st;
}

/* --- slopes --- */

/* A walk from the baseline to the sample. */
typedef struct walk {
    gradients_result *result;
    gradients *g;
    const real *params;
    const network_sample *sample;
    size_t inputs;
    double allowed; /* to be missed on the whole path */
} walk;

/* A contact map scales with the kernels of its first layer. */
static double map_slope(const walk *w, const network_stream *stream)
{
    size_t count;
    const size_t kernel = first_kernel(stream, &count);
    double slope = 0;
    for (size_t k = 0; k < count; k++)
        slope += (double)w->params[kernel + k] * (double)w->g->grads[kernel + k];
    return slope;
}

/* A letter that stands for the mean is at the baseline all the way. */
static void token_slopes(double *slopes, const walk *w, int s)
{
    const embedding *embed = &w->g->net->streams[s].embed;
    const size_t E = embed->size;
    const size_t T = w->sample->steps[s];
    const real *gradient = T > 0 ? network_run_embedded_gradient(w->g->run, s) : NULL;
    real mean[DMG_MAX_UNITS];
    embedding_mean(mean, embed, w->params);
    for (size_t t = 0; t < T; t++) {
        const size_t token = w->sample->tokens[s][t];
        slopes[t] = 0;
        if (token >= embed->symbols) continue;
        const real *row = w->params + embed->table + token * E;
        for (size_t e = 0; e < E; e++)
            slopes[t] += ((double)row[e] - (double)mean[e]) * (double)gradient[t * E + e];
    }
}

static void feature_slopes(double *slopes, const walk *w)
{
    const gradients *g = w->g;
    const size_t features = (size_t)g->net->architecture.feature_count;
    const size_t each = 1 + (size_t)g->net->architecture.feature_bins;
    if (features == 0) return;
    const real *gradient = network_run_gradient(g->run, DMG_INPUT_FEATURES);
    for (size_t f = 0; f < features; f++) {
        slopes[f] = 0;
        for (size_t k = f * each; k < (f + 1) * each; k++)
            slopes[f] +=
                ((double)g->features_to[k] - (double)g->features_from[k]) * (double)gradient[k];
    }
}

/* Of all inputs, at the last point visited. */
static void find_slopes(const walk *w)
{
    const network *net = w->g->net;
    double *next = w->g->slopes;
    for (int s = 0; s < net->architecture.stream_count; s++) {
        if (net->streams[s].contact_map)
            *next = map_slope(w, &net->streams[s]);
        else
            token_slopes(next, w, s);
        next += stream_inputs(net, w->sample, s);
    }
    feature_slopes(next, w);
}

/* --- the integral --- */

static double sum_of(const double *values, size_t count)
{
    double sum = 0;
    for (size_t k = 0; k < count; k++) sum += values[k];
    return sum;
}

/* Adds an interval of that width, on which the score changes by `change`. */
static void add_interval(const walk *w, double width, double change)
{
    const double *slopes = w->g->slopes;
    const double residual = change - sum_of(slopes, w->inputs) * width;
    double sizes = 0;
    for (size_t k = 0; k < w->inputs; k++) sizes += fabs(slopes[k]);
    w->result->residual += fabs(residual);
    for (size_t k = 0; k < w->inputs; k++) {
        const double share = sizes > 0 ? fabs(slopes[k]) / sizes : 1 / (double)w->inputs;
        w->result->parts[k] += slopes[k] * width + share * residual;
    }
}

/* The interval from .. to, at whose ends the score is known: its middle stands for all of it when
 * that explains the change of the score well enough, otherwise its halves are looked at. The score
 * may rise and fall steeply on a short part of the path, which even steps would miss. */
static dmg_status walk_interval(const walk *w, double from, double to, double score_from,
                                double score_to, int halvings, dmg_error *err)
{
    real da[1][DMG_OUTPUTS];
    const double middle = (from + to) / 2, width = to - from, change = score_to - score_from;
    double score;
    dmg_status st = score_at(&score, da[0], w->g, w->params, w->sample, middle, err);
    if (st != DMG_OK) return st;
    memset(w->g->grads, 0, w->g->net->parameters * sizeof *w->g->grads);
    network_run_backward(w->g->grads, w->g->run, (const real(*)[DMG_OUTPUTS])da);
    w->result->steps++;
    find_slopes(w);
    const double residual = fabs(change - sum_of(w->g->slopes, w->inputs) * width);
    if (residual <= w->allowed * fmax(width, LEAST_SHARE) || halvings == MOST_HALVINGS) {
        add_interval(w, width, change);
        return DMG_OK;
    }
    st = walk_interval(w, from, middle, score_from, score, halvings + 1, err);
    if (st != DMG_OK) return st;
    return walk_interval(w, middle, to, score, score_to, halvings + 1, err);
}

static dmg_status walk_path(const walk *w, dmg_error *err)
{
    real da[DMG_OUTPUTS];
    double score = w->result->baseline;
    dmg_status st = DMG_OK;
    for (int k = 0; st == DMG_OK && k < INTERVALS; k++) {
        const double from = (double)k / INTERVALS, to = (double)(k + 1) / INTERVALS;
        double next;
        st = score_at(&next, da, w->g, w->params, w->sample, to, err);
        if (st == DMG_OK) st = walk_interval(w, from, to, score, next, 0, err);
        if (st == DMG_OK) score = next;
    }
    return st;
}

dmg_status gradients_integrate(gradients_result *result, gradients *g, const real *params,
                               const network_sample *sample, double tolerance, dmg_error *err)
{
    real da[DMG_OUTPUTS];
    const size_t inputs = gradients_inputs(g->net, sample);
    if (!dmg_grow(&g->slopes, &g->slope_capacity, inputs, sizeof *g->slopes))
        return dmg_error_nomem(err, "integrated gradients");
    memset(result->parts, 0, inputs * sizeof *result->parts);
    result->steps = 0;
    result->residual = 0;
    set_feature_ends(g, params, sample);
    dmg_status st = score_at(&result->baseline, da, g, params, sample, 0, err);
    if (st == DMG_OK) st = score_at(&result->score, da, g, params, sample, 1, err);
    if (st != DMG_OK) return st;
    const walk w = {.result = result,
                    .g = g,
                    .params = params,
                    .sample = sample,
                    .inputs = inputs,
                    .allowed = tolerance * fmax(1, fabs(result->score - result->baseline))};
    st = walk_path(&w, err);
    return st == DMG_OK ? score_at(&result->score, da, g, params, sample, 1, err) : st;
}
