/* SPDX-License-Identifier: MIT */
/* A secondary structure as a pair table: for every base the one that it pairs with.
 *
 * Dot-bracket text is parsed here and nowhere else. A table is an array `partner` of one entry per
 * base; loops and stems are walked over it. Positions are 0-based.
 */
#ifndef DMG_BASE_PAIR_TABLE_H
#define DMG_BASE_PAIR_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deepmirgene/status.h"

#define DMG_UNPAIRED SIZE_MAX

/* True if all characters are '(' ')' or '.' and every bracket has its partner. Else *fault is the
 * first other character or ')' that closes nothing, or else the last '(' that is never closed. */
bool dmg_structure_valid(const char *structure, size_t length, size_t *fault);

/* partner[0 .. length) of a structure; DMG_FORMAT, with the position, if it is not valid. */
dmg_status dmg_pair_table(size_t *partner, const char *structure, size_t length, dmg_error *err);

/* The first base in from .. end-1 that opens a pair, or `end`. Bases from .. end-1 pair only among
 * themselves, as those inside a loop do; the search for the next branch of the loop goes on after
 * the partner of this one. */
static inline size_t dmg_next_pair(const size_t *partner, size_t from, size_t end)
{
    while (from < end && partner[from] == DMG_UNPAIRED) from++;
    return from;
}

/* The loop that the pair (i, j) closes. */
typedef struct dmg_loop {
    size_t i, j;
    size_t branches; /* 0: hairpin loop; 1: stack, bulge or interior loop; more: multiloop */
    size_t p, q; /* first base of the first branch, last base of the last; j and i without any */
} dmg_loop;

/* i < partner[i]. */
dmg_loop dmg_loop_closed_by(const size_t *partner, size_t i);

#endif
