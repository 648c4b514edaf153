/* SPDX-License-Identifier: MIT */
/* Free energy of a given structure: the sum over its loops, each found by the pair that closes it.
 *
 * The loop of a pair is walked from its 5' to its 3' base, with a jump over every inner pair; all
 * loops together are walked once. No recursion: a structure may be as deep as it is long.
 */
#include "deepmirgene/fold.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "fold/energy.h"

#define UNPAIRED (-1)

/* partner[0 .. n) of each base, or UNPAIRED. Open brackets are chained through `partner` itself
 * until they are closed. */
static dmg_status read_structure(int32_t *partner, const char *structure, int n, dmg_error *err)
{
    int32_t open = UNPAIRED;
    for (int i = 0; i < n; i++) {
        partner[i] = UNPAIRED;
        if (structure[i] == '(') {
            partner[i] = open;
            open = i;
        } else if (structure[i] == ')') {
            if (open == UNPAIRED)
                return dmg_error_set(err, DMG_FORMAT,
                                     "structure: ')' at position %d closes no bracket", i + 1);
            const int32_t outer = partner[open];
            partner[open] = i;
            partner[i] = open;
            open = outer;
        } else if (structure[i] != '.') {
            return dmg_error_set(err, DMG_FORMAT,
                                 "structure: '%c' at position %d, expected '(', '.' or ')'",
                                 structure[i], i + 1);
        }
    }
    if (open != UNPAIRED)
        return dmg_error_set(err, DMG_FORMAT, "structure: '(' at position %d is never closed",
                             open + 1);
    return DMG_OK;
}

static dmg_status check_pairs(const uint8_t *s, const int32_t *partner, int n, const char *sequence,
                              dmg_error *err)
{
    for (int i = 0; i < n; i++) {
        const int j = partner[i];
        if (j < i) continue;
        if (pair_type(s[i], s[j]) == PAIR_NONE)
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

/* First pair that opens in i..end-1, or end. */
static int next_pair(const int32_t *partner, int i, int end)
{
    while (i < end && partner[i] == UNPAIRED) i++;
    return i;
}

static int exterior_loop_energy(const uint8_t *s, const int32_t *partner, int n)
{
    int energy = 0;
    for (int i = next_pair(partner, 0, n); i < n; i = next_pair(partner, partner[i] + 1, n))
        energy += exterior_stem_energy(s, i, partner[i], pair_type(s[i], s[partner[i]]), n);
    return energy;
}

/* The loop that (i, j) closes. */
static int loop_energy(const uint8_t *s, const int32_t *partner, int i, int j)
{
    const int t = pair_type(s[i], s[j]);
    const int p = next_pair(partner, i + 1, j);
    if (p == j) return dmg_hairpin_energy(s, i, j, t);
    const int q = partner[p];
    int k = next_pair(partner, q + 1, j);
    if (k == j) return interior_energy(s, i, j, p, q, t, pair_type(s[q], s[p]));
    int energy =
        multi_closing_energy(s, i, j, t) + multi_stem_energy(s, p, q, pair_type(s[p], s[q]));
    for (; k < j; k = next_pair(partner, partner[k] + 1, j))
        energy += multi_stem_energy(s, k, partner[k], pair_type(s[k], s[partner[k]]));
    return energy;
}

dmg_status dmg_fold_evaluate(int *energy, const char *sequence, const char *structure,
                             size_t length, dmg_error *err)
{
    if (length > DMG_FOLD_MAX_LENGTH)
        return dmg_error_set(err, DMG_RANGE,
                             "a structure of %zu nucleotides: at most %d are evaluated", length,
                             DMG_FOLD_MAX_LENGTH);
    const int n = (int)length;
    uint8_t *const codes = dmg_alloc(length + 2, sizeof *codes);
    int32_t *const partner = dmg_alloc(length, sizeof *partner);
    dmg_status st = DMG_OK;
    if (!codes || !partner) st = dmg_error_nomem(err, "the evaluation of a structure");
    if (st == DMG_OK) st = read_structure(partner, structure, n, err);
    if (st == DMG_OK) {
        const uint8_t *const s = codes + 1;
        dmg_base_codes(codes + 1, sequence, length);
        st = check_pairs(s, partner, n, sequence, err);
        if (st == DMG_OK) {
            int sum = exterior_loop_energy(s, partner, n);
            for (int i = 0; i < n; i++)
                if (partner[i] > i) sum += loop_energy(s, partner, i, partner[i]);
            *energy = sum;
        }
    }
    free(codes);
    free(partner);
    return st;
}
