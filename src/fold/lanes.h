/* SPDX-License-Identifier: MIT */
/* Vectors of matrix elements, LANE_BITS (16 or 32) each: the few operations that a fill is made of.
 *
 * One source for every width of vectors: a backend (lanes_avx2.h, lanes_v128.h) defines
 * VECTOR_BYTES, the type `vector`, what loads and stores one, and the names of intrinsics, which
 * are Intel's.
 *
 * Sums wrap around unless said otherwise; a fill keeps its energies where they do not.
 */
#ifndef DMG_FOLD_LANES_H
#define DMG_FOLD_LANES_H

#include <stdint.h>

#include "fold/byte_tables.h"
#if defined(__AVX2__)
#include "fold/lanes_avx2.h"
#else
#include "fold/lanes_v128.h"
#endif

_Static_assert((char)-1 < 0, "gcc 12 compiles blends of bytes wrongly where char is unsigned");

#if LANE_BITS == 16
typedef int16_t lane;
#define LANE_INTRINSIC(name) VECTOR_INTRINSIC(name##_epi16)
#else
typedef int32_t lane;
#define LANE_INTRINSIC(name) VECTOR_INTRINSIC(name##_epi32)
#endif

#define LANES (VECTOR_BYTES * 8 / LANE_BITS)

typedef lane vec __attribute__((vector_size(VECTOR_BYTES)));

static inline vec vec_load(const lane *p)
{
    return (vec)vector_load(p);
}

static inline void vec_store(lane *p, vec a)
{
    vector_store(p, (vector)a);
}

static inline vec vec_set(int value)
{
    return (vec)LANE_INTRINSIC(set1)((lane)value);
}

static inline vec vec_add(vec a, vec b)
{
    return (vec)LANE_INTRINSIC(add)((vector)a, (vector)b);
}

/* The sum, or the highest or lowest value of a lane of 16 bits where it is beyond. */
static inline vec vec_add_cut(vec a, vec b)
{
#if LANE_BITS == 16
    return (vec)LANE_INTRINSIC(adds)((vector)a, (vector)b);
#else
    return vec_add(a, b);
#endif
}

static inline vec vec_min(vec a, vec b)
{
    return (vec)LANE_INTRINSIC(min)((vector)a, (vector)b);
}

static inline vec vec_max(vec a, vec b)
{
    return (vec)LANE_INTRINSIC(max)((vector)a, (vector)b);
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
    const vector half = LANE_INTRINSIC(adds)((vector)a, (vector)energy.part[0]);
    return (vec)LANE_INTRINSIC(adds)(half, (vector)energy.part[1]);
#else
    return vec_add(vec_add(a, energy.part[0]), energy.part[1]);
#endif
}

/* a in the lanes where `choose` is 0, b where it is -1. */
static inline vec vec_select(vec a, vec b, vec choose)
{
    return (vec)VECTOR_INTRINSIC(blendv_epi8)((vector)a, (vector)b, (vector)choose);
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
    const vector less = LANE_INTRINSIC(cmpgt)((vector)b, (vector)a);
    return (unsigned)VECTOR_INTRINSIC(movemask_epi8)(less);
}

static inline int first_lane(unsigned bits)
{
    return __builtin_ctz(bits) / (LANE_BITS / 8);
}

static inline unsigned without_first_lane(unsigned bits)
{
    return bits & ~(((1U << (LANE_BITS / 8)) - 1) << __builtin_ctz(bits));
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
    return (vec)VECTOR_INTRINSIC(shuffle_epi8)(vector_repeat(table), (vector)index);
}

/* Energies of raw entries. */
static inline vec vec_scale(vec raw)
{
#if LANE_BITS == 16
    return (vec)LANE_INTRINSIC(mulhi)((vector)raw, LANE_INTRINSIC(set1)(BYTE_UNIT << 8));
#else
    const vector entries = LANE_INTRINSIC(srai)((vector)raw, 24);
    return (vec)LANE_INTRINSIC(mullo)(entries, LANE_INTRINSIC(set1)(BYTE_UNIT));
#endif
}

static inline vec vec_lookup(const byte_table table, vec index)
{
    return vec_scale(vec_lookup_raw(table, index));
}

#endif
