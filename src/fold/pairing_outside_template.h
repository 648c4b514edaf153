/* SPDX-License-Identifier: MIT */
/* From the first base to the last: D(i, j), the derivative by C(i, j) of the sum over all
 * structures, which is divided by that sum. C(i, j) D(i, j) is the probability of the pair.
 *
 * A row that is done is not needed inside, so the probabilities take the place of C, and the
 * derivatives by M2 that of S.
 */
#ifndef DMG_FOLD_PAIRING_OUTSIDE_TEMPLATE_H
#define DMG_FOLD_PAIRING_OUTSIDE_TEMPLATE_H

#include "fold/pairing_inside_template.h"

/* The rows as the pass expects them. */
static void clear_outside(rows *w)
{
    const size_t n = (size_t)w->p->n;
    for (int kind = 0; kind < LOOP_KINDS; kind++)
        for (int k = 0; k < RING; k++) memset(w->ring[kind][k], 0, n * sizeof(real));
    for (int size = 0; size <= FOLD_MAX_LOOP; size++)
        memset(w->sized[size], 0, (2 * n + MARGIN) * sizeof(real));
    memset(w->two_stems, 0, (n + MARGIN) * sizeof(real));
    memset(w->branch, 0, n * sizeof(real));
    w->prefix[0] = 1 / w->suffix[0];
}

/* The small loops around (i, j) of which u is the type of (j, i). */
static real small_loops_around(const rows *w, int i, int j, int u)
{
    const dmg_pairing *const p = w->p;
    real sum = 0;
    for (int k = 0; k < SMALL_LOOPS; k++) {
        const int x = i - 1 - small_sides[k][0], y = j + 1 + small_sides[k][1];
        if (x < 0 || y >= p->n) continue;
        const int t = pair_type(p->s[x], p->s[y]);
        if (t == PAIR_NONE) continue;
        const real factor = (real)loop_factor(p->factors, interior_energy(p->s, x, y, i, j, t, u));
        sum += w->outer[x % OUTER][y] * factor * w->power[i - x + y - j];
    }
    return sum;
}

/* The derivatives by M(i, j), which w->branch collects, and by M2(i, j), which hold them and what
 * w->two_stems has of pairs (i - 1, j + 1). A stem has five bases at least, so four columns in a
 * row do not wait for each other. */
static void derive_multi_row(rows *w, int i)
{
    const dmg_pairing *const p = w->p;
    const int n = p->n;
    real *const two = w->two_stems;
    for (int last = n - 1; last > i + FOLD_MIN_HAIRPIN; last -= 4) {
        vec sums[4];
        const real *S[4];
        for (int x = 0; x < 4; x++) {
            const int k = last + 1 - x;
            S[x] = triangle_row(p, p->stems, k < n ? k : n - 1);
            sums[x] = *vec_of(two) * 0;
        }
        for (int j = last + 2; j < n; j += LANES)
            for (int x = 0; x < 4; x++) sums[x] += *vec_of(two + j) * *vec_of(S[x] + j);
        for (int x = 0; x < 4 && last - x > i + FOLD_MIN_HAIRPIN; x++) {
            const real sum = VEC_SUM(sums[x]);
            two[last - x] += sum;
            w->branch[last - x] = sum + w->branch[last - x] * w->power[1];
        }
    }
    real *const kept = triangle_row(p, p->stems, i);
    for (int j = i; j < n; j++) kept[j] = two[j];
}

/* The derivatives by S(i, j) as second stem: of all M2(h, j) with M(h, i - 1) before it. */
static void derive_second_stems(rows *w, int i)
{
    const dmg_pairing *const p = w->p;
    const int n = p->n, from = i + 1 + FOLD_MIN_HAIRPIN;
    for (int j = from; j < n; j++) w->stem[j] = w->branch[j];
    for (int h = 1; h + FOLD_MIN_HAIRPIN + 1 < i; h += 4) {
        real m[4] = {0};
        const real *two[4];
        for (int x = 0; x < 4; x++) {
            two[x] = triangle_row(p, p->stems, h + x < i ? h + x : h);
            if (h + x < i) m[x] = triangle_row(p, p->multi, h + x)[i - 1];
        }
        for (int j = from; j < n; j += LANES) {
            vec sum = *vec_of(two[0] + j) * m[0] + *vec_of(two[1] + j) * m[1];
            sum += *vec_of(two[2] + j) * m[2] + *vec_of(two[3] + j) * m[3];
            *vec_at(w->stem + j) += sum;
        }
    }
    real after = 0;
    for (int j = n - 1; j >= from; j--) after = w->stem[j] += after * w->power[1];
}

/* D(i, j) for all j, and what later rows need of it; the probabilities take the place of C. */
static bool derive_closed_row(rows *w, int i)
{
    const dmg_pairing *const p = w->p;
    const int n = p->n, a = p->s[i], from = i + 1 + FOLD_MIN_HAIRPIN;
    real *const C_i = triangle_row(p, p->closed, i), *const D_i = w->outer[i % OUTER];
    bool sound = true;
    clear_ring(w, i);
    for (int j = i; j < n; j++) D_i[j] = w->two_stems_next[j] = 0;
    if (from >= n) return true;
    add_loops(w, i, -1, from);
    for (int j = next_partner(p, a, from); j < n; j = next_partner(p, a, j + 1)) {
        const int t = pair_type(a, p->s[j]), u = pair_reversed(t);
        const real outside =
            w->prefix[i] * (real)exterior_stem_factor(p->factors, p->s, i, j, t, n);
        w->prefix[j + 1] += outside * C_i[j];
        D_i[j] = outside * w->suffix[j + 1] + small_loops_around(w, i, j, u) +
                 joined_loops(w, j, u, p->s[j + 1], p->s[i - 1]) +
                 w->stem[j] * multi_stem(p, i, j, t);
        keep_pair(w, i, j, D_i[j], t, p->s[i + 1], p->s[j - 1]);
        w->two_stems_next[j - 1] = D_i[j] * multi_closing(w, i, j, t);
        C_i[j] *= D_i[j];
        sound = sound && C_i[j] < 1 + (real)1e-6;
    }
    return sound;
}

static bool derive_outside(rows *w)
{
    const int n = w->p->n;
    bool sound = true;
    clear_outside(w);
    for (int i = 0; i < n && sound; i++) {
        if (i > 0) w->prefix[i] += w->prefix[i - 1] * w->power[1];
        derive_multi_row(w, i);
        derive_second_stems(w, i);
        sound = derive_closed_row(w, i);
        real *const done = w->two_stems;
        w->two_stems = w->two_stems_next;
        w->two_stems_next = done;
    }
    return sound;
}

#endif
