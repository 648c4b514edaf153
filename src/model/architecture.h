/* SPDX-License-Identifier: MIT */
/* Parsing of an architecture that is not a string. */
#ifndef DMG_MODEL_ARCHITECTURE_H
#define DMG_MODEL_ARCHITECTURE_H

#include "deepmirgene/architecture.h"

/* dmg_architecture_parse of a text of `size` bytes, without a terminating 0. */
dmg_status architecture_parse(dmg_architecture *out, const char *text, size_t size, dmg_error *err);

#endif
