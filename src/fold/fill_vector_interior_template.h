/* SPDX-License-Identifier: MIT */
/* Template: bulges and interior loops that have no tables of their own, for one block of columns.
 *
 * All of them are a sum of what the inner pair adds (kept in the rings), a cost by number of
 * unpaired bases, and what the outer pair adds, which is the same for all loops of a kind and so
 * need not be known here.
 */

static void fill_costs(fill *f)
{
    const dmg_fold_params *const P = &dmg_turner2004;
    for (int size = 2; size <= FOLD_MAX_LOOP; size++) {
        f->bulge_cost[size] = (lane)(P->bulge[size] + rise(f, size + 2));
        f->size_cost[size] = (lane)(P->interior[size] + rise(f, size + 2));
        if (size < FOLD_MAX_LOOP)
            f->one_n_cost[size] = (lane)(interior_size_energy(1, size) + rise(f, 1 + size + 2));
    }
}

/* How many rows there are from row p of a ring on in steps of `step` (1 or -1) before it wraps
 * around; at most `rows`. A loop over rows runs from wrap to wrap, so that it need not look at each
 * step. */
static inline int rows_to_wrap(int p, int step, int rows)
{
    const int slot = p & (LOOP_ROWS - 1), left = step > 0 ? LOOP_ROWS - slot : slot + 1;
    return rows < left ? rows : left;
}

/* Windows: the loops with `short_side` unpaired bases on one side and k on the other, least <= k <=
 * most. best[w] becomes the best of inner pair plus cost[k]; over k, those with the long side at
 * the 3' end lie along a row of the ring, the others down a column. */
static ALWAYS_INLINE void window(vec best[BLOCK], const fill *f, lane *ring, const lane *cost,
                                 int i, int x, int blocks, int short_side, int least, int most)
{
    const lane *along = ring_row(f, ring, i + 1 + short_side, LOOP_ROWS) + x - 1 - least;
    for (int k = least; k <= most;) {
        const lane *down = ring_row(f, ring, i + 1 + k, LOOP_ROWS) + x - 1 - short_side;
        const int stop = k + rows_to_wrap(i + 1 + k, 1, most + 1 - k);
        for (; k < stop; k++, along--, down += f->stride) {
            const vec add = vec_set(cost[k]);
            for (int w = 0; w < blocks; w++) {
                const vec inner = vec_min(vec_load(along + w * LANES), vec_load(down + w * LANES));
                best[w] = vec_min(best[w], vec_add(inner, add));
            }
        }
    }
}

/* Most unpaired bases that a loop closed by (i, j), j < x + blocks * LANES, can have. */
static inline int most_unpaired(int i, int x, int blocks)
{
    const int enclosed =
        x + blocks * LANES - 1 - i - 1; /* bases of the longest segment i+1 .. j-1 */
    const int most = enclosed - (FOLD_MIN_HAIRPIN + 2);
    return most < FOLD_MAX_LOOP ? most : FOLD_MAX_LOOP;
}

/* What grow_sizes() does with a size. */
enum { SIZE_ENTERS = 1, SIZE_IS_GENERAL = 2, SIZE_GROWS = 4 };

/* The size recursion (Lyngso, Zuker & Pedersen 1999). Row `size` of f->sizes holds, at column j,
 * the best inner pair plus asymmetry of the general loops with so many unpaired bases that (i, j)
 * may close. Those of (i + 1, j - 1), with two bases more, are loops of (i, j): both sides are
 * longer by one, and the asymmetry is a matter of their difference. What is missing then are the
 * loops with the shortest side, two bases, on the 5' or on the 3' side. 2 x 2 and 2 x 3 have tables
 * of their own and are not general, but what grows out of them is: they enter with the mismatch
 * that they will have as inner pairs of larger loops, and are not looked at yet.
 *
 * Where a segment is too short for a size its row is not written and stays infinite, as it was for
 * the shorter segments before. Sizes descend, so that in place of row i + 1 a row becomes row i
 * when it has been used; for the same reason the blocks of a row descend. */
static ALWAYS_INLINE void grow_sizes(vec best[BLOCK], const fill *f, int i, int x, int blocks,
                                     int from, int to, int what)
{
    const int ninio = dmg_turner2004.ninio, ninio_max = dmg_turner2004.ninio_max;
    const lane *along = ring_row(f, f->general, i + 3, LOOP_ROWS) + x - (from - 1);
    lane *out = f->sizes + (from - SMALLEST_SIZE) * (ptrdiff_t)f->stride + x;
    for (int size = from; size >= to;) {
        const lane *down = ring_row(f, f->general, i + size - 1, LOOP_ROWS) + x - 3;
        const int stop = size - rows_to_wrap(i + size - 1, -1, size + 1 - to);
        for (; size > stop; size--, along++, down -= f->stride, out -= f->stride) {
            const lane *const grown = out - 2 * (ptrdiff_t)f->stride - 1;
            const vec add = vec_set(f->size_cost[size]);
            const vec less = vec_set((size - SMALLEST_SIZE) * ninio - ninio_max);
            for (int w = 0; w < blocks; w++) {
                vec inner = vec_min(vec_load(along + w * LANES), vec_load(down + w * LANES));
                if (what & SIZE_ENTERS) inner = vec_add(inner, less);
                if (what & SIZE_IS_GENERAL) inner = vec_min(inner, vec_load(grown + w * LANES));
                if (what & SIZE_GROWS) vec_store(out + w * LANES, inner);
                if (what & SIZE_IS_GENERAL) best[w] = vec_min(best[w], vec_add(inner, add));
            }
        }
    }
}

static inline int lesser(int a, int b)
{
    return a < b ? a : b;
}

/* All sizes up to `most`: asymmetry is at its largest where the longer side has seven bases or
 * more. */
static ALWAYS_INLINE void general_loops(vec best[BLOCK], const fill *f, int i, int x, int blocks,
                                        int most)
{
    grow_sizes(best, f, i, x, blocks, most, LARGEST_SIZE + 1, SIZE_IS_GENERAL);
    grow_sizes(best, f, i, x, blocks, lesser(most, LARGEST_SIZE), 9, SIZE_IS_GENERAL | SIZE_GROWS);
    grow_sizes(best, f, i, x, blocks, lesser(most, 8), 6,
               SIZE_ENTERS | SIZE_IS_GENERAL | SIZE_GROWS);
    grow_sizes(best, f, i, x, blocks, 5, SMALLEST_SIZE, SIZE_ENTERS | SIZE_GROWS);
}
