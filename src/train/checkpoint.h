/* SPDX-License-Identifier: MIT */
/* The state of a training after a whole epoch, in a file that is there whole or not at all. */
#ifndef DMG_TRAIN_CHECKPOINT_H
#define DMG_TRAIN_CHECKPOINT_H

#include <jansson.h>
#include <stddef.h>

#include "deepmirgene/train.h"

/* Everything that the next epoch depends on; the epoch itself is the number of rows in history. */
typedef struct training_state {
    size_t parameters;     /* P */
    float *params;         /* [P] */
    float *first, *second; /* [P], Adam's moments */
    float *average;        /* [P], mean of params after the last epochs; NULL if there is none */
    size_t epochs;         /* done */
    dmg_epoch *history;    /* [epochs], room for `history_capacity` */
    size_t history_capacity;
    size_t pretrained;      /* epochs of pre-training done */
    double *pretrain_loss;  /* [pretrained], room for `pretrain_epochs`; NULL if there are none */
    size_t pretrain_epochs; /* all that come before the first epoch of training */
} training_state;

/* `description` is the text of what is being trained: data, options, seed. */
dmg_status checkpoint_save(const training_state *state, const char *description, const char *path,
                           dmg_error *err);

/* Fills `state`, whose blocks are there already. A file that was made for another `description` is
 * DMG_FORMAT, and the message names the first thing that differs. */
dmg_status checkpoint_load(training_state *state, const char *description, const char *path,
                           dmg_error *err);

#endif
