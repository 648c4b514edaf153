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
    vec alone;         /* its energy, at column k */
    vec_energy energy; /* the same, to be added */
    int from;          /* first j for which M(k + 1, j) is finite: infinity is never added to */
    const lane *right; /* M(k + 1, from), NULL if there is none */
} multi_stem;

static inline multi_stem stem_at(const fill *f, int k)
{
    const int from = f->finite[k + 1];
    return (multi_stem){.k = k,
                        .alone = vec_set(f->stem[k]),
                        .energy = vec_set_energy(f->stem[k] - ENERGY_ZERO + rise(f, 1)),
                        .from = from,
                        .right =
                            from < f->end ? f->multi_matrix + mfe_index(f->m, k + 1, from) : NULL};
}

/* The energy of the stem alone in i .. j, for a block of columns j. */
static inline vec stem_alone(const fill *f, const multi_stem *m, int x)
{
    if (!SLOPED) return m->alone;
    const int number = f->stem[m->k] + rise(f, x - m->k);
    return vec_add(vec_set(number < LANE_CUT ? number : LANE_CUT), f->lane_slopes);
}

/* Follows the stem through a block that lies after k and `from`: alone in i .. j, and with another
 * part of the multiloop after it. */
static inline void follow_both(multi_block *b, const fill *f, const multi_stem *m)
{
    const vec two = vec_add_energy(vec_load(m->right + (b->x - m->from)), m->energy);
    b->two_stems = vec_min(b->two_stems, two);
    b->multi = vec_min(b->multi, vec_min(two, stem_alone(f, m, b->x)));
}

/* The same in any block from that of k on. */
static inline void follow_partly(multi_block *b, const fill *f, const multi_stem *m)
{
    const vec infinite = vec_set(LANE_INFINITE);
    const vec alone = vec_select(stem_alone(f, m, b->x), infinite, vec_before(m->k - b->x));
    b->multi = vec_min(b->multi, alone);
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
        vec_store(f->multi + x, vec_min(vec_load(f->multi + x), stem_alone(f, m, x)));
    for (; x < f->end; x += LANES) {
        multi_block b = load_block(f, x);
        if (x < m->from)
            follow_partly(&b, f, m);
        else
            follow_both(&b, f, m);
        store_block(f, &b);
    }
}

/* M(i + 1, j) and M2(i + 1, j) as numbers of segments from i on. Infinity stays what it is, and
 * finite numbers that reach it are out of range. */
static void raise_row(fill *f, int i)
{
    const vec infinite = vec_set(LANE_INFINITE), one = vec_set(rise(f, 1));
    for (int x = i + FIRST_COLUMN; x < f->end; x += LANES) {
        const multi_block b = load_block(f, x);
        vec_store(f->multi + x, vec_min(vec_add(b.multi, one), infinite));
        vec_store(f->two_stems + x, vec_min(vec_add(b.two_stems, one), infinite));
    }
}

/* Looks for stems from left to right. The row is written to the matrix on the way. */
static void fill_multi_row(fill *f, int i)
{
    const int first = i + FIRST_COLUMN;
    lane *const out = f->multi_matrix + mfe_index(f->m, i, i);
    int finite = f->finite[i + 1];
    set_lanes(out, 0, FIRST_COLUMN, LANE_INFINITE);
    if (SLOPED) raise_row(f, i);
    for (int x = first; x < f->end; x += LANES) {
        multi_block b = load_block(f, x);
        const vec stems = vec_load(f->stem + x);
        unsigned better = vec_less(stems, b.multi);
        if (better) {
            do {
                const multi_stem m = stem_at(f, x + first_lane(better));
                if (m.k < finite) finite = m.k;
                follow_partly(&b, f, &m);
                follow_rest(f, &m, x + LANES);
                better = vec_less(stems, b.multi);
            } while (better);
            store_block(f, &b);
        }
        if (SLOPED) note_range(f, b.multi, vec_before(f->end - x) & ~vec_before(finite - x));
        vec_store(out + (x - i), b.multi);
    }
    f->finite[i] = finite;
}
