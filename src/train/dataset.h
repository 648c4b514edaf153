/* SPDX-License-Identifier: MIT */
/* What the trainer needs of a dataset beyond the public interface. */
#ifndef DMG_TRAIN_DATASET_H
#define DMG_TRAIN_DATASET_H

#include <jansson.h>
#include <stdbool.h>

#include "deepmirgene/train.h"

/* Which data this is, for the model file: {"positive": [{"file", "records", "md5"}, ...],
 * "negative": [...], "conflicts_dropped": N}; NULL when memory is out. Of a part of it, "selected"
 * tells how many records and, by a hash, which. "md5" is that of the file's
 * sequences in upper case, one a line, each followed by the structure that the file gives it. */
json_t *dataset_describe(const dmg_dataset *dataset);

/* Whether a record of that id was dropped for its conflict: lists of ids may still name it. */
bool dataset_has_dropped(const dmg_dataset *dataset, const char *id);

#endif
