/* SPDX-License-Identifier: MIT */
/* The plain form of step 1, which the vectors of fill_vector_pairs_template.h are tested against,
 * lists the pairs of a window whose score is low enough and compares each with those around it.
 */
#include "fold/local_pairs.h"

#include <assert.h>
#include <stdlib.h>

#include "base/alloc.h"

static inline int min(int a, int b)
{
    return a < b ? a : b;
}

static inline int max(int a, int b)
{
    return a > b ? a : b;
}

/* --- memory --- */

/* Scores have to fit 16 bits, but for those that are too high. */
static bool has_vector_form(const dmg_local_pairs *l)
{
    const dmg_hairpin_options *const o = &l->options;
    return o->neighbourhood > 0 && o->neighbourhood <= LOCAL_MOST_REACH &&
           o->background * l->span <= INT16_MAX;
}

bool dmg_local_pairs_init(dmg_local_pairs *l, const dmg_hairpin_options *options, size_t rows)
{
    *l = (dmg_local_pairs){.options = *options, .rows = rows};
    l->span = options->span - 2 * options->flank;
    l->row = dmg_alloc(rows + 1, sizeof *l->row);
    if (!l->row || !has_vector_form(l)) return l->row != NULL;
    l->ring = local_ring_rows(l) * local_ring_stride(l);
    l->rings = dmg_alloc(LOCAL_RINGS * l->ring, sizeof(int32_t));
    return l->rings != NULL;
}

void dmg_local_pairs_clear(dmg_local_pairs *l)
{
    free(l->low);
    free(l->row);
    free(l->rings);
    free(l->optimal);
    free(l->best);
}

static bool append(dmg_local_pair **list, size_t *count, size_t *capacity, dmg_local_pair pair)
{
    if (!dmg_grow(list, capacity, *count + 1, sizeof pair)) return false;
    (*list)[(*count)++] = pair;
    return true;
}

bool dmg_local_pairs_add(dmg_local_pairs *l, dmg_local_pair pair)
{
    return append(&l->optimal, &l->optimal_count, &l->optimal_capacity, pair);
}

/* --- step 1, plain --- */

static bool score_row(dmg_local_pairs *l, const dmg_mfe *m, int i)
{
    l->row[i] = l->low_count;
    for (int j = i; j < mfe_row_end(m, i) && j - i < l->span; j++) {
        const int32_t closed = C(m, i, j);
        if (closed >= FOLD_INFINITE) continue;
        const int t = pair_type(m->s[i], m->s[j]);
        const int32_t stem = exterior_stem_energy(m->s, i, j, t, m->n);
        const dmg_local_pair pair = {i, j, closed + stem + l->options.background * (j - i + 1)};
        if (pair.score <= l->options.max_score &&
            !append(&l->low, &l->low_count, &l->low_capacity, pair))
            return false;
    }
    return true;
}

static bool score_rows(dmg_local_pairs *l, const dmg_mfe *m)
{
    l->low_count = 0;
    for (int i = 0; i < m->n; i++)
        if (!score_row(l, m, i)) return false;
    l->row[m->n] = l->low_count;
    return true;
}

/* Whether a pair (p, q) with first <= q <= last scores at most `bound`. */
static bool row_has(const dmg_local_pairs *l, const dmg_mfe *m, int p, int first, int last,
                    int32_t bound)
{
    if (p < 0 || p >= m->n) return false;
    for (size_t x = l->row[p]; x < l->row[p + 1]; x++) {
        const dmg_local_pair *const pair = &l->low[x];
        if (pair->j >= first && pair->j <= last && pair->score <= bound) return true;
    }
    return false;
}

/* Of equal scores that with the smaller i, and then the smaller j, is the better. */
static bool is_optimal(const dmg_local_pairs *l, const dmg_mfe *m, const dmg_local_pair *pair)
{
    const int apart = l->options.neighbourhood, i = pair->i, j = pair->j;
    const int32_t score = pair->score;
    if (row_has(l, m, i, j - apart, j - 1, score)) return false;
    if (row_has(l, m, i, j + 1, j + apart, score - 1)) return false;
    for (int away = 1; away <= apart; away++) {
        if (row_has(l, m, i - away, j - apart, j + apart, score)) return false;
        if (row_has(l, m, i + away, j - apart, j + apart, score - 1)) return false;
    }
    return true;
}

bool dmg_local_pairs_optimal_scalar(const dmg_mfe *m, dmg_local_pairs *l)
{
    assert((size_t)m->n <= l->rows);
    l->optimal_count = 0;
    if (!score_rows(l, m)) return false;
    for (size_t x = 0; x < l->low_count; x++) {
        const dmg_local_pair pair = l->low[x];
        if (pair.j - pair.i + 1 >= l->options.shortest && is_optimal(l, m, &pair) &&
            !dmg_local_pairs_add(l, pair))
            return false;
    }
    return true;
}

/* --- step 2 --- */

static bool is_better(const dmg_local_pair *a, const dmg_local_pair *b)
{
    if (a->score != b->score) return a->score < b->score;
    return a->i != b->i ? a->i < b->i : a->j < b->j;
}

/* Bases [first, end) of a window, in which pairs are sure to be optimal in the sequence. */
typedef struct sure_part {
    int first, end;
} sure_part;

static bool is_rival(const dmg_local_pair *other, const dmg_local_pair *pair, sure_part sure)
{
    if (other->i < sure.first || other->j >= sure.end) return false;
    const int shared = min(other->j, pair->j) - max(other->i, pair->i) + 1;
    const int longer = max(other->j - other->i, pair->j - pair->i) + 1;
    return 2 * shared >= longer && is_better(other, pair);
}

/* Whether the pair has as many rivals as rule it out. They share half of the longer pair, so that
 * they begin within half a span. */
static bool is_crowded(const dmg_local_pairs *l, size_t which, sure_part sure)
{
    const dmg_local_pair *const pair = &l->optimal[which];
    const int reach = l->span / 2, limit = l->options.overlap_limit;
    int rivals = 0;
    for (size_t x = which; rivals < limit && x-- > 0 && l->optimal[x].i >= pair->i - reach;)
        rivals += is_rival(&l->optimal[x], pair, sure);
    for (size_t x = which + 1;
         rivals < limit && x < l->optimal_count && l->optimal[x].i <= pair->i + reach; x++)
        rivals += is_rival(&l->optimal[x], pair, sure);
    return rivals >= limit;
}

static bool find_best(dmg_local_pairs *l, sure_part sure)
{
    l->best_count = 0;
    for (size_t x = 0; x < l->optimal_count; x++)
        if (!is_crowded(l, x, sure) &&
            !append(&l->best, &l->best_count, &l->best_capacity, l->optimal[x]))
            return false;
    return true;
}

bool dmg_local_pairs_find(dmg_local_pairs *l, const dmg_mfe *m, int unsure)
{
    const bool found =
        l->rings ? m->engine->find_optimal(m, l) : dmg_local_pairs_optimal_scalar(m, l);
    return found && find_best(l, (sure_part){unsure, m->n - unsure});
}
