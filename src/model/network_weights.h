/* SPDX-License-Identifier: MIT */
/* Parameters of a network in the form that a level's kernels read, and the sums of gradients that
 * they add up; threads share them. */
#ifndef DMG_MODEL_NETWORK_WEIGHTS_H
#define DMG_MODEL_NETWORK_WEIGHTS_H

#include "base/arena.h"
#include "model/network_plan.h"
#include "nn/kernels/kernels.h"

enum { NETWORK_MAX_BATCH = MAX_LANES };

typedef struct network_weights {
    const network *net;
    network_plan plan;
    network_kernels kernels;
    const real *params;                  /* [net->parameters] */
    lstm_weights lstms[NETWORK_MAX_OPS]; /* of the LSTMs among the ops of the plan */
    size_t sums;                         /* length of a block of sums */
    dmg_arena arena;
} network_weights;

/* `cpu` has been resolved; the network must outlive the weights. */
dmg_status network_weights_create(network_weights **out, const network *net, dmg_cpu cpu,
                                  dmg_error *err);
void network_weights_destroy(network_weights *weights);

/* Samples that fill the lanes of the level, and whole units of sums: at most NETWORK_MAX_BATCH. */
size_t network_weights_batch(const network_weights *weights);

/* Takes over params [net->parameters], which must stay as they are until the next call. */
void network_weights_set(network_weights *weights, const real *params);

/* Gradients are added up in blocks of a form of the level's own, `network_weights_sums` long, and
 * turned into grads [net->parameters], which is overwritten, once all is summed. */
size_t network_weights_sums(const network_weights *weights);
void network_weights_gradient(real *grads, const network_weights *weights, const real *sums);

#endif
