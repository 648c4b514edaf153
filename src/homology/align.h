/* SPDX-License-Identifier: MIT */
/* The only file that knows edlib. */
#ifndef DMG_HOMOLOGY_ALIGN_H
#define DMG_HOMOLOGY_ALIGN_H

#include <stddef.h>

#include "deepmirgene/status.h"

/* DMG_UNSUPPORTED, with a message, where there is no edlib. */
dmg_status align_available(dmg_error *err);

/* Fewest edits that make `query` a part of `target`, or -1 where that takes more than `most`. */
int align_inside(const char *query, size_t query_length, const char *target, size_t target_length,
                 int most);

#endif
