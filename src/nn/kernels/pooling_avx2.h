/* SPDX-License-Identifier: MIT */
/* Pools of hidden states of eight sequences at once (kernels.h says what they do). */
#ifndef DMG_NN_POOLING_AVX2_H
#define DMG_NN_POOLING_AVX2_H

#include "nn/kernels/kernels.h"

void pooling_forward_avx2(float *pooled, const pooling *layer, const float *params,
                          const pooling_input *input);
void pooling_backward_avx2(float *sums, size_t stride, float *dhidden, const pooling *layer,
                           const float *params, const pooling_input *input, const float *pooled,
                           const float *dpooled);

#endif
