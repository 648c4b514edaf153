/* SPDX-License-Identifier: MIT */
/* Bases, pairs and letters: the one place that decides which letter is which base, what pairs, and
 * what the letters of the IUPAC code are.
 *
 * Upper and lower case are the same base, and T is U. A letter that stands for several bases
 * (R, Y, ..., N) is not a base: it pairs with nothing, and networks see the mean of all bases.
 */
#ifndef DMG_BASE_NUCLEOTIDE_H
#define DMG_BASE_NUCLEOTIDE_H

#include <stdint.h>

/* Bases. N is every letter other than A C G U. */
enum { BASE_N, BASE_A, BASE_C, BASE_G, BASE_U, BASE_CODES };

/* Pairs (5' base, 3' base). The order has two uses: t ^ 1 is the pair read from its other side, and
 * every pair from PAIR_GU on is weak (pays for the end of a helix). */
enum { PAIR_CG, PAIR_GC, PAIR_GU, PAIR_UG, PAIR_AU, PAIR_UA, PAIR_TYPES, PAIR_NONE = PAIR_TYPES };

/* What files may hold in a sequence, by byte: the letter to keep, with U for T, and its top bit set
 * for an ambiguous one; 0 for what is not a nucleotide. X and I are read as any base. */
extern const unsigned char dmg_nucleotides[256];
#define DMG_NUCLEOTIDE_AMBIGUOUS 0x80

/* The base of a letter. */
static inline uint8_t dmg_base_code(char letter)
{
    switch (letter) {
    case 'A':
    case 'a': return BASE_A;
    case 'C':
    case 'c': return BASE_C;
    case 'G':
    case 'g': return BASE_G;
    case 'U':
    case 'u':
    case 'T':
    case 't': return BASE_U;
    default: return BASE_N;
    }
}

/* 'N', 'A', 'C', 'G' or 'U'. */
static inline char dmg_base_letter(int code)
{
    return "NACGU"[code];
}

/* The base that pairs with it by Watson and Crick; BASE_N for BASE_N. */
static inline int dmg_base_complement(int code)
{
    return code == BASE_N ? BASE_N : BASE_CODES - code;
}

/* The complement of a letter, in its case, as DNA (T, not U); an ambiguous one stands for the
 * complements of its bases. What is not a nucleotide stays. */
char dmg_complement_letter(char letter);

/* Type of the pair with 5' base a and 3' base b, or PAIR_NONE. */
static inline int pair_type(int a, int b)
{
    static const uint8_t types[BASE_CODES][BASE_CODES] = {
        [BASE_N] = {PAIR_NONE, PAIR_NONE, PAIR_NONE, PAIR_NONE, PAIR_NONE},
        [BASE_A] = {PAIR_NONE, PAIR_NONE, PAIR_NONE, PAIR_NONE, PAIR_AU},
        [BASE_C] = {PAIR_NONE, PAIR_NONE, PAIR_NONE, PAIR_CG, PAIR_NONE},
        [BASE_G] = {PAIR_NONE, PAIR_NONE, PAIR_GC, PAIR_NONE, PAIR_GU},
        [BASE_U] = {PAIR_NONE, PAIR_UA, PAIR_NONE, PAIR_UG, PAIR_NONE},
    };
    return types[a][b];
}

/* The same pair read from its other side. */
static inline int pair_reversed(int t)
{
    return t ^ 1;
}

#endif
