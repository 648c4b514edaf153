/* SPDX-License-Identifier: MIT */
/* Embedding: each token becomes a row of a learned table (the paper, section 3.2). */
#ifndef DMG_NN_EMBEDDING_H
#define DMG_NN_EMBEDDING_H

#include <stddef.h>
#include <stdint.h>

#include "nn/real.h"

typedef struct embedding {
    size_t symbols; /* V */
    size_t plain;   /* the first so many of them, 1 .. V */
    size_t size;    /* E */
    size_t table;   /* offset in the parameter block: [V][E] */
} embedding;

/* x [E]: the mean of the plain rows, which stands for every token that is not a symbol. */
void embedding_mean(real *x, const embedding *layer, const real *params);

/* x [T][E] from tokens [T]. A token >= V, not a symbol, is the mean of the plain
 * rows. */
void embedding_forward(real *x, const embedding *layer, const real *params, const uint8_t *tokens,
                       size_t steps);

/* Adds to `grads` (shaped like params) what dx [T][E] says of the table. */
void embedding_backward(real *grads, const embedding *layer, const real *dx, const uint8_t *tokens,
                        size_t steps);

#endif
