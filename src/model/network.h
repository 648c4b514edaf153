/* SPDX-License-Identifier: MIT */
/* The network that an architecture describes: where each layer's parameters stand in one block, and
 * the forward and backward pass of one sample.
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
#include "model/network_picture.h"
#include "nn/batch_norm.h"
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

typedef struct network_stream {
    dmg_stream_kind kind;
    embedding embed;
    size_t layers;     /* of LSTMs; none if the stream is a picture */
    size_t directions; /* 1, or 2 when bidirectional */
    lstm lstms[DMG_MAX_LAYERS][DIRECTIONS];
    pooling pool;            /* of the top layer's states */
    network_picture picture; /* in place of embedding and LSTMs where it has layers */
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
 * architecture. A stream may be empty; it then ends on the zero state. A picture's tokens are its
 * pixels. */
typedef struct network_sample {
    const uint8_t *tokens[DMG_STREAM_KINDS];
    size_t steps[DMG_STREAM_KINDS];
    float features[DMG_FEATURES]; /* in the order of the architecture; NaN where not defined */
} network_sample;

/* Lays out the parameters of an architecture that has been checked. */
void network_init(network *net, const dmg_architecture *architecture);

/* The activation of the output layer. */
activation network_output(const network *net);

/* Parameters that are trained: all but averages and what features are fitted by. */
size_t network_trained(const network *net);

/* Width of input `source` of a dense layer: a stream, an earlier dense layer, or the features. */
size_t network_source_width(const network *net, int source);

/* Values that the features give dense layers; what is kept of the training's records for that. */
size_t network_features_width(const dmg_architecture *architecture);
size_t network_features_fitted(const dmg_architecture *architecture);

/* Initial weights; each layer draws from a random stream of its own. */
void network_initial(real *params, const network *net, uint64_t seed);

/* Working memory for one sample at a time, owned by one thread; grows with the longest sample. */
typedef struct network_workspace network_workspace;

dmg_status network_workspace_create(network_workspace **out, const network *net, dmg_error *err);
void network_workspace_destroy(network_workspace *ws);

/* Makes room for a sample; must succeed before network_forward gets it. */
dmg_status network_workspace_reserve(network_workspace *ws, const network_sample *sample,
                                     dmg_error *err);

/* output [DMG_OUTPUTS]. `dropout` NULL: prediction. Otherwise training: it draws the masks. A
 * network that normalises is trained by whole batches (network_head.h) and only predicts here. */
void network_forward(real *output, network_workspace *ws, const real *params,
                     const network_sample *sample, dmg_rng *dropout);

/* After network_forward of the same sample: from da
 * [DMG_OUTPUTS], the gradient before the activation of the output layer (loss_backward), adds to
 * grads (shaped like params). Where the network normalises, this is the gradient at prediction, and
 * scale and shift of the normalisation get none. */
void network_backward(real *grads, network_workspace *ws, const real *params,
                      const network_sample *sample, const real *da);

/* What the last forward pass made of a source: a stream or, from the number of streams on, a dense
 * layer. [network_source_width] */
const real *network_value(const network_workspace *ws, int source);

/* The two halves of the above, for those who put something else upon the streams: what each of them
 * ends on, one after the other in ends [network_ends_width], and after them the features; and back
 * from its gradient. */
size_t network_ends_width(const network *net);
void network_streams_forward(real *ends, network_workspace *ws, const real *params,
                             const network_sample *sample);
void network_streams_backward(real *grads, network_workspace *ws, const real *params,
                              const network_sample *sample, const real *dends);

/* The log odds of p_mirna, log(p / (1 - p)), after network_forward: of what stands before the
 * output layer's activation, so it does not saturate as the probability does. da [DMG_OUTPUTS] gets
 * its gradient, for network_backward. */
real network_log_odds(real *da, const network_workspace *ws, const real *params);

/* After network_backward: the gradient [T][E] of what stream `s` has embedded. */
const real *network_embedded_gradient(const network_workspace *ws, size_t s);

/* Likewise, of the features with their bins, as the dense layers read them. */
const real *network_feature_gradient(const network_workspace *ws);

/* What the last forward pass left of a layer: stream `s`, its layer and direction. */
const lstm_trace *network_trace(const network_workspace *ws, size_t s, size_t layer,
                                size_t direction);

#endif
