/* M and M2 of a row.
 *
 * Before row i is looked at, f->multi and f->two_stems hold M(i + 1, j) and M2(i + 1, j): what row
 * i has if i is unpaired. Something better begins with a stem from i to some k. If that stem is not
 * better than what M(i, k) has without it, nothing that begins with it is better than what begins
 * without it (fill_scalar.c says why), so only the few stems that are have to be followed. Columns
 * go from left to right: M(i, k) is final when k is reached.
 *
 * M(i, j) never rises with j, as an unpaired base costs nothing. It is thus enough to look for the
 * stem, and for two parts that begin with it.
 * SPDX-License-Identifier: MIT
 */

/* Follows the stem from i to k of that energy (plus ENERGY_ZERO): alone in i .. j for all j >= k,
 * and with another part of the multiloop behind it. M(k + 1, j) is finite from some j on: infinity
 * is never added to. */
static void add_stem(fill *f, int stem, int k)
{
    const int n = f->n, from = f->finite[k + 1];
    const vec alone = vec_set(stem);
    for (int x = k; x < from; x += LANES)
        vec_store(f->multi + x, vec_min(vec_load(f->multi + x), alone));
    if (from == n) return;
    const lane *const M_k = f->multi_matrix + mfe_index(f->m, k + 1, from);
    const vec_energy energy = vec_set_energy(stem - ENERGY_ZERO);
    for (int x = from; x < n; x += LANES) {
        const vec two = vec_add_energy(vec_load(M_k + (x - from)), energy);
        vec_store(f->two_stems + x, vec_min(vec_load(f->two_stems + x), two));
        const vec best = vec_min(two, alone);
        vec_store(f->multi + x, vec_min(vec_load(f->multi + x), best));
    }
}

static void fill_multi_row(fill *f, int i)
{
    f->finite[i] = f->finite[i + 1];
    for (int x = i + FIRST_COLUMN; x < f->n; x += LANES) {
        const vec stem = vec_load(f->stem + x);
        for (;;) {
            const unsigned better = vec_less(stem, vec_load(f->multi + x));
            if (!better) break;
            const int k = x + first_lane(better);
            if (k < f->finite[i]) f->finite[i] = k;
            add_stem(f, f->stem[k], k);
        }
    }
}
