/* SPDX-License-Identifier: MIT */
/* Features of RNA sequences by which programs of this field tell precursors from other hairpins.
 *
 * They are those of triplet-SVM (Xue et al. 2005), miPred (Ng & Mishra 2007), microPred (Batuwita &
 * Palade 2009), MiPred (Jiang et al. 2007), and of Sewer et al. 2005 and others for the stem.
 * doc/features.md has the table with its sources.
 */
#ifndef DMG_FEATURES_H
#define DMG_FEATURES_H

#include <stddef.h>
#include <stdint.h>

#include "deepmirgene/cpu.h"
#include "deepmirgene/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a feature is computed from; a set of bits. */
typedef enum dmg_feature_family {
    DMG_FEATURES_SEQUENCE = 1 << 0,           /* the letters */
    DMG_FEATURES_STRUCTURE = 1 << 1,          /* the structure and its energy */
    DMG_FEATURES_ENSEMBLE = 1 << 2,           /* all structures, as by dmg_pairing_fold */
    DMG_FEATURES_SHUFFLES = 1 << 3,           /* the structures of shuffled sequences */
    DMG_FEATURES_SHUFFLED_ENSEMBLES = 1 << 4, /* the ensembles of shuffled sequences */
} dmg_feature_family;

/* Those that need no shuffles. */
#define DMG_FEATURES_PLAIN (DMG_FEATURES_SEQUENCE | DMG_FEATURES_STRUCTURE | DMG_FEATURES_ENSEMBLE)
#define DMG_FEATURES_ALL                                                                           \
    (DMG_FEATURES_PLAIN | DMG_FEATURES_SHUFFLES | DMG_FEATURES_SHUFFLED_ENSEMBLES)

/* One feature; constant strings. */
typedef struct dmg_feature_column {
    const char *name;
    const char *unit; /* "" for a plain number */
    const char *formula;
    const char *source; /* the article that has it */
    unsigned family;    /* of dmg_feature_family */
} dmg_feature_column;

DMG_API size_t dmg_feature_count(void);

/* The k-th feature, k < dmg_feature_count(); the order does not change. */
DMG_API const dmg_feature_column *dmg_feature_get(size_t k);

/* The place of a feature; dmg_feature_count() where none has that name. */
DMG_API size_t dmg_feature_find(const char *name);

typedef struct dmg_feature_options {
    unsigned families; /* what is wanted, of dmg_feature_family */
    int shuffles;      /* of each sequence, 1 .. DMG_FEATURES_MAX_SHUFFLES; dinucleotides and both
                        * ends stay (Altschul & Erickson 1985, Mol Biol Evol 2:526). Of ensembles a
                        * quarter of that, because an ensemble takes 20 times as long as a structure */
    uint64_t seed;     /* of the shuffles, which depend on it and on the sequence alone */
    dmg_cpu cpu;
} dmg_feature_options;

#define DMG_FEATURES_MAX_SHUFFLES 1000000

/* Working memory to compute features; one thread at a time may use it. */
typedef struct dmg_describer dmg_describer;

/* DMG_RANGE for a number of shuffles outside its limits; DMG_UNSUPPORTED as dmg_folder_create. */
DMG_API dmg_status dmg_describer_create(dmg_describer **out, const dmg_feature_options *options,
                                        dmg_error *err);
DMG_API void dmg_describer_destroy(dmg_describer *describer);

/* One sequence; all is the caller's. */
typedef struct dmg_feature_task {
    const char *sequence;  /* [length], upper case or lower, T or U */
    const char *structure; /* [length], dot-bracket */
    size_t length;         /* 1 .. DMG_FOLD_MAX_LENGTH */
    double *values; /* out: [dmg_feature_count()], NaN for those of no family that is wanted */
} dmg_feature_task;

/* A ratio whose denominator is 0 is 0, as in the programs that the features come from; letters
 * other than A C G U count in the length and in nothing else. Errors as by dmg_fold_evaluate (a
 * structure whose pairs have no energy is DMG_RANGE) and by dmg_pairing_fold. */
DMG_API dmg_status dmg_describe(dmg_describer *describer, const dmg_feature_task *task,
                                dmg_error *err);

#ifdef __cplusplus
}
#endif

#endif
