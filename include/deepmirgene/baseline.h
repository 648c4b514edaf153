/* SPDX-License-Identifier: MIT */
/* Classifiers for comparison with the network, evaluated on the same records, structures and
 * energies.
 *
 * All of them read a labelled set that has been folded (dmg_dataset_fold, or structures given in
 * its files); the energy of a record is that of its structure by dmg_fold_evaluate.
 */
#ifndef DMG_BASELINE_H
#define DMG_BASELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "deepmirgene/status.h"
#include "deepmirgene/train.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum dmg_baseline_method {
    /* "mfe-per-length": -MFE / length, in kcal/mol per nucleotide. Calls nothing. */
    DMG_BASELINE_MFE_PER_LENGTH,
    /* "length": -length, because in all three published sets precursors are the shorter ones. Calls
     * nothing. */
    DMG_BASELINE_LENGTH,
    /* "triplet-svm" (Xue et al. 2005, BMC Bioinformatics 6:310): a support vector machine with a
     * radial kernel on the 32 triplet features of the stem, C and gamma chosen by cross-validation
     * inside the training records for the best g-mean, both classes of equal weight. The score is
     * the decision value, 0 or more a precursor. The article trained on 163 precursors and 168
     * coding hairpins and left out sequences with several loops; here it trains on the given
     * records, and a sequence with several stems is represented by the one with most pairs. */
    DMG_BASELINE_TRIPLET_SVM,
    /* "mirena" (Mathelier & Carbone 2010, Bioinformatics 26:2226): those of its five criteria that
     * apply where the mature strand is not given: energy per 100 nucleotides (AMFE) below -32
     * kcal/mol, AMFE over the percentage of G and C (MFEI) below -0.69 kcal/mol, and 22 nucleotides
     * on one arm of which 72 % or more are paired. It does not learn. The score is the number of
     * criteria met, 0 to 3; 3 is a precursor. A rule with so few scores ranks records coarsely, so
     * its AUROC and average precision say little. */
    DMG_BASELINE_MIRENA,
    /* "mipred" (Jiang et al. 2007, NAR 35:W339): a random forest on the 32 triplets, the minimum
     * free energy, and its P value among shuffles. The score is the share of trees that vote for a
     * precursor. */
    DMG_BASELINE_MIPRED,
    /* "micropred" (Batuwita & Palade 2009, Bioinformatics 25:989): a support vector machine on 19
     * of the article's 21 features (doc/rivals.md), otherwise as triplet-svm. */
    DMG_BASELINE_MICROPRED,
    /* "mirboost" (Tempel et al. 2015, RNA 21:775): boosted support vector machines, each trained on
     * as many precursors as others. The score is their weighted vote, -1 .. 1. */
    DMG_BASELINE_MIRBOOST,
    /* "boosted-trees": gradient boosting on all features of features.h, no program of others. The
     * score is in log odds, at equal weight of both classes. */
    DMG_BASELINE_BOOSTED_TREES,
    /* "cshmm" (Agarwal et al. 2010, BMC Bioinformatics 11 Suppl 1:S29): the log likelihood of a
     * context-sensitive hidden Markov model, per base, over that of bases drawn evenly; it learns
     * from the structures of the precursors. The score is what that has over the threshold with the
     * best g-mean in training. */
    DMG_BASELINE_CSHMM,
    DMG_BASELINE_METHODS
} dmg_baseline_method;

/* The name of a method, a constant string. */
DMG_API const char *dmg_baseline_name(dmg_baseline_method method);

/* The method of that name; for an unknown name DMG_RANGE, with a list of the names. */
DMG_API dmg_status dmg_baseline_parse(dmg_baseline_method *method, const char *name,
                                      dmg_error *err);

/* A score of at least this is a positive call; NaN for the single numbers, which call nothing. */
DMG_API double dmg_baseline_threshold(dmg_baseline_method method);

/* Computes the features that a method needs of all records of a folded set, if it needs any; the
 * seed is that of shuffles. Errors as by dmg_dataset_compute_features. */
DMG_API dmg_status dmg_baseline_prepare(dmg_dataset *dataset, dmg_baseline_method method,
                                        uint64_t seed, int threads, dmg_cpu cpu, dmg_error *err);

/* A trained classifier. Unchanging once made, so threads may share it. */
typedef struct dmg_baseline dmg_baseline;

/* Learns from the records that are not held out: held_out [records], or NULL to learn from all. The
 * same records and seed give the same classifier for any number of threads (>= 1). *out is to be
 * destroyed by the caller; it keeps no reference to the dataset. DMG_RANGE for a record that has
 * not been folded or, where the method needs features, was not prepared, and with fewer than two
 * records of either class to learn from. Methods that learn nothing need no record to do so. Those
 * with support vector machines silence libsvm's messages in the whole process. */
DMG_API dmg_status dmg_baseline_train(dmg_baseline **out, dmg_baseline_method method,
                                      const dmg_dataset *dataset, const bool *held_out,
                                      uint64_t seed, int threads, dmg_error *err);

DMG_API void dmg_baseline_destroy(dmg_baseline *baseline);

/* The parameters that training chose, as text ("C 8, gamma 0.125"); empty if there were none. The
 * string belongs to the classifier. */
DMG_API const char *dmg_baseline_choice(const dmg_baseline *baseline);

/* scores [records] of all records of a set, in its order, held out or not; finite, and the same for
 * any number of threads. Larger is more like a precursor. DMG_RANGE for a record that has not been
 * folded or whose given structure has no energy; the scores are then undefined. */
DMG_API dmg_status dmg_baseline_score(float *scores, const dmg_baseline *baseline,
                                      const dmg_dataset *dataset, int threads, dmg_error *err);

#ifdef __cplusplus
}
#endif

#endif
