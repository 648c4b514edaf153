/* SPDX-License-Identifier: MIT */
/* Template: what depends on the column alone: indices of the byte tables, and masks.
 *
 * The tables have no place for other letters than A, C, G and U between the pairs of a small loop
 * (gap_index, inner_index). Columns next to such a letter are left out of these loops, and
 * fill_near_others() sees to them one by one; a strand of four letters does not notice.
 */

/* Code of s[j], of its end for j = n. */
static inline int code_at(const fill *f, int j)
{
    return j < f->n ? column_code(f->s[j]) : COLUMN_END;
}

/* The lanes of column j. `c` are the codes of bases j - 3 to j + 1. */
static void fill_column(fill *f, int j, const int c[5])
{
    f->left_index[j] = lane_index(column_index(c[3], c[2]));
    f->right_index[j] = lane_index(column_index(c[3], c[4]));
    f->gap_index[j] = lane_index(gap_index(c[3], c[2], c[1]));
    f->inner_index[j] = lane_index(inner_index(c[2], c[1]));
    f->second[j] = column_bit(c[3]) ? -1 : 0;
    for (int a = 0; a < BASE_CODES; a++)
        f->unpairable[a][j] =
            pair_type(a, f->s[j]) == PAIR_NONE ? LANE_INFINITE : (lane)LANE_NOTHING;
    const bool near = c[1] == COLUMN_N || c[2] == COLUMN_N;
    f->near_other[j] = near ? LANE_INFINITE : (lane)LANE_NOTHING;
    if (near) f->others[f->other_count++] = j;
}

static void fill_columns(fill *f)
{
    const int n = f->n;
    f->other_count = 0;
    int c[5] = {COLUMN_A, COLUMN_A, COLUMN_A, COLUMN_A, code_at(f, 0)};
    for (int j = 0; j < n; j++) {
        memmove(c, c + 1, 4 * sizeof *c);
        c[4] = code_at(f, j + 1);
        fill_column(f, j, c);
    }
    for (int size = 0; size < n; size++) {
        const int energy = size < HAIRPIN_SIZES ? f->tables->hairpin_size[size]
                                                : loop_size_energy(dmg_turner2004.hairpin, size);
        const int number = energy + rise(f, size + 1) + ENERGY_ZERO;
        f->hairpin[size] = (lane)(SLOPED && number > LANE_CUT ? LANE_CUT : number);
    }
    /* Behind the end nothing pairs. */
    lane *const arrays[] = {f->left_index, f->right_index, f->gap_index, f->inner_index, f->second};
    for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++) set_lanes(arrays[k], n, n + 1, 0);
    set_lanes(f->hairpin, n, n + 1, ENERGY_ZERO);
    set_lanes(f->near_other, n, n + 1, LANE_NOTHING);
    for (int a = 0; a < BASE_CODES; a++) set_lanes(f->unpairable[a], n, n + 1, LANE_INFINITE);
}
