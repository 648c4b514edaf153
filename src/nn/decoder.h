/* SPDX-License-Identifier: MIT */
/* The decoder of an LSTM autoencoder: tells a sequence of tokens from the vector that an encoder
 * made of it (Srivastava et al. 2015, the unconditioned decoder of their section 2). An LSTM reads
 * the vector again at each step, and a softmax over the symbols predicts the token there, the last
 * one first, as they do. The loss is the mean over the steps of the cross entropy,
 * in nats; tokens >= V, which are not symbols, are left out. */
#ifndef DMG_NN_DECODER_H
#define DMG_NN_DECODER_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/rng.h"
#include "nn/dense.h"
#include "nn/lstm.h"
#include "nn/real.h"

enum { DECODER_MAX_SYMBOLS = 16 };

typedef struct decoder {
    lstm reader;       /* inputs: width D of the vector; H units */
    dense speaker;     /* from H to V symbols, a softmax */
    size_t parameters; /* of both, one after the other */
} decoder;

/* A decoder whose parameters begin at `begin`. */
decoder decoder_layout(size_t begin, size_t width, size_t units, size_t symbols);

/* As lstm_initial and dense_initial. */
void decoder_initial(real *params, const decoder *layer, dmg_rng *rng);

/* What a forward pass of T steps leaves for the backward pass. */
typedef struct decoder_trace {
    real *x;             /* [T][D]: the vector, T times */
    lstm_trace states;   /* of the reader */
    real *probabilities; /* [T][V] */
    real *dhidden;       /* [T][H] */
    real *dx;            /* [T][D] */
} decoder_trace;

/* Takes the views of a trace of T steps. */
void decoder_place(decoder_trace *trace, const decoder *layer, dmg_arena *arena, size_t steps);

/* The loss of tokens [T], T > 0, given vector [D]. */
double decoder_forward(decoder_trace *trace, const decoder *layer, const real *params,
                       const real *vector, const uint8_t *tokens, size_t steps);

/* From scale times the loss: adds to `grads` (shaped like params), writes dvector [D]. */
void decoder_backward(real *grads, real *dvector, const decoder *layer, const real *params,
                      decoder_trace *trace, const uint8_t *tokens, size_t steps, real scale);

#endif
