/* SPDX-License-Identifier: MIT */
/* Groups of samples: the scalar way, and the choice between the two. */
#include "model/network_group.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/network_group_lanes.h"

struct network_weights {
    const network *net;
    const float *params;  /* [net->parameters] */
    lanes_weights *lanes; /* NULL: scalar */
};

struct network_group {
    const network_weights *weights;
    lanes_group *lanes;                       /* or, where it is NULL: */
    network_workspace *scalar[NETWORK_GROUP]; /* one a sample, for the backward pass */
};

static_assert((int)NETWORK_GROUP == (int)LANES, "a group fills a vector");

/* --- weights --- */

dmg_status network_weights_create(network_weights **out, const network *net, dmg_cpu cpu,
                                  dmg_error *err)
{
    const lanes_kernels *kernels = lanes_kernels_for(cpu);
    network_weights *weights = dmg_alloc_zero(1, sizeof *weights);
    if (!weights) return dmg_error_nomem(err, "the network's weights");
    weights->net = net;
    const dmg_status st =
        kernels ? lanes_weights_create(&weights->lanes, net, kernels, err) : DMG_OK;
    if (st == DMG_OK)
        *out = weights;
    else
        network_weights_destroy(weights);
    return st;
}

void network_weights_destroy(network_weights *weights)
{
    if (!weights) return;
    lanes_weights_destroy(weights->lanes);
    free(weights);
}

void network_weights_set(network_weights *weights, const float *params)
{
    weights->params = params;
    if (weights->lanes) lanes_weights_set(weights->lanes, params);
}

size_t network_weights_sums(const network_weights *weights)
{
    return weights->lanes ? lanes_weights_sums(weights->lanes) : weights->net->parameters;
}

void network_weights_gradient(float *grads, const network_weights *weights, const float *sums)
{
    if (weights->lanes)
        lanes_weights_gradient(grads, weights->lanes, sums);
    else
        memcpy(grads, sums, weights->net->parameters * sizeof *grads);
}

/* --- groups --- */

dmg_status network_group_create(network_group **out, const network_weights *weights, dmg_error *err)
{
    network_group *group = dmg_alloc_zero(1, sizeof *group);
    if (!group) return dmg_error_nomem(err, "the network's workspace");
    group->weights = weights;
    dmg_status st = DMG_OK;
    if (weights->lanes) {
        st = lanes_group_create(&group->lanes, weights->lanes, err);
    } else {
        for (size_t k = 0; st == DMG_OK && k < NETWORK_GROUP; k++)
            st = network_workspace_create(&group->scalar[k], weights->net, err);
    }
    if (st == DMG_OK)
        *out = group;
    else
        network_group_destroy(group);
    return st;
}

void network_group_destroy(network_group *group)
{
    if (!group) return;
    lanes_group_destroy(group->lanes);
    for (size_t k = 0; k < NETWORK_GROUP; k++) network_workspace_destroy(group->scalar[k]);
    free(group);
}

void network_group_use(network_group *group, const network_weights *weights)
{
    group->weights = weights;
    if (group->lanes) lanes_group_use(group->lanes, weights->lanes);
}

dmg_status network_group_forward(float (*outputs)[DMG_OUTPUTS], network_group *group,
                                 const network_sample *samples, size_t count, dmg_rng *dropout,
                                 dmg_error *err)
{
    if (group->lanes)
        return lanes_group_forward(outputs, group->lanes, samples, count, dropout, err);
    for (size_t k = 0; k < count; k++) {
        network_workspace *ws = group->scalar[dropout ? k : 0];
        const dmg_status st = network_workspace_reserve(ws, &samples[k], err);
        if (st != DMG_OK) return st;
        network_forward(outputs[k], ws, group->weights->params, &samples[k],
                        dropout ? &dropout[k] : NULL);
    }
    return DMG_OK;
}

void network_group_backward(float *sums, network_group *group, const network_sample *samples,
                            size_t count, const float (*da)[DMG_OUTPUTS])
{
    if (group->lanes) {
        lanes_group_backward(sums, group->lanes, count, da);
        return;
    }
    for (size_t k = 0; k < count; k++)
        network_backward(sums, group->scalar[k], group->weights->params, &samples[k], da[k]);
}

dmg_status network_group_streams_forward(float *ends, network_group *group,
                                         const network_sample *samples, size_t count, bool keep,
                                         dmg_error *err)
{
    if (group->lanes)
        return lanes_group_streams_forward(ends, group->lanes, samples, count, keep, err);
    const size_t width = network_ends_width(group->weights->net);
    for (size_t k = 0; k < count; k++) {
        network_workspace *ws = group->scalar[keep ? k : 0];
        const dmg_status st = network_workspace_reserve(ws, &samples[k], err);
        if (st != DMG_OK) return st;
        network_streams_forward(ends + k * width, ws, group->weights->params, &samples[k]);
    }
    return DMG_OK;
}

void network_group_streams_backward(float *sums, network_group *group,
                                    const network_sample *samples, size_t count, const float *dends)
{
    if (group->lanes) {
        lanes_group_streams_backward(sums, group->lanes, count, dends);
        return;
    }
    const size_t width = network_ends_width(group->weights->net);
    for (size_t k = 0; k < count; k++)
        network_streams_backward(sums, group->scalar[k], group->weights->params, &samples[k],
                                 dends + k * width);
}

/* --- who goes with whom --- */

static int compare_waiting(const void *left, const void *right)
{
    const network_waiting *a = left, *b = right;
    if (a->length != b->length) return a->length < b->length ? 1 : -1;
    return (a->index > b->index) - (a->index < b->index);
}

void network_group_sort(network_waiting *waiting, size_t count)
{
    /* A batch of empty records leaves nothing to sort, and then no array. */
    if (count > 0) qsort(waiting, count, sizeof *waiting, compare_waiting);
}
