/* SPDX-License-Identifier: MIT */
/* The sequences that loci lie on. */
#ifndef DMG_SCAN_LOCI_H
#define DMG_SCAN_LOCI_H

#include "deepmirgene/scan.h"
#include "scan/known_places.h"

/* A sequence, or a region of one, that has loci. */
typedef struct locus_sequence {
    char *name;
    uint64_t from, to;
    bool circular;
} locus_sequence;

/* Places of the columns that were asked for besides those of TABLE: DMG_COLUMN_MATURE, _KNOWN. */
unsigned loci_extra_places(const dmg_loci *loci);

/* [*count], in the order of the input. */
const locus_sequence *loci_sequences(const dmg_loci *loci, size_t *count);

/* Known precursors with what was made of them; empty where none have places. */
const known_places *loci_places(const dmg_loci *loci);

/* Least probability of a locus. */
double loci_threshold(const dmg_loci *loci);

/* Hands the only journal over to the loci, which close it. */
void loci_own_journal(dmg_loci *loci, dmg_journal *journal);

#endif
