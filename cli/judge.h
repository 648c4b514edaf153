/* SPDX-License-Identifier: MIT */
/* Predictions for batches of folded records, on all threads: what predict and explain have in
 * common. */
#ifndef DMG_CLI_JUDGE_H
#define DMG_CLI_JUDGE_H

#include "folded.h"

/* Predictors, one a thread. */
typedef struct judge judge;

/* `prior` as in dmg_predictor_set_prior; 0: that of the model. */
dmg_status judge_create(judge **out, const dmg_model *model, double prior, int threads, dmg_cpu cpu,
                        dmg_error *err);
void judge_destroy(judge *j);

/* Fills in p_mirna of those records of the batch that can be judged; for folded_steps.work. */
dmg_status judge_batch(judge *j, int worker, folded_batch *batch, dmg_error *err);

#endif
