/* SPDX-License-Identifier: MIT */
/* A cross-validation: its runs are planned, done side by side, and kept. */
#include "crossval/crossval.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "deepmirgene/report.h"

dmg_crossval_options dmg_crossval_options_defaults(void)
{
    return (dmg_crossval_options){
        .method = "network",
        .training = dmg_train_options_defaults(),
        .folds = 5,
        .repeats = 1,
        .members = 1,
        .average_last = 50,
        .replicates = dmg_bootstrap_options_defaults().replicates,
        .threads = 1,
        .figures = "svg",
    };
}

void dmg_crossval_destroy(dmg_crossval *cv)
{
    if (!cv) return;
    for (int r = 0; cv->partitions && r < cv->options.repeats; r++)
        dmg_partition_destroy(cv->partitions[r]);
    for (size_t i = 0; cv->runs && i < cv->count; i++) {
        free(cv->runs[i].records);
        free(cv->runs[i].labels);
        free(cv->runs[i].scores);
        free(cv->runs[i].history);
    }
    free(cv->partitions);
    free(cv->runs);
    free(cv);
}

size_t dmg_crossval_count(const dmg_crossval *cv)
{
    return cv->count;
}

dmg_crossval_run dmg_crossval_get(const dmg_crossval *cv, size_t i)
{
    return cv->runs[i].view;
}

int dmg_crossval_repeats(const dmg_crossval *cv)
{
    return cv->options.repeats;
}

/* --- the plan --- */

static dmg_status check_options(const dmg_crossval_options *o, const method *m, dmg_error *err)
{
    char figure[32];
    snprintf(figure, sizeof figure, "figure.%.20s", o->figures ? o->figures : "svg");
    const dmg_status st = dmg_figure_check_path(figure, err);
    if (st != DMG_OK) return st;
    if (o->splits && o->groups)
        return dmg_error_set(err, DMG_RANGE, "folds are read from %s: groups cannot be drawn",
                             o->splits);
    if (o->repeats < 1)
        return dmg_error_set(err, DMG_RANGE, "%d repeats: expected at least 1", o->repeats);
    if (o->members < 1 || o->members > DMG_MAX_MEMBERS)
        return dmg_error_set(err, DMG_RANGE, "%d members: expected 1 to %d", o->members,
                             DMG_MAX_MEMBERS);
    if (o->members > 1 && !m->network)
        return dmg_error_set(err, DMG_RANGE, "%s does not have members; only networks do",
                             o->method);
    if (o->members > 1 && o->average_last != 1)
        return dmg_error_set(err, DMG_RANGE,
                             "members are evaluated after the last epoch, not over the last %d",
                             o->average_last);
    if (o->average_last < 1 || (m->network && (size_t)o->average_last > m->epochs))
        return dmg_error_set(err, DMG_RANGE, "cannot average over the last %d of %zu epoch%s",
                             o->average_last, m->epochs, m->epochs == 1 ? "" : "s");
    return DMG_OK;
}

static dmg_status divide(dmg_crossval *cv, dmg_error *err)
{
    const dmg_crossval_options *o = &cv->options;
    dmg_status st = DMG_OK;
    for (int r = 0; st == DMG_OK && r < o->repeats; r++) {
        if (o->splits)
            st = dmg_partition_load(&cv->partitions[r], cv->dataset, o->splits, err);
        else if (o->groups)
            st = dmg_partition_draw_grouped(&cv->partitions[r], cv->dataset, o->groups, o->folds,
                                            o->training.seed, r + 1, err);
        else
            st = dmg_partition_draw(&cv->partitions[r], cv->dataset, o->folds, o->training.seed,
                                    r + 1, err);
    }
    return st;
}

/* Seeds as long as JSON and the option --seed take them, so that each run can be had alone. */
static uint64_t seed_of_run(uint64_t seed, int repeat, size_t fold)
{
    dmg_rng rng;
    dmg_rng_init_for(&rng, seed, DMG_RNG_RUN, ((uint64_t)repeat << 16) + fold);
    return dmg_rng_next(&rng) >> 11;
}

/* Allots a run and lists the records that it evaluates. */
static dmg_status plan_run(crossval_run *run, const dmg_crossval *cv, int repeat, size_t fold,
                           dmg_error *err)
{
    const dmg_partition *p = cv->partitions[repeat - 1];
    const size_t records = dmg_dataset_count(cv->dataset);
    size_t count = 0;
    for (size_t i = 0; i < records; i++) count += dmg_partition_fold(p, i) == fold;
    run->fold = fold;
    run->records = dmg_alloc(count, sizeof *run->records);
    run->labels = dmg_alloc(count, sizeof *run->labels);
    run->scores = dmg_alloc_zero(count, sizeof *run->scores);
    run->history = dmg_alloc_zero(cv->method.epochs, sizeof *run->history);
    if (!run->records || !run->labels || !run->scores || !run->history)
        return dmg_error_nomem(err, "a run");
    size_t filled = 0;
    for (size_t i = 0; i < records; i++) {
        if (dmg_partition_fold(p, i) != fold) continue;
        run->records[filled] = i;
        run->labels[filled++] = dmg_dataset_get(cv->dataset, i).positive;
    }
    run->view = (dmg_crossval_run){
        .repeat = repeat,
        .fold = dmg_partition_name(p, fold),
        .is_test = dmg_partition_is_test(p, fold),
        .seed = seed_of_run(cv->options.training.seed, repeat, fold),
        .count = count,
        .records = run->records,
        .labels = run->labels,
        .scores = run->scores,
        .epochs = cv->method.epochs,
        .history = run->history,
    };
    return DMG_OK;
}

static dmg_status plan_runs(dmg_crossval *cv, dmg_error *err)
{
    size_t capacity = 0;
    for (int r = 0; r < cv->options.repeats; r++)
        capacity += dmg_partition_count(cv->partitions[r]);
    cv->runs = dmg_alloc_zero(capacity, sizeof *cv->runs);
    if (!cv->runs) return dmg_error_nomem(err, "runs");
    dmg_status st = DMG_OK;
    for (int r = 1; r <= cv->options.repeats; r++) {
        const dmg_partition *p = cv->partitions[r - 1];
        for (size_t f = 0; st == DMG_OK && f < dmg_partition_count(p); f++)
            if (dmg_partition_is_evaluated(p, f))
                st = plan_run(&cv->runs[cv->count++], cv, r, f, err);
    }
    return st;
}

/* --- runs --- */

/* All runs while they are being done. */
typedef struct crew {
    dmg_crossval *cv;
    int threads;          /* of each run */
    pthread_mutex_t lock; /* of the status and its report */
    dmg_crossval_status status;
} crew;

/* What a run tells of itself. */
typedef struct reporter {
    crew *crew;
    size_t epochs, restored; /* told so far */
} reporter;

static void report_epochs(void *context, size_t epochs, size_t restored)
{
    reporter *r = context;
    crew *c = r->crew;
    const dmg_crossval_options *options = &c->cv->options;
    pthread_mutex_lock(&c->lock);
    c->status.epochs_restored += restored - r->restored;
    c->status.epochs_done += epochs - r->epochs;
    r->restored = restored;
    r->epochs = epochs;
    if (options->progress) options->progress(options->progress_context, &c->status);
    pthread_mutex_unlock(&c->lock);
}

static void report_run(crew *c)
{
    const dmg_crossval_options *options = &c->cv->options;
    pthread_mutex_lock(&c->lock);
    c->status.runs_done++;
    if (options->progress) options->progress(options->progress_context, &c->status);
    pthread_mutex_unlock(&c->lock);
}

/* Sorts the records into those to evaluate, those to learn from and, out of the run altogether,
 * those of the fold "test" where it is not its turn. held_out [records] is for those that are left.
 */
static bool divide_for_run(bool *keep, bool *held_out, const crossval_run *run,
                           const dmg_partition *p, size_t records)
{
    size_t kept = 0;
    for (size_t i = 0; i < records; i++) {
        const size_t fold = dmg_partition_fold(p, i);
        keep[i] = fold == run->fold || !dmg_partition_is_test(p, fold);
        if (keep[i]) held_out[kept++] = fold == run->fold;
    }
    return kept == records;
}

static dmg_status evaluate(crew *c, crossval_run *run, const char *checkpoints, bool *keep,
                           bool *held_out, dmg_error *err)
{
    const dmg_crossval *cv = c->cv;
    dmg_dataset *selected = NULL;
    dmg_status st = DMG_OK;
    if (!divide_for_run(keep, held_out, run, cv->partitions[run->view.repeat - 1],
                        dmg_dataset_count(cv->dataset)))
        st = dmg_dataset_select(&selected, cv->dataset, keep, err);
    reporter told = {.crew = c};
    const method_task task = {
        .dataset = selected ? selected : cv->dataset,
        .held_out = held_out,
        .options = &cv->options,
        .seed = run->view.seed,
        .threads = c->threads,
        .checkpoints = checkpoints,
        .progress = report_epochs,
        .progress_context = &told,
    };
    if (st == DMG_OK) st = method_evaluate(run->history, run->scores, &cv->method, &task, err);
    dmg_dataset_destroy(selected);
    return st;
}

static dmg_status do_run(void *context, int worker, size_t i, dmg_error *err)
{
    (void)worker;
    crew *c = context;
    crossval_run *run = &c->cv->runs[i];
    const size_t records = dmg_dataset_count(c->cv->dataset);
    char name[64];
    snprintf(name, sizeof name, "runs/repeat%d-fold%zu", run->view.repeat, run->fold + 1);
    char *checkpoints = crossval_path(c->cv->options.folder, name);
    bool *keep = dmg_alloc(records, sizeof *keep), *held_out = dmg_alloc(records, sizeof *held_out);
    dmg_status st = checkpoints && keep && held_out ? DMG_OK : dmg_error_nomem(err, "a run");
    if (st == DMG_OK) st = evaluate(c, run, checkpoints, keep, held_out, err);
    if (st == DMG_OK)
        st = crossval_summarise_run(run, &c->cv->method, c->cv->options.average_last, err);
    if (st == DMG_OK) report_run(c);
    free(held_out);
    free(keep);
    free(checkpoints);
    return st;
}

static dmg_status do_runs(dmg_crossval *cv, dmg_error *err)
{
    const int threads = cv->options.threads;
    const int side_by_side = cv->count < (size_t)threads ? (int)cv->count : threads;
    crew c = {
        .cv = cv,
        .threads = side_by_side > 0 ? threads / side_by_side : 1,
        .status = {.runs = cv->count, .epochs = cv->count * cv->method.members * cv->method.epochs},
    };
    pthread_mutex_init(&c.lock, NULL);
    const dmg_status st = dmg_parallel_for(cv->count, side_by_side, do_run, &c, err);
    pthread_mutex_destroy(&c.lock);
    return st;
}

dmg_status dmg_crossval_create(dmg_crossval **out, const dmg_dataset *dataset,
                               const dmg_crossval_options *options, dmg_error *err)
{
    dmg_crossval *cv = dmg_alloc_zero(1, sizeof *cv);
    if (!cv) return dmg_error_nomem(err, "a cross-validation");
    cv->dataset = dataset;
    cv->options = *options;
    dmg_status st = method_init(&cv->method, options, err);
    if (st == DMG_OK) st = check_options(options, &cv->method, err);
    if (st == DMG_OK) {
        cv->partitions = dmg_alloc_zero((size_t)options->repeats, sizeof(dmg_partition *));
        if (!cv->partitions) st = dmg_error_nomem(err, "a cross-validation");
    }
    if (st == DMG_OK) st = divide(cv, err);
    if (st == DMG_OK) st = plan_runs(cv, err);
    if (st == DMG_OK) st = crossval_folder_prepare(options->folder, options->resume, err);
    if (st == DMG_OK) st = do_runs(cv, err);
    if (st == DMG_OK)
        *out = cv;
    else
        dmg_crossval_destroy(cv);
    return st;
}
