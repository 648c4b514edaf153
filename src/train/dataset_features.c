/* SPDX-License-Identifier: MIT */
/* Features of all records of a dataset. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/parallel.h"
#include "train/dataset.h"

typedef struct feature_job {
    const dmg_dataset *dataset;
    dmg_describer **describers; /* [threads] */
    double *values;             /* [records * dmg_feature_count()] */
} feature_job;

static dmg_status describe_record(void *context, int worker, size_t i, dmg_error *err)
{
    const feature_job *const job = context;
    const dmg_dataset_record record = dmg_dataset_get(job->dataset, i);
    dmg_error reason;
    if (!record.structure)
        return dmg_error_set(err, DMG_RANGE, "record '%.80s' has not been folded", record.id);
    const dmg_feature_task task = {.sequence = record.sequence,
                                   .structure = record.structure,
                                   .length = record.length,
                                   .values = job->values + i * dmg_feature_count()};
    const dmg_status st = dmg_describe(job->describers[worker], &task, &reason);
    if (st == DMG_OK) return st;
    return dmg_error_set(err, st, "record '%.80s': %s", record.id, reason.message);
}

dmg_status dmg_dataset_compute_features(dmg_dataset *dataset, const dmg_feature_options *options,
                                        int threads, dmg_error *err)
{
    dmg_status st = dmg_threads_check(threads, err);
    if (st != DMG_OK) return st;
    const size_t count = dmg_dataset_count(dataset);
    feature_job job = {.dataset = dataset};
    job.describers = dmg_alloc_zero((size_t)threads, sizeof(dmg_describer *));
    job.values = dmg_alloc(count * dmg_feature_count(), sizeof *job.values);
    if (!job.describers || !job.values) st = dmg_error_nomem(err, "features");
    for (int w = 0; st == DMG_OK && w < threads; w++)
        st = dmg_describer_create(&job.describers[w], options, err);
    if (st == DMG_OK) st = dmg_parallel_for(count, threads, describe_record, &job, err);
    for (int w = 0; job.describers && w < threads; w++) dmg_describer_destroy(job.describers[w]);
    free(job.describers);
    if (st == DMG_OK)
        dataset_set_features(dataset, job.values);
    else
        free(job.values);
    return st;
}
