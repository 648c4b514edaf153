/* SPDX-License-Identifier: MIT */
/* The parameters of an LSTM in the form that vector kernels read, and the way back of gradients.
 *
 * Gates are interleaved, [unit][gate]; those of the hard sigmoids are scaled by its slope, so
 * that only the clipping is left of them. A table has the bias for each token, in the first layer
 * with the input's part: embedding and kernel are multiplied once for each symbol, not at each
 * step.
 */
#ifndef DMG_NN_LSTM_PACKED_H
#define DMG_NN_LSTM_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "nn/embedding.h"
#include "nn/lstm.h"

enum {
    TABLE_TOKENS = 8,       /* columns of a token table, the last one of no token at all */
    TABLE_TOKENS_WIDE = 24, /* of one for more symbols */
};

/* The token that stands for none where there are so many symbols: the last column. */
static inline uint8_t lstm_no_token(size_t symbols)
{
    return (symbols + 1 < TABLE_TOKENS ? TABLE_TOKENS : TABLE_TOKENS_WIDE) - 1;
}

/* The places of a layer's gradients in the block of sums. */
typedef struct lstm_sums {
    size_t symbols; /* S: V + 1 in the first layer, whose last is any token; else 1, any step */
    size_t table;   /* [S][H][4] */
    size_t weight;  /* [I + H][H][4] */
} lstm_sums;

typedef struct lstm_packed {
    size_t inputs; /* I: what it reads besides the token table; 0 in the first layer */
    size_t units;  /* H */
    bool reversed;
    size_t tokens;    /* TABLE_TOKENS or TABLE_TOKENS_WIDE */
    real *table;      /* [H][4][tokens] */
    real *weight;     /* [I + H][H][4]: of x, then of h */
    real *transposed; /* [H][4][I + H]: the same */
    lstm_sums sums;
} lstm_packed;

/* Lays out a layer of the stream whose tokens are embedded by `embed`; its sums begin at *sums,
 * which is moved past them. */
void lstm_packed_place(lstm_packed *packed, const lstm *layer, const embedding *embed, bool first,
                       size_t *sums, dmg_arena *arena);

void lstm_packed_set(const lstm_packed *packed, const lstm *layer, const embedding *embed,
                     const real *params);

/* Adds to grads, shaped like params, what `sums` says of the layer and of the embedding. */
void lstm_packed_gradient(real *grads, const lstm_packed *packed, const lstm *layer,
                          const embedding *embed, const real *params, const real *sums);

#endif
