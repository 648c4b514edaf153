/* SPDX-License-Identifier: MIT */
/* Where the nucleotides of a secondary structure stand when it is drawn as hairpins are: stems lie,
 * the 5' strand above the 3' strand, the loop at their right end.
 *
 * Where a loop has several branches, these are stacked one above the other to the right of it, the
 * 5'-most one on top, each in a box of its own; so nothing ever overlaps, however deeply they are
 * nested. The loop's own nucleotides run along its left side and between the branches.
 */
#ifndef DMG_REPORT_HAIRPIN_LAYOUT_H
#define DMG_REPORT_HAIRPIN_LAYOUT_H

#include <stddef.h>

#include "base/pair_table.h"

#define HAIRPIN_STEP 15.0 /* between neighbours of a strand */
#define HAIRPIN_GAP  27.0 /* between the two of a pair */

typedef struct hairpin_point {
    double x, y;
} hairpin_point;

typedef struct hairpin_layout {
    size_t length;
    size_t *partner;        /* [length] the pair table */
    hairpin_point *at;      /* [length] the middle of each nucleotide */
    hairpin_point *outward; /* [length] from the structure outwards, of length 1 */
    int *bends;             /* [length] corners, 0 .. 2, on the way to the next nucleotide */
    hairpin_point (*bend)[2];
    double left, top, right, bottom; /* what all of them span */
} hairpin_layout;

/* structure [length]: balanced dot-bracket. *out belongs to the caller. */
dmg_status hairpin_layout_create(hairpin_layout **out, const char *structure, size_t length,
                                 dmg_error *err);
void hairpin_layout_destroy(hairpin_layout *layout);

#endif
