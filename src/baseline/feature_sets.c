/* SPDX-License-Identifier: MIT */
#include "baseline/feature_sets.h"

#include <math.h>

#include "base/error.h"
#include "features/triplets.h"

static const char *const no_names[] = {NULL};

/* Jiang et al. 2007. */
static const char *const mipred_names[] = {"mfe", "p_value", NULL};

/* The 21 that Batuwita & Palade 2009 selected. */
static const char *const micropred_names[] = {
    "G+C",  "MFEI1", "MFEI2",    "MFEI3",    "MFEI4",    "dG",        "dQ",         "dF",
    "zD",   "NEFE",  "diff",     "dS",       "dS/L",     "diversity", "pairs/stem", "AU/L",
    "GC/L", "GU/L",  "AU/stems", "GC/stems", "GU/stems", NULL};

enum { MIPRED_SHUFFLES = 200, SHUFFLES = 100 };

static const feature_set sets[DMG_BASELINE_METHODS] = {
    [DMG_BASELINE_TRIPLET_SVM] = {.names = no_names, .triplets = true},
    [DMG_BASELINE_MIPRED] = {.names = mipred_names,
                             .triplets = true,
                             .families = DMG_FEATURES_STRUCTURE | DMG_FEATURES_SHUFFLES,
                             .shuffles = MIPRED_SHUFFLES},
    [DMG_BASELINE_MICROPRED] = {.names = micropred_names,
                                .families = DMG_FEATURES_PLAIN | DMG_FEATURES_SHUFFLED_ENSEMBLES,
                                .shuffles = SHUFFLES},
    [DMG_BASELINE_MIRBOOST] = {.families = DMG_FEATURES_PLAIN},
    [DMG_BASELINE_BOOSTED_TREES] = {.families = DMG_FEATURES_ALL, .shuffles = SHUFFLES},
};

const feature_set *feature_set_of(dmg_baseline_method method)
{
    return sets[method].names || sets[method].families ? &sets[method] : NULL;
}

/* Calls for each place among all features; returns how many, which it writes if `places` is not
 * NULL. */
static size_t list_places(size_t *places, const feature_set *set)
{
    size_t count = 0;
    for (size_t k = 0; !set->names && k < dmg_feature_count(); k++) {
        if (!(dmg_feature_get(k)->family & set->families)) continue;
        if (places) places[count] = k;
        count++;
    }
    for (size_t k = 0; set->names && set->names[k]; k++) {
        if (places) places[count] = dmg_feature_find(set->names[k]);
        count++;
    }
    return count;
}

size_t feature_set_columns(const feature_set *set)
{
    return (set->triplets ? TRIPLET_FEATURES : 0) + list_places(NULL, set);
}

enum { MOST_PLACES = 256 };

dmg_status feature_set_read(double *row, const feature_set *set, const dmg_dataset *dataset,
                            size_t i, dmg_error *err)
{
    const dmg_dataset_record record = dmg_dataset_get(dataset, i);
    if (set->triplets) {
        triplet_features(row, record.sequence, record.structure, record.length);
        row += TRIPLET_FEATURES;
    }
    if (set->families == 0) return DMG_OK;
    const double *features = dmg_dataset_features(dataset, i);
    size_t places[MOST_PLACES];
    const size_t count = list_places(places, set);
    for (size_t k = 0; k < count; k++) {
        if (!features || isnan(features[places[k]]))
            return dmg_error_set(
                err, DMG_RANGE, "record '%.80s' lacks features: dmg_baseline_prepare computes them",
                record.id);
        row[k] = features[places[k]];
    }
    return DMG_OK;
}

static void count_samples(size_t counts[2], const dmg_dataset *dataset, const bool *held_out)
{
    counts[0] = counts[1] = 0;
    for (size_t i = 0; i < dmg_dataset_count(dataset); i++)
        if (!held_out || !held_out[i]) counts[dmg_dataset_get(dataset, i).positive]++;
}

dmg_status feature_set_samples(samples *out, dmg_baseline_method method, const dmg_dataset *dataset,
                               const bool *held_out, dmg_error *err)
{
    const feature_set *const set = feature_set_of(method);
    size_t counts[2], n = 0;
    count_samples(counts, dataset, held_out);
    if (counts[0] < 2 || counts[1] < 2)
        return dmg_error_set(
            err, DMG_RANGE,
            "%s needs at least two precursors and two other sequences, not %zu and %zu",
            dmg_baseline_name(method), counts[1], counts[0]);
    dmg_status st = samples_init(out, counts[0] + counts[1], feature_set_columns(set), err);
    if (st != DMG_OK) return st;
    out->class_counts[0] = counts[0];
    out->class_counts[1] = counts[1];
    for (size_t i = 0; st == DMG_OK && i < dmg_dataset_count(dataset); i++) {
        if (held_out && held_out[i]) continue;
        out->labels[n] = dmg_dataset_get(dataset, i).positive;
        st = feature_set_read(out->values + n++ * out->columns, set, dataset, i, err);
    }
    return st;
}
