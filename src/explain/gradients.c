/* SPDX-License-Identifier: MIT */
/* Integrated gradients, by the midpoint rule on intervals as short as it takes.
 *
 * The way from the baseline to the sample is walked in the parameters: with the rows of an
 * embedding table drawn together about their mean to a share a of their distances, the network
 * embeds each token as mean + a (row - mean), which is the point at a of the straight way, and with
 * a times the kernels of a contact map's first layer it sees a times the map. Features go the
 * straight way from their mean themselves. So the forward and the backward pass are those of
 * training, and there is no second kind of input.
 */
#include "explain/gradients.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/network_features.h"

enum { INTERVALS = 16, MOST_HALVINGS = 10 };

/* A part of what may be missed in all that is let pass on any interval, however short: the scores
 * of its ends are no more exact than that. */
#define LEAST_SHARE 1e-3

struct gradients {
    const network *net;
    network_weights *weights;
    network_run *run;
    real *at;              /* [parameters] those of a point on the way */
    real *grads;           /* [parameters] */
    network_sample sample; /* as seen from that point */
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
    free(g);
}

/* --- the way --- */

/* Value e of what token v has over the mean of its table; 0 for a letter that stands for the mean.
 */
static double over_mean(const embedding *embed, const real *params, size_t v, size_t e)
{
    if (v >= embed->symbols) return 0;
    const real *table = params + embed->table;
    double sum = 0;
    for (size_t k = 0; k < embed->symbols; k++) sum += (double)table[k * embed->size + e];
    return (double)table[v * embed->size + e] - sum / (double)embed->symbols;
}

/* The kernel of a contact map's first layer, and how many parameters it has. */
static size_t first_kernel(const network_stream *stream, size_t *count)
{
    const conv *layer = &stream->convs[0];
    *count = CONV_KERNEL * CONV_KERNEL * layer->inputs * layer->filters;
    return layer->kernel;
}

static void move_features(network_sample *at, const network *net, const real *params,
                          const network_sample *sample, double share)
{
    for (int f = 0; f < net->architecture.feature_count; f++) {
        const double mean = (double)params[net->feature_mean + (size_t)f];
        at->features[f] = (float)(mean + share * ((double)sample->features[f] - mean));
    }
}

/* Sets g->at and g->sample to what stands at `share` of the way. */
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
        for (size_t v = 0; v < embed->symbols; v++)
            for (size_t e = 0; e < embed->size; e++) {
                const size_t at = embed->table + v * embed->size + e;
                g->at[at] -= (real)((1 - share) * over_mean(embed, params, v, e));
            }
    }
    g->sample = *sample;
    move_features(&g->sample, g->net, params, sample, share);
}

/* The score at `share` of the way; da gets its gradient. */
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

/* --- the integral --- */

/* A walk from the baseline to the sample. */
typedef struct walk {
    gradients_result *result;
    gradients *g;
    const real *params;
    const network_sample *sample;
    double allowed; /* to be missed on the whole way */
} walk;

/* The slope of the score along the way at the last point visited: what stream s adds to it. Takes
 * `width` times that into the attributions, which may be 0 to look only. */
static double take_stream(const walk *w, int s, double width)
{
    const network_stream *stream = &w->g->net->streams[s];
    double slope = 0;
    if (stream->contact_map) {
        size_t count;
        const size_t kernel = first_kernel(stream, &count);
        for (size_t k = 0; k < count; k++)
            slope += (double)w->params[kernel + k] * (double)w->g->grads[kernel + k];
    }
    const size_t E = stream->embed.size, T = stream->contact_map ? 0 : w->sample->steps[s];
    const real *gradient = T > 0 ? network_run_embedded_gradient(w->g->run, s) : NULL;
    for (size_t t = 0; t < T; t++) {
        double part = 0;
        for (size_t e = 0; e < E; e++)
            part += over_mean(&stream->embed, w->params, w->sample->tokens[s][t], e) *
                    (double)gradient[t * E + e];
        w->result->tokens[s][t] += width * part;
        slope += part;
    }
    w->result->total[s] += width * slope;
    return slope;
}

/* How fast the numbers that dense layers read of a feature change along the way, the share its bins
 * are filled to among them, is told by a small step; they are straight but for the bins' edges. */
static double take_features(const walk *w, double share, double width)
{
    const network *net = w->g->net;
    const size_t features = (size_t)net->architecture.feature_count;
    if (features == 0) return 0;
    const double step = 1e-3;
    real before[NETWORK_MAX_WIDTH], after[NETWORK_MAX_WIDTH];
    network_sample moved = *w->sample;
    move_features(&moved, net, w->params, w->sample, share - step);
    network_features_forward(before, net, w->params, &moved);
    move_features(&moved, net, w->params, w->sample, share + step);
    network_features_forward(after, net, w->params, &moved);
    const real *gradient = network_run_gradient(w->g->run, DMG_INPUT_FEATURES);
    const size_t each = 1 + (size_t)net->architecture.feature_bins;
    double slope = 0;
    for (size_t f = 0; f < features; f++) {
        double part = 0;
        for (size_t k = f * each; k < (f + 1) * each; k++)
            part += (double)(after[k] - before[k]) / (2 * step) * (double)gradient[k];
        w->result->features[f] += width * part;
        slope += part;
    }
    return slope;
}

static double take(const walk *w, double share, double width)
{
    double slope = take_features(w, share, width);
    for (int s = 0; s < w->g->net->architecture.stream_count; s++)
        slope += take_stream(w, s, width);
    return slope;
}

/* The interval from .. to, at whose ends the score is known: its middle stands for all of it when
 * that explains the change of the score well enough, otherwise its halves are looked at. The score
 * may rise and fall steeply on a short part of the way, which even steps would miss; where it does
 * so on less than the shortest interval, as a recurrent network's score can, the rest is missed. */
static dmg_status walk_interval(const walk *w, double from, double to, double score_from,
                                double score_to, int halvings, dmg_error *err)
{
    real da[1][DMG_OUTPUTS];
    const double middle = (from + to) / 2, width = to - from;
    double score;
    dmg_status st = score_at(&score, da[0], w->g, w->params, w->sample, middle, err);
    if (st != DMG_OK) return st;
    memset(w->g->grads, 0, w->g->net->parameters * sizeof *w->g->grads);
    network_run_backward(w->g->grads, w->g->run, (const real(*)[DMG_OUTPUTS])da);
    w->result->steps++;
    const double missed = fabs(take(w, middle, 0) * width - (score_to - score_from));
    if (missed <= w->allowed * fmax(width, LEAST_SHARE) || halvings == MOST_HALVINGS) {
        take(w, middle, width);
        return DMG_OK;
    }
    st = walk_interval(w, from, middle, score_from, score, halvings + 1, err);
    if (st != DMG_OK) return st;
    return walk_interval(w, middle, to, score, score_to, halvings + 1, err);
}

dmg_status gradients_integrate(gradients_result *result, gradients *g, const real *params,
                               const network_sample *sample, double tolerance, dmg_error *err)
{
    real da[DMG_OUTPUTS];
    for (int s = 0; s < g->net->architecture.stream_count; s++) {
        result->total[s] = 0;
        if (result->tokens[s])
            memset(result->tokens[s], 0, sample->steps[s] * sizeof *result->tokens[s]);
    }
    memset(result->features, 0, sizeof result->features);
    result->steps = 0;
    dmg_status st = score_at(&result->baseline, da, g, params, sample, 0, err);
    if (st == DMG_OK) st = score_at(&result->score, da, g, params, sample, 1, err);
    if (st != DMG_OK) return st;
    const walk w = {.result = result,
                    .g = g,
                    .params = params,
                    .sample = sample,
                    .allowed = tolerance * fmax(1, fabs(result->score - result->baseline))};
    double score = result->baseline;
    for (int k = 0; st == DMG_OK && k < INTERVALS; k++) {
        const double from = (double)k / INTERVALS, to = (double)(k + 1) / INTERVALS;
        double next;
        st = score_at(&next, da, g, params, sample, to, err);
        if (st == DMG_OK) st = walk_interval(&w, from, to, score, next, 0, err);
        if (st == DMG_OK) score = next;
    }
    return st == DMG_OK ? score_at(&score, da, g, params, sample, 1, err) : st;
}
