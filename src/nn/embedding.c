/* SPDX-License-Identifier: MIT */
/* Embedding: each token becomes a row of a learned table. */
#include "nn/embedding.h"

#include <string.h>

void embedding_mean(real *x, const embedding *layer, const real *params)
{
    const size_t E = layer->size;
    const real *table = params + layer->table; /* [V][E] */
    for (size_t e = 0; e < E; e++) {
        real sum = 0;
        for (size_t v = 0; v < layer->plain; v++) sum += table[v * E + e];
        x[e] = sum / (real)layer->plain;
    }
}

void embedding_forward(real *x, const embedding *layer, const real *params, const uint8_t *tokens,
                       size_t steps)
{
    const size_t V = layer->symbols, E = layer->size;
    const real *table = params + layer->table; /* [V][E] */
    for (size_t t = 0; t < steps; t++) {
        if (tokens[t] < V)
            memcpy(x + t * E, table + tokens[t] * E, E * sizeof *x);
        else
            embedding_mean(x + t * E, layer, params);
    }
}

void embedding_backward(real *grads, const embedding *layer, const real *dx, const uint8_t *tokens,
                        size_t steps)
{
    const size_t V = layer->symbols, E = layer->size, plain = layer->plain;
    real *dtable = grads + layer->table; /* [V][E] */
    for (size_t t = 0; t < steps; t++) {
        const size_t token = tokens[t];
        for (size_t e = 0; e < E; e++) {
            if (token < V)
                dtable[token * E + e] += dx[t * E + e];
            else
                for (size_t v = 0; v < plain; v++) dtable[v * E + e] += dx[t * E + e] / (real)plain;
        }
    }
}
