/* SPDX-License-Identifier: MIT */
/* The output of an evaluation for people and programs: tables of metrics, metrics.json, MultiQC,
 * figures.
 *
 * Writers to a FILE * leave it to the caller to check the stream (dmg_output_check). A number that
 * is undefined is "NaN" in text, null in JSON, and a gap in a figure.
 */
#ifndef DMG_REPORT_H
#define DMG_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "deepmirgene/metrics.h"
#include "deepmirgene/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- tables --- */

/* The evaluation of one classifier; all pointers belong to the caller. */
typedef struct dmg_report_method {
    const char *name;              /* "network" */
    double threshold;              /* NaN: none */
    const double *values;          /* [DMG_METRICS] */
    const dmg_interval *intervals; /* [DMG_METRICS], or NULL: none were computed */
} dmg_report_method;

/* cells [rows x columns], the first row being the titles, as a Markdown table whose columns are
 * padded so that it also reads as plain text: the first flush left, the others flush right. '|' and
 * control characters in cells are made harmless. */
DMG_API void dmg_report_table(FILE *out, const char *const *cells, size_t rows, size_t columns);

enum { DMG_REPORT_CELL = 64 };

/* "0.812 [0.790, 0.833]", "0.812" where the interval is NULL or NaN, "NaN", or a bare count; with
 * three decimals. Returns buffer. */
DMG_API const char *dmg_report_cell(char buffer[DMG_REPORT_CELL], enum dmg_metric metric,
                                    double value, const dmg_interval *interval);

/* A Markdown table: a row for each metric, a column for each method. */
DMG_API dmg_status dmg_report_markdown(FILE *out, const dmg_report_method *methods, size_t count,
                                       dmg_error *err);

/* Columns method, metric, value, low, high; a row for each method and metric. */
DMG_API void dmg_report_tsv(FILE *out, const dmg_report_method *methods, size_t count);

/* A JSON object: first the entries of `about` (JSON text of an object: data, seed, protocol; or
 * NULL), then
 *     "methods": [{"name": ..., "threshold": ...,
 *                  "metrics": {"SE": {"value": ..., "low": ..., "high": ...}, ...}}, ...]
 * DMG_FORMAT if `about` is not an object. */
DMG_API dmg_status dmg_report_json(FILE *out, const char *about, const dmg_report_method *methods,
                                   size_t count, dmg_error *err);

/* --- MultiQC --- */

/* A column of a section of a MultiQC report. */
typedef struct dmg_multiqc_column {
    const char *key; /* in the file */
    const char *title, *description;
    double low, high; /* ends of the scale of its bars; NaN: from the data */
    int decimals;     /* that are displayed */
    bool hidden;      /* until the reader asks for it */
} dmg_multiqc_column;

/* A section: a table with a row for each sample. All pointers belong to the caller. */
typedef struct dmg_multiqc {
    const char *id; /* sections with one id, from several files, become one table */
    const char *title, *description;
    const dmg_multiqc_column *columns; /* [column_count] */
    size_t column_count;
    const char *const *names; /* [row_count] of samples; unique, so that no row replaces another */
    const double *values;     /* [row_count x column_count]; NaN: an empty cell */
    size_t row_count;
} dmg_multiqc;

/* The section as JSON of MultiQC's custom content, which MultiQC reads from files that are called
 * *_mqc.json. DMG_RANGE: a name is not UTF-8. */
DMG_API dmg_status dmg_report_multiqc(FILE *out, const dmg_multiqc *section, dmg_error *err);

/* --- figures --- */

typedef enum dmg_figure_style {
    DMG_FIGURE_LINE,      /* low .. high is shaded */
    DMG_FIGURE_STEPS,     /* at each x the line first takes the new height, then goes on */
    DMG_FIGURE_POINTS,    /* low .. high is an error bar */
    DMG_FIGURE_BARS,      /* likewise; bars of several series side by side, x counts from 0 */
    DMG_FIGURE_REFERENCE, /* a thin grey dashed line: chance, another's result */
} dmg_figure_style;

typedef struct dmg_figure_series {
    const char *name; /* in the legend; NULL: not there */
    dmg_figure_style style;
    size_t count;
    const double *x, *y;      /* [count]; NaN in either: a gap */
    const double *low, *high; /* [count], or both NULL; NaN: no interval here */
} dmg_figure_series;

typedef struct dmg_figure {
    const char *title;             /* or NULL */
    const char *x_title, *y_title; /* with the unit in brackets, where there is one */
    double x_low, x_high;          /* NaN: from the data */
    double y_low, y_high;          /* NaN: from the data */
    const char *const *ticks;      /* [tick_count] words at x = 0, 1, ...; or NULL: numbers */
    size_t tick_count;
    double span_low, span_high; /* a range of x to be marked; NaN: none */
    const char *span_name;      /* in the legend; NULL: not there */
    bool square;                /* axes of equal length */
    bool whole_x;               /* x is a number of things: ticks at whole numbers, from 0 */
    const dmg_figure_series *series;
    size_t series_count;
} dmg_figure;

/* Nothing in it, all ranges from the data. */
DMG_API dmg_figure dmg_figure_defaults(void);

/* DMG_UNSUPPORTED unless the ending is .svg, .pdf or .png. To be called before long work. */
DMG_API dmg_status dmg_figure_check_path(const char *path, dmg_error *err);

enum { DMG_FIGURE_PATH = 4096 };

/* Where dmg_figure_write puts the numbers: "roc.data.tsv" for "roc.svg". DMG_RANGE if the path is
 * too long; else as dmg_figure_check_path. */
DMG_API dmg_status dmg_figure_data_path(char out[DMG_FIGURE_PATH], const char *path,
                                        dmg_error *err);

/* Writes the numbers (columns series, x, y, low, high), then draws them with gnuplot, which is
 * found on PATH. Each file appears whole or not at all. DMG_UNSUPPORTED if gnuplot is missing; the
 * numbers are written then. DMG_IO with gnuplot's message if it fails. Texts may have any content:
 * control characters and bytes that are not UTF-8 become '?'. */
DMG_API dmg_status dmg_figure_write(const dmg_figure *figure, const char *path, dmg_error *err);

/* --- ROC and precision-recall curves --- */

typedef struct dmg_report_curve {
    const char *name;
    const dmg_operating_point *points; /* [count], of dmg_metrics_points */
    size_t count;
    double area; /* AUROC or AUPR, for the legend; NaN: not there */
} dmg_report_curve;

/* Figures of several curves, with the line of chance, as dmg_figure_write. The precision-recall
 * curve has steps as average precision has, its line of chance at the proportion of positives of
 * the first curve. */
DMG_API dmg_status dmg_report_roc(const char *path, const dmg_report_curve *curves, size_t count,
                                  dmg_error *err);
DMG_API dmg_status dmg_report_pr(const char *path, const dmg_report_curve *curves, size_t count,
                                 dmg_error *err);

#ifdef __cplusplus
}
#endif

#endif
