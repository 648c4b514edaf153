/* SPDX-License-Identifier: MIT */
/* Letters as the scan sees them. */
#ifndef DMG_SCAN_NUCLEOTIDE_H
#define DMG_SCAN_NUCLEOTIDE_H

/* 0 1 2 3 for A C G U (or T) of either case, -1 for any other letter. */
static inline int nucleotide_code(char letter)
{
    switch (letter) {
    case 'A':
    case 'a': return 0;
    case 'C':
    case 'c': return 1;
    case 'G':
    case 'g': return 2;
    case 'T':
    case 't':
    case 'U':
    case 'u': return 3;
    default: return -1;
    }
}

#endif
