/* SPDX-License-Identifier: MIT */
/* One sequence as the network of an architecture reads it. */
#include "model/sample.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

void sample_clear(sample_buffer *buffer)
{
    free(buffer->tokens);
    free(buffer->open);
    *buffer = (sample_buffer){0};
}

/* Bytes that stream `spec` of a sequence may take. */
static size_t most_tokens(const dmg_stream_spec *spec, size_t length)
{
    const size_t grid = (size_t)spec->grid;
    return spec->kind == DMG_STREAM_PAIRS ? grid * grid * DMG_PAIR_COLOURS : length;
}

static dmg_status reserve(sample_buffer *buffer, const dmg_architecture *architecture,
                          size_t length, dmg_error *err)
{
    size_t tokens = 0;
    for (int s = 0; s < architecture->stream_count; s++)
        tokens += most_tokens(&architecture->streams[s], length);
    if (dmg_grow(&buffer->tokens, &buffer->capacity, tokens, 1) &&
        dmg_grow(&buffer->open, &buffer->open_capacity, length / 2, sizeof *buffer->open))
        return DMG_OK;
    return dmg_error_nomem(err, "encoding a sequence");
}

static bool is_pairing(dmg_stream_kind kind)
{
    return kind == DMG_STREAM_PAIRING || kind == DMG_STREAM_FORWARD_PAIRING ||
           kind == DMG_STREAM_BACKWARD_PAIRING;
}

dmg_status sample_encode(network_sample *sample, sample_buffer *buffer,
                         const dmg_architecture *architecture, const char *sequence,
                         const char *structure, size_t length, int energy, dmg_error *err)
{
    const dmg_status st = reserve(buffer, architecture, length, err);
    if (st != DMG_OK) return st;
    uint8_t *next = buffer->tokens;
    for (int s = 0; s < architecture->stream_count; s++) {
        const dmg_stream_spec *spec = &architecture->streams[s];
        sample->tokens[s] = next;
        sample->steps[s] = most_tokens(spec, length);
        if (spec->kind == DMG_STREAM_PAIRS)
            dmg_encode_pairs(next, buffer->open, (size_t)spec->grid, sequence, structure, length);
        else if (is_pairing(spec->kind))
            sample->steps[s] =
                dmg_encode_pairing(next, buffer->open, spec->kind, sequence, structure, length);
        else
            sample->steps[s] = dmg_encode_stream(next, spec->kind, sequence, structure, length);
        next += sample->steps[s];
    }
    if (architecture->feature_count == 0) return DMG_OK;
    double features[DMG_FEATURES];
    dmg_encode_features(features, buffer->open, sequence, structure, length, energy);
    for (int f = 0; f < architecture->feature_count; f++)
        sample->features[f] = (float)features[architecture->features[f]];
    return DMG_OK;
}
