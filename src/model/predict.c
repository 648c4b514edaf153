/* Predictions: each sequence encoded and passed through the network by one of the threads.
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/parallel.h"
#include "deepmirgene/encode.h"
#include "model/model.h"
#include "model/sample.h"

/* What one thread works with. */
typedef struct predict_worker {
    network_workspace *network;
    sample_buffer sample;
} predict_worker;

struct dmg_predictor {
    const dmg_model *model;
    int threads;
    predict_worker *workers; /* [threads] */
};

dmg_status dmg_predictor_create(dmg_predictor **out, const dmg_model *model, int threads,
                                dmg_cpu cpu, dmg_error *err)
{
    dmg_status st = dmg_cpu_resolve(&cpu, err);
    if (st != DMG_OK) return st;
    dmg_predictor *predictor = dmg_alloc_zero(1, sizeof *predictor);
    if (!predictor) return dmg_error_nomem(err, "the predictor");
    predictor->model = model;
    predictor->threads = threads;
    predictor->workers = dmg_alloc_zero((size_t)threads, sizeof *predictor->workers);
    st = predictor->workers ? DMG_OK : dmg_error_nomem(err, "the predictor");
    for (int w = 0; st == DMG_OK && w < threads; w++)
        st = network_workspace_create(&predictor->workers[w].network, model_network(model), err);
    if (st == DMG_OK)
        *out = predictor;
    else
        dmg_predictor_destroy(predictor);
    return st;
}

void dmg_predictor_destroy(dmg_predictor *predictor)
{
    if (!predictor) return;
    for (int w = 0; predictor->workers && w < predictor->threads; w++) {
        network_workspace_destroy(predictor->workers[w].network);
        sample_clear(&predictor->workers[w].sample);
    }
    free(predictor->workers);
    free(predictor);
}

static dmg_status predict_one(predict_worker *worker, const dmg_model *model,
                              dmg_predict_task *task, dmg_error *err)
{
    network_sample sample;
    dmg_status st = sample_encode(&sample, &worker->sample, dmg_model_architecture(model),
                                  task->sequence, task->structure, task->length, err);
    if (st == DMG_OK) st = network_workspace_reserve(worker->network, &sample, err);
    if (st != DMG_OK) return st;
    float output[DMG_OUTPUTS];
    network_forward(output, worker->network, model_params(model), &sample, NULL);
    task->p_mirna = output[0];
    return DMG_OK;
}

typedef struct predict_loop {
    dmg_predictor *predictor;
    dmg_predict_task *tasks;
} predict_loop;

static dmg_status predict_turn(void *context, int worker, size_t i, dmg_error *err)
{
    const predict_loop *loop = context;
    return predict_one(&loop->predictor->workers[worker], loop->predictor->model, &loop->tasks[i],
                       err);
}

dmg_status dmg_predict(dmg_predictor *predictor, dmg_predict_task *tasks, size_t count,
                       dmg_error *err)
{
    predict_loop loop = {.predictor = predictor, .tasks = tasks};
    return dmg_parallel_for(count, predictor->threads, predict_turn, &loop, err);
}
