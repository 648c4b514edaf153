/* SPDX-License-Identifier: MIT */
/* Streams whose letters tell of each nucleotide whether it pairs, with what, and on which side. */
#include "encode/nucleotide.h"

enum { OPENING = 4, CLOSING = 10 }; /* tokens of the first pair type */

/* The pair types in their order, AU CG GC GU UA UG; 6: none of them. */
static uint8_t pair_type(char base, char partner)
{
    static const uint8_t types[5][5] = {
        {6, 6, 6, 0, 6}, {6, 6, 1, 6, 6}, {6, 2, 6, 3, 6}, {4, 6, 5, 6, 6}, {6, 6, 6, 6, 6},
    };
    return types[nucleotide_token(base)][nucleotide_token(partner)];
}

static uint8_t unpaired(char letter)
{
    const uint8_t token = nucleotide_token(letter);
    return token < DMG_TOKEN_ANY ? token : DMG_TOKEN_ANY_PAIRING;
}

static void encode_whole(uint8_t *tokens, size_t *open, const char *sequence, const char *structure,
                         size_t length)
{
    size_t depth = 0;
    for (size_t j = 0; j < length; j++) {
        tokens[j] = unpaired(sequence[j]);
        if (structure[j] == '(' && depth < length / 2) open[depth++] = j;
        if (structure[j] != ')' || depth == 0) continue;
        const size_t i = open[--depth];
        const uint8_t forth = pair_type(sequence[i], sequence[j]);
        if (forth == 6) continue;
        tokens[i] = (uint8_t)(OPENING + forth);
        tokens[j] = (uint8_t)(CLOSING + pair_type(sequence[j], sequence[i]));
    }
}

static void reverse(uint8_t *tokens, size_t length)
{
    for (size_t k = 0; k < length / 2; k++) {
        const uint8_t token = tokens[k];
        tokens[k] = tokens[length - 1 - k];
        tokens[length - 1 - k] = token;
    }
}

size_t dmg_encode_pairing(uint8_t *tokens, size_t *scratch, dmg_stream_kind kind,
                          const char *sequence, const char *structure, size_t length)
{
    encode_whole(tokens, scratch, sequence, structure, length);
    if (kind == DMG_STREAM_PAIRING) return length;
    const size_t split = dmg_encode_split(structure, length, NULL);
    if (kind == DMG_STREAM_FORWARD_PAIRING) return split;
    reverse(tokens, length);
    return length - split;
}
