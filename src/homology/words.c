/* SPDX-License-Identifier: MIT */
/* An inverted index of words: counting sort of the words of all sequences. */
#include "homology/words.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/nucleotide.h"

/* Goes over the words of a sequence that hold only A C G U. */
typedef struct word_walk {
    const char *sequence;
    size_t length, next;
    uint32_t word;
    int bases; /* of `word` that are set, up to WORD */
} word_walk;

static bool next_word(word_walk *walk)
{
    while (walk->next < walk->length) {
        const uint8_t code = dmg_base_code(walk->sequence[walk->next++]);
        walk->bases = code == BASE_N ? 0 : walk->bases < WORD ? walk->bases + 1 : WORD;
        walk->word = (walk->word << 2 | (uint32_t)(code - BASE_A)) & (WORDS - 1);
        if (walk->bases == WORD) return true;
    }
    return false;
}

void word_index_clear(word_index *index)
{
    free(index->starts);
    free(index->numbers);
    free(index->shared);
    *index = (word_index){0};
}

static dmg_status reserve(word_index *index, const size_t *lengths, size_t count, dmg_error *err)
{
    size_t words = 0;
    for (size_t i = 0; i < count; i++) words += lengths[i];
    if (words > UINT32_MAX || count > UINT32_MAX)
        return dmg_error_set(err, DMG_RANGE, "%zu known sequences of %zu bases are too many", count,
                             words);
    index->count = count;
    index->starts = dmg_alloc_zero(WORDS + 1, sizeof *index->starts);
    index->numbers = dmg_alloc(words, sizeof *index->numbers);
    index->shared = dmg_alloc(count, sizeof *index->shared);
    if (!index->starts || !index->numbers || !index->shared)
        return dmg_error_nomem(err, "known sequences");
    return DMG_OK;
}

dmg_status word_index_build(word_index *index, const char *const *sequences, const size_t *lengths,
                            size_t count, dmg_error *err)
{
    const dmg_status st = reserve(index, lengths, count, err);
    if (st != DMG_OK) return st;
    for (size_t i = 0; i < count; i++)
        for (word_walk w = {.sequence = sequences[i], .length = lengths[i]}; next_word(&w);)
            index->starts[w.word + 1]++;
    for (size_t k = 0; k < WORDS; k++) index->starts[k + 1] += index->starts[k];
    for (size_t i = 0; i < count; i++)
        for (word_walk w = {.sequence = sequences[i], .length = lengths[i]}; next_word(&w);)
            index->numbers[index->starts[w.word]++] = (uint32_t)i;
    memmove(index->starts + 1, index->starts, WORDS * sizeof *index->starts);
    index->starts[0] = 0;
    return DMG_OK;
}

/* Puts a number into its place among the nearest. */
static size_t insert(uint32_t *nearest, size_t found, size_t most, const uint16_t *shared,
                     uint32_t number)
{
    size_t at = found < most ? found++ : most;
    if (at == most && shared[nearest[--at]] >= shared[number]) return found;
    while (at > 0 && shared[nearest[at - 1]] < shared[number]) {
        nearest[at] = nearest[at - 1];
        at--;
    }
    nearest[at] = number;
    return found;
}

size_t word_index_nearest(uint32_t *nearest, size_t most, word_index *index, const char *sequence,
                          size_t length)
{
    memset(index->shared, 0, index->count * sizeof *index->shared);
    for (word_walk w = {.sequence = sequence, .length = length}; next_word(&w);)
        for (uint32_t k = index->starts[w.word]; k < index->starts[w.word + 1]; k++)
            if (index->shared[index->numbers[k]] < UINT16_MAX) index->shared[index->numbers[k]]++;
    size_t found = 0;
    for (size_t i = 0; i < index->count; i++)
        if (index->shared[i] > 0) found = insert(nearest, found, most, index->shared, (uint32_t)i);
    return found;
}
