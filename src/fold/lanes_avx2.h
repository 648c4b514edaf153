/* SPDX-License-Identifier: MIT */
/* Vectors of 256 bits for lanes.h: AVX2. */
#ifndef DMG_FOLD_LANES_AVX2_H
#define DMG_FOLD_LANES_AVX2_H

#include <immintrin.h>

#define VECTOR_NAME(name)      name##_avx2
#define VECTOR_BYTES           32
#define VECTOR_INTRINSIC(name) _mm256_##name

typedef __m256i vector;

static inline vector vector_load(const void *p)
{
    return _mm256_loadu_si256((const __m256i *)p);
}

static inline void vector_store(void *p, vector a)
{
    _mm256_storeu_si256((__m256i *)p, a);
}

/* The 16 bytes at p, as often as they fit. */
static inline vector vector_repeat(const void *p)
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)p));
}

#endif
