/* SPDX-License-Identifier: MIT */
/* Split, flip and tokens: from sequence and structure to what the network reads. */
#include "deepmirgene/encode.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "encode/nucleotide.h"

int dmg_encode_symbols(dmg_stream_kind kind)
{
    switch (kind) {
    case DMG_STREAM_SEQUENCE: return 4;
    case DMG_STREAM_FORWARD:
    case DMG_STREAM_BACKWARD:
    case DMG_STREAM_STRUCTURE: return 3;
    case DMG_STREAM_PAIRING:
    case DMG_STREAM_FORWARD_PAIRING:
    case DMG_STREAM_BACKWARD_PAIRING: return 16;
    case DMG_STREAM_PAIRS:
    case DMG_STREAM_KINDS: break;
    }
    return 0;
}

int dmg_encode_plain_symbols(dmg_stream_kind kind)
{
    const int symbols = dmg_encode_symbols(kind);
    return symbols < 4 ? symbols : 4;
}

const char *dmg_encode_stream_name(dmg_stream_kind kind)
{
    switch (kind) {
    case DMG_STREAM_SEQUENCE: return "sequence";
    case DMG_STREAM_FORWARD: return "forward";
    case DMG_STREAM_BACKWARD: return "backward";
    case DMG_STREAM_STRUCTURE: return "structure";
    case DMG_STREAM_PAIRING: return "pairing";
    case DMG_STREAM_FORWARD_PAIRING: return "forward_pairing";
    case DMG_STREAM_BACKWARD_PAIRING: return "backward_pairing";
    case DMG_STREAM_PAIRS: return "pairs";
    case DMG_STREAM_KINDS: break;
    }
    return NULL;
}

/* Whether nothing but dots stands between structure[at] == ')' and a '(' before it, whose index
 * then is *opening. */
static bool closes_hairpin(const char *structure, size_t at, size_t *opening)
{
    size_t i = at;
    while (i > 0 && structure[i - 1] == '.') i--;
    *opening = i - 1;
    return i > 0 && structure[i - 1] == '(';
}

/* The first hairpin loop lies between the first ')' and the '(' before it, the last one between the
 * last '(' and the ')' after it: found from both ends, without looking at the stems. */
static bool outer_hairpins(size_t *start, size_t *end, const char *structure, size_t length)
{
    size_t opening = 0, last = length;
    const char *closing = memchr(structure, ')', length);
    while (closing && !closes_hairpin(structure, (size_t)(closing - structure), &opening))
        closing = memchr(closing + 1, ')', length - 1 - (size_t)(closing - structure));
    if (!closing) return false;
    *start = opening + 1;
    for (;;) {
        while (structure[last - 1] != '(') last--;
        last--; /* a '(' with a hairpin loop, unless the structure is not balanced */
        *end = last + 1;
        while (*end < length && structure[*end] == '.') ++*end;
        if (*end < length && structure[*end] == ')') return true;
    }
}

static int count_hairpins(const char *structure, size_t length)
{
    int found = 0;
    size_t opening;
    for (size_t i = 0; i < length; i++)
        found += structure[i] == ')' && closes_hairpin(structure, i, &opening);
    return found;
}

size_t dmg_encode_split(const char *structure, size_t length, int *loops)
{
    size_t start, end;
    if (loops) *loops = count_hairpins(structure, length);
    if (length == 0 || !outer_hairpins(&start, &end, structure, length)) return length / 2;
    return (start + end) / 2;
}

static uint8_t structure_token(char bracket)
{
    return bracket == '(' ? 0 : bracket == '.' ? 1 : 2;
}

size_t dmg_encode_stream(uint8_t *tokens, dmg_stream_kind kind, const char *sequence,
                         const char *structure, size_t length)
{
    size_t begin = 0, end = length;
    switch (kind) {
    case DMG_STREAM_SEQUENCE:
        for (size_t i = 0; i < length; i++) tokens[i] = nucleotide_token(sequence[i]);
        return length;
    case DMG_STREAM_BACKWARD:
        begin = dmg_encode_split(structure, length, NULL);
        for (size_t i = begin; i < end; i++) tokens[end - 1 - i] = structure_token(structure[i]);
        return end - begin;
    case DMG_STREAM_FORWARD: end = dmg_encode_split(structure, length, NULL); break;
    case DMG_STREAM_STRUCTURE:
    case DMG_STREAM_PAIRING:
    case DMG_STREAM_FORWARD_PAIRING:
    case DMG_STREAM_BACKWARD_PAIRING:
    case DMG_STREAM_PAIRS:
    case DMG_STREAM_KINDS: break;
    }
    for (size_t i = begin; i < end; i++) tokens[i - begin] = structure_token(structure[i]);
    return end - begin;
}

size_t dmg_encode_position(dmg_stream_kind kind, size_t t, size_t length)
{
    return kind == DMG_STREAM_BACKWARD || kind == DMG_STREAM_BACKWARD_PAIRING ? length - 1 - t : t;
}
