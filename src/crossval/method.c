/* SPDX-License-Identifier: MIT */
/* The network and the baselines, behind one interface. */
#include "crossval/method.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/rng.h"

static const char network_name[] = "network";

dmg_status method_init(method *out, const dmg_crossval_options *options, dmg_error *err)
{
    *out = (method){
        .network = true,
        .members = (size_t)options->members,
        .threshold = DMG_DEFAULT_THRESHOLD,
        .epochs = (size_t)options->training.epochs,
    };
    if (strcmp(options->method, network_name) == 0) return DMG_OK;
    *out = (method){.members = 1, .epochs = 1};
    const dmg_status st = dmg_baseline_parse(&out->baseline, options->method, err);
    if (st == DMG_OK) out->threshold = dmg_baseline_threshold(out->baseline);
    return st;
}

/* --- the network --- */

/* All metrics that follow from what the trainer keeps of an epoch. */
static dmg_crossval_epoch convert_epoch(const dmg_epoch *epoch)
{
    dmg_crossval_epoch out = {.loss = epoch->loss, .validation_loss = epoch->validation_loss};
    for (enum dmg_metric m = 0; m < DMG_METRICS; m++) out.values[m] = NAN;
    dmg_metrics_call_values(out.values, epoch->confusion);
    out.values[DMG_METRIC_AUROC] = epoch->ranks.auroc;
    out.values[DMG_METRIC_AUPR] = epoch->ranks.aupr;
    return out;
}

/* What is kept of a training while it goes on. */
typedef struct record_keeper {
    const method_task *task;
    dmg_crossval_epoch *history;
    size_t member;
    size_t kept;                      /* epochs, of the first member */
    size_t restored, restored_before; /* epochs of this member, and of those before it */
} record_keeper;

static dmg_status keep_epochs(void *context, const dmg_epoch *history, size_t count,
                              size_t restored, dmg_error *err)
{
    (void)err;
    record_keeper *k = context;
    for (; k->member == 0 && k->kept < count; k->kept++)
        k->history[k->kept] = convert_epoch(&history[k->kept]);
    k->restored = restored;
    const size_t before = k->member * (size_t)k->task->options->training.epochs;
    if (k->task->progress)
        k->task->progress(k->task->progress_context, before + count, k->restored_before + restored);
    return DMG_OK;
}

uint64_t method_member_seed(uint64_t seed, size_t member)
{
    if (member == 0) return seed;
    dmg_rng rng;
    dmg_rng_init_for(&rng, seed, DMG_RNG_MEMBER, member);
    return dmg_rng_next(&rng) >> 11; /* as long as JSON takes it */
}

/* The caller's to free; NULL when memory is out. */
static char *checkpoint_path(const char *begin, size_t member)
{
    const size_t capacity = strlen(begin) + 64;
    char *path = dmg_alloc(capacity, 1);
    if (path && member == 0) snprintf(path, capacity, "%s.checkpoint", begin);
    if (path && member > 0) snprintf(path, capacity, "%s-member%zu.checkpoint", begin, member + 1);
    return path;
}

/* Scores of the held-out records by one member. The checkpoint stays after the training: it is what
 * a finished run is resumed from. */
static dmg_status score_by_member(float *scores, record_keeper *keeper, dmg_error *err)
{
    const method_task *task = keeper->task;
    dmg_train_options training = task->options->training;
    char *checkpoint = checkpoint_path(task->checkpoints, keeper->member);
    training.seed = method_member_seed(task->seed, keeper->member);
    training.threads = task->threads;
    training.held_out = task->held_out;
    training.checkpoint = checkpoint;
    training.resume = true; /* whether there may be one has been looked at before */
    training.progress = keep_epochs;
    training.progress_context = keeper;
    dmg_model *model = NULL;
    dmg_status st = checkpoint ? DMG_OK : dmg_error_nomem(err, "a checkpoint");
    if (st == DMG_OK) st = dmg_train(&model, task->dataset, &training, err);
    if (st == DMG_OK)
        st = dmg_dataset_predict(scores, task->dataset, task->held_out, model, task->threads,
                                 training.cpu, err);
    dmg_model_destroy(model);
    free(checkpoint);
    return st;
}

/* The mean over the members, as dmg_predict takes it for a model that holds them. */
static dmg_status evaluate_network(dmg_crossval_epoch *history, float *scores, const method *m,
                                   const method_task *task, dmg_error *err)
{
    record_keeper keeper = {.task = task, .history = history};
    size_t count = 0;
    for (size_t i = 0; i < dmg_dataset_count(task->dataset); i++) count += task->held_out[i];
    double *sums = dmg_alloc_zero(count, sizeof *sums);
    dmg_status st = sums ? DMG_OK : dmg_error_nomem(err, "scores");
    for (; st == DMG_OK && keeper.member < m->members; keeper.member++) {
        st = score_by_member(scores, &keeper, err);
        for (size_t k = 0; st == DMG_OK && k < count; k++) sums[k] += (double)scores[k];
        keeper.restored_before += keeper.restored;
        keeper.restored = 0;
    }
    for (size_t k = 0; st == DMG_OK && k < count; k++)
        scores[k] = (float)(sums[k] / (double)m->members);
    free(sums);
    return st;
}

/* --- baselines --- */

/* A baseline cannot be stopped within a run, but before it and between its steps. */
static dmg_status check_stop(const method_task *task, dmg_error *err)
{
    const volatile sig_atomic_t *stop = task->options->training.stop;
    return stop && *stop ? dmg_error_set(err, DMG_STOPPED, "stopped on request") : DMG_OK;
}

static dmg_status evaluate_baseline(dmg_crossval_epoch *history, float *scores, const method *m,
                                    const method_task *task, dmg_error *err)
{
    const size_t records = dmg_dataset_count(task->dataset);
    dmg_baseline *baseline = NULL;
    float *all = dmg_alloc(records, sizeof *all);
    bool *labels = dmg_alloc(records, sizeof *labels);
    dmg_status st = all && labels ? DMG_OK : dmg_error_nomem(err, "scores");
    if (st == DMG_OK) st = check_stop(task, err);
    if (st == DMG_OK)
        st = dmg_baseline_train(&baseline, m->baseline, task->dataset, task->held_out, task->seed,
                                task->threads, err);
    if (st == DMG_OK) st = check_stop(task, err);
    if (st == DMG_OK) st = dmg_baseline_score(all, baseline, task->dataset, task->threads, err);
    if (st == DMG_OK) {
        size_t filled = 0;
        for (size_t i = 0; i < records; i++) {
            if (!task->held_out[i]) continue;
            labels[filled] = dmg_dataset_get(task->dataset, i).positive;
            scores[filled++] = all[i];
        }
        *history = (dmg_crossval_epoch){.loss = NAN, .validation_loss = NAN};
        st = dmg_metrics_values(history->values, scores, labels, filled, m->threshold, err);
    }
    if (st == DMG_OK && task->progress) task->progress(task->progress_context, 1, 0);
    dmg_baseline_destroy(baseline);
    free(labels);
    free(all);
    return st;
}

dmg_status method_evaluate(dmg_crossval_epoch *history, float *scores, const method *m,
                           const method_task *task, dmg_error *err)
{
    return m->network ? evaluate_network(history, scores, m, task, err)
                      : evaluate_baseline(history, scores, m, task, err);
}
