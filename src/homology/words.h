/* SPDX-License-Identifier: MIT */
/* Which known sequences share words with another: an inverted index. */
#ifndef DMG_HOMOLOGY_WORDS_H
#define DMG_HOMOLOGY_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "deepmirgene/status.h"

enum { WORD = 8, WORDS = 1 << 2 * WORD };

/* Sequences by number, and the words of each, with repeats. */
typedef struct word_index {
    uint32_t *starts;  /* [WORDS + 1], into `numbers` */
    uint32_t *numbers; /* of the sequences that have the word */
    uint16_t *shared;  /* [count], of the sequence looked up last */
    size_t count;
} word_index;

/* Accepts a zeroed struct. */
void word_index_clear(word_index *index);

/* Indexes sequences [count] of lengths [count]. */
dmg_status word_index_build(word_index *index, const char *const *sequences, const size_t *lengths,
                            size_t count, dmg_error *err);

/* The sequences that share most words with this one, at most `most` of them, best first, the first
 * in order of equals. Returns how many there are. */
size_t word_index_nearest(uint32_t *nearest, size_t most, word_index *index, const char *sequence,
                          size_t length);

#endif
