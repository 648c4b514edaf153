/* SPDX-License-Identifier: MIT */
/* Boosting with support vector machines (Tempel et al. 2015, miRBoost, RNA 21:775), by AdaBoost
 * (Freund & Schapire 1997, J Comput Syst Sci 55:119).
 *
 * In every round a machine is trained on all precursors and on as many others, drawn by their
 * weights; its error is that on all samples, both classes weighing the same at the start; and the
 * weights of what it calls wrongly rise. The score is the weighted vote, -1 .. 1.
 */
#ifndef DMG_BASELINE_BOOSTED_SVM_H
#define DMG_BASELINE_BOOSTED_SVM_H

#include "baseline/svm.h"

/* Unchanging once made. */
typedef struct boosted_machines boosted_machines;

enum { BOOSTED_ROUNDS = 20 };

/* The same samples and seed give the same machines for any number of threads. */
dmg_status boosted_machines_train(boosted_machines **out, const samples *set, uint64_t seed,
                                  int threads, dmg_error *err);
void boosted_machines_destroy(boosted_machines *b);

size_t boosted_machines_columns(const boosted_machines *b); /* that were selected */
dmg_status boosted_machines_score(double *score, const boosted_machines *b, const double *row,
                                  dmg_error *err);

#endif
