/* SPDX-License-Identifier: MIT */
/* Checks of a labelled set: repeated sequences, sequences that carry both labels, overlap with
 * other sets, lengths and letters.
 */
#ifndef DMG_DATASET_CHECK_H
#define DMG_DATASET_CHECK_H

#include <stddef.h>

#include "deepmirgene/status.h"
#include "deepmirgene/train.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Classes of letters: A, C, G, U, and all others together. */
enum { DMG_CHECK_LETTERS = 5 };

/* Minimum, lower quartile, median, upper quartile, maximum. */
enum { DMG_CHECK_QUARTILES = 5 };

/* The records of one label. */
typedef struct dmg_dataset_side {
    size_t records;
    size_t sequences;   /* different ones */
    size_t duplicates;  /* records whose sequence another one before them on this side has */
    size_t both_labels; /* records whose sequence is in the other class as well */
    size_t ambiguous;   /* records with letters other than A C G U */
    double lengths[DMG_CHECK_QUARTILES]; /* linear between ranks; NaN without records */
    size_t letters[DMG_CHECK_LETTERS];
} dmg_dataset_side;

typedef struct dmg_dataset_check_result {
    dmg_dataset_side sides[2]; /* [positive] */
    size_t conflicts;          /* different sequences that carry both labels */
} dmg_dataset_check_result;

/* Sequences are the same if all their letters are; the opposite strand is another sequence. */
DMG_API dmg_status dmg_dataset_check(dmg_dataset_check_result *out, const dmg_dataset *dataset,
                                     dmg_error *err);

/* The overlap of one class with another set. */
typedef struct dmg_dataset_overlap_result {
    size_t records;   /* of the class, whose sequence is in the other set */
    size_t sequences; /* different ones */
} dmg_dataset_overlap_result;

/* Fills overlap [2], by the label in `dataset`; in `other` labels do not matter. */
DMG_API dmg_status dmg_dataset_overlap(dmg_dataset_overlap_result overlap[2],
                                       const dmg_dataset *dataset, const dmg_dataset *other,
                                       dmg_error *err);

#ifdef __cplusplus
}
#endif

#endif
