/* SPDX-License-Identifier: MIT */
/* The places of the features, and what each file of this folder fills in. */
#ifndef DMG_FEATURES_COLUMNS_H
#define DMG_FEATURES_COLUMNS_H

#include "deepmirgene/features.h"
#include "features/triplets.h"

enum { LETTERS = 4, DINUCLEOTIDES = LETTERS * LETTERS };

/* In the order of the columns. */
enum {
    FEATURE_LENGTH,
    FEATURE_LETTERS,                                   /* A C G U */
    FEATURE_DINUCLEOTIDES = FEATURE_LETTERS + LETTERS, /* AA, AC, ..., UU */
    FEATURE_GC = FEATURE_DINUCLEOTIDES + DINUCLEOTIDES,

    FEATURE_TRIPLETS, /* in the order of triplet_index */
    FEATURE_MFE = FEATURE_TRIPLETS + TRIPLET_FEATURES,
    FEATURE_DG,
    FEATURE_DP,
    FEATURE_MFEI1,
    FEATURE_MFEI2,
    FEATURE_MFEI3,
    FEATURE_MFEI4,
    FEATURE_AU_LENGTH, /* A-U, G-C, G-U */
    FEATURE_AU_STEMS = FEATURE_AU_LENGTH + 3,
    FEATURE_PAIRS_STEM = FEATURE_AU_STEMS + 3,
    FEATURE_STEMS,
    FEATURE_LOOPS,
    FEATURE_DF,
    FEATURE_ARM_PAIRS,
    FEATURE_HAIRPIN_LOOP,
    FEATURE_LONGEST_HELIX,
    FEATURE_LONGEST_GAP,
    FEATURE_SYMMETRIC,
    FEATURE_ASYMMETRIC,
    FEATURE_ARM_PAIRED,
    FEATURE_OVERHANG,
    FEATURE_DH,
    FEATURE_DS,
    FEATURE_TM,
    FEATURE_DH_LENGTH,
    FEATURE_DS_LENGTH,
    FEATURE_TM_LENGTH,

    FEATURE_DQ,
    FEATURE_DD,
    FEATURE_NEFE,
    FEATURE_FREQUENCY,
    FEATURE_DIVERSITY,
    FEATURE_DIFF,

    FEATURE_P_VALUE,
    FEATURE_ZG,
    FEATURE_ZP,
    FEATURE_ZF,
    FEATURE_ZQ,
    FEATURE_ZD,
    FEATURES
};

/* The quotient, 0 where the denominator is 0. */
static inline double ratio(double numerator, double denominator)
{
    return denominator == 0 ? 0 : numerator / denominator;
}

#endif
