/* SPDX-License-Identifier: MIT */
/* The plan of a network. */
#include "model/network_plan.h"

#include <string.h>

static int add_slot(network_plan *plan, network_slot_kind kind, int stream, size_t width)
{
    plan->slots[plan->slot_count] = (network_slot){.kind = kind, .stream = stream, .width = width};
    return plan->slot_count++;
}

static void add_op(network_plan *plan, network_op op)
{
    plan->ops[plan->op_count++] = op;
}

static void plan_stream(network_plan *plan, const network_stream *stream, int s)
{
    int below = add_slot(plan, NETWORK_EMBEDDED, s, stream->embed.size);
    add_op(plan, (network_op){.kind = NETWORK_EMBED, .index = s, .output = below});
    for (size_t l = 0; l < stream->layers; l++) {
        const size_t width = stream->directions * stream->lstms[l][0].units;
        const int states = add_slot(plan, NETWORK_STATES, s, width);
        for (size_t d = 0; d < stream->directions; d++)
            add_op(plan, (network_op){NETWORK_LSTM, s, l, d, below, states});
        below = states;
    }
    plan->slots[below].last_only = stream->directions == 1 && stream->pool.kinds == 1U << POOL_LAST;
    add_op(plan, (network_op){.kind = NETWORK_POOL, .index = s, .input = below, .output = s});
}

static void plan_contact_map(network_plan *plan, const network_stream *stream, int s)
{
    int below = add_slot(plan, NETWORK_MAP, s, network_pixels(stream));
    add_op(plan, (network_op){.kind = NETWORK_PIXELS, .index = s, .output = below});
    for (size_t l = 0; l < stream->layers; l++) {
        const int map = add_slot(plan, NETWORK_MAP, s, conv_outputs(&stream->convs[l]));
        add_op(plan, (network_op){NETWORK_CONV, s, l, 0, below, map});
        below = map;
    }
    add_op(plan, (network_op){.kind = NETWORK_FLATTEN, .index = s, .input = below, .output = s});
}

static void plan_dense(network_plan *plan, const network *net, int d)
{
    const int input = add_slot(plan, NETWORK_VECTOR, 0, net->dense[d].inputs);
    network_op op = {.kind = NETWORK_GATHER, .index = d, .output = input};
    add_op(plan, op);
    op.input = input;
    if (net->architecture.dense[d].batch_norm) {
        op.kind = NETWORK_NORMALISE;
        add_op(plan, op);
    }
    op.kind = NETWORK_DROP_OUT;
    add_op(plan, op);
    op.kind = NETWORK_DENSE;
    op.output = net->architecture.stream_count + d;
    add_op(plan, op);
}

void network_plan_init(network_plan *plan, const network *net)
{
    const int streams = net->architecture.stream_count, layers = net->architecture.dense_count;
    memset(plan, 0, sizeof *plan);
    plan->slot_count = DMG_MAX_INPUTS;
    for (int k = 0; k < streams + layers; k++) plan->slots[k].width = network_source_width(net, k);
    plan->slots[DMG_INPUT_FEATURES].width = network_source_width(net, DMG_INPUT_FEATURES);
    for (int s = 0; s < streams; s++)
        if (net->streams[s].contact_map)
            plan_contact_map(plan, &net->streams[s], s);
        else
            plan_stream(plan, &net->streams[s], s);
    add_op(plan, (network_op){.kind = NETWORK_FEATURES, .output = DMG_INPUT_FEATURES});
    plan->dense_begin = plan->op_count;
    for (int d = 0; d < layers; d++) plan_dense(plan, net, d);
}

const network_op *network_plan_find(const network_plan *plan, network_op_kind kind, int index,
                                    size_t layer, size_t direction)
{
    const network_op *op = plan->ops;
    while (op->kind != kind || op->index != index || op->layer != layer ||
           op->direction != direction)
        op++;
    return op;
}
