/* SPDX-License-Identifier: MIT */
/* What all classifiers of this folder share: names, thresholds, and the loop over records. */
#include "deepmirgene/baseline.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/parallel.h"
#include "baseline/boosted_svm.h"
#include "baseline/cshmm.h"
#include "baseline/feature_sets.h"
#include "baseline/forest.h"
#include "baseline/mirena.h"
#include "baseline/svm.h"
#include "deepmirgene/fold.h"

/* Of what a method learns, one is there. */
struct dmg_baseline {
    dmg_baseline_method method;
    machine *svm;
    forest *trees;
    boosted_machines *boosted;
    cshmm *hmm;
    char choice[64];
};

static const struct {
    const char *name;
    double threshold;
} methods[DMG_BASELINE_METHODS] = {
    [DMG_BASELINE_MFE_PER_LENGTH] = {"mfe-per-length", NAN},
    [DMG_BASELINE_LENGTH] = {"length", NAN},
    [DMG_BASELINE_TRIPLET_SVM] = {"triplet-svm", 0},
    [DMG_BASELINE_MIRENA] = {"mirena", MIRENA_CRITERIA},
    [DMG_BASELINE_MIPRED] = {"mipred", 0.5},
    [DMG_BASELINE_MICROPRED] = {"micropred", 0},
    [DMG_BASELINE_MIRBOOST] = {"mirboost", 0},
    [DMG_BASELINE_BOOSTED_TREES] = {"boosted-trees", 0},
    [DMG_BASELINE_CSHMM] = {"cshmm", 0},
};

const char *dmg_baseline_name(dmg_baseline_method method)
{
    return methods[method].name;
}

double dmg_baseline_threshold(dmg_baseline_method method)
{
    return methods[method].threshold;
}

dmg_status dmg_baseline_parse(dmg_baseline_method *method, const char *name, dmg_error *err)
{
    char names[256] = "";
    for (int i = 0; i < DMG_BASELINE_METHODS; i++) {
        if (strcmp(name, methods[i].name) == 0) {
            *method = (dmg_baseline_method)i;
            return DMG_OK;
        }
        if (i > 0) strcat(names, ", ");
        strcat(names, methods[i].name);
    }
    return dmg_error_set(err, DMG_RANGE, "no baseline is called '%.80s'; there are %s", name,
                         names);
}

/* --- training --- */

static dmg_status check_folded(const dmg_dataset *dataset, dmg_error *err)
{
    for (size_t i = 0; i < dmg_dataset_count(dataset); i++) {
        const dmg_dataset_record record = dmg_dataset_get(dataset, i);
        if (!record.structure)
            return dmg_error_set(err, DMG_RANGE, "record '%.80s' has not been folded", record.id);
    }
    return DMG_OK;
}

dmg_status dmg_baseline_prepare(dmg_dataset *dataset, dmg_baseline_method method, uint64_t seed,
                                int threads, dmg_cpu cpu, dmg_error *err)
{
    const feature_set *const set = feature_set_of(method);
    if (!set || set->families == 0) return DMG_OK;
    const dmg_feature_options options = {
        .families = set->families, .shuffles = set->shuffles, .seed = seed, .cpu = cpu};
    return dmg_dataset_compute_features(dataset, &options, threads, err);
}

static dmg_status learn_svm(dmg_baseline *b, const samples *set, uint64_t seed, int threads,
                            dmg_error *err)
{
    machine_parameters chosen = {0};
    samples equal = {0};
    const bool all = b->method == DMG_BASELINE_TRIPLET_SVM; /* as it has always been */
    dmg_status st = all ? DMG_OK : samples_balanced(&equal, set, seed, err);
    if (st == DMG_OK) st = machine_search(&chosen, all ? set : &equal, seed, threads, err);
    samples_clear(&equal);
    if (st == DMG_OK) st = machine_train(&b->svm, set, chosen, err);
    snprintf(b->choice, sizeof b->choice, "C %g, gamma %g", chosen.cost, chosen.gamma);
    return st;
}

static dmg_status learn(dmg_baseline *b, const samples *set, uint64_t seed, int threads,
                        dmg_error *err)
{
    dmg_status st = DMG_OK;
    switch (b->method) {
    case DMG_BASELINE_TRIPLET_SVM:
    case DMG_BASELINE_MICROPRED: return learn_svm(b, set, seed, threads, err);
    case DMG_BASELINE_MIPRED: return forest_train(&b->trees, set, seed, threads, err);
    case DMG_BASELINE_MIRBOOST: return boosted_machines_train(&b->boosted, set, seed, threads, err);
    case DMG_BASELINE_BOOSTED_TREES: break;
    default: return DMG_OK;
    }
    st = boosted_train(&b->trees, set, seed, err);
    if (st == DMG_OK) snprintf(b->choice, sizeof b->choice, "%zu trees", forest_size(b->trees));
    return st;
}

static dmg_status learn_hmm(dmg_baseline *b, const dmg_dataset *dataset, const bool *held_out,
                            int threads, dmg_error *err)
{
    b->hmm = dmg_alloc(1, sizeof *b->hmm);
    if (!b->hmm) return dmg_error_nomem(err, "a hidden Markov model");
    const dmg_status st = cshmm_train(b->hmm, dataset, held_out, threads, err);
    if (st == DMG_OK) snprintf(b->choice, sizeof b->choice, "threshold %.4f", b->hmm->threshold);
    return st;
}

/* From the records that are not held out. */
static dmg_status learn_from(dmg_baseline *b, const dmg_dataset *dataset, const bool *held_out,
                             uint64_t seed, int threads, dmg_error *err)
{
    samples set = {0};
    if (b->method == DMG_BASELINE_CSHMM) return learn_hmm(b, dataset, held_out, threads, err);
    if (!feature_set_of(b->method)) return DMG_OK;
    dmg_status st = feature_set_samples(&set, b->method, dataset, held_out, err);
    if (st == DMG_OK) st = learn(b, &set, seed, threads, err);
    samples_clear(&set);
    return st;
}

dmg_status dmg_baseline_train(dmg_baseline **out, dmg_baseline_method method,
                              const dmg_dataset *dataset, const bool *held_out, uint64_t seed,
                              int threads, dmg_error *err)
{
    dmg_status st = dmg_threads_check(threads, err);
    if (st == DMG_OK) st = check_folded(dataset, err);
    if (st != DMG_OK) return st;
    dmg_baseline *baseline = dmg_alloc_zero(1, sizeof *baseline);
    if (!baseline) return dmg_error_nomem(err, "a baseline");
    baseline->method = method;
    st = learn_from(baseline, dataset, held_out, seed, threads, err);
    if (st == DMG_OK)
        *out = baseline;
    else
        dmg_baseline_destroy(baseline);
    return st;
}

void dmg_baseline_destroy(dmg_baseline *baseline)
{
    if (!baseline) return;
    machine_destroy(baseline->svm);
    forest_destroy(baseline->trees);
    boosted_machines_destroy(baseline->boosted);
    free(baseline->hmm);
    free(baseline);
}

const char *dmg_baseline_choice(const dmg_baseline *baseline)
{
    return baseline->choice;
}

/* --- scores --- */

static dmg_status find_energy(int *energy, const dmg_dataset_record *record, dmg_error *err)
{
    dmg_error reason = {0};
    const dmg_status st =
        dmg_fold_evaluate(energy, record->sequence, record->structure, record->length, &reason);
    if (st == DMG_OK) return st;
    return dmg_error_set(err, st, "record '%.80s': %s", record->id, reason.message);
}

/* By the methods that need the energy of the record. */
static dmg_status score_energy(float *score, dmg_baseline_method method,
                               const dmg_dataset_record *record, dmg_error *err)
{
    int energy = 0;
    const dmg_status st = find_energy(&energy, record, err);
    if (st != DMG_OK) return st;
    if (method == DMG_BASELINE_MIRENA)
        *score =
            (float)mirena_count_met(energy, record->sequence, record->structure, record->length);
    else
        *score = (float)(-energy / 100.0 / (double)record->length);
    return DMG_OK;
}

/* By a method that has learned, from the row of the record. */
static dmg_status score_row(float *score, const dmg_baseline *b, const double *row, dmg_error *err)
{
    double value = 0;
    dmg_status st = DMG_OK;
    if (b->svm) st = machine_decide(&value, b->svm, row, err);
    if (b->boosted) st = boosted_machines_score(&value, b->boosted, row, err);
    if (b->trees) value = forest_score(b->trees, row);
    *score = (float)value;
    return st;
}

static dmg_status score_likelihood(float *score, const cshmm *model,
                                   const dmg_dataset_record *record, dmg_error *err)
{
    double value = 0;
    const dmg_status st = cshmm_score(&value, model, record->sequence, record->length, err);
    *score = (float)value;
    return st;
}

typedef struct score_job {
    float *scores;
    const dmg_baseline *baseline;
    const dmg_dataset *dataset;
    const feature_set *set; /* NULL: the method has none */
    size_t columns;
    double *rows; /* [threads * columns] */
} score_job;

static dmg_status score_one(void *context, int worker, size_t i, dmg_error *err)
{
    const score_job *const job = context;
    const dmg_dataset_record record = dmg_dataset_get(job->dataset, i);
    float *const score = &job->scores[i];
    const dmg_baseline_method method = job->baseline->method;
    if (job->set) {
        double *const row = job->rows + (size_t)worker * job->columns;
        const dmg_status st = feature_set_read(row, job->set, job->dataset, i, err);
        return st == DMG_OK ? score_row(score, job->baseline, row, err) : st;
    }
    if (method == DMG_BASELINE_CSHMM)
        return score_likelihood(score, job->baseline->hmm, &record, err);
    if (method != DMG_BASELINE_LENGTH) return score_energy(score, method, &record, err);
    *score = -(float)record.length;
    return DMG_OK;
}

dmg_status dmg_baseline_score(float *scores, const dmg_baseline *baseline,
                              const dmg_dataset *dataset, int threads, dmg_error *err)
{
    dmg_status st = dmg_threads_check(threads, err);
    if (st == DMG_OK) st = check_folded(dataset, err);
    if (st != DMG_OK) return st;
    score_job job = {scores, baseline, dataset, feature_set_of(baseline->method), 0, NULL};
    if (job.set) job.columns = feature_set_columns(job.set);
    job.rows = dmg_alloc((size_t)threads * job.columns, sizeof *job.rows);
    if (job.rows)
        st = dmg_parallel_for(dmg_dataset_count(dataset), threads, score_one, &job, err);
    else
        st = dmg_error_nomem(err, "scores");
    free(job.rows);
    return st;
}
