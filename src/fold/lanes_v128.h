/* SPDX-License-Identifier: MIT */
/* Vectors of 128 bits for lanes.h: SSE4.1, which Emscripten's compiler maps to the SIMD of
 * WebAssembly, and the library SIMDe to NEON.
 */
#ifndef DMG_FOLD_LANES_V128_H
#define DMG_FOLD_LANES_V128_H

#if defined(__SSE4_1__)
#include <smmintrin.h>
#else
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/x86/sse4.1.h>
#endif

#define VECTOR_NAME(name)      name##_v128
#define VECTOR_BYTES           16
#define VECTOR_INTRINSIC(name) _mm_##name

typedef __m128i vector;

static inline vector vector_load(const void *p)
{
    return _mm_loadu_si128((const __m128i *)p);
}

static inline void vector_store(void *p, vector a)
{
    _mm_storeu_si128((__m128i *)p, a);
}

/* The 16 bytes at p. */
static inline vector vector_repeat(const void *p)
{
    return vector_load(p);
}

#endif
