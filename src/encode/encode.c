/* Split, flip and tokens: from sequence and structure to what the network reads.
 * SPDX-License-Identifier: MIT
 */
#include "deepmirgene/encode.h"

#include <stddef.h>

int dmg_encode_symbols(dmg_stream_kind kind)
{
    return kind == DMG_STREAM_SEQUENCE ? 4 : 3;
}

const char *dmg_encode_stream_name(dmg_stream_kind kind)
{
    switch (kind) {
    case DMG_STREAM_SEQUENCE: return "sequence";
    case DMG_STREAM_FORWARD: return "forward";
    case DMG_STREAM_BACKWARD: return "backward";
    case DMG_STREAM_STRUCTURE: return "structure";
    case DMG_STREAM_KINDS: break;
    }
    return NULL;
}

size_t dmg_encode_split(const char *structure, size_t length, int *loops)
{
    size_t first_start = 0, last_end = 0;
    int found = 0;
    /* In a balanced structure the run between '(' and the next ')' holds dots only. */
    size_t opening = 0;
    char bracket = '.'; /* the latest bracket seen, at `opening` if it is '(' */
    for (size_t i = 0; i < length; i++) {
        if (structure[i] == '.') continue;
        if (structure[i] == ')' && bracket == '(') {
            if (found == 0) first_start = opening + 1;
            last_end = i;
            found++;
        }
        bracket = structure[i];
        opening = i;
    }
    if (loops) *loops = found;
    return found > 0 ? (first_start + last_end) / 2 : length / 2;
}

static uint8_t nucleotide_token(char letter)
{
    switch (letter) {
    case 'A':
    case 'a': return 0;
    case 'C':
    case 'c': return 1;
    case 'G':
    case 'g': return 2;
    case 'U':
    case 'u':
    case 'T':
    case 't': return 3;
    default: return DMG_TOKEN_ANY;
    }
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
    case DMG_STREAM_KINDS: break;
    }
    for (size_t i = begin; i < end; i++) tokens[i - begin] = structure_token(structure[i]);
    return end - begin;
}
