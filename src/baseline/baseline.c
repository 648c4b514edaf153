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
#include "baseline/mirena.h"
#include "baseline/triplet_svm.h"
#include "deepmirgene/fold.h"

struct dmg_baseline {
    dmg_baseline_method method;
    triplet_svm *svm; /* of DMG_BASELINE_TRIPLET_SVM */
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

static dmg_status learn(dmg_baseline *baseline, const dmg_dataset *dataset, const bool *held_out,
                        uint64_t seed, int threads, dmg_error *err)
{
    if (baseline->method != DMG_BASELINE_TRIPLET_SVM) return DMG_OK;
    const dmg_status st = triplet_svm_train(&baseline->svm, dataset, held_out, seed, threads, err);
    if (st == DMG_OK)
        snprintf(baseline->choice, sizeof baseline->choice, "C %g, gamma %g",
                 triplet_svm_cost(baseline->svm), triplet_svm_gamma(baseline->svm));
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
    st = learn(baseline, dataset, held_out, seed, threads, err);
    if (st == DMG_OK)
        *out = baseline;
    else
        dmg_baseline_destroy(baseline);
    return st;
}

void dmg_baseline_destroy(dmg_baseline *baseline)
{
    if (!baseline) return;
    triplet_svm_destroy(baseline->svm);
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

typedef struct score_job {
    float *scores;
    const dmg_baseline *baseline;
    const dmg_dataset *dataset;
} score_job;

static dmg_status score_one(void *context, int worker, size_t i, dmg_error *err)
{
    (void)worker;
    const score_job *const job = context;
    const dmg_dataset_record record = dmg_dataset_get(job->dataset, i);
    float *const score = &job->scores[i];
    const dmg_baseline_method method = job->baseline->method;
    if (method == DMG_BASELINE_LENGTH)
        *score = -(float)record.length;
    else if (method == DMG_BASELINE_TRIPLET_SVM)
        *score = (float)triplet_svm_score(job->baseline->svm, &record);
    else
        return score_energy(score, method, &record, err);
    return DMG_OK;
}

dmg_status dmg_baseline_score(float *scores, const dmg_baseline *baseline,
                              const dmg_dataset *dataset, int threads, dmg_error *err)
{
    dmg_status st = dmg_threads_check(threads, err);
    if (st == DMG_OK) st = check_folded(dataset, err);
    if (st != DMG_OK) return st;
    score_job job = {scores, baseline, dataset};
    return dmg_parallel_for(dmg_dataset_count(dataset), threads, score_one, &job, err);
}
