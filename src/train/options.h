/* SPDX-License-Identifier: MIT */
/* Limits of the training options. */
#ifndef DMG_TRAIN_OPTIONS_H
#define DMG_TRAIN_OPTIONS_H

#include "deepmirgene/train.h"

/* DMG_RANGE for options that loops and allocations cannot rely on. */
dmg_status train_options_check(const dmg_train_options *options, dmg_error *err);

#endif
