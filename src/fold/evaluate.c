/* SPDX-License-Identifier: MIT */
/* Free energy and enthalpy of a given structure. */
#include "deepmirgene/fold.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/pair_table.h"
#include "fold/energy.h"
#include "fold/loop_sum.h"
#include "fold/loop_sum_template.h"

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

/* `sum` of the structure. */
static dmg_status evaluate(int *value, int (*sum)(const folded *), const char *sequence,
                           const char *structure, size_t length, dmg_error *err)
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
        if (st == DMG_OK) *value = sum(&f);
    }
    free(codes);
    free(partner);
    return st;
}

dmg_status dmg_fold_evaluate(int *energy, const char *sequence, const char *structure,
                             size_t length, dmg_error *err)
{
    return evaluate(energy, sum_loops, sequence, structure, length, err);
}

dmg_status dmg_fold_enthalpy(int *enthalpy, const char *sequence, const char *structure,
                             size_t length, dmg_error *err)
{
    return evaluate(enthalpy, dmg_loop_sum_enthalpy, sequence, structure, length, err);
}
