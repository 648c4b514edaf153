/* SPDX-License-Identifier: MIT */
/* Files of mature-end models: safetensors with the tensors of cut_weights, and the metadata format
 * ("deepmirgene-mature"), format_version ("1"), training (JSON text) and checksum (see model.h). */
#ifndef DMG_MATURE_MODEL_H
#define DMG_MATURE_MODEL_H

#include <stddef.h>

#include "deepmirgene/status.h"
#include "mature/cut_network.h"

/* `source` names the file in messages. */
dmg_status mature_model_parse(cut_weights *weights, const void *bytes, size_t size,
                              const char *source, dmg_error *err);

/* `training` is JSON text: what the model was trained with. */
dmg_status mature_model_save(const cut_weights *weights, const char *training, const char *path,
                             dmg_error *err);

#endif
