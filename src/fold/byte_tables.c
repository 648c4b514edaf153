/* SPDX-License-Identifier: MIT */
/* Byte tables from the parameters: every entry is a call of the function that the plain engine
 * calls, on a short strand that has the bases in question at their places.
 */
#include "fold/byte_tables.h"

#include "fold/energy.h"

/* Base of a column code. */
static const uint8_t bases[COLUMN_CODES] = {
    [COLUMN_A] = BASE_A, [COLUMN_G] = BASE_G, [COLUMN_C] = BASE_C,
    [COLUMN_U] = BASE_U, [COLUMN_N] = BASE_N, [COLUMN_END] = BASE_N};

/* The base opposite to `base` that has this bit, BASE_N if none. */
static int partner_of(int base, int bit)
{
    for (int code = 0; code < COLUMN_N; code++)
        if (column_bit(code) == bit && pair_type(base, bases[code]) != PAIR_NONE)
            return bases[code];
    return BASE_N;
}

/* Writes an entry, and notes in *exact if it cannot be written. */
static void put(int8_t *entry, int energy, bool *exact)
{
    if (energy % BYTE_UNIT || energy / BYTE_UNIT < INT8_MIN || energy / BYTE_UNIT > INT8_MAX)
        *exact = false;
    else
        *entry = (int8_t)(energy / BYTE_UNIT);
}

/* Tables of the pair (a, b) with neighbour `after` of a and `before` of b, inside the loop. */
static void put_closing_pair(dmg_byte_tables *T, int a, int after, int bit, int before, bool *exact)
{
    const dmg_fold_params *const P = &dmg_turner2004;
    const int b = partner_of(a, bit);
    const int t = pair_type(a, b);
    if (t == PAIR_NONE) return;
    const int x = bit << 3 | before, y = bases[before];
    const uint8_t s[] = {BASE_N, (uint8_t)a, (uint8_t)after, (uint8_t)y, (uint8_t)b, BASE_N};
    put(&T->hairpin[a][after][x], P->mismatch_hairpin[t][after][y], exact);
    put(&T->interior[a][after][x], P->mismatch_interior[t][after][y], exact);
    put(&T->one_n[a][after][x], P->mismatch_interior_1n[t][after][y], exact);
    put(&T->two_three[a][after][x], P->mismatch_interior_23[t][after][y], exact);
    put(&T->closing[a][after][x], multi_closing_energy(s, 1, 4, t), exact);
    /* The inner pair (after, y) of a stack or bulge. */
    const int u = pair_type(y, after);
    if (u == PAIR_NONE) return;
    put(&T->stack[a][after][x], P->stack[t][u], exact);
    put(&T->bulge_5[a][after][x], bulge_energy(1, t, u), exact);
}

/* Tables of the pair (a, b) with neighbours `before` and `after`, outside of it. */
static void put_inner_pair(dmg_byte_tables *T, int a, int before, int bit, int after, bool *exact)
{
    const dmg_fold_params *const P = &dmg_turner2004;
    const int b = partner_of(a, bit);
    const int t = pair_type(a, b);
    if (t == PAIR_NONE) return;
    const int u = pair_reversed(t), x = bit << 3 | after, y = bases[after];
    const bool start = before == BASE_START, end = after == COLUMN_END;
    const uint8_t s[] = {(uint8_t)(start ? BASE_N : before), (uint8_t)a, (uint8_t)b, (uint8_t)y};
    put(&T->weak[a][x], terminal_au(t), exact);
    /* The same strand without its first or last base. */
    put(&T->exterior_stem[a][before][x],
        exterior_stem_energy(s + start, 1 - start, 2 - start, t, (end ? 3 : 4) - start), exact);
    if (start) return;
    put(&T->inner_interior[a][before][x], P->mismatch_interior[u][y][before], exact);
    put(&T->inner_one_n[a][before][x], P->mismatch_interior_1n[u][y][before], exact);
    put(&T->inner_two_three[a][before][x], P->mismatch_interior_23[u][y][before], exact);
    put(&T->multi_stem[a][before][x], multi_stem_energy(s, 1, 2, t), exact);
}

static void put_pairs(dmg_byte_tables *T, bool *exact)
{
    for (int a = BASE_A; a < BASE_CODES; a++)
        for (int bit = 0; bit < 2; bit++)
            for (int column = 0; column < COLUMN_CODES; column++) {
                for (int after = 0; column < COLUMN_END && after < BASE_CODES; after++)
                    put_closing_pair(T, a, after, bit, column, exact);
                for (int before = 0; before < BASE_BEFORE; before++)
                    put_inner_pair(T, a, before, bit, column, exact);
            }
}

/* A loop that has a table of its own: outer pair (a, b), inner pair (p, q); after a come `x1` and,
 * if there are two, `x2`, before b come `y1` and, further off, `y2`. */
typedef struct small_loop {
    int a, x1, x2, p;
    int b, y1, y2, q;
} small_loop;

/* Energy with n1 and n2 unpaired bases on the two sides. */
static int small_loop_energy(const small_loop *l, int n1, int n2)
{
    uint8_t s[16] = {0};
    const int i = 1, p = i + n1 + 1, q = p + 4, j = q + n2 + 1;
    s[i] = (uint8_t)l->a;
    s[i + 1] = (uint8_t)l->x1;
    if (n1 == 2) s[i + 2] = (uint8_t)l->x2;
    s[j] = (uint8_t)l->b;
    if (n2 > 0) s[j - 1] = (uint8_t)l->y1;
    if (n2 == 2) s[j - 2] = (uint8_t)l->y2;
    s[p] = (uint8_t)l->p;
    s[q] = (uint8_t)l->q;
    return interior_energy(s, i, j, p, q, pair_type(l->a, l->b), pair_type(l->q, l->p));
}

/* All small loops of the pairs (a, b) and (p, q), which the two bits stand for. */
static void put_loops_of(dmg_byte_tables *T, int a, int p, int bit, int inner_bit, bool *exact)
{
    small_loop l = {.a = a, .b = partner_of(a, bit), .p = p, .q = partner_of(p, inner_bit)};
    if (l.b == BASE_N || l.q == BASE_N) return;
    for (int c1 = 0; c1 < COLUMN_N; c1++) {
        const int gap = bit << 3 | inner_bit << 2 | c1;
        l.y1 = bases[c1];
        put(&T->bulge_3[a][p][gap], small_loop_energy(&l, 0, 1), exact);
        for (l.x1 = 0; l.x1 < BASE_CODES; l.x1++) {
            put(&T->int_1x1[a][l.x1][p][gap], small_loop_energy(&l, 1, 1), exact);
            for (l.x2 = 0; l.x2 < BASE_CODES; l.x2++)
                put(&T->int_2x1[a][l.x1][l.x2][p][gap], small_loop_energy(&l, 2, 1), exact);
            for (int c2 = 0; c2 < COLUMN_N; c2++) {
                const int k = bit << 1 | inner_bit, x = inner_index(c1, c2);
                l.y2 = bases[c2];
                put(&T->int_1x2[a][l.x1][p][k][x], small_loop_energy(&l, 1, 2), exact);
                for (l.x2 = 0; l.x2 < BASE_CODES; l.x2++)
                    put(&T->int_2x2[a][l.x1][l.x2][p][k][x], small_loop_energy(&l, 2, 2), exact);
            }
        }
    }
}

static void put_hairpins(dmg_byte_tables *T)
{
    const dmg_fold_params *const P = &dmg_turner2004;
    for (int k = 0; k < FOLD_SPECIAL_HAIRPINS; k++) {
        uint8_t s[sizeof P->special[k].letters + 2];
        const int length = P->special[k].size + 2;
        dmg_base_codes(s + 1, P->special[k].letters, (size_t)length);
        T->special_key[k] = hairpin_key(s + 1, length);
        T->special_begin[hairpin_key(s + 1, 3)] |= UINT32_C(1) << k;
    }
    for (int size = FOLD_MIN_HAIRPIN; size < HAIRPIN_SIZES; size++)
        T->hairpin_size[size] = (int16_t)loop_size_energy(P->hairpin, size);
}

bool dmg_byte_tables_init(dmg_byte_tables *tables)
{
    bool exact = true;
    *tables = (dmg_byte_tables){0};
    put_pairs(tables, &exact);
    put_hairpins(tables);
    for (int a = BASE_A; a < BASE_CODES; a++)
        for (int p = BASE_A; p < BASE_CODES; p++)
            for (int bits = 0; bits < 4; bits++)
                put_loops_of(tables, a, p, bits >> 1, bits & 1, &exact);
    return exact;
}
