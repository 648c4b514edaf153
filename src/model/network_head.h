/* SPDX-License-Identifier: MIT */
/* The dense layers over a whole mini-batch, for networks that normalise over it: the samples of
 * such a batch cannot go through the network one by one. The streams are read first, for each
 * sample by itself (network_streams_forward); this is what stands upon them. */
#ifndef DMG_MODEL_NETWORK_HEAD_H
#define DMG_MODEL_NETWORK_HEAD_H

#include "model/network.h"

typedef struct network_head network_head;

/* For batches of up to `capacity` samples; the network must outlive it. */
dmg_status network_head_create(network_head **out, const network *net, size_t capacity,
                               dmg_error *err);
void network_head_destroy(network_head *head);

/* outputs [N][DMG_OUTPUTS] of the batch whose streams ended on ends [N][network_ends_width];
 * dropout[k] draws the masks of sample k. */
void network_head_forward(real (*outputs)[DMG_OUTPUTS], network_head *head, const real *params,
                          const real *ends, size_t samples, dmg_rng *dropout);

/* After network_head_forward of the same batch: from da [N][DMG_OUTPUTS], the
 * gradients before the output's activation, adds to grads (shaped like params) and writes dends,
 * shaped like ends. */
void network_head_backward(real *grads, real *dends, network_head *head, const real *params,
                           const real (*da)[DMG_OUTPUTS]);

/* Takes the batch into the running averages in params. */
void network_head_average(real *params, const network_head *head);

#endif
