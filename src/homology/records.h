/* SPDX-License-Identifier: MIT */
/* The sequences of a set of known ones. */
#ifndef DMG_HOMOLOGY_RECORDS_H
#define DMG_HOMOLOGY_RECORDS_H

#include "deepmirgene/homology.h"

typedef struct known_sequence {
    const char *name;
    const char *sequence; /* [length], A C G U N */
    size_t length;
} known_sequence;

size_t homology_count(const dmg_known *known);

/* The i-th in the order of the file; its texts are the set's. */
known_sequence homology_sequence(const dmg_known *known, size_t i);

#endif
