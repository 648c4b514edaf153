/* SPDX-License-Identifier: MIT */
/* Scores of all i..j by rising j - i: each needs those of the two distances before. The loops are
 * plain, so that the compiler makes vectors of them. */
#include "fold/inverted_repeats.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/nucleotide.h"

enum { CLOSEST = 4, PENALTY = 3, GROUP = 64 };

/* Bases as bits, so that two of them together name a pair. */
enum { BIT_A = 1, BIT_C = 2, BIT_G = 4, BIT_U = 8 };

bool dmg_inverted_repeats_init(dmg_inverted_repeats *r, int shortest, int longest, int least,
                               size_t room)
{
    *r = (dmg_inverted_repeats){
        .shortest = shortest, .longest = longest, .least = least, .room = room};
    r->reach = dmg_alloc(room, sizeof *r->reach);
    r->codes = dmg_alloc(room, 1);
    bool whole = r->reach && r->codes;
    for (int k = 0; k < 3; k++) {
        r->scores[k] = dmg_alloc(room + 1, 1);
        whole = whole && r->scores[k];
    }
    return whole;
}

void dmg_inverted_repeats_clear(dmg_inverted_repeats *r)
{
    free(r->reach);
    free(r->codes);
    for (int k = 0; k < 3; k++) free(r->scores[k]);
    *r = (dmg_inverted_repeats){0};
}

static void set_codes(uint8_t *codes, const char *bases, size_t length)
{
    static const uint8_t bits[BASE_CODES] = {
        [BASE_A] = BIT_A, [BASE_C] = BIT_C, [BASE_G] = BIT_G, [BASE_U] = BIT_U};
    for (size_t i = 0; i < length; i++) codes[i] = bits[dmg_base_code(bases[i])];
}

/* out[i], i < count: the score of i..i + distance. `inner` are those of a distance of 2 less,
 * `near` those of 1 less. On the minus strand the wobble of G and U shows as A and C. */
static void score_distance(uint8_t *restrict out, const uint8_t *restrict inner,
                           const uint8_t *restrict near, const uint8_t *restrict codes,
                           size_t distance, size_t count, uint8_t wobble)
{
    const uint8_t *const partners = codes + distance;
    for (size_t i = 0; i < count; i++) {
        const uint8_t pair = codes[i] | partners[i];
        const uint8_t strong = pair == (BIT_G | BIT_C), weak = pair == (BIT_A | BIT_U);
        const uint8_t none = !(strong | weak | (pair == wobble));
        const uint8_t paired = (uint8_t)(inner[i + 1] + 2 * strong + weak);
        const uint8_t loss = (uint8_t)(PENALTY * none);
        const uint8_t bulged = near[i] > near[i + 1] ? near[i] : near[i + 1];
        const uint8_t by_pair = (uint8_t)((paired > loss ? paired : loss) - loss);
        const uint8_t by_bulge = (uint8_t)((bulged > PENALTY ? bulged : PENALTY) - PENALTY);
        const uint8_t best = by_pair > by_bulge ? by_pair : by_bulge;
        out[i] = best < REPEAT_MOST ? best : REPEAT_MOST;
    }
}

static bool any_reaches(const uint8_t *scores, size_t count, uint8_t least)
{
    uint8_t any = 0;
    for (size_t i = 0; i < count; i++) any |= scores[i] >= least;
    return any;
}

/* Notes the distance where it is the first with a score that counts. */
static void note(dmg_inverted_repeats *r, const uint8_t *scores, size_t distance, size_t count)
{
    for (size_t from = 0; from < count; from += GROUP) {
        const size_t to = from + GROUP < count ? from + GROUP : count;
        if (!any_reaches(scores + from, to - from, (uint8_t)r->least)) continue;
        for (size_t i = from; i < to; i++)
            if (r->reach[i] == 0 && scores[i] >= r->least) r->reach[i] = (uint16_t)distance;
    }
}

/* From repeats to segments that have one: what a base reaches, the one before it does as well. */
static void spread(dmg_inverted_repeats *r, size_t length)
{
    for (size_t i = length; i-- > 1;) {
        const int further = r->reach[i] + 1;
        if (further == 1 || further >= r->longest) continue;
        if (r->reach[i - 1] == 0 || further < r->reach[i - 1]) r->reach[i - 1] = (uint16_t)further;
    }
}

void dmg_inverted_repeats_find(dmg_inverted_repeats *r, const char *bases, size_t length,
                               dmg_strand strand)
{
    const uint8_t wobble = strand == DMG_STRAND_PLUS ? BIT_G | BIT_U : BIT_A | BIT_C;
    uint8_t *inner = r->scores[0], *near = r->scores[1], *present = r->scores[2];
    set_codes(r->codes, bases, length);
    memset(r->reach, 0, length * sizeof *r->reach);
    memset(inner, 0, length + 1);
    memset(near, 0, length + 1);
    for (size_t d = CLOSEST; d < length && d < (size_t)r->longest; d++) {
        score_distance(present, inner, near, r->codes, d, length - d, wobble);
        if (d + 1 >= (size_t)r->shortest) note(r, present, d, length - d);
        uint8_t *const oldest = inner;
        inner = near;
        near = present;
        present = oldest;
    }
    spread(r, length);
}
