/* SPDX-License-Identifier: MIT */
/* Sequences shuffled so that every dinucleotide occurs as often as before. */
#ifndef DMG_SCAN_SHUFFLE_H
#define DMG_SCAN_SHUFFLE_H

#include <stddef.h>

#include "base/rng.h"

/* Writes to out [length] a sequence of the same first and last letter and with the same counts of
 * dinucleotides as in [length], all such sequences equally likely. Letters A C G T U of either
 * case; T and U are one, and `out` is in capitals with U. Altschul & Erickson 1985, Mol Biol Evol
 * 2:526. length <= SHUFFLE_MOST. */
enum { SHUFFLE_MOST = 1000 };

void shuffle_dinucleotides(char *out, const char *in, size_t length, dmg_rng *rng);

#endif
