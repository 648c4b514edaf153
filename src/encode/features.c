/* Numbers that sum up a folded sequence.
 * SPDX-License-Identifier: MIT
 */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "deepmirgene/encode.h"

const char *dmg_encode_feature_name(dmg_feature feature)
{
    switch (feature) {
    case DMG_FEATURE_LENGTH: return "length";
    case DMG_FEATURE_MFE: return "mfe";
    case DMG_FEATURE_MFE_PER_LENGTH: return "mfe_per_length";
    case DMG_FEATURE_MFE_PER_PAIR: return "mfe_per_pair";
    case DMG_FEATURE_PAIRED_FRACTION: return "paired_fraction";
    case DMG_FEATURE_GC: return "gc";
    case DMG_FEATURE_GU_FRACTION: return "gu_fraction";
    case DMG_FEATURE_HAIRPINS: return "hairpins";
    case DMG_FEATURE_LOOP_LENGTH: return "loop_length";
    case DMG_FEATURE_LONGEST_STEM: return "longest_stem";
    case DMG_FEATURE_LARGEST_BULGE: return "largest_bulge";
    case DMG_FEATURES: break;
    }
    return NULL;
}

static bool is_one_of(char letter, const char *letters)
{
    return letter != '\0' && strchr(letters, letter);
}

/* What a walk along the structure counts. */
typedef struct counts {
    size_t pairs, gu_pairs, hairpins, longest_loop, longest_stem, largest_bulge;
    size_t run;      /* stacked pairs that end on the one that was closed last */
    size_t from, to; /* that pair */
} counts;

static void raise_to(size_t *largest, size_t value)
{
    if (value > *largest) *largest = value;
}

/* The loop that the pair of i < j closes, whose inner pairs have all been met. */
static void close_loop(counts *c, const char *structure, size_t i, size_t j)
{
    size_t first = i + 1, last = j - 1;
    while (first < j && structure[first] == '.') first++;
    while (last > i && structure[last] == '.') last--;
    const bool hairpin = first == j;
    const bool interior = !hairpin && c->pairs > 0 && c->from == first && c->to == last;
    const size_t unpaired = hairpin ? j - i - 1 : (first - i - 1) + (j - last - 1);
    c->run = interior && unpaired == 0 ? c->run + 1 : 1;
    raise_to(&c->longest_stem, c->run);
    if (hairpin) {
        c->hairpins++;
        raise_to(&c->longest_loop, unpaired);
    } else if (interior) {
        raise_to(&c->largest_bulge, unpaired);
    }
}

static counts count_structure(size_t *open, const char *sequence, const char *structure,
                              size_t length)
{
    counts c = {0};
    size_t depth = 0;
    for (size_t j = 0; j < length; j++) {
        if (structure[j] == '(' && depth < length / 2) open[depth++] = j;
        if (structure[j] != ')' || depth == 0) continue;
        const size_t i = open[--depth];
        close_loop(&c, structure, i, j);
        c.from = i;
        c.to = j;
        c.pairs++;
        c.gu_pairs += (is_one_of(sequence[i], "Gg") && is_one_of(sequence[j], "UuTt")) ||
                      (is_one_of(sequence[i], "UuTt") && is_one_of(sequence[j], "Gg"));
    }
    return c;
}

/* NaN of nothing. */
static double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

void dmg_encode_features(double features[DMG_FEATURES], size_t *scratch, const char *sequence,
                         const char *structure, size_t length, int energy)
{
    const counts c = count_structure(scratch, sequence, structure, length);
    size_t gc = 0, known = 0;
    for (size_t i = 0; i < length; i++) {
        gc += is_one_of(sequence[i], "GCgc");
        known += is_one_of(sequence[i], "ACGUTacgut");
    }
    const double n = (double)length, pairs = (double)c.pairs;
    const double mfe = energy == DMG_ENERGY_UNKNOWN ? NAN : energy / 100.0;
    features[DMG_FEATURE_LENGTH] = n;
    features[DMG_FEATURE_MFE] = mfe;
    features[DMG_FEATURE_MFE_PER_LENGTH] = ratio(mfe, n);
    features[DMG_FEATURE_MFE_PER_PAIR] = ratio(mfe, pairs);
    features[DMG_FEATURE_PAIRED_FRACTION] = ratio(2 * pairs, n);
    features[DMG_FEATURE_GC] = ratio((double)gc, (double)known);
    features[DMG_FEATURE_GU_FRACTION] = ratio((double)c.gu_pairs, pairs);
    features[DMG_FEATURE_HAIRPINS] = (double)c.hairpins;
    features[DMG_FEATURE_LOOP_LENGTH] = (double)c.longest_loop;
    features[DMG_FEATURE_LONGEST_STEM] = (double)c.longest_stem;
    features[DMG_FEATURE_LARGEST_BULGE] = (double)c.largest_bulge;
}
