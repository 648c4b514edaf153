/* SPDX-License-Identifier: MIT */
/* A hairpin as a duplex: its main stem, read from both strands.
 *
 * The main stem is the chain of pairs around one hairpin loop, the loop with most pairs around it
 * (the 5'-most of equals). Side branches count as unpaired, so a branched precursor is a duplex as
 * well.
 *
 * Enzymes cut between nucleotides: cut b, 0 .. length, lies before nucleotide b. The mirror of a
 * cut is the place on the other strand straight across the stem. Between two pairs of the chain,
 * cuts are matched from the pair that is further from the loop; outside the stem they run on in
 * step.
 */
#ifndef DMG_MATURE_DUPLEX_H
#define DMG_MATURE_DUPLEX_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "deepmirgene/status.h"

/* Symbols of nucleotides: 2 k, and 2 k + 1 where the chain pairs it, of the k-th of A C G U; then:
 */
enum { DUPLEX_OTHER = 8, DUPLEX_OUTSIDE, DUPLEX_SYMBOLS };

typedef struct hairpin_duplex {
    size_t length;               /* nucleotides */
    size_t pairs;                /* of the main stem; 0 where nothing is paired */
    size_t base_start, base_end; /* the main stem, half open */
    size_t loop_start, loop_end; /* its hairpin loop, half open */
    long *mirror;     /* [length + 1], of each cut; may lie outside 0 .. length, beyond the stem */
    uint8_t *symbols; /* [length] */
    size_t *partner;  /* [length], the pair table (base/pair_table.h) */
    dmg_arena arena;
    size_t capacity; /* nucleotides there is room for */
} hairpin_duplex;

/* Accepts a zeroed struct. */
void duplex_clear(hairpin_duplex *duplex);

/* Fills a zeroed or used duplex. sequence and structure [length]; DMG_FORMAT for unbalanced
 * brackets. */
dmg_status duplex_build(hairpin_duplex *duplex, const char *sequence, const char *structure,
                        size_t length, dmg_error *err);

/* The symbol at `position`, DUPLEX_OUTSIDE beyond the ends. */
uint8_t duplex_symbol(const hairpin_duplex *duplex, long position);

/* Where the arms part: the cut in the middle of the loop. */
size_t duplex_centre(const hairpin_duplex *duplex);

#endif
