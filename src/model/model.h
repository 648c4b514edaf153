/* SPDX-License-Identifier: MIT */
/* What the trainer needs of a model beyond the public interface. */
#ifndef DMG_MODEL_MODEL_H
#define DMG_MODEL_MODEL_H

#include <jansson.h>
#include <stdbool.h>

#include "deepmirgene/calibration.h"
#include "deepmirgene/model.h"
#include "model/network.h"

/* A model of its own from params [members][network parameters], copied, and the text that says how
 * it was trained: JSON, copied; NULL counts as memory that is out. `name` is what it calls itself.
 */
dmg_status model_create(dmg_model **out, const dmg_architecture *architecture, const float *params,
                        size_t members, const char *name, const char *training, dmg_error *err);

/* Whether all values [count] are numbers that a network can compute with: larger ones, finite
 * though they are, give outputs that are not. */
bool model_values_usable(const float *values, size_t count);

/* DMG_RANGE if a model file cannot hold the name. */
dmg_status model_check_name(const char *name, dmg_error *err);

/* The parts of a model, its own: the network that its members share, and the parameters of member
 * 0 .. dmg_model_members - 1; dmg_model_members is that for long sequences, where there is one. */
const network *model_network(const dmg_model *model);
const float *model_params(const dmg_model *model, size_t member);

/* Of the network for long sequences, where the model has one and is calibrated. */
dmg_calibration model_long_calibration(const dmg_model *model);

#endif
