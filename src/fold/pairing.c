/* SPDX-License-Identifier: MIT */
/* What the engines of the partition function share: memory, and what is set before they run. */
#include "fold/pairing.h"

#include <math.h>

/* RNAfold's guess at the free energy of the ensemble, from the lowest: sums are kept near 1. */
#define ENSEMBLE_OVER_MINIMUM 1.07

static void place_strand(dmg_pairing *p, dmg_arena *arena, size_t n)
{
    for (int a = 0; a < BASE_CODES; a++)
        p->next[a] = dmg_arena_take(arena, n + 1, sizeof *p->next[a]);
    p->row = dmg_arena_take(arena, n, sizeof *p->row);
    p->s = dmg_arena_take(arena, n + 2, sizeof *p->s);
    if (p->s) p->s++;
}

static void place_triangles(dmg_pairing *p, dmg_arena *arena, size_t n, size_t element)
{
    const size_t count = n * (n + 1) / 2 + PAIRING_SLACK;
    p->closed = dmg_arena_take(arena, count, element);
    p->multi = dmg_arena_take(arena, count, element);
    p->stems = dmg_arena_take(arena, count, element);
}

void dmg_pairing_clear(dmg_pairing *p)
{
    dmg_arena_clear(&p->triangles);
    dmg_arena_clear(&p->rows);
    dmg_arena_clear(&p->strand);
    *p = (dmg_pairing){0};
}

size_t dmg_pairing_held(const dmg_pairing *p)
{
    return p->triangles.size + p->rows.size + p->strand.size;
}

size_t dmg_pairing_bytes(size_t n)
{
    dmg_pairing views;
    dmg_arena measured = {0};
    place_triangles(&views, &measured, n, sizeof(double));
    return measured.used;
}

static bool reserve_strand(dmg_pairing *p)
{
    dmg_arena measured = {0};
    place_strand(p, &measured, (size_t)p->n);
    if (!dmg_arena_reserve(&p->strand, &measured)) return false;
    place_strand(p, &p->strand, (size_t)p->n);
    return true;
}

static bool reserve_triangles(dmg_pairing *p, const dmg_pairing_engine *engine)
{
    dmg_arena measured = {0};
    place_triangles(p, &measured, (size_t)p->n, engine->element);
    if (!dmg_arena_reserve(&p->triangles, &measured)) return false;
    place_triangles(p, &p->triangles, (size_t)p->n, engine->element);
    return true;
}

static void set_strand(dmg_pairing *p, const char *sequence)
{
    const int n = p->n;
    size_t index = 0;
    dmg_base_codes(p->s, sequence, (size_t)n);
    for (int i = n - 1; i >= 0; i--) {
        p->row[i] = index;
        index += (size_t)(n - i);
    }
    for (int a = 0; a < BASE_CODES; a++) {
        p->next[a][n] = n;
        for (int j = n - 1; j >= 0; j--)
            p->next[a][j] = pair_type(a, p->s[j]) == PAIR_NONE ? p->next[a][j + 1] : j;
    }
}

dmg_pairing_outcome dmg_pairing_run(dmg_pairing *p, const dmg_pairing_engine *engine,
                                    const dmg_boltzmann *factors, const char *sequence, size_t n,
                                    int energy)
{
    p->n = (int)n;
    p->factors = factors;
    p->base_factor = n == 0 ? 1 : exp(ENSEMBLE_OVER_MINIMUM * energy / (FOLD_KT * (double)n));
    if (!reserve_strand(p)) return PAIRING_NO_MEMORY;
    set_strand(p, sequence);
    const dmg_pairing_engine *const engines[] = {engine, &dmg_pairing_long};
    for (int k = 0; k < 2; k++) {
        if (!engines[k]->reserve_rows(p) || !reserve_triangles(p, engines[k]))
            return PAIRING_NO_MEMORY;
        if (engines[k]->run(p, true)) return PAIRING_DONE;
    }
    return PAIRING_OUT_OF_RANGE;
}
