/* SPDX-License-Identifier: MIT */
/* Bulges and interior loops, for all columns of a row.
 *
 * Both passes sum over the same loops, from the outer pair inwards or from the inner pair outwards:
 * `way` is 1 or -1, and the other pair of a loop with n1 and n2 unpaired bases is
 * (i + way (1 + n1), j - way (1 + n2)). Loops of at most two bases on either side, which have whole
 * energies, are left to small_loops().
 */
#ifndef DMG_FOLD_PAIRING_LOOPS_TEMPLATE_H
#define DMG_FOLD_PAIRING_LOOPS_TEMPLATE_H

#include "fold/pairing_state_template.h"

/* The ring's row on the other side of n1 unpaired bases. */
static inline const real *other_row(const rows *w, int kind, int i, int way, int n1)
{
    return w->ring[kind][(unsigned)(i + way * (1 + n1)) % RING];
}

/* Bulges of two bases or more, and loops of 1xn with n from 3. */
static void add_one_sided(const rows *w, int i, int way, int from, int to)
{
    const real *bulge[FOLD_MAX_LOOP + 1], *one_n[FOLD_MAX_LOOP + 1];
    for (int k = 0; k <= FOLD_MAX_LOOP; k++) {
        bulge[k] = other_row(w, BULGE, i, way, k) - way;
        one_n[k] = other_row(w, ONE_N, i, way, k) - 2 * way;
    }
    const real *const stem = bulge[0], *const one = one_n[1];
    for (int j = from; j < to; j += LANES) {
        vec left = *vec_of(stem + j - way * 2) * w->bulge[2];
        vec right = *vec_of(bulge[2] + j) * w->bulge[2];
        for (int k = 3; k <= FOLD_MAX_LOOP; k++) {
            left += *vec_of(stem + j - way * k) * w->bulge[k];
            right += *vec_of(bulge[k] + j) * w->bulge[k];
        }
        *vec_at(w->sums[BULGE] + j) = left + right;
        left = *vec_of(one + j - way * 2) * w->one_n[3];
        right = *vec_of(one_n[3] + j) * w->one_n[3];
        for (int k = 4; k < FOLD_MAX_LOOP; k++) {
            left += *vec_of(one + j - way * (k - 1)) * w->one_n[k];
            right += *vec_of(one_n[k] + j) * w->one_n[k];
        }
        *vec_at(w->sums[ONE_N] + j) = left + right;
    }
}

/* 2x3, and all loops with two bases or more on both sides.
 *
 * By number of unpaired bases (Lyngso, Zuker & Pedersen 1999, Bioinformatics 15:440): from one pair
 * (i, j) to the next around the same centre both sides of a loop grow by one and the asymmetry
 * stays, so a size is that of two bases less, and the loops with a side of two. Those of 2x2 and
 * 2x3, which have other energies, count as ancestors only. */
static void add_general(rows *w, int i, int way, int from, int to)
{
    const real *shortest[FOLD_MAX_LOOP + 1];
    for (int k = 2; k <= FOLD_MAX_LOOP; k++)
        shortest[k] = other_row(w, GENERAL, i, way, k) - 3 * way;
    const real *const two = other_row(w, TWO_THREE, i, way, 2) - 4 * way;
    const real *const three = other_row(w, TWO_THREE, i, way, 3) - 3 * way;
    for (int j = from; j < to; j += LANES) {
        const real *const left = shortest[2] + j + 2 * way;
        vec sum = *vec_of(left) * 0;
        for (int size = FOLD_MAX_LOOP; size > 4; size--) {
            vec loops = *vec_of(left - way * (size - 2)) + *vec_of(shortest[size - 2] + j);
            loops = *vec_of(w->sized[size - 2] + i + j) + loops * w->asymmetry[size - 4];
            *vec_at(w->sized[size] + i + j) = loops;
            sum += loops * w->general[size];
        }
        *vec_at(w->sized[4] + i + j) = *vec_of(shortest[2] + j);
        *vec_at(w->sums[GENERAL] + j) = sum;
        *vec_at(w->sums[TWO_THREE] + j) = (*vec_of(two + j) + *vec_of(three + j)) * w->two_three;
    }
}

static void add_loops(rows *w, int i, int way, int from)
{
    const int to = w->p->n;
    add_one_sided(w, i, way, from, to);
    add_general(w, i, way, from, to);
}

/* Puts the pair (i, j), whose sum is x, into the ring; t is its type and a, b are the bases beside
 * it, all as seen from inside the loops that are summed. */
static inline void keep_pair(rows *w, int i, int j, real x, int t, int a, int b)
{
    const dmg_boltzmann *const f = w->p->factors;
    const unsigned k = (unsigned)i % RING;
    w->ring[BULGE][k][j] = x * (real)f->terminal_au[t];
    w->ring[ONE_N][k][j] = x * (real)f->mismatch_interior_1n[t][a][b];
    w->ring[TWO_THREE][k][j] = x * (real)f->mismatch_interior_23[t][a][b];
    w->ring[GENERAL][k][j] = x * (real)f->mismatch_interior[t][a][b];
}

/* The sums of the row, with the part of the pair at their other side. */
static inline real joined_loops(const rows *w, int j, int t, int a, int b)
{
    const dmg_boltzmann *const f = w->p->factors;
    return w->sums[BULGE][j] * (real)f->terminal_au[t] +
           w->sums[ONE_N][j] * (real)f->mismatch_interior_1n[t][a][b] +
           w->sums[TWO_THREE][j] * (real)f->mismatch_interior_23[t][a][b] +
           w->sums[GENERAL][j] * (real)f->mismatch_interior[t][a][b];
}

/* Row i of the ring has no pairs yet. */
static void clear_ring(rows *w, int i)
{
    const int from = i + 1 + FOLD_MIN_HAIRPIN, count = w->p->n - from;
    if (count <= 0) return;
    for (int kind = 0; kind < LOOP_KINDS; kind++)
        memset(w->ring[kind][(unsigned)i % RING] + from, 0, (size_t)count * sizeof(real));
}

#endif
