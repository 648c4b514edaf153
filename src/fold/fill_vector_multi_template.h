/* SPDX-License-Identifier: MIT */
/* Template: M and M2 of a row.
 *
 * Before row i is looked at, f->multi and f->two_stems hold M(i + 1, j) and M2(i + 1, j): what row
 * i has if i is unpaired. Something better begins with a stem from i to some k. If that stem is not
 * better than what M(i, k) has without it, nothing that begins with it is better than what begins
 * without it (fill_scalar.c says why), so only the few stems that are have to be followed. Columns
 * go from left to right: M(i, k) is final when k is reached.
 *
 * M(i, j) never rises with j, as an unpaired base costs nothing. It is thus enough to look for the
 * stem, and for two parts that begin with it.
 */

/* A block of the row while it is in hand. */
typedef struct multi_block {
    int x;
    vec multi, two_stems;
} multi_block;

/* A stem from i to k that is worth it. */
typedef struct multi_stem {
    int k;
    vec alone;         /* its energy */
    vec_energy energy; /* the same, to be added */
    int from;          /* first j for which M(k + 1, j) is finite: infinity is never added to */
    const lane *right; /* M(k + 1, from), NULL if there is none */
} multi_stem;

static inline multi_stem stem_at(const fill *f, int k)
{
    const int from = f->finite[k + 1];
    return (multi_stem){.k = k,
                        .alone = vec_set(f->stem[k]),
                        .energy = vec_set_energy(f->stem[k] - ENERGY_ZERO),
                        .from = from,
                        .right =
                            from < f->end ? f->multi_matrix + mfe_index(f->m, k + 1, from) : NULL};
}

/* Follows the stem through a block that lies after k and `from`: alone in i .. j, and with another
 * part of the multiloop after it. */
static inline void follow_both(multi_block *b, const multi_stem *m)
{
    const vec two = vec_add_energy(vec_load(m->right + (b->x - m->from)), m->energy);
    b->two_stems = vec_min(b->two_stems, two);
    b->multi = vec_min(b->multi, vec_min(two, m->alone));
}

/* The same in any block from that of k on. */
static inline void follow_partly(multi_block *b, const multi_stem *m)
{
    const vec infinite = vec_set(LANE_INFINITE);
    b->multi = vec_min(b->multi, vec_select(m->alone, infinite, vec_before(m->k - b->x)));
    if (!m->right || b->x + LANES <= m->from) return;
    vec two = vec_add_energy(vec_load(m->right + (b->x - m->from)), m->energy);
    two = vec_select(two, infinite, vec_before(m->from - b->x));
    b->two_stems = vec_min(b->two_stems, two);
    b->multi = vec_min(b->multi, two);
}

static inline multi_block load_block(const fill *f, int x)
{
    return (multi_block){x, vec_load(f->multi + x), vec_load(f->two_stems + x)};
}

static inline void store_block(fill *f, const multi_block *b)
{
    vec_store(f->multi + b->x, b->multi);
    vec_store(f->two_stems + b->x, b->two_stems);
}

/* Follows the stem through all blocks from x on, all after k. */
static void follow_rest(fill *f, const multi_stem *m, int x)
{
    for (; x < f->end && x + LANES <= m->from; x += LANES)
        vec_store(f->multi + x, vec_min(vec_load(f->multi + x), m->alone));
    for (; x < f->end; x += LANES) {
        multi_block b = load_block(f, x);
        if (x < m->from)
            follow_partly(&b, m);
        else
            follow_both(&b, m);
        store_block(f, &b);
    }
}

/* Looks for stems from left to right. The row is written to the matrix on the way. */
static void fill_multi_row(fill *f, int i)
{
    const int first = i + FIRST_COLUMN;
    lane *const out = f->multi_matrix + mfe_index(f->m, i, i);
    int finite = f->finite[i + 1];
    set_lanes(out, 0, FIRST_COLUMN, LANE_INFINITE);
    for (int x = first; x < f->end; x += LANES) {
        multi_block b = load_block(f, x);
        const vec stems = vec_load(f->stem + x);
        unsigned better = vec_less(stems, b.multi);
        if (better) {
            do {
                const multi_stem m = stem_at(f, x + first_lane(better));
                if (m.k < finite) finite = m.k;
                follow_partly(&b, &m);
                follow_rest(f, &m, x + LANES);
                better = vec_less(stems, b.multi);
            } while (better);
            store_block(f, &b);
        }
        vec_store(out + (x - i), b.multi);
    }
    f->finite[i] = finite;
}
