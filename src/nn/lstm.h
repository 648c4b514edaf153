/* SPDX-License-Identifier: MIT */
/* Long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000),
 * as Keras had it in 2016: hard-sigmoid gates, tanh candidate and output, no peepholes.
 *
 *     a_t = x_t kernel + h_{t-1} recurrent + bias                    [4H]: gates i, f, g, o
 *     i, f, o = hard_sigmoid(a)   g = tanh(a)
 *     c_t = f * c_{t-1} + i * g   h_t = o * tanh(c_t)                h_{-1} = c_{-1} = 0
 *
 * This is the one place where the gate order is stated: input, forget, candidate, output.
 */
#ifndef DMG_NN_LSTM_H
#define DMG_NN_LSTM_H

#include <stdbool.h>
#include <stddef.h>

#include "nn/real.h"

enum { LSTM_INPUT, LSTM_FORGET, LSTM_CANDIDATE, LSTM_OUTPUT, LSTM_GATES };

enum { LSTM_MAX_UNITS = 128 };

typedef struct lstm {
    size_t inputs;    /* I */
    size_t units;     /* H */
    size_t kernel;    /* offsets in the parameter block: [I][4H] */
    size_t recurrent; /* [H][4H] */
    size_t bias;      /* [4H] */
    bool reversed;    /* reads its input from the last step to the first */
} lstm;

/* What a forward pass leaves for the backward pass, and for those who want to look inside; steps in
 * the order of the input, also when the layer reads it reversed. Rows t + 1 of cell and hidden hold
 * step t: the first and the last row are zero, the state before the first step in either direction.
 */
typedef struct lstm_trace {
    real *gates;  /* [T][4][H] after their activations */
    real *tanh_c; /* [T][H] */
    real *cell;   /* [1 + T + 1][H] */
    real *hidden; /* [1 + T + 1][width], of which H are this layer's */
    size_t width; /* H, or 2H where both directions put out their states side by side */
} lstm_trace;

/* The row of cell and hidden that holds the step before t in reading order. */
static inline size_t lstm_row_before(const lstm *layer, size_t t)
{
    return layer->reversed ? t + 2 : t;
}

/* The k-th step in reading order. */
static inline size_t lstm_step(const lstm *layer, size_t k, size_t steps)
{
    return layer->reversed ? steps - 1 - k : k;
}

/* clip(0.2 a + 0.5, 0, 1), and its derivative given its value. */
real hard_sigmoid(real a);
real hard_sigmoid_slope(real value);

/* Fills `trace` from x [T][I]. */
void lstm_forward(const lstm_trace *trace, const lstm *layer, const real *params, const real *x,
                  size_t steps);

/* From dhidden [T][width], the gradient that each hidden state gets from outside this layer, of
 * which the first H are this layer's: adds to `grads` (shaped like params) and, unless dx is NULL,
 * to dx [T][I]. `scratch` holds 6H. */
void lstm_backward(real *grads, real *dx, const lstm *layer, const real *params, const real *x,
                   size_t steps, const lstm_trace *trace, const real *dhidden, real *scratch);

#endif
