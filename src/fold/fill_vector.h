/* SPDX-License-Identifier: MIT */
/* The fill in vectors: the recursions of fill_scalar.c for LANES columns of a row at once.
 *
 * Included once for every width of lanes; the parts stand in files of their own:
 *
 *     fill_vector_columns.h    what depends on the column alone
 *     fill_vector_interior.h   bulges and interior loops without tables: windows, size recursion
 *     fill_vector_closed.h     C(i, j): all that (i, j) may close; C with what lies around it added
 *     fill_vector_multi.h      M(i, j) and M2(i, j) by the few stems that are worth a look
 *     fill_vector_exterior.h   F(j)
 *
 * Rows are filled from the last base to the first. Row i begins at column i + 1 + FOLD_MIN_HAIRPIN,
 * the first that can pair, and ends with the vector that has its last column in it, which is that
 * of the strand, or of the longest segment in local folding: lanes behind it hold numbers of no
 * meaning, which do no harm because nothing flows to columns further left.
 * Interior loops look no more than 31 rows down; these rows are kept in rings. Left of its first
 * column a row is infinite, as far as a loop can reach: the rows that were at its place before
 * began further right, so that nothing has been written there.
 *
 * A row of a matrix is followed by the one before it (mfe_index), which is filled later: what the
 * last vector writes behind the end of a row is overwritten.
 *
 * Infinity is an ordinary number here, larger than any energy by more than can be taken from it in
 * one step, and C, M and M2 are exactly infinite where they are not finite.
 */
#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "fold/byte_tables.h"
#include "fold/energy.h"
#include "fold/lanes_avx2.h"
#include "fold/mfe.h"

#if LANE_BITS == 16
#define ENERGY_ZERO   FOLD_NARROW_ZERO     /* stands for an energy of 0 */
#define LANE_INFINITE FOLD_NARROW_INFINITE /* stands for infinity */
#define LANE_LOWEST   (-31500)             /* lower numbers may have been cut off on the way */
#define LANE_NOTHING  INT16_MIN            /* leaves the other one as it is in vec_max() */
#else
#define ENERGY_ZERO   0
#define LANE_INFINITE FOLD_INFINITE
#define LANE_LOWEST   (-FOLD_INFINITE)
#define LANE_NOTHING  INT32_MIN
#endif

/* The first column of row i, seen from i. */
#define FIRST_COLUMN (1 + FOLD_MIN_HAIRPIN)

/* Rows of a ring, powers of two: loops of any size, the small ones, those of 2 x 3. */
#define LOOP_ROWS      32
#define CLOSED_ROWS    4
#define TWO_THREE_ROWS 8

/* Unpaired bases of the interior loops that larger ones grow out of. */
#define SMALLEST_SIZE 4
#define LARGEST_SIZE  (FOLD_MAX_LOOP - 2)

/* Lanes in front of column 0 and behind the last column. */
#define FRONT 32
#define BACK  16

/* Vectors of a row that are computed together. */
#define BLOCK 8

#define ALWAYS_INLINE inline __attribute__((always_inline))

/* A strand that is being filled. Arrays by column have `stride` elements, of which [-FRONT] to
 * [n + BACK - 1] may be looked at. */
typedef struct fill {
    const dmg_mfe *m;
    const dmg_byte_tables *tables;
    const uint8_t *s;
    int n;
    int end; /* first column behind the present row, mfe_row_end() */
    size_t stride;
    lane *closed_matrix, *multi_matrix; /* those of m */

    /* By column; see fill_vector_columns.h. */
    lane *inside_index, *outside_index, *gap_index, *inner_index;
    lane *second;
    lane *unpairable[BASE_CODES];
    lane *near_other;
    lane *hairpin; /* by number of unpaired bases: energy without mismatch, plus ENERGY_ZERO */

    /* Rings: C, and C with what it adds to the loop around it. */
    lane *closed;    /* [CLOSED_ROWS] C(p, q) alone */
    lane *bulge;     /* [LOOP_ROWS] with the penalty of a weak pair */
    lane *one_n;     /* [LOOP_ROWS] with the mismatch in a loop of 1 x n */
    lane *general;   /* [LOOP_ROWS] with that in a general loop, and the largest asymmetry */
    lane *two_three; /* [TWO_THREE_ROWS] with that in a loop of 2 x 3 */

    lane *sizes;     /* [SIZE_ROWS] see grow_sizes() */
    lane *two_stems; /* M2 of the present row */
    lane *multi;     /* M of the present row */
    lane *stem;      /* C of the present row with what the pair costs as a stem in a multiloop */
    lane *exterior;  /* F(j) at j - 1 */

    int32_t *finite; /* [n + 1] smallest j for which M(i, j) is finite, n if none */
    int32_t *others; /* [n] columns for which near_other is infinite, ascending */
    int other_count;

    lane bulge_cost[FOLD_MAX_LOOP + 1]; /* by unpaired bases */
    lane one_n_cost[FOLD_MAX_LOOP + 1]; /* by those of the longer side */
    lane size_cost[FOLD_MAX_LOOP + 1];  /* by all of them */
} fill;

/* Row p of a ring. */
static inline lane *ring_row(const fill *f, lane *ring, int p, int rows)
{
    return ring + (size_t)(p & (rows - 1)) * f->stride;
}

/* Writes `value` to [from, to) and, at most, the rest of the last vector. */
static inline void set_lanes(lane *row, int from, int to, int value)
{
    for (int x = from; x < to; x += LANES) vec_store(row + x, vec_set(value));
}

#include "fold/fill_vector_columns.h"
#include "fold/fill_vector_interior.h"

#include "fold/fill_vector_closed.h"
#include "fold/fill_vector_exterior.h"
#include "fold/fill_vector_multi.h"

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

static size_t work_bytes(size_t n)
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
    f->closed_matrix = m->narrow_closed;
    f->multi_matrix = m->narrow_multi;
#else
    f->closed_matrix = m->closed;
    f->multi_matrix = m->multi;
#endif
    lane *next = m->work;
    f->inside_index = take(&next, stride, 1);
    f->outside_index = take(&next, stride, 1);
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
    fill_inside_rows(f, i);
    fill_multi_row(f, i);
}

static bool fill_all(dmg_mfe *m, const dmg_byte_tables *tables)
{
    fill f;
    set_views(&f, m, tables);
    fill_columns(&f);
    fill_costs(&f);
    fill_infinite(&f);
    f.finite[f.n] = f.n;
    for (int i = f.n - 1; i >= 0; i--) {
        fill_row(&f, i);
        /* No energy of a row is lower than that of all its bases. */
        if (f.multi[f.end - 1] < LANE_LOWEST) return false;
    }
    return m->span < m->n || fill_exterior(&f);
}
