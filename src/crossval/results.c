/* SPDX-License-Identifier: MIT */
/* The files that a cross-validation leaves, and what made them. */
#include "crossval/results.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/json_build.h"
#include "deepmirgene/output.h"
#include "train/dataset.h"
#include "train/description.h"

/* --- settings --- */

/* Where the folds come from. */
static json_t *describe_folds(const dmg_crossval_options *o)
{
    if (o->splits) return json_pack("{s:s}", "splits", o->splits);
    if (o->groups) return json_pack("{s:i, s:s}", "folds", o->folds, "groups", o->groups);
    return json_pack("{s:i}", "folds", o->folds);
}

static json_t *describe_network(const dmg_train_options *t)
{
    char *text = dmg_architecture_print(&t->architecture);
    bool no_memory;
    json_t *architecture = text ? dmg_json_parse(text, strlen(text), 0, &no_memory, NULL) : NULL;
    free(text);
    json_t *training = json_pack("{s:o, s:i, s:i, s:f, s:s}", "architecture", architecture,
                                 "epochs", t->epochs, "batch", t->batch, "learning_rate",
                                 t->learning_rate, "cpu", dmg_cpu_name(dmg_cpu_same_bytes(t->cpu)));
    if (training && train_describe_options(training, t)) return training;
    json_decref(training);
    return NULL;
}

/* All that the results depend on; NULL when memory is out or a text is not UTF-8. */
static json_t *describe(const dmg_crossval *cv)
{
    const dmg_crossval_options *o = &cv->options;
    json_t *settings = json_pack(
        "{s:s, s:s, s:o, s:o, s:i, s:I, s:i, s:I}", "program", "deepmirgene " DMG_VERSION, "method",
        o->method, "data", dataset_describe(cv->dataset), "partition", describe_folds(o), "repeats",
        o->repeats, "seed", (json_int_t)o->training.seed, "average_last", o->average_last,
        "bootstrap_replicates", (json_int_t)o->replicates);
    if (cv->method.network)
        settings = dmg_json_add(settings, "training", describe_network(&o->training));
    if (cv->method.members > 1)
        settings = dmg_json_add(settings, "members", json_integer(o->members));
    return settings;
}

void results_print_origin(FILE *out, const results *r)
{
    if (r->cv->options.command) fprintf(out, "# command: %s\n", r->cv->options.command);
    fprintf(out, "# settings: %s\n", r->settings_text);
}

/* --- preparing --- */

static void results_clear(results *r)
{
    for (size_t k = 0; r->pools && k < r->pool_count; k++)
        dmg_crossval_pool_clear(&r->pools[k].pool);
    free(r->pools);
    free(r->methods);
    free(r->settings_text);
    json_decref(r->settings);
}

static bool has_runs(const dmg_crossval *cv, bool test)
{
    for (size_t i = 0; i < cv->count; i++)
        if (cv->runs[i].view.is_test == test) return true;
    return false;
}

static void name_pool(results_pool *p, const dmg_crossval *cv)
{
    char repeat[32] = "";
    if (cv->options.repeats > 1) snprintf(repeat, sizeof repeat, ", repeat %d", p->repeat);
    snprintf(p->name, sizeof p->name, "%.30s%s%s", cv->options.method, repeat,
             p->test ? ", test" : "");
}

static dmg_status pool_scores(results *r, dmg_error *err)
{
    const dmg_crossval *cv = r->cv;
    const size_t capacity = 2 * (size_t)cv->options.repeats;
    r->pools = dmg_alloc_zero(capacity, sizeof *r->pools);
    r->methods = dmg_alloc_zero(capacity, sizeof *r->methods);
    if (!r->pools || !r->methods) return dmg_error_nomem(err, "results");
    dmg_status st = DMG_OK;
    for (int repeat = 1; repeat <= cv->options.repeats; repeat++)
        for (int test = 0; st == DMG_OK && test < 2; test++) {
            if (!has_runs(cv, test)) continue;
            results_pool *p = &r->pools[r->pool_count];
            *p = (results_pool){.repeat = repeat, .test = test};
            name_pool(p, cv);
            r->methods[r->pool_count] = (dmg_report_method){.name = p->name,
                                                            .threshold = cv->method.threshold,
                                                            .values = p->pool.values,
                                                            .intervals = p->pool.intervals};
            st = dmg_crossval_pool_init(&p->pool, cv, repeat, test, err);
            if (st == DMG_OK) r->pool_count++;
        }
    return st;
}

static dmg_status results_init(results *r, const dmg_crossval *cv, dmg_error *err)
{
    *r = (results){.cv = cv, .settings = describe(cv)};
    if (r->settings)
        r->settings_text = dmg_json_dump(r->settings, JSON_COMPACT | JSON_REAL_PRECISION(15));
    if (!r->settings_text)
        return dmg_error_set(err, DMG_NOMEM,
                             "out of memory for the settings, or a file name is not valid UTF-8");
    return pool_scores(r, err);
}

/* --- writing --- */

static dmg_status write_file(const results *r, const char *name, results_writer *writer,
                             dmg_error *err)
{
    dmg_output *output = NULL;
    char *path = crossval_path(r->cv->options.folder, name);
    dmg_status st = path ? dmg_output_open(&output, path, err) : dmg_error_nomem(err, name);
    if (st == DMG_OK) st = writer(dmg_output_stream(output), r, err);
    if (st == DMG_OK)
        st = dmg_output_commit(output, err);
    else
        dmg_output_discard(output);
    free(path);
    return st;
}

dmg_status dmg_crossval_write(const dmg_crossval *cv, dmg_error *err)
{
    results r;
    dmg_status st = results_init(&r, cv, err);
    if (st == DMG_OK) st = write_file(&r, "history.tsv", results_write_history, err);
    if (st == DMG_OK) st = write_file(&r, "predictions.tsv", results_write_predictions, err);
    if (st == DMG_OK) st = write_file(&r, "metrics.json", results_write_metrics, err);
    if (st == DMG_OK) st = write_file(&r, "report.md", results_write_report, err);
    if (st == DMG_OK && cv->options.figures) {
        char *figures = crossval_path(cv->options.folder, "figures");
        st = figures ? crossval_folder_make(figures, err) : dmg_error_nomem(err, "figures");
        free(figures);
        if (st == DMG_OK) st = results_draw(&r, err);
    }
    results_clear(&r);
    return st;
}
