/* SPDX-License-Identifier: MIT */
/* What training options say of themselves in files. */
#ifndef DMG_TRAIN_OPTIONS_H
#define DMG_TRAIN_OPTIONS_H

#include <jansson.h>
#include <stdbool.h>

#include "deepmirgene/train.h"

/* Adds to a JSON object the options that the paper's recipe has no need of, those alone that differ
 * from their presets: so what describes a training by that recipe stays the same for ever. False
 * when memory is out. */
bool train_options_describe(json_t *object, const dmg_train_options *options);

#endif
