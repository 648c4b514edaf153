/* SPDX-License-Identifier: MIT */
#include "features/structure.h"

#include "base/nucleotide.h"
#include "base/pair_table.h"
#include "features/columns.h"

enum { KINDS = 3, STEM_PAIRS = 3 }; /* A-U, G-C, G-U; fewest pairs of a stem of n_stems */

typedef struct pair_counts {
    double kinds[KINDS], pairs, loops, stems;
} pair_counts;

/* The kind of a pair; KINDS for letters that cannot pair. */
static int pair_kind(char left, char right)
{
    switch (pair_type(dmg_base_code(left), dmg_base_code(right))) {
    case PAIR_AU:
    case PAIR_UA: return 0;
    case PAIR_CG:
    case PAIR_GC: return 1;
    case PAIR_GU:
    case PAIR_UG: return 2;
    default: return KINDS;
    }
}

/* Pairs in a row that begin with (i, partner[i]), if that is where the row begins; else 0. */
static size_t row_of_pairs(const size_t *partner, size_t length, size_t i)
{
    size_t j = partner[i], pairs = 0;
    if (i > 0 && j + 1 < length && partner[i - 1] == j + 1) return 0;
    for (; i < j && partner[i] == j; i++, j--) pairs++;
    return pairs;
}

static pair_counts count_pairs(const folded_sequence *f)
{
    pair_counts counts = {{0}, 0, 0, 0};
    for (size_t i = 0; i < f->length; i++) {
        const size_t j = f->partner[i];
        if (j == DMG_UNPAIRED || j < i) continue;
        const int kind = pair_kind(f->sequence[i], f->sequence[j]);
        counts.pairs++;
        if (kind < KINDS) counts.kinds[kind]++;
        counts.loops += dmg_next_pair(f->partner, i + 1, j) == j;
        counts.stems += row_of_pairs(f->partner, f->length, i) >= STEM_PAIRS;
    }
    return counts;
}

static void fill_energies(double *values, const folded_sequence *f, const pair_counts *counts)
{
    const double dg = f->mfe / (double)f->length;
    values[FEATURE_MFE] = f->mfe;
    values[FEATURE_DG] = dg;
    values[FEATURE_MFEI1] = ratio(dg, values[FEATURE_GC]);
    values[FEATURE_MFEI2] = ratio(dg, counts->stems);
    values[FEATURE_MFEI3] = ratio(dg, counts->loops);
    values[FEATURE_MFEI4] = ratio(f->mfe, counts->pairs);
}

static void fill_pairs(double *values, const folded_sequence *f, const pair_counts *counts)
{
    values[FEATURE_DP] = counts->pairs / (double)f->length;
    for (int kind = 0; kind < KINDS; kind++) {
        const double share = ratio(100 * counts->kinds[kind], counts->pairs);
        values[FEATURE_AU_LENGTH + kind] = counts->kinds[kind] / (double)f->length;
        values[FEATURE_AU_STEMS + kind] = ratio(share, counts->stems);
    }
    values[FEATURE_PAIRS_STEM] = ratio(counts->pairs, counts->stems);
    values[FEATURE_STEMS] = counts->stems;
    values[FEATURE_LOOPS] = counts->loops;
}

static double larger(double a, size_t b)
{
    return (double)b > a ? (double)b : a;
}

/* The steps from each pair of the longest stem to the next one inwards. */
static void fill_steps(double *values, const folded_sequence *f, const hairpin_stem *stem)
{
    size_t row = 1;
    values[FEATURE_LONGEST_HELIX] = stem->pairs > 0;
    for (size_t i = stem->left, next; i + 1 < stem->left_end; i = next) {
        next = dmg_next_pair(f->partner, i + 1, stem->left_end);
        const size_t left = next - i - 1, right = f->partner[i] - f->partner[next] - 1;
        row = left + right == 0 ? row + 1 : 1;
        values[left == right ? FEATURE_SYMMETRIC : FEATURE_ASYMMETRIC] += (double)(left + right);
        values[FEATURE_LONGEST_HELIX] = larger(values[FEATURE_LONGEST_HELIX], row);
        values[FEATURE_LONGEST_GAP] =
            larger(values[FEATURE_LONGEST_GAP], left > right ? left : right);
    }
}

static void fill_stem(double *values, const folded_sequence *f)
{
    const hairpin_stem stem = stem_longest(f->structure, f->length);
    const size_t arms = stem.left_end - stem.left + stem.right_end - stem.right;
    values[FEATURE_ARM_PAIRS] = (double)stem.pairs;
    values[FEATURE_HAIRPIN_LOOP] = (double)(stem.right - stem.left_end);
    values[FEATURE_SYMMETRIC] = values[FEATURE_ASYMMETRIC] = values[FEATURE_LONGEST_GAP] = 0;
    values[FEATURE_ARM_PAIRED] = ratio(2 * (double)stem.pairs, (double)arms);
    values[FEATURE_OVERHANG] = (double)(f->length - (stem.right_end - stem.left));
    fill_steps(values, f, &stem);
}

void structure_features(double *values, const folded_sequence *folded, tree_graph *tree)
{
    const pair_counts counts = count_pairs(folded);
    triplet_features(values + FEATURE_TRIPLETS, folded->sequence, folded->structure,
                     folded->length);
    fill_energies(values, folded, &counts);
    fill_pairs(values, folded, &counts);
    fill_stem(values, folded);
    values[FEATURE_DF] = tree_graph_connectivity(tree, folded->partner, folded->length);
}
