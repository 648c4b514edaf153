/* SPDX-License-Identifier: MIT */
/* Template: F, from row 0 to the last: F(i) is complete when row i is reached, since all pairs that
 * end before i have been looked at.
 *
 * A pair (i, j) adds to F(j + 1), so F(j + 1) is kept at column j. Where i and j do not pair the
 * sum is F(i) and almost infinity: more than F(i), which F(j + 1) will be at most.
 *
 * Where SLOPED these sums have infinity put in their place, because F(j + 1) may be a larger number
 * than F(i) is, though a lower energy.
 *
 * Of a part of the strand F is that of its bases by themselves: its first base has no neighbour
 * before it and its last base none after it, as the tables have it for the ends of a strand.
 */

static void fill_exterior_rows(const fill *f, int begin, int n)
{
    const uint8_t *const s = f->s + begin;
    const lane *const right_index = f->right_index + begin;
    lane *const F5 = f->exterior; /* F5[j] = F(j + 1) */
    set_lanes(F5, -1, n, ENERGY_ZERO);
    for (int j = 0; SLOPED && j < n; j++)
        F5[j] = (lane)(rise(f, j + 1) < LANE_CUT ? rise(f, j + 1) : LANE_CUT);
    for (int i = 0; i < n; i++) {
        if (i > 0 && F5[i - 2] + rise(f, 1) < F5[i - 1]) F5[i - 1] = (lane)(F5[i - 2] + rise(f, 1));
        const int first = i + FIRST_COLUMN;
        if (first >= n) continue;
        const int8_t *const table = f->tables->exterior_stem[s[i]][i > 0 ? s[i - 1] : BASE_START];
        const lane *const C_i = f->closed_matrix + mfe_index(f->m, begin + i, begin + first);
        const vec_energy before = vec_set_energy(F5[i - 1] - ENERGY_ZERO + rise(f, 1));
        for (int x = first; x < n; x += LANES) {
            const vec C = vec_load(C_i + (x - first));
            const vec stem = vec_add(C, vec_lookup(table, vec_load(right_index + x)));
            vec sum = vec_add_energy(stem, before);
            if (SLOPED) sum = vec_select(sum, vec_set(LANE_INFINITE), C == vec_set(LANE_INFINITE));
            vec_store(F5 + x, vec_min(vec_load(F5 + x), sum));
        }
    }
}

/* False if an energy is out of range. */
static bool fill_exterior(dmg_mfe *m, const dmg_byte_tables *tables, int begin, int n)
{
    fill f;
    set_views(&f, m, tables);
    if (SLOPED) set_slope(&f, m->slope);
    lane *const last = &f.right_index[begin + n - 1], kept = *last;
    *last = lane_index(column_index(column_code(f.s[begin + n - 1]), COLUMN_END));
    fill_exterior_rows(&f, begin, n);
    *last = kept;
    const lane *const F5 = f.exterior;
    int32_t *const out = m->exterior;
    int energy = 0, lowest = ENERGY_ZERO, highest = ENERGY_ZERO;
    out[0] = 0;
    for (int j = 0; j < n; j++) {
        const int at_j = F5[j] - ENERGY_ZERO - rise(&f, j + 1);
        if (at_j < energy) energy = at_j;
        const int number = energy + rise(&f, j + 1) + ENERGY_ZERO;
        if (number < lowest) lowest = number;
        if (number > highest) highest = number;
        out[j + 1] = energy;
    }
    return lowest >= LANE_LOWEST && (!SLOPED || highest <= LANE_HIGHEST);
}
