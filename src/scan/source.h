/* SPDX-License-Identifier: MIT */
/* The inside of a source of items: its input, and what it has given so far. */
#ifndef DMG_SCAN_SOURCE_H
#define DMG_SCAN_SOURCE_H

#include "deepmirgene/scan.h"
#include "scan/bases.h"

typedef struct source_totals {
    uint64_t items, bases;
    uint64_t digest; /* of all items */
} source_totals;

source_totals source_count(const dmg_scan_source *source);

/* As dmg_scan_source_open, of files or of sequences in memory. */
dmg_status source_open(dmg_scan_source **out, const bases_input *input, dmg_regions *regions,
                       const dmg_scan_options *options, dmg_error *err);

#endif
