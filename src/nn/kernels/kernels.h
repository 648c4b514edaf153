/* SPDX-License-Identifier: MIT */
/* Fast versions of the layers: LANES sequences side by side, one in each lane of a vector.
 *
 * Arrays of the lanes end in [LANES]: lane b of x[t][i] belongs to sequence b. Shorter sequences
 * are aligned at their ends, T steps long with the longest; the steps before they begin carry the
 * last token of the table, whose row shuts the input and the output gate. So a lane that
 * has not begun holds the zero state, and every gradient there is exactly zero: no masks. What a
 * lane computes does not depend on the other lanes or on T, to the last bit.
 *
 * nn/lstm.h and nn/dense.h specify what is computed; the results differ by rounding only.
 */
#ifndef DMG_NN_KERNELS_H
#define DMG_NN_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deepmirgene/cpu.h"
#include "nn/activation.h"
#include "nn/lstm.h"
#include "nn/pooling.h"

enum {
    LANES = 8,
    LANE_TOKENS = 8,       /* rows of a token table, the last one of no token at all */
    LANE_TOKENS_WIDE = 24, /* of one for more symbols */
};

/* The parameters of an LSTM as the kernels read them: gates side by side, [unit][gate]; those of
 * the hard sigmoids scaled by its slope, so that only the clipping is left of them. */
typedef struct lanes_lstm {
    size_t inputs; /* I: what it reads besides the token table; 0 in the first layer */
    size_t units;  /* H */
    bool reversed;
    size_t tokens;     /* LANE_TOKENS or LANE_TOKENS_WIDE */
    float *table;      /* [H][4][tokens]: bias, and in the first layer the input's part */
    float *weight;     /* [I + H][H][4]: of x, then of h */
    float *transposed; /* [H][4][I + H]: the same */
} lanes_lstm;

/* What the forward pass leaves, in the order of the input. */
typedef struct lanes_trace {
    float *gates;        /* [T][H][4][LANES]; backward replaces them by their gradients */
    float *squashed;     /* [T][H][LANES]: tanh(c) */
    float *cell;         /* [1 + T + 1][H][LANES], the first and last row zero */
    float *hidden;       /* [1 + T + 1][hidden_width][LANES], of which H are this layer's; ditto */
    size_t hidden_width; /* 2H where both directions put out their states side by side */
} lanes_trace;

/* What an LSTM reads: LANES sequences of T steps. */
typedef struct lanes_input {
    size_t steps;          /* T > 0 */
    const uint8_t *tokens; /* [T][LANES] */
    const float *x;        /* [T][I][LANES]; NULL if I = 0 */
} lanes_input;

/* Where lstm_backward adds up gradients, for each lane by itself. */
typedef struct lanes_gradient {
    size_t symbols; /* S: tokens 0 .. S-1 have a row each; 1: the same row for all steps */
    float *dtable;  /* [S][H][4][LANES] */
    float *dweight; /* [I + H][H][4][LANES] */
} lanes_gradient;

/* Hidden states to be pooled; steps before a lane begins hold zeros. */
typedef struct lanes_states {
    size_t steps;         /* T > 0 */
    const int32_t *begin; /* [LANES], the first step of each lane; T where it has none */
    const float *hidden;  /* [T][W][LANES] */
    const float *query;   /* [W] */
    float *attended;      /* [T][LANES] */
} lanes_states;

typedef struct lanes_kernels {
    /* Fills `trace`; unless `keep`, only its `hidden` (cell must hold one row all the same). */
    void (*lstm_forward)(const lanes_trace *trace, const lanes_lstm *layer,
                         const lanes_input *input, bool keep);

    /* From what the hidden states get from outside, either dlast [H][LANES] for the last in reading
     * order or dhidden [T][trace->hidden_width][LANES] for all, of which the first H are this
     * layer's; the other is NULL: adds to `gradient` and, if I > 0, to dx [T][I][LANES]. `scratch`
     * holds 2H * LANES. */
    void (*lstm_backward)(const lanes_gradient *gradient, float *dx, const lanes_lstm *layer,
                          const lanes_input *input, const lanes_trace *trace, const float *dlast,
                          const float *dhidden, float *scratch);

    /* The sums y [O][LANES] of x [I][LANES] before the activation; weight [I][O], bias [O]. */
    void (*dense_forward)(float *y, const float *weight, const float *bias, const float *x,
                          size_t inputs, size_t units);

    /* Adds the sums over the lanes to dweight [I][O] and dbias [O]; writes dx [I][LANES]. */
    void (*dense_backward)(float *dweight, float *dbias, float *dx, const float *weight,
                           const float *x, const float *da, size_t inputs, size_t units);

    /* As nn/activation.h: y [n][LANES] from the sums that stand in it, and back from its gradient
     * dy [n][LANES] to theirs. */
    void (*activation_forward)(float *y, activation kind, size_t n);
    void (*activation_backward)(float *dy, activation kind, const float *y, size_t n);

    /* As nn/pooling.h, but for the last states: the pools after them in pooled
     * [pooling_width][LANES], and back from dpooled, shaped like it: adds to dhidden [T][W][LANES]
     * and, summed over the lanes, to dquery [W]. */
    void (*pooling_forward)(float *pooled, const pooling *layer, const lanes_states *states);
    void (*pooling_backward)(float *dquery, float *dhidden, const pooling *layer,
                             const lanes_states *states, const float *pooled, const float *dpooled);

    /* sums [n] += the sums over the lanes of values [n][LANES]; n is a multiple of 4. */
    void (*add_lanes)(float *sums, const float *values, size_t n);

    /* y [n] = tanh(x [n]), n a multiple of LANES: for tests and measurements. */
    void (*tanh)(float *y, const float *x, size_t n);
} lanes_kernels;

/* The kernels of a level that has been resolved; NULL where there are none but the scalar code. */
const lanes_kernels *lanes_kernels_for(dmg_cpu cpu);

#ifdef DMG_HAVE_AVX2
extern const lanes_kernels lanes_kernels_avx2;
#endif

#endif
