/* SPDX-License-Identifier: MIT */
/* The 32 triplet features of Xue et al. 2005 (BMC Bioinformatics 6:310).
 *
 * A triplet is a nucleotide of a stem with the pairing of itself and of both its neighbours, each
 * paired or not, whichever way: 4 letters times 8 pairings.
 */
#ifndef DMG_FEATURES_TRIPLETS_H
#define DMG_FEATURES_TRIPLETS_H

#include <stddef.h>

#define TRIPLET_FEATURES 32

/* Pairs around one hairpin loop with no other branch among them, and the two arms from the
 * outermost pair to the loop, both half-open. */
typedef struct hairpin_stem {
    size_t pairs;
    size_t left, left_end;   /* 5' arm */
    size_t right, right_end; /* 3' arm */
} hairpin_stem;

/* The stem with most pairs, the 5'-most of equals; pairs == 0 where nothing is paired. `structure`
 * is [length] of balanced '(' '.' ')'. */
hairpin_stem stem_longest(const char *structure, size_t length);

/* Place of a triplet among the features: letter A G C U, then the pairings, of which the 5'
 * neighbour's counts 4, its own 2 and the 3' neighbour's 1. */
size_t triplet_index(char letter, int before, int own, int after);

/* features [TRIPLET_FEATURES]: how often each triplet has its middle in the arms of the longest
 * stem, over their sum; all zero where there is none. Letters other than A C G U are not counted.
 * `sequence` is [length], upper case. */
void triplet_features(double *features, const char *sequence, const char *structure, size_t length);

#endif
