/* SPDX-License-Identifier: MIT */
/* Predictions for batches of folded records. */
#include "judge.h"

#include <stdlib.h>

#include "command.h"
#include "row.h"

/* What one thread works with. */
typedef struct judge_worker {
    dmg_predictor *predictor;
    size_t capacity;
    dmg_predict_task *tasks; /* [capacity] */
} judge_worker;

struct judge {
    int threads;
    judge_worker *workers; /* [threads] */
};

dmg_status judge_create(judge **out, const dmg_model *model, double prior, int threads, dmg_cpu cpu,
                        dmg_error *err)
{
    judge *j = malloc(sizeof *j);
    if (!j) return command_nomem(err);
    j->threads = threads;
    j->workers = calloc((size_t)threads, sizeof *j->workers);
    dmg_status st = j->workers ? DMG_OK : command_nomem(err);
    for (int w = 0; st == DMG_OK && w < threads; w++) {
        st = dmg_predictor_create(&j->workers[w].predictor, model, 1, cpu, err);
        if (st == DMG_OK && prior > 0)
            st = dmg_predictor_set_prior(j->workers[w].predictor, prior, err);
    }
    if (st == DMG_OK)
        *out = j;
    else
        judge_destroy(j);
    return st;
}

void judge_destroy(judge *j)
{
    if (!j) return;
    for (int w = 0; j->workers && w < j->threads; w++) {
        dmg_predictor_destroy(j->workers[w].predictor);
        free(j->workers[w].tasks);
    }
    free(j->workers);
    free(j);
}

dmg_status judge_batch(judge *j, int worker_index, folded_batch *batch, dmg_error *err)
{
    judge_worker *worker = &j->workers[worker_index];
    if (batch->count > worker->capacity) {
        free(worker->tasks);
        worker->tasks = malloc(batch->count * sizeof *worker->tasks);
        worker->capacity = worker->tasks ? batch->count : 0;
        if (!worker->tasks) return command_nomem(err);
    }
    size_t tasks = 0;
    for (size_t i = 0; i < batch->count; i++) {
        const folded_record *folded = &batch->records[i];
        if (row_is_judged(folded))
            worker->tasks[tasks++] = (dmg_predict_task){
                .sequence = folded->record->sequence,
                .structure = folded->structure,
                .length = folded->record->length,
                .energy = folded->has_energy ? folded->energy : DMG_ENERGY_UNKNOWN,
            };
    }
    const dmg_status st = dmg_predict(worker->predictor, worker->tasks, tasks, err);
    for (size_t i = 0, task = 0; st == DMG_OK && i < batch->count; i++)
        if (row_is_judged(&batch->records[i]))
            batch->records[i].p_mirna = worker->tasks[task++].p_mirna;
    return st;
}
