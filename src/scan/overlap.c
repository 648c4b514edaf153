/* SPDX-License-Identifier: MIT */
/* The best of intervals that overlap.
 *
 * Intervals are sorted by start; those that overlap one of them are neighbours no further to the
 * left than the longest is long, and to the right up to its end. So the work is that of sorting,
 * plus for each that stays the neighbours within reach.
 */
#include "scan/overlap.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

static int compare_places(const void *a, const void *b)
{
    const scored_interval *l = a, *r = b;
    if (l->start != r->start) return l->start < r->start ? -1 : 1;
    if (l->end != r->end) return l->end < r->end ? -1 : 1;
    return l->minus - r->minus;
}

static int compare_merits(const void *a, const void *b)
{
    const scored_interval *l = *(const scored_interval *const *)a;
    const scored_interval *r = *(const scored_interval *const *)b;
    if (l->score > r->score || l->score < r->score) return l->score > r->score ? -1 : 1;
    if (l->energy != r->energy) return l->energy < r->energy ? -1 : 1;
    return compare_places(l, r);
}

/* What stays and what goes, while it is found out. */
typedef struct contest {
    scored_interval *intervals; /* [count], by place */
    size_t count;
    uint64_t circle, longest;
    bool both_strands;
    bool *gone; /* [count] */
} contest;

static uint64_t min(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Positions that an interval shares with start .. end. */
static uint64_t shared(const scored_interval *interval, uint64_t start, uint64_t end)
{
    const uint64_t from = interval->start > start ? interval->start : start;
    const uint64_t to = min(interval->end, end);
    return to > from ? to - from : 0;
}

/* Takes out the `loser` if it competes with the winner, which is moved to start .. end. */
static void meet(const contest *c, scored_interval *winner, size_t loser, uint64_t start,
                 uint64_t end)
{
    const scored_interval *other = &c->intervals[loser];
    const uint64_t both = shared(other, start, end);
    const uint64_t shorter = min(other->end - other->start, winner->end - winner->start);
    if (both == 0) return;
    if (other->minus != winner->minus && 2 * both >= shorter && other->score > winner->other)
        winner->other = other->score;
    if (other->minus == winner->minus || !c->both_strands) c->gone[loser] = true;
}

/* The first interval that may reach to `start`. */
static size_t first_near(const contest *c, uint64_t start)
{
    const uint64_t reach = start > c->longest ? start - c->longest : 0;
    size_t low = 0, high = c->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (c->intervals[middle].start < reach)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Meets all but itself that may overlap start .. end. */
static void meet_all(const contest *c, size_t winner, uint64_t start, uint64_t end)
{
    for (size_t i = first_near(c, start); i < c->count && c->intervals[i].start < end; i++)
        if (i != winner) meet(c, &c->intervals[winner], i, start, end);
}

static void keep(const contest *c, size_t winner)
{
    const uint64_t start = c->intervals[winner].start, end = c->intervals[winner].end;
    meet_all(c, winner, start, end);
    if (c->circle == 0) return;
    meet_all(c, winner, start + c->circle, end + c->circle);
    if (end > c->circle) meet_all(c, winner, 0, end - c->circle);
}

bool overlap_keep_best(scored_interval *intervals, size_t *count, uint64_t circle,
                       bool both_strands)
{
    const size_t n = *count;
    if (n == 0) return true;
    qsort(intervals, n, sizeof *intervals, compare_places);
    const scored_interval **order = dmg_alloc(n, sizeof *order);
    contest c = {
        .intervals = intervals, .count = n, .circle = circle, .both_strands = both_strands};
    c.gone = dmg_alloc_zero(n, sizeof *c.gone);
    if (!order || !c.gone) {
        free(order);
        free(c.gone);
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        order[i] = &intervals[i];
        intervals[i].other = -1;
        const uint64_t length = intervals[i].end - intervals[i].start;
        if (length > c.longest) c.longest = length;
    }
    qsort(order, n, sizeof *order, compare_merits);
    for (size_t k = 0; k < n; k++) {
        const size_t i = (size_t)(order[k] - intervals);
        if (!c.gone[i]) keep(&c, i);
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!c.gone[i]) intervals[kept++] = intervals[i];
    *count = kept;
    free(order);
    free(c.gone);
    return true;
}
