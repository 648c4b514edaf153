/* SPDX-License-Identifier: MIT */
/* Sketches of short sequences, by which near-identical ones are known.
 *
 * A sketch has the SKETCH_HASHES smallest hashes of the words of SKETCH_WORD bases (Broder 1997,
 * SEQUENCES, 21), a word and its reverse complement being one. Two sequences are near-identical
 * where their sketches share SKETCH_SHARED hashes: with 100 bases that is likely from 93 % identity
 * on and unlikely below 88 %.
 */
#ifndef DMG_SCAN_SKETCH_H
#define DMG_SCAN_SKETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SKETCH_HASHES = 8, SKETCH_WORD = 11, SKETCH_SHARED = 3 };

/* Ascending; UINT32_MAX where the sequence has fewer words. */
typedef struct sketch {
    uint32_t hashes[SKETCH_HASHES];
} sketch;

sketch sketch_of(const char *sequence, size_t length);

/* Hashes that both have. */
int sketch_shared(const sketch *a, const sketch *b);

#endif
