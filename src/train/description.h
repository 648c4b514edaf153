/* SPDX-License-Identifier: MIT */
/* Which training this is, in JSON: what checkpoints, models and cross-validations say of it. */
#ifndef DMG_TRAIN_DESCRIPTION_H
#define DMG_TRAIN_DESCRIPTION_H

#include <jansson.h>
#include <stdbool.h>

#include "train/training_set.h"

/* Data, architecture, seed and options, but for the number of epochs where nothing else depends on
 * it: a checkpoint may be carried further. NULL when memory is out. */
json_t *train_describe(const dmg_dataset *dataset, const training_set *set,
                       const dmg_train_options *options, dmg_cpu cpu);

/* The caller's to free; NULL when memory is out, or for NULL. */
char *train_describe_print(const json_t *description);

/* Adds to a JSON object the options that the paper's recipe has no need of, those alone that differ
 * from that recipe: so what describes a training by it stays the same for ever. False when memory
 * is out. */
bool train_describe_options(json_t *object, const dmg_train_options *options);

#endif
