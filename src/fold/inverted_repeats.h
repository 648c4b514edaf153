/* SPDX-License-Identifier: MIT */
/* Where a sequence may fold back on itself over a distance: a quick test before local folding.
 *
 * The score of i..j is that of the best local alignment of its two arms that ends in i and j: 2 for
 * G-C, 1 for A-U, 0 for G-U, -3 for two bases that do not pair and for each base of a bulge, and
 * never below 0, which it is for fewer than 5 bases (Smith & Waterman 1981, J Mol Biol 147:195). It
 * depends on the bases i..j alone.
 */
#ifndef DMG_FOLD_INVERTED_REPEATS_H
#define DMG_FOLD_INVERTED_REPEATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deepmirgene/hairpins.h"

typedef struct dmg_inverted_repeats {
    int shortest, longest; /* bases from i to j, both included; longest <= UINT16_MAX */
    int least;             /* score of a repeat, 1 .. REPEAT_MOST */
    size_t room;           /* bases at most */
    uint16_t *reach;       /* [room] by i: the least j - i of i..j with a repeat, or 0 */
    uint8_t *codes;        /* [room] */
    uint8_t *scores[3];    /* [room + 1] by i: of this j - i and of the two before it */
} dmg_inverted_repeats;

#define REPEAT_MOST 200 /* higher scores count as this */

/* Makes room; false where it cannot be had. The struct then is to be cleared all the same. */
bool dmg_inverted_repeats_init(dmg_inverted_repeats *repeats, int shortest, int longest, int least,
                               size_t room);
void dmg_inverted_repeats_clear(dmg_inverted_repeats *repeats);

/* Fills in reach[0 .. length), length <= room, for pairs of the strand; positions are those of the
 * bases as given. A segment of more than `longest` bases counts as one without a repeat. */
void dmg_inverted_repeats_find(dmg_inverted_repeats *repeats, const char *bases, size_t length,
                               dmg_strand strand);

/* Whether first..last, both included, has a repeat. */
static inline bool dmg_inverted_repeats_within(const dmg_inverted_repeats *repeats, size_t first,
                                               size_t last)
{
    return repeats->reach[first] > 0 && first + repeats->reach[first] <= last;
}

#endif
