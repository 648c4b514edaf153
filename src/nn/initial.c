/* SPDX-License-Identifier: MIT */
/* Initial weights. */
#include "nn/initial.h"

#include <assert.h>

static real uniform_within(double limit, dmg_rng *rng)
{
    return (real)(limit * (2 * dmg_rng_uniform(rng) - 1));
}

static double glorot_limit(size_t inputs, size_t outputs)
{
    return sqrt(6 / (double)(inputs + outputs));
}

/* Row `r` minus its part along the rows before, scaled to length 1: one step of the modified
 * Gram-Schmidt process. */
static void orthonormalise_row(double *q, size_t r, size_t n)
{
    double *row = q + r * n, square = 0;
    for (size_t before = 0; before < r; before++) {
        double along = 0;
        for (size_t k = 0; k < n; k++) along += row[k] * q[before * n + k];
        for (size_t k = 0; k < n; k++) row[k] -= along * q[before * n + k];
    }
    for (size_t k = 0; k < n; k++) square += row[k] * row[k];
    for (size_t k = 0; k < n; k++) row[k] /= sqrt(square);
}

void orthogonal_matrix(double *q, size_t n, dmg_rng *rng)
{
    for (size_t k = 0; k < n * n; k++) q[k] = dmg_rng_normal(rng);
    /* Twice: the second round removes what rounding left of the first. */
    for (int round = 0; round < 2; round++)
        for (size_t r = 0; r < n; r++) orthonormalise_row(q, r, n);
}

void glorot_uniform(real *weights, size_t n, size_t inputs, size_t outputs, dmg_rng *rng)
{
    const double limit = glorot_limit(inputs, outputs);
    for (size_t k = 0; k < n; k++) weights[k] = uniform_within(limit, rng);
}

void embedding_initial(real *params, const embedding *layer, dmg_rng *rng)
{
    for (size_t k = 0; k < layer->symbols * layer->size; k++)
        params[layer->table + k] = uniform_within(0.05, rng);
}

void lstm_initial(real *params, const lstm *layer, dmg_rng *rng)
{
    static_assert(LSTM_GATES == 4, "the columns of kernel and recurrent are [gate][unit]");
    double q[LSTM_MAX_UNITS * LSTM_MAX_UNITS];
    const size_t I = layer->inputs, H = layer->units, G = LSTM_GATES * H;
    assert(H <= LSTM_MAX_UNITS);
    for (size_t gate = 0; gate < LSTM_GATES; gate++) {
        const double limit = glorot_limit(I, H);
        for (size_t i = 0; i < I; i++)
            for (size_t u = 0; u < H; u++)
                params[layer->kernel + i * G + gate * H + u] = uniform_within(limit, rng);
        orthogonal_matrix(q, H, rng);
        for (size_t j = 0; j < H; j++)
            for (size_t u = 0; u < H; u++)
                params[layer->recurrent + j * G + gate * H + u] = (real)q[j * H + u];
        for (size_t u = 0; u < H; u++)
            params[layer->bias + gate * H + u] = gate == LSTM_FORGET ? 1 : 0;
    }
}

void dense_initial(real *params, const dense *layer, dmg_rng *rng)
{
    const size_t I = layer->inputs, O = layer->units;
    glorot_uniform(params + layer->weight, I * O, I, O, rng);
    for (size_t k = 0; k < layer->units; k++) params[layer->bias + k] = 0;
}

void conv_initial(real *params, const conv *layer, dmg_rng *rng)
{
    const size_t area = CONV_KERNEL * CONV_KERNEL, C = layer->inputs, F = layer->filters;
    glorot_uniform(params + layer->kernel, area * C * F, area * C, area * F, rng);
    for (size_t f = 0; f < F; f++) params[layer->bias + f] = 0;
}
