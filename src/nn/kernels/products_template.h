/* SPDX-License-Identifier: MIT */
/* Products of small matrices, one in each lane: nearly all the work of a network. Sums are kept in
 * registers, in tiles whose size is known at compile time: functions that take such a size are
 * inlined into callers that name it. A tile has enough sums not to wait for one another, and no
 * more than registers hold. A template: a vector_*.h is included first.
 */
#ifndef DMG_NN_PRODUCTS_TEMPLATE_H
#define DMG_NN_PRODUCTS_TEMPLATE_H

#include <stddef.h>

#include "nn/lstm.h"

enum { GATES = LSTM_GATES, TILE_MOST = 10 };

/* sum[n] += x [inputs][LANES] weight[.][n], n < N; `stride` floats from row to row of weight. */
ALWAYS_INLINE void add_products(vector *sum, const float *x, const float *weight, size_t inputs,
                                size_t stride, int N)
{
    for (size_t i = 0; i < inputs; i++) {
        const vector value = load(x + i * LANES);
        for (int n = 0; n < N; n++)
            sum[n] = multiply_add(value, fill(weight[i * stride + (size_t)n]), sum[n]);
    }
}

/* y[n] = base[n] + da [G][LANES] transposed[.][n], n < N */
ALWAYS_INLINE void back_tile(float *y, const float *base, const float *da, const float *transposed,
                             size_t G, size_t stride, int N)
{
    vector sum[TILE_MOST];
    for (int n = 0; n < N; n++) sum[n] = load(base + n * LANES);
    add_products(sum, da, transposed, G, stride, N);
    for (int n = 0; n < N; n++) store(y + n * LANES, sum[n]);
}

/* Of `count` columns left, how many the next tile takes: tiles of at most `most`, as equal as can
 * be. */
static inline size_t tile_size(size_t count, size_t most)
{
    const size_t tiles = (count + most - 1) / most;
    return (count + tiles - 1) / tiles;
}

/* y [outputs][LANES] = base [outputs][LANES] + da [G][LANES] transposed [G][stride] */
static void back_products(float *y, const float *base, const float *da, const float *transposed,
                          size_t G, size_t stride, size_t outputs)
{
    for (size_t n = 0, N; n < outputs; n += N) {
        float *to = y + n * LANES;
        const float *from = base + n * LANES, *weight = transposed + n;
        N = tile_size(outputs - n, 10);
        switch (N) {
        case 1: back_tile(to, from, da, weight, G, stride, 1); break;
        case 2: back_tile(to, from, da, weight, G, stride, 2); break;
        case 3: back_tile(to, from, da, weight, G, stride, 3); break;
        case 4: back_tile(to, from, da, weight, G, stride, 4); break;
        case 5: back_tile(to, from, da, weight, G, stride, 5); break;
        case 6: back_tile(to, from, da, weight, G, stride, 6); break;
        case 7: back_tile(to, from, da, weight, G, stride, 7); break;
        case 8: back_tile(to, from, da, weight, G, stride, 8); break;
        case 9: back_tile(to, from, da, weight, G, stride, 9); break;
        default: back_tile(to, from, da, weight, G, stride, 10); break;
        }
    }
}

/* One value a step for each of `width` rows or columns, [T][width][LANES], and how many floats lie
 * between steps. */
typedef struct series {
    const float *values;
    size_t step;
} series;

/* sums[r][c] += sum over T steps of row[t][r] column[t][c], r < R, c < 4; G sums in a row. */
ALWAYS_INLINE void outer_tile(float *sums, series row, series column, size_t T, size_t G, int R)
{
    vector sum[OUTER_ROWS][GATES];
    for (int r = 0; r < R; r++)
        for (int c = 0; c < GATES; c++)
            sum[r][c] = load(sums + ((size_t)r * G + (size_t)c) * LANES);
    for (size_t t = 0; t < T; t++) {
        vector factor[OUTER_ROWS];
        for (int r = 0; r < R; r++) factor[r] = load(row.values + t * row.step + r * LANES);
        for (int c = 0; c < GATES; c++) {
            const vector value = load(column.values + t * column.step + c * LANES);
            for (int r = 0; r < R; r++) sum[r][c] = multiply_add(factor[r], value, sum[r][c]);
        }
    }
    for (int r = 0; r < R; r++)
        for (int c = 0; c < GATES; c++)
            store(sums + ((size_t)r * G + (size_t)c) * LANES, sum[r][c]);
}

ALWAYS_INLINE void outer_tiles(float *sums, series row, series column, size_t T, size_t G, int R)
{
    for (size_t c = 0; c < G; c += GATES) {
        const series unit = {column.values + c * LANES, column.step};
        outer_tile(sums + c * LANES, row, unit, T, G, R);
    }
}

/* Tiles of more rows than registers hold are not made. */
#define ROWS(n) ((n) < OUTER_ROWS ? (n) : OUTER_ROWS)

/* sums [rows][G][LANES] += sum over T steps of the outer products of row and column. */
static void add_outer_products(float *sums, series row, series column, size_t T, size_t rows,
                               size_t G)
{
    for (size_t r = 0, R; r < rows; r += R) {
        const series from = {row.values + r * LANES, row.step};
        float *to = sums + r * G * LANES;
        R = tile_size(rows - r, OUTER_ROWS);
        switch (R) {
        case 1: outer_tiles(to, from, column, T, G, 1); break;
        case 2: outer_tiles(to, from, column, T, G, ROWS(2)); break;
        case 3: outer_tiles(to, from, column, T, G, ROWS(3)); break;
        case 4: outer_tiles(to, from, column, T, G, ROWS(4)); break;
        default: outer_tiles(to, from, column, T, G, OUTER_ROWS); break;
        }
    }
}

#endif
