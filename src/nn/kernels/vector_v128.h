/* SPDX-License-Identifier: MIT */
/* Vectors of eight lanes in two registers of 128 bits, written in the vectors of GCC and Clang: for
 * ARM's NEON, for WebAssembly's SIMD, and for any processor that has the like. vector_avx2.h says
 * what the operations do; with NEON, which rounds a multiply-add once as AVX2 does, sums are the
 * same to the last bit. */
#ifndef DMG_NN_VECTOR_V128_H
#define DMG_NN_VECTOR_V128_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __ARM_NEON
#include <arm_neon.h>
#endif

#define VECTOR_NAME(name) name##_v128

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* 16 registers for sums of 32 on ARM. */
enum { LANES = 8, OUTER_ROWS = 2 };

typedef float floats __attribute__((vector_size(16)));
typedef int32_t integers __attribute__((vector_size(16)));

/* The lower four lanes and the upper ones. */
typedef struct vector {
    floats low, high;
} vector;

typedef struct mask {
    integers low, high;
} mask;

typedef struct token_lanes {
    integers low, high;
} token_lanes;

ALWAYS_INLINE floats load_floats(const float *p)
{
    floats v;
    memcpy(&v, p, sizeof v);
    return v;
}

ALWAYS_INLINE vector load(const float *p)
{
    return (vector){load_floats(p), load_floats(p + 4)};
}

ALWAYS_INLINE void store(float *p, vector v)
{
    memcpy(p, &v.low, sizeof v.low);
    memcpy(p + 4, &v.high, sizeof v.high);
}

ALWAYS_INLINE vector fill(float value)
{
    const floats v = {value, value, value, value};
    return (vector){v, v};
}

ALWAYS_INLINE vector add(vector a, vector b)
{
    return (vector){a.low + b.low, a.high + b.high};
}

ALWAYS_INLINE vector subtract(vector a, vector b)
{
    return (vector){a.low - b.low, a.high - b.high};
}

ALWAYS_INLINE vector multiply(vector a, vector b)
{
    return (vector){a.low * b.low, a.high * b.high};
}

ALWAYS_INLINE vector divide(vector a, vector b)
{
    return (vector){a.low / b.low, a.high / b.high};
}

#ifdef __ARM_NEON
ALWAYS_INLINE vector multiply_add(vector a, vector b, vector c)
{
    return (vector){vfmaq_f32(c.low, a.low, b.low), vfmaq_f32(c.high, a.high, b.high)};
}

ALWAYS_INLINE vector multiply_subtract_from(vector a, vector b, vector c)
{
    return (vector){vfmsq_f32(c.low, a.low, b.low), vfmsq_f32(c.high, a.high, b.high)};
}
#else
/* Rounded twice. */
ALWAYS_INLINE vector multiply_add(vector a, vector b, vector c)
{
    return add(multiply(a, b), c);
}

ALWAYS_INLINE vector multiply_subtract_from(vector a, vector b, vector c)
{
    return subtract(c, multiply(a, b));
}
#endif

/* --- masks --- */

ALWAYS_INLINE mask is_greater(vector a, vector b)
{
    return (mask){a.low > b.low, a.high > b.high};
}

ALWAYS_INLINE mask is_equal(vector a, vector b)
{
    return (mask){a.low == b.low, a.high == b.high};
}

ALWAYS_INLINE mask has_begun(const int32_t *begin, size_t t)
{
    const int32_t step = (int32_t)t;
    const integers now = {step, step, step, step};
    integers low, high;
    memcpy(&low, begin, sizeof low);
    memcpy(&high, begin + 4, sizeof high);
    return (mask){low <= now, high <= now};
}

ALWAYS_INLINE mask both(mask a, mask b)
{
    return (mask){a.low & b.low, a.high & b.high};
}

ALWAYS_INLINE mask without(mask a, mask b)
{
    return (mask){a.low & ~b.low, a.high & ~b.high};
}

ALWAYS_INLINE vector only(mask m, vector v)
{
    return (vector){(floats)(m.low & (integers)v.low), (floats)(m.high & (integers)v.high)};
}

ALWAYS_INLINE floats choose_floats(integers m, floats a, floats b)
{
    return (floats)((m & (integers)a) | (~m & (integers)b));
}

ALWAYS_INLINE vector choose(mask m, vector a, vector b)
{
    return (vector){choose_floats(m.low, a.low, b.low), choose_floats(m.high, a.high, b.high)};
}

ALWAYS_INLINE vector larger(vector a, vector b)
{
    return choose(is_greater(a, b), a, b);
}

ALWAYS_INLINE vector at_least(float low, vector x)
{
    return larger(fill(low), x);
}

ALWAYS_INLINE vector at_most(float high, vector x)
{
    return choose(is_greater(x, fill(high)), fill(high), x);
}

/* --- powers of two --- */

/* The sum leaves no digit after the point; right for |x| < 2^22. */
ALWAYS_INLINE vector nearest(vector x)
{
    const vector shift = fill(12582912); /* 1.5 * 2^23 */
    return subtract(add(x, shift), shift);
}

ALWAYS_INLINE vector power_of_two(vector n)
{
    const integers low = __builtin_convertvector(n.low, integers);
    const integers high = __builtin_convertvector(n.high, integers);
    return (vector){(floats)((low + 127) << 23), (floats)((high + 127) << 23)};
}

/* --- tokens --- */

#ifdef __ARM_NEON
/* Kept as the bytes of the entries that they choose: 4 t, 4 t + 1, 4 t + 2, 4 t + 3. */
ALWAYS_INLINE token_lanes load_tokens(const uint8_t *p)
{
    const uint16x8_t wide = vmovl_u8(vld1_u8(p));
    const uint32x4_t low = vmovl_u16(vget_low_u16(wide)), high = vmovl_u16(vget_high_u16(wide));
    const uint32x4_t spread = vdupq_n_u32(0x04040404), bytes = vdupq_n_u32(0x03020100);
    return (token_lanes){(integers)vmlaq_u32(bytes, low, spread),
                         (integers)vmlaq_u32(bytes, high, spread)};
}

ALWAYS_INLINE mask is_token(token_lanes t, size_t symbol)
{
    const int32_t bytes = (int32_t)(0x03020100U + 0x04040404U * (uint32_t)symbol);
    const integers all = {bytes, bytes, bytes, bytes};
    return (mask){t.low == all, t.high == all};
}

ALWAYS_INLINE floats lookup_floats(const float *entries, integers t, bool wide)
{
    const uint8_t *p = (const uint8_t *)entries;
    const uint8x16_t at = (uint8x16_t)t;
    if (!wide) return (floats)vqtbl2q_u8(vld1q_u8_x2(p), at);
    const uint8x16_t first = vqtbl4q_u8(vld1q_u8_x4(p), at); /* 0 beyond 16 entries */
    return (floats)vqtbx2q_u8(first, vld1q_u8_x2(p + 64), vsubq_u8(at, vdupq_n_u8(64)));
}

ALWAYS_INLINE vector lookup(const float *entries, token_lanes t, bool wide)
{
    return (vector){lookup_floats(entries, t.low, wide), lookup_floats(entries, t.high, wide)};
}
#else
ALWAYS_INLINE token_lanes load_tokens(const uint8_t *p)
{
    return (token_lanes){{p[0], p[1], p[2], p[3]}, {p[4], p[5], p[6], p[7]}};
}

ALWAYS_INLINE mask is_token(token_lanes t, size_t symbol)
{
    const int32_t s = (int32_t)symbol;
    const integers all = {s, s, s, s};
    return (mask){t.low == all, t.high == all};
}

ALWAYS_INLINE vector lookup(const float *entries, token_lanes t, bool wide)
{
    (void)wide;
    return (vector){
        {entries[t.low[0]], entries[t.low[1]], entries[t.low[2]], entries[t.low[3]]},
        {entries[t.high[0]], entries[t.high[1]], entries[t.high[2]], entries[t.high[3]]}};
}
#endif

/* --- sums over the lanes, in the order of vector_x86.h --- */

ALWAYS_INLINE void add_sum(float *sum, size_t stride, vector v)
{
    (void)stride;
    const floats four = v.low + v.high;
    *sum += (four[0] + four[2]) + (four[1] + four[3]);
}

ALWAYS_INLINE void add_four_sums(float *sums, size_t stride, const float *rows)
{
    (void)stride;
    for (size_t k = 0; k < 4; k++) {
        const float *v = rows + k * LANES;
        sums[k] += ((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7]));
    }
}

#endif
