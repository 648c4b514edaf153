/* SPDX-License-Identifier: MIT */
/* What is kept of a locus until it is written, and the error rates of all of them. */
#ifndef DMG_SCAN_LOCUS_ENTRY_H
#define DMG_SCAN_LOCUS_ENTRY_H

#include "deepmirgene/scan.h"
#include "scan/error_rates.h"
#include "scan/sketch.h"

/* Where the line of a candidate is. */
typedef struct line_place {
    size_t journal;
    uint64_t at;
    size_t length;
} line_place;

/* What is kept of a candidate besides its place and score. */
typedef struct candidate_mark {
    line_place line; /* length 0: it is below the threshold, or of a decoy */
    sketch sketch;
    float masked, complexity;
} candidate_mark;

typedef struct locus_rates {
    double precision, q_value, false_per_mb; /* NaN: not known */
} locus_rates;

typedef struct locus_entry {
    size_t sequence; /* its number */
    uint64_t start, end;
    dmg_strand strand;
    float p_mirna;
    float other_strand; /* -1: not known */
    int energy;
    candidate_mark mark;
    size_t copies; /* in its family */
    bool first;    /* of its family */
    locus_rates rates;
} locus_entry;

/* Orders of two entries, for qsort: in the input, and by falling score; ties as dmg_loci_collect
 * has them. */
int locus_by_place(const void *a, const void *b);
int locus_by_score(const void *a, const void *b);

/* A locus of a decoy. */
typedef struct decoy_entry {
    float score;
    sketch sketch;
} decoy_entry;

typedef struct loci_to_rate {
    locus_entry *entries; /* [count] by falling score, families found */
    size_t count;
    decoy_entry *decoys; /* [decoy_count]; will be sorted */
    size_t decoy_count;
    const score_background *background;
    double prevalence; /* of true loci, for each Mb */
} loci_to_rate;

/* Fills in the rates of all entries, by decoys where totals say that there are any, or else by the
 * background where there is one; and what totals say of that. False when memory is out. */
bool rate_loci(const loci_to_rate *loci, dmg_loci_totals *totals);

#endif
