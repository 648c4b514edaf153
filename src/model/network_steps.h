/* SPDX-License-Identifier: MIT */
/* The operations of a plan, applied to the batch of a run. */
#ifndef DMG_MODEL_NETWORK_STEPS_H
#define DMG_MODEL_NETWORK_STEPS_H

#include "model/network_memory.h"

/* An operation on the samples of one pass. */
typedef void network_step(network_run *run, const network_op *op, size_t pass);

/* The tokens of the samples become those of lanes. */
void network_load_streams(network_run *run);

/* Activations of the operation's output from those of its input. */
void network_step_forward(network_run *run, const network_op *op);

/* Adds to run->sums, and gives the gradient of the operation's output to its input. */
void network_step_backward(network_run *run, const network_op *op);

#endif
