/* SPDX-License-Identifier: MIT */
/* Dinucleotide shuffling: a random Eulerian path.
 *
 * A sequence is a path over the bases, its dinucleotides are the edges. A path that uses the same
 * edges leaves every base but the final one for the last time by an edge of its own, and these
 * last edges form a tree that leads to the final base. So such a tree is drawn, the other edges
 * of each base are put into any order, and the path is walked.
 */
#include "scan/shuffle.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/nucleotide.h"

/* The edges that leave one base. */
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

/* Puts behind the other edges of each base the one by which it is left for the last time: random
 * walks over the edges, each up to a base whose last edge is known, and of each walk the edges
 * after its last visits (Wilson 1996, STOC 28:296). */
static void draw_last_edges(edges from[BASE_CODES], int final, dmg_rng *rng)
{
    size_t last[BASE_CODES];
    bool known[BASE_CODES] = {false};
    known[final] = true;
    for (int base = BASE_A; base < BASE_CODES; base++) {
        if (from[base].count == 0) continue;
        for (int at = base; !known[at]; at = from[at].to[last[at]])
            last[at] = (size_t)dmg_rng_below(rng, from[at].count);
        for (int at = base; !known[at]; at = from[at].to[last[at]]) known[at] = true;
    }
    for (int base = BASE_A; base < BASE_CODES; base++) {
        edges *leaving = &from[base];
        if (base != final && leaving->count > 0)
            swap(&leaving->to[last[base]], &leaving->to[leaving->count - 1]);
    }
}

/* All edges but the last `kept` of a base, in any order. */
static void shuffle_edges(edges *leaving, size_t kept, dmg_rng *rng)
{
    for (size_t left = leaving->count > kept ? leaving->count - kept : 0; left > 1; left--)
        swap(&leaving->to[dmg_rng_below(rng, left)], &leaving->to[left - 1]);
}

void shuffle_dinucleotides(char *out, const char *in, size_t length, dmg_rng *rng)
{
    assert(length <= SHUFFLE_MOST);
    if (length == 0) return;
    edges from[BASE_CODES];
    for (int base = BASE_A; base < BASE_CODES; base++) from[base].count = 0;
    for (size_t i = 0; i + 1 < length; i++) {
        edges *leaving = &from[dmg_base_code(in[i])];
        leaving->to[leaving->count++] = dmg_base_code(in[i + 1]);
    }
    const int final = dmg_base_code(in[length - 1]);
    draw_last_edges(from, final, rng);
    for (int base = BASE_A; base < BASE_CODES; base++)
        shuffle_edges(&from[base], base == final ? 0 : 1, rng);
    size_t used[BASE_CODES] = {0};
    int at = dmg_base_code(in[0]);
    for (size_t i = 0; i < length; i++) {
        out[i] = dmg_base_letter(at);
        if (i + 1 < length) at = from[at].to[used[at]++];
    }
}
