/* SPDX-License-Identifier: MIT */
/* Template: what a fill in vectors keeps of a strand, and how rows are found. */
#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "fold/byte_tables.h"
#include "fold/energy.h"
#include "fold/lanes.h"
#include "fold/local_pairs.h"
#include "fold/mfe.h"

/* ENERGY_ZERO stands for an energy of 0, LANE_INFINITE for infinity. Numbers below LANE_LOWEST may
 * have been cut off on the way. LANE_NOTHING leaves the other one as it is in vec_max(). */
#if LANE_BITS == 32
#define ENERGY_ZERO   0
#define LANE_INFINITE FOLD_INFINITE
#define LANE_LOWEST   (-FOLD_INFINITE)
#define LANE_NOTHING  INT32_MIN
#elif SLOPED
#define ENERGY_ZERO   0
#define LANE_INFINITE 26000
#define LANE_LOWEST   (-23000)
#define LANE_NOTHING  INT16_MIN
#else
#define ENERGY_ZERO   24000
#define LANE_INFINITE 30000
#define LANE_LOWEST   (-31500)
#define LANE_NOTHING  INT16_MIN
#endif

/* Where SLOPED: finite numbers above LANE_HIGHEST may have been cut to LANE_CUT, and a few bases
 * more, on the way. */
#define LANE_HIGHEST 23000
#define LANE_CUT     24000

/* The first column of row i, seen from i. */
#define FIRST_COLUMN (1 + FOLD_MIN_HAIRPIN)

/* Rows of a ring, powers of two: loops of any size, the small ones, those of 2 x 3. */
#define LOOP_ROWS      32
#define CLOSED_ROWS    4
#define TWO_THREE_ROWS 8

/* Unpaired bases of the interior loops that larger ones grow out of. */
#define SMALLEST_SIZE 4
#define LARGEST_SIZE  (FOLD_MAX_LOOP - 2)

/* Lanes before column 0 and after the last column. */
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
    int end; /* first column after the present row, mfe_row_end() */
    size_t stride;
    lane *closed_matrix, *multi_matrix; /* those of m */

    /* By column; see fill_vector_columns_template.h. */
    lane *left_index, *right_index, *gap_index, *inner_index;
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

    /* Where SLOPED. */
    int slope;
    vec lane_slopes;     /* 0, slope, 2 slope, ... */
    vec lowest, highest; /* finite numbers so far, lane by lane, and 0 */

    lane bulge_cost[FOLD_MAX_LOOP + 1]; /* by unpaired bases */
    lane one_n_cost[FOLD_MAX_LOOP + 1]; /* by those of the longer side */
    lane size_cost[FOLD_MAX_LOOP + 1];  /* by all of them */
} fill;

/* What the numbers of a segment are raised by when it has so many bases more; nothing but where
 * SLOPED. */
static inline int rise(const fill *f, int bases)
{
    return SLOPED ? f->slope * bases : 0;
}

/* Numbers of segments that have so many bases fewer. */
static inline vec vec_rise(const fill *f, vec numbers, int bases)
{
    return SLOPED ? vec_add(numbers, vec_set(rise(f, bases))) : numbers;
}

/* Row p of a ring. */
static inline lane *ring_row(const fill *f, lane *ring, int p, int rows)
{
    return ring + (size_t)(p & (rows - 1)) * f->stride;
}

/* Notes finite numbers of C or M, those of the lanes where `finite` is -1. */
static inline void note_range(fill *f, vec numbers, vec finite)
{
    f->lowest = vec_min(f->lowest, numbers & finite);
    f->highest = vec_max(f->highest, numbers & finite);
}

/* Writes `value` to [from, to) and, at most, the rest of the last vector. */
static inline void set_lanes(lane *row, int from, int to, int value)
{
    for (int x = from; x < to; x += LANES) vec_store(row + x, vec_set(value));
}
