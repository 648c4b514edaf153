/* SPDX-License-Identifier: MIT */
/* Weights of a level. A block of sums begins with a block shaped like the parameters; where LSTMs
 * are packed, their sums follow it.
 */
#include "model/network_weights.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "deepmirgene/encode.h"

static_assert(DMG_TOKEN_ANY + 1 < TABLE_TOKENS && DMG_TOKEN_ANY_PAIRED + 1 < TABLE_TOKENS_WIDE,
              "the token tables have a column for every token, and one more");

/* The k-th op's LSTM; NULL if it is none. */
static const lstm *lstm_of(const network_weights *weights, size_t k)
{
    const network_op *op = &weights->plan.ops[k];
    if (op->kind != NETWORK_LSTM) return NULL;
    return &weights->net->streams[op->index].lstms[op->layer][op->direction];
}

static const embedding *embedding_of(const network_weights *weights, size_t k)
{
    return &weights->net->streams[weights->plan.ops[k].index].embed;
}

static void place(network_weights *weights)
{
    weights->sums = weights->net->parameters;
    for (size_t k = 0; k < weights->plan.op_count; k++) {
        const lstm *layer = lstm_of(weights, k);
        weights->lstms[k].layer = layer;
        if (layer && weights->kernels.packed)
            lstm_packed_place(&weights->lstms[k].packed, layer, embedding_of(weights, k),
                              weights->plan.ops[k].layer == 0, &weights->sums, &weights->arena);
    }
}

dmg_status network_weights_create(network_weights **out, const network *net, dmg_cpu cpu,
                                  dmg_error *err)
{
    network_weights *weights = dmg_alloc_zero(1, sizeof *weights);
    if (!weights) return dmg_error_nomem(err, "the network's weights");
    weights->net = net;
    weights->kernels = network_kernels_for(cpu);
    network_plan_init(&weights->plan, net);
    place(weights);
    if (!dmg_arena_alloc(&weights->arena)) {
        free(weights);
        return dmg_error_nomem(err, "the network's weights");
    }
    place(weights);
    *out = weights;
    return DMG_OK;
}

void network_weights_destroy(network_weights *weights)
{
    if (!weights) return;
    dmg_arena_clear(&weights->arena);
    free(weights);
}

size_t network_weights_batch(const network_weights *weights)
{
    return weights->kernels.lanes > SUM_UNIT ? weights->kernels.lanes : SUM_UNIT;
}

void network_weights_set(network_weights *weights, const real *params)
{
    weights->params = params;
    for (size_t k = 0; k < weights->plan.op_count; k++) {
        lstm_weights *own = &weights->lstms[k];
        own->params = params;
        if (own->layer && weights->kernels.packed)
            lstm_packed_set(&own->packed, own->layer, embedding_of(weights, k), params);
    }
}

size_t network_weights_sums(const network_weights *weights)
{
    return weights->sums;
}

void network_weights_gradient(real *grads, const network_weights *weights, const real *sums)
{
    memcpy(grads, sums, weights->net->parameters * sizeof *grads);
    for (size_t k = 0; k < weights->plan.op_count; k++) {
        const lstm_weights *own = &weights->lstms[k];
        if (own->layer && weights->kernels.packed)
            lstm_packed_gradient(grads, &own->packed, own->layer, embedding_of(weights, k),
                                 weights->params, sums);
    }
}
