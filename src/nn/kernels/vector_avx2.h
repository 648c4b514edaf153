/* SPDX-License-Identifier: MIT */
/* A value of all lanes, and what is done with it, for the files that are built for AVX2 with FMA.
 */
#ifndef DMG_NN_VECTOR_AVX2_H
#define DMG_NN_VECTOR_AVX2_H

#if !defined(__AVX2__) || !defined(__FMA__)
#error "to be built with -mavx2 -mfma"
#endif

#include <immintrin.h>

#define ALWAYS_INLINE static inline __attribute__((always_inline))

typedef __m256 vector;

enum { LANES = 8 };

ALWAYS_INLINE vector load(const float *p)
{
    return _mm256_loadu_ps(p);
}

ALWAYS_INLINE void store(float *p, vector v)
{
    _mm256_storeu_ps(p, v);
}

ALWAYS_INLINE vector fill(float value)
{
    return _mm256_set1_ps(value);
}

/* a * b + c, rounded once. */
ALWAYS_INLINE vector multiply_add(vector a, vector b, vector c)
{
    return _mm256_fmadd_ps(a, b, c);
}

/* `low` .. `high`; NaN stays NaN, as both instructions give their second operand then. */
ALWAYS_INLINE vector clip(vector x, float low, float high)
{
    return _mm256_min_ps(fill(high), _mm256_max_ps(fill(low), x));
}

/* *sum += the sum over the lanes: those of the first unit; of wider vectors the next unit's stands
 * `stride` further. */
ALWAYS_INLINE void add_sum(float *sum, size_t stride, vector v)
{
    (void)stride;
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    *sum += _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

#endif
