/* SPDX-License-Identifier: MIT */
/* Convolution, rectifier and pooling. The forward pass spreads each value of the map over the
 * sums that it has a part in; the backward pass follows each gradient to the one place of four that
 * was passed on.
 */
#include "nn/conv.h"

#include <stdbool.h>
#include <string.h>

enum { CONV_NONE = 4 };

static bool inside(size_t row, size_t column, size_t side)
{
    return row < side && column < side; /* -1 has become the largest number */
}

/* sums [S][S][F]: a of the header. */
static void convolve(real *sums, const conv *layer, const real *params, const real *x)
{
    const size_t S = layer->side, C = layer->inputs, F = layer->filters;
    const real *kernel = params + layer->kernel;
    for (size_t cell = 0; cell < S * S; cell++)
        memcpy(sums + cell * F, params + layer->bias, F * sizeof *sums);
    for (size_t cell = 0; cell < S * S; cell++)
        for (size_t k = 0; k < C; k++) {
            const real value = x[cell * C + k];
            if (value == 0) continue;
            for (size_t i = 0; i < CONV_KERNEL; i++)
                for (size_t j = 0; j < CONV_KERNEL; j++) {
                    const size_t row = cell / S + 1 - i, column = cell % S + 1 - j;
                    if (!inside(row, column, S)) continue;
                    const real *weight = kernel + ((i * CONV_KERNEL + j) * C + k) * F;
                    real *sum = sums + (row * S + column) * F;
                    for (size_t f = 0; f < F; f++) sum[f] += value * weight[f];
                }
        }
}

void conv_forward(const conv_trace *trace, const conv *layer, const real *params, const real *x,
                  real *scratch)
{
    const size_t S = layer->side, F = layer->filters, half = S / 2;
    convolve(scratch, layer, params, x);
    for (size_t cell = 0; cell < half * half; cell++) {
        const real *corner = scratch + (cell / half * 2 * S + cell % half * 2) * F;
        for (size_t f = 0; f < F; f++) {
            real largest = 0;
            uint8_t chosen = CONV_NONE;
            for (uint8_t q = 0; q < CONV_NONE; q++) {
                const real a = corner[(q / 2 * S + q % 2) * F + f];
                if (!(a > largest)) continue;
                largest = a;
                chosen = q;
            }
            trace->output[cell * F + f] = largest;
            trace->chosen[cell * F + f] = chosen;
        }
    }
}

/* The gradient `da` of a[row][column][f], carried to all that the sum was made of. */
static void spread(real *grads, real *dx, const conv *layer, const real *params, const real *x,
                   size_t row, size_t column, size_t f, real da)
{
    const size_t S = layer->side, C = layer->inputs, F = layer->filters;
    const real *kernel = params + layer->kernel;
    real *dkernel = grads + layer->kernel;
    grads[layer->bias + f] += da;
    for (size_t i = 0; i < CONV_KERNEL; i++)
        for (size_t j = 0; j < CONV_KERNEL; j++) {
            if (!inside(row + i - 1, column + j - 1, S)) continue;
            const size_t from = ((row + i - 1) * S + column + j - 1) * C;
            const size_t weight = (i * CONV_KERNEL + j) * C * F + f;
            for (size_t k = 0; k < C; k++) dkernel[weight + k * F] += x[from + k] * da;
            if (!dx) continue;
            for (size_t k = 0; k < C; k++) dx[from + k] += kernel[weight + k * F] * da;
        }
}

void conv_backward(real *grads, real *dx, const conv *layer, const real *params, const real *x,
                   const conv_trace *trace, const real *dy)
{
    const size_t S = layer->side, F = layer->filters, half = S / 2;
    for (size_t cell = 0; cell < half * half; cell++)
        for (size_t f = 0; f < F; f++) {
            const size_t q = trace->chosen[cell * F + f];
            const real da = dy[cell * F + f];
            if (q == CONV_NONE || da == 0) continue;
            spread(grads, dx, layer, params, x, cell / half * 2 + q / 2, cell % half * 2 + q % 2, f,
                   da);
        }
}
