/* SPDX-License-Identifier: MIT */
/* The network over groups of samples: the one way in which predictions and training use it. At
 * DMG_CPU_SCALAR a group is a loop over network_forward and network_backward, the specification; at
 * other levels its samples go through the layers side by side (network_group_lanes.h).
 *
 * What a sample gives does not depend on its group, to the last bit; only time does: a group takes
 * as long as its longest sample.
 */
#ifndef DMG_MODEL_NETWORK_GROUP_H
#define DMG_MODEL_NETWORK_GROUP_H

#include "deepmirgene/cpu.h"
#include "model/network.h"

enum { NETWORK_GROUP = 8 }; /* samples of a full group */

/* Parameters in the form that the level wants; threads share them. */
typedef struct network_weights network_weights;

/* `cpu` has been resolved; the network must outlive the weights. */
dmg_status network_weights_create(network_weights **out, const network *net, dmg_cpu cpu,
                                  dmg_error *err);
void network_weights_destroy(network_weights *weights);

/* Takes over params [net->parameters], which must stay as they are until the next call. */
void network_weights_set(network_weights *weights, const float *params);

/* Gradients are added up in a form of the level's own, `network_weights_sums` floats long, and
 * turned into grads [net->parameters], which is overwritten, once all is summed. */
size_t network_weights_sums(const network_weights *weights);
void network_weights_gradient(float *grads, const network_weights *weights, const float *sums);

/* Working memory for one group at a time, owned by one thread; grows with the longest sample. The
 * weights must outlive it. */
typedef struct network_group network_group;

dmg_status network_group_create(network_group **out, const network_weights *weights,
                                dmg_error *err);
void network_group_destroy(network_group *group);

/* From now on the group goes through other weights, of the same network and level. */
void network_group_use(network_group *group, const network_weights *weights);

/* outputs [count][DMG_OUTPUTS], 1 <= count <= NETWORK_GROUP. `dropout` NULL: prediction. Otherwise
 * training: dropout[k] draws the masks of samples[k], and the backward pass may follow. Fails only
 * for want of memory. */
dmg_status network_group_forward(float (*outputs)[DMG_OUTPUTS], network_group *group,
                                 const network_sample *samples, size_t count, dmg_rng *dropout,
                                 dmg_error *err);

/* After network_group_forward of the same samples in training: from da [count][DMG_OUTPUTS], the
 * gradients before the output's activation, adds to `sums`. */
void network_group_backward(float *sums, network_group *group, const network_sample *samples,
                            size_t count, const float (*da)[DMG_OUTPUTS]);

/* The streams alone, as network_streams_forward and network_streams_backward: `ends` and `dends`
 * are [count][network_ends_width]. Only what was kept allows the backward pass. */
dmg_status network_group_streams_forward(float *ends, network_group *group,
                                         const network_sample *samples, size_t count, bool keep,
                                         dmg_error *err);
void network_group_streams_backward(float *sums, network_group *group,
                                    const network_sample *samples, size_t count,
                                    const float *dends);

/* --- who goes with whom --- */

/* A sample waiting for its group. */
typedef struct network_waiting {
    size_t length, index;
} network_waiting;

/* Sorts by length, the longest first (what takes long should not be what threads begin last), then
 * by index; neighbours make good groups. */
void network_group_sort(network_waiting *waiting, size_t count);

#endif
