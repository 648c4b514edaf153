/* SPDX-License-Identifier: MIT */
/* Known precursors with their places in the genome, from GFF3 or looked up (known_sites.h), and
 * what the scan made of each. */
#ifndef DMG_SCAN_KNOWN_PLACES_H
#define DMG_SCAN_KNOWN_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deepmirgene/hairpins.h"
#include "deepmirgene/status.h"
#include "scan/overlap.h"

/* A hairpin has a place if it shares half of the place's bases. */
typedef struct known_place {
    char *sequence, *name;
    uint64_t start, end;
    dmg_strand strand;
    bool scanned;    /* it is inside the scanned sequences */
    float candidate; /* best probability of a candidate on its strand; -1: none is known */
    bool opposite;   /* a candidate on the other strand reaches the threshold */
    bool locus;      /* a locus on its strand does */
    bool crossed;    /* a locus of the other strand shares a base with it */
    bool selected;   /* the locus on its strand is reported */
} known_place;

typedef struct known_places {
    known_place *places; /* [count] by sequence and start */
    size_t count, capacity;
    uint64_t longest;
} known_places;

/* Whether the file begins as GFF3 does; false where it cannot be read. */
bool known_places_are_in(const char *path);

/* Reads the features of type miRNA_primary_transcript or pre_miRNA, named by their attribute Name
 * or else ID. DMG_FORMAT names file and line; a file without such features is DMG_FORMAT, too. */
dmg_status known_places_read(known_places *known, const char *path, dmg_error *err);

/* Adds a place of start, end and strand as given, with copies of the texts and without notes. Sort
 * when all are there. */
dmg_status known_places_add(known_places *known, const char *sequence, const char *name,
                            const known_place *place, dmg_error *err);
void known_places_sort(known_places *known);

/* Accepts a zeroed struct. */
void known_places_clear(known_places *known);

/* The place that a hairpin has, the first of several; or NULL. */
const known_place *known_places_find(const known_places *known, const char *sequence,
                                     uint64_t start, uint64_t end, dmg_strand strand);

/* Notes the scanned part of a sequence. */
void known_places_note_part(known_places *known, const char *sequence, uint64_t from, uint64_t to);

/* Notes a candidate, and whether it reaches the threshold. */
void known_places_note_candidate(known_places *known, const char *sequence,
                                 const scored_interval *candidate, bool reaches);

/* Notes a locus that reaches the threshold, and whether it is reported. */
void known_places_note_locus(known_places *known, const char *sequence, uint64_t start,
                             uint64_t end, dmg_strand strand, bool selected);

/* Why the place is not among the loci: a constant string; NULL: it is. */
const char *known_place_missed(const known_place *place, double threshold);

#endif
