/* SPDX-License-Identifier: MIT */
/* All features of one sequence: it is folded as far as they need it, then each family is filled in,
 * first of the sequence itself and then of its shuffles. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/pair_table.h"
#include "deepmirgene/fold.h"
#include "deepmirgene/pairing.h"
#include "features/columns.h"
#include "features/composition.h"
#include "features/shuffle.h"
#include "features/structure.h"

enum { TEXTS = 4 }; /* a shuffle; three structures */

struct dmg_describer {
    dmg_feature_options options;
    dmg_folder *folder;
    size_t capacity;   /* bases of all that follows */
    char *texts;       /* [TEXTS * (capacity + 1)] */
    size_t *partner;   /* [capacity] */
    size_t *followers; /* [capacity] of the shuffler */
    double *pairs;     /* [capacity (capacity - 1) / 2] */
    tree_graph tree;
};

/* --- working memory --- */

dmg_status dmg_describer_create(dmg_describer **out, const dmg_feature_options *options,
                                dmg_error *err)
{
    const unsigned shuffled = DMG_FEATURES_SHUFFLES | DMG_FEATURES_SHUFFLED_ENSEMBLES;
    if ((options->families & shuffled) &&
        (options->shuffles < 1 || options->shuffles > DMG_FEATURES_MAX_SHUFFLES))
        return dmg_error_set(err, DMG_RANGE, "%d shuffles; expected 1 to %d", options->shuffles,
                             DMG_FEATURES_MAX_SHUFFLES);
    dmg_describer *describer = dmg_alloc_zero(1, sizeof *describer);
    if (!describer) return dmg_error_nomem(err, "features");
    describer->options = *options;
    const dmg_status st = dmg_folder_create(&describer->folder, 1, options->cpu, err);
    if (st == DMG_OK)
        *out = describer;
    else
        dmg_describer_destroy(describer);
    return st;
}

static void free_arrays(dmg_describer *d)
{
    free(d->texts);
    free(d->partner);
    free(d->followers);
    free(d->pairs);
    free(d->tree.parents);
    free(d->tree.inside);
    free(d->tree.around);
    free(d->tree.pivots);
}

void dmg_describer_destroy(dmg_describer *describer)
{
    if (!describer) return;
    dmg_folder_destroy(describer->folder);
    free_arrays(describer);
    free(describer);
}

static dmg_status reserve(dmg_describer *d, size_t length, dmg_error *err)
{
    const size_t size = length + 1;
    if (length <= d->capacity) return DMG_OK;
    free_arrays(d);
    d->capacity = 0;
    d->texts = dmg_alloc(TEXTS * size, 1);
    d->partner = dmg_alloc(size, sizeof *d->partner);
    d->followers = dmg_alloc(size, sizeof *d->followers);
    d->pairs = dmg_alloc(size * length / 2, sizeof *d->pairs);
    d->tree = (tree_graph){.parents = dmg_alloc(size, sizeof *d->tree.parents),
                           .inside = dmg_alloc(size, sizeof *d->tree.inside),
                           .around = dmg_alloc(size, sizeof *d->tree.around),
                           .pivots = dmg_alloc(size, sizeof *d->tree.pivots)};
    if (!d->texts || !d->partner || !d->followers || !d->pairs || !d->tree.parents ||
        !d->tree.inside || !d->tree.around || !d->tree.pivots)
        return dmg_error_nomem(err, "features");
    d->capacity = length;
    return DMG_OK;
}

static char *text_room(const dmg_describer *d, size_t k)
{
    return d->texts + k * (d->capacity + 1);
}

/* --- families --- */

static void fill_ensemble(double *values, const dmg_pairing_task *task)
{
    const double length = (double)task->length, mfe = task->energy / 100.0;
    double entropy = 0, distance = 0;
    for (size_t k = 0; k < task->length * (task->length - 1) / 2; k++) {
        const double p = task->probabilities[k];
        if (p > 0) entropy -= p * log2(p);
        distance += p * (1 - p);
    }
    values[FEATURE_DQ] = entropy / length;
    values[FEATURE_DD] = distance / length;
    values[FEATURE_NEFE] = task->ensemble_energy / length + 0.0; /* 0, not -0, without pairs */
    values[FEATURE_FREQUENCY] = task->frequency;
    values[FEATURE_DIVERSITY] = task->diversity;
    values[FEATURE_DIFF] = fabs(mfe - task->ensemble_energy) / length;
}

static const double folding_temperature = 310.15, freezing_point = 273.15; /* K */

/* Of the structure whose free energy is known. At the melting temperature Tm its free energy is 0.
 */
static dmg_status fill_enthalpy(double *values, const char *sequence, const char *structure,
                                size_t length, dmg_error *err)
{
    int enthalpy = 0;
    const dmg_status st = dmg_fold_enthalpy(&enthalpy, sequence, structure, length, err);
    const double dh = enthalpy / 100.0;
    const double ds = 1000 * (dh - values[FEATURE_MFE]) / folding_temperature;
    values[FEATURE_DH] = dh;
    values[FEATURE_DS] = ds;
    values[FEATURE_TM] = ds == 0 ? 0 : 1000 * dh / ds - freezing_point;
    for (int k = 0; k < 3; k++)
        values[FEATURE_DH_LENGTH + k] = values[FEATURE_DH + k] / (double)length;
    return st;
}

/* What of the letters, the structure and the ensemble is wanted. `structure` is [length] in room of
 * the describer, and given or to be folded. */
static dmg_status describe_one(double *values, dmg_describer *d, unsigned families,
                               const char *sequence, char *structure, size_t length, bool given,
                               dmg_error *err)
{
    int energy = 0;
    dmg_status st = DMG_OK;
    composition_features(values, sequence, length);
    if (families & DMG_FEATURES_ENSEMBLE) {
        dmg_pairing_task task = {.sequence = sequence,
                                 .length = length,
                                 .given = given,
                                 .structure = structure,
                                 .pairing = text_room(d, 2),
                                 .centroid = text_room(d, 3),
                                 .probabilities = d->pairs};
        st = dmg_pairing_fold(d->folder, &task, 1, err);
        if (st == DMG_OK) fill_ensemble(values, &task);
        energy = task.energy;
    } else if (given) {
        st = dmg_fold_evaluate(&energy, sequence, structure, length, err);
    } else {
        dmg_fold_task task = {.sequence = sequence, .length = length, .structure = structure};
        st = dmg_fold(d->folder, &task, 1, err);
        energy = task.energy;
    }
    if (st == DMG_OK) st = dmg_pair_table(d->partner, structure, length, err);
    if (st != DMG_OK) return st;
    const folded_sequence folded = {sequence, structure, d->partner, length, energy / 100.0};
    structure_features(values, &folded, &d->tree);
    return given ? fill_enthalpy(values, sequence, structure, length, err) : DMG_OK;
}

/* --- shuffles --- */

/* Features that have a z score, and where it goes. */
static const struct {
    int of, to;
    unsigned family;
} scored[] = {{FEATURE_DG, FEATURE_ZG, DMG_FEATURES_SHUFFLES},
              {FEATURE_DP, FEATURE_ZP, DMG_FEATURES_SHUFFLES},
              {FEATURE_DF, FEATURE_ZF, DMG_FEATURES_SHUFFLES},
              {FEATURE_DQ, FEATURE_ZQ, DMG_FEATURES_SHUFFLED_ENSEMBLES},
              {FEATURE_DD, FEATURE_ZD, DMG_FEATURES_SHUFFLED_ENSEMBLES}};
enum { SCORED = sizeof scored / sizeof *scored };

/* Running mean and sum of squared deviations (Welford 1962, Technometrics 4:419). */
typedef struct moments {
    double count, mean, squares;
} moments;

static void moments_add(moments *m, double x)
{
    const double before = x - m->mean;
    m->count++;
    m->mean += before / m->count;
    m->squares += before * (x - m->mean);
}

static double z_score(const moments *m, double x)
{
    const double deviation = m->count > 1 ? sqrt(m->squares / (m->count - 1)) : 0;
    return deviation > 1e-12 ? (x - m->mean) / deviation : 0;
}

/* How many shuffles there are of each family. */
static int shuffles_of(const dmg_feature_options *options, unsigned family)
{
    if (!(options->families & family)) return 0;
    return family == DMG_FEATURES_SHUFFLES ? options->shuffles : (options->shuffles + 3) / 4;
}

static int most_shuffles(const dmg_feature_options *options)
{
    const int structures = shuffles_of(options, DMG_FEATURES_SHUFFLES);
    const int ensembles = shuffles_of(options, DMG_FEATURES_SHUFFLED_ENSEMBLES);
    return structures > ensembles ? structures : ensembles;
}

static dmg_status describe_shuffles(dmg_describer *d, const dmg_feature_task *task, dmg_error *err)
{
    const dmg_feature_options *const options = &d->options;
    double values[FEATURES];
    moments m[SCORED] = {{0, 0, 0}};
    int as_low = 0;
    shuffler s;
    dmg_rng rng;
    shuffler_read(&s, d->followers, task->sequence, task->length);
    dmg_rng_init_for(&rng, options->seed, DMG_RNG_SHUFFLED_BASES,
                     dmg_hash_bytes(DMG_HASH_START, task->sequence, task->length) >> 8);
    for (int k = 0; k < most_shuffles(options); k++) {
        const bool ensemble = k < shuffles_of(options, DMG_FEATURES_SHUFFLED_ENSEMBLES);
        shuffler_draw(&s, text_room(d, 0), &rng);
        const dmg_status st =
            describe_one(values, d, ensemble ? DMG_FEATURES_ENSEMBLE : 0, text_room(d, 0),
                         text_room(d, 1), task->length, false, err);
        if (st != DMG_OK) return st;
        as_low += values[FEATURE_MFE] <= task->values[FEATURE_MFE] + 1e-9;
        for (int j = 0; j < SCORED; j++)
            if (k < shuffles_of(options, scored[j].family))
                moments_add(&m[j], values[scored[j].of]);
    }
    task->values[FEATURE_P_VALUE] = as_low / (options->shuffles + 1.0);
    for (int j = 0; j < SCORED; j++)
        task->values[scored[j].to] = z_score(&m[j], task->values[scored[j].of]);
    return DMG_OK;
}

dmg_status dmg_describe(dmg_describer *describer, const dmg_feature_task *task, dmg_error *err)
{
    const unsigned wanted = describer->options.families;
    const bool ensemble = wanted & (DMG_FEATURES_ENSEMBLE | DMG_FEATURES_SHUFFLED_ENSEMBLES);
    if (task->length == 0 || task->length > DMG_FOLD_MAX_LENGTH)
        return dmg_error_set(err, DMG_RANGE, "a sequence of %zu nucleotides; expected 1 to %d",
                             task->length, DMG_FOLD_MAX_LENGTH);
    dmg_status st = reserve(describer, task->length, err);
    if (st != DMG_OK) return st;
    char *const structure = text_room(describer, 1);
    memcpy(structure, task->structure, task->length);
    structure[task->length] = '\0';
    st = describe_one(task->values, describer, ensemble ? DMG_FEATURES_ENSEMBLE : 0, task->sequence,
                      structure, task->length, true, err);
    if (st == DMG_OK && most_shuffles(&describer->options) > 0)
        st = describe_shuffles(describer, task, err);
    for (size_t k = 0; k < FEATURES; k++)
        if (!(dmg_feature_get(k)->family & wanted)) task->values[k] = NAN;
    return st;
}
