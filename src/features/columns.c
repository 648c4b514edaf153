/* SPDX-License-Identifier: MIT */
/* The table of features. doc/features.md is tested against it. */
#include "features/columns.h"

#include <string.h>

#define XUE      "Xue 2005"
#define NG       "Ng & Mishra 2007"
#define BATUWITA "Batuwita & Palade 2009"
#define JIANG    "Jiang 2007"
#define SEWER    "Sewer 2005"

#define LETTER(x)                                                                                  \
    {                                                                                              \
        x, "%", "100 n(" x ") / L", SEWER, DMG_FEATURES_SEQUENCE                                   \
    }
#define DINUCLEOTIDE(x)                                                                            \
    {                                                                                              \
        x, "%", "100 n(" x ") / (L - 1)", NG, DMG_FEATURES_SEQUENCE                                \
    }
#define DINUCLEOTIDES_OF(x)                                                                        \
    DINUCLEOTIDE(x "A"), DINUCLEOTIDE(x "C"), DINUCLEOTIDE(x "G"), DINUCLEOTIDE(x "U")
#define TRIPLET(x)                                                                                 \
    {                                                                                              \
        x, "", "share among the triplets of the arms", XUE, DMG_FEATURES_STRUCTURE                 \
    }
#define TRIPLETS_OF(x)                                                                             \
    TRIPLET(x "..."), TRIPLET(x "..("), TRIPLET(x ".(."), TRIPLET(x ".(("), TRIPLET(x "(.."),      \
        TRIPLET(x "(.("), TRIPLET(x "((."), TRIPLET(x "(((")
#define PAIRS_LENGTH(x)                                                                            \
    {                                                                                              \
        x "/L", "", "n(" x ") / L", BATUWITA, DMG_FEATURES_STRUCTURE                               \
    }
#define PAIRS_STEMS(x)                                                                             \
    {                                                                                              \
        x "/stems", "%", "100 n(" x ") / tot_pairs / n_stems", BATUWITA, DMG_FEATURES_STRUCTURE    \
    }

static const dmg_feature_column table[FEATURES] = {
    [FEATURE_LENGTH] = {"length", "nt", "L", SEWER, DMG_FEATURES_SEQUENCE},
    [FEATURE_LETTERS] = LETTER("A"),
    LETTER("C"),
    LETTER("G"),
    LETTER("U"),
    [FEATURE_DINUCLEOTIDES] = DINUCLEOTIDES_OF("A"),
    DINUCLEOTIDES_OF("C"),
    DINUCLEOTIDES_OF("G"),
    DINUCLEOTIDES_OF("U"),
    [FEATURE_GC] = {"G+C", "%", "100 (n(G) + n(C)) / L", NG, DMG_FEATURES_SEQUENCE},

    [FEATURE_TRIPLETS] = TRIPLETS_OF("A"),
    TRIPLETS_OF("G"),
    TRIPLETS_OF("C"),
    TRIPLETS_OF("U"),
    [FEATURE_MFE] = {"mfe", "kcal/mol", "minimum free energy", JIANG, DMG_FEATURES_STRUCTURE},
    [FEATURE_DG] = {"dG", "kcal/mol/nt", "mfe / L", NG, DMG_FEATURES_STRUCTURE},
    [FEATURE_DP] = {"dP", "", "tot_pairs / L", NG, DMG_FEATURES_STRUCTURE},
    [FEATURE_MFEI1] = {"MFEI1", "kcal/mol/nt", "dG / (G+C)", NG, DMG_FEATURES_STRUCTURE},
    [FEATURE_MFEI2] = {"MFEI2", "kcal/mol/nt", "dG / n_stems", NG, DMG_FEATURES_STRUCTURE},
    [FEATURE_MFEI3] = {"MFEI3", "kcal/mol/nt", "dG / n_loops", BATUWITA, DMG_FEATURES_STRUCTURE},
    [FEATURE_MFEI4] = {"MFEI4", "kcal/mol", "mfe / tot_pairs", BATUWITA, DMG_FEATURES_STRUCTURE},
    [FEATURE_AU_LENGTH] = PAIRS_LENGTH("AU"),
    PAIRS_LENGTH("GC"),
    PAIRS_LENGTH("GU"),
    [FEATURE_AU_STEMS] = PAIRS_STEMS("AU"),
    PAIRS_STEMS("GC"),
    PAIRS_STEMS("GU"),
    [FEATURE_PAIRS_STEM] = {"pairs/stem", "", "tot_pairs / n_stems", BATUWITA,
                            DMG_FEATURES_STRUCTURE},
    [FEATURE_STEMS] = {"n_stems", "", "helices of at least 3 pairs", NG, DMG_FEATURES_STRUCTURE},
    [FEATURE_LOOPS] = {"n_loops", "", "hairpin loops", BATUWITA, DMG_FEATURES_STRUCTURE},
    [FEATURE_DF] = {"dF", "", "second eigenvalue of the Laplacian of the tree graph", NG,
                    DMG_FEATURES_STRUCTURE},
    [FEATURE_ARM_PAIRS] = {"arm_pairs", "", "pairs of the longest stem", SEWER,
                           DMG_FEATURES_STRUCTURE},
    [FEATURE_HAIRPIN_LOOP] = {"hairpin_loop", "nt", "unpaired bases of its hairpin loop", SEWER,
                              DMG_FEATURES_STRUCTURE},
    [FEATURE_LONGEST_HELIX] = {"longest_helix", "", "most pairs in a row on it", SEWER,
                               DMG_FEATURES_STRUCTURE},
    [FEATURE_LONGEST_GAP] = {"longest_gap", "nt", "most unpaired bases in a row on an arm", SEWER,
                             DMG_FEATURES_STRUCTURE},
    [FEATURE_SYMMETRIC] = {"symmetric", "nt", "bases of its symmetric interior loops", SEWER,
                           DMG_FEATURES_STRUCTURE},
    [FEATURE_ASYMMETRIC] = {"asymmetric", "nt", "bases of its other interior loops and bulges",
                            SEWER, DMG_FEATURES_STRUCTURE},
    [FEATURE_ARM_PAIRED] = {"arm_paired", "", "paired share of both arms", SEWER,
                            DMG_FEATURES_STRUCTURE},
    [FEATURE_OVERHANG] = {"overhang", "nt", "bases outside of it", SEWER, DMG_FEATURES_STRUCTURE},
    [FEATURE_DH] = {"dH", "kcal/mol", "enthalpy", BATUWITA, DMG_FEATURES_STRUCTURE},
    [FEATURE_DS] = {"dS", "cal/mol/K", "1000 (dH - mfe) / 310.15", BATUWITA,
                    DMG_FEATURES_STRUCTURE},
    [FEATURE_TM] = {"Tm", "C", "1000 dH / dS - 273.15", BATUWITA, DMG_FEATURES_STRUCTURE},
    [FEATURE_DH_LENGTH] = {"dH/L", "kcal/mol/nt", "dH / L", BATUWITA, DMG_FEATURES_STRUCTURE},
    [FEATURE_DS_LENGTH] = {"dS/L", "cal/mol/K/nt", "dS / L", BATUWITA, DMG_FEATURES_STRUCTURE},
    [FEATURE_TM_LENGTH] = {"Tm/L", "C/nt", "Tm / L", BATUWITA, DMG_FEATURES_STRUCTURE},

    [FEATURE_DQ] = {"dQ", "bit/nt", "-sum p log2 p / L", NG, DMG_FEATURES_ENSEMBLE},
    [FEATURE_DD] = {"dD", "1/nt", "sum p (1 - p) / L", NG, DMG_FEATURES_ENSEMBLE},
    [FEATURE_NEFE] = {"NEFE", "kcal/mol/nt", "ensemble free energy / L", BATUWITA,
                      DMG_FEATURES_ENSEMBLE},
    [FEATURE_FREQUENCY] = {"frequency", "", "of the structure in the ensemble", BATUWITA,
                           DMG_FEATURES_ENSEMBLE},
    [FEATURE_DIVERSITY] = {"diversity", "", "2 sum p (1 - p)", BATUWITA, DMG_FEATURES_ENSEMBLE},
    [FEATURE_DIFF] = {"diff", "kcal/mol/nt", "abs(mfe - ensemble free energy) / L", BATUWITA,
                      DMG_FEATURES_ENSEMBLE},

    [FEATURE_P_VALUE] = {"p_value", "", "shuffles with mfe at most this / (shuffles + 1)", JIANG,
                         DMG_FEATURES_SHUFFLES},
    [FEATURE_ZG] = {"zG", "", "z score of dG among shuffles", NG, DMG_FEATURES_SHUFFLES},
    [FEATURE_ZP] = {"zP", "", "z score of dP among shuffles", NG, DMG_FEATURES_SHUFFLES},
    [FEATURE_ZF] = {"zF", "", "z score of dF among shuffles", NG, DMG_FEATURES_SHUFFLES},
    [FEATURE_ZQ] = {"zQ", "", "z score of dQ among shuffles", NG, DMG_FEATURES_SHUFFLED_ENSEMBLES},
    [FEATURE_ZD] = {"zD", "", "z score of dD among shuffles", NG, DMG_FEATURES_SHUFFLED_ENSEMBLES},
};

size_t dmg_feature_count(void)
{
    return FEATURES;
}

const dmg_feature_column *dmg_feature_get(size_t k)
{
    return &table[k];
}

size_t dmg_feature_find(const char *name)
{
    for (size_t k = 0; k < FEATURES; k++)
        if (strcmp(table[k].name, name) == 0) return k;
    return FEATURES;
}
