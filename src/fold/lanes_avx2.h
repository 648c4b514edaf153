/* SPDX-License-Identifier: MIT */
/* Vectors of matrix elements, LANE_BITS (16 or 32) each: the few operations that a fill is made of.
 *
 * Sums wrap around unless said otherwise; a fill keeps its energies where they do not.
 */
#ifndef DMG_FOLD_LANES_AVX2_H
#define DMG_FOLD_LANES_AVX2_H

#if !defined(__AVX2__)
#error "to be compiled with -mavx2"
#endif

#include <immintrin.h>
#include <stdint.h>

#include "fold/byte_tables.h"

#if LANE_BITS == 16
typedef int16_t lane;
#define LANES 16
#else
typedef int32_t lane;
#define LANES 8
#endif

typedef lane vec __attribute__((vector_size(32)));

static inline vec vec_load(const lane *p)
{
    return (vec)_mm256_loadu_si256((const __m256i *)(const void *)p);
}

static inline void vec_store(lane *p, vec a)
{
    _mm256_storeu_si256((__m256i *)(void *)p, (__m256i)a);
}

static inline vec vec_set(int value)
{
#if LANE_BITS == 16
    return (vec)_mm256_set1_epi16((int16_t)value);
#else
    return (vec)_mm256_set1_epi32(value);
#endif
}

static inline vec vec_add(vec a, vec b)
{
#if LANE_BITS == 16
    return (vec)_mm256_add_epi16((__m256i)a, (__m256i)b);
#else
    return (vec)_mm256_add_epi32((__m256i)a, (__m256i)b);
#endif
}

static inline vec vec_min(vec a, vec b)
{
#if LANE_BITS == 16
    return (vec)_mm256_min_epi16((__m256i)a, (__m256i)b);
#else
    return (vec)_mm256_min_epi32((__m256i)a, (__m256i)b);
#endif
}

static inline vec vec_max(vec a, vec b)
{
#if LANE_BITS == 16
    return (vec)_mm256_max_epi16((__m256i)a, (__m256i)b);
#else
    return (vec)_mm256_max_epi32((__m256i)a, (__m256i)b);
#endif
}

/* An energy to be added to every lane, which may be twice what a lane holds: what is too low ends
 * at the lowest value of a lane. */
typedef struct vec_energy {
    vec part[2];
} vec_energy;

static inline vec_energy vec_set_energy(int energy)
{
    return (vec_energy){{vec_set(energy / 2), vec_set(energy - energy / 2)}};
}

static inline vec vec_add_energy(vec a, vec_energy energy)
{
#if LANE_BITS == 16
    const __m256i half = _mm256_adds_epi16((__m256i)a, (__m256i)energy.part[0]);
    return (vec)_mm256_adds_epi16(half, (__m256i)energy.part[1]);
#else
    return vec_add(vec_add(a, energy.part[0]), energy.part[1]);
#endif
}

/* a in the lanes where `choose` is 0, b where it is -1. */
static inline vec vec_select(vec a, vec b, vec choose)
{
    return (vec)_mm256_blendv_epi8((__m256i)a, (__m256i)b, (__m256i)choose);
}

/* -1 in the first `count` lanes, 0 in the others; any number. */
static inline vec vec_before(int count)
{
    static const lane numbers[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const int lanes = count < 0 ? 0 : count > LANES ? LANES : count;
    return vec_load(numbers) < vec_set(lanes);
}

/* Where a < b, as bits for first_lane(). */
static inline unsigned vec_less(vec a, vec b)
{
#if LANE_BITS == 16
    const __m256i less = _mm256_cmpgt_epi16((__m256i)b, (__m256i)a);
#else
    const __m256i less = _mm256_cmpgt_epi32((__m256i)b, (__m256i)a);
#endif
    return (unsigned)_mm256_movemask_epi8(less);
}

static inline int first_lane(unsigned bits)
{
    return __builtin_ctz(bits) / (32 / LANES);
}

/* A table index as the lookup wants it: in the highest byte, with the others asking for zero. */
static inline lane lane_index(int index)
{
#if LANE_BITS == 16
    return (lane)(index << 8 | 0x80);
#else
    return (lane)(index << 24 | 0x808080);
#endif
}

/* The entries by lane_index(), as they stand in the highest byte. */
static inline vec vec_lookup_raw(const byte_table table, vec index)
{
    const __m128i entries = _mm_loadu_si128((const __m128i *)(const void *)table);
    return (vec)_mm256_shuffle_epi8(_mm256_broadcastsi128_si256(entries), (__m256i)index);
}

/* Energies of raw entries. */
static inline vec vec_scale(vec raw)
{
#if LANE_BITS == 16
    return (vec)_mm256_mulhi_epi16((__m256i)raw, _mm256_set1_epi16(BYTE_UNIT << 8));
#else
    const __m256i entries = _mm256_srai_epi32((__m256i)raw, 24);
    return (vec)_mm256_mullo_epi32(entries, _mm256_set1_epi32(BYTE_UNIT));
#endif
}

static inline vec vec_lookup(const byte_table table, vec index)
{
    return vec_scale(vec_lookup_raw(table, index));
}

#endif
