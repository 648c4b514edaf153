/* SPDX-License-Identifier: MIT */
/* Predictions: sequences of like length encoded and passed through the network in batches, each by
 * one of the threads.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/parallel.h"
#include "deepmirgene/calibration.h"
#include "deepmirgene/encode.h"
#include "model/model.h"
#include "model/network_run.h"
#include "model/sample.h"

/* What one thread works with. */
typedef struct predict_worker {
    network_run *run;
    sample_buffer samples[NETWORK_MAX_BATCH];
} predict_worker;

struct dmg_predictor {
    const dmg_model *model;
    int threads;
    network_weights *weights[DMG_MAX_MEMBERS + 1]; /* those for long sequences after the members */
    size_t batch;     /* samples that go through the network together */
    size_t long_from; /* shortest task for the network of long sequences; SIZE_MAX: none */
    bool calibrated;
    dmg_calibration calibration, long_calibration; /* at the prior that is wanted */
    predict_worker *workers;                       /* [threads] */
    network_waiting *waiting;                      /* [capacity] the tasks of a call, sorted */
    size_t capacity;
};

static dmg_status create_weights(dmg_predictor *predictor, dmg_cpu cpu, dmg_error *err)
{
    const dmg_model *model = predictor->model;
    const bool has_long = dmg_model_long_from(model) != SIZE_MAX;
    for (size_t m = 0; m < dmg_model_members(model) + has_long; m++) {
        const dmg_status st =
            network_weights_create(&predictor->weights[m], model_network(model), cpu, err);
        if (st != DMG_OK) return st;
        network_weights_set(predictor->weights[m], model_params(model, m));
    }
    return DMG_OK;
}

/* The predictor's parts; what was made before a failure is left to dmg_predictor_destroy. */
static dmg_status predictor_init(dmg_predictor *predictor, dmg_cpu cpu, dmg_error *err)
{
    const size_t threads = (size_t)predictor->threads;
    predictor->workers = dmg_alloc_zero(threads, sizeof *predictor->workers);
    if (!predictor->workers) return dmg_error_nomem(err, "the predictor");
    dmg_status st = create_weights(predictor, cpu, err);
    if (st == DMG_OK) predictor->batch = network_weights_batch(predictor->weights[0]);
    for (size_t w = 0; st == DMG_OK && w < threads; w++)
        st = network_run_create(&predictor->workers[w].run, predictor->weights[0], predictor->batch,
                                err);
    return st;
}

dmg_status dmg_predictor_create(dmg_predictor **out, const dmg_model *model, int threads,
                                dmg_cpu cpu, dmg_error *err)
{
    dmg_status st = dmg_threads_check(threads, err);
    if (st == DMG_OK) st = dmg_cpu_resolve(&cpu, err);
    if (st != DMG_OK) return st;
    dmg_predictor *predictor = dmg_alloc_zero(1, sizeof *predictor);
    if (!predictor) return dmg_error_nomem(err, "the predictor");
    predictor->model = model;
    predictor->threads = threads;
    predictor->long_from = SIZE_MAX;
    predictor->calibrated = dmg_model_calibration(&predictor->calibration, model);
    predictor->long_calibration = model_long_calibration(model);
    st = predictor_init(predictor, cpu, err);
    if (st == DMG_OK)
        *out = predictor;
    else
        dmg_predictor_destroy(predictor);
    return st;
}

dmg_status dmg_predictor_set_prior(dmg_predictor *predictor, double prior, dmg_error *err)
{
    if (!(prior > 0 && prior < 1))
        return dmg_error_set(err, DMG_RANGE, "prior %g is not between 0 and 1", prior);
    if (!predictor->calibrated)
        return dmg_error_set(err, DMG_UNSUPPORTED,
                             "the model is not calibrated, so its probabilities cannot be adjusted "
                             "to a prior; calibrate it with 'deepmirgene calibrate'");
    predictor->calibration = dmg_calibration_restate(predictor->calibration, prior);
    if (dmg_model_long_from(predictor->model) != SIZE_MAX)
        predictor->long_calibration = dmg_calibration_restate(predictor->long_calibration, prior);
    return DMG_OK;
}

void dmg_predictor_use_long(dmg_predictor *predictor, bool use)
{
    predictor->long_from = use ? dmg_model_long_from(predictor->model) : SIZE_MAX;
}

void dmg_predictor_destroy(dmg_predictor *predictor)
{
    if (!predictor) return;
    for (int w = 0; predictor->workers && w < predictor->threads; w++) {
        predict_worker *worker = &predictor->workers[w];
        network_run_destroy(worker->run);
        for (size_t k = 0; k < NETWORK_MAX_BATCH; k++) sample_clear(&worker->samples[k]);
    }
    for (size_t m = 0; m <= DMG_MAX_MEMBERS; m++) network_weights_destroy(predictor->weights[m]);
    free(predictor->waiting);
    free(predictor->workers);
    free(predictor);
}

typedef struct predict_loop {
    dmg_predictor *predictor;
    dmg_predict_task *tasks;
    size_t count, longer; /* sorted tasks; the long ones, which come first */
} predict_loop;

/* Sorted tasks [first, first + count) that the same networks score. */
typedef struct predict_range {
    size_t first, count;
    bool is_long;
} predict_range;

static size_t batches_of(const dmg_predictor *predictor, size_t count)
{
    return (count + predictor->batch - 1) / predictor->batch;
}

/* The g-th batch: those of the long tasks come first. */
static predict_range range_of(const predict_loop *loop, size_t g)
{
    const size_t batch = loop->predictor->batch, before = batches_of(loop->predictor, loop->longer);
    predict_range range = {.is_long = g < before};
    range.first = range.is_long ? g * batch : loop->longer + (g - before) * batch;
    const size_t left = (range.is_long ? loop->longer : loop->count) - range.first;
    range.count = left < batch ? left : batch;
    return range;
}

/* means [range.count] of what the networks of the range put out for the samples. */
static dmg_status average_networks(float *means, const dmg_predictor *predictor, network_run *run,
                                   const network_sample *samples, predict_range range,
                                   dmg_error *err)
{
    const size_t members = dmg_model_members(predictor->model), count = range.count;
    const size_t first = range.is_long ? members : 0, networks = range.is_long ? 1 : members;
    double sums[NETWORK_MAX_BATCH] = {0};
    for (size_t m = first; m < first + networks; m++) {
        float outputs[NETWORK_MAX_BATCH][DMG_OUTPUTS];
        network_run_use(run, predictor->weights[m]);
        const dmg_status st = network_run_forward(outputs, run, samples, count, false, NULL, err);
        if (st != DMG_OK) return st;
        for (size_t k = 0; k < count; k++) sums[k] += (double)outputs[k][0];
    }
    for (size_t k = 0; k < count; k++) means[k] = (float)(sums[k] / (double)networks);
    return DMG_OK;
}

/* What a task gets of what the networks say. */
static float final_probability(const dmg_predictor *predictor, bool is_long, float p)
{
    if (!predictor->calibrated) return p;
    return (float)dmg_calibration_apply(
        is_long ? &predictor->long_calibration : &predictor->calibration, (double)p);
}

/* The g-th batch of the sorted tasks. */
static dmg_status predict_batch(void *context, int w, size_t g, dmg_error *err)
{
    const predict_loop *loop = context;
    const dmg_architecture *architecture = dmg_model_architecture(loop->predictor->model);
    predict_worker *worker = &loop->predictor->workers[w];
    const predict_range range = range_of(loop, g);
    const network_waiting *waiting = loop->predictor->waiting + range.first;
    const size_t count = range.count;
    network_sample samples[NETWORK_MAX_BATCH];
    float means[NETWORK_MAX_BATCH];
    dmg_status st = DMG_OK;
    for (size_t k = 0; st == DMG_OK && k < count; k++) {
        const dmg_predict_task *task = &loop->tasks[waiting[k].index];
        st = sample_encode(&samples[k], &worker->samples[k], architecture, task->sequence,
                           task->structure, task->length, task->energy, err);
    }
    if (st == DMG_OK)
        st = average_networks(means, loop->predictor, worker->run, samples, range, err);
    for (size_t k = 0; st == DMG_OK && k < count; k++)
        loop->tasks[waiting[k].index].p_mirna =
            final_probability(loop->predictor, range.is_long, means[k]);
    for (size_t k = 0; st == DMG_OK && k < count; k++)
        if (!(means[k] >= 0 && means[k] <= 1))
            st = dmg_error_set(err, DMG_RANGE,
                               "the model gives %g as the probability of a sequence of %zu "
                               "nucleotides: its weights are too large",
                               (double)means[k], waiting[k].length);
    return st;
}

/* Sorted tasks that the network for long sequences scores. */
static size_t count_long(const dmg_predictor *predictor, size_t count)
{
    size_t longer = 0;
    while (longer < count && predictor->waiting[longer].length >= predictor->long_from) longer++;
    return longer;
}

dmg_status dmg_predict(dmg_predictor *predictor, dmg_predict_task *tasks, size_t count,
                       dmg_error *err)
{
    if (!dmg_grow(&predictor->waiting, &predictor->capacity, count, sizeof *predictor->waiting))
        return dmg_error_nomem(err, "the predictor");
    for (size_t i = 0; i < count; i++) {
        if (tasks[i].length == 0)
            return dmg_error_set(err, DMG_RANGE, "sequence number %zu to score is empty", i + 1);
        predictor->waiting[i] = (network_waiting){tasks[i].length, i};
    }
    network_waiting_sort(predictor->waiting, count);
    const size_t longer = count_long(predictor, count);
    predict_loop loop = {.predictor = predictor, .tasks = tasks, .count = count, .longer = longer};
    const size_t batches = batches_of(predictor, longer) + batches_of(predictor, count - longer);
    return dmg_parallel_for(batches, predictor->threads, predict_batch, &loop, err);
}
