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

/* What a forward pass leaves for the backward pass, and for whoever wants to look inside; steps in
 * the order of the input, also when the layer reads it reversed. */
typedef struct lstm_trace {
    real *gates;  /* [T][4H] after their activations */
    real *cell;   /* [T][H] */
    real *hidden; /* [T][H] */
} lstm_trace;

/* clip(0.2 a + 0.5, 0, 1), and its derivative told from its value. */
real hard_sigmoid(real a);
real hard_sigmoid_slope(real value);

/* Fills `trace` from x [T][I]. */
void lstm_forward(lstm_trace *trace, const lstm *layer, const real *params, const real *x,
                  size_t steps);

/* Index of the step whose hidden state the layer ends on: T-1, or 0 when reversed. T > 0. */
size_t lstm_last_step(const lstm *layer, size_t steps);

/* From dhidden [T][H], the gradient that each hidden state gets from outside this layer: adds to
 * `grads` (shaped like params) and, unless dx is NULL, writes dx [T][I]. `scratch` holds 6H. */
void lstm_backward(real *grads, real *dx, const lstm *layer, const real *params, const real *x,
                   size_t steps, const lstm_trace *trace, const real *dhidden, real *scratch);

#endif
