/* SPDX-License-Identifier: MIT */
/* The network applied to samples: the one way in which predictions, training and explanations use
 * it. The operations of the plan are walked forward, and backward for gradients; at each, the
 * samples go through the level's kernel in passes of as many as it has lanes.
 *
 * What a sample gives does not depend on the others of its batch, to the last bit; only time does:
 * a pass takes as long as its longest sample. The exception is a network that normalises over
 * batches, when it is trained: see below.
 */
#ifndef DMG_MODEL_NETWORK_RUN_H
#define DMG_MODEL_NETWORK_RUN_H

#include "base/rng.h"
#include "model/network.h"
#include "model/network_weights.h"

/* Working memory of one thread; grows with the longest sample. */
typedef struct network_run network_run;

/* For batches of up to `capacity` samples; the weights must outlive it. */
dmg_status network_run_create(network_run **out, const network_weights *weights, size_t capacity,
                              dmg_error *err);
void network_run_destroy(network_run *run);

/* From now on other weights, of the same network and level. */
void network_run_use(network_run *run, const network_weights *weights);

/* outputs [count][DMG_OUTPUTS]. `dropout` NULL: prediction. Otherwise training: dropout[k] draws
 * the masks of samples[k]. Only if `keep`, the backward pass may follow. Fails only for want of
 * memory.
 */
dmg_status network_run_forward(real (*outputs)[DMG_OUTPUTS], network_run *run,
                               const network_sample *samples, size_t count, bool keep,
                               dmg_rng *dropout, dmg_error *err);

/* After that: from da [count][DMG_OUTPUTS], the gradients before the output's activation, adds to
 * sums [units][network_weights_sums], a block for each SUM_UNIT samples (kernels.h) that the passes
 * have lanes for. */
void network_run_backward(real *sums, network_run *run, const real (*da)[DMG_OUTPUTS]);

/* --- the two halves --- */

/* A network that normalises over batches is trained by whole batches: the streams of all samples
 * first, in parts by several threads, then the dense layers over all of them, in one run of C
 * kernels, then the streams backward. Stream outputs follow one another in a row of
 * network_stream_outputs_width, and after them the features. */

/* stream_outputs [count][width] */
dmg_status network_run_streams_forward(real *stream_outputs, network_run *run,
                                       const network_sample *samples, size_t count, bool keep,
                                       dmg_error *err);
void network_run_streams_backward(real *sums, network_run *run, const real *dstream_outputs);

/* Training: normalises over the count samples. */
dmg_status network_run_dense_forward(real (*outputs)[DMG_OUTPUTS], network_run *run,
                                     const real *stream_outputs, size_t count, dmg_rng *dropout,
                                     dmg_error *err);

/* After that: adds to sums [network_weights_sums], one block for all, and writes dstream_outputs,
 * shaped like stream_outputs. */
void network_run_dense_backward(real *sums, real *dstream_outputs, network_run *run,
                                const real (*da)[DMG_OUTPUTS]);

/* Takes the batch into the running averages in params. */
void network_run_average(real *params, const network_run *run);

/* --- looking inside, after a pass of one sample by C kernels --- */

/* What the forward pass made of a source of dense layers, and after the backward pass its gradient.
 * [network_source_width] */
const real *network_run_activation(const network_run *run, int source);
const real *network_run_gradient(const network_run *run, int source);

/* The gradient [T][E] of what stream `s` has embedded. */
const real *network_run_embedded_gradient(const network_run *run, int s);

/* What the forward pass left of an LSTM. */
lstm_trace network_run_trace(const network_run *run, int s, size_t layer, size_t direction);

/* The log odds of p_mirna, log(p / (1 - p)): of the sums before the output layer's activation, so
 * it does not saturate as the probability does. da [DMG_OUTPUTS] gets its gradient, for
 * network_run_backward. */
real network_run_log_odds(real *da, const network_run *run);

/* --- which samples go together --- */

typedef struct network_waiting {
    size_t length, index;
} network_waiting;

/* Sorts by length, the longest first (what takes long should not be what threads begin last), then
 * by index; neighbours make good batches. */
void network_waiting_sort(network_waiting *waiting, size_t count);

#endif
