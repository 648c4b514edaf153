/* SPDX-License-Identifier: MIT */
/* Long short-term memory: the forward and the backward pass of one layer over one sequence, written
 * plainly; the specification that faster code is tested against.
 *
 * Dimensions: T steps, I inputs, H units.
 */
#include "nn/lstm.h"

#include <string.h>

real hard_sigmoid(real a)
{
    const real y = (real)0.2 * a + (real)0.5;
    return y < 0 ? 0 : y > 1 ? 1 : y;
}

real hard_sigmoid_slope(real value)
{
    return value > 0 && value < 1 ? (real)0.2 : 0;
}

size_t lstm_last_step(const lstm *layer, size_t steps)
{
    return layer->reversed ? 0 : steps - 1;
}

/* The k-th step in reading order. */
static size_t step_at(const lstm *layer, size_t k, size_t steps)
{
    return layer->reversed ? steps - 1 - k : k;
}

/* y[0 .. n) += scale * row[0 .. n) */
static void add_scaled(real *y, real scale, const real *row, size_t n)
{
    for (size_t k = 0; k < n; k++) y[k] += scale * row[k];
}

/* y [rows] = matrix [rows][n] times a [n]. The rows are summed side by side: one after the other,
 * each addition would wait for the one before. */
static void multiply(real *y, const real *matrix, const real *a, size_t rows, size_t n)
{
    memset(y, 0, rows * sizeof *y);
    for (size_t k = 0; k < n; k++)
        for (size_t r = 0; r < rows; r++) y[r] += a[k] * matrix[r * n + k];
}

/* a = x kernel + h recurrent + bias, a [4H]; h is NULL at the first step, where it is zero. */
static void preactivation(real *a, const lstm *layer, const real *params, const real *x,
                          const real *h)
{
    const size_t I = layer->inputs, H = layer->units, G = LSTM_GATES * H;
    memcpy(a, params + layer->bias, G * sizeof *a);
    for (size_t i = 0; i < I; i++) add_scaled(a, x[i], params + layer->kernel + i * G, G);
    if (!h) return;
    for (size_t j = 0; j < H; j++) add_scaled(a, h[j], params + layer->recurrent + j * G, G);
}

void lstm_forward(lstm_trace *trace, const lstm *layer, const real *params, const real *x,
                  size_t steps)
{
    const size_t I = layer->inputs, H = layer->units, G = LSTM_GATES * H;
    const real *h_before = NULL, *c_before = NULL;
    for (size_t k = 0; k < steps; k++) {
        const size_t t = step_at(layer, k, steps);
        real *gate = trace->gates + t * G; /* [4][H] */
        real *c = trace->cell + t * H, *h = trace->hidden + t * H;
        preactivation(gate, layer, params, x + t * I, h_before);
        for (size_t u = 0; u < H; u++) {
            const real i = hard_sigmoid(gate[LSTM_INPUT * H + u]);
            const real f = hard_sigmoid(gate[LSTM_FORGET * H + u]);
            const real g = real_tanh(gate[LSTM_CANDIDATE * H + u]);
            const real o = hard_sigmoid(gate[LSTM_OUTPUT * H + u]);
            c[u] = i * g + (c_before ? f * c_before[u] : 0);
            h[u] = o * real_tanh(c[u]);
            gate[LSTM_INPUT * H + u] = i;
            gate[LSTM_FORGET * H + u] = f;
            gate[LSTM_CANDIDATE * H + u] = g;
            gate[LSTM_OUTPUT * H + u] = o;
        }
        h_before = h;
        c_before = c;
    }
}

/* Turns dh and dc [H] at one step into the gradient of the pre-activations, da [4H], and leaves in
 * dc what reaches the cell of the step before. */
static void gates_backward(real *da, real *dc, const real *dh, const real *gate, const real *c,
                           const real *c_before, size_t H)
{
    for (size_t u = 0; u < H; u++) {
        const real i = gate[LSTM_INPUT * H + u], f = gate[LSTM_FORGET * H + u];
        const real g = gate[LSTM_CANDIDATE * H + u], o = gate[LSTM_OUTPUT * H + u];
        const real squashed = real_tanh(c[u]);
        const real dcell = dc[u] + dh[u] * o * (1 - squashed * squashed);
        da[LSTM_INPUT * H + u] = dcell * g * hard_sigmoid_slope(i);
        da[LSTM_FORGET * H + u] = (c_before ? dcell * c_before[u] : 0) * hard_sigmoid_slope(f);
        da[LSTM_CANDIDATE * H + u] = dcell * i * (1 - g * g);
        da[LSTM_OUTPUT * H + u] = dh[u] * squashed * hard_sigmoid_slope(o);
        dc[u] = dcell * f;
    }
}

/* grads += the outer products of da with bias, x and h_before (NULL: zero). */
static void weights_backward(real *grads, const lstm *layer, const real *da, const real *x,
                             const real *h_before)
{
    const size_t I = layer->inputs, H = layer->units, G = LSTM_GATES * H;
    add_scaled(grads + layer->bias, 1, da, G);
    for (size_t i = 0; i < I; i++) add_scaled(grads + layer->kernel + i * G, x[i], da, G);
    if (!h_before) return;
    for (size_t j = 0; j < H; j++) add_scaled(grads + layer->recurrent + j * G, h_before[j], da, G);
}

void lstm_backward(real *grads, real *dx, const lstm *layer, const real *params, const real *x,
                   size_t steps, const lstm_trace *trace, const real *dhidden, real *scratch)
{
    const size_t I = layer->inputs, H = layer->units, G = LSTM_GATES * H;
    real *da = scratch, *dc = da + G, *dh = dc + H; /* [4H], [H], [H] */
    memset(dc, 0, H * sizeof *dc);
    memset(dh, 0, H * sizeof *dh); /* from the step after, through the recurrent weights */
    for (size_t k = steps; k-- > 0;) {
        const size_t t = step_at(layer, k, steps);
        const size_t before = k > 0 ? step_at(layer, k - 1, steps) : 0;
        const real *c_before = k > 0 ? trace->cell + before * H : NULL;
        const real *h_before = k > 0 ? trace->hidden + before * H : NULL;
        for (size_t u = 0; u < H; u++) dh[u] += dhidden[t * H + u];
        gates_backward(da, dc, dh, trace->gates + t * G, trace->cell + t * H, c_before, H);
        weights_backward(grads, layer, da, x + t * I, h_before);
        multiply(dh, params + layer->recurrent, da, H, G);
        if (dx) multiply(dx + t * I, params + layer->kernel, da, I, G);
    }
}
