/* SPDX-License-Identifier: MIT */
/* Sequences with the same dinucleotides as another one, all of them equally likely (Altschul &
 * Erickson 1985, Mol Biol Evol 2:526). First and last letter stay. */
#ifndef DMG_FEATURES_SHUFFLE_H
#define DMG_FEATURES_SHUFFLE_H

#include <stddef.h>

#include "base/nucleotide.h"
#include "base/rng.h"

typedef struct shuffler {
    size_t *room; /* [length], the caller's */
    size_t
        begins[BASE_CODES + 1]; /* the followers of letter a are room[begins[a] .. begins[a+1]) */
    size_t length;
    int first, last;
} shuffler;

/* Reads the letters; a letter other than A C G U counts as N. length >= 1. */
void shuffler_read(shuffler *s, size_t *room, const char *sequence, size_t length);

/* Writes a shuffle to out [length]. */
void shuffler_draw(shuffler *s, char *out, dmg_rng *rng);

#endif
