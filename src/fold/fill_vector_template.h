/* SPDX-License-Identifier: MIT */
/* Template: the fill in vectors, the recursions of fill_scalar.c for LANES columns of a row at
 * once.
 *
 * A file NAME_template.h holds function bodies and is included once for every width of lanes, with
 * LANE_BITS defined. The parts are in files of their own:
 *
 *     fill_vector_state_template.h       the strand and its rows
 *     fill_vector_columns_template.h      what depends on the column alone
 *     fill_vector_interior_template.h     bulges and interior loops without tables
 *     fill_vector_closed_template.h       C(i, j), and C with what lies around it added
 *     fill_vector_multi_template.h        M(i, j) and M2(i, j) by the few stems worth a look
 *     fill_vector_exterior_template.h     F(j), of the strand or of a part of it
 *     fill_vector_pairs_template.h        pairs of local folding that are locally optimal
 *
 * Rows are filled from the last base to the first. Row i begins at column i + 1 + FOLD_MIN_HAIRPIN,
 * the first that can pair, and ends with the vector that has its last column in it, which is that
 * of the strand, or of the longest segment in local folding: lanes beyond it hold numbers of no
 * meaning, which do no harm because nothing flows to columns further left.
 * Interior loops look no more than 31 rows down; these rows are kept in rings. Left of its first
 * column a row is infinite, as far as a loop can reach: the rows that were at its place before
 * began further right, so that nothing has been written there.
 *
 * A row of a matrix is followed by the one before it (mfe_index), which is filled later: what the
 * last vector writes beyond the end of a row is overwritten.
 *
 * Infinity is an ordinary number here, larger than any energy by more than can be taken from it in
 * one step, and C, M and M2 are exactly infinite where they are not finite.
 */
#include "fold/fill_vector_state_template.h"

#include "fold/fill_vector_columns_template.h"
#include "fold/fill_vector_interior_template.h"

#include "fold/fill_vector_closed_template.h"
#include "fold/fill_vector_multi_template.h"

/* Arrays by column that the work area holds. */
enum {
    COLUMN_ARRAYS = 7 + BASE_CODES,
    RING_ROWS = CLOSED_ROWS + 3 * LOOP_ROWS + TWO_THREE_ROWS,
    SIZE_ROWS = LARGEST_SIZE - SMALLEST_SIZE + 1,
    ROW_ARRAYS = 4,
    ALL_ARRAYS = COLUMN_ARRAYS + RING_ROWS + SIZE_ROWS + ROW_ARRAYS
};

/* Elements of an array by column: an odd number of cache lines, so that rows of a ring do not
 * compete for the same places of the cache. */
static size_t row_stride(size_t n)
{
    const size_t line = 64 / sizeof(lane);
    const size_t lines = (FRONT + n + BACK + line - 1) / line;
    return (lines | 1) * line;
}

static size_t vector_work_bytes(size_t n)
{
    return ALL_ARRAYS * row_stride(n) * sizeof(lane) + (2 * n + 1) * sizeof(int32_t);
}

/* The next `rows` arrays of the work area. */
static lane *take(lane **next, size_t stride, int rows)
{
    lane *const taken = *next + FRONT;
    *next += stride * (size_t)rows;
    return taken;
}

static void set_views(fill *f, const dmg_mfe *m, const dmg_byte_tables *tables)
{
    const size_t stride = row_stride((size_t)m->n);
    f->m = m;
    f->tables = tables;
    f->s = m->s;
    f->n = m->n;
    f->stride = stride;
#if LANE_BITS == 16
    f->closed_matrix = m->closed_i16;
    f->multi_matrix = m->multi_i16;
#else
    f->closed_matrix = m->closed;
    f->multi_matrix = m->multi;
#endif
    lane *next = m->work;
    f->left_index = take(&next, stride, 1);
    f->right_index = take(&next, stride, 1);
    f->gap_index = take(&next, stride, 1);
    f->inner_index = take(&next, stride, 1);
    f->second = take(&next, stride, 1);
    f->near_other = take(&next, stride, 1);
    f->hairpin = take(&next, stride, 1);
    for (int a = 0; a < BASE_CODES; a++) f->unpairable[a] = take(&next, stride, 1);
    f->closed = take(&next, stride, CLOSED_ROWS);
    f->bulge = take(&next, stride, LOOP_ROWS);
    f->one_n = take(&next, stride, LOOP_ROWS);
    f->general = take(&next, stride, LOOP_ROWS);
    f->two_three = take(&next, stride, TWO_THREE_ROWS);
    f->sizes = take(&next, stride, SIZE_ROWS);
    f->two_stems = take(&next, stride, 1);
    f->multi = take(&next, stride, 1);
    f->stem = take(&next, stride, 1);
    f->exterior = take(&next, stride, 1);
    f->finite = (int32_t *)(void *)next;
    f->others = f->finite + m->n + 1;
}

static void set_slope(fill *f, int slope)
{
    f->slope = slope;
    for (int k = 0; k < LANES; k++) f->lane_slopes[k] = (lane)(slope * k);
    f->lowest = f->highest = vec_set(0);
}

#include "fold/fill_vector_exterior_template.h"
#if !SLOPED
#include "fold/fill_vector_pairs_template.h"
#endif

/* Before the first row everything is infinite. */
static void fill_infinite(fill *f)
{
    const int total = (int)f->stride;
    lane *const first = f->closed - FRONT;
    for (int k = 0; k < RING_ROWS + SIZE_ROWS + 2; k++)
        set_lanes(first + (size_t)k * f->stride, 0, total, LANE_INFINITE);
}

static void fill_row(fill *f, int i)
{
    f->end = mfe_row_end(f->m, i);
    fill_closed_row(f, i);
    fill_inner_rows(f, i);
    fill_multi_row(f, i);
}

enum { FILLED = -1 };

/* Whether the numbers of row i, which is filled, are what they stand for. */
static bool row_in_range(const fill *f)
{
    if (SLOPED)
        return !vec_less(f->lowest, vec_set(LANE_LOWEST)) &&
               !vec_less(vec_set(LANE_HIGHEST), f->highest);
    /* No energy of a row is lower than that of all its bases. */
    return f->multi[f->end - 1] >= LANE_LOWEST;
}

/* FILLED, or the first row with a number out of range. */
static int fill_rows(dmg_mfe *m, const dmg_byte_tables *tables)
{
    fill f;
    set_views(&f, m, tables);
    if (SLOPED) set_slope(&f, m->slope);
    fill_columns(&f);
    fill_costs(&f);
    fill_infinite(&f);
    f.finite[f.n] = f.n;
    for (int i = f.n - 1; i >= 0; i--) {
        fill_row(&f, i);
        if (!row_in_range(&f)) return i;
    }
    const bool whole = m->span == m->n && m->n > 0;
    return whole && !fill_exterior(m, tables, 0, m->n) ? 0 : FILLED;
}
