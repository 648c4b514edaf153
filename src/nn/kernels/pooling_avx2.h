/* SPDX-License-Identifier: MIT */
/* Pools of hidden states of eight sequences at once (kernels.h says what they do). */
#ifndef DMG_NN_POOLING_AVX2_H
#define DMG_NN_POOLING_AVX2_H

#include "nn/kernels/kernels.h"

void pooling_forward_avx2(float *pooled, const pooling *layer, const lanes_states *states);
void pooling_backward_avx2(float *dquery, float *dhidden, const pooling *layer,
                           const lanes_states *states, const float *pooled, const float *dpooled);

#endif
