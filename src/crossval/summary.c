/* SPDX-License-Identifier: MIT */
/* What runs come to: means over epochs and folds, and all scores together. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "crossval/crossval.h"

/* Mean of what is defined, NaN if nothing is. */
typedef struct running_mean {
    double sum;
    size_t defined;
} running_mean;

static void take(running_mean *m, double value)
{
    if (isnan(value)) return;
    m->sum += value;
    m->defined++;
}

static double mean_of(const running_mean *m)
{
    return m->defined > 0 ? m->sum / (double)m->defined : NAN;
}

/* --- one run --- */

/* Whether the epoch's calls are known, and none of them is positive. */
static bool calls_nothing(const dmg_crossval_epoch *epoch)
{
    return epoch->values[DMG_METRIC_TP] + epoch->values[DMG_METRIC_FP] == 0;
}

static size_t calling_since(const dmg_crossval_epoch *history, size_t epochs)
{
    size_t since = epochs;
    while (since > 0 && !calls_nothing(&history[since - 1])) since--;
    return since == epochs ? 0 : since + 1;
}

dmg_status crossval_summarise_run(crossval_run *run, const method *m, int average_last,
                                  dmg_error *err)
{
    dmg_crossval_run *view = &run->view;
    const size_t epochs = view->epochs, last = (size_t)average_last;
    for (int k = 0; k < DMG_METRICS; k++) {
        running_mean mean = {0};
        for (size_t e = epochs > last ? epochs - last : 0; e < epochs; e++)
            take(&mean, run->history[e].values[k]);
        view->last[k] = mean_of(&mean);
    }
    view->calling_since = calling_since(run->history, epochs);
    const dmg_status st =
        dmg_metrics_values(view->final, run->scores, run->labels, view->count, m->threshold, err);
    /* The history is that of the first member, and their metrics are those of all. */
    if (m->members > 1) memcpy(view->last, view->final, sizeof view->last);
    return st;
}

/* --- several runs --- */

static bool is_among(const dmg_crossval_run *run, int repeat, bool test)
{
    return run->is_test == test && (repeat == 0 || run->repeat == repeat);
}

static dmg_crossval_mean average(const dmg_crossval *cv, int repeat, bool test,
                                 enum dmg_metric metric)
{
    running_mean mean = {0}, square = {0};
    for (size_t i = 0; i < cv->count; i++)
        if (is_among(&cv->runs[i].view, repeat, test)) take(&mean, cv->runs[i].view.last[metric]);
    const double middle = mean_of(&mean);
    for (size_t i = 0; i < cv->count; i++) {
        if (!is_among(&cv->runs[i].view, repeat, test)) continue;
        const double distance = cv->runs[i].view.last[metric] - middle;
        take(&square, distance * distance);
    }
    const size_t n = mean.defined;
    return (dmg_crossval_mean){
        .mean = middle,
        .deviation = n > 1 ? sqrt(square.sum / (double)(n - 1)) : NAN,
        .defined = n,
    };
}

void dmg_crossval_average(dmg_crossval_mean *means, size_t *runs, const dmg_crossval *cv,
                          int repeat, bool test)
{
    *runs = 0;
    for (size_t i = 0; i < cv->count; i++) *runs += is_among(&cv->runs[i].view, repeat, test);
    for (enum dmg_metric m = 0; m < DMG_METRICS; m++) means[m] = average(cv, repeat, test, m);
}

/* --- all scores --- */

static dmg_status collect_scores(dmg_crossval_pool *pool, const dmg_crossval *cv, int repeat,
                                 bool test, dmg_error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < cv->count; i++)
        if (is_among(&cv->runs[i].view, repeat, test)) count += cv->runs[i].view.count;
    pool->scores = dmg_alloc(count, sizeof *pool->scores);
    pool->labels = dmg_alloc(count, sizeof *pool->labels);
    if (!pool->scores || !pool->labels) return dmg_error_nomem(err, "scores");
    for (size_t i = 0; i < cv->count; i++) {
        const dmg_crossval_run *run = &cv->runs[i].view;
        if (!is_among(run, repeat, test)) continue;
        memcpy(pool->scores + pool->count, run->scores, run->count * sizeof *pool->scores);
        memcpy(pool->labels + pool->count, run->labels, run->count * sizeof *pool->labels);
        pool->count += run->count;
    }
    return DMG_OK;
}

dmg_status dmg_crossval_pool_init(dmg_crossval_pool *out, const dmg_crossval *cv, int repeat,
                                  bool test, dmg_error *err)
{
    dmg_crossval_pool pool = {0};
    dmg_bootstrap_options bootstrap = dmg_bootstrap_options_defaults();
    bootstrap.replicates = cv->options.replicates;
    bootstrap.seed = cv->options.training.seed;
    bootstrap.threads = cv->options.threads;
    dmg_status st = collect_scores(&pool, cv, repeat, test, err);
    if (st == DMG_OK)
        st = dmg_metrics_values(pool.values, pool.scores, pool.labels, pool.count,
                                cv->method.threshold, err);
    if (st == DMG_OK)
        st = dmg_metrics_bootstrap(pool.intervals, pool.scores, pool.labels, pool.count,
                                   cv->method.threshold, &bootstrap, err);
    if (st == DMG_OK)
        *out = pool;
    else
        dmg_crossval_pool_clear(&pool);
    return st;
}

void dmg_crossval_pool_clear(dmg_crossval_pool *pool)
{
    free(pool->scores);
    free(pool->labels);
    *pool = (dmg_crossval_pool){0};
}
