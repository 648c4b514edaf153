/* SPDX-License-Identifier: MIT */
/* What the trainer needs of a dataset beyond the public interface. */
#ifndef DMG_TRAIN_DATASET_H
#define DMG_TRAIN_DATASET_H

#include <jansson.h>
#include <stdbool.h>

#include "deepmirgene/train.h"
#include "seqio/digest.h"

/* A file that records were read from. */
typedef struct dataset_file {
    char *name; /* without its folder */
    size_t records;
    char md5[DIGEST_HEX]; /* of the sequences in upper case, one a line, each followed by the
                           * structure that the file gives it */
    bool positive, unlabelled;
} dataset_file;

/* The i-th, in the order of reading; NULL past the last. */
const dataset_file *dataset_file_at(const dmg_dataset *dataset, size_t i);

/* Which data this is, for the model file: {"positive": [{"file", "records", "md5"}, ...],
 * "negative": [...], "conflicts_dropped": N}; NULL when memory is out. Of a part of it, "selected"
 * tells how many records and, by a hash, which. */
json_t *dataset_describe(const dmg_dataset *dataset);

/* Keeps features [count * dmg_feature_count()], which become the dataset's; NULL forgets them. */
void dataset_set_features(dmg_dataset *dataset, double *features);

/* Whether a record of that id was dropped for its conflict: lists of ids may still name it. */
bool dataset_has_dropped(const dmg_dataset *dataset, const char *id);

#endif
