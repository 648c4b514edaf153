/* SPDX-License-Identifier: MIT */
/* The letters of the IUPAC code. */
#include "base/nucleotide.h"

#include <string.h>

#define BASE(upper, lower) [upper] = upper, [lower] = lower
#define VAGUE(upper, lower)                                                                        \
    [upper] = upper | DMG_NUCLEOTIDE_AMBIGUOUS, [lower] = lower | DMG_NUCLEOTIDE_AMBIGUOUS

const unsigned char dmg_nucleotides[256] = {
    BASE('A', 'a'),  BASE('C', 'c'),  BASE('G', 'g'),  BASE('U', 'u'),  ['T'] = 'U',
    ['t'] = 'u',     VAGUE('R', 'r'), VAGUE('Y', 'y'), VAGUE('S', 's'), VAGUE('W', 'w'),
    VAGUE('K', 'k'), VAGUE('M', 'm'), VAGUE('B', 'b'), VAGUE('D', 'd'), VAGUE('H', 'h'),
    VAGUE('V', 'v'), VAGUE('N', 'n'), VAGUE('X', 'x'), VAGUE('I', 'i'),
};

/* S, W and N stand for their own complements. */
char dmg_complement_letter(char letter)
{
    static const char from[] = "ACGTURYKMBDHVacgturykmbdhv";
    static const char to[] = "TGCAAYRMKVHDBtgcaayrmkvhdb";
    const char *at = letter ? strchr(from, letter) : NULL;
    return at ? to[at - from] : letter;
}
