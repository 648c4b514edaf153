/* SPDX-License-Identifier: MIT */
/* Which instruction sets the fast code may use.
 *
 * Folding and the network exist as plain scalar code, which is the specification, and as faster
 * code for wider instruction sets beside it. Folding gives the same answers at every level. Scores
 * and trained weights differ between "scalar" and the others by rounding only, within bounds that
 * are tested; AVX2 and AVX-512 give the same bytes, and count as one where results are compared.
 */
#ifndef DMG_CPU_H
#define DMG_CPU_H

#include "deepmirgene/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum dmg_cpu {
    DMG_CPU_AUTO,   /* the best that this processor has */
    DMG_CPU_SCALAR, /* plain C */
    DMG_CPU_V128,   /* vectors of 128 bits: SSE4.1, NEON or the SIMD of WebAssembly */
    DMG_CPU_AVX2,   /* x86-64 with AVX2 and FMA */
    DMG_CPU_AVX512, /* with AVX-512 F, VL, BW and DQ: for the network; folding stays with AVX2 */
} dmg_cpu;

/* DMG_CPU_AUTO becomes the best level of this processor; another level stays as it is, or is
 * DMG_UNSUPPORTED where the processor lacks it. */
DMG_API dmg_status dmg_cpu_resolve(dmg_cpu *level, dmg_error *err);

/* The level that stands for all whose scores and trained parameters have the same bytes: AVX2 for
 * AVX-512, otherwise the level itself. Files name this one. */
DMG_API dmg_cpu dmg_cpu_same_bytes(dmg_cpu level);

/* "auto", "scalar", "v128", "avx2", "avx512": a constant string. */
DMG_API const char *dmg_cpu_name(dmg_cpu level);

/* The level of that name; DMG_RANGE if there is none. */
DMG_API dmg_status dmg_cpu_parse(dmg_cpu *level, const char *name, dmg_error *err);

#ifdef __cplusplus
}
#endif

#endif
