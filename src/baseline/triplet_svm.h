/* SPDX-License-Identifier: MIT */
/* Triplet-SVM (Xue et al. 2005, BMC Bioinformatics 6:310): a support vector machine with a radial
 * kernel on the 32 triplet features, by libsvm (Chang & Lin 2011, ACM TIST 2:27).
 *
 * Of the article: the features and how they are normalised (triplets.h), and the kernel. Different:
 * it learns from the records given, not from the article's 163 precursors and 168 coding hairpins;
 * every feature is scaled to the same range over them; no sequence is left out for its structure,
 * energy or letters; and both classes weigh the same, however many records they have, as they
 * nearly did there. Without weights, and the grid searched for accuracy, the published human set
 * gives a sensitivity of .66 and a specificity of .98 on its held-out tenth, much as reported for
 * triplet-SVM (.67, .98); with them it gives .84 and .90.
 */
#ifndef DMG_BASELINE_TRIPLET_SVM_H
#define DMG_BASELINE_TRIPLET_SVM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deepmirgene/train.h"

/* Unchanging once made. */
typedef struct triplet_svm triplet_svm;

/* C and gamma with the best g-mean of a stratified cross-validation inside the training records,
 * whose folds are drawn by seed. DMG_RANGE with fewer than two training records of either class. */
dmg_status triplet_svm_train(triplet_svm **out, const dmg_dataset *dataset, const bool *held_out,
                             uint64_t seed, int threads, dmg_error *err);

void triplet_svm_destroy(triplet_svm *svm);

/* The decision value, positive for a precursor. */
double triplet_svm_score(const triplet_svm *svm, const dmg_dataset_record *record);

double triplet_svm_cost(const triplet_svm *svm);  /* the C chosen */
double triplet_svm_gamma(const triplet_svm *svm); /* the gamma chosen */

#endif
