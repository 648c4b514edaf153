/* SPDX-License-Identifier: MIT */
/* A context-sensitive hidden Markov model of hairpins (Agarwal et al. 2010, CSHMM, BMC
 * Bioinformatics 11 Suppl 1:S29).
 *
 * It emits a hairpin from its ends to its loop. A state emits two bases that pair, two opposite
 * ones that do not, or one base of either side; what one side of a pair is depends on the other,
 * hence the name. The loop is emitted last. The probabilities are counts over the structures of the
 * precursors that it learns from, with a pseudocount; the likelihood of a sequence is the sum over
 * all ways to emit it, so that it needs no structure.
 */
#ifndef DMG_BASELINE_CSHMM_H
#define DMG_BASELINE_CSHMM_H

#include "base/nucleotide.h"
#include "deepmirgene/train.h"

enum { CSHMM_PAIR, CSHMM_BOTH, CSHMM_LEFT, CSHMM_RIGHT, CSHMM_STATES };
enum { CSHMM_LONGEST_LOOP = 60 }; /* from here on, probabilities fall off evenly */

/* Emissions over those of bases drawn evenly: a letter N has 1. */
typedef struct cshmm {
    double start[CSHMM_STATES];              /* of the first state */
    double next[CSHMM_STATES][CSHMM_STATES]; /* of the state after */
    double loop[CSHMM_STATES];               /* of the loop after */
    double lengths[CSHMM_LONGEST_LOOP + 1];  /* of the loop; the last one of all that are longer */
    double pairs[BASE_CODES][BASE_CODES];    /* of CSHMM_PAIR */
    double bases[CSHMM_STATES][BASE_CODES]; /* of the other states, for each base that is emitted */
    double loop_bases[BASE_CODES];
    double threshold; /* of the score of a precursor */
} cshmm;

/* Learns from the records that are not held out (NULL: from all): the model from the precursors,
 * the threshold with the best g-mean from both. DMG_RANGE with fewer than two of either class. */
dmg_status cshmm_train(cshmm *out, const dmg_dataset *dataset, const bool *held_out, int threads,
                       dmg_error *err);

/* The log of the likelihood of a sequence over that of bases drawn evenly, per base, minus the
 * threshold; that of a sequence of which it vanishes in double precision is low. */
dmg_status cshmm_score(double *score, const cshmm *model, const char *sequence, size_t length,
                       dmg_error *err);

/* The same without a threshold, per sequence. */
dmg_status cshmm_log_odds(double *value, const cshmm *model, const char *sequence, size_t length,
                          dmg_error *err);

/* The probabilities by counts over these structures: sequences [count] and dot-brackets. */
void cshmm_count(cshmm *out, const char *const *sequences, const char *const *structures,
                 size_t count);

#endif
