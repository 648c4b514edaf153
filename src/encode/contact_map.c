/* SPDX-License-Identifier: MIT */
/* The contact map of a structure: its base pairs as an image of a fixed size. */
#include <string.h>

#include "encode/streams.h"

/* Three thirds of a pair for its own colour, GC, AU or GU; another pair, one for each. */
static void add_pair(uint32_t thirds[DMG_CONTACT_COLOURS], int type)
{
    static const uint8_t colours[PAIR_TYPES] = {
        [PAIR_CG] = 0, [PAIR_GC] = 0, [PAIR_AU] = 1, [PAIR_UA] = 1, [PAIR_GU] = 2, [PAIR_UG] = 2};
    if (type != PAIR_NONE)
        thirds[colours[type]] += 3;
    else
        for (int colour = 0; colour < DMG_CONTACT_COLOURS; colour++) thirds[colour]++;
}

/* The share of a cell's places that pairs fill, in 1/255; a cell has n / grid places, but one at
 * least, since no position pairs twice. */
static uint8_t shade(uint32_t thirds, size_t grid, size_t length)
{
    const uint64_t places = length > grid ? length : grid; /* in 1/grid */
    const uint64_t scaled = (uint64_t)thirds * grid * UINT8_MAX, whole = 3 * places;
    const uint64_t rounded = (scaled + whole / 2) / whole;
    return rounded < UINT8_MAX ? (uint8_t)rounded : UINT8_MAX;
}

void encode_contact_map(uint8_t *pixels, const encode_strand *strand, size_t grid)
{
    uint32_t thirds[DMG_MAX_GRID * DMG_MAX_GRID][DMG_CONTACT_COLOURS];
    const size_t length = strand->length;
    memset(thirds, 0, grid * grid * sizeof *thirds);
    for (size_t i = 0; i < length; i++) {
        const size_t j = strand->partner[i];
        if (j == DMG_UNPAIRED || j < i) continue;
        const size_t row = i * grid / length, column = j * grid / length;
        add_pair(thirds[row * grid + column], strand_pair(strand, i));
    }
    for (size_t cell = 0; cell < grid * grid; cell++)
        for (size_t colour = 0; colour < DMG_CONTACT_COLOURS; colour++)
            pixels[cell * DMG_CONTACT_COLOURS + colour] = shade(thirds[cell][colour], grid, length);
}
