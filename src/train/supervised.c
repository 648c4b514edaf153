/* SPDX-License-Identifier: MIT */
/* Loss and gradient of a batch with targets. A network that normalises over batches takes three
 * passes: its streams chunk by chunk, its dense layers over the whole batch, and the streams back.
 */
#include "train/supervised.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/rng.h"
#include "model/network_run.h"
#include "nn/loss.h"

/* What only a network that normalises over batches needs. E is network_stream_outputs_width. */
typedef struct normalised {
    network_weights *weights;      /* in C */
    network_run *dense;            /* NULL: the network does not normalise */
    float *ends, *dends;           /* [batch][E], of the streams */
    float (*outputs)[DMG_OUTPUTS]; /* [batch] */
    float (*da)[DMG_OUTPUTS];      /* [batch] */
    dmg_rng *masks;                /* [batch] */
    double *losses;                /* [units of SUM_UNIT records] */
    float *gradient;               /* [P], of the dense layers */
} normalised;

struct supervised {
    const network *net;
    const training_set *set;
    loss_kind loss;
    uint64_t seed;
    normalised normalised;

    size_t epoch, batch_size; /* of the batch under way */
    const float *params;

    /* Of validation. */
    double *losses;     /* [count] by record */
    float *p;           /* [count] by record */
    float *scores;      /* [validation_count] */
    bool *score_labels; /* [validation_count] */
};

/* --- setting up --- */

static dmg_status add_normalised(normalised *n, const network *net, size_t batch, dmg_error *err)
{
    if (net->averages == 0) return DMG_OK;
    const size_t E = network_stream_outputs_width(net), units = (batch + SUM_UNIT - 1) / SUM_UNIT;
    const bool ok = (n->ends = dmg_alloc(batch, E * sizeof(float))) &&
                    (n->dends = dmg_alloc(batch, E * sizeof(float))) &&
                    (n->outputs = dmg_alloc(batch, sizeof *n->outputs)) &&
                    (n->da = dmg_alloc(batch, sizeof *n->da)) &&
                    (n->masks = dmg_alloc(batch, sizeof *n->masks)) &&
                    (n->losses = dmg_alloc(units, sizeof *n->losses)) &&
                    (n->gradient = dmg_alloc(net->parameters, sizeof(float)));
    if (!ok) return dmg_error_nomem(err, "training");
    const dmg_status st = network_weights_create(&n->weights, net, DMG_CPU_SCALAR, err);
    return st == DMG_OK ? network_run_create(&n->dense, n->weights, batch, err) : st;
}

dmg_status supervised_create(supervised **out, const network *net, const training_set *set,
                             const dmg_train_options *options, size_t batch, dmg_error *err)
{
    supervised *s = dmg_alloc_zero(1, sizeof *s);
    if (!s) return dmg_error_nomem(err, "training");
    s->net = net;
    s->set = set;
    s->loss = options->loss == DMG_LOSS_CROSS_ENTROPY ? LOSS_CROSS_ENTROPY : LOSS_SQUARED_ERROR;
    s->seed = options->seed;
    const bool ok = (s->losses = dmg_alloc(set->count, sizeof *s->losses)) &&
                    (s->p = dmg_alloc(set->count, sizeof *s->p)) &&
                    (s->scores = dmg_alloc(set->validation_count, sizeof *s->scores)) &&
                    (s->score_labels = dmg_alloc(set->validation_count, sizeof *s->score_labels));
    dmg_status st = ok ? DMG_OK : dmg_error_nomem(err, "training");
    if (st == DMG_OK) st = add_normalised(&s->normalised, net, batch, err);
    if (st == DMG_OK)
        *out = s;
    else
        supervised_destroy(s);
    return st;
}

void supervised_destroy(supervised *s)
{
    if (!s) return;
    normalised *n = &s->normalised;
    network_run_destroy(n->dense);
    network_weights_destroy(n->weights);
    void *const blocks[] = {n->ends,  n->dends,  n->outputs,      n->da,
                            n->masks, n->losses, n->gradient,     s->losses,
                            s->p,     s->scores, s->score_labels, s};
    for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++) free(blocks[b]);
}

/* --- records --- */

static void set_target(float target[DMG_OUTPUTS], float p_mirna)
{
    target[0] = p_mirna;
    target[1] = 1 - p_mirna; /* p_other */
}

/* The masks of a record are the same whatever batch it is in. */
static dmg_rng dropout_of(const supervised *s, size_t record)
{
    dmg_rng rng;
    dmg_rng_init_for(&rng, s->seed, DMG_RNG_DROPOUT, (uint64_t)s->epoch * s->set->count + record);
    return rng;
}

/* The loss of a record of the batch under way, and its part in the gradient. */
static double record_loss(float da[DMG_OUTPUTS], const supervised *s, size_t record,
                          const float output[DMG_OUTPUTS])
{
    const activation kind = network_output(s->net);
    const double weight = s->set->class_weight[s->set->labels[record]];
    float target[DMG_OUTPUTS];
    set_target(target, s->set->targets[record]);
    loss_backward(da, s->loss, kind, output, target, DMG_OUTPUTS,
                  (float)weight / (float)s->batch_size);
    return weight * loss_value(s->loss, kind, output, target, DMG_OUTPUTS);
}

/* --- a batch whose records do not know of each other --- */

static dmg_status differentiate_chunk(void *context, batch_part *parts, const batch_chunk *chunk,
                                      dmg_error *err)
{
    const supervised *s = context;
    dmg_rng dropout[BATCH_MAX_CHUNK];
    float outputs[BATCH_MAX_CHUNK][DMG_OUTPUTS], da[BATCH_MAX_CHUNK][DMG_OUTPUTS];
    for (size_t k = 0; k < chunk->count; k++) dropout[k] = dropout_of(s, chunk->records[k]);
    const dmg_status st =
        network_run_forward(outputs, chunk->run, chunk->samples, chunk->count, true, dropout, err);
    if (st != DMG_OK) return st;
    for (size_t k = 0; k < chunk->count; k++)
        parts[k / SUM_UNIT].loss += record_loss(da[k], s, chunk->records[k], outputs[k]);
    network_run_backward(parts->sums, chunk->run, (const float(*)[DMG_OUTPUTS])da);
    return DMG_OK;
}

/* --- a batch that is normalised over all its records --- */

static size_t ends_of(const supervised *s, const batch_chunk *chunk)
{
    return chunk->begin * network_stream_outputs_width(s->net);
}

/* Streams of a chunk, forward: all that the dense layers need before they can begin. */
static dmg_status read_chunk(void *context, batch_part *parts, const batch_chunk *chunk,
                             dmg_error *err)
{
    (void)parts;
    const supervised *s = context;
    return network_run_streams_forward(s->normalised.ends + ends_of(s, chunk), chunk->run,
                                       chunk->samples, chunk->count, false, err);
}

/* The same once more, which costs less than to keep the states of a whole batch, and backward. */
static dmg_status carry_chunk_back(void *context, batch_part *parts, const batch_chunk *chunk,
                                   dmg_error *err)
{
    const supervised *s = context;
    const normalised *n = &s->normalised;
    const dmg_status st = network_run_streams_forward(n->ends + ends_of(s, chunk), chunk->run,
                                                      chunk->samples, chunk->count, true, err);
    if (st != DMG_OK) return st;
    for (size_t k = 0; k < chunk->count; k += SUM_UNIT)
        parts[k / SUM_UNIT].loss = n->losses[(chunk->begin + k) / SUM_UNIT];
    network_run_streams_backward(parts->sums, chunk->run, n->dends + ends_of(s, chunk));
    return DMG_OK;
}

/* The dense layers, forward and backward, over the whole batch. */
static dmg_status differentiate_dense(supervised *s, const batch_gradient *batch, dmg_error *err)
{
    normalised *n = &s->normalised;
    const size_t count = s->batch_size;
    for (size_t k = 0; k < count; k++) n->masks[k] = dropout_of(s, batch_record(batch, k));
    network_weights_set(n->weights, s->params);
    const dmg_status st =
        network_run_dense_forward(n->outputs, n->dense, n->ends, count, n->masks, err);
    if (st != DMG_OK) return st;
    for (size_t k = 0; k < count; k++) {
        double *loss = &n->losses[k / SUM_UNIT];
        if (k % SUM_UNIT == 0) *loss = 0;
        *loss += record_loss(n->da[k], s, batch_record(batch, k), n->outputs[k]);
    }
    memset(n->gradient, 0, s->net->parameters * sizeof *n->gradient);
    network_run_dense_backward(n->gradient, n->dends, n->dense, (const float(*)[DMG_OUTPUTS])n->da);
    return DMG_OK;
}

static dmg_status differentiate_normalised(float *gradient, double *loss, supervised *s,
                                           batch_gradient *batch, dmg_error *err)
{
    dmg_status st = batch_each(batch, read_chunk, s, err);
    if (st == DMG_OK) st = differentiate_dense(s, batch, err);
    if (st != DMG_OK) return st;
    st = batch_differentiate(gradient, loss, batch, carry_chunk_back, s, err);
    for (size_t k = 0; st == DMG_OK && k < s->net->parameters; k++)
        gradient[k] += s->normalised.gradient[k];
    return st;
}

/* --- either --- */

dmg_status supervised_differentiate(float *gradient, double *loss, supervised *s,
                                    batch_gradient *batch, const float *params,
                                    const size_t *records, size_t count, size_t epoch,
                                    dmg_error *err)
{
    s->epoch = epoch;
    s->batch_size = count;
    s->params = params;
    batch_begin(batch, params, records, count);
    return s->normalised.dense
               ? differentiate_normalised(gradient, loss, s, batch, err)
               : batch_differentiate(gradient, loss, batch, differentiate_chunk, s, err);
}

void supervised_average(float *params, const supervised *s)
{
    if (s->normalised.dense) network_run_average(params, s->normalised.dense);
}

/* --- validation --- */

static dmg_status validate_chunk(void *context, batch_part *parts, const batch_chunk *chunk,
                                 dmg_error *err)
{
    (void)parts;
    const supervised *s = context;
    float outputs[BATCH_MAX_CHUNK][DMG_OUTPUTS], target[DMG_OUTPUTS];
    const dmg_status st =
        network_run_forward(outputs, chunk->run, chunk->samples, chunk->count, false, NULL, err);
    for (size_t k = 0; st == DMG_OK && k < chunk->count; k++) {
        const size_t i = chunk->records[k];
        set_target(target, (float)s->set->labels[i]);
        s->p[i] = outputs[k][0];
        s->losses[i] = loss_value(s->loss, network_output(s->net), outputs[k], target, DMG_OUTPUTS);
    }
    return st;
}

dmg_status supervised_validate(dmg_epoch *epoch, supervised *s, batch_gradient *batch,
                               const float *params, dmg_error *err)
{
    const size_t count = s->set->validation_count;
    batch_begin(batch, params, s->set->validation, count);
    const dmg_status st = batch_each(batch, validate_chunk, s, err);
    if (st != DMG_OK) return st;
    double sum = 0;
    for (size_t k = 0; k < count; k++) {
        const size_t i = s->set->validation[k];
        sum += s->losses[i];
        s->scores[k] = s->p[i];
        s->score_labels[k] = s->set->labels[i];
    }
    epoch->validation_loss = count > 0 ? sum / (double)count : NAN;
    if (!isfinite(sum)) return DMG_OK;
    epoch->confusion =
        dmg_metrics_confusion(s->scores, s->score_labels, count, DMG_DEFAULT_THRESHOLD);
    return dmg_metrics_ranks(&epoch->ranks, s->scores, s->score_labels, count, err);
}
