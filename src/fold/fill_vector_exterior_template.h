/* SPDX-License-Identifier: MIT */
/* Template: F, from row 0 to the last: F(i) is complete when row i is reached, since all pairs that
 * end before i have been looked at.
 *
 * A pair (i, j) adds to F(j + 1), so F(j + 1) is kept at column j. Where i and j do not pair the
 * sum is F(i) and almost infinity: more than F(i), which F(j + 1) will be at most.
 */

/* False if an energy is too low. F never rises, so that its last value tells. */
static bool fill_exterior(fill *f)
{
    const int n = f->n;
    lane *const F5 = f->exterior; /* F5[j] = F(j + 1) */
    set_lanes(F5, -1, n, ENERGY_ZERO);
    for (int i = 0; i < n; i++) {
        if (i > 0 && F5[i - 2] < F5[i - 1]) F5[i - 1] = F5[i - 2];
        const int a = f->s[i], first = i + FIRST_COLUMN;
        if (first >= n) continue;
        const int8_t *const table = f->tables->exterior_stem[a][i > 0 ? f->s[i - 1] : BASE_START];
        const lane *const C_i = f->closed_matrix + mfe_index(f->m, i, first);
        const vec_energy before = vec_set_energy(F5[i - 1] - ENERGY_ZERO);
        for (int x = first; x < n; x += LANES) {
            const vec C = vec_load(C_i + (x - first));
            const vec stem = vec_add(C, vec_lookup(table, vec_load(f->right_index + x)));
            vec_store(F5 + x, vec_min(vec_load(F5 + x), vec_add_energy(stem, before)));
        }
    }
    int32_t *const out = f->m->exterior;
    out[0] = 0;
    for (int j = 0; j < n; j++) {
        if (F5[j - 1] < F5[j]) F5[j] = F5[j - 1];
        out[j + 1] = F5[j] - ENERGY_ZERO;
    }
    return n == 0 || F5[n - 1] >= LANE_LOWEST;
}
