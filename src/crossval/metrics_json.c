/* SPDX-License-Identifier: MIT */
/* metrics.json: every number of a cross-validation. What is undefined is null, as JSON has no NaN.
 */
#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/json_build.h"
#include "crossval/results.h"

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *numbers(const double values[DMG_METRICS])
{
    json_t *object = json_object();
    for (enum dmg_metric m = 0; m < DMG_METRICS; m++)
        object = dmg_json_add(object, dmg_metric_name(m), number(values[m]));
    return object;
}

/* Of the members of a run, where there are several. */
static json_t *member_seeds(const dmg_crossval_run *run, size_t members)
{
    json_t *seeds = json_array();
    for (size_t m = 0; m < members; m++)
        seeds = dmg_json_append(seeds, json_integer((json_int_t)method_member_seed(run->seed, m)));
    return seeds;
}

static json_t *describe_run(const dmg_crossval_run *run, size_t members)
{
    size_t positives = 0;
    for (size_t k = 0; k < run->count; k++) positives += run->labels[k];
    const bool calls = !isnan(run->final[DMG_METRIC_TP]);
    json_t *object = json_pack("{s:i, s:s, s:b, s:I}", "repeat", run->repeat, "fold", run->fold,
                               "test", run->is_test, "seed", (json_int_t)run->seed);
    if (members > 1) object = dmg_json_add(object, "member_seeds", member_seeds(run, members));
    object = dmg_json_add(object, "records", json_integer((json_int_t)run->count));
    object = dmg_json_add(object, "positives", json_integer((json_int_t)positives));
    object =
        dmg_json_add(object, "calling_since",
                     calls && run->calling_since > 0 ? json_integer((json_int_t)run->calling_since)
                                                     : json_null());
    object = dmg_json_add(object, "last_epochs", numbers(run->last));
    return dmg_json_add(object, "final", numbers(run->final));
}

static json_t *describe_runs(const results *r)
{
    json_t *runs = json_array();
    for (size_t i = 0; i < r->cv->count; i++)
        runs = dmg_json_append(runs, describe_run(&r->cv->runs[i].view, r->cv->method.members));
    return runs;
}

/* Means over the runs of a repeat, or of all for 0. */
static json_t *describe_average(const dmg_crossval *cv, int repeat, bool test)
{
    dmg_crossval_mean means[DMG_METRICS];
    size_t runs;
    dmg_crossval_average(means, &runs, cv, repeat, test);
    json_t *metrics = json_object();
    for (enum dmg_metric m = 0; m < DMG_METRICS; m++)
        metrics = dmg_json_add(metrics, dmg_metric_name(m),
                               json_pack("{s:o, s:o, s:I}", "mean", number(means[m].mean),
                                         "deviation", number(means[m].deviation), "defined",
                                         (json_int_t)means[m].defined));
    return json_pack("{s:i, s:b, s:I, s:o}", "repeat", repeat, "test", test, "runs",
                     (json_int_t)runs, "metrics", metrics);
}

/* Over all repeats (called 0), then each one; folds before "test". */
static json_t *describe_averages(const results *r)
{
    json_t *averages = json_array();
    for (int repeat = 0; repeat <= r->cv->options.repeats; repeat++)
        for (int test = 0; test < 2; test++) {
            json_t *average = describe_average(r->cv, repeat, test);
            if (!average || json_integer_value(json_object_get(average, "runs")) > 0)
                averages = dmg_json_append(averages, average);
            else
                json_decref(average);
        }
    return averages;
}

/* The pooled scores are the "methods". */
dmg_status results_write_metrics(FILE *out, const results *r, dmg_error *err)
{
    const char *command = r->cv->options.command;
    json_t *about = json_pack(
        "{s:o, s:O, s:o, s:o}", "command", command ? json_string(command) : json_null(), "settings",
        r->settings, "runs", describe_runs(r), "averages_of_last_epochs", describe_averages(r));
    char *text = about ? dmg_json_dump(about, JSON_COMPACT | JSON_REAL_PRECISION(9)) : NULL;
    json_decref(about);
    if (!text) return dmg_error_nomem(err, "metrics.json");
    const dmg_status st = dmg_report_json(out, text, r->methods, r->pool_count, err);
    free(text);
    return st;
}
