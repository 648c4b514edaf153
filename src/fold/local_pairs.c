/* SPDX-License-Identifier: MIT */
/* Scores of all pairs of a window, as a band of rows; most are above the highest that counts and
 * are not told apart. A pair is then compared with a stretch of each row around it, which ends soon
 * for all but a few.
 */
#include "fold/local_pairs.h"

#include <assert.h>
#include <stdlib.h>

#include "base/alloc.h"

#define NO_SCORE INT32_MAX

static inline int min(int a, int b)
{
    return a < b ? a : b;
}

static inline int max(int a, int b)
{
    return a > b ? a : b;
}

/* --- memory --- */

/* The least energy of a stem in the exterior. */
static int lowest_exterior(void)
{
    const dmg_fold_params *const P = &dmg_turner2004;
    int lowest = 0;
    for (int t = 0; t < PAIR_TYPES; t++)
        for (int a = 0; a < BASE_CODES; a++) {
            lowest = min(lowest, min(P->dangle5[t][a], P->dangle3[t][a]));
            for (int b = 0; b < BASE_CODES; b++)
                lowest = min(lowest, P->mismatch_exterior[t][a][b]);
        }
    return lowest;
}

bool dmg_local_pairs_init(dmg_local_pairs *l, const dmg_hairpin_options *options, size_t rows)
{
    *l = (dmg_local_pairs){.options = *options, .rows = rows};
    l->span = options->span - 2 * options->flank;
    const size_t span = (size_t)l->span;
    l->limit = dmg_alloc(span, sizeof *l->limit);
    l->scores = dmg_alloc(rows * span, sizeof *l->scores);
    if (!l->limit || !l->scores) return false;
    const int lowest = lowest_exterior();
    for (int k = 0; k < l->span; k++)
        l->limit[k] = options->max_score - options->background * (k + 1) - lowest;
    return true;
}

void dmg_local_pairs_clear(dmg_local_pairs *l)
{
    free(l->limit);
    free(l->scores);
    free(l->optimal);
    free(l->best);
}

static bool append(dmg_local_pair **list, size_t *count, size_t *capacity, dmg_local_pair pair)
{
    if (!dmg_grow(list, capacity, *count + 1, sizeof pair)) return false;
    (*list)[(*count)++] = pair;
    return true;
}

/* --- scores --- */

static int32_t *row_of(const dmg_local_pairs *l, int i)
{
    return l->scores + (size_t)i * (size_t)l->span;
}

static int32_t score_of(const dmg_local_pairs *l, const dmg_mfe *m, int i, int j, int32_t closed)
{
    const int t = pair_type(m->s[i], m->s[j]);
    const int score =
        closed + exterior_stem_energy(m->s, i, j, t, m->n) + l->options.background * (j - i + 1);
    return score <= l->options.max_score ? score : NO_SCORE;
}

/* Columns that are looked at together: few of these groups have a low energy. */
#define GROUP 16

static void score_row(const dmg_local_pairs *l, const dmg_mfe *m, int i)
{
    const int count = min(mfe_row_end(m, i) - i, l->span);
    int32_t *const row = row_of(l, i);
    dmg_mfe_closed_row(m, i, count, row);
    for (int k = count; k < l->span; k++) row[k] = NO_SCORE;
    for (int from = 0; from < count; from += GROUP) {
        const int to = min(from + GROUP, count);
        int any = 0;
        for (int k = from; k < to; k++) {
            const bool low = row[k] <= l->limit[k];
            any |= low;
            row[k] = low ? row[k] : NO_SCORE;
        }
        for (int k = from; any && k < to; k++)
            if (row[k] != NO_SCORE) row[k] = score_of(l, m, i, i + k, row[k]);
    }
}

/* --- step 1 --- */

static bool any_at_most(const int32_t *scores, int count, int32_t bound)
{
    int any = 0;
    for (int k = 0; k < count; k++) any |= scores[k] <= bound;
    return any;
}

/* Whether a pair (p, q) with first <= q <= last scores at most `bound`. */
static bool row_has(const dmg_local_pairs *l, const dmg_mfe *m, int p, int first, int last,
                    int32_t bound)
{
    if (p < 0 || p >= m->n) return false;
    const int from = max(first - p, 0), to = min(last - p, l->span - 1);
    return any_at_most(row_of(l, p) + from, to + 1 - from, bound);
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

static bool find_optimal(dmg_local_pairs *l, const dmg_mfe *m)
{
    l->optimal_count = 0;
    for (int i = 0; i < m->n; i++) {
        const int32_t *const row = row_of(l, i);
        for (int k = l->options.shortest - 1; k < l->span; k++) {
            const dmg_local_pair pair = {i, i + k, row[k]};
            if (row[k] != NO_SCORE && is_optimal(l, m, &pair) &&
                !append(&l->optimal, &l->optimal_count, &l->optimal_capacity, pair))
                return false;
        }
    }
    return true;
}

/* --- step 2 --- */

static bool is_better(const dmg_local_pair *a, const dmg_local_pair *b)
{
    if (a->score != b->score) return a->score < b->score;
    return a->i != b->i ? a->i < b->i : a->j < b->j;
}

static bool is_rival(const dmg_local_pair *other, const dmg_local_pair *pair)
{
    const int shared = min(other->j, pair->j) - max(other->i, pair->i) + 1;
    const int longer = max(other->j - other->i, pair->j - pair->i) + 1;
    return 2 * shared >= longer && is_better(other, pair);
}

/* Rivals share half of the longer pair, so that they begin within half a span. */
static int count_rivals(const dmg_local_pairs *l, size_t which)
{
    const dmg_local_pair *const pair = &l->optimal[which];
    const int reach = l->span / 2;
    int rivals = 0;
    for (size_t x = which; x-- > 0 && l->optimal[x].i >= pair->i - reach;)
        rivals += is_rival(&l->optimal[x], pair);
    for (size_t x = which + 1; x < l->optimal_count && l->optimal[x].i <= pair->i + reach; x++)
        rivals += is_rival(&l->optimal[x], pair);
    return rivals;
}

static bool find_best(dmg_local_pairs *l)
{
    l->best_count = 0;
    for (size_t x = 0; x < l->optimal_count; x++)
        if (count_rivals(l, x) < l->options.overlap_limit &&
            !append(&l->best, &l->best_count, &l->best_capacity, l->optimal[x]))
            return false;
    return true;
}

bool dmg_local_pairs_find(dmg_local_pairs *l, const dmg_mfe *m)
{
    assert((size_t)m->n <= l->rows);
    for (int i = 0; i < m->n; i++) score_row(l, m, i);
    return find_optimal(l, m) && find_best(l);
}
