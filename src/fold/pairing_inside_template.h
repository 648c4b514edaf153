/* SPDX-License-Identifier: MIT */
/* From the last base to the first: the sums over the structures of each segment. */
#ifndef DMG_FOLD_PAIRING_INSIDE_TEMPLATE_H
#define DMG_FOLD_PAIRING_INSIDE_TEMPLATE_H

#include "fold/pairing_loops_template.h"

/* (n1, n2) of the loops with whole energies. */
static const int8_t small_sides[][2] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}, {1, 2}, {2, 1}, {2, 2}};
enum { SMALL_LOOPS = sizeof small_sides / sizeof *small_sides };

/* The small loops that (i, j) of type t closes. */
static real small_loops(const rows *w, int i, int j, int t)
{
    const dmg_pairing *const p = w->p;
    real sum = 0;
    for (int k = 0; k < SMALL_LOOPS; k++) {
        const int x = i + 1 + small_sides[k][0], y = j - 1 - small_sides[k][1];
        if (y - x <= FOLD_MIN_HAIRPIN) continue;
        const int u = pair_type(p->s[y], p->s[x]);
        if (u == PAIR_NONE) continue;
        const real factor = (real)loop_factor(p->factors, interior_energy(p->s, i, j, x, y, t, u));
        sum += triangle_row(p, p->closed, x)[y] * factor * w->power[x - i + j - y];
    }
    return sum;
}

static real hairpin(const rows *w, int i, int j, int t)
{
    const dmg_pairing *const p = w->p;
    const int size = j - i - 1;
    if (size <= 6)
        return (real)loop_factor(p->factors, hairpin_energy(p->s, i, j, t)) * w->power[size + 2];
    return w->hairpin[size] * (real)p->factors->mismatch_hairpin[t][p->s[i + 1]][p->s[j - 1]];
}

static real multi_closing(const rows *w, int i, int j, int t)
{
    const dmg_pairing *const p = w->p;
    return (real)(p->factors->multi_closing *
                  p->factors->multi_stem[pair_reversed(t)][p->s[j - 1]][p->s[i + 1]]) *
           w->power[2];
}

static real multi_stem(const dmg_pairing *p, int i, int j, int t)
{
    return (real)p->factors->multi_stem[t][p->s[i - 1]][p->s[j + 1]];
}

/* C(i, j) for all j, and what row i of the rings keeps of it. w->two_stems is that of i + 1. */
static void sum_closed_row(rows *w, int i)
{
    const dmg_pairing *const p = w->p;
    const int a = p->s[i];
    real *const C_i = triangle_row(p, p->closed, i);
    for (int j = i; j < p->n; j++) C_i[j] = 0;
    clear_ring(w, i);
    if (i + 1 + FOLD_MIN_HAIRPIN >= p->n) return;
    add_loops(w, i, 1, i + 1 + FOLD_MIN_HAIRPIN);
    for (int j = next_partner(p, a, i + 1 + FOLD_MIN_HAIRPIN); j < p->n;
         j = next_partner(p, a, j + 1)) {
        const int t = pair_type(a, p->s[j]);
        C_i[j] = hairpin(w, i, j, t) + small_loops(w, i, j, t) +
                 joined_loops(w, j, t, p->s[i + 1], p->s[j - 1]) +
                 w->two_stems[j - 1] * multi_closing(w, i, j, t);
        keep_pair(w, i, j, C_i[j], pair_reversed(t), p->s[j + 1], p->s[i - 1]);
    }
}

/* S(i, j): the stem of a multiloop begins at i, and bases after it are unpaired. Also the exterior
 * sum from i on. */
static void sum_stems_row(rows *w, int i)
{
    const dmg_pairing *const p = w->p;
    const real *const C_i = triangle_row(p, p->closed, i);
    real *const S_i = triangle_row(p, p->stems, i);
    const real base = w->power[1];
    real sum = w->suffix[i + 1] * base, stem = 0;
    for (int j = i; j < p->n; j++) {
        stem *= base;
        if (C_i[j] > 0) {
            const int t = pair_type(p->s[i], p->s[j]);
            stem += C_i[j] * multi_stem(p, i, j, t);
            sum += C_i[j] * (real)exterior_stem_factor(p->factors, p->s, i, j, t, p->n) *
                   w->suffix[j + 1];
        }
        S_i[j] = stem;
    }
    w->suffix[i] = sum;
}

/* M(i, j) = the first stem begins anywhere, or two stems; M2(i, j) = sum of M(i, k - 1) S(k, j). A
 * stem has five bases at least, so four k in a row do not wait for each other. */
static void sum_multi_row(rows *w, int i)
{
    const dmg_pairing *const p = w->p;
    const int n = p->n;
    real *const M_i = triangle_row(p, p->multi, i), *const two = w->two_stems;
    const real *const S_i = triangle_row(p, p->stems, i);
    const int first = i + 1 + FOLD_MIN_HAIRPIN;
    for (int j = i; j < n; j++) {
        two[j] = 0;
        w->branch[j] = S_i[j] + w->branch[j] * w->power[1];
        M_i[j] = w->branch[j];
    }
    for (int k = first + 1; k + FOLD_MIN_HAIRPIN + 1 < n; k += 4) {
        real m[4] = {0};
        const real *S[4];
        for (int x = 0; x < 4; x++) {
            const bool within = k + x < n;
            S[x] = triangle_row(p, p->stems, within ? k + x : k);
            if (!within) continue;
            M_i[k + x - 1] = w->branch[k + x - 1] + two[k + x - 1];
            m[x] = M_i[k + x - 1];
        }
        for (int j = k + 1 + FOLD_MIN_HAIRPIN; j < n; j += LANES) {
            vec sum = *vec_of(S[0] + j) * m[0] + *vec_of(S[1] + j) * m[1];
            sum += *vec_of(S[2] + j) * m[2] + *vec_of(S[3] + j) * m[3];
            *vec_at(two + j) += sum;
        }
    }
    for (int j = first; j < n; j++) M_i[j] = w->branch[j] + two[j];
}

static void sum_inside(rows *w)
{
    const int n = w->p->n;
    w->suffix[n] = 1;
    for (int i = n - 1; i >= 0; i--) {
        sum_closed_row(w, i);
        sum_stems_row(w, i);
        sum_multi_row(w, i);
    }
}

#endif
