/* SPDX-License-Identifier: MIT */
/* The scores of a dataset's records. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "deepmirgene/train.h"

/* Fills tasks with the chosen records, and returns how many they are. */
static size_t fill_tasks(dmg_predict_task *tasks, const dmg_dataset *dataset, const bool *chosen)
{
    size_t filled = 0;
    for (size_t i = 0; i < dmg_dataset_count(dataset); i++) {
        const dmg_dataset_record record = dmg_dataset_get(dataset, i);
        if (chosen && !chosen[i]) continue;
        tasks[filled++] = (dmg_predict_task){
            .sequence = record.sequence,
            .structure = record.structure,
            .length = record.length,
            .energy = record.energy,
        };
    }
    return filled;
}

dmg_status dmg_dataset_predict(float *scores, const dmg_dataset *dataset, const bool *chosen,
                               const dmg_model *model, int threads, dmg_cpu cpu, dmg_error *err)
{
    dmg_predictor *predictor = NULL;
    dmg_predict_task *tasks = dmg_alloc(dmg_dataset_count(dataset), sizeof *tasks);
    if (!tasks) return dmg_error_nomem(err, "predictions");
    const size_t count = fill_tasks(tasks, dataset, chosen);
    dmg_status st = dmg_predictor_create(&predictor, model, threads, cpu, err);
    if (st == DMG_OK) st = dmg_predict(predictor, tasks, count, err);
    for (size_t k = 0; st == DMG_OK && k < count; k++) scores[k] = tasks[k].p_mirna;
    dmg_predictor_destroy(predictor);
    free(tasks);
    return st;
}
