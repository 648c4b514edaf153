/* SPDX-License-Identifier: MIT */
/* Vectors of sixteen lanes, for files that are built for AVX-512 F, VL, BW and DQ. vector_avx2.h
 * says what the operations do. */
#ifndef DMG_NN_VECTOR_AVX512_H
#define DMG_NN_VECTOR_AVX512_H

#if !defined(__AVX512F__) || !defined(__AVX512VL__) || !defined(__AVX512BW__) ||                   \
    !defined(__AVX512DQ__) || !defined(__FMA__)
#error "to be built with -mavx512f -mavx512vl -mavx512bw -mavx512dq -mfma"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nn/kernels/vector_x86.h"

#define VECTOR_NAME(name) name##_avx512

/* There are 32 registers. */
enum { LANES = 16, OUTER_ROWS = 5 };

typedef __m512 vector;
typedef __mmask16 mask;
typedef __m512i token_lanes;

#define VECTOR_INTRINSIC(name) _mm512_##name##_ps
#include "nn/kernels/vector_basic.h"

ALWAYS_INLINE vector nearest(vector x)
{
    return _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}

ALWAYS_INLINE vector power_of_two(vector n)
{
    const __m512i exponent = _mm512_add_epi32(_mm512_cvtps_epi32(n), _mm512_set1_epi32(127));
    return _mm512_castsi512_ps(_mm512_slli_epi32(exponent, 23));
}

/* --- masks --- */

ALWAYS_INLINE mask is_greater(vector a, vector b)
{
    return _mm512_cmp_ps_mask(a, b, _CMP_GT_OQ);
}

ALWAYS_INLINE mask is_equal(vector a, vector b)
{
    return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ);
}

ALWAYS_INLINE mask has_begun(const int32_t *begin, size_t t)
{
    return _mm512_cmple_epi32_mask(_mm512_loadu_si512(begin), _mm512_set1_epi32((int)t));
}

ALWAYS_INLINE mask both(mask a, mask b)
{
    return (mask)(a & b);
}

ALWAYS_INLINE mask without(mask a, mask b)
{
    return (mask)(a & ~b);
}

ALWAYS_INLINE vector only(mask m, vector v)
{
    return _mm512_maskz_mov_ps(m, v);
}

ALWAYS_INLINE vector choose(mask m, vector a, vector b)
{
    return _mm512_mask_blend_ps(m, b, a);
}

/* --- tokens --- */

ALWAYS_INLINE token_lanes load_tokens(const uint8_t *p)
{
    return _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(const void *)p));
}

ALWAYS_INLINE mask is_token(token_lanes t, size_t symbol)
{
    return _mm512_cmpeq_epi32_mask(t, _mm512_set1_epi32((int)symbol));
}

ALWAYS_INLINE vector lookup(const float *entries, token_lanes t, bool wide)
{
    if (!wide) return _mm512_permutexvar_ps(t, _mm512_castps256_ps512(_mm256_loadu_ps(entries)));
    return _mm512_permutex2var_ps(load(entries), t,
                                  _mm512_castps256_ps512(_mm256_loadu_ps(entries + 16)));
}

/* --- sums over the lanes --- */

ALWAYS_INLINE void add_sum(float *sum, size_t stride, vector v)
{
    add_eight(sum, _mm512_castps512_ps256(v));
    add_eight(sum + stride, _mm512_extractf32x8_ps(v, 1));
}

ALWAYS_INLINE void add_four_sums(float *sums, size_t stride, const float *rows)
{
    add_four_eights(sums, rows, LANES);
    add_four_eights(sums + stride, rows + 8, LANES);
}

#endif
