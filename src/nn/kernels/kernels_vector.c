/* SPDX-License-Identifier: MIT */
/* The kernels over vectors of several lanes: one source, built for each level. */
#if defined(__AVX512F__)
#include "nn/kernels/vector_avx512.h"
#elif defined(__AVX2__)
#include "nn/kernels/vector_avx2.h"
#else
#include "nn/kernels/vector_v128.h"
#endif

#include "nn/kernels/dense_template.h"
#include "nn/kernels/kernels.h"
#include "nn/kernels/lstm_template.h"
#include "nn/kernels/pooling_template.h"

void VECTOR_NAME(network_kernels_set)(network_kernels *kernels)
{
    *kernels = (network_kernels){
        .lanes = LANES,
        .packed = true,
        .lstm_forward = lstm_forward_lanes,
        .lstm_backward = lstm_backward_lanes,
        .pooling_forward = pooling_forward_lanes,
        .pooling_backward = pooling_backward_lanes,
        .dense_forward = dense_forward_lanes,
        .dense_backward = dense_backward_lanes,
        .activation_backward = activation_backward_lanes,
    };
}
