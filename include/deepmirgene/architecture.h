/* SPDX-License-Identifier: MIT */
/* The shape of a network, as data.
 *
 * Token streams (encode.h) are embedded and read by recurrent layers; dense layers combine what
 * these end on. A model file carries its architecture as JSON; the same JSON, in a file, describes
 * a network to train. The paper's network, "deepmirgene-2016":
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
 * The paper does not say on which dense layers its dropout of 0.2 sits; here it is on those that
 * read LSTMs (doc/models.md says what it costs on the last one, too).
 *
 * The stream of base pairs is a picture (encode.h), read by convolutions instead:
 *
 *     {"name": "pairs", "grid": 32, "filters": [8, 8, 8]}
 *
 * "filters" lists those of stacked layers, first to last: 3 x 3 kernels, the rectifier, and of each
 * 2 x 2 block the largest, so that each layer halves the grid. All that the last one puts out, at
 * most 2 DMG_MAX_UNITS values, is what a dense layer reads of it.
 *
 * "units" lists the LSTM units of stacked layers, first to last; a bidirectional layer has that
 * many in each direction. "pooling" lists what is made of the hidden states of the last layer, of
 * both directions: "last" (the one that each direction ends on; the same as leaving the key out),
 * "attention" (their mean weighted by a softmax over the steps of query . state, with a learned
 * query), "mean", "max" (of each unit); several stand side by side, in this order.
 *
 * A dense layer reads the concatenation of its inputs: streams, dense layers listed before it, or
 * "features", numbers that sum up the sequence (encode.h). An architecture that has some lists them
 * beside its streams:
 *
 *     "features": ["mfe_per_length", "paired_fraction", "gc"]
 *
 * They are brought to mean 0 and deviation 1 by what they were in the training's records, which the
 * model keeps; one that is not defined, as the energy of a structure with impossible pairs, counts
 * as that mean. With "feature_bins": B each is followed by B numbers, of which the k-th says how
 * far it got through its k-th bin, from 0 to 1: the bins hold equally many of the training's
 * records (piecewise linear encoding: Gorishniy, Rubachev & Babenko 2022, NeurIPS), so that a dense
 * layer can draw a line where the records thin out.
 *
 * "dropout" is the rate on these inputs during training. With "batch_norm": true (false where it is
 * not given) they are normalised over the mini-batch (Ioffe & Szegedy 2015), before any dropout.
 * "activation" is one of "sigmoid", "tanh", "relu" and "softmax". The last dense layer is the
 * output and has two units, p_mirna and p_other: of it alone the activation may be "softmax", which
 * makes their sum 1, and has to be that or "sigmoid".
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
    int units[DMG_MAX_LAYERS]; /* 1 .. DMG_MAX_UNITS each; of a picture, the filters */
    bool bidirectional;
    unsigned pooling; /* a set of dmg_pooling; 0: DMG_POOL_LAST */
    int grid;         /* of a picture: 2^layers .. DMG_MAX_GRID, a multiple of 2^layers; else 0 */
} dmg_stream_spec;

typedef enum dmg_activation {
    DMG_ACTIVATION_SIGMOID,
    DMG_ACTIVATION_TANH,
    DMG_ACTIVATION_RELU,
    DMG_ACTIVATION_SOFTMAX, /* of the output only */
} dmg_activation;

/* Indices of what a dense layer may read: s: stream s; streams + d: dense layer d; and this. */
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

/* By name or, if no built-in architecture has it, from a JSON file. */
DMG_API dmg_status dmg_architecture_load(dmg_architecture *out, const char *name_or_path,
                                         dmg_error *err);

/* Reads the JSON text above; every limit is checked. An unknown stream or activation is
 * DMG_UNSUPPORTED, an unknown key DMG_FORMAT. */
DMG_API dmg_status dmg_architecture_parse(dmg_architecture *out, const char *json, dmg_error *err);

/* The same as JSON text on one line, to be freed by the caller; NULL when memory is out. */
DMG_API char *dmg_architecture_print(const dmg_architecture *architecture);

#ifdef __cplusplus
}
#endif

#endif
