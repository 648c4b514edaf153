/* SPDX-License-Identifier: MIT */
/* Calibrations as the text that model files keep. */
#ifndef DMG_MODEL_CALIBRATION_H
#define DMG_MODEL_CALIBRATION_H

#include "deepmirgene/calibration.h"

/* JSON text, the caller's to free; `data` is JSON text or NULL. */
dmg_status calibration_print(char **out, const dmg_calibration *calibration, const char *data,
                             dmg_error *err);

/* Reads and checks it; `source` names the file in messages. */
dmg_status calibration_parse(dmg_calibration *out, const char *text, const char *source,
                             dmg_error *err);

#endif
