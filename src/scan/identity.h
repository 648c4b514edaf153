/* SPDX-License-Identifier: MIT */
/* What makes two scans the same, as JSON: the first line of a journal. */
#ifndef DMG_SCAN_IDENTITY_H
#define DMG_SCAN_IDENTITY_H

#include "deepmirgene/scan.h"
#include "scan/error_rates.h"

/* What loci need to know of the scan. */
typedef struct scan_facts {
    score_background background; /* of the model; count 0: it has none */
    double decoys;               /* bases for each base */
    double threshold;
} scan_facts;

/* The identity as one line of JSON, the caller's to free; NULL when memory is out. */
char *identity_write(const dmg_scan_identity *identity);

/* False if the text is not an identity, or memory is out: *no_memory. */
bool identity_read(scan_facts *facts, const char *identity, bool *no_memory);

/* Writes to name [capacity] what differs between two identities; "program" when nothing is found.
 */
void identity_difference(char *name, size_t capacity, const char *ours, const char *theirs);

#endif
