/* SPDX-License-Identifier: MIT */
/* The operations of the network as a table of functions, one table for each level of instructions.
 *
 * A kernel takes `lanes` samples side by side: arrays end in [lanes], and lane b of x[t][i] belongs
 * to sample b. Shorter sequences are aligned at their ends, T steps long with the longest. The
 * steps before they begin carry the last token of the table, whose row closes the input and the
 * output gate: a lane that has not begun holds the zero state, and every gradient there is exactly
 * zero. So what a lane computes depends neither on the other lanes nor on T, to the last bit.
 *
 * Gradients are summed for units of SUM_UNIT samples each, whatever the number of lanes: `sums` is
 * the block of the unit that lane 0 belongs to, and the block of the next unit, which 16 lanes
 * reach, begins `stride` further. A unit's sum is the same to the last bit for 8 lanes and for 16.
 *
 * The C table comes first and is complete: one lane, the functions of nn/ as they are. They specify
 * what the others compute, whose results differ by rounding only.
 */
#ifndef DMG_NN_KERNELS_H
#define DMG_NN_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deepmirgene/cpu.h"
#include "nn/dense.h"
#include "nn/embedding.h"
#include "nn/kernels/lstm_packed.h"
#include "nn/lstm.h"
#include "nn/pooling.h"

enum {
    SUM_UNIT = 8,
    MAX_LANES = 16,
};

/* An LSTM and its parameters, as they are and in the form that vectors read. */
typedef struct lstm_weights {
    const lstm *layer;
    const real *params;
    lstm_packed packed; /* where kernels.packed */
} lstm_weights;

/* What an LSTM reads. */
typedef struct lstm_input {
    size_t steps;          /* T > 0 */
    const real *x;         /* [T][I][lanes]; packed weights of the first layer do without */
    const uint8_t *tokens; /* [T][lanes] for packed weights */
    size_t symbols;        /* S: all tokens of lanes that have begun are below */
    bool last_only;        /* backward: dhidden is 0 but for the last step, and only that is read */
} lstm_input;

/* Hidden states to be pooled; steps before a lane begins hold zeros. */
typedef struct pooling_input {
    size_t steps;         /* T */
    const int32_t *begin; /* [lanes], the first step of each lane; T where it has none */
    const real *hidden;   /* [T][W][lanes] */
    real *attended;       /* [T][lanes], attention's part in the pools */
} pooling_input;

typedef struct network_kernels {
    size_t lanes;
    bool packed; /* LSTMs read packed weights, in whose first layer tokens are embedded already, and
                    fill the whole trace only if it is kept */

    /* Fills `trace` (nn/lstm.h, with gates [T][H][4] where weights are packed); unless `keep`, only
     * its hidden states: then `cell` is one row, and `gates` and `tanh_c` are not there. */
    void (*lstm_forward)(const lstm_trace *trace, const lstm_weights *weights,
                         const lstm_input *input, bool keep);

    /* From dhidden [T][trace->width][lanes], of which the first H are this layer's: adds to `sums`
     * and to dx [T][I][lanes] where the layer reads x. The gates of the trace are lost. `scratch`
     * holds lstm_scratch. */
    void (*lstm_backward)(real *sums, size_t stride, real *dx, const lstm_weights *weights,
                          const lstm_input *input, const lstm_trace *trace, const real *dhidden,
                          real *scratch);

    /* As nn/pooling.h: pooled [pooling_width][lanes]. */
    void (*pooling_forward)(real *pooled, const pooling *layer, const real *params,
                            const pooling_input *input);
    void (*pooling_backward)(real *sums, size_t stride, real *dhidden, const pooling *layer,
                             const real *params, const pooling_input *input, const real *pooled,
                             const real *dpooled);

    /* As nn/dense.h: y [O][lanes] from x [I][lanes]. */
    void (*dense_forward)(real *y, const dense *layer, const real *params, const real *x);
    void (*dense_backward)(real *sums, size_t stride, real *dx, const dense *layer,
                           const real *params, const real *x, const real *da);

    /* As nn/activation.h, of y [n][lanes]. */
    void (*activation_backward)(real *dy, activation kind, const real *y, size_t n);
} network_kernels;

/* The kernels of a level that has been resolved. */
network_kernels network_kernels_for(dmg_cpu cpu);

/* Reals that lstm_backward needs: the sums of each lane, and gradients of a step. */
static inline size_t lstm_scratch(const lstm_weights *weights, size_t lanes)
{
    const size_t H = weights->layer->units,
                 rows = weights->packed.sums.symbols + weights->packed.inputs + H;
    return (rows * LSTM_GATES * H + 2 * H) * lanes + 6 * H;
}

#ifdef DMG_HAVE_AVX2
void network_kernels_set_avx2(network_kernels *kernels);
void network_kernels_set_avx512(network_kernels *kernels);
#endif
#ifdef DMG_HAVE_V128
void network_kernels_set_v128(network_kernels *kernels);
#endif

#endif
