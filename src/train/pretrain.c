/* SPDX-License-Identifier: MIT */
/* Gradient of pre-training: encoders as groups of samples, decoders sample by sample. */
#include "train/pretrain.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/rng.h"

/* One decoder a stream of tokens. */
typedef struct pretrain_decoders {
    decoder decoders[DMG_STREAM_KINDS]; /* by stream; no parameters where it is a picture */
    size_t parameters;
} pretrain_decoders;

/* Of one thread. */
typedef struct decoder_room {
    dmg_arena arena;     /* of a trace */
    float *ends, *dends; /* [BATCH_MAX_CHUNK][network_stream_outputs_width] each */
} decoder_room;

struct pretraining {
    const network *net;
    pretrain_decoders layout;
    int threads;
    decoder_room *rooms; /* [threads] */

    size_t batch_size; /* of the batch under way */
    const float *params;
};

/* --- setting up --- */

static pretrain_decoders lay_out(const network *net)
{
    pretrain_decoders layout = {0};
    for (int s = 0; s < net->architecture.stream_count; s++) {
        const network_stream *stream = &net->streams[s];
        if (stream->contact_map) continue;
        layout.decoders[s] = decoder_layout(
            net->parameters + layout.parameters, network_source_width(net, s),
            stream->lstms[stream->layers - 1][0].units, (size_t)dmg_encode_symbols(stream->kind));
        layout.parameters += layout.decoders[s].parameters;
    }
    return layout;
}

size_t pretrain_parameters(const network *net)
{
    return lay_out(net).parameters;
}

static bool rooms_alloc(pretraining *p)
{
    const size_t ends = BATCH_MAX_CHUNK * network_stream_outputs_width(p->net);
    bool ok = (p->rooms = dmg_alloc_zero((size_t)p->threads, sizeof *p->rooms)) != NULL;
    for (int w = 0; ok && w < p->threads; w++)
        ok = (p->rooms[w].ends = dmg_alloc(ends, sizeof(float))) &&
             (p->rooms[w].dends = dmg_alloc(ends, sizeof(float)));
    return ok;
}

dmg_status pretraining_create(pretraining **out, const network *net, int threads, dmg_error *err)
{
    pretraining *p = dmg_alloc_zero(1, sizeof *p);
    if (!p) return dmg_error_nomem(err, "pre-training");
    p->net = net;
    p->layout = lay_out(net);
    p->threads = threads;
    if (rooms_alloc(p)) {
        *out = p;
        return DMG_OK;
    }
    pretraining_destroy(p);
    return dmg_error_nomem(err, "pre-training");
}

void pretraining_destroy(pretraining *p)
{
    if (!p) return;
    for (int w = 0; p->rooms && w < p->threads; w++) {
        dmg_arena_clear(&p->rooms[w].arena);
        free(p->rooms[w].ends);
        free(p->rooms[w].dends);
    }
    free(p->rooms);
    free(p);
}

void pretraining_initial(float *params, const pretraining *p, uint64_t seed)
{
    for (int s = 0; s < p->net->architecture.stream_count; s++) {
        const decoder *layer = &p->layout.decoders[s];
        dmg_rng rng;
        if (layer->parameters == 0) continue;
        dmg_rng_init_for(&rng, seed, DMG_RNG_DECODER, (uint64_t)s);
        decoder_initial(params, layer, &rng);
    }
}

/* --- one batch --- */

/* Stream `s` of a sample, forward and backward: dvector from vector; adds its loss. */
static dmg_status decode_stream(float *dvector, batch_part *part, const pretraining *p,
                                decoder_room *room, int s, const network_sample *sample,
                                const float *vector, double share, dmg_error *err)
{
    const decoder *layer = &p->layout.decoders[s];
    const size_t T = sample->steps[s];
    decoder_trace trace;
    dmg_arena measured = {0};
    decoder_place(&trace, layer, &measured, T);
    if (!dmg_arena_reserve(&room->arena, &measured)) return dmg_error_nomem(err, "pre-training");
    decoder_place(&trace, layer, &room->arena, T);
    part->loss += share * decoder_forward(&trace, layer, p->params, vector, sample->tokens[s], T);
    decoder_backward(part->extra, dvector, layer, p->params, &trace, sample->tokens[s], T,
                     (float)(share / (double)p->batch_size));
    return DMG_OK;
}

static bool is_decoded(const pretraining *p, int s, const network_sample *sample)
{
    return p->layout.decoders[s].parameters > 0 && sample->steps[s] > 0;
}

/* All streams of a sample that have tokens. */
static dmg_status decode_sample(float *dends, batch_part *part, const pretraining *p,
                                decoder_room *room, const network_sample *sample, const float *ends,
                                dmg_error *err)
{
    const int streams = p->net->architecture.stream_count;
    int decoded = 0;
    for (int s = 0; s < streams; s++) decoded += is_decoded(p, s, sample);
    dmg_status st = DMG_OK;
    for (int s = 0; st == DMG_OK && s < streams; s++) {
        const size_t width = network_source_width(p->net, s);
        memset(dends, 0, width * sizeof *dends);
        if (is_decoded(p, s, sample))
            st = decode_stream(dends, part, p, room, s, sample, ends, 1.0 / decoded, err);
        ends += width;
        dends += width;
    }
    return st;
}

static dmg_status differentiate_chunk(void *context, batch_part *parts, const batch_chunk *chunk,
                                      dmg_error *err)
{
    const pretraining *p = context;
    decoder_room *room = &p->rooms[chunk->worker];
    const size_t width = network_stream_outputs_width(p->net);
    dmg_status st = network_run_streams_forward(room->ends, chunk->run, chunk->samples,
                                                chunk->count, true, err);
    for (size_t k = 0; st == DMG_OK && k < chunk->count; k++)
        st = decode_sample(room->dends + k * width, &parts[k / SUM_UNIT], p, room,
                           &chunk->samples[k], room->ends + k * width, err);
    if (st == DMG_OK) network_run_streams_backward(parts->sums, chunk->run, room->dends);
    return st;
}

dmg_status pretraining_differentiate(float *gradient, double *loss, pretraining *p,
                                     batch_gradient *batch, const float *params,
                                     const size_t *records, size_t count, dmg_error *err)
{
    p->params = params;
    p->batch_size = count;
    batch_begin(batch, params, records, count);
    return batch_differentiate(gradient, loss, batch, differentiate_chunk, p, err);
}
