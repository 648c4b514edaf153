/* SPDX-License-Identifier: MIT */
/* The token of a letter. */
#ifndef DMG_ENCODE_NUCLEOTIDE_H
#define DMG_ENCODE_NUCLEOTIDE_H

#include "deepmirgene/encode.h"

enum { TOKEN_A, TOKEN_C, TOKEN_G, TOKEN_U };

/* TOKEN_A .. TOKEN_U of A C G U (or T) of either case, DMG_TOKEN_ANY of any other letter. */
static inline uint8_t nucleotide_token(char letter)
{
    switch (letter) {
    case 'A':
    case 'a': return TOKEN_A;
    case 'C':
    case 'c': return TOKEN_C;
    case 'G':
    case 'g': return TOKEN_G;
    case 'U':
    case 'u':
    case 'T':
    case 't': return TOKEN_U;
    default: return DMG_TOKEN_ANY;
    }
}

#endif
