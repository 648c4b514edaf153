/* SPDX-License-Identifier: MIT */
/* Numbers that sum up a folded sequence. A new feature is one row of the table, and a function. */
#include <math.h>
#include <stdbool.h>

#include "encode/streams.h"

enum { BASES = BASE_CODES - 1 }; /* A C G U */

/* What is counted once for all features. */
typedef struct summary {
    const encode_strand *strand;
    size_t pairs, gu_pairs, hairpins, longest_loop, longest_stem, largest_bulge, asymmetry;
    size_t main_pairs, main_from, main_to; /* the stem with most pairs */
    size_t known, gc, neighbours;          /* bases that are known; pairs of such neighbours */
    size_t dinucleotides[BASE_CODES][BASE_CODES];
} summary;

/* --- counting --- */

static void raise_to(size_t *largest, size_t value)
{
    if (value > *largest) *largest = value;
}

static void count_loop(summary *s, const dmg_loop *loop)
{
    const size_t left = loop->p - loop->i - 1, right = loop->j - loop->q - 1;
    if (loop->branches == 0) {
        s->hairpins++;
        raise_to(&s->longest_loop, left);
    } else if (loop->branches == 1) {
        raise_to(&s->largest_bulge, left + right);
        s->asymmetry += left > right ? left - right : right - left;
    }
}

static bool is_wobble(int type)
{
    return type == PAIR_GU || type == PAIR_UG;
}

/* Whether nothing is unpaired between (i, j) and the pair that it encloses, as in most loops. */
static bool is_stack(const size_t *partner, size_t i, size_t j)
{
    return i + 2 < j && partner[i + 1] == j - 1;
}

/* Pairs that are stacked on (i, j) from inside, itself included. */
static size_t stacked_pairs(const size_t *partner, size_t i, size_t j)
{
    size_t count = 1;
    while (i + count < j - count && partner[i + count] == j - count) count++;
    return count;
}

/* All pairs of first .. last, of which (first, last) is the outermost one. */
static void count_stem(summary *s, size_t first, size_t last)
{
    const size_t *partner = s->strand->partner;
    const size_t before = s->pairs;
    for (size_t i = first; i < last; i++) {
        const size_t j = partner[i];
        if (j == DMG_UNPAIRED || j < i) continue;
        if (!is_stack(partner, i, j)) {
            const dmg_loop loop = dmg_loop_closed_by(partner, i);
            count_loop(s, &loop);
        }
        s->pairs++;
        s->gu_pairs += is_wobble(strand_pair(s->strand, i));
        const bool stacked = i > first && partner[i - 1] == j + 1;
        if (!stacked) raise_to(&s->longest_stem, stacked_pairs(partner, i, j));
    }
    const size_t pairs = s->pairs - before;
    if (pairs <= s->main_pairs) return;
    s->main_pairs = pairs;
    s->main_from = first;
    s->main_to = last;
}

static void count_bases(summary *s)
{
    int before = BASE_N;
    for (size_t i = 0; i < s->strand->length; i++) {
        const int base = strand_base(s->strand, i);
        s->known += base != BASE_N;
        s->gc += base == BASE_C || base == BASE_G;
        s->neighbours += base != BASE_N && before != BASE_N;
        s->dinucleotides[before][base]++;
        before = base;
    }
}

static summary summarise(const encode_strand *strand)
{
    summary s = {.strand = strand};
    const size_t *partner = strand->partner;
    for (size_t i = dmg_next_pair(partner, 0, strand->length); i < strand->length;
         i = dmg_next_pair(partner, partner[i] + 1, strand->length))
        count_stem(&s, i, partner[i]);
    count_bases(&s);
    return s;
}

/* --- features --- */

/* NaN of nothing. */
static double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

static double length(const summary *s)
{
    return (double)s->strand->length;
}

static double mfe(const summary *s)
{
    return s->strand->energy == DMG_ENERGY_UNKNOWN ? NAN : s->strand->energy / 100.0;
}

static double mfe_per_length(const summary *s)
{
    return ratio(mfe(s), length(s));
}

static double mfe_per_pair(const summary *s)
{
    return ratio(mfe(s), (double)s->pairs);
}

static double paired_fraction(const summary *s)
{
    return ratio(2 * (double)s->pairs, length(s));
}

static double gc(const summary *s)
{
    return ratio((double)s->gc, (double)s->known);
}

static double gu_fraction(const summary *s)
{
    return ratio((double)s->gu_pairs, (double)s->pairs);
}

static double hairpins(const summary *s)
{
    return (double)s->hairpins;
}

static double loop_length(const summary *s)
{
    return (double)s->longest_loop;
}

static double longest_stem(const summary *s)
{
    return (double)s->longest_stem;
}

static double largest_bulge(const summary *s)
{
    return (double)s->largest_bulge;
}

static double asymmetry(const summary *s)
{
    return (double)s->asymmetry;
}

static double flank_5(const summary *s)
{
    return s->pairs > 0 ? (double)s->main_from : NAN;
}

static double flank_3(const summary *s)
{
    return s->pairs > 0 ? (double)(s->strand->length - 1 - s->main_to) : NAN;
}

typedef struct feature_row {
    const char *name;
    double (*value)(const summary *s);
} feature_row;

/* All but the dinucleotides. */
static const feature_row rows[DMG_FEATURE_DINUCLEOTIDES] = {
    [DMG_FEATURE_LENGTH] = {"length", length},
    [DMG_FEATURE_MFE] = {"mfe", mfe},
    [DMG_FEATURE_MFE_PER_LENGTH] = {"mfe_per_length", mfe_per_length},
    [DMG_FEATURE_MFE_PER_PAIR] = {"mfe_per_pair", mfe_per_pair},
    [DMG_FEATURE_PAIRED_FRACTION] = {"paired_fraction", paired_fraction},
    [DMG_FEATURE_GC] = {"gc", gc},
    [DMG_FEATURE_GU_FRACTION] = {"gu_fraction", gu_fraction},
    [DMG_FEATURE_HAIRPINS] = {"hairpins", hairpins},
    [DMG_FEATURE_LOOP_LENGTH] = {"loop_length", loop_length},
    [DMG_FEATURE_LONGEST_STEM] = {"longest_stem", longest_stem},
    [DMG_FEATURE_LARGEST_BULGE] = {"largest_bulge", largest_bulge},
    [DMG_FEATURE_ASYMMETRY] = {"asymmetry", asymmetry},
    [DMG_FEATURE_FLANK_5] = {"flank_5", flank_5},
    [DMG_FEATURE_FLANK_3] = {"flank_3", flank_3},
};

const char *dmg_encode_feature_name(dmg_feature feature)
{
    static const char *const dinucleotides[BASES * BASES] = {
        "dinucleotide_AA", "dinucleotide_AC", "dinucleotide_AG", "dinucleotide_AU",
        "dinucleotide_CA", "dinucleotide_CC", "dinucleotide_CG", "dinucleotide_CU",
        "dinucleotide_GA", "dinucleotide_GC", "dinucleotide_GG", "dinucleotide_GU",
        "dinucleotide_UA", "dinucleotide_UC", "dinucleotide_UG", "dinucleotide_UU",
    };
    const unsigned f = (unsigned)feature;
    if (f >= DMG_FEATURES) return NULL;
    return f < DMG_FEATURE_DINUCLEOTIDES ? rows[f].name
                                         : dinucleotides[f - DMG_FEATURE_DINUCLEOTIDES];
}

void encode_features(double features[DMG_FEATURES], const encode_strand *strand)
{
    const summary s = summarise(strand);
    for (int f = 0; f < DMG_FEATURE_DINUCLEOTIDES; f++) features[f] = rows[f].value(&s);
    double *shares = &features[DMG_FEATURE_DINUCLEOTIDES];
    for (int a = BASE_A; a < BASE_CODES; a++)
        for (int b = BASE_A; b < BASE_CODES; b++)
            *shares++ = ratio((double)s.dinucleotides[a][b], (double)s.neighbours);
}
