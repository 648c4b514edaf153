/* SPDX-License-Identifier: MIT */
/* The files that a cross-validation leaves: parts that several of them share. */
#ifndef DMG_CROSSVAL_RESULTS_H
#define DMG_CROSSVAL_RESULTS_H

#include <jansson.h>
#include <stdio.h>

#include "crossval/crossval.h"
#include "deepmirgene/report.h"

/* All scores of one repeat: of its folds, or of its fold "test". */
typedef struct results_pool {
    int repeat;
    bool test;
    char name[80]; /* "network", "network, repeat 2", "network, test" */
    dmg_crossval_pool pool;
} results_pool;

/* What is written, besides the runs themselves. */
typedef struct results {
    const dmg_crossval *cv;
    json_t *settings;
    char *settings_text; /* on one line */
    size_t pool_count;
    results_pool *pools;        /* [pool_count] by repeat, folds before "test" */
    dmg_report_method *methods; /* [pool_count] views of these */
} results;

/* Writes one file to `out`; whether the stream took it is looked at afterwards. */
typedef dmg_status results_writer(FILE *out, const results *r, dmg_error *err);

results_writer results_write_history, results_write_predictions, results_write_metrics,
    results_write_report;

/* Draws all figures. DMG_UNSUPPORTED where there is no gnuplot; their numbers are written then. */
dmg_status results_draw(const results *r, dmg_error *err);

/* Refers to the figures in Markdown. */
void results_print_figures(FILE *out, const dmg_crossval *cv);

/* The commented lines that a table begins with: what made it. */
void results_print_origin(FILE *out, const results *r);

#endif
