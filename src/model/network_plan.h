/* SPDX-License-Identifier: MIT */
/* The network as a flat list of operations: each reads one slot and fills another, or changes its
 * input in place. Forward they are applied from first to last, backward from last to first
 * (network_run.h).
 *
 *     stream         EMBED, an LSTM for each layer and direction, POOL
 *     contact map    PIXELS, a CONV for each layer, FLATTEN
 *     features       FEATURES
 *     dense layer    GATHER, NORMALISE (where the spec says so), DROP_OUT, DENSE
 */
#ifndef DMG_MODEL_NETWORK_PLAN_H
#define DMG_MODEL_NETWORK_PLAN_H

#include <stdbool.h>

#include "model/network.h"

typedef enum network_op_kind {
    NETWORK_EMBED,    /* tokens -> states */
    NETWORK_LSTM,     /* states -> states */
    NETWORK_POOL,     /* states -> vector */
    NETWORK_PIXELS,   /* tokens -> map */
    NETWORK_CONV,     /* map -> map */
    NETWORK_FLATTEN,  /* map -> vector */
    NETWORK_FEATURES, /* features -> vector */
    NETWORK_GATHER,   /* vectors -> vector */
    NETWORK_NORMALISE,
    NETWORK_DROP_OUT,
    NETWORK_DENSE, /* vector -> vector */
} network_op_kind;

typedef struct network_op {
    network_op_kind kind;
    int index;               /* of the stream, or of the dense layer */
    size_t layer, direction; /* in the stream */
    int input, output;       /* slots */
} network_op;

/* How the values of a slot are laid out for the samples of a pass. */
typedef enum network_slot_kind {
    NETWORK_VECTOR,   /* [width][lanes] */
    NETWORK_EMBEDDED, /* as states; kernels with packed weights do without */
    NETWORK_STATES,   /* [1 + T + 1][width][lanes], the first and the last row zero */
    NETWORK_MAP,      /* [lanes][width] */
} network_slot_kind;

typedef struct network_slot {
    network_slot_kind kind;
    int stream; /* of states and maps */
    size_t width;
    bool last_only; /* of states: only the last step has a gradient of its own */
} network_slot;

enum {
    NETWORK_MAX_SLOTS = DMG_MAX_INPUTS + DMG_MAX_DENSE + DMG_STREAM_KINDS * (1 + DMG_MAX_LAYERS),
    NETWORK_MAX_OPS = DMG_STREAM_KINDS * (2 + DIRECTIONS * DMG_MAX_LAYERS) + 1 + 4 * DMG_MAX_DENSE,
};

/* The first DMG_MAX_INPUTS slots are what dense layers read: slot s the output of stream s and so
 * on, as architecture.h numbers them. Those that an architecture does not use have no width. */
typedef struct network_plan {
    size_t op_count, dense_begin; /* from there on the ops are those of dense layers */
    network_op ops[NETWORK_MAX_OPS];
    int slot_count;
    network_slot slots[NETWORK_MAX_SLOTS];
} network_plan;

void network_plan_init(network_plan *plan, const network *net);

/* The operation of that kind and index; of an LSTM, in that layer and direction. */
const network_op *network_plan_find(const network_plan *plan, network_op_kind kind, int index,
                                    size_t layer, size_t direction);

#endif
