/* SPDX-License-Identifier: MIT */
/* Outputs whose content is encoded on its way to the file. */
#ifndef DMG_BASE_OUTPUT_FILTER_H
#define DMG_BASE_OUTPUT_FILTER_H

#include "deepmirgene/output.h"

/* Puts the stream that `open` makes, or NULL, before the file of an output to which nothing was
 * written yet; the output closes it. What is written to it, it writes to `file`, in part only when
 * it is closed; it fails with errno where `file` does, and leaves `file` open. On failure the
 * output is as it was. */
dmg_status dmg_output_filter(dmg_output *output, FILE *(*open)(FILE *file), dmg_error *err);

#endif
