/* SPDX-License-Identifier: MIT */
/* What the letters of a candidate say about repeats and simple sequence. */
#ifndef DMG_SCAN_LETTERS_H
#define DMG_SCAN_LETTERS_H

/* The share of letters in lower case. */
double letters_masked(const char *sequence);

/* The entropy of the dinucleotides of A C G U, as a share of the greatest possible, 4 bits. */
double letters_complexity(const char *sequence);

#endif
