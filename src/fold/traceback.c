/* SPDX-License-Identifier: MIT */
/* Traceback: which of several optimal structures is returned.
 *
 * No pointers are stored; every decision is found again from the matrices, by taking the first
 * alternative, in the order that doc/folding.md gives, whose energy is the one in the matrix. That
 * order is the one RNAfold has, so that structures, and not only energies, can be compared with it.
 * Parts of a multiloop wait on a stack of their own: recursion would be as deep as the structure.
 */
#include "fold/mfe.h"

#include <assert.h>

/* The bases whose structure is found. */
typedef struct part {
    int first, n;
    char *structure; /* [n + 1] */
} part;

static void push(dmg_mfe *m, int *depth, int i, int j)
{
    /* Pending segments do not overlap, and each has room for a hairpin. */
    assert(*depth <= m->n / 4);
    m->pending[(*depth)++] = (dmg_mfe_segment){i, j};
}

/* Finds the inner pair of the loop that (i, j) closes with a single one, by the shorter 5' side and
 * then by the shorter 3' side, so that a stack comes first. False if there is none. */
static bool find_inner_pair(const dmg_mfe *m, int i, int j, int t, int *inner_i, int *inner_j)
{
    const uint8_t *const s = m->s;
    const int32_t energy = C(m, i, j);
    for (int p = i + 1; p <= i + 1 + FOLD_MAX_LOOP && p < j - 1 - FOLD_MIN_HAIRPIN; p++) {
        const int n1 = p - i - 1;
        for (int q = last_partner(m, s[p], j - 1);
             q > p + FOLD_MIN_HAIRPIN && n1 + (j - q - 1) <= FOLD_MAX_LOOP;
             q = last_partner(m, s[p], q - 1)) {
            const int u = pair_type(s[q], s[p]);
            if (energy != C(m, p, q) + interior_energy(s, i, j, p, q, t, u)) continue;
            *inner_i = p;
            *inner_j = q;
            return true;
        }
    }
    return false;
}

/* Cuts i..j into two parts of a multiloop of that energy together, the left one as short as can be,
 * and puts both on the stack. `first` is the smallest right end of the left part. */
static void split(dmg_mfe *m, int *depth, int i, int j, int first, int energy)
{
    for (int k = first; k < j; k++) {
        const int left = M(m, i, k), right = M(m, k + 1, j);
        if (left >= FOLD_INFINITE || right >= FOLD_INFINITE || left + right != energy) continue;
        push(m, depth, k + 1, j);
        push(m, depth, i, k);
        return;
    }
    assert(false && "a multiloop without its two parts");
}

/* Pair (i, j) and all that its helix encloses up to a hairpin or a multiloop. */
static void trace_closed(dmg_mfe *m, int *depth, const part *out, int i, int j)
{
    for (;;) {
        const int t = pair_type(m->s[i], m->s[j]);
        out->structure[i - out->first] = '(';
        out->structure[j - out->first] = ')';
        if (C(m, i, j) == hairpin_energy(m->s, i, j, t)) return;
        int p, q;
        if (!find_inner_pair(m, i, j, t, &p, &q)) {
            const int two_stems = C(m, i, j) - multi_closing_energy(m->s, i, j, t);
            split(m, depth, i + 1, j - 1, i + 2, two_stems);
            return;
        }
        i = p;
        j = q;
    }
}

/* A part of a multiloop: unpaired bases at its ends, 3' before 5', and then one stem or more. */
static void trace_multi(dmg_mfe *m, int *depth, const part *out, int i, int j)
{
    const int energy = M(m, i, j);
    while (M(m, i, j - 1) == energy) j--;
    while (M(m, i + 1, j) == energy) i++;
    const int t = pair_type(m->s[i], m->s[j]);
    if (t != PAIR_NONE && energy == C(m, i, j) + multi_stem_energy(m->s, i, j, t))
        trace_closed(m, depth, out, i, j);
    else
        split(m, depth, i, j, i + 1, energy);
}

/* The 5' end of the shortest pair (i, j) that ends an optimal structure of the bases first .. j of
 * the part. */
static int find_exterior_stem(const dmg_mfe *m, const part *out, int j)
{
    const uint8_t *const s = m->s + out->first;
    for (int i = j - 1 - FOLD_MIN_HAIRPIN; i >= 0; i--) {
        const int t = pair_type(s[i], s[j]);
        if (t == PAIR_NONE) continue;
        const int32_t closed = C(m, out->first + i, out->first + j);
        if (F(m, j + 1) == F(m, i) + closed + exterior_stem_energy(s, i, j, t, out->n)) return i;
    }
    assert(false && "a base is paired, but with none");
    return 0;
}

void dmg_mfe_traceback(dmg_mfe *m, int first, int n, char *structure)
{
    const part out = {first, n, structure};
    for (int i = 0; i < n; i++) structure[i] = '.';
    structure[n] = '\0';
    int end = n; /* bases of the part that are not traced yet */
    while (end > 0) {
        if (F(m, end) == F(m, end - 1)) {
            end--;
            continue;
        }
        const int i = find_exterior_stem(m, &out, end - 1);
        int depth = 0;
        trace_closed(m, &depth, &out, first + i, first + end - 1);
        while (depth > 0) {
            const dmg_mfe_segment segment = m->pending[--depth];
            trace_multi(m, &depth, &out, segment.i, segment.j);
        }
        end = i;
    }
}
