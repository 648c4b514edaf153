/* SPDX-License-Identifier: MIT */
/* One step of pre-training: encoders as groups of samples, decoders sample by sample.
 *
 * As in training, each chunk of a batch has a gradient of its own, and the chunks are summed in
 * order, so that nothing depends on the threads.
 */
#include "train/pretrain.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

enum { CHUNK = NETWORK_GROUP };

/* What one chunk of a batch contributes. */
typedef struct chunk_part {
    float *encoders; /* [Q], as the network's groups add it up */
    float *decoders; /* [network parameters + decoder parameters], of which the latter count */
    double loss;
} chunk_part;

/* Of one thread. */
typedef struct decoder_room {
    float *block;
    size_t capacity;
    float *ends, *dends; /* [CHUNK][network_ends_width] each */
} decoder_room;

struct pretraining {
    pretrain_setup setup;
    pretrain_decoders layout;
    size_t parameters;      /* of network and decoders */
    network_waiting *batch; /* the records of the batch under way, sorted */
    size_t batch_size;
    const float *params;
    size_t chunks; /* of the largest batch */
    chunk_part *parts;
    decoder_room *rooms;  /* [threads] */
    double *total;        /* [Q] */
    float *total_rounded; /* [Q] */
    float *gradient;      /* [network parameters + decoder parameters] */
};

/* --- setting up --- */

pretrain_decoders pretrain_layout(const network *net)
{
    pretrain_decoders layout = {0};
    for (int s = 0; s < net->architecture.stream_count; s++) {
        const network_stream *stream = &net->streams[s];
        if (stream->layers == 0) continue;
        layout.decoders[s] = decoder_layout(
            net->parameters + layout.parameters, network_source_width(net, s),
            stream->lstms[stream->layers - 1][0].units, (size_t)dmg_encode_symbols(stream->kind));
        layout.parameters += layout.decoders[s].parameters;
    }
    return layout;
}

static bool pretraining_alloc(pretraining *p)
{
    const size_t Q = network_weights_sums(p->setup.weights), all = p->parameters;
    const size_t ends = CHUNK * network_ends_width(p->setup.net);
    bool ok = (p->batch = dmg_alloc(p->setup.batch, sizeof *p->batch)) &&
              (p->parts = dmg_alloc_zero(p->chunks, sizeof *p->parts)) &&
              (p->rooms = dmg_alloc_zero((size_t)p->setup.threads, sizeof *p->rooms)) &&
              (p->total = dmg_alloc(Q, sizeof *p->total)) &&
              (p->total_rounded = dmg_alloc(Q, sizeof(float))) &&
              (p->gradient = dmg_alloc(all, sizeof(float)));
    for (size_t c = 0; ok && c < p->chunks; c++)
        ok = (p->parts[c].encoders = dmg_alloc(Q, sizeof(float))) &&
             (p->parts[c].decoders = dmg_alloc(all, sizeof(float)));
    for (int w = 0; ok && w < p->setup.threads; w++)
        ok = (p->rooms[w].ends = dmg_alloc(ends, sizeof(float))) &&
             (p->rooms[w].dends = dmg_alloc(ends, sizeof(float)));
    return ok;
}

dmg_status pretraining_create(pretraining **out, const pretrain_setup *setup, dmg_error *err)
{
    pretraining *p = dmg_alloc_zero(1, sizeof *p);
    if (!p) return dmg_error_nomem(err, "pre-training");
    p->setup = *setup;
    p->layout = pretrain_layout(setup->net);
    p->parameters = setup->net->parameters + p->layout.parameters;
    p->chunks = (setup->batch + CHUNK - 1) / CHUNK;
    if (!pretraining_alloc(p)) {
        pretraining_destroy(p);
        return dmg_error_nomem(err, "pre-training");
    }
    *out = p;
    return DMG_OK;
}

void pretraining_destroy(pretraining *p)
{
    if (!p) return;
    for (size_t c = 0; p->parts && c < p->chunks; c++) {
        free(p->parts[c].encoders);
        free(p->parts[c].decoders);
    }
    for (int w = 0; p->rooms && w < p->setup.threads; w++) {
        free(p->rooms[w].block);
        free(p->rooms[w].ends);
        free(p->rooms[w].dends);
    }
    void *const blocks[] = {p->batch, p->parts, p->rooms, p->total, p->total_rounded, p->gradient};
    for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++) free(blocks[b]);
    free(p);
}

void pretraining_initial(float *params, const pretraining *p, uint64_t seed)
{
    for (int s = 0; s < p->setup.net->architecture.stream_count; s++) {
        const decoder *layer = &p->layout.decoders[s];
        dmg_rng rng;
        if (layer->parameters == 0) continue;
        dmg_rng_init_for(&rng, seed, DMG_RNG_DECODER, (uint64_t)s);
        decoder_initial(params, layer, &rng);
    }
}

/* --- one batch --- */

/* Stream `s` of a sample, forward and backward: dvector from vector; adds its loss. */
static dmg_status decode_stream(float *dvector, double *loss, chunk_part *part, pretraining *p,
                                decoder_room *room, int s, const network_sample *sample,
                                const float *vector, double share, dmg_error *err)
{
    const decoder *layer = &p->layout.decoders[s];
    const size_t T = sample->steps[s];
    decoder_trace trace;
    if (!dmg_grow(&room->block, &room->capacity, decoder_place(&trace, layer, NULL, T),
                  sizeof(float)))
        return dmg_error_nomem(err, "pre-training");
    decoder_place(&trace, layer, room->block, T);
    *loss += share * decoder_forward(&trace, layer, p->params, vector, sample->tokens[s], T);
    decoder_backward(part->decoders, dvector, layer, p->params, &trace, sample->tokens[s], T,
                     (float)(share / (double)p->batch_size));
    return DMG_OK;
}

/* All streams of a sample that have something to tell. */
static dmg_status decode_sample(float *dends, chunk_part *part, pretraining *p, decoder_room *room,
                                const network_sample *sample, const float *ends, dmg_error *err)
{
    const network *net = p->setup.net;
    const int streams = net->architecture.stream_count;
    int told = 0;
    for (int s = 0; s < streams; s++)
        told += p->layout.decoders[s].parameters > 0 && sample->steps[s] > 0;
    dmg_status st = DMG_OK;
    for (int s = 0; st == DMG_OK && s < streams; s++) {
        const size_t width = network_source_width(net, s);
        memset(dends, 0, width * sizeof *dends);
        if (p->layout.decoders[s].parameters > 0 && sample->steps[s] > 0)
            st = decode_stream(dends, &part->loss, part, p, room, s, sample, ends, 1.0 / told, err);
        ends += width;
        dends += width;
    }
    return st;
}

static dmg_status pretrain_chunk(void *context, int worker, size_t chunk, dmg_error *err)
{
    pretraining *p = context;
    const pretrain_setup *setup = &p->setup;
    chunk_part *part = &p->parts[chunk];
    decoder_room *room = &p->rooms[worker];
    const size_t left = p->batch_size - chunk * CHUNK, count = left < CHUNK ? left : CHUNK;
    const size_t width = network_ends_width(setup->net);
    network_sample samples[CHUNK] = {0};
    for (size_t k = 0; k < count; k++)
        samples[k] = setup->samples[p->batch[chunk * CHUNK + k].index];
    part->loss = 0;
    memset(part->encoders, 0, network_weights_sums(setup->weights) * sizeof(float));
    memset(part->decoders, 0, p->parameters * sizeof(float));
    dmg_status st =
        network_group_streams_forward(room->ends, setup->groups[worker], samples, count, true, err);
    for (size_t k = 0; st == DMG_OK && k < count; k++)
        st = decode_sample(room->dends + k * width, part, p, room, &samples[k],
                           room->ends + k * width, err);
    if (st == DMG_OK)
        network_group_streams_backward(part->encoders, setup->groups[worker], samples, count,
                                       room->dends);
    return st;
}

/* The gradient of the batch from the parts of its chunks. */
static void add_parts(pretraining *p, size_t chunks)
{
    const size_t Q = network_weights_sums(p->setup.weights), P = p->setup.net->parameters;
    memset(p->total, 0, Q * sizeof *p->total);
    for (size_t c = 0; c < chunks; c++)
        for (size_t q = 0; q < Q; q++) p->total[q] += (double)p->parts[c].encoders[q];
    for (size_t q = 0; q < Q; q++) p->total_rounded[q] = (float)p->total[q];
    network_weights_gradient(p->gradient, p->setup.weights, p->total_rounded);
    for (size_t k = P; k < p->parameters; k++) {
        double sum = 0;
        for (size_t c = 0; c < chunks; c++) sum += (double)p->parts[c].decoders[k];
        p->gradient[k] = (float)sum;
    }
}

dmg_status pretraining_step(float *params, float *first, float *second, double *loss,
                            pretraining *p, const size_t *records, size_t count, uint64_t step,
                            dmg_error *err)
{
    const size_t chunks = (count + CHUNK - 1) / CHUNK;
    p->params = params;
    p->batch_size = count;
    for (size_t k = 0; k < count; k++)
        p->batch[k] = (network_waiting){p->setup.lengths[records[k]], records[k]};
    network_group_sort(p->batch, count);
    network_weights_set(p->setup.weights, params);
    const dmg_status st = dmg_team_for(p->setup.team, chunks, pretrain_chunk, p, err);
    if (st != DMG_OK) return st;
    add_parts(p, chunks);
    adam_update(params, first, second, p->gradient, p->parameters, step, &p->setup.adam);
    for (size_t c = 0; c < chunks; c++) *loss += p->parts[c].loss;
    return DMG_OK;
}
