/* SPDX-License-Identifier: MIT */
/* The sum over the loops of a structure, each found by the pair that closes it. No recursion: a
 * structure may be as deep as it is long.
 *
 * What is summed depends on FOLD_TABLES (energy.h). */
#ifndef DMG_FOLD_LOOP_SUM_TEMPLATE_H
#define DMG_FOLD_LOOP_SUM_TEMPLATE_H

#include "base/pair_table.h"
#include "fold/energy.h"
#include "fold/loop_sum.h"

/* The sum over the stems that begin in from .. end-1 of a multiloop, or outside of all loops. */
static int sum_stems(const folded *f, size_t from, size_t end, bool exterior)
{
    int energy = 0;
    for (size_t p = dmg_next_pair(f->partner, from, end); p < end;
         p = dmg_next_pair(f->partner, f->partner[p] + 1, end)) {
        const int i = (int)p, j = (int)f->partner[p], t = pair_type(f->s[i], f->s[j]);
        energy +=
            exterior ? exterior_stem_energy(f->s, i, j, t, f->n) : multi_stem_energy(f->s, i, j, t);
    }
    return energy;
}

/* The loop that a pair closes. */
static int loop_term(const folded *f, const dmg_loop *loop)
{
    const int i = (int)loop->i, j = (int)loop->j, p = (int)loop->p, q = (int)loop->q;
    const int t = pair_type(f->s[i], f->s[j]);
    switch (loop->branches) {
    case 0: return hairpin_energy(f->s, i, j, t);
    case 1: return interior_energy(f->s, i, j, p, q, t, pair_type(f->s[q], f->s[p]));
    default: return multi_closing_energy(f->s, i, j, t) + sum_stems(f, loop->p, loop->j, false);
    }
}

static int sum_loops(const folded *f)
{
    const size_t n = (size_t)f->n;
    int energy = sum_stems(f, 0, n, true);
    for (size_t i = 0; i < n; i++) {
        if (f->partner[i] == DMG_UNPAIRED || f->partner[i] < i) continue;
        const dmg_loop loop = dmg_loop_closed_by(f->partner, i);
        energy += loop_term(f, &loop);
    }
    return energy;
}

#endif
