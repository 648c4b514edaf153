/* SPDX-License-Identifier: MIT */
/* The 32 triplet features of Xue et al. 2005.
 *
 * As in the authors' program (triplet-svm-classifier, March 2006): only the arms of the stem are
 * counted, without the hairpin loop and without what hangs out at the open end, but the first and
 * the last nucleotide of an arm see their unpaired neighbours; counts are divided by their sum.
 *
 * That program drops sequences with letters other than A C G U, and cuts a structure of several
 * hairpins into its stems of at least a given number of pairs (18 in the article), each of which it
 * classifies alone; a sequence without such a stem gets no answer. Here every sequence gets one:
 * the stem with most pairs, however few, stands for the sequence, and other letters are skipped.
 */
#include "features/triplets.h"

#include <stdbool.h>
#include <string.h>

#include "base/nucleotide.h"

/* From the pair (left, right) that closes a hairpin loop outwards, as long as the next bracket on
 * both sides is one of the same stem. */
static hairpin_stem grow_stem(const char *structure, size_t length, size_t left, size_t right)
{
    hairpin_stem s = {.left_end = left + 1, .right = right};
    for (;;) {
        s.pairs++;
        s.left = left;
        s.right_end = right + 1;
        do {
            if (left == 0) return s;
            left--;
        } while (structure[left] == '.');
        do {
            if (++right == length) return s;
        } while (structure[right] == '.');
        if (structure[left] != '(' || structure[right] != ')') return s;
    }
}

hairpin_stem stem_longest(const char *structure, size_t length)
{
    hairpin_stem longest = {0};
    size_t open = length; /* the last '(' that no ')' has followed */
    for (size_t i = 0; i < length; i++) {
        if (structure[i] == '(') open = i;
        if (structure[i] != ')' || open == length) continue;
        const hairpin_stem s = grow_stem(structure, length, open, i);
        if (s.pairs > longest.pairs) longest = s;
        open = length;
    }
    return longest;
}

size_t triplet_index(char letter, int before, int own, int after)
{
    static const size_t places[BASE_CODES] = {
        [BASE_A] = 0, [BASE_G] = 1, [BASE_C] = 2, [BASE_U] = 3}; /* the authors' order */
    return places[dmg_base_code(letter)] * 8 + (size_t)(before * 4 + own * 2 + after);
}

static bool is_paired(const char *structure, size_t i)
{
    return structure[i] != '.';
}

/* Counts the triplets with their middle in [begin, end). */
static void count_arm(double *features, const char *sequence, const char *structure, size_t length,
                      size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++) {
        if (dmg_base_code(sequence[i]) == BASE_N) continue;
        const bool before = i > 0 && is_paired(structure, i - 1);
        const bool after = i + 1 < length && is_paired(structure, i + 1);
        features[triplet_index(sequence[i], before, is_paired(structure, i), after)]++;
    }
}

void triplet_features(double *features, const char *sequence, const char *structure, size_t length)
{
    memset(features, 0, TRIPLET_FEATURES * sizeof *features);
    const hairpin_stem s = stem_longest(structure, length);
    if (s.pairs == 0) return;
    count_arm(features, sequence, structure, length, s.left, s.left_end);
    count_arm(features, sequence, structure, length, s.right, s.right_end);
    double sum = 0;
    for (size_t k = 0; k < TRIPLET_FEATURES; k++) sum += features[k];
    for (size_t k = 0; sum > 0 && k < TRIPLET_FEATURES; k++) features[k] /= sum;
}
