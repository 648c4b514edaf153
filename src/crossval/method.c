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
static const double network_threshold = 0.5;

dmg_status method_init(method *out, const dmg_crossval_options *options, dmg_error *err)
{
    *out = (method){
        .network = true,
        .members = (size_t)options->members,
        .threshold = network_threshold,
        .epochs = (size_t)options->training.epochs,
    };
    if (strcmp(options->method, network_name) == 0) return DMG_OK;
    *out = (method){.members = 1, .epochs = 1};
    const dmg_status st = dmg_baseline_parse(&out->baseline, options->method, err);
    if (st == DMG_OK) out->threshold = dmg_baseline_threshold(out->baseline);
    return st;
}

/* --- the network --- */

/* Expected from SE and SP where there are so many negatives for each positive. */
static double expected_ppv(double se, double sp, double negatives)
{
    const dmg_confusion c = {
        .tp = se, .fn = 1 - se, .fp = negatives * (1 - sp), .tn = negatives * sp};
    return dmg_metrics_calls(c).ppv;
}

/* The counts that gave SE and SP. */
static dmg_confusion confusion_of(const dmg_call_metrics *calls, double positives, double negatives)
{
    const double tp = positives > 0 ? round(calls->se * positives) : 0;
    const double tn = negatives > 0 ? round(calls->sp * negatives) : 0;
    return (dmg_confusion){.tp = tp, .fn = positives - tp, .tn = tn, .fp = negatives - tn};
}

/* All metrics that follow from what the trainer keeps of an epoch. */
static dmg_crossval_epoch convert_epoch(const dmg_epoch *epoch, double positives, double negatives)
{
    const dmg_confusion c = confusion_of(&epoch->calls, positives, negatives);
    const dmg_call_metrics even = dmg_metrics_calls(dmg_metrics_balanced(c));
    const dmg_call_metrics *raw = &epoch->calls;
    return (dmg_crossval_epoch){
        .loss = epoch->loss,
        .validation_loss = epoch->validation_loss,
        .values =
            {
                [DMG_METRIC_TP] = c.tp,
                [DMG_METRIC_FP] = c.fp,
                [DMG_METRIC_TN] = c.tn,
                [DMG_METRIC_FN] = c.fn,
                [DMG_METRIC_SE] = raw->se,
                [DMG_METRIC_SP] = raw->sp,
                [DMG_METRIC_GMEAN] = raw->gmean,
                [DMG_METRIC_ACC] = raw->acc,
                [DMG_METRIC_PPV] = raw->ppv,
                [DMG_METRIC_F] = raw->f,
                [DMG_METRIC_MCC] = raw->mcc,
                [DMG_METRIC_ACC_BALANCED] = even.acc,
                [DMG_METRIC_PPV_BALANCED] = even.ppv,
                [DMG_METRIC_F_BALANCED] = even.f,
                [DMG_METRIC_MCC_BALANCED] = even.mcc,
                [DMG_METRIC_PPV_10] = expected_ppv(raw->se, raw->sp, 10),
                [DMG_METRIC_PPV_100] = expected_ppv(raw->se, raw->sp, 100),
                [DMG_METRIC_PPV_1000] = expected_ppv(raw->se, raw->sp, 1000),
                [DMG_METRIC_AUROC] = epoch->ranks.auroc,
                [DMG_METRIC_AUPR] = epoch->ranks.aupr,
                [DMG_METRIC_RECALL_P50] = NAN,
                [DMG_METRIC_RECALL_P90] = NAN,
                [DMG_METRIC_BRIER] = NAN,
                [DMG_METRIC_ECE] = NAN,
            },
    };
}

/* What is kept of a training while it goes on. */
typedef struct record_keeper {
    const method_task *task;
    dmg_crossval_epoch *history;
    double positives, negatives; /* held out */
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
        k->history[k->kept] = convert_epoch(&history[k->kept], k->positives, k->negatives);
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

/* scores [held-out records] of one member. The checkpoint stays after the training: it is what a
 * finished run is resumed from. */
static dmg_status judge_by_member(float *scores, record_keeper *keeper, dmg_error *err)
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
                                 task->options->training.cpu, err);
    dmg_model_destroy(model);
    free(checkpoint);
    return st;
}

/* The mean over the members, as dmg_predict takes it for a model that holds them. */
static dmg_status judge_by_network(dmg_crossval_epoch *history, float *scores, const method *m,
                                   const method_task *task, dmg_error *err)
{
    record_keeper keeper = {.task = task, .history = history};
    for (size_t i = 0; i < dmg_dataset_count(task->dataset); i++)
        if (task->held_out[i])
            *(dmg_dataset_get(task->dataset, i).positive ? &keeper.positives : &keeper.negatives) +=
                1;
    const size_t count = (size_t)(keeper.positives + keeper.negatives);
    double *sums = dmg_alloc_zero(count, sizeof *sums);
    dmg_status st = sums ? DMG_OK : dmg_error_nomem(err, "scores");
    for (; st == DMG_OK && keeper.member < m->members; keeper.member++) {
        st = judge_by_member(scores, &keeper, err);
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

static dmg_status judge_by_baseline(dmg_crossval_epoch *history, float *scores, const method *m,
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

dmg_status method_judge(dmg_crossval_epoch *history, float *scores, const method *m,
                        const method_task *task, dmg_error *err)
{
    return m->network ? judge_by_network(history, scores, m, task, err)
                      : judge_by_baseline(history, scores, m, task, err);
}
