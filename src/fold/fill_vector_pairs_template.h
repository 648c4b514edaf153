/* SPDX-License-Identifier: MIT */
/* Template: the pairs of local folding that no neighbour betters, step 1 of local_pairs.h.
 *
 * A pair (i, j) is compared with the least score of four parts of its neighbourhood, R = `reach`
 * bases to either side: the rows above it and the columns to its left, which have to be higher, the
 * columns to its right and the rows below it, which may be as high. The least of R elements in
 * sequence comes from the least of 1, 2, 4, ... of them, by one more minimum each, first along a
 * row and then down the columns.
 *
 * Row i is kept by k = j - i, from -2 R on, and is infinite where it has no pairs. Row p - t at
 * k + t is above row p at k. What is too high a score may be any number that is, too.
 */

/* The rings, and what they are made from. */
typedef struct minima {
    fill f;
    dmg_local_pairs *pairs;
    int reach, span;
    int end;   /* after the last k that is looked at */
    int bound; /* lowest score that is too high */
    size_t rows, stride;
    lane *background; /* by k */
    lane *score;
    lane *along;                 /* the least of R elements from k on */
    lane *down[LOCAL_RINGS - 3]; /* the least of k - R .. k + R, in 1, 2, 4, ..., R rows */
    int step[LOCAL_RINGS - 4];   /* from one of these numbers to the next */
    int steps;
} minima;

static inline lane *minima_row(const minima *s, lane *ring, int i)
{
    return ring + ((size_t)i & (s->rows - 1)) * s->stride;
}

static void start_minima(minima *s, const dmg_mfe *m, dmg_local_pairs *pairs)
{
    const dmg_hairpin_options *const o = &pairs->options;
    set_views(&s->f, m, m->tables);
    s->pairs = pairs;
    s->reach = o->neighbourhood;
    s->span = pairs->span;
    s->end = s->span + s->reach + 1;
    s->bound = o->max_score + 1 + ENERGY_ZERO;
    if (s->bound < LANE_NOTHING) s->bound = LANE_NOTHING;
    s->rows = local_ring_rows(pairs);
    s->stride = local_ring_stride(pairs);
    lane *const rings = pairs->rings, *const first = rings + 2 * (size_t)s->reach;
    set_lanes(rings, 0, (int)((LOCAL_RINGS - 1) * pairs->ring), LANE_INFINITE);
    s->score = first;
    s->along = first + pairs->ring;
    for (int k = 0; k < LOCAL_RINGS - 3; k++) s->down[k] = first + (size_t)(k + 2) * pairs->ring;
    s->background = rings + (LOCAL_RINGS - 1) * pairs->ring;
    for (int k = 0; k < s->span + LANES; k++) {
        const int bases = k < s->span ? k + 1 : 0;
        s->background[k] = (lane)(o->background * bases);
    }
    s->steps = 0;
    for (int width = 1; width < s->reach; width += s->step[s->steps++])
        s->step[s->steps] = width < s->reach - width ? width : s->reach - width;
}

/* Rows to be loaded before they are needed. */
#define AHEAD 4

/* Scores of row i, which may be beyond the strand. False if all are too high. */
static bool score_row(const minima *s, int i)
{
    const fill *const f = &s->f;
    lane *const score = minima_row(s, s->score, i);
    const int rest = i < f->n ? mfe_row_end(f->m, i) - i : 0, count = lesser(rest, s->span);
    const vec bound = vec_set(s->bound);
    unsigned low = 0;
    if (count > 0) {
        const lane *const C_i = f->closed_matrix + mfe_index(f->m, i, i);
        /* Rows lie in memory from the last to the first, which processors do not foresee. */
        const int next = i + AHEAD < f->n ? i + AHEAD : i;
        const lane *const C_next = f->closed_matrix + mfe_index(f->m, next, next);
        const int8_t *const table =
            f->tables->exterior_stem[f->s[i]][i > 0 ? f->s[i - 1] : BASE_START];
        for (int k = 0; k < count; k += LANES) {
            const vec stem = vec_lookup(table, vec_load(f->right_index + i + k));
            const vec closed = vec_add(vec_load(C_i + k), stem);
            __builtin_prefetch(C_next + k);
            const vec sum = vec_add_cut(closed, vec_load(s->background + k));
            vec_store(score + k, sum);
            low |= vec_less(sum, bound);
        }
    }
    set_lanes(score, count, s->span + LANES, LANE_INFINITE);
    return low != 0;
}

/* The least within `reach` columns of row i. */
static void look_along(const minima *s, int i, bool low)
{
    const lane *const score = minima_row(s, s->score, i), *from = score;
    lane *const along = minima_row(s, s->along, i), *const out = minima_row(s, s->down[0], i);
    const int reach = s->reach;
    if (!low) {
        set_lanes(out, -reach, s->end, LANE_INFINITE);
        return;
    }
    if (s->steps == 0) memcpy(along, score, (size_t)s->end * sizeof *along);
    for (int t = 0; t < s->steps; t++, from = along)
        for (int k = -2 * reach; k < s->end; k += LANES)
            vec_store(along + k, vec_min(vec_load(from + k), vec_load(from + k + s->step[t])));
    for (int k = -reach; k < s->end; k += LANES) {
        const vec beside = vec_min(vec_load(along + k - reach), vec_load(along + k + 1));
        vec_store(out + k, vec_min(vec_load(score + k), beside));
    }
}

/* The least of row i and of those above it; `high` rows up to i have no low score. */
static void look_down(const minima *s, int i, int high)
{
    for (int t = 0, width = 1; t < s->steps; t++) {
        const int step = s->step[t];
        const lane *const here = minima_row(s, s->down[t], i);
        const lane *const above = minima_row(s, s->down[t], i - step) + step;
        lane *const out = minima_row(s, s->down[t + 1], i);
        width += step;
        if (high >= width) {
            set_lanes(out, -s->reach, s->end, LANE_INFINITE);
            continue;
        }
        for (int k = -s->reach; k < s->end; k += LANES)
            vec_store(out + k, vec_min(vec_load(here + k), vec_load(above + k)));
    }
}

/* Adds the pairs of row i that are optimal; the rows below it have been looked at. */
static bool add_optimal(const minima *s, int i)
{
    const int reach = s->reach;
    const lane *const score = minima_row(s, s->score, i), *const along = minima_row(s, s->along, i);
    const lane *const above = minima_row(s, s->down[s->steps], i - 1) + 1;
    const lane *const below = minima_row(s, s->down[s->steps], i + reach) - reach;
    const vec bound = vec_set(s->bound);
    for (int k = s->pairs->options.shortest - 1; k < s->span; k += LANES) {
        const vec here = vec_load(score + k);
        if (!vec_less(here, bound)) continue;
        const vec before = vec_min(vec_load(along + k - reach), vec_load(above + k));
        const vec after = vec_min(vec_load(along + k + 1), vec_load(below + k));
        unsigned best = vec_less(here, vec_min(before, bound)) & ~vec_less(after, here);
        for (; best; best = without_first_lane(best)) {
            const int j = i + k + first_lane(best), energy = score[j - i] - ENERGY_ZERO;
            if (!dmg_local_pairs_add(s->pairs, (dmg_local_pair){i, j, energy})) return false;
        }
    }
    return true;
}

static bool find_optimal(const dmg_mfe *m, dmg_local_pairs *pairs)
{
    minima s;
    start_minima(&s, m, pairs);
    pairs->optimal_count = 0;
    for (int i = 0, high = s.reach; i < m->n + s.reach; i++) {
        const bool low = score_row(&s, i);
        high = low ? 0 : high + 1;
        look_along(&s, i, low);
        look_down(&s, i, high);
        if (i >= s.reach && !add_optimal(&s, i - s.reach)) return false;
    }
    return true;
}
