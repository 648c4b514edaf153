/* SPDX-License-Identifier: MIT */
/* Architectures put together by hand, for tests of the network that do without the JSON reader. */
#ifndef DMG_TESTS_ARCHITECTURES_H
#define DMG_TESTS_ARCHITECTURES_H

#include <string.h>

#include "deepmirgene/architecture.h"

/* Appends a stream whose stacked layers have the given units; a 0 ends the list. */
static inline void add_stream(dmg_architecture *a, dmg_stream_kind kind, int width,
                              const int units[], bool bidirectional)
{
    dmg_stream_spec *stream = &a->streams[a->stream_count++];
    *stream = (dmg_stream_spec){
        .kind = kind,
        .embedding = width,
        .bidirectional = bidirectional,
    };
    while (units[stream->layers]) {
        stream->units[stream->layers] = units[stream->layers];
        stream->layers++;
    }
}

/* Appends a contact map; a 0 ends the list of filters. */
static inline void add_contact_map(dmg_architecture *a, int grid, const int filters[])
{
    add_stream(a, DMG_STREAM_CONTACT_MAP, 0, filters, false);
    a->streams[a->stream_count - 1].grid = grid;
}

/* Appends a dense layer; `inputs` ends with -1. */
static inline void add_dense(dmg_architecture *a, const char *name, const int inputs[], int units,
                             double dropout)
{
    dmg_dense_spec *layer = &a->dense[a->dense_count++];
    *layer = (dmg_dense_spec){.units = units, .dropout = dropout};
    memcpy(layer->name, name, strnlen(name, sizeof layer->name - 1));
    while (inputs[layer->input_count] >= 0) {
        layer->inputs[layer->input_count] = inputs[layer->input_count];
        layer->input_count++;
    }
}

#define UNITS(...)  ((const int[]){__VA_ARGS__, 0})
#define INPUTS(...) ((const int[]){__VA_ARGS__, -1})

/* The paper's network (architecture.h). */
static inline dmg_architecture architecture_2016(void)
{
    dmg_architecture a = {.id = "deepmirgene-2016"};
    add_stream(&a, DMG_STREAM_SEQUENCE, 4, UNITS(10), false);
    add_stream(&a, DMG_STREAM_FORWARD, 3, UNITS(10), false);
    add_stream(&a, DMG_STREAM_BACKWARD, 3, UNITS(10), false);
    add_dense(&a, "sequence_dense", INPUTS(0), 2, 0.2);
    add_dense(&a, "structure_dense", INPUTS(1, 2), 2, 0.2);
    add_dense(&a, "output", INPUTS(3, 4), 2, 0);
    return a;
}

/* All that an architecture may have at once: every kind of stream, layers stacked and reading both
 * directions, sources that two dense layers read, dense layers upon dense layers. */
static inline dmg_architecture architecture_variant(void)
{
    dmg_architecture a = {.id = "variant"};
    add_stream(&a, DMG_STREAM_SEQUENCE, 5, UNITS(6, 4), true);
    add_stream(&a, DMG_STREAM_FORWARD, 3, UNITS(5, 7), false);
    add_stream(&a, DMG_STREAM_BACKWARD, 2, UNITS(5), true);
    add_stream(&a, DMG_STREAM_STRUCTURE, 4, UNITS(3, 2), true);
    add_dense(&a, "arms", INPUTS(1, 2), 3, 0.3);
    add_dense(&a, "all", INPUTS(0, 3, 2), 4, 0.1); /* the backward stream again */
    add_dense(&a, "output", INPUTS(5, 4, 0), 2, 0.2);
    return a;
}

/* A contact map beside a stream of tokens. */
static inline dmg_architecture architecture_contact_map(void)
{
    dmg_architecture a = {.id = "contact-map"};
    add_stream(&a, DMG_STREAM_SEQUENCE, 2, UNITS(3), false);
    add_contact_map(&a, 8, UNITS(3, 4));
    add_dense(&a, "hidden", INPUTS(1, 0), 3, 0.2);
    add_dense(&a, "output", INPUTS(2), 2, 0.1);
    return a;
}

/* The last dense layer's activation. */
static inline void set_output(dmg_architecture *a, dmg_activation kind)
{
    a->dense[a->dense_count - 1].activation = kind;
}

/* All that came after the paper, at once. */
static inline dmg_architecture architecture_beyond(void)
{
    dmg_architecture a = {.id = "beyond"};
    add_stream(&a, DMG_STREAM_SEQUENCE, 4, UNITS(4), false);
    a.streams[0].pooling = DMG_POOL_ATTENTION | DMG_POOL_MAX;
    add_stream(&a, DMG_STREAM_FORWARD, 3, UNITS(3, 4), true);
    a.streams[1].pooling = DMG_POOL_LAST | DMG_POOL_ATTENTION | DMG_POOL_MEAN | DMG_POOL_MAX;
    add_stream(&a, DMG_STREAM_BACKWARD_PAIRED, 3, UNITS(4, 2), true);
    a.features[a.feature_count++] = DMG_FEATURE_MFE_PER_LENGTH;
    a.features[a.feature_count++] = DMG_FEATURE_GC;
    a.features[a.feature_count++] = DMG_FEATURE_LOOP_LENGTH;
    add_dense(&a, "rectified", INPUTS(0, DMG_INPUT_FEATURES, 2, 1), 5, 0.1);
    add_dense(&a, "hidden", INPUTS(1, 3), 4, 0.2);
    add_dense(&a, "output", INPUTS(3, 4, DMG_INPUT_FEATURES), 2, 0.1);
    a.feature_bins = 2;
    a.dense[0].activation = DMG_ACTIVATION_RELU;
    a.dense[1].activation = DMG_ACTIVATION_TANH;
    set_output(&a, DMG_ACTIVATION_SOFTMAX);
    return a;
}

#endif
