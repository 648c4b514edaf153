/* SPDX-License-Identifier: MIT */
/* Rows of numbers beside the triangles of dmg_pairing, for the file that defines the type `real`
 * and LANES, how many of them a `vec` has. A vec is never passed to a function: where the compiler
 * has no such vectors, it has no rule for that either.
 */
#ifndef DMG_FOLD_PAIRING_STATE_TEMPLATE_H
#define DMG_FOLD_PAIRING_STATE_TEMPLATE_H

#include <float.h>
#include <math.h>
#include <string.h>

#include "fold/pairing.h"

#if LANES > 1
typedef real vec
    __attribute__((vector_size(LANES * sizeof(real)), aligned(sizeof(real)), may_alias));
#else
typedef real vec;
#endif

/* Columns of a row before the first base and after the last one: they hold 0, and are as many as a
 * loop has unpaired bases and vectors reach too far. */
enum { MARGIN = 48 };

/* Rows of inner or outer pairs that are within reach: FOLD_MAX_LOOP + 1, and the present one. */
enum { RING = 32 };

/* Rows of outer pairs that a small loop may have: with two bases, and the present one. */
enum { OUTER = 4 };

/* What a loop is summed by: each pair times its own part of a bulge, of a loop of 1xn, of 2x3, of
 * any other. */
enum { BULGE, ONE_N, TWO_THREE, GENERAL, LOOP_KINDS };

typedef struct rows {
    const dmg_pairing *p;
    real *ring[LOOP_KINDS][RING];     /* [n] of base i at i % RING */
    real *sums[LOOP_KINDS];           /* [n] over the loops of a row; see add_loops() */
    real *sized[FOLD_MAX_LOOP + 1];   /* [2 n] by i + j: general loops by size */
    real *two_stems, *two_stems_next; /* [n] rows of the multiloop sums */
    real *branch, *stem;              /* [n] likewise */
    real *outer[OUTER];               /* [n] derivatives by the pairs of base i at i % OUTER */
    real *suffix, *prefix;            /* [n + 1] sums over the bases from i on, and before i */
    real *power;                      /* [n + 1] base_factor to the k */
    real *hairpin;                    /* [n] by size, with the base factors */
    real bulge[FOLD_MAX_LOOP + 1];    /* factors by size, with those of the bases */
    real one_n[FOLD_MAX_LOOP + 1];    /* by the longer side */
    real general[FOLD_MAX_LOOP + 1];
    real asymmetry[FOLD_MAX_LOOP + 1]; /* by the difference of the sides */
    real two_three;
} rows;

static real *take_row(dmg_arena *arena, size_t columns)
{
    real *const row = dmg_arena_take(arena, columns + 2 * MARGIN, sizeof(real));
    return row ? row + MARGIN : NULL;
}

static void place_rows(rows *w, dmg_arena *arena, size_t n)
{
    for (int kind = 0; kind < LOOP_KINDS; kind++) {
        for (int k = 0; k < RING; k++) w->ring[kind][k] = take_row(arena, n);
        w->sums[kind] = take_row(arena, n);
    }
    for (int size = 0; size <= FOLD_MAX_LOOP; size++) w->sized[size] = take_row(arena, 2 * n);
    w->two_stems = take_row(arena, n);
    w->two_stems_next = take_row(arena, n);
    w->branch = take_row(arena, n);
    w->stem = take_row(arena, n);
    for (int k = 0; k < OUTER; k++) w->outer[k] = take_row(arena, n);
    w->suffix = take_row(arena, n + 1);
    w->prefix = take_row(arena, n + 1);
    w->power = take_row(arena, n + 1);
    w->hairpin = take_row(arena, n);
}

static bool reserve_rows(dmg_pairing *p)
{
    rows views;
    dmg_arena measured = {0};
    place_rows(&views, &measured, (size_t)p->n);
    return dmg_arena_reserve(&p->rows, &measured);
}

/* All rows 0, as both passes expect them. */
static void clear_rows(const dmg_pairing *p)
{
    memset(p->rows.memory, 0, p->rows.used);
}

/* Factors by size. A loop of k unpaired bases brings those of its outer pair too. */
static void fill_sizes(rows *w)
{
    const dmg_fold_params *const P = &dmg_turner2004;
    const double base = w->p->base_factor;
    for (int k = 0; k <= FOLD_MAX_LOOP; k++) {
        const double bases = pow(base, k + 2);
        const int skew = k * P->ninio < P->ninio_max ? k * P->ninio : P->ninio_max;
        w->asymmetry[k] = (real)dmg_boltzmann_factor(skew);
        w->bulge[k] = k > 1 ? (real)(bases * dmg_boltzmann_factor(P->bulge[k])) : 0;
        w->general[k] = k > 5 ? (real)(bases * dmg_boltzmann_factor(P->interior[k])) : 0;
        w->one_n[k] = 0;
        if (k > 2 && k < FOLD_MAX_LOOP)
            w->one_n[k] = (real)(bases * base * dmg_boltzmann_factor(interior_size_energy(1, k)));
    }
    w->two_three = (real)(pow(base, 7) * dmg_boltzmann_factor(interior_size_energy(2, 3)));
}

static void start_rows(rows *w, dmg_pairing *p)
{
    *w = (rows){.p = p};
    p->rows.used = 0;
    place_rows(w, &p->rows, (size_t)p->n);
    clear_rows(p);
    fill_sizes(w);
    w->power[0] = 1;
    for (int k = 1; k <= p->n; k++) w->power[k] = w->power[k - 1] * (real)p->base_factor;
    for (int size = FOLD_MIN_HAIRPIN; size + 2 <= p->n; size++)
        w->hairpin[size] = (real)dmg_hairpin_size_factor(size) * w->power[size + 2];
}

/* Row i of a triangle, to be indexed by j. */
static inline real *triangle_row(const dmg_pairing *p, void *triangle, int i)
{
    return (real *)triangle + p->row[i] - i;
}

static inline vec *vec_at(real *p)
{
    return (vec *)(void *)p;
}

static inline const vec *vec_of(const real *p)
{
    return (const vec *)(const void *)p;
}

#endif
