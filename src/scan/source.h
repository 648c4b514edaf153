/* SPDX-License-Identifier: MIT */
/* What a source has given so far. */
#ifndef DMG_SCAN_SOURCE_H
#define DMG_SCAN_SOURCE_H

#include "deepmirgene/scan.h"

typedef struct source_totals {
    uint64_t items, bases;
    uint64_t digest; /* of all items */
} source_totals;

source_totals source_count(const dmg_scan_source *source);

#endif
