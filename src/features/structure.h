/* SPDX-License-Identifier: MIT */
/* Features of a structure and its energy. */
#ifndef DMG_FEATURES_STRUCTURE_H
#define DMG_FEATURES_STRUCTURE_H

#include <stddef.h>

#include "features/tree_graph.h"

/* One folded sequence, and room to walk over it. */
typedef struct folded_sequence {
    const char *sequence, *structure; /* [length] */
    const size_t *partner;            /* [length] pair table of the structure */
    size_t length;
    double mfe; /* kcal/mol */
} folded_sequence;

/* Fills in those from FEATURE_TRIPLETS to FEATURE_OVERHANG; FEATURE_GC must be known. */
void structure_features(double *values, const folded_sequence *folded, tree_graph *tree);

#endif
