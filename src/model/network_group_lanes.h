/* SPDX-License-Identifier: MIT */
/* Groups of samples that go through the layers side by side, one in each lane of a vector
 * (nn/kernels/kernels.h). Functions are those of network_group.h. */
#ifndef DMG_MODEL_NETWORK_GROUP_LANES_H
#define DMG_MODEL_NETWORK_GROUP_LANES_H

#include "model/network_group.h"
#include "nn/kernels/kernels.h"

typedef struct lanes_weights lanes_weights;

dmg_status lanes_weights_create(lanes_weights **out, const network *net,
                                const lanes_kernels *kernels, dmg_error *err);
void lanes_weights_destroy(lanes_weights *weights);
void lanes_weights_set(lanes_weights *weights, const float *params);
size_t lanes_weights_sums(const lanes_weights *weights);
void lanes_weights_gradient(float *grads, const lanes_weights *weights, const float *sums);

typedef struct lanes_group lanes_group;

dmg_status lanes_group_create(lanes_group **out, const lanes_weights *weights, dmg_error *err);
void lanes_group_destroy(lanes_group *group);
void lanes_group_use(lanes_group *group, const lanes_weights *weights);
dmg_status lanes_group_forward(float (*outputs)[DMG_OUTPUTS], lanes_group *group,
                               const network_sample *samples, size_t count, dmg_rng *dropout,
                               dmg_error *err);
void lanes_group_backward(float *sums, lanes_group *group, size_t count,
                          const float (*da)[DMG_OUTPUTS]);
dmg_status lanes_group_streams_forward(float *ends, lanes_group *group,
                                       const network_sample *samples, size_t count, bool keep,
                                       dmg_error *err);
void lanes_group_streams_backward(float *sums, lanes_group *group, size_t count,
                                  const float *dends);

#endif
