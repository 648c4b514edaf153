/* SPDX-License-Identifier: MIT */
/* The streams that a network may read, as one table.
 *
 * A stream of tokens reads one part of the strand, in one direction, and gives each base a token. A
 * new stream is one row, and a function if its tokens are of a new kind.
 */
#ifndef DMG_ENCODE_STREAMS_H
#define DMG_ENCODE_STREAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "encode/strand.h"

typedef enum encode_part {
    PART_WHOLE,    /* 5' to 3' */
    PART_FORWARD,  /* before the split, 5' to 3' */
    PART_BACKWARD, /* from the split on, flipped: 3' to 5' */
} encode_part;

/* tokens [count] of the first bases, or flipped: of the last ones from the end on. */
typedef void encode_tokens(uint8_t *tokens, const encode_strand *strand, size_t count,
                           bool flipped);

typedef struct encode_stream_row {
    const char *name;
    int symbols, plain; /* as dmg_encode_symbols and dmg_encode_plain_symbols say */
    encode_part part;
    encode_tokens *write; /* NULL: a contact map */
} encode_stream_row;

extern const encode_stream_row encode_streams[DMG_STREAM_KINDS];

/* Bytes that a stream of a strand of that length takes at most; `grid` counts for contact maps. */
size_t encode_stream_room(dmg_stream_kind kind, size_t length, size_t grid);

/* Writes the tokens, or the pixels of a contact map, and returns how many there are. */
size_t encode_stream(uint8_t *tokens, dmg_stream_kind kind, const encode_strand *strand,
                     size_t grid);

/* The map of a strand's base pairs with grid x grid cells, 1 .. DMG_MAX_GRID: pixels
 * [grid][grid][DMG_CONTACT_COLOURS]. The pair of i < j is in the cell of row floor(i grid / n) and
 * column floor(j grid / n), the other half is left empty. A cell has n / grid places, one at least;
 * a colour's pixel is the share of them that pairs of this colour fill, times 255, rounded, at most
 * 255. A pair of other letters counts as a third of each. */
void encode_contact_map(uint8_t *pixels, const encode_strand *strand, size_t grid);

/* Every feature by dmg_feature; NaN is one that is not defined, as a share of nothing or for want
 * of the energy. */
void encode_features(double features[DMG_FEATURES], const encode_strand *strand);

#endif
