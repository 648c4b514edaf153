/* SPDX-License-Identifier: MIT */
/* Initial weights as Keras chose them in 2016. */
#ifndef DMG_NN_INITIAL_H
#define DMG_NN_INITIAL_H

#include <stddef.h>

#include "base/rng.h"
#include "nn/conv.h"
#include "nn/dense.h"
#include "nn/embedding.h"
#include "nn/lstm.h"
#include "nn/real.h"

/* Weights [n] of a layer from `inputs` to `outputs`: +-sqrt(6 / (inputs + outputs)) (Glorot &
 * Bengio 2010). */
void glorot_uniform(real *weights, size_t n, size_t inputs, size_t outputs, dmg_rng *rng);

/* Uniform in +-0.05. */
void embedding_initial(real *params, const embedding *layer, dmg_rng *rng);

/* Each gate for itself: kernel Glorot uniform (Glorot & Bengio 2010), +-sqrt(6 / (I + H));
 * recurrent a random orthogonal matrix (Saxe et al. 2014); bias 0, of the forget gate 1
 * (Jozefowicz et al. 2015). */
void lstm_initial(real *params, const lstm *layer, dmg_rng *rng);

/* Weight Glorot uniform, bias 0. */
void dense_initial(real *params, const dense *layer, dmg_rng *rng);

/* Kernel Glorot uniform, bias 0. */
void conv_initial(real *params, const conv *layer, dmg_rng *rng);

/* Writes a random orthogonal n x n matrix to q [n][n], in double. `n` <= 128. */
void orthogonal_matrix(double *q, size_t n, dmg_rng *rng);

#endif
