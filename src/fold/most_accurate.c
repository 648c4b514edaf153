/* SPDX-License-Identifier: MIT */
/* The structure of maximum expected accuracy (Do, Woods & Batzoglou 2006, Bioinformatics 22:e90;
 * Lu, Gloor & Mathews 2009, RNA 15:1805): of a segment i..j
 *
 *     A(i,j) = max( A(i,j-1) + u(j),  A(i,k-1) + B(k,j) ),  B(k,j) = 2 gamma p(k,j) + A(k+1,j-1)
 *
 * with u(j) the probability that j is unpaired. Few pairs are worth their two bases, and few of
 * those end the best structure of a segment that begins with them: only these are kept, by their
 * last base. As in RNAfold, probabilities below 1e-4 / (1 + gamma) do not count.
 */
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "fold/pairing_structures.h"

#define LEAST_PROBABILITY 1e-4

/* A pair that is best for its segment. */
typedef struct kept_pair {
    int first;
    int next; /* the one of the same last base that was kept after it, or -1 */
    double value;
} kept_pair;

typedef struct segment {
    int i, j;
} segment;

typedef struct accuracy_search {
    const dmg_pairing *p;
    double gamma, least;
    double *unpaired;     /* [n] */
    double *best, *inner; /* [n + 1] A(i, j - 1) at j, of this row and of the one below it */
    int *oldest, *newest; /* [n] of the pairs by their last base, or -1 */
    segment *pending;     /* [n + 1] */
    kept_pair *pairs;
    size_t count, capacity;
    dmg_arena arena;
} accuracy_search;

static void place(accuracy_search *a, dmg_arena *arena, size_t n)
{
    a->unpaired = dmg_arena_take(arena, n, sizeof *a->unpaired);
    a->best = dmg_arena_take(arena, n + 1, sizeof *a->best);
    a->inner = dmg_arena_take(arena, n + 1, sizeof *a->inner);
    a->oldest = dmg_arena_take(arena, n, sizeof *a->oldest);
    a->newest = dmg_arena_take(arena, n, sizeof *a->newest);
    a->pending = dmg_arena_take(arena, n + 1, sizeof *a->pending);
}

/* The probability as it counts. */
static double counted(const accuracy_search *a, int i, int j)
{
    const double x = pair_probability(a->p, i, j);
    return x < a->least ? 0 : (double)(float)x;
}

static void find_unpaired(accuracy_search *a)
{
    const int n = a->p->n;
    for (int i = 0; i < n; i++) a->unpaired[i] = 1;
    for (int i = 0; i < n; i++)
        for (int j = i + 1; j < n; j++) {
            const double x = counted(a, i, j);
            a->unpaired[i] -= x;
            a->unpaired[j] -= x;
        }
}

static bool keep(accuracy_search *a, int i, int j, double value)
{
    if (!dmg_grow(&a->pairs, &a->capacity, a->count + 1, sizeof *a->pairs)) return false;
    const int index = (int)a->count++;
    a->pairs[index] = (kept_pair){i, -1, value};
    if (a->oldest[j] < 0)
        a->oldest[j] = index;
    else
        a->pairs[a->newest[j]].next = index;
    a->newest[j] = index;
    return true;
}

/* A(i, j) of segments that begin at i, from those that end before j and the pairs that are kept. */
static double best_end(const accuracy_search *a, int i, int j)
{
    double best = a->best[j] + a->unpaired[j];
    for (int k = a->oldest[j]; k >= 0 && a->pairs[k].first >= i; k = a->pairs[k].next) {
        const double value = a->pairs[k].value + a->best[a->pairs[k].first];
        if (value > best) best = value;
    }
    return best;
}

static bool search_row(accuracy_search *a, int i)
{
    a->best[i] = 0;
    for (int j = i; j < a->p->n; j++) {
        double best = best_end(a, i, j);
        const double x = j > i ? counted(a, i, j) : 0;
        if (x * 2 * a->gamma > a->unpaired[i] + a->unpaired[j]) {
            const double value = a->inner[j] + 2 * a->gamma * x;
            if (value > best) {
                best = value;
                if (!keep(a, i, j, value)) return false;
            }
        }
        a->best[j + 1] = best;
    }
    return true;
}

static bool search(accuracy_search *a)
{
    find_unpaired(a);
    for (int j = 0; j < a->p->n; j++) a->oldest[j] = a->newest[j] = -1;
    a->inner[a->p->n] = 0;
    for (int i = a->p->n - 1; i >= 0; i--) {
        if (!search_row(a, i)) return false;
        double *const done = a->best;
        a->best = a->inner;
        a->inner = done;
    }
    return true;
}

/* The first pair with which the best structure of i..j can end, j being paired in it. */
static const kept_pair *last_pair(const accuracy_search *a, int i, int j, double slack)
{
    for (int k = a->oldest[j]; k >= 0 && a->pairs[k].first >= i; k = a->pairs[k].next)
        if (a->best[j + 1] <= a->pairs[k].value + a->best[a->pairs[k].first] + slack)
            return &a->pairs[k];
    return NULL;
}

/* Segment by segment: its row is computed again. Unpaired bases come first. */
static void trace(accuracy_search *a, char *structure)
{
    size_t count = 0;
    a->pending[count++] = (segment){0, a->p->n - 1};
    while (count > 0) {
        const segment s = a->pending[--count];
        a->best[s.i] = 0;
        for (int j = s.i; j <= s.j; j++) a->best[j + 1] = best_end(a, s.i, j);
        const double slack = DBL_EPSILON * a->best[s.j + 1];
        for (int j = s.j; j > s.i;) {
            const kept_pair *const pair = a->best[j + 1] <= a->best[j] + a->unpaired[j] + slack
                                              ? NULL
                                              : last_pair(a, s.i, j, slack);
            if (!pair) {
                j--;
                continue;
            }
            structure[pair->first] = '(';
            structure[j] = ')';
            if (j - pair->first > 1) a->pending[count++] = (segment){pair->first + 1, j - 1};
            j = pair->first - 1;
        }
    }
}

dmg_status dmg_most_accurate(char *structure, double *accuracy, const dmg_pairing *p, double gamma,
                             dmg_error *err)
{
    const size_t n = (size_t)p->n;
    accuracy_search a = {.p = p, .gamma = gamma, .least = LEAST_PROBABILITY / (1 + gamma)};
    memset(structure, '.', n);
    structure[n] = '\0';
    *accuracy = 0;
    if (n == 0) return DMG_OK;
    place(&a, &a.arena, n);
    bool done = dmg_arena_alloc(&a.arena);
    if (done) {
        place(&a, &a.arena, n);
        done = search(&a);
    }
    if (done) {
        *accuracy = a.inner[n];
        trace(&a, structure);
    }
    free(a.pairs);
    dmg_arena_clear(&a.arena);
    return done ? DMG_OK : dmg_error_nomem(err, "the structure of maximum expected accuracy");
}
