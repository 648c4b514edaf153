/* SPDX-License-Identifier: MIT */
/* Numbers that sum up a folded sequence. */
#include <math.h>
#include <stdbool.h>

#include "encode/nucleotide.h"

enum { BASES = DMG_TOKEN_ANY }; /* A C G U */

const char *dmg_encode_feature_name(dmg_feature feature)
{
    static const char *const names[DMG_FEATURES] = {
        [DMG_FEATURE_LENGTH] = "length",
        [DMG_FEATURE_MFE] = "mfe",
        [DMG_FEATURE_MFE_PER_LENGTH] = "mfe_per_length",
        [DMG_FEATURE_MFE_PER_PAIR] = "mfe_per_pair",
        [DMG_FEATURE_PAIRED_FRACTION] = "paired_fraction",
        [DMG_FEATURE_GC] = "gc",
        [DMG_FEATURE_GU_FRACTION] = "gu_fraction",
        [DMG_FEATURE_HAIRPINS] = "hairpins",
        [DMG_FEATURE_LOOP_LENGTH] = "loop_length",
        [DMG_FEATURE_LONGEST_STEM] = "longest_stem",
        [DMG_FEATURE_LARGEST_BULGE] = "largest_bulge",
        [DMG_FEATURE_ASYMMETRY] = "asymmetry",
        [DMG_FEATURE_FLANK_5] = "flank_5",
        [DMG_FEATURE_FLANK_3] = "flank_3",
        [DMG_FEATURE_DINUCLEOTIDES] = "dinucleotide_AA",
        "dinucleotide_AC",
        "dinucleotide_AG",
        "dinucleotide_AU",
        "dinucleotide_CA",
        "dinucleotide_CC",
        "dinucleotide_CG",
        "dinucleotide_CU",
        "dinucleotide_GA",
        "dinucleotide_GC",
        "dinucleotide_GG",
        "dinucleotide_GU",
        "dinucleotide_UA",
        "dinucleotide_UC",
        "dinucleotide_UG",
        "dinucleotide_UU",
    };
    return (unsigned)feature < DMG_FEATURES ? names[feature] : NULL;
}

static bool is_wobble(uint8_t a, uint8_t b)
{
    return (a == TOKEN_G && b == TOKEN_U) || (a == TOKEN_U && b == TOKEN_G);
}

/* What a walk along the structure counts. */
typedef struct counts {
    size_t pairs, gu_pairs, hairpins, longest_loop, longest_stem, largest_bulge;
    size_t asymmetry;
    size_t run;      /* stacked pairs that end on the one that was closed last */
    size_t from, to; /* that pair */
    size_t outside;  /* pairs of the stems before the present one that no pair encloses */
    size_t main_pairs, main_from, main_to; /* the stem with most pairs */
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
    const size_t left = first - i - 1, right = j - last - 1;
    const size_t unpaired = hairpin ? j - i - 1 : left + right;
    c->run = interior && unpaired == 0 ? c->run + 1 : 1;
    raise_to(&c->longest_stem, c->run);
    if (hairpin) {
        c->hairpins++;
        raise_to(&c->longest_loop, unpaired);
    } else if (interior) {
        raise_to(&c->largest_bulge, unpaired);
        c->asymmetry += left > right ? left - right : right - left;
    }
}

/* The pair of i < j, which ends a stem that no pair encloses. */
static void close_stem(counts *c, size_t i, size_t j)
{
    const size_t pairs = c->pairs - c->outside;
    c->outside = c->pairs;
    if (pairs <= c->main_pairs) return;
    c->main_pairs = pairs;
    c->main_from = i;
    c->main_to = j;
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
        c.gu_pairs += is_wobble(nucleotide_token(sequence[i]), nucleotide_token(sequence[j]));
        if (depth == 0) close_stem(&c, i, j);
    }
    return c;
}

/* NaN of nothing. */
static double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

/* Letters, and neighbours that are both known. */
typedef struct composition {
    size_t known, gc, neighbours;
    size_t dinucleotides[BASES][BASES];
} composition;

static composition count_letters(const char *sequence, size_t length)
{
    composition c = {0};
    uint8_t before = DMG_TOKEN_ANY;
    for (size_t i = 0; i < length; i++) {
        const uint8_t base = nucleotide_token(sequence[i]);
        if (base != DMG_TOKEN_ANY) {
            c.known++;
            c.gc += base == TOKEN_C || base == TOKEN_G;
            if (before != DMG_TOKEN_ANY) {
                c.neighbours++;
                c.dinucleotides[before][base]++;
            }
        }
        before = base;
    }
    return c;
}

void dmg_encode_features(double features[DMG_FEATURES], size_t *scratch, const char *sequence,
                         const char *structure, size_t length, int energy)
{
    const counts c = count_structure(scratch, sequence, structure, length);
    const composition letters = count_letters(sequence, length);
    const double n = (double)length, pairs = (double)c.pairs;
    const double mfe = energy == DMG_ENERGY_UNKNOWN ? NAN : energy / 100.0;
    features[DMG_FEATURE_LENGTH] = n;
    features[DMG_FEATURE_MFE] = mfe;
    features[DMG_FEATURE_MFE_PER_LENGTH] = ratio(mfe, n);
    features[DMG_FEATURE_MFE_PER_PAIR] = ratio(mfe, pairs);
    features[DMG_FEATURE_PAIRED_FRACTION] = ratio(2 * pairs, n);
    features[DMG_FEATURE_GC] = ratio((double)letters.gc, (double)letters.known);
    features[DMG_FEATURE_GU_FRACTION] = ratio((double)c.gu_pairs, pairs);
    features[DMG_FEATURE_HAIRPINS] = (double)c.hairpins;
    features[DMG_FEATURE_LOOP_LENGTH] = (double)c.longest_loop;
    features[DMG_FEATURE_LONGEST_STEM] = (double)c.longest_stem;
    features[DMG_FEATURE_LARGEST_BULGE] = (double)c.largest_bulge;
    features[DMG_FEATURE_ASYMMETRY] = (double)c.asymmetry;
    features[DMG_FEATURE_FLANK_5] = c.pairs > 0 ? (double)c.main_from : NAN;
    features[DMG_FEATURE_FLANK_3] = c.pairs > 0 ? (double)(length - 1 - c.main_to) : NAN;
    double *shares = &features[DMG_FEATURE_DINUCLEOTIDES];
    for (size_t a = 0; a < BASES; a++)
        for (size_t b = 0; b < BASES; b++)
            *shares++ = ratio((double)letters.dinucleotides[a][b], (double)letters.neighbours);
}
