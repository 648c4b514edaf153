/* SPDX-License-Identifier: MIT */
/* Of intervals that overlap, the best.
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
    return (l->end > r->end) - (l->end < r->end);
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
    const scored_interval *intervals; /* [count], by place */
    size_t count;
    uint64_t circle, longest;
    bool *gone; /* [count] */
} contest;

static bool overlaps(uint64_t a_start, uint64_t a_end, uint64_t b_start, uint64_t b_end)
{
    return a_start < b_end && b_start < a_end;
}

/* Lets go of all but the `winner` itself that overlap it when it is moved to start .. end. */
static void beat(const contest *c, size_t winner, uint64_t start, uint64_t end)
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
    for (size_t i = low; i < c->count && c->intervals[i].start < end; i++)
        if (i != winner && overlaps(c->intervals[i].start, c->intervals[i].end, start, end))
            c->gone[i] = true;
}

static void keep(const contest *c, size_t winner)
{
    const uint64_t start = c->intervals[winner].start, end = c->intervals[winner].end;
    beat(c, winner, start, end);
    if (c->circle == 0) return;
    beat(c, winner, start + c->circle, end + c->circle);
    if (end > c->circle) beat(c, winner, 0, end - c->circle);
}

bool overlap_keep_best(scored_interval *intervals, size_t *count, uint64_t circle)
{
    const size_t n = *count;
    if (n == 0) return true;
    qsort(intervals, n, sizeof *intervals, compare_places);
    const scored_interval **order = dmg_alloc(n, sizeof *order);
    contest c = {.intervals = intervals, .count = n, .circle = circle};
    c.gone = dmg_alloc_zero(n, sizeof *c.gone);
    if (!order || !c.gone) {
        free(order);
        free(c.gone);
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        order[i] = &intervals[i];
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
