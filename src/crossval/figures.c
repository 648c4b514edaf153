/* SPDX-License-Identifier: MIT */
/* The figures of a cross-validation: learning curves as in figure 4 of the paper, ROC and
 * precision-recall curves.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "crossval/results.h"
#include "deepmirgene/report.h"

/* As many curves as there are colours; more in one figure could not be told apart. */
enum { MAX_CURVES = 7, NAME_CAPACITY = 64, PATH_CAPACITY = 128 };

/* A figure of each run of the first repeat, and one of these together. */
static size_t runs_to_draw(const dmg_crossval *cv)
{
    size_t count = 0;
    while (cv->method.network && count < cv->count && cv->runs[count].view.repeat == 1) count++;
    return count;
}

/* Fold names may hold anything, so files are called by their number. */
static void run_file(char file[PATH_CAPACITY], const dmg_crossval *cv, size_t i)
{
    const crossval_run *run = &cv->runs[i];
    if (run->view.is_test)
        snprintf(file, PATH_CAPACITY, "figures/epochs-test.%s", cv->options.figures);
    else
        snprintf(file, PATH_CAPACITY, "figures/epochs-fold%zu.%s", run->fold + 1,
                 cv->options.figures);
}

static void named_file(char file[PATH_CAPACITY], const dmg_crossval *cv, const char *name)
{
    snprintf(file, PATH_CAPACITY, "figures/%s.%s", name, cv->options.figures);
}

void results_print_figures(FILE *out, const dmg_crossval *cv)
{
    char file[PATH_CAPACITY];
    fputs("## Figures\n\n", out);
    named_file(file, cv, "roc");
    fprintf(out, "![ROC curve](%s)\n", file);
    named_file(file, cv, "precision-recall");
    fprintf(out, "![precision-recall curve](%s)\n", file);
    if (runs_to_draw(cv) > 0) {
        named_file(file, cv, "folds");
        fprintf(out, "![F-score of the folds by epoch](%s)\n", file);
    }
    for (size_t i = 0; i < runs_to_draw(cv); i++) {
        const bool test = cv->runs[i].view.is_test;
        run_file(file, cv, i);
        fprintf(out, "![loss and metrics by epoch: ");
        if (test)
            fputs("test", out);
        else
            fprintf(out, "fold %zu", cv->runs[i].fold + 1);
        fprintf(out, "](%s)\n", file);
    }
    putc('\n', out);
}

/* Whether to go on: where gnuplot is missing, the numbers of the other figures are still written.
 */
static dmg_status drawn(dmg_status st, dmg_error *missing, const dmg_error *err)
{
    if (st != DMG_UNSUPPORTED) return st;
    *missing = *err;
    return DMG_OK;
}

/* --- learning curves --- */

/* What figure 4 shows, at equal classes. */
static const enum dmg_metric curve_metrics[] = {
    DMG_METRIC_SE,           DMG_METRIC_SP,         DMG_METRIC_ACC_BALANCED,
    DMG_METRIC_PPV_BALANCED, DMG_METRIC_F_BALANCED, DMG_METRIC_MCC_BALANCED,
    DMG_METRIC_GMEAN,
};

enum { CURVE_METRICS = sizeof curve_metrics / sizeof *curve_metrics };

/* Numbers of a figure's series, each [epochs], one after the other. */
typedef struct curve_numbers {
    double *epochs, *y;
} curve_numbers;

static bool numbers_init(curve_numbers *n, size_t epochs, size_t series)
{
    *n = (curve_numbers){
        .epochs = dmg_alloc(epochs, sizeof(double)),
        .y = dmg_alloc(epochs * series, sizeof(double)),
    };
    for (size_t e = 0; n->epochs && e < epochs; e++) n->epochs[e] = (double)e + 1;
    return n->epochs && n->y;
}

static void numbers_clear(curve_numbers *n)
{
    free(n->epochs);
    free(n->y);
}

static dmg_figure epochs_figure(const dmg_crossval *cv, const char *title, const char *y_title,
                                const dmg_figure_series *series, size_t count)
{
    const size_t epochs = cv->method.epochs;
    dmg_figure figure = dmg_figure_defaults();
    figure.title = title;
    figure.x_title = "epoch";
    figure.whole_x = true;
    figure.y_title = y_title;
    figure.x_low = 0;
    figure.x_high = (double)epochs;
    figure.y_low = 0;
    figure.y_high = 1;
    figure.span_low = (double)(epochs - (size_t)cv->options.average_last) + 1;
    figure.span_high = (double)epochs;
    figure.span_name = "averaged";
    figure.series = series;
    figure.series_count = count;
    return figure;
}

/* Path in the folder, to be freed; NULL, with an error, when memory is out. */
static char *figure_path(const dmg_crossval *cv, const char *file, dmg_error *err)
{
    char *path = crossval_path(cv->options.folder, file);
    if (!path) (void)dmg_error_nomem(err, file);
    return path;
}

static dmg_status write_epochs(const dmg_crossval *cv, const char *file, const char *title,
                               const char *y_title, const dmg_figure_series *series, size_t count,
                               dmg_error *err)
{
    const dmg_figure figure = epochs_figure(cv, title, y_title, series, count);
    char *path = figure_path(cv, file, err);
    const dmg_status st = path ? dmg_figure_write(&figure, path, err) : DMG_NOMEM;
    free(path);
    return st;
}

/* Loss and metrics of one run. */
static dmg_status draw_run(const dmg_crossval *cv, size_t i, dmg_error *err)
{
    enum { SERIES = CURVE_METRICS + 1 };
    const dmg_crossval_run *run = &cv->runs[i].view;
    const size_t epochs = run->epochs;
    dmg_figure_series series[SERIES];
    curve_numbers n;
    dmg_status st = DMG_NOMEM;
    if (numbers_init(&n, epochs, SERIES)) {
        for (size_t s = 0; s < SERIES; s++) {
            double *y = n.y + s * epochs;
            for (size_t e = 0; e < epochs; e++)
                y[e] = s < CURVE_METRICS ? run->history[e].values[curve_metrics[s]]
                                         : run->history[e].loss;
            series[s] = (dmg_figure_series){
                .name = s < CURVE_METRICS ? dmg_metric_title(curve_metrics[s]) : "training loss",
                .style = s < CURVE_METRICS ? DMG_FIGURE_LINE : DMG_FIGURE_REFERENCE,
                .count = epochs,
                .x = n.epochs,
                .y = y,
            };
        }
        char file[PATH_CAPACITY], title[NAME_CAPACITY];
        run_file(file, cv, i);
        snprintf(title, sizeof title, "%s%.40s of repeat %d", run->is_test ? "" : "fold ",
                 run->fold, run->repeat);
        st = write_epochs(cv, file, title, "loss, metrics on the fold", series, SERIES, err);
    } else {
        (void)dmg_error_nomem(err, "a figure");
    }
    numbers_clear(&n);
    return st;
}

/* The F-score of all runs of the first repeat. */
static dmg_status draw_folds(const dmg_crossval *cv, dmg_error *err)
{
    const size_t all = runs_to_draw(cv), count = all < MAX_CURVES ? all : MAX_CURVES;
    const size_t epochs = cv->method.epochs;
    dmg_figure_series series[MAX_CURVES];
    char names[MAX_CURVES][NAME_CAPACITY], file[PATH_CAPACITY];
    curve_numbers n;
    dmg_status st = DMG_NOMEM;
    if (numbers_init(&n, epochs, count)) {
        for (size_t s = 0; s < count; s++) {
            const dmg_crossval_run *run = &cv->runs[s].view;
            double *y = n.y + s * epochs;
            for (size_t e = 0; e < epochs; e++)
                y[e] = run->history[e].values[DMG_METRIC_F_BALANCED];
            snprintf(names[s], NAME_CAPACITY, "%s%.40s", run->is_test ? "" : "fold ", run->fold);
            series[s] = (dmg_figure_series){
                .name = names[s], .style = DMG_FIGURE_LINE, .count = epochs, .x = n.epochs, .y = y};
        }
        named_file(file, cv, "folds");
        st = write_epochs(cv, file, NULL, dmg_metric_title(DMG_METRIC_F_BALANCED), series, count,
                          err);
    } else {
        (void)dmg_error_nomem(err, "a figure");
    }
    numbers_clear(&n);
    return st;
}

/* --- ROC and precision-recall --- */

typedef dmg_status curve_writer(const char *path, const dmg_report_curve *curves, size_t count,
                                dmg_error *err);

static dmg_status draw_curves(const results *r, const char *name, enum dmg_metric area,
                              curve_writer *writer, dmg_error *err)
{
    const size_t count = r->pool_count < MAX_CURVES ? r->pool_count : MAX_CURVES;
    dmg_operating_point *points[MAX_CURVES] = {NULL};
    dmg_report_curve curves[MAX_CURVES];
    char file[PATH_CAPACITY];
    dmg_status st = DMG_OK;
    for (size_t k = 0; st == DMG_OK && k < count; k++) {
        const dmg_crossval_pool *pool = &r->pools[k].pool;
        curves[k] = (dmg_report_curve){.name = r->pools[k].name, .area = pool->values[area]};
        st = dmg_metrics_points(&points[k], &curves[k].count, pool->scores, pool->labels,
                                pool->count, err);
        curves[k].points = points[k];
    }
    named_file(file, r->cv, name);
    char *path = st == DMG_OK ? figure_path(r->cv, file, err) : NULL;
    if (st == DMG_OK) st = path ? writer(path, curves, count, err) : DMG_NOMEM;
    free(path);
    for (size_t k = 0; k < count; k++) free(points[k]);
    return st;
}

/* --- all of them --- */

dmg_status results_draw(const results *r, dmg_error *err)
{
    dmg_error own = {0}, missing = {0};
    const dmg_crossval *cv = r->cv;
    dmg_status st =
        drawn(draw_curves(r, "roc", DMG_METRIC_AUROC, dmg_report_roc, &own), &missing, &own);
    if (st == DMG_OK)
        st = drawn(draw_curves(r, "precision-recall", DMG_METRIC_AUPR, dmg_report_pr, &own),
                   &missing, &own);
    if (st == DMG_OK && runs_to_draw(cv) > 0) st = drawn(draw_folds(cv, &own), &missing, &own);
    for (size_t i = 0; st == DMG_OK && i < runs_to_draw(cv); i++)
        st = drawn(draw_run(cv, i, &own), &missing, &own);
    if (st == DMG_OK) st = missing.status;
    if (err && st != DMG_OK)
        *err = missing.status != DMG_OK && st == missing.status ? missing : own;
    return st;
}
