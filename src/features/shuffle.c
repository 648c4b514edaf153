/* SPDX-License-Identifier: MIT */
/* A sequence is a walk along edges, one for each dinucleotide. Whatever the order in which the
 * edges that leave a letter are taken, the walk uses all of them if those taken last lead from
 * every letter to the final one. So these are drawn until they do, and the others are put in any
 * order. */
#include "features/shuffle.h"

#include <stdbool.h>
#include <string.h>

void shuffler_read(shuffler *s, size_t *room, const char *sequence, size_t length)
{
    size_t ends[BASE_CODES], counts[BASE_CODES] = {0};
    *s = (shuffler){.room = room, .length = length};
    s->first = dmg_base_code(sequence[0]);
    s->last = dmg_base_code(sequence[length - 1]);
    for (size_t i = 0; i + 1 < length; i++) counts[dmg_base_code(sequence[i])]++;
    for (int a = 0; a < BASE_CODES; a++) {
        s->begins[a + 1] = s->begins[a] + counts[a];
        ends[a] = s->begins[a];
    }
    for (size_t i = 0; i + 1 < length; i++)
        room[ends[dmg_base_code(sequence[i])]++] = dmg_base_code(sequence[i + 1]);
}

static bool has_edges(const shuffler *s, int a)
{
    return s->begins[a + 1] > s->begins[a];
}

/* Whether the last edges lead from every letter to the final one. */
static bool last_edges_lead(const shuffler *s)
{
    for (int a = 0; a < BASE_CODES; a++) {
        int at = a;
        if (!has_edges(s, a)) continue;
        for (int step = 0; step < BASE_CODES && at != s->last; step++)
            at = (int)s->room[s->begins[at + 1] - 1];
        if (at != s->last) return false;
    }
    return true;
}

static void draw_last_edges(shuffler *s, dmg_rng *rng)
{
    do {
        for (int a = 0; a < BASE_CODES; a++) {
            if (!has_edges(s, a) || a == s->last) continue;
            const size_t begin = s->begins[a], end = s->begins[a + 1];
            const size_t chosen = begin + dmg_rng_below(rng, end - begin), letter = s->room[chosen];
            s->room[chosen] = s->room[end - 1];
            s->room[end - 1] = letter;
        }
    } while (!last_edges_lead(s));
}

void shuffler_draw(shuffler *s, char *out, dmg_rng *rng)
{
    size_t next[BASE_CODES];
    draw_last_edges(s, rng);
    for (int a = 0; a < BASE_CODES; a++) {
        const size_t fixed = has_edges(s, a) && a != s->last;
        dmg_rng_shuffle(rng, s->room + s->begins[a], s->begins[a + 1] - s->begins[a] - fixed);
    }
    memcpy(next, s->begins, sizeof next);
    int at = s->first;
    for (size_t i = 0; i < s->length; i++) {
        out[i] = dmg_base_letter(at);
        if (i + 1 < s->length) at = (int)s->room[next[at]++];
    }
}
