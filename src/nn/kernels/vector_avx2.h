/* SPDX-License-Identifier: MIT */
/* Vectors of eight lanes, for files that are built for AVX2 with FMA. Each vector_*.h has the same
 * operations; the templates are written on them. */
#ifndef DMG_NN_VECTOR_AVX2_H
#define DMG_NN_VECTOR_AVX2_H

#if !defined(__AVX2__) || !defined(__FMA__)
#error "to be built with -mavx2 -mfma"
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nn/kernels/vector_x86.h"

#define VECTOR_NAME(name) name##_avx2

/* LANES, and sizes of tiles whose sums 16 registers hold. */
enum { LANES = 8, OUTER_ROWS = 3 };

typedef __m256 vector;       /* a value of each lane */
typedef __m256 mask;         /* all bits of the lanes that are meant */
typedef __m256i token_lanes; /* a token of each lane */

#define VECTOR_INTRINSIC(name) _mm256_##name##_ps
#include "nn/kernels/vector_basic.h"

/* To the nearest integer, and 2^n of such an n from -126 to 127. */
ALWAYS_INLINE vector nearest(vector x)
{
    return _mm256_round_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}

ALWAYS_INLINE vector power_of_two(vector n)
{
    const __m256i exponent = _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127));
    return _mm256_castsi256_ps(_mm256_slli_epi32(exponent, 23));
}

/* --- masks --- */

ALWAYS_INLINE mask is_greater(vector a, vector b)
{
    return _mm256_cmp_ps(a, b, _CMP_GT_OQ);
}

ALWAYS_INLINE mask is_equal(vector a, vector b)
{
    return _mm256_cmp_ps(a, b, _CMP_EQ_OQ);
}

/* Lanes whose first step is not after t. */
ALWAYS_INLINE mask has_begun(const int32_t *begin, size_t t)
{
    const __m256i after = _mm256_set1_epi32((int)t + 1);
    return _mm256_castsi256_ps(
        _mm256_cmpgt_epi32(after, _mm256_loadu_si256((const __m256i *)(const void *)begin)));
}

ALWAYS_INLINE mask both(mask a, mask b)
{
    return _mm256_and_ps(a, b);
}

/* a where not b */
ALWAYS_INLINE mask without(mask a, mask b)
{
    return _mm256_andnot_ps(b, a);
}

/* v where m, else 0. */
ALWAYS_INLINE vector only(mask m, vector v)
{
    return _mm256_and_ps(m, v);
}

/* a where m, else b. */
ALWAYS_INLINE vector choose(mask m, vector a, vector b)
{
    return _mm256_blendv_ps(b, a, m);
}

/* --- tokens --- */

ALWAYS_INLINE token_lanes load_tokens(const uint8_t *p)
{
    return _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)p));
}

ALWAYS_INLINE mask is_token(token_lanes t, size_t symbol)
{
    return _mm256_castsi256_ps(_mm256_cmpeq_epi32(t, _mm256_set1_epi32((int)symbol)));
}

/* The lanes' entries of 8, or of 24 where `wide`: the lowest three bits of a token choose in each
 * eight, the next two the eight, as sign bits of the lanes. */
ALWAYS_INLINE vector lookup(const float *entries, token_lanes t, bool wide)
{
    const vector first = _mm256_permutevar8x32_ps(load(entries), t);
    if (!wide) return first;
    const vector second = _mm256_permutevar8x32_ps(load(entries + 8), t);
    const vector third = _mm256_permutevar8x32_ps(load(entries + 16), t);
    const vector bit3 = _mm256_castsi256_ps(_mm256_slli_epi32(t, 28));
    const vector bit4 = _mm256_castsi256_ps(_mm256_slli_epi32(t, 27));
    return _mm256_blendv_ps(_mm256_blendv_ps(first, second, bit3), third, bit4);
}

/* --- sums over the lanes, in one order for all widths --- */

/* *sum += the sum of a unit of eight lanes; that of the next unit, in wider vectors, stands
 * `stride` further. */
ALWAYS_INLINE void add_sum(float *sum, size_t stride, vector v)
{
    (void)stride;
    add_eight(sum, v);
}

/* sums [4] likewise, of rows [4][LANES]. */
ALWAYS_INLINE void add_four_sums(float *sums, size_t stride, const float *rows)
{
    (void)stride;
    add_four_eights(sums, rows, LANES);
}

#endif
