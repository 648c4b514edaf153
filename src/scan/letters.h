/* SPDX-License-Identifier: MIT */
/* The sequences to scan, one after the other, as streams of letters: whole ones, regions, circles.
 * Each is read once, from its beginning; only as much as one is asked for is held. */
#ifndef DMG_SCAN_LETTERS_H
#define DMG_SCAN_LETTERS_H

#include "scan/regions.h"

typedef struct letters letters;

/* A sequence, or a region of one. */
typedef struct letters_sequence {
    const char *name; /* until the next is asked for */
    uint64_t from;    /* position of its first letter */
} letters_sequence;

/* A circle goes on from its end to its beginning for `wrap` letters more (0: none is a circle).
 * Paths and regions (or NULL) must outlive it. */
dmg_status letters_open(letters **out, const char *const *paths, size_t path_count,
                        dmg_regions *regions, size_t wrap, dmg_error *err);

/* Accepts NULL. */
void letters_close(letters *stream);

/* The next sequence, past what is left of the present one; name NULL: there is none. */
dmg_status letters_next(letters *stream, letters_sequence *sequence, dmg_error *err);

/* The next letters of it, as dmg_fasta_read. */
dmg_status letters_read(letters *stream, char *text, size_t capacity, size_t *count,
                        dmg_error *err);

/* 0 to 1, or negative. */
double letters_progress(const letters *stream);

#endif
