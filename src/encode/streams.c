/* SPDX-License-Identifier: MIT */
/* Tokens of bases, brackets and paired bases, and the table of streams that are made of them. */
#include "encode/streams.h"

typedef uint8_t token_of(const encode_strand *strand, size_t i);

static inline uint8_t base_token(const encode_strand *strand, size_t i)
{
    const int base = strand_base(strand, i);
    return base == BASE_N ? DMG_TOKEN_ANY : (uint8_t)(base - BASE_A);
}

static inline uint8_t structure_token(const encode_strand *strand, size_t i)
{
    const char bracket = strand->structure[i];
    return bracket == '(' ? 0 : bracket == '.' ? 1 : 2;
}

/* On one side of the pairs: by base and partner. The order of pairs: AU CG GC GU UA UG. */
/* clang-format off */
#define PAIRED_TOKENS(AU, CG, GC, GU, UA, UG)                                                      \
    {{DMG_TOKEN_ANY_PAIRED, DMG_TOKEN_ANY_PAIRED, DMG_TOKEN_ANY_PAIRED, DMG_TOKEN_ANY_PAIRED,      \
      DMG_TOKEN_ANY_PAIRED},                                                                       \
     {0, 0, 0, 0, AU}, {1, 1, 1, CG, 1}, {2, 2, GC, 2, GU}, {3, UA, 3, UG, 3}}
/* clang-format on */

/* An unpaired base counts as paired with itself, which no base can be: whether a base is paired,
 * and on which side, decides no branch, for the processor would guess it wrong too often. */
static inline uint8_t paired_token(const encode_strand *strand, size_t i)
{
    static const uint8_t tokens[2][BASE_CODES][BASE_CODES] = {
        PAIRED_TOKENS(10, 11, 12, 13, 14, 15), /* the closing side */
        PAIRED_TOKENS(4, 5, 6, 7, 8, 9),
    };
    const size_t partner = strand->partner[i], j = partner == DMG_UNPAIRED ? i : partner;
    return tokens[i < j][strand_base(strand, i)][strand_base(strand, j)];
}

/* From one end of the strand or the other. Inlined with the function of a base. */
static inline void write_tokens(uint8_t *tokens, const encode_strand *strand, size_t count,
                                bool flipped, token_of *token)
{
    const size_t last = strand->length - 1;
    if (flipped)
        for (size_t t = 0; t < count; t++) tokens[t] = token(strand, last - t);
    else
        for (size_t t = 0; t < count; t++) tokens[t] = token(strand, t);
}

static void write_bases(uint8_t *tokens, const encode_strand *strand, size_t count, bool flipped)
{
    write_tokens(tokens, strand, count, flipped, base_token);
}

static void write_brackets(uint8_t *tokens, const encode_strand *strand, size_t count, bool flipped)
{
    write_tokens(tokens, strand, count, flipped, structure_token);
}

static void write_pairs(uint8_t *tokens, const encode_strand *strand, size_t count, bool flipped)
{
    write_tokens(tokens, strand, count, flipped, paired_token);
}

/* clang-format off */
const encode_stream_row encode_streams[DMG_STREAM_KINDS] = {
    [DMG_STREAM_SEQUENCE]        = {"sequence",          4, 4, PART_WHOLE,    write_bases},
    [DMG_STREAM_FORWARD]         = {"forward",           3, 3, PART_FORWARD,  write_brackets},
    [DMG_STREAM_BACKWARD]        = {"backward",          3, 3, PART_BACKWARD, write_brackets},
    [DMG_STREAM_STRUCTURE]       = {"structure",         3, 3, PART_WHOLE,    write_brackets},
    [DMG_STREAM_PAIRED]          = {"pairing",          16, 4, PART_WHOLE,    write_pairs},
    [DMG_STREAM_FORWARD_PAIRED]  = {"forward_pairing",  16, 4, PART_FORWARD,  write_pairs},
    [DMG_STREAM_BACKWARD_PAIRED] = {"backward_pairing", 16, 4, PART_BACKWARD, write_pairs},
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
    return encode_streams[kind].write ? length : grid * grid * DMG_CONTACT_COLOURS;
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
    if (!row->write) {
        encode_contact_map(tokens, strand, grid);
        return encode_stream_room(kind, strand->length, grid);
    }
    const size_t count = part_length(row->part, strand);
    row->write(tokens, strand, count, row->part == PART_BACKWARD);
    return count;
}
