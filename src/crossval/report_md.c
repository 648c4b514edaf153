/* SPDX-License-Identifier: MIT */
/* report.md: the numbers of a cross-validation as tables for people. */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "crossval/results.h"
#include "deepmirgene/report.h"

/* --- cells --- */

/* A table that is filled row by row. */
typedef struct grid {
    size_t rows, columns, filled, capacity; /* `filled` cells of the rows so far */
    char (*cells)[DMG_REPORT_CELL];         /* [filled] */
    bool failed;                            /* memory was out */
} grid;

static void put_text(grid *g, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put_text(grid *g, const char *format, ...)
{
    if (g->failed || !dmg_grow(&g->cells, &g->capacity, g->filled + 1, sizeof *g->cells)) {
        g->failed = true;
        return;
    }
    va_list args;
    va_start(args, format);
    vsnprintf(g->cells[g->filled++], DMG_REPORT_CELL, format, args);
    va_end(args);
}

static void put_metric(grid *g, enum dmg_metric metric, double value)
{
    char text[DMG_REPORT_CELL];
    put_text(g, "%s", dmg_report_cell(text, metric, value, NULL));
}

/* Prints the grid, whose rows have `columns` cells, and frees it. */
static dmg_status grid_finish(grid *g, FILE *out, size_t columns, dmg_error *err)
{
    const char **cells = g->failed ? NULL : dmg_alloc(g->filled, sizeof *cells);
    for (size_t k = 0; cells && k < g->filled; k++) cells[k] = g->cells[k];
    if (cells) {
        dmg_report_table(out, cells, g->filled / columns, columns);
        putc('\n', out);
    }
    const dmg_status st = cells ? DMG_OK : dmg_error_nomem(err, "a table");
    free(cells);
    free(g->cells);
    return st;
}

/* --- means of the last epochs --- */

/* Both tables have what does not depend on the proportions. */
enum { COLUMNS = 9, LEADING_COLUMNS = 2 };

static const enum dmg_metric raw_columns[COLUMNS] = {
    DMG_METRIC_SE, DMG_METRIC_SP,  DMG_METRIC_GMEAN, DMG_METRIC_ACC,  DMG_METRIC_PPV,
    DMG_METRIC_F,  DMG_METRIC_MCC, DMG_METRIC_AUROC, DMG_METRIC_AUPR,
};
static const enum dmg_metric balanced_columns[COLUMNS] = {
    DMG_METRIC_SE,           DMG_METRIC_SP,           DMG_METRIC_GMEAN,
    DMG_METRIC_ACC_BALANCED, DMG_METRIC_PPV_BALANCED, DMG_METRIC_F_BALANCED,
    DMG_METRIC_MCC_BALANCED, DMG_METRIC_AUROC,        DMG_METRIC_AUPR,
};

/* "fold 2", "repeat 3, fold 2", "repeat 3, test". */
static void put_run_name(grid *g, const dmg_crossval *cv, const dmg_crossval_run *run)
{
    const char *kind = run->is_test ? "" : "fold ";
    if (cv->options.repeats > 1)
        put_text(g, "repeat %d, %s%s", run->repeat, kind, run->fold);
    else
        put_text(g, "%s%s", kind, run->fold);
}

/* Mean and standard deviation of the runs of a repeat, or of all for 0; nothing for a single run.
 */
static void put_average(grid *g, const dmg_crossval *cv, int repeat, bool test,
                        const enum dmg_metric columns[COLUMNS])
{
    dmg_crossval_mean means[DMG_METRICS];
    size_t runs;
    char name[32] = "", text[DMG_REPORT_CELL];
    dmg_crossval_average(means, &runs, cv, repeat, test);
    if (runs < 2) return;
    if (repeat > 0) snprintf(name, sizeof name, "repeat %d, ", repeat);
    put_text(g, "%smean of %zu %s", name, runs, test ? "tests" : "folds");
    put_text(g, " ");
    for (int c = 0; c < COLUMNS; c++) {
        const dmg_crossval_mean *mean = &means[columns[c]];
        (void)dmg_report_cell(text, columns[c], mean->mean, NULL);
        if (mean->defined == runs || mean->defined == 0)
            put_text(g, "%s", text);
        else
            put_text(g, "%.32s (%zu of %zu)", text, mean->defined, runs);
    }
    put_text(g, "%sstandard deviation", name);
    put_text(g, " ");
    for (int c = 0; c < COLUMNS; c++) put_metric(g, columns[c], means[columns[c]].deviation);
}

static dmg_status print_means(FILE *out, const dmg_crossval *cv,
                              const enum dmg_metric columns[COLUMNS], dmg_error *err)
{
    const int repeats = cv->options.repeats;
    grid g = {0};
    put_text(&g, " ");
    put_text(&g, "records");
    for (int c = 0; c < COLUMNS; c++) put_text(&g, "%s", dmg_metric_title(columns[c]));
    for (size_t i = 0; i < cv->count; i++) {
        const dmg_crossval_run *run = &cv->runs[i].view;
        put_run_name(&g, cv, run);
        put_text(&g, "%zu", run->count);
        for (int c = 0; c < COLUMNS; c++) put_metric(&g, columns[c], run->last[columns[c]]);
    }
    for (int repeat = 1; repeats > 1 && repeat <= repeats; repeat++)
        put_average(&g, cv, repeat, false, columns);
    put_average(&g, cv, 0, false, columns);
    put_average(&g, cv, 0, true, columns);
    return grid_finish(&g, out, COLUMNS + LEADING_COLUMNS, err);
}

/* --- the plateau --- */

static dmg_status print_plateau(FILE *out, const dmg_crossval *cv, dmg_error *err)
{
    enum { PLATEAU_COLUMNS = 3 };
    size_t stuck = 0;
    grid g = {0};
    put_text(&g, " ");
    put_text(&g, "seed");
    put_text(&g, "calling since epoch");
    for (size_t i = 0; i < cv->count; i++) {
        const dmg_crossval_run *run = &cv->runs[i].view;
        put_run_name(&g, cv, run);
        put_text(&g, "%llu", (unsigned long long)run->seed);
        if (run->calling_since > 0)
            put_text(&g, "%zu", run->calling_since);
        else
            put_text(&g, "never");
        stuck += run->calling_since == 0;
    }
    fprintf(out,
            "## The plateau\n\n"
            "Training may settle on calling everything negative, and leave that plateau late or "
            "never.\n%zu of %zu run%s called nothing positive after the last epoch. The table has "
            "the first epoch from\nwhich on every one called something.\n\n",
            stuck, cv->count, cv->count == 1 ? "" : "s");
    return grid_finish(&g, out, PLATEAU_COLUMNS, err);
}

/* --- the whole report --- */

static void print_protocol(FILE *out, const dmg_crossval *cv)
{
    const dmg_crossval_options *o = &cv->options;
    fprintf(out, "# Cross-validation: %s\n\n", o->method);
    if (o->command) fprintf(out, "    %s\n\n", o->command);
    fputs("Each fold is evaluated by a method trained on the others.", out);
    if (o->splits)
        fputs(" The fold \"test\", if there is one,\nis held out from all of these, and evaluated "
              "by a method trained on all the rest.",
              out);
    if (cv->method.members > 1)
        fprintf(
            out,
            "\nThat is %d networks, trained with seeds of their own; the score of a record is the "
            "mean of their\nprobabilities after epoch %d, and all metrics are those of these "
            "scores. history.tsv, learning\ncurves and the plateau are those of the first network "
            "of each fold.",
            o->members, o->training.epochs);
    else if (cv->method.network)
        fprintf(out,
                "\nMeans are over the last %d of %d epochs; where a value is undefined in some of "
                "them, over the\nothers.",
                o->average_last, o->training.epochs);
    fputs("\nMeans over folds say over how many, where not all define the value. NaN is a value "
          "that nothing\ndefines.\n\n",
          out);
}

static dmg_status print_pools(FILE *out, const results *r, dmg_error *err)
{
    fprintf(out,
            "## All scores together\n\nThe scores after the last epoch, every record scored "
            "once. In brackets are 95 %% intervals of %zu bootstrap\nreplicates, which draw "
            "records: what the choice of folds and the luck of training add is in the\nstandard "
            "deviations above.\n\n",
            r->cv->options.replicates);
    const dmg_status st = dmg_report_markdown(out, r->methods, r->pool_count, err);
    putc('\n', out);
    return st;
}

dmg_status results_write_report(FILE *out, const results *r, dmg_error *err)
{
    const dmg_crossval *cv = r->cv;
    print_protocol(out, cv);
    fputs("## Balanced: as if both classes were equally large\n\nAs Park et al. 2016 report them; "
          "AUROC and average precision are at the proportions of the data.\n\n",
          out);
    dmg_status st = print_means(out, cv, balanced_columns, err);
    fputs("## Raw: at the proportions of the data\n\n", out);
    if (st == DMG_OK) st = print_means(out, cv, raw_columns, err);
    if (st == DMG_OK) st = print_pools(out, r, err);
    if (st == DMG_OK && cv->method.network) st = print_plateau(out, cv, err);
    if (cv->options.figures) results_print_figures(out, cv);
    fprintf(out, "## Settings\n\n    %s\n", r->settings_text);
    return st;
}
