/* SPDX-License-Identifier: MIT */
/* One sequence as the network of an architecture reads it. */
#include "model/sample.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "encode/streams.h"

void sample_clear(sample_buffer *buffer)
{
    free(buffer->tokens);
    free(buffer->partner);
    *buffer = (sample_buffer){0};
}

static dmg_status reserve(sample_buffer *buffer, const dmg_architecture *architecture,
                          size_t length, dmg_error *err)
{
    size_t tokens = 0;
    for (int s = 0; s < architecture->stream_count; s++) {
        const dmg_stream_spec *spec = &architecture->streams[s];
        tokens += encode_stream_room(spec->kind, length, (size_t)spec->grid);
    }
    if (dmg_grow(&buffer->tokens, &buffer->capacity, tokens, 1) &&
        dmg_grow(&buffer->partner, &buffer->partner_capacity, length, sizeof *buffer->partner))
        return DMG_OK;
    return dmg_error_nomem(err, "encoding a sequence");
}

dmg_status sample_encode(network_sample *sample, sample_buffer *buffer,
                         const dmg_architecture *architecture, const char *sequence,
                         const char *structure, size_t length, int energy, dmg_error *err)
{
    dmg_status st = reserve(buffer, architecture, length, err);
    if (st != DMG_OK) return st;
    encode_strand strand = {sequence, structure, length, energy, buffer->partner, 0};
    st = encode_strand_parse(&strand, err);
    if (st != DMG_OK) return st;
    sample->feature_values = NULL;
    uint8_t *next = buffer->tokens;
    for (int s = 0; s < architecture->stream_count; s++) {
        const dmg_stream_spec *spec = &architecture->streams[s];
        sample->tokens[s] = next;
        sample->steps[s] = encode_stream(next, spec->kind, &strand, (size_t)spec->grid);
        next += sample->steps[s];
    }
    if (architecture->feature_count == 0) return DMG_OK;
    double features[DMG_FEATURES];
    encode_features(features, &strand);
    for (int f = 0; f < architecture->feature_count; f++)
        sample->features[f] = (float)features[architecture->features[f]];
    return DMG_OK;
}
