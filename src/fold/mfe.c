/* SPDX-License-Identifier: MIT */
/* What all engines share: the working memory, and what is set before a fill. */
#include "fold/mfe.h"

#include <assert.h>

#include "base/alloc.h"

/* Points the views by base into the arena. */
static void place_rows(dmg_mfe *m, const dmg_mfe_engine *engine, dmg_arena *arena, size_t n)
{
    m->pending = dmg_arena_take(arena, n / 4 + 1, sizeof *m->pending);
    m->row = dmg_arena_take(arena, n, sizeof *m->row);
    m->exterior = dmg_arena_take(arena, n + 1, sizeof *m->exterior);
    for (int a = 0; a < BASE_CODES; a++)
        m->partner[a] = dmg_arena_take(arena, n + 1, sizeof *m->partner[a]);
    m->work = dmg_arena_take(arena, engine->work_bytes(n), 1);
}

static dmg_arena measure_rows(const dmg_mfe_engine *engine, size_t n)
{
    dmg_mfe views;
    dmg_arena arena = {0};
    place_rows(&views, engine, &arena, n);
    return arena;
}

/* Elements of C or M: a triangle, below rows of `span` elements. */
static size_t elements(size_t n, size_t span)
{
    const size_t side = span < n ? span : n;
    return side * (side + 1) / 2 + (n - side) * side + FOLD_MATRIX_SLACK;
}

static size_t matrices_bytes(const dmg_mfe_engine *engine, size_t n, size_t span)
{
    return 2 * elements(n, span) * engine->element;
}

size_t dmg_mfe_bytes(const dmg_mfe_engine *engine, size_t n, size_t span)
{
    return matrices_bytes(engine, n, span) + measure_rows(engine, n).used + n + 2;
}

size_t dmg_mfe_held(const dmg_mfe *m)
{
    return m->matrices_bytes + m->rows.size + m->codes_bytes;
}

/* Makes a block of at least `needed` bytes of *block, without its content. */
static bool reserve_block(void **block, size_t *bytes, size_t needed)
{
    if (needed <= *bytes) return true;
    free(*block);
    *block = dmg_alloc(needed, 1);
    *bytes = *block ? needed : 0;
    return *block != NULL;
}

bool dmg_mfe_reserve(dmg_mfe *m, const dmg_mfe_engine *engine, size_t n, size_t span)
{
    void *codes = m->codes;
    const dmg_arena rows = measure_rows(engine, n);
    const bool done =
        reserve_block(&m->matrices, &m->matrices_bytes, matrices_bytes(engine, n, span)) &&
        dmg_arena_reserve(&m->rows, &rows) && reserve_block(&codes, &m->codes_bytes, n + 2);
    m->codes = codes;
    if (!done) dmg_mfe_clear(m);
    return done;
}

void dmg_mfe_clear(dmg_mfe *m)
{
    free(m->matrices);
    dmg_arena_clear(&m->rows);
    free(m->codes);
    *m = (dmg_mfe){0};
}

/* Points the views into the memory, for a strand of n bases. */
static void set_views(dmg_mfe *m, const dmg_mfe_engine *engine, size_t n, size_t span)
{
    const bool i16 = engine->element == sizeof(int16_t);
    m->n = (int)n;
    m->span = (int)(span < n ? span : n);
    m->zero = engine->zero;
    m->infinite = engine->infinite;
    m->slope = 0;
    m->s = m->codes + 1;
    m->closed_i16 = i16 ? m->matrices : NULL;
    m->multi_i16 = i16 ? m->closed_i16 + elements(n, span) : NULL;
    m->closed = i16 ? NULL : m->matrices;
    m->multi = i16 ? NULL : m->closed + elements(n, span);
    m->rows.used = 0;
    place_rows(m, engine, &m->rows, n);
}

static void fill_index(dmg_mfe *m)
{
    size_t next = 0;
    for (int i = m->n - 1; i >= 0; i--) {
        m->row[i] = next;
        next += (size_t)(mfe_row_end(m, i) - i);
    }
}

static void fill_partners(dmg_mfe *m)
{
    int last[BASE_CODES];
    for (int a = 0; a < BASE_CODES; a++) last[a] = -1;
    for (int j = 0; j < m->n; j++) {
        const int b = m->s[j];
        for (int a = 0; a < BASE_CODES; a++) {
            last[a] = pair_type(a, b) == PAIR_NONE ? last[a] : j;
            m->partner[a][j] = last[a];
        }
    }
}

/* Fitted by eye to random sequences of 3,000 bases with 20 to 80 % of G and C; genomes are within 5
 * but for inverted repeats. */
int dmg_mfe_expected_slope(const dmg_mfe *m)
{
    int strong = 0;
    for (int j = 0; j < m->n; j++) strong += m->s[j] == BASE_G || m->s[j] == BASE_C;
    const double part = m->n > 0 ? (double)strong / m->n : 0;
    return (int)(14 - 7 * part + 86 * part * part);
}

bool dmg_mfe_fill(dmg_mfe *m, const dmg_mfe_engine *engine, const struct dmg_byte_tables *tables,
                  const char *sequence, size_t n, size_t span)
{
    assert(dmg_mfe_bytes(engine, n, span) <= dmg_mfe_held(m));
    set_views(m, engine, n, span);
    fill_index(m);
    dmg_base_codes(m->s, sequence, n);
    fill_partners(m);
    m->exterior[0] = 0;
    m->engine = engine;
    m->tables = tables;
    return engine->fill(m, tables);
}

/* A pair that is not below 0 would be no better than unpaired bases. */
static bool pays(int32_t closed, int32_t stem)
{
    return closed < FOLD_INFINITE && closed + stem < 0;
}

/* F(i) is complete when row i of C is looked at: all pairs that end before i have been. */
void dmg_mfe_fill_exterior_scalar(dmg_mfe *m, int first, int n)
{
    assert(n <= m->span);
    const uint8_t *const s = m->s + first;
    int32_t *const F5 = m->exterior;
    for (int j = 0; j <= n; j++) F5[j] = 0;
    for (int i = 0; i < n; i++) {
        if (i > 0 && F5[i - 1] < F5[i]) F5[i] = F5[i - 1];
        for (int j = last_partner(m, s[i], first + n - 1) - first; j > i + FOLD_MIN_HAIRPIN;
             j = last_partner(m, s[i], first + j - 1) - first) {
            const int32_t closed = C(m, first + i, first + j);
            const int32_t stem = exterior_stem_energy(s, i, j, pair_type(s[i], s[j]), n);
            if (pays(closed, stem) && F5[i] + closed + stem < F5[j + 1])
                F5[j + 1] = F5[i] + closed + stem;
        }
    }
    if (n > 0 && F5[n - 1] < F5[n]) F5[n] = F5[n - 1];
}

void dmg_mfe_fill_exterior(dmg_mfe *m, int first, int n)
{
    assert(n <= m->span);
    if (n == 0 || !m->engine->fill_exterior(m, m->tables, first, n))
        dmg_mfe_fill_exterior_scalar(m, first, n);
}
