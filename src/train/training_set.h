/* SPDX-License-Identifier: MIT */
/* The records of a dataset as a training sees them: encoded, with targets and weights, and divided
 * into those to learn from and those to validate on. */
#ifndef DMG_TRAIN_TRAINING_SET_H
#define DMG_TRAIN_TRAINING_SET_H

#include "deepmirgene/train.h"
#include "model/sample.h"

typedef struct training_set {
    size_t count;            /* records of the dataset */
    network_sample *samples; /* [count] */
    sample_buffer *buffers;  /* [count], their tokens */
    size_t *lengths;         /* [count] */
    bool *labels;            /* [count] */
    float *targets;          /* [count] p_mirna to learn: the label, or the teacher's */
    double class_weight[2];  /* [positive], of a record's loss */
    size_t *training;        /* [training_count] records to learn from, ascending */
    size_t *validation;      /* [validation_count] records held out, ascending */
    size_t training_count, validation_count;
} training_set;

/* Encodes, divides and weighs the records as the options say, and asks the teacher where there is
 * one. `cpu` is resolved. On failure there is something to clear. */
dmg_status training_set_init(training_set *set, const dmg_dataset *dataset,
                             const dmg_train_options *options, dmg_cpu cpu, dmg_error *err);

/* Accepts a zeroed struct. */
void training_set_clear(training_set *set);

#endif
