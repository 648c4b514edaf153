/* SPDX-License-Identifier: MIT */
/* Tokens of bases, brackets and paired bases, and the table of streams that are made of them. */
#include "encode/streams.h"

enum { PAIRED_OPENING = 4, PAIRED_CLOSING = PAIRED_OPENING + PAIR_TYPES };

static uint8_t base_token(const encode_strand *strand, size_t i)
{
    const int base = strand_base(strand, i);
    return base == BASE_N ? DMG_TOKEN_ANY : (uint8_t)(base - BASE_A);
}

static uint8_t structure_token(const encode_strand *strand, size_t i)
{
    const char bracket = strand->structure[i];
    return bracket == '(' ? 0 : bracket == '.' ? 1 : 2;
}

static uint8_t paired_token(const encode_strand *strand, size_t i)
{
    /* The order of tokens: AU CG GC GU UA UG. */
    static const uint8_t order[PAIR_TYPES] = {
        [PAIR_AU] = 0, [PAIR_CG] = 1, [PAIR_GC] = 2, [PAIR_GU] = 3, [PAIR_UA] = 4, [PAIR_UG] = 5};
    const size_t j = strand->partner[i];
    const int type = j == DMG_UNPAIRED ? PAIR_NONE : strand_pair(strand, i);
    if (type != PAIR_NONE)
        return (uint8_t)((i < j ? PAIRED_OPENING : PAIRED_CLOSING) + order[type]);
    const uint8_t token = base_token(strand, i);
    return token == DMG_TOKEN_ANY ? DMG_TOKEN_ANY_PAIRED : token;
}

/* clang-format off */
const encode_stream_row encode_streams[DMG_STREAM_KINDS] = {
    [DMG_STREAM_SEQUENCE]        = {"sequence",          4, 4, PART_WHOLE,    base_token},
    [DMG_STREAM_FORWARD]         = {"forward",           3, 3, PART_FORWARD,  structure_token},
    [DMG_STREAM_BACKWARD]        = {"backward",          3, 3, PART_BACKWARD, structure_token},
    [DMG_STREAM_STRUCTURE]       = {"structure",         3, 3, PART_WHOLE,    structure_token},
    [DMG_STREAM_PAIRED]          = {"pairing",          16, 4, PART_WHOLE,    paired_token},
    [DMG_STREAM_FORWARD_PAIRED]  = {"forward_pairing",  16, 4, PART_FORWARD,  paired_token},
    [DMG_STREAM_BACKWARD_PAIRED] = {"backward_pairing", 16, 4, PART_BACKWARD, paired_token},
    [DMG_STREAM_CONTACT_MAP]     = {"pairs",             0, 0, PART_WHOLE,    NULL},
};
/* clang-format on */

int dmg_encode_symbols(dmg_stream_kind kind)
{
    return encode_streams[kind].symbols;
}

int dmg_encode_plain_symbols(dmg_stream_kind kind)
{
    return encode_streams[kind].plain;
}

const char *dmg_encode_stream_name(dmg_stream_kind kind)
{
    return encode_streams[kind].name;
}

size_t dmg_encode_position(dmg_stream_kind kind, size_t t, size_t length)
{
    return encode_streams[kind].part == PART_BACKWARD ? length - 1 - t : t;
}

size_t encode_stream_room(dmg_stream_kind kind, size_t length, size_t grid)
{
    return encode_streams[kind].token ? length : grid * grid * DMG_CONTACT_COLOURS;
}

static size_t part_length(encode_part part, const encode_strand *strand)
{
    switch (part) {
    case PART_FORWARD: return strand->split;
    case PART_BACKWARD: return strand->length - strand->split;
    case PART_WHOLE: break;
    }
    return strand->length;
}

size_t encode_stream(uint8_t *tokens, dmg_stream_kind kind, const encode_strand *strand,
                     size_t grid)
{
    const encode_stream_row *row = &encode_streams[kind];
    if (!row->token) {
        encode_contact_map(tokens, strand, grid);
        return encode_stream_room(kind, strand->length, grid);
    }
    const size_t count = part_length(row->part, strand);
    for (size_t t = 0; t < count; t++)
        tokens[t] = row->token(strand, dmg_encode_position(kind, t, strand->length));
    return count;
}
