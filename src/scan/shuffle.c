/* SPDX-License-Identifier: MIT */
/* Dinucleotide shuffling: a random Eulerian path.
 *
 * A sequence is a path over the letters, its dinucleotides are the edges. A path that uses the same
 * edges leaves every letter but the final one for the last time by an edge of its own, and these
 * last edges form a tree that leads to the final letter. So such a tree is drawn, the other edges
 * of each letter are put into any order, and the path is walked.
 */
#include "scan/shuffle.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "scan/nucleotide.h"

enum { LETTERS = 4 };

/* The edges that leave one letter. */
typedef struct edges {
    uint8_t to[SHUFFLE_MOST];
    size_t count;
} edges;

static void swap(uint8_t *a, uint8_t *b)
{
    const uint8_t held = *a;
    *a = *b;
    *b = held;
}

/* Puts behind the other edges of each letter the one by which it is left for the last time: random
 * walks over the edges, each up to a letter whose last edge is known, and of each walk the edges
 * after its last visits (Wilson 1996, STOC 28:296). */
static void draw_last_edges(edges from[LETTERS], int final, dmg_rng *rng)
{
    size_t last[LETTERS];
    bool known[LETTERS] = {false};
    known[final] = true;
    for (int letter = 0; letter < LETTERS; letter++) {
        if (from[letter].count == 0) continue;
        for (int at = letter; !known[at]; at = from[at].to[last[at]])
            last[at] = (size_t)dmg_rng_below(rng, from[at].count);
        for (int at = letter; !known[at]; at = from[at].to[last[at]]) known[at] = true;
    }
    for (int letter = 0; letter < LETTERS; letter++) {
        edges *leaving = &from[letter];
        if (letter != final && leaving->count > 0)
            swap(&leaving->to[last[letter]], &leaving->to[leaving->count - 1]);
    }
}

/* All edges but the last `kept` of a letter, in any order. */
static void shuffle_edges(edges *leaving, size_t kept, dmg_rng *rng)
{
    for (size_t left = leaving->count > kept ? leaving->count - kept : 0; left > 1; left--)
        swap(&leaving->to[dmg_rng_below(rng, left)], &leaving->to[left - 1]);
}

void shuffle_dinucleotides(char *out, const char *in, size_t length, dmg_rng *rng)
{
    assert(length <= SHUFFLE_MOST);
    if (length == 0) return;
    edges from[LETTERS];
    for (int letter = 0; letter < LETTERS; letter++) from[letter].count = 0;
    for (size_t i = 0; i + 1 < length; i++) {
        edges *leaving = &from[nucleotide_code(in[i])];
        leaving->to[leaving->count++] = (uint8_t)nucleotide_code(in[i + 1]);
    }
    const int final = nucleotide_code(in[length - 1]);
    draw_last_edges(from, final, rng);
    for (int letter = 0; letter < LETTERS; letter++)
        shuffle_edges(&from[letter], letter == final ? 0 : 1, rng);
    size_t used[LETTERS] = {0};
    int at = nucleotide_code(in[0]);
    for (size_t i = 0; i < length; i++) {
        out[i] = "ACGU"[at];
        if (i + 1 < length) at = from[at].to[used[at]++];
    }
}
