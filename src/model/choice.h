/* SPDX-License-Identifier: MIT */
/* The model that a caller names, has as bytes, or has loaded. */
#ifndef DMG_MODEL_CHOICE_H
#define DMG_MODEL_CHOICE_H

#include "deepmirgene/model.h"

/* *model is `loaded` where that is given, else the model of `bytes` [size], else that of `name`;
 * *own is the same where it was loaded here and is to be destroyed, else NULL. */
dmg_status model_choose(dmg_model **own, const dmg_model **model, const char *name,
                        const void *bytes, size_t size, const dmg_model *loaded, dmg_error *err);

#endif
