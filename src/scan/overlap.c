/* SPDX-License-Identifier: MIT */
/* The best of intervals that overlap.
 *
 * Intervals are sorted by start; those that overlap one of them are neighbours no further to the
 * left than the longest is long, and to the right up to its end. So the work is that of sorting,
 * plus for each that stays the neighbours within reach.
 */
#include "scan/overlap.h"

#include <limits.h>
#include <math.h>
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

/* Whether two intervals share half of the shorter one; of the second one, start .. end is what lies
 * there. */
static bool is_same_place(const scored_interval *a, const scored_interval *b, uint64_t start,
                          uint64_t end)
{
    const uint64_t both = shared(a, start, end);
    return both > 0 && 2 * both >= min(a->end - a->start, b->end - b->start);
}

/* Takes out the `loser` if it competes with the winner, which is moved to start .. end. */
static void meet(const contest *c, size_t winner, size_t loser, uint64_t start, uint64_t end)
{
    scored_interval *const best = &c->intervals[winner];
    const scored_interval *other = &c->intervals[loser];
    if (shared(other, start, end) == 0) return;
    if (other->minus != best->minus && is_same_place(other, best, start, end) &&
        other->score > best->other)
        best->other = other->score;
    if (other->minus == best->minus || !c->both_strands) c->gone[loser] = true;
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

typedef void visit(const contest *c, void *context, size_t other, uint64_t start, uint64_t end);

static void visit_near(const contest *c, size_t which, uint64_t start, uint64_t end, visit *call,
                       void *context)
{
    for (size_t i = first_near(c, start); i < c->count && c->intervals[i].start < end; i++)
        if (i != which) call(c, context, i, start, end);
}

/* Visits all but itself that may overlap an interval, which is moved to start .. end where it does
 * so over the origin of a circle. */
static void visit_neighbours(const contest *c, size_t which, visit *call, void *context)
{
    const uint64_t start = c->intervals[which].start, end = c->intervals[which].end;
    visit_near(c, which, start, end, call, context);
    if (c->circle == 0) return;
    visit_near(c, which, start + c->circle, end + c->circle, call, context);
    if (end > c->circle) visit_near(c, which, 0, end - c->circle, call, context);
}

static void meet_neighbour(const contest *c, void *winner, size_t other, uint64_t start,
                           uint64_t end)
{
    meet(c, *(const size_t *)winner, other, start, end);
}

/* --- the strand of a place --- */

/* What the two strands of the place of an interval have. */
typedef struct strands {
    const scored_interval *own;   /* the interval */
    int least[2];                 /* the least energy of its strand, and of the other one */
    const scored_interval *rival; /* the best one of the other strand; NULL: there is none */
} strands;

static void compare_strands(const contest *c, void *context, size_t other, uint64_t start,
                            uint64_t end)
{
    strands *const s = context;
    const scored_interval *const near = &c->intervals[other];
    if (c->gone[other] || near->score < STRAND_FLOOR || !is_same_place(near, s->own, start, end))
        return;
    const bool across = near->minus != s->own->minus;
    if (near->energy < s->least[across]) s->least[across] = near->energy;
    if (across && (!s->rival || compare_merits(&near, &s->rival) < 0)) s->rival = near;
}

static double log_odds(float p)
{
    const double bounded = fmin((double)p, 1 - 1e-7);
    return log(bounded / (1 - bounded));
}

/* The interval, or its rival on the other strand if that strand is the more likely one. */
static size_t choose_strand(const contest *c, size_t which)
{
    const scored_interval *const own = &c->intervals[which];
    strands s = {.own = own, .least = {own->energy, INT_MAX}};
    if (c->both_strands || own->score < STRAND_FLOOR) return which;
    visit_neighbours(c, which, compare_strands, &s);
    if (!s.rival) return which;
    const double ahead = log_odds(own->score) - log_odds(s.rival->score);
    const double lower = (double)s.least[0] - s.least[1];
    return ahead - STRAND_ENERGY * lower >= 0 ? which : (size_t)(s.rival - c->intervals);
}

/* --- the whole --- */

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
        size_t i = (size_t)(order[k] - intervals);
        if (c.gone[i]) continue;
        i = choose_strand(&c, i);
        visit_neighbours(&c, i, meet_neighbour, &i);
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!c.gone[i]) intervals[kept++] = intervals[i];
    *count = kept;
    free(order);
    free(c.gone);
    return true;
}
