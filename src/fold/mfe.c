/* Fill of the minimum-free-energy matrices: for every pair the 496 loops with one inner pair that
 * have at most 30 unpaired bases, and multiloops in little more than O(n^2) by what fill_multi_row
 * says.
 *
 *     C(i,j)  = min( hairpin(i,j),
 *                    C(p,q) + interior(i,j,p,q)      over i < p < q < j, at most 30 bases unpaired,
 *                    M2(i+1,j-1) + closing(i,j) )
 *     M(i,j)  = min( C(i,j) + stem(i,j), M(i,j-1), M(i+1,j), M2(i,j) )
 *     M2(i,j) = min( M(i,k) + M(k+1,j) )             over i < k < j
 *     F(j+1)  = min( F(j), F(i) + C(i,j) + exterior stem(i,j) )    over i < j
 *
 * Rows are filled from the last base to the first; C of a row needs M2 of the row below, so one row
 * of M2 is enough. Infinity is looked for and never added to.
 *
 * This is the plain form that faster ones are tested against. It leaves out pseudoknots, coaxial
 * stacking, and filters of lonely pairs.
 * SPDX-License-Identifier: MIT
 */
#include "fold/mfe.h"

#include <assert.h>

#include "base/alloc.h"

static inline int min(int a, int b)
{
    return a < b ? a : b;
}

static inline int max(int a, int b)
{
    return a > b ? a : b;
}

/* Elements of int32_t in the arrays with one element a base: F has one more, the stack of the
 * traceback two for every fourth base and for one segment besides. */
static size_t count_row_elements(size_t n)
{
    return (n + 1) + (2 + FOLD_INSIDE_ROWS + BASE_CODES) * n + 2 * (n / 4 + 1);
}

size_t dmg_mfe_bytes(size_t n)
{
    return (n * (n + 1) + count_row_elements(n)) * sizeof(int32_t) + n + 2;
}

bool dmg_mfe_reserve(dmg_mfe *m, size_t n)
{
    if (n <= m->capacity) return true;
    dmg_mfe_clear(m);
    m->matrices = dmg_alloc(n * (n + 1), sizeof *m->matrices);
    m->rows = dmg_alloc(count_row_elements(n), sizeof *m->rows);
    m->codes = dmg_alloc(n + 2, sizeof *m->codes);
    if (!m->matrices || !m->rows || !m->codes) {
        dmg_mfe_clear(m);
        return false;
    }
    m->capacity = n;
    return true;
}

void dmg_mfe_clear(dmg_mfe *m)
{
    free(m->matrices);
    free(m->rows);
    free(m->codes);
    *m = (dmg_mfe){0};
}

/* Points the views into the memory, for a strand of n bases. */
static void set_views(dmg_mfe *m, size_t n)
{
    m->n = (int)n;
    m->s = m->codes + 1;
    m->closed = m->matrices;
    m->multi = m->matrices + n * (n + 1) / 2;
    int32_t *next = m->rows;
    m->pending = (dmg_mfe_segment *)(void *)next;
    next += 2 * (n / 4 + 1);
    m->exterior = next;
    next += n + 1;
    m->two_stems = next;
    next += n;
    m->finite = next;
    next += n;
    m->inside = next;
    next += FOLD_INSIDE_ROWS * n;
    for (int a = 0; a < BASE_CODES; a++, next += n) m->partner[a] = next;
}

static void fill_partners(dmg_mfe *m)
{
    for (int a = 0; a < BASE_CODES; a++)
        for (int j = 0, last = -1; j < m->n; j++) {
            if (pair_type(a, m->s[j]) != PAIR_NONE) last = j;
            m->partner[a][j] = last;
        }
}

static void fill_loop_cost(dmg_mfe *m)
{
    for (int n1 = 1; n1 < FOLD_MAX_LOOP; n1++)
        for (int n2 = 1; n1 + n2 <= FOLD_MAX_LOOP; n2++)
            m->loop_cost[n1][FOLD_MAX_LOOP - n2] = interior_size_energy(n1, n2);
}

static int32_t *inside_row(const dmg_mfe *m, int p)
{
    return m->inside + (size_t)(p % FOLD_INSIDE_ROWS) * (size_t)m->n;
}

/* Row p of C with the mismatch that (p, q) forms in a general interior loop around it. */
static void fill_inside_row(dmg_mfe *m, int p)
{
    const uint8_t *const s = m->s;
    const int32_t *const C_p = m->closed + mfe_row(m, p);
    int32_t *const inside = inside_row(m, p);
    for (int q = p; q < m->n; q++) inside[q] = FOLD_INFINITE;
    const int32_t *const partner = m->partner[s[p]];
    for (int q = partner[m->n - 1]; q > p + FOLD_MIN_HAIRPIN; q = partner[q - 1])
        inside[q] =
            C_p[q] + dmg_turner2004.mismatch_interior[pair_type(s[q], s[p])][s[q + 1]][s[p - 1]];
}

/* The longest 3' side for which an interior loop with n1 bases on the 5' side is not a general one
 * but has rules or tables of its own: bulges, 1 x n, 2 x 2 and 2 x 3. */
static int longest_own(int n1)
{
    if (n1 < 2) return FOLD_MAX_LOOP - n1;
    return n1 == 2 ? 3 : n1 == 3 ? 2 : 1;
}

/* Best stack, bulge or interior loop that (i, j) of type t closes. The general loops, most of all,
 * are a sum of three: what lies inside, size and asymmetry, and the mismatch of (i, j), which is
 * the same for all of them. */
static int best_interior(const dmg_mfe *m, int i, int j, int t)
{
    const uint8_t *const s = m->s;
    int32_t best = FOLD_INFINITE, best_general = FOLD_INFINITE;
    const int last_p = min(i + 1 + FOLD_MAX_LOOP, j - 2 - FOLD_MIN_HAIRPIN);
    for (int p = i + 1; p <= last_p; p++) {
        const int n1 = p - i - 1;
        const int first_q = max(p + 1 + FOLD_MIN_HAIRPIN, j - 1 - (FOLD_MAX_LOOP - n1));
        const int first_own = max(first_q, j - 1 - longest_own(n1));

        const int32_t *const C_p = m->closed + mfe_row(m, p);
        const int32_t *const partner = m->partner[s[p]];
        for (int q = partner[j - 1]; q >= first_own; q = partner[q - 1])
            best = min(best, C_p[q] + interior_energy(s, i, j, p, q, t, pair_type(s[q], s[p])));

        const int32_t *const inside = inside_row(m, p) + first_q;
        const int32_t *const cost = m->loop_cost[n1] + FOLD_MAX_LOOP - (j - first_q - 1);
        for (int k = 0; k < first_own - first_q; k++)
            best_general = min(best_general, inside[k] + cost[k]);
    }
    if (best_general < FOLD_INFINITE)
        best = min(best, best_general + dmg_turner2004.mismatch_interior[t][s[i + 1]][s[j - 1]]);
    return best;
}

static int closed_energy(const dmg_mfe *m, int i, int j)
{
    const int t = pair_type(m->s[i], m->s[j]);
    int best = dmg_hairpin_energy(m->s, i, j, t);
    best = min(best, best_interior(m, i, j, t));
    const int32_t two_stems = m->two_stems[j - 1]; /* still of row i + 1 */
    if (two_stems < FOLD_INFINITE)
        best = min(best, two_stems + multi_closing_energy(m->s, i, j, t));
    return best;
}

/* C(i, i..n-1). */
static void fill_closed_row(dmg_mfe *m, int i)
{
    const int n = m->n;
    int32_t *const C_i = m->closed + mfe_row(m, i);
    for (int j = i; j < n; j++) C_i[j] = FOLD_INFINITE;
    const int32_t *const partner = m->partner[m->s[i]];
    for (int j = partner[n - 1]; j > i + FOLD_MIN_HAIRPIN; j = partner[j - 1])
        C_i[j] = closed_energy(m, i, j);
}

/* two_stems[j] = min(two_stems[j], left + M(k, j)) for all j. As an unpaired base costs nothing, a
 * segment that has room for a stem has room for it when it is longer: behind the first finite M(k,
 * j) all are finite. */
static void add_second_stem(dmg_mfe *m, int32_t left, int k)
{
    int32_t *const two_stems = m->two_stems;
    const int32_t *const M_k = m->multi + mfe_row(m, k);
    for (int j = m->finite[k]; j < m->n; j++) two_stems[j] = min(two_stems[j], left + M_k[j]);
}

/* M(i, i..n-1), and M2 from row i + 1 to row i in place.
 *
 * Of the left parts of M2(i, j) only those count that are one stem from i to k and better than
 * everything else M(i, k) could be (Wexler et al. 2007). Any other has an equal that is found
 * without it: if M(i, k) leaves i unpaired, the split stands in M2(i+1, j); if it leaves k
 * unpaired, or is two parts with the border at k', splitting at k - 1 or at k' is as good. */
static void fill_multi_row(dmg_mfe *m, int i)
{
    const int n = m->n;
    const int32_t *const C_i = m->closed + mfe_row(m, i);
    int32_t *const M_i = m->multi + mfe_row(m, i);
    const int first = min(n, i + 1 + FOLD_MIN_HAIRPIN); /* shorter segments hold no stem */
    for (int j = i; j < first; j++) M_i[j] = FOLD_INFINITE;
    m->finite[i] = n;
    for (int j = first; j < n; j++) {
        const int32_t M_below = M(m, i + 1, j), M_before = M_i[j - 1];
        int32_t best = min(m->two_stems[j], min(M_below, M_before));
        if (C_i[j] < FOLD_INFINITE) {
            const int t = pair_type(m->s[i], m->s[j]);
            const int32_t stem = C_i[j] + multi_stem_energy(m->s, i, j, t);
            if (stem < best) {
                best = stem;
                if (j + 1 < n) add_second_stem(m, stem, j + 1);
            }
        }
        M_i[j] = best;
        if (best < FOLD_INFINITE && m->finite[i] == n) m->finite[i] = j;
    }
}

/* F(0..n). F(i) is complete when row i of C is looked at: all pairs that end before i have been. */
static void fill_exterior(dmg_mfe *m)
{
    const int n = m->n;
    int32_t *const F5 = m->exterior;
    for (int j = 0; j <= n; j++) F5[j] = 0;
    for (int i = 0; i < n; i++) {
        if (i > 0) F5[i] = min(F5[i], F5[i - 1]);
        const int32_t *const C_i = m->closed + mfe_row(m, i);
        const int32_t *const partner = m->partner[m->s[i]];
        for (int j = partner[n - 1]; j > i + FOLD_MIN_HAIRPIN; j = partner[j - 1]) {
            const int t = pair_type(m->s[i], m->s[j]);
            F5[j + 1] = min(F5[j + 1], F5[i] + C_i[j] + exterior_stem_energy(m->s, i, j, t, n));
        }
    }
    if (n > 0) F5[n] = min(F5[n], F5[n - 1]);
}

int dmg_mfe_fill(dmg_mfe *m, const char *sequence, size_t n)
{
    assert(n <= m->capacity);
    set_views(m, n);
    dmg_base_codes(m->s, sequence, n);
    fill_partners(m);
    fill_loop_cost(m);
    for (size_t j = 0; j < n; j++) m->two_stems[j] = FOLD_INFINITE;
    for (int i = m->n - 1; i >= 0; i--) {
        fill_closed_row(m, i);
        fill_inside_row(m, i);
        fill_multi_row(m, i);
    }
    fill_exterior(m);
    return F(m, m->n);
}
