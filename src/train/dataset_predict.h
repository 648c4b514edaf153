/* SPDX-License-Identifier: MIT */
/* What a model says of the records of a dataset. */
#ifndef DMG_TRAIN_DATASET_PREDICT_H
#define DMG_TRAIN_DATASET_PREDICT_H

#include "deepmirgene/train.h"

/* p [records] gets p_mirna of each record of the folded dataset. */
dmg_status dataset_predict(float *p, const dmg_model *model, const dmg_dataset *dataset,
                           int threads, dmg_cpu cpu, dmg_error *err);

#endif
