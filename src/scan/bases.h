/* SPDX-License-Identifier: MIT */
/* The sequences to scan, one after the other, as streams of bases: whole ones, regions, circles.
 * Each is read once, from its beginning; only as much as one is asked for is held. */
#ifndef DMG_SCAN_BASES_H
#define DMG_SCAN_BASES_H

#include "deepmirgene/seqio.h"
#include "scan/regions.h"

typedef struct base_stream base_stream;

/* A sequence, or a region of one. */
typedef struct bases_sequence {
    const char *name; /* until the next is asked for */
    uint64_t from;    /* position of its first letter */
} bases_sequence;

/* Where they come from: paths or sequences [count]. */
typedef struct bases_input {
    const char *const *paths; /* FASTA files; or NULL, and */
    const dmg_sequence *sequences;
    size_t count;
} bases_input;

/* A circle goes on from its end to its beginning for `wrap` bases more (0: none is a circle).
 * What `input` points to and regions (or NULL) must outlive it. */
dmg_status bases_open(base_stream **out, const bases_input *input, dmg_regions *regions,
                      size_t wrap, dmg_error *err);

/* Accepts NULL. */
void bases_close(base_stream *stream);

/* The next sequence, past what is left of the present one; name NULL: there is none. */
dmg_status bases_next(base_stream *stream, bases_sequence *sequence, dmg_error *err);

/* The next bases of it, as dmg_fasta_read. */
dmg_status bases_read(base_stream *stream, char *text, size_t capacity, size_t *count,
                      dmg_error *err);

/* A warning that a region reaches past the end of its sequence, or NULL; the stream's. */
const char *bases_clipped(const base_stream *stream);

/* 0 to 1, or negative. */
double bases_progress(const base_stream *stream);

#endif
