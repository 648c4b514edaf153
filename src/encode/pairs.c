/* SPDX-License-Identifier: MIT */
/* The picture of a structure's base pairs. */
#include <string.h>

#include "deepmirgene/encode.h"

/* Three thirds of a pair for its own colour; what is no pair of these, one for each. */
static void add_pair(uint32_t thirds[DMG_PAIR_COLOURS], char a, char b)
{
    static const char *const pairs[DMG_PAIR_COLOURS] = {"GCG", "AUA", "GUG"}; /* either way round */
    const char letters[3] = {a, b, '\0'};
    for (int colour = 0; colour < DMG_PAIR_COLOURS; colour++)
        if (strstr(pairs[colour], letters)) {
            thirds[colour] += 3;
            return;
        }
    for (int colour = 0; colour < DMG_PAIR_COLOURS; colour++) thirds[colour]++;
}

static char letter_of(char letter)
{
    static const char lower[] = "acgutT", upper[] = "ACGUUU";
    const char *found = memchr(lower, letter, sizeof lower - 1);
    return found ? upper[found - lower] : letter;
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

void dmg_encode_pairs(uint8_t *pixels, size_t *scratch, size_t grid, const char *sequence,
                      const char *structure, size_t length)
{
    uint32_t thirds[DMG_MAX_GRID * DMG_MAX_GRID][DMG_PAIR_COLOURS];
    memset(thirds, 0, grid * grid * sizeof *thirds);
    size_t open = 0;
    for (size_t j = 0; j < length; j++) {
        if (structure[j] == '(') scratch[open++] = j;
        if (structure[j] != ')' || open == 0) continue;
        const size_t i = scratch[--open];
        const size_t row = i * grid / length, column = j * grid / length;
        add_pair(thirds[row * grid + column], letter_of(sequence[i]), letter_of(sequence[j]));
    }
    for (size_t cell = 0; cell < grid * grid; cell++)
        for (size_t colour = 0; colour < DMG_PAIR_COLOURS; colour++)
            pixels[cell * DMG_PAIR_COLOURS + colour] = shade(thirds[cell][colour], grid, length);
}
