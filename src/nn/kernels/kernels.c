/* SPDX-License-Identifier: MIT */
/* The table in C, and the choice of the level. */
#include "nn/kernels/kernels.h"

static void lstm_forward_c(const lstm_trace *trace, const lstm_weights *weights,
                           const lstm_input *input, bool keep)
{
    (void)keep;
    lstm_forward(trace, weights->layer, weights->params, input->x, input->steps);
}

static void lstm_backward_c(real *sums, size_t stride, real *dx, const lstm_weights *weights,
                            const lstm_input *input, const lstm_trace *trace, const real *dhidden,
                            real *scratch)
{
    (void)stride;
    lstm_backward(sums, dx, weights->layer, weights->params, input->x, input->steps, trace, dhidden,
                  scratch);
}

static void pooling_forward_c(real *pooled, const pooling *layer, const real *params,
                              const pooling_input *input)
{
    pooling_forward(pooled, input->attended, layer, params, input->hidden, input->steps);
}

static void pooling_backward_c(real *sums, size_t stride, real *dhidden, const pooling *layer,
                               const real *params, const pooling_input *input, const real *pooled,
                               const real *dpooled)
{
    (void)stride;
    pooling_backward(sums, dhidden, layer, params, input->hidden, input->steps, pooled,
                     input->attended, dpooled);
}

static void dense_backward_c(real *sums, size_t stride, real *dx, const dense *layer,
                             const real *params, const real *x, const real *da)
{
    (void)stride;
    dense_backward(sums, dx, layer, params, x, da);
}

network_kernels network_kernels_for(dmg_cpu cpu)
{
    network_kernels kernels = {
        .lanes = 1,
        .lstm_forward = lstm_forward_c,
        .lstm_backward = lstm_backward_c,
        .pooling_forward = pooling_forward_c,
        .pooling_backward = pooling_backward_c,
        .dense_forward = dense_forward,
        .dense_backward = dense_backward_c,
        .activation_backward = activation_backward,
    };
#ifdef DMG_HAVE_AVX2
    if (cpu == DMG_CPU_AVX2) network_kernels_set_avx2(&kernels);
    if (cpu == DMG_CPU_AVX512) network_kernels_set_avx512(&kernels);
#endif
#ifdef DMG_HAVE_V128
    if (cpu == DMG_CPU_V128) network_kernels_set_v128(&kernels);
#endif
    (void)cpu;
    return kernels;
}
