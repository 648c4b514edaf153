/* SPDX-License-Identifier: MIT */
/* The state of a training after a whole epoch, in a file that is there whole or not at all. */
#ifndef DMG_TRAIN_CHECKPOINT_H
#define DMG_TRAIN_CHECKPOINT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/durable.h"
#include "deepmirgene/train.h"
#include "train/training_set.h"

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
    /* Held-out records, for checkpoints of releases that kept SE and SP instead of the counts. */
    size_t held_out_positives, held_out_negatives;
} training_state;

/* All zero, with room for what the options ask for. On failure there is something to clear. */
dmg_status training_state_init(training_state *state, size_t parameters, const training_set *set,
                               const dmg_train_options *options, dmg_error *err);

/* Accepts a zeroed struct. */
void training_state_clear(training_state *state);

/* `description` is the text of what is being trained: data, options, seed. */
dmg_status checkpoint_save(const training_state *state, const char *description, const char *path,
                           dmg_error *err);

/* Decides when to save: a checkpoint waits for the disk, so that a power cut leaves it whole. */
typedef struct checkpoint_writer {
    const char *path; /* NULL: nothing is saved */
    const char *description;
    durable_pace pace;
    bool unsaved; /* epochs have ended since it was saved */
} checkpoint_writer;

/* After an epoch: saves if it is time, or the last one. */
dmg_status checkpoint_after_epoch(checkpoint_writer *w, const training_state *state, bool last,
                                  dmg_error *err);

/* Saves what has not been saved. */
dmg_status checkpoint_flush(checkpoint_writer *w, const training_state *state, dmg_error *err);

/* Fills `state`, whose blocks are there already. A file that was made for another `description` is
 * DMG_FORMAT, and the message names the first thing that differs. One that is *cut_off, as by a
 * power cut, is as good as none: the state stays as it is. */
dmg_status checkpoint_load(training_state *state, bool *cut_off, const char *description,
                           const char *path, dmg_error *err);

#endif
