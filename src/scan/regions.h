/* SPDX-License-Identifier: MIT */
/* Which parts of which sequences are to be scanned. */
#ifndef DMG_SCAN_REGIONS_H
#define DMG_SCAN_REGIONS_H

#include "deepmirgene/scan.h"

#define REGION_END UINT64_MAX /* as far as the sequence goes */

/* 0-based, half open. */
typedef struct scan_interval {
    uint64_t from, to;
} scan_interval;

/* The intervals of one sequence by ascending start, overlapping and touching ones joined; *count is
 * 0 for a sequence without any. Marks the sequence as found. */
const scan_interval *regions_of(dmg_regions *regions, const char *name, size_t *count);

/* Of the regions of a sequence that was found: the text of one that, read otherwise, is of another
 * sequence that was found too; or NULL. */
const char *regions_ambiguous(const dmg_regions *regions, const char *name);

/* A name that regions_of was never asked for, or NULL; of a region with two readings that of the
 * part, unless it has none. */
const char *regions_not_found(const dmg_regions *regions);

/* Sorts, joins and forgets what was found; before regions_of. */
void regions_begin(dmg_regions *regions);

/* FNV-1a of all intervals and names. */
uint64_t regions_digest(const dmg_regions *regions);

#endif
