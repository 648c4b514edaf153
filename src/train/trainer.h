/* SPDX-License-Identifier: MIT */
/* What a training works with: made before its first epoch, or taken from a checkpoint. */
#ifndef DMG_TRAIN_TRAINER_H
#define DMG_TRAIN_TRAINER_H

#include <jansson.h>

#include "model/network.h"
#include "train/checkpoint.h"
#include "train/pretrain.h"
#include "train/supervised.h"

typedef struct trainer {
    const dmg_train_options *options;
    network net;
    training_set set;
    training_state state;
    json_t *description; /* which training this is */
    char *identity;      /* the same as text, for the checkpoint */
    checkpoint_writer checkpoint;
    batch_gradient *batch;
    supervised *supervised;
    pretraining *pretraining; /* NULL: there is none */
    size_t *order;            /* [training_count], the epoch's */
    float *gradient;          /* [state.parameters], of a batch */
} trainer;

/* All zero before. The parameters get their initial values: random ones, or those of the model to
 * begin from. On failure there is something to clear. */
dmg_status trainer_init(trainer *t, const dmg_dataset *dataset, const dmg_train_options *options,
                        dmg_error *err);

/* Takes the state from the checkpoint where there is one and it is wanted. */
dmg_status trainer_restore(trainer *t, dmg_error *err);

void trainer_clear(trainer *t);

#endif
