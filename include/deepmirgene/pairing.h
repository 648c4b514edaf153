/* SPDX-License-Identifier: MIT */
/* The Boltzmann ensemble of the structures of single RNA strands: partition function, probabilities
 * of base pairs, and what follows from them.
 *
 * McCaskill 1990, Biopolymers 29:1105, on the energies of fold.h. The numbers are those of
 * `RNAfold -p` 2.7.1 (doc/folding.md). A structure of energy E has the weight exp(-E / kT).
 */
#ifndef DMG_PAIRING_H
#define DMG_PAIRING_H

#include <stdbool.h>
#include <stddef.h>

#include "deepmirgene/fold.h"
#include "deepmirgene/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One sequence; everything it points to is the caller's. Zero what is not needed. */
typedef struct dmg_pairing_task {
    const char *sequence; /* in: [length], no NUL needed */
    size_t length;        /* in: 0 .. DMG_FOLD_MAX_LENGTH */
    bool given;           /* in: `structure` is the caller's and is not folded */
    double gamma; /* in: weight of a pair in the structure of maximum expected accuracy, > 0;
                   * 0 counts as 1 */

    char *structure; /* [length + 1] out, or in: the minimum-free-energy structure */
    char *pairing;   /* out: [length + 1], for each base ( ) where it pairs with a base on its right
                      * or left with more than 2/3, { } where mostly so, | where either, '.' where
                      * it is unpaired with more than 2/3, and ',' where it is mostly unpaired */
    char *centroid;  /* out: [length + 1], the pairs of more than 1/2 */
    char *accurate;  /* out: [length + 1] or NULL, the structure of maximum expected accuracy: that
                      * with the largest sum of 2 gamma p of its pairs, and of the probabilities
                      * that its other bases are unpaired */
    double *probabilities; /* out: [length (length - 1) / 2] or NULL, by dmg_pair_index */
    double *entropy;       /* out: [length] or NULL, in bits: of what the base pairs with, if at all
                            * (Huynen, Gutell & Konings 1997, J Mol Biol 267:1104) */

    int energy;               /* out: of `structure`, dcal/mol */
    double ensemble_energy;   /* out: -kT ln of the sum of all weights, kcal/mol */
    double frequency;         /* out: of `structure` in the ensemble */
    double diversity;         /* out: expected number of pairs in which two structures differ */
    int centroid_energy;      /* out: dcal/mol */
    double centroid_distance; /* out: expected number of pairs in which a structure differs from the
                               * centroid */
    int accurate_energy;      /* out: dcal/mol */
    double accuracy;          /* out: the sum that is largest */
} dmg_pairing_task;

/* Where the pair of bases i < j is, 0-based, among those of `length` bases. */
static inline size_t dmg_pair_index(size_t i, size_t j, size_t length)
{
    return i * (2 * length - i - 1) / 2 + j - i - 1;
}

/* Computes the ensembles of tasks[0 .. count) on the folder's threads; the result does not depend
 * on their number, nor on the instruction set. A thread needs some 12 n (n + 1) bytes for its
 * longest sequence of n nucleotides, and 3,600 n besides: 2 MB at 300, 320 MB at 5,000. Sums that
 * leave the range of double precision, as those of a perfect helix of thousands of bases beside as
 * many that do not pair, are computed again in long double. Errors as by dmg_fold; for a structure
 * that is given, as by dmg_fold_evaluate. DMG_RANGE where long double does not suffice either. */
DMG_API dmg_status dmg_pairing_fold(dmg_folder *folder, dmg_pairing_task *tasks, size_t count,
                                    dmg_error *err);

#ifdef __cplusplus
}
#endif

#endif
