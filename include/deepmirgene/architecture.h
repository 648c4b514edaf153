/* SPDX-License-Identifier: MIT */
/* The shape of a network, as data.
 *
 * Token streams (encode.h) are embedded and read by recurrent layers; dense layers combine their
 * outputs. A model file carries its architecture as JSON; the same JSON, in a file, describes a
 * network to train. The paper's network, "deepmirgene-2016":
 *
 *     {"id": "deepmirgene-2016",
 *      "streams": [
 *        {"name": "sequence", "embedding": 4, "units": [10], "bidirectional": false},
 *        {"name": "forward",  "embedding": 3, "units": [10], "bidirectional": false},
 *        {"name": "backward", "embedding": 3, "units": [10], "bidirectional": false}],
 *      "dense": [
 *        {"name": "sequence_dense",  "inputs": ["sequence"], "units": 2,
 *         "activation": "sigmoid", "dropout": 0.2},
 *        {"name": "structure_dense", "inputs": ["forward", "backward"], "units": 2,
 *         "activation": "sigmoid", "dropout": 0.2},
 *        {"name": "output", "inputs": ["sequence_dense", "structure_dense"], "units": 2,
 *         "activation": "sigmoid", "dropout": 0}]}
 *
 * The paper does not say which dense layers have its dropout of 0.2; here it is on those that read
 * LSTMs (doc/models.md gives its cost on the last one).
 *
 * The stream of base pairs is a contact map (encode.h), read by convolutions:
 *
 *     {"name": "pairs", "grid": 32, "filters": [8, 8, 8]}
 *
 * "filters" lists those of stacked layers, first to last: 3 x 3 kernels, the rectifier, and of each
 * 2 x 2 block the largest, so that each layer halves the grid. A dense layer reads all outputs of
 * the last one, at most 2 DMG_MAX_UNITS values.
 *
 * "units" lists the LSTM units of stacked layers, first to last; a bidirectional layer has that
 * many in each direction. "pooling" lists summaries of the hidden states of the last layer, of both
 * directions: "last" (the final state of each direction; the default), "attention" (their mean
 * weighted by a softmax over the steps of query . state, with a learned query), "mean", "max" (of
 * each unit); several are concatenated in this order.
 *
 * A dense layer reads the concatenation of its inputs: streams, dense layers listed before it, or
 * "features", numbers that describe the sequence (encode.h). An architecture lists its features
 * beside its streams:
 *
 *     "features": ["mfe_per_length", "paired_fraction", "gc"]
 *
 * They are scaled to mean 0 and deviation 1 over the training's records, and the model keeps the
 * scale. A feature that is not defined, such as the energy of a structure with impossible pairs,
 * counts as the mean. With "feature_bins": B each is followed by B numbers, of which the k-th is
 * its position in the k-th bin, from 0 to 1. The bins hold equally many of the training's records
 * (piecewise linear encoding: Gorishniy, Rubachev & Babenko 2022, NeurIPS), so that a dense layer
 * can set a threshold at any of their edges.
 *
 * "dropout" is the rate on these inputs during training. With "batch_norm": true (default false)
 * they are normalised over the mini-batch (Ioffe & Szegedy 2015), before any dropout. "activation"
 * is one of "sigmoid", "tanh", "relu" and "softmax". The last dense layer is the output and has two
 * units, p_mirna and p_other. Its activation is "sigmoid" or "softmax", which makes their sum 1; no
 * other layer may have "softmax".
 */
#ifndef DMG_ARCHITECTURE_H
#define DMG_ARCHITECTURE_H

#include <stdbool.h>

#include "deepmirgene/encode.h"
#include "deepmirgene/status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define DMG_NAME_CAPACITY 64 /* bytes of a name, NUL included: letters, digits, '_', '-' */
#define DMG_MAX_LAYERS    8  /* stacked LSTM layers of a stream */
#define DMG_MAX_DENSE     8
#define DMG_MAX_UNITS     128 /* of an LSTM layer, of a dense layer, of an embedding */
#define DMG_OUTPUTS       2   /* p_mirna, p_other */

typedef enum dmg_pooling {
    DMG_POOL_LAST = 1,
    DMG_POOL_ATTENTION = 2,
    DMG_POOL_MEAN = 4,
    DMG_POOL_MAX = 8,
} dmg_pooling;

typedef struct dmg_stream_spec {
    dmg_stream_kind kind;
    int embedding;             /* size of its vectors, 1 .. DMG_MAX_UNITS */
    int layers;                /* 1 .. DMG_MAX_LAYERS */
    int units[DMG_MAX_LAYERS]; /* 1 .. DMG_MAX_UNITS each; of a contact map, the filters */
    bool bidirectional;
    unsigned pooling; /* a set of dmg_pooling; 0: DMG_POOL_LAST */
    int grid; /* of a contact map: 2^layers .. DMG_MAX_GRID, a multiple of 2^layers; else 0 */
} dmg_stream_spec;

typedef enum dmg_activation {
    DMG_ACTIVATION_SIGMOID,
    DMG_ACTIVATION_TANH,
    DMG_ACTIVATION_RELU,
    DMG_ACTIVATION_SOFTMAX, /* of the output only */
} dmg_activation;

/* Indices of the inputs of a dense layer: s is stream s, streams + d is dense layer d, and this. */
#define DMG_MAX_FEATURE_BINS 32
#define DMG_INPUT_FEATURES   (DMG_STREAM_KINDS + DMG_MAX_DENSE)
#define DMG_MAX_INPUTS       (DMG_INPUT_FEATURES + 1)

typedef struct dmg_dense_spec {
    char name[DMG_NAME_CAPACITY];
    dmg_activation activation;
    int input_count; /* >= 1 */
    int inputs[DMG_MAX_INPUTS];
    int units;       /* 1 .. DMG_MAX_UNITS */
    double dropout;  /* rate on its inputs, 0 <= rate < 1 */
    bool batch_norm; /* normalises its inputs */
} dmg_dense_spec;

typedef struct dmg_architecture {
    char id[DMG_NAME_CAPACITY];
    int stream_count; /* >= 1; each kind at most once */
    dmg_stream_spec streams[DMG_STREAM_KINDS];
    int feature_count; /* >= 0; each at most once */
    dmg_feature features[DMG_FEATURES];
    int feature_bins; /* 0 .. DMG_MAX_FEATURE_BINS; 0 without features */
    int dense_count;  /* >= 1 */
    dmg_dense_spec dense[DMG_MAX_DENSE];
} dmg_architecture;

/* The i-th built-in architecture's name, that of the paper ("deepmirgene-2016") first; NULL past
 * the last. They are the files of architectures/. */
DMG_API const char *dmg_architecture_builtin(size_t i);

/* A built-in architecture by name, else one from a JSON file. */
DMG_API dmg_status dmg_architecture_load(dmg_architecture *out, const char *name_or_path,
                                         dmg_error *err);

/* Reads the JSON text above; every limit is checked. An unknown stream or activation is
 * DMG_UNSUPPORTED, an unknown key DMG_FORMAT. */
DMG_API dmg_status dmg_architecture_parse(dmg_architecture *out, const char *json, dmg_error *err);

/* The same as JSON text on one line, to be freed by the caller; NULL if memory is exhausted. */
DMG_API char *dmg_architecture_print(const dmg_architecture *architecture);

#ifdef __cplusplus
}
#endif

#endif
