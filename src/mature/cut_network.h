/* SPDX-License-Identifier: MIT */
/* How likely each place of a hairpin is to be cut, from what lies around it.
 *
 * A place is described by features that are on or off: the nucleotides next to it and those across
 * the stem, each with its pairing, and its distances from the loop and from the base of the stem on
 * either strand. Distances are taken from the stem, never from the ends of the sequence, because
 * those depend on who cut the hairpin out. One hidden layer of rectified units reads them, one for
 * each arm.
 */
#ifndef DMG_MATURE_CUT_NETWORK_H
#define DMG_MATURE_CUT_NETWORK_H

#include <stddef.h>
#include <stdint.h>

#include "mature/duplex.h"

enum cut_arm { CUT_ARM_5P, CUT_ARM_3P, CUT_ARMS };
enum cut_side { CUT_START, CUT_END, CUT_SIDES }; /* of a mature sequence, 5' to 3' */

enum {
    CUT_WINDOW = 12,    /* nucleotides on either side of a place */
    CUT_DISTANCES = 64, /* steps of a distance */
    CUT_SIZES = 32,     /* steps of a size */
    CUT_HIDDEN = 32,

    CUT_ACTIVE = 4 * CUT_WINDOW + 6, /* features that are on */
    CUT_FEATURES = 4 * CUT_WINDOW * DUPLEX_SYMBOLS + 4 * CUT_DISTANCES + 2 * CUT_SIZES,

    CUT_SHORTEST = 15, /* nucleotides of a mature sequence */
    CUT_LONGEST = 30,
    CUT_LENGTHS = CUT_LONGEST - CUT_SHORTEST + 1,
    CUT_OVERHANG_LIMIT = 8, /* nucleotides, either way; longer ones count as this */
    CUT_OVERHANGS = 2 * CUT_OVERHANG_LIMIT + 1,
};

enum cut_enzyme { CUT_DICER, CUT_DROSHA, CUT_ENZYMES }; /* at the loop, at the base */

/* All that is learned; a block of floats, whose gradient and moments have the same shape. */
typedef struct cut_weights {
    float features[CUT_ARMS][CUT_FEATURES][CUT_HIDDEN];
    float hidden_bias[CUT_ARMS][CUT_HIDDEN];
    float output[CUT_ARMS][CUT_SIDES][CUT_HIDDEN];
    float length[CUT_ARMS][CUT_LENGTHS];        /* of a mature sequence */
    float overhang[CUT_ENZYMES][CUT_OVERHANGS]; /* by which the 3' end of a cut is the longer one */
} cut_weights;

enum { CUT_WEIGHTS = sizeof(cut_weights) / sizeof(float) };

/* Indices of the features that are on at `cut`. */
void cut_features(uint16_t active[CUT_ACTIVE], const hairpin_duplex *duplex, enum cut_arm arm,
                  size_t cut);

/* scores [CUT_SIDES] of a place as the start and as the end of the arm's mature sequence; hidden
 * [CUT_HIDDEN] gets the activations, which kept [CUT_HIDDEN], 0 or more, multiplies where it is not
 * NULL. */
void cut_forward(float scores[CUT_SIDES], float hidden[CUT_HIDDEN], const cut_weights *weights,
                 const float *kept, enum cut_arm arm, const uint16_t active[CUT_ACTIVE]);

/* Adds to `gradient` that of a loss with dscores = d loss / d scores. */
void cut_backward(cut_weights *gradient, const float dscores[CUT_SIDES],
                  const float hidden[CUT_HIDDEN], const cut_weights *weights, const float *kept,
                  enum cut_arm arm, const uint16_t active[CUT_ACTIVE]);

#endif
