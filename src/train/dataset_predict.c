/* SPDX-License-Identifier: MIT */
/* What a model says of the records of a dataset. */
#include "train/dataset_predict.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

dmg_status dataset_predict(float *p, const dmg_model *model, const dmg_dataset *dataset,
                           int threads, dmg_cpu cpu, dmg_error *err)
{
    const size_t count = dmg_dataset_count(dataset);
    dmg_predictor *predictor = NULL;
    dmg_predict_task *tasks = dmg_alloc(count, sizeof *tasks);
    dmg_status st = tasks ? DMG_OK : dmg_error_nomem(err, "predictions");
    for (size_t i = 0; st == DMG_OK && i < count; i++) {
        const dmg_dataset_record record = dmg_dataset_get(dataset, i);
        tasks[i] = (dmg_predict_task){
            .sequence = record.sequence,
            .structure = record.structure,
            .length = record.length,
            .energy = record.energy,
        };
    }
    if (st == DMG_OK) st = dmg_predictor_create(&predictor, model, threads, cpu, err);
    if (st == DMG_OK) st = dmg_predict(predictor, tasks, count, err);
    for (size_t i = 0; st == DMG_OK && i < count; i++) p[i] = tasks[i].p_mirna;
    dmg_predictor_destroy(predictor);
    free(tasks);
    return st;
}
