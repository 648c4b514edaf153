/* SPDX-License-Identifier: MIT */
/* The journals of one scan. */
#ifndef DMG_SCAN_SHARDS_H
#define DMG_SCAN_SHARDS_H

#include "deepmirgene/scan.h"

/* Puts the journals in the order of their shards: out [count], all NULL before. DMG_RANGE if they
 * are of different scans, or one is missing or there twice. */
dmg_status shards_arrange(dmg_journal **out, dmg_journal *const *journals, size_t count,
                          dmg_error *err);

#endif
