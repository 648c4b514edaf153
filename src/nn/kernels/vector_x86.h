/* SPDX-License-Identifier: MIT */
/* Sums of eight lanes, in the order that both AVX2 and AVX-512 keep: a trained model's bytes are
 * the same at either level. */
#ifndef DMG_NN_VECTOR_X86_H
#define DMG_NN_VECTOR_X86_H

#include <immintrin.h>
#include <stddef.h>

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* *sum += the sum of v */
ALWAYS_INLINE void add_eight(float *sum, __m256 v)
{
    const __m128 four = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    *sum += _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

/* sums [4] += the sums of eight values each of four rows, `lanes` apart. */
ALWAYS_INLINE void add_four_eights(float *sums, const float *rows, size_t lanes)
{
    const __m256 a = _mm256_loadu_ps(rows), b = _mm256_loadu_ps(rows + lanes);
    const __m256 c = _mm256_loadu_ps(rows + 2 * lanes), d = _mm256_loadu_ps(rows + 3 * lanes);
    const __m256 halves = _mm256_hadd_ps(_mm256_hadd_ps(a, b), _mm256_hadd_ps(c, d));
    const __m128 all = _mm_add_ps(_mm256_castps256_ps128(halves), _mm256_extractf128_ps(halves, 1));
    _mm_storeu_ps(sums, _mm_add_ps(_mm_loadu_ps(sums), all));
}

#endif
