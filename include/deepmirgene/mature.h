/* SPDX-License-Identifier: MIT */
/* Where Drosha and Dicer would cut a precursor: the mature sequences of its two arms.
 *
 * The prediction uses only sequence and structure, for any hairpin: a hairpin that is not a
 * precursor also gets its most likely cuts. The ends of the given sequence do not matter, as long
 * as both mature sequences lie in it. doc/mature.md describes the method and its accuracy.
 */
#ifndef DMG_MATURE_H
#define DMG_MATURE_H

#include <stdbool.h>
#include <stddef.h>

#include "deepmirgene/status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define DMG_MATURE_MAX_LENGTH 1000 /* nucleotides of a hairpin */

/* A mature sequence, 0-based and half open, with the probabilities that either end is exact, and
 * that it is within one nucleotide of the true one. */
typedef struct dmg_mature_arm {
    size_t start, end;
    double p_start, p_end;
    double p_start_near, p_end_near;
} dmg_mature_arm;

typedef struct dmg_mature {
    bool found; /* false, and nothing else set, where the arms are too short for mature sequences or
                 * the hairpin is longer than DMG_MATURE_MAX_LENGTH */
    dmg_mature_arm arm_5p, arm_3p;
} dmg_mature;

/* Working memory of one thread. */
typedef struct dmg_mature_finder dmg_mature_finder;

/* With the built-in model. *out is the caller's, to be destroyed. */
DMG_API dmg_status dmg_mature_finder_create(dmg_mature_finder **out, dmg_error *err);

/* With a model file, as `make train-models` writes it. */
DMG_API dmg_status dmg_mature_finder_load(dmg_mature_finder **out, const char *path,
                                          dmg_error *err);

DMG_API void dmg_mature_finder_destroy(dmg_mature_finder *finder);

/* sequence [length] letters of either case, T or U; structure [length] dot-bracket. DMG_FORMAT for
 * unbalanced brackets. */
DMG_API dmg_status dmg_mature_find(dmg_mature *out, dmg_mature_finder *finder, const char *sequence,
                                   const char *structure, size_t length, dmg_error *err);

#ifdef __cplusplus
}
#endif

#endif
