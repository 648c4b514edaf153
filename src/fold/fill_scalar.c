/* SPDX-License-Identifier: MIT */
/* The plain fill of the minimum-free-energy matrices: for every pair the 496 loops with one inner
 * pair that have at most 30 unpaired bases, and multiloops in little more than O(n^2) by what
 * fill_multi_row says.
 *
 *     C(i,j)  = min( hairpin(i,j),
 *                    C(p,q) + interior(i,j,p,q)      over i < p < q < j, at most 30 bases unpaired,
 *                    M2(i+1,j-1) + closing(i,j) )
 *     M(i,j)  = min( C(i,j) + stem(i,j), M(i,j-1), M(i+1,j), M2(i,j) )
 *     M2(i,j) = min( M(i,k) + M(k+1,j) )             over i < k < j
 *     F(j+1)  = min( F(j), F(i) + C(i,j) + exterior stem(i,j) )    over i < j
 *
 * In local folding only segments i..j of at most `span` bases are looked at, which need no others;
 * F is then left out. Rows are filled from the last base to the first; C of a row needs M2 of the
 * row below, so one row of M2 is enough. Infinity is looked for and never added to.
 *
 * Two accelerations are in it: general interior loops as a sum (best_interior), and multiloops by
 * the stems that are worth it (fill_multi_row). tests/unit/test_fold_specification.c compares it
 * with the recursions as they are above; the faster engines are tested against it. It leaves out
 * pseudoknots, coaxial stacking, and filters of lonely pairs.
 */
#include "fold/local_pairs.h"
#include "fold/mfe.h"

/* Rows below the present one that its loops reach, and one more to make a power of two. */
#define INNER_ROWS 32

/* Size and asymmetry of an interior loop by the general rule, [n1][FOLD_MAX_LOOP - n2]. */
typedef int32_t cost_table[FOLD_MAX_LOOP + 1][FOLD_MAX_LOOP + 1];

/* A strand that is being filled, and what only the fill needs. */
typedef struct fill {
    const dmg_mfe *m;
    int n;
    const uint8_t *s;
    int32_t *two_stems; /* [n] M2 of the present row */
    int32_t *inner;     /* [INNER_ROWS][n] see fill_inner_row() */
    int32_t *finite;    /* [n] smallest j for which M(i, j) is finite, n if none */
    cost_table *loop_cost;
} fill;

static inline int min(int a, int b)
{
    return a < b ? a : b;
}

static inline int max(int a, int b)
{
    return a > b ? a : b;
}

static size_t scalar_work_bytes(size_t n)
{
    return sizeof(cost_table) + (2 + INNER_ROWS) * n * sizeof(int32_t);
}

static fill start(const dmg_mfe *m)
{
    const size_t n = (size_t)m->n;
    int32_t *const rows = m->work;
    return (fill){.m = m,
                  .n = m->n,
                  .s = m->s,
                  .two_stems = rows,
                  .finite = rows + n,
                  .inner = rows + 2 * n,
                  .loop_cost = (cost_table *)(void *)(rows + (2 + INNER_ROWS) * n)};
}

/* Row i of a matrix from (i, i) on. */
static inline int32_t *row_of(const fill *f, int32_t *matrix, int i)
{
    return matrix + mfe_index(f->m, i, i);
}

static void fill_loop_cost(fill *f)
{
    for (int n1 = 1; n1 < FOLD_MAX_LOOP; n1++)
        for (int n2 = 1; n1 + n2 <= FOLD_MAX_LOOP; n2++)
            (*f->loop_cost)[n1][FOLD_MAX_LOOP - n2] = interior_size_energy(n1, n2);
}

static int32_t *inner_row(const fill *f, int p)
{
    return f->inner + (size_t)(p % INNER_ROWS) * (size_t)f->n;
}

/* Row p of C with the mismatch that (p, q) forms in a general interior loop around it. */
static void fill_inner_row(fill *f, int p)
{
    const uint8_t *const s = f->s;
    const int32_t *const C_p = row_of(f, f->m->closed, p);
    int32_t *const inner = inner_row(f, p);
    const int end = mfe_row_end(f->m, p);
    for (int q = p; q < end; q++) inner[q] = FOLD_INFINITE;
    const int32_t *const partner = f->m->partner[s[p]];
    for (int q = partner[end - 1]; q > p + FOLD_MIN_HAIRPIN; q = partner[q - 1])
        inner[q] = C_p[q - p] +
                   dmg_turner2004.mismatch_interior[pair_type(s[q], s[p])][s[q + 1]][s[p - 1]];
}

/* The longest 3' side for which an interior loop with n1 bases on the 5' side is not a general one
 * but has rules or tables of its own: bulges, 1 x n, 2 x 2 and 2 x 3. */
static int longest_own(int n1)
{
    if (n1 < 2) return FOLD_MAX_LOOP - n1;
    return n1 == 2 ? 3 : n1 == 3 ? 2 : 1;
}

/* Best stack, bulge or interior loop that (i, j) of type t closes. The general loops, most of all,
 * are a sum of three: what lies inner, size and asymmetry, and the mismatch of (i, j), which is
 * the same for all of them. */
static int best_interior(const fill *f, int i, int j, int t)
{
    const uint8_t *const s = f->s;
    int32_t best = FOLD_INFINITE, best_general = FOLD_INFINITE;
    const int last_p = min(i + 1 + FOLD_MAX_LOOP, j - 2 - FOLD_MIN_HAIRPIN);
    for (int p = i + 1; p <= last_p; p++) {
        const int n1 = p - i - 1;
        const int first_q = max(p + 1 + FOLD_MIN_HAIRPIN, j - 1 - (FOLD_MAX_LOOP - n1));
        const int first_own = max(first_q, j - 1 - longest_own(n1));

        const int32_t *const C_p = row_of(f, f->m->closed, p);
        const int32_t *const partner = f->m->partner[s[p]];
        for (int q = partner[j - 1]; q >= first_own; q = partner[q - 1])
            best = min(best, C_p[q - p] + interior_energy(s, i, j, p, q, t, pair_type(s[q], s[p])));

        const int32_t *const inner = inner_row(f, p) + first_q;
        const int32_t *const cost = (*f->loop_cost)[n1] + FOLD_MAX_LOOP - (j - first_q - 1);
        for (int k = 0; k < first_own - first_q; k++)
            best_general = min(best_general, inner[k] + cost[k]);
    }
    if (best_general < FOLD_INFINITE)
        best = min(best, best_general + dmg_turner2004.mismatch_interior[t][s[i + 1]][s[j - 1]]);
    return best;
}

static int closed_energy(const fill *f, int i, int j)
{
    const int t = pair_type(f->s[i], f->s[j]);
    int best = hairpin_energy(f->s, i, j, t);
    best = min(best, best_interior(f, i, j, t));
    const int32_t two_stems = f->two_stems[j - 1]; /* still of row i + 1 */
    if (two_stems < FOLD_INFINITE)
        best = min(best, two_stems + multi_closing_energy(f->s, i, j, t));
    return best;
}

/* C(i, i..). */
static void fill_closed_row(fill *f, int i)
{
    const int end = mfe_row_end(f->m, i);
    int32_t *const C_i = row_of(f, f->m->closed, i);
    for (int j = i; j < end; j++) C_i[j - i] = FOLD_INFINITE;
    const int32_t *const partner = f->m->partner[f->s[i]];
    for (int j = partner[end - 1]; j > i + FOLD_MIN_HAIRPIN; j = partner[j - 1])
        C_i[j - i] = closed_energy(f, i, j);
}

/* two_stems[j] = min(two_stems[j], left + M(k, j)) for all j < end. As an unpaired base costs
 * nothing, a segment that has room for a stem has room for it when it is longer: after the first
 * finite M(k, j) all are finite. */
static void add_second_stem(fill *f, int32_t left, int k, int end)
{
    int32_t *const two_stems = f->two_stems;
    const int32_t *const M_k = row_of(f, f->m->multi, k);
    for (int j = f->finite[k]; j < end; j++) two_stems[j] = min(two_stems[j], left + M_k[j - k]);
}

/* M(i, i..), and M2 from row i + 1 to row i in place.
 *
 * Of the left parts of M2(i, j) only those count that are one stem from i to k and better than
 * everything else M(i, k) could be (Wexler et al. 2007). Any other has an equal that is found
 * without it: if M(i, k) leaves i unpaired, the split is in M2(i+1, j); if it leaves k
 * unpaired, or is two parts with the border at k', splitting at k - 1 or at k' is as good. */
static void fill_multi_row(fill *f, int i)
{
    const int end = mfe_row_end(f->m, i);
    const int32_t *const C_i = row_of(f, f->m->closed, i);
    int32_t *const M_i = row_of(f, f->m->multi, i);
    const int first = min(end, i + 1 + FOLD_MIN_HAIRPIN); /* shorter segments hold no stem */
    for (int j = i; j < first; j++) M_i[j - i] = FOLD_INFINITE;
    f->finite[i] = f->n;
    for (int j = first; j < end; j++) {
        const int32_t M_below = M(f->m, i + 1, j), M_before = M_i[j - 1 - i];
        int32_t best = min(f->two_stems[j], min(M_below, M_before));
        if (C_i[j - i] < FOLD_INFINITE) {
            const int t = pair_type(f->s[i], f->s[j]);
            const int32_t stem = C_i[j - i] + multi_stem_energy(f->s, i, j, t);
            if (stem < best) {
                best = stem;
                if (j + 1 < end) add_second_stem(f, stem, j + 1, end);
            }
        }
        M_i[j - i] = best;
        if (best < FOLD_INFINITE && f->finite[i] == f->n) f->finite[i] = j;
    }
}

static bool fill_all(dmg_mfe *m, const struct dmg_byte_tables *tables)
{
    (void)tables;
    fill f = start(m);
    fill_loop_cost(&f);
    for (int j = 0; j < f.n; j++) f.two_stems[j] = FOLD_INFINITE;
    for (int i = f.n - 1; i >= 0; i--) {
        fill_closed_row(&f, i);
        fill_inner_row(&f, i);
        fill_multi_row(&f, i);
    }
    if (m->span == m->n) dmg_mfe_fill_exterior_scalar(m, 0, m->n);
    return true;
}

static bool fill_exterior(dmg_mfe *m, const struct dmg_byte_tables *tables, int first, int n)
{
    (void)tables;
    dmg_mfe_fill_exterior_scalar(m, first, n);
    return true;
}

const dmg_mfe_engine dmg_mfe_scalar = {.name = "scalar",
                                       .element = sizeof(int32_t),
                                       .work_bytes = scalar_work_bytes,
                                       .fill = fill_all,
                                       .fill_exterior = fill_exterior,
                                       .find_optimal = dmg_local_pairs_optimal_scalar};
