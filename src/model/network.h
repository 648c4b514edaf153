/* SPDX-License-Identifier: MIT */
/* The layout of the network that an architecture describes: its layers, and the places of
 * their parameters in one block. network_plan.h says in which order the layers are applied,
 * network_run.h applies them.
 *
 * Parameters, gradients and the optimiser's moments are blocks of the same shape; the table of
 * tensors below is the only list of names, shapes and places.
 */
#ifndef DMG_MODEL_NETWORK_H
#define DMG_MODEL_NETWORK_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"
#include "deepmirgene/architecture.h"
#include "nn/batch_norm.h"
#include "nn/conv.h"
#include "nn/dense.h"
#include "nn/embedding.h"
#include "nn/lstm.h"
#include "nn/pooling.h"
#include "nn/real.h"

enum { DIRECTIONS = 2 };

/* The widest source of a dense layer: a stream with all its pools. */
enum { NETWORK_MAX_WIDTH = POOLS * DIRECTIONS * DMG_MAX_UNITS };
static_assert((1 + DMG_MAX_FEATURE_BINS) * DMG_FEATURES <= NETWORK_MAX_WIDTH, "features fit");

/* Embedding tables and queries, three tensors an LSTM, two a dense layer and four if it normalises,
 * three for features. */
enum {
    NETWORK_MAX_TENSORS =
        DMG_STREAM_KINDS * (2 + 3 * DIRECTIONS * DMG_MAX_LAYERS) + 6 * DMG_MAX_DENSE + 3
};

typedef struct network_tensor {
    char name[2 * DMG_NAME_CAPACITY]; /* "sequence.lstm.0.kernel" */
    int rank;                         /* 1 or 2 */
    size_t shape[2];
    size_t offset; /* in the parameter block */
} network_tensor;

/* A stream is read by LSTMs, upon an embedding of its tokens, or is a contact map, which is read by
 * convolutions. */
typedef struct network_stream {
    dmg_stream_kind kind;
    bool contact_map;
    size_t layers; /* of either */
    conv convs[DMG_MAX_LAYERS];
    embedding embed;
    size_t directions; /* 1, or 2 when bidirectional */
    lstm lstms[DMG_MAX_LAYERS][DIRECTIONS];
    pooling pool; /* of the top layer's states */
} network_stream;

typedef struct network {
    dmg_architecture architecture;
    network_stream streams[DMG_STREAM_KINDS];
    dense dense[DMG_MAX_DENSE];
    batch_norm norms[DMG_MAX_DENSE]; /* of what the dense layers read, where the spec says so */
    size_t parameters;               /* length of the block */
    size_t averages;                 /* how many of them are averages, which are not trained */
    size_t feature_mean;             /* offsets: [feature_count] each, not trained either */
    size_t feature_deviation;
    size_t feature_edges; /* [feature_count][feature_bins + 1], if there are bins */
    size_t tensor_count;
    network_tensor tensors[NETWORK_MAX_TENSORS];
} network;

/* What the network reads of one sequence: tokens[s][0 .. steps[s]) for stream s of the
 * architecture. A stream may be empty; its output is then zero. The tokens of a contact map are its
 * pixels. */
typedef struct network_sample {
    const uint8_t *tokens[DMG_STREAM_KINDS];
    size_t steps[DMG_STREAM_KINDS];
    float features[DMG_FEATURES]; /* in the order of the architecture; NaN where not defined */
    const real *feature_values;   /* [network_features_width] to be read in their place; or NULL */
} network_sample;

/* Lays out the parameters of an architecture that has been checked. */
void network_init(network *net, const dmg_architecture *architecture);

/* The activation of the output layer. */
activation network_output(const network *net);

/* Parameters that are trained: all but averages and what features are fitted by. */
size_t network_trained(const network *net);

/* Width of input `source` of a dense layer: a stream's output, an earlier dense layer, or the
 * features. */
size_t network_source_width(const network *net, int source);

/* Values that the features give dense layers; what is kept of the training's records for that. */
size_t network_features_width(const dmg_architecture *architecture);
size_t network_features_fitted(const dmg_architecture *architecture);

/* Width of all stream outputs, one after the other, and after them the features. */
size_t network_stream_outputs_width(const network *net);

/* LSTM layers of a stream: of a contact map none. */
static inline size_t network_lstm_layers(const network_stream *stream)
{
    return stream->contact_map ? 0 : stream->layers;
}

/* Pixels of a contact map. */
size_t network_pixels(const network_stream *stream);

/* Initial weights; each layer draws from a random stream of its own. */
void network_initial(real *params, const network *net, uint64_t seed);

#endif
