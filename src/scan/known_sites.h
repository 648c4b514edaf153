/* SPDX-License-Identifier: MIT */
/* Where known sequences lie in a genome: exact matches on either strand. */
#ifndef DMG_SCAN_KNOWN_SITES_H
#define DMG_SCAN_KNOWN_SITES_H

#include "deepmirgene/homology.h"
#include "scan/known_places.h"

/* Adds to `places`, and sorts, each place in the sequences of FASTA files [count] whose bases are
 * those of a known sequence, from end to end; of sequences that are the same, the first gives its
 * name. Sequences of less than KNOWN_SITE_LEAST bases or with ambiguous letters have no place, and
 * what crosses the origin of a circle is not found. Reads each file once; memory is that of the
 * known sequences, some 300 bytes each, and 4 MB. */
#define KNOWN_SITE_LEAST 16
dmg_status known_sites_find(known_places *places, const dmg_known *known, const char *const *paths,
                            size_t count, dmg_error *err);

#endif
