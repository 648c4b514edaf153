/* SPDX-License-Identifier: MIT */
/* Strands for the encoders. */
#ifndef DMG_TESTS_STRANDS_H
#define DMG_TESTS_STRANDS_H

#include "encode/streams.h"
#include "unit.h"

/* The tokens, or the pixels of a contact map, of one stream. */
static inline size_t encode_one(uint8_t *tokens, dmg_stream_kind kind, const char *sequence,
                                const char *structure, size_t length, size_t grid)
{
    dmg_error err;
    size_t *partner = malloc((length + 1) * sizeof *partner);
    assert_non_null(partner);
    encode_strand strand = {sequence, structure, length, DMG_ENERGY_UNKNOWN, partner, 0};
    assert_ok(encode_strand_parse(&strand, &err), &err);
    const size_t count = encode_stream(tokens, kind, &strand, grid);
    assert_true(count <= encode_stream_room(kind, length, grid));
    free(partner);
    return count;
}

#endif
