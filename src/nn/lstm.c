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

/* y[0 .. n) += scale * row[0 .. n) */
static void add_scaled(real *y, real scale, const real *row, size_t n)
{
    for (size_t k = 0; k < n; k++) y[k] += scale * row[k];
}

/* y [rows] += matrix [rows][n] times a [n]. The rows are summed side by side: one after the other,
 * each addition would wait for the one before. */
static void add_product(real *y, const real *matrix, const real *a, size_t rows, size_t n)
{
    for (size_t k = 0; k < n; k++)
        for (size_t r = 0; r < rows; r++) y[r] += a[k] * matrix[r * n + k];
}

/* a [4H] = x kernel + h recurrent + bias */
static void preactivation(real *a, const lstm *layer, const real *params, const real *x,
                          const real *h)
{
    const size_t I = layer->inputs, H = layer->units, G = LSTM_GATES * H;
    memcpy(a, params + layer->bias, G * sizeof *a);
    for (size_t i = 0; i < I; i++) add_scaled(a, x[i], params + layer->kernel + i * G, G);
    for (size_t j = 0; j < H; j++) add_scaled(a, h[j], params + layer->recurrent + j * G, G);
}

/* Turns the pre-activations in gate [4][H] into the gates and fills c, tanh_c and h [H]. */
static void cell_forward(real *gate, real *c, real *tanh_c, real *h, const real *c_before, size_t H)
{
    for (size_t u = 0; u < H; u++) {
        const real i = hard_sigmoid(gate[LSTM_INPUT * H + u]);
        const real f = hard_sigmoid(gate[LSTM_FORGET * H + u]);
        const real g = real_tanh(gate[LSTM_CANDIDATE * H + u]);
        const real o = hard_sigmoid(gate[LSTM_OUTPUT * H + u]);
        c[u] = i * g + f * c_before[u];
        tanh_c[u] = real_tanh(c[u]);
        h[u] = o * tanh_c[u];
        gate[LSTM_INPUT * H + u] = i;
        gate[LSTM_FORGET * H + u] = f;
        gate[LSTM_CANDIDATE * H + u] = g;
        gate[LSTM_OUTPUT * H + u] = o;
    }
}

void lstm_forward(const lstm_trace *trace, const lstm *layer, const real *params, const real *x,
                  size_t steps)
{
    const size_t I = layer->inputs, H = layer->units, W = trace->width;
    memset(trace->cell, 0, H * sizeof *trace->cell);
    memset(trace->cell + (steps + 1) * H, 0, H * sizeof *trace->cell);
    memset(trace->hidden, 0, H * sizeof *trace->hidden);
    memset(trace->hidden + (steps + 1) * W, 0, H * sizeof *trace->hidden);
    for (size_t k = 0; k < steps; k++) {
        const size_t t = lstm_step(layer, k, steps), before = lstm_row_before(layer, t);
        real *gate = trace->gates + t * LSTM_GATES * H;
        preactivation(gate, layer, params, x + t * I, trace->hidden + before * W);
        cell_forward(gate, trace->cell + (t + 1) * H, trace->tanh_c + t * H,
                     trace->hidden + (t + 1) * W, trace->cell + before * H, H);
    }
}

/* Turns dh and dc [H] at one step into the gradient of the pre-activations, da [4H], and leaves in
 * dc what reaches the cell of the step before. */
static void cell_backward(real *da, real *dc, const real *dh, const real *gate, const real *tanh_c,
                          const real *c_before, size_t H)
{
    for (size_t u = 0; u < H; u++) {
        const real i = gate[LSTM_INPUT * H + u], f = gate[LSTM_FORGET * H + u];
        const real g = gate[LSTM_CANDIDATE * H + u], o = gate[LSTM_OUTPUT * H + u];
        const real dcell = dc[u] + dh[u] * o * (1 - tanh_c[u] * tanh_c[u]);
        da[LSTM_INPUT * H + u] = dcell * g * hard_sigmoid_slope(i);
        da[LSTM_FORGET * H + u] = dcell * c_before[u] * hard_sigmoid_slope(f);
        da[LSTM_CANDIDATE * H + u] = dcell * i * (1 - g * g);
        da[LSTM_OUTPUT * H + u] = dh[u] * tanh_c[u] * hard_sigmoid_slope(o);
        dc[u] = dcell * f;
    }
}

/* grads += the outer products of da with bias, x and h_before. */
static void weights_backward(real *grads, const lstm *layer, const real *da, const real *x,
                             const real *h_before)
{
    const size_t I = layer->inputs, H = layer->units, G = LSTM_GATES * H;
    add_scaled(grads + layer->bias, 1, da, G);
    for (size_t i = 0; i < I; i++) add_scaled(grads + layer->kernel + i * G, x[i], da, G);
    for (size_t j = 0; j < H; j++) add_scaled(grads + layer->recurrent + j * G, h_before[j], da, G);
}

void lstm_backward(real *grads, real *dx, const lstm *layer, const real *params, const real *x,
                   size_t steps, const lstm_trace *trace, const real *dhidden, real *scratch)
{
    const size_t I = layer->inputs, H = layer->units, G = LSTM_GATES * H, W = trace->width;
    real *da = scratch, *dc = da + G, *dh = dc + H; /* [4H], [H], [H] */
    memset(dc, 0, H * sizeof *dc);
    memset(dh, 0, H * sizeof *dh); /* from the step after, through the recurrent weights */
    for (size_t k = steps; k-- > 0;) {
        const size_t t = lstm_step(layer, k, steps), before = lstm_row_before(layer, t);
        add_scaled(dh, 1, dhidden + t * W, H);
        cell_backward(da, dc, dh, trace->gates + t * G, trace->tanh_c + t * H,
                      trace->cell + before * H, H);
        weights_backward(grads, layer, da, x + t * I, trace->hidden + before * W);
        memset(dh, 0, H * sizeof *dh);
        add_product(dh, params + layer->recurrent, da, H, G);
        if (dx) add_product(dx + t * I, params + layer->kernel, da, I, G);
    }
}
