/* SPDX-License-Identifier: MIT */
/* Template: C of a row: for every column the best of all loops that the pair (i, j) may close. */

/* The tables of row i: a pointer each, so that they are found once. */
typedef struct row_tables {
    const int8_t *hairpin, *interior, *one_n, *two_three, *closing, *stack, *bulge_5, *weak;
    const int8_t *bulge_3, *int_1x1, *int_2x1;
    const byte_table *int_1x2, *int_2x2; /* [4] */
    lane hairpin_3;                      /* of three bases */
    lane hairpin_4, hairpin_6;           /* of four and six, LANE_NOTHING if not special */
} row_tables;

/* Hairpins of three bases have no mismatch, and some of 3, 4 and 6 have energies of their own. */
static void find_special(row_tables *r, const fill *f, int i)
{
    const uint8_t *const s = f->s + i;
    const dmg_fold_params *const P = &dmg_turner2004;
    const int t = pair_type(s[0], s[FIRST_COLUMN]);
    const int of_three = P->hairpin[3] + (t == PAIR_NONE ? 0 : terminal_au(t));
    r->hairpin_3 = (lane)(of_three + rise(f, 4) + ENERGY_ZERO);
    r->hairpin_4 = r->hairpin_6 = LANE_NOTHING;
    for (uint32_t left = f->tables->special_begin[hairpin_key(s, 3)]; left; left &= left - 1) {
        const int k = __builtin_ctz(left), size = P->special[k].size;
        if (i + size + 1 >= f->n || hairpin_key(s, size + 2) != f->tables->special_key[k]) continue;
        const lane energy = (lane)(P->special[k].energy + rise(f, size + 1) + ENERGY_ZERO);
        if (size == 3)
            r->hairpin_3 = energy;
        else if (size == 4)
            r->hairpin_4 = energy;
        else
            r->hairpin_6 = energy;
    }
}

static row_tables tables_of_row(const fill *f, int i)
{
    const dmg_byte_tables *const T = f->tables;
    const int a = f->s[i], x1 = f->s[i + 1], x2 = f->s[i + 2], x3 = f->s[i + 3];
    row_tables r = {.hairpin = T->hairpin[a][x1],
                    .interior = T->interior[a][x1],
                    .one_n = T->one_n[a][x1],
                    .two_three = T->two_three[a][x1],
                    .closing = T->closing[a][x1],
                    .stack = T->stack[a][x1],
                    .bulge_5 = T->bulge_5[a][x2],
                    .weak = T->weak[a],
                    .bulge_3 = T->bulge_3[a][x1],
                    .int_1x1 = T->int_1x1[a][x1][x2],
                    .int_2x1 = T->int_2x1[a][x1][x2][x3],
                    .int_1x2 = T->int_1x2[a][x1][x2],
                    .int_2x2 = T->int_2x2[a][x1][x2][x3]};
    find_special(&r, f, i);
    return r;
}

/* One of four tables by the bits of j and j - 3. */
static inline vec lookup_4(const byte_table tables[4], vec index, vec bit, vec inner_bit)
{
    const vec first =
        vec_select(vec_lookup_raw(tables[0], index), vec_lookup_raw(tables[1], index), inner_bit);
    const vec second =
        vec_select(vec_lookup_raw(tables[2], index), vec_lookup_raw(tables[3], index), inner_bit);
    return vec_scale(vec_select(first, second, bit));
}

/* Interior loops of 1 x 1 to 2 x 2, from tables. */
static inline vec small_loops(const fill *f, const row_tables *r, int i, int x)
{
    const lane *const C_2 = ring_row(f, f->closed, i + 2, CLOSED_ROWS) + x;
    const lane *const C_3 = ring_row(f, f->closed, i + 3, CLOSED_ROWS) + x;
    const vec gap = vec_load(f->gap_index + x), inner = vec_load(f->inner_index + x);
    const vec bit = vec_load(f->second + x), inner_bit = vec_load(f->second + x - 3);
    const vec one_one = vec_add(vec_load(C_2 - 2), vec_lookup(r->int_1x1, gap));
    const vec two_one = vec_add(vec_load(C_3 - 2), vec_lookup(r->int_2x1, gap));
    const vec one_two = vec_add(vec_load(C_2 - 3), lookup_4(r->int_1x2, inner, bit, inner_bit));
    const vec two_two = vec_add(vec_load(C_3 - 3), lookup_4(r->int_2x2, inner, bit, inner_bit));
    vec best = vec_rise(f, one_one, 4);
    best = vec_min(best, vec_rise(f, vec_min(two_one, one_two), 5));
    best = vec_min(best, vec_rise(f, two_two, 6));
    return vec_max(best, vec_load(f->near_other + x));
}

/* C(i, x ..), one vector: the windows and sizes have been looked through. */
static inline vec combine(const fill *f, const row_tables *r, int i, int x, vec bulge, vec one_n,
                          vec general)
{
    const lane *const C_1 = ring_row(f, f->closed, i + 1, CLOSED_ROWS) + x;
    const lane *const C_2 = ring_row(f, f->closed, i + 2, CLOSED_ROWS) + x;
    const vec index = vec_load(f->left_index + x), gap = vec_load(f->gap_index + x);

    vec best = vec_add(vec_load(f->hairpin + x - i - 1), vec_lookup(r->hairpin, index));
    if (x == i + FIRST_COLUMN) {
        best[0] = r->hairpin_3;
        if (r->hairpin_4 != LANE_NOTHING) best[1] = r->hairpin_4;
        if (r->hairpin_6 != LANE_NOTHING) best[3] = r->hairpin_6;
    }
    const vec stack = vec_add(vec_load(C_1 - 1), vec_lookup(r->stack, index));
    const vec bulge_5 = vec_add(vec_load(C_2 - 1), vec_lookup(r->bulge_5, index));
    const vec bulge_3 = vec_add(vec_load(C_1 - 2), vec_lookup(r->bulge_3, gap));
    best = vec_min(best, vec_rise(f, stack, 2));
    best = vec_min(best, vec_rise(f, vec_min(bulge_5, bulge_3), 3));
    best = vec_min(best, small_loops(f, r, i, x));
    best = vec_min(best, vec_add(bulge, vec_lookup(r->weak, index)));
    best = vec_min(best, vec_add(one_n, vec_lookup(r->one_n, index)));
    best = vec_min(best, vec_add(general, vec_lookup(r->interior, index)));

    const lane *const two = ring_row(f, f->two_three, i + 3, TWO_THREE_ROWS) + x - 4;
    const lane *const three = ring_row(f, f->two_three, i + 4, TWO_THREE_ROWS) + x - 3;
    const vec two_three = vec_min(vec_load(two), vec_load(three));
    best = vec_min(best, vec_add(two_three, vec_lookup(r->two_three, index)));

    const vec multi = vec_load(f->two_stems + x - 1); /* still of row i + 1 */
    best = vec_min(best, vec_rise(f, vec_add(multi, vec_lookup(r->closing, index)), 2));
    return vec_max(best, vec_load(f->unpairable[f->s[i]] + x));
}

/* C(i, x ..) of a number of vectors. */
static ALWAYS_INLINE void fill_block(fill *f, const row_tables *r, int i, int x, int blocks)
{
    vec bulge[BLOCK], one_n[BLOCK], general[BLOCK];
    for (int w = 0; w < blocks; w++) bulge[w] = one_n[w] = general[w] = vec_set(LANE_INFINITE);
    const int most = most_unpaired(i, x, blocks);
    window(bulge, f, f->bulge, f->bulge_cost, i, x, blocks, 0, 2, most);
    window(one_n, f, f->one_n, f->one_n_cost, i, x, blocks, 1, 3, most - 1);
    general_loops(general, f, i, x, blocks, most);
    lane *const out = ring_row(f, f->closed, i, CLOSED_ROWS) + x;
    for (int w = 0; w < blocks; w++)
        vec_store(out + w * LANES, combine(f, r, i, x + w * LANES, bulge[w], one_n[w], general[w]));
}

/* The same of fewer than BLOCK vectors. A number known when compiling keeps sums in registers. */
static void fill_short_block(fill *f, const row_tables *r, int i, int x, int blocks)
{
    switch (blocks) {
    case 1: fill_block(f, r, i, x, 1); break;
    case 2: fill_block(f, r, i, x, 2); break;
    case 3: fill_block(f, r, i, x, 3); break;
    case 4: fill_block(f, r, i, x, 4); break;
    case 5: fill_block(f, r, i, x, 5); break;
    case 6: fill_block(f, r, i, x, 6); break;
    case 7: fill_block(f, r, i, x, 7); break;
    default: assert(blocks == 0);
    }
}

/* The columns next to letters that pair with nothing once more, for the loops that small_loops()
 * has left out. */
static void fill_near_others(fill *f, int i)
{
    lane *const C_i = ring_row(f, f->closed, i, CLOSED_ROWS);
    /* Columns beyond this row are beyond all that follow. */
    while (f->other_count > 0 && f->others[f->other_count - 1] >= f->end) f->other_count--;
    for (int k = f->other_count - 1; k >= 0 && f->others[k] >= i + FIRST_COLUMN; k--) {
        const int j = f->others[k], t = pair_type(f->s[i], f->s[j]);
        if (t == PAIR_NONE) continue;
        for (int p = i + 2; p <= i + 3; p++)
            for (int q = j - 2; q >= j - 3 && q > p + FOLD_MIN_HAIRPIN; q--) {
                const int u = pair_type(f->s[q], f->s[p]);
                if (u == PAIR_NONE) continue;
                const lane inner = ring_row(f, f->closed, p, CLOSED_ROWS)[q];
                const lane energy = (lane)(inner + interior_energy(f->s, i, j, p, q, t, u) +
                                           rise(f, p - i + j - q));
                if (energy < C_i[j]) C_i[j] = energy;
            }
    }
}

static void fill_closed_row(fill *f, int i)
{
    const int first = i + FIRST_COLUMN;
    if (first < f->end) {
        const row_tables r = tables_of_row(f, i);
        /* From the right. The first vector, with the shortest segments, has fewest loops and goes
         * by itself. */
        int left = (f->end - first + LANES - 1) / LANES;
        for (; left > BLOCK; left -= BLOCK)
            fill_block(f, &r, i, first + (left - BLOCK) * LANES, BLOCK);
        fill_short_block(f, &r, i, first + LANES, left - 1);
        fill_block(f, &r, i, first, 1);
        fill_near_others(f, i);
    }
}

/* The sums of C(i, j) and what the pair adds to a loop around it; C goes to the matrix on the way.
 */
static void fill_inner_rows(fill *f, int i)
{
    const dmg_byte_tables *const T = f->tables;
    const dmg_fold_params *const P = &dmg_turner2004;
    const int a = f->s[i], before = f->s[i - 1], first = i + FIRST_COLUMN;
    const lane *const C_i = ring_row(f, f->closed, i, CLOSED_ROWS);
    lane *const bulge = ring_row(f, f->bulge, i, LOOP_ROWS);
    lane *const one_n = ring_row(f, f->one_n, i, LOOP_ROWS);
    lane *const general = ring_row(f, f->general, i, LOOP_ROWS);
    lane *const two_three = ring_row(f, f->two_three, i, TWO_THREE_ROWS);
    const vec general_cost = vec_set(P->ninio_max);
    const vec two_three_cost = vec_set(interior_size_energy(2, 3) + rise(f, 2 + 3 + 2));
    lane *const out = f->closed_matrix + mfe_index(f->m, i, i);
    set_lanes(out, 0, FIRST_COLUMN, LANE_INFINITE);
    for (int x = first; x < f->end; x += LANES) {
        const vec C = vec_load(C_i + x), index = vec_load(f->right_index + x);
        if (SLOPED) note_range(f, C, C < vec_set(LANE_INFINITE));
        vec_store(out + (x - i), C);
        vec_store(bulge + x, vec_add(C, vec_lookup(T->weak[a], index)));
        vec_store(one_n + x, vec_add(C, vec_lookup(T->inner_one_n[a][before], index)));
        const vec in_general = vec_add(C, vec_lookup(T->inner_interior[a][before], index));
        vec_store(general + x, vec_add(in_general, general_cost));
        const vec in_two_three = vec_add(C, vec_lookup(T->inner_two_three[a][before], index));
        vec_store(two_three + x, vec_add(in_two_three, two_three_cost));
        const vec stem = vec_add(C, vec_lookup(T->multi_stem[a][before], index));
        vec_store(f->stem + x, vec_max(stem, vec_load(f->unpairable[a] + x)));
    }
}
