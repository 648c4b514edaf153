/* SPDX-License-Identifier: MIT */
/* Free energy of a given structure: the sum over its loops, each found by the pair that closes it.
 * No recursion: a structure may be as deep as it is long. */
#include "deepmirgene/fold.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/pair_table.h"
#include "fold/energy.h"

/* A strand and its structure. */
typedef struct folded {
    const uint8_t *s; /* codes, [-1 .. n] */
    const size_t *partner;
    int n;
} folded;

static dmg_status check_pairs(const folded *f, const char *sequence, dmg_error *err)
{
    for (int i = 0; i < f->n; i++) {
        if (f->partner[i] == DMG_UNPAIRED || f->partner[i] < (size_t)i) continue;
        const int j = (int)f->partner[i];
        if (pair_type(f->s[i], f->s[j]) == PAIR_NONE)
            return dmg_error_set(err, DMG_RANGE, "structure: %c and %c at positions %d and %d %s",
                                 sequence[i], sequence[j], i + 1, j + 1, "cannot pair");
        if (j - i <= FOLD_MIN_HAIRPIN)
            return dmg_error_set(
                err, DMG_RANGE,
                "structure: the pair of positions %d and %d spans fewer than %d bases", i + 1,
                j + 1, FOLD_MIN_HAIRPIN);
    }
    return DMG_OK;
}

/* The sum over the stems that begin in from .. end-1 of a multiloop, or outside of all loops. */
static int stems_energy(const folded *f, size_t from, size_t end, bool exterior)
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
static int loop_energy(const folded *f, const dmg_loop *loop)
{
    const int i = (int)loop->i, j = (int)loop->j, p = (int)loop->p, q = (int)loop->q;
    const int t = pair_type(f->s[i], f->s[j]);
    switch (loop->branches) {
    case 0: return dmg_hairpin_energy(f->s, i, j, t);
    case 1: return interior_energy(f->s, i, j, p, q, t, pair_type(f->s[q], f->s[p]));
    default: return multi_closing_energy(f->s, i, j, t) + stems_energy(f, loop->p, loop->j, false);
    }
}

static int structure_energy(const folded *f)
{
    const size_t n = (size_t)f->n;
    int energy = stems_energy(f, 0, n, true);
    for (size_t i = 0; i < n; i++) {
        if (f->partner[i] == DMG_UNPAIRED || f->partner[i] < i) continue;
        const dmg_loop loop = dmg_loop_closed_by(f->partner, i);
        energy += loop_energy(f, &loop);
    }
    return energy;
}

dmg_status dmg_fold_evaluate(int *energy, const char *sequence, const char *structure,
                             size_t length, dmg_error *err)
{
    if (length > DMG_FOLD_MAX_LENGTH)
        return dmg_error_set(err, DMG_RANGE,
                             "a structure of %zu nucleotides: at most %d are evaluated", length,
                             DMG_FOLD_MAX_LENGTH);
    uint8_t *const codes = dmg_alloc(length + 2, sizeof *codes);
    size_t *const partner = dmg_alloc(length, sizeof *partner);
    dmg_status st = DMG_OK;
    if (!codes || !partner) st = dmg_error_nomem(err, "the evaluation of a structure");
    if (st == DMG_OK) st = dmg_pair_table(partner, structure, length, err);
    if (st == DMG_OK) {
        const folded f = {codes + 1, partner, (int)length};
        dmg_base_codes(codes + 1, sequence, length);
        st = check_pairs(&f, sequence, err);
        if (st == DMG_OK) *energy = structure_energy(&f);
    }
    free(codes);
    free(partner);
    return st;
}
