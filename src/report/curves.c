/* SPDX-License-Identifier: MIT */
/* ROC and precision-recall curves. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "deepmirgene/report.h"

enum { LEGEND_CAPACITY = 256 };

/* One curve on its way into a figure. */
typedef struct drawn_curve {
    char legend[LEGEND_CAPACITY];
    double *x, *y; /* [count of the curve + 1] */
} drawn_curve;

typedef size_t fill_curve(double *x, double *y, const dmg_report_curve *curve);

/* Appends a point to n others and returns their number. Points in the middle of a horizontal or
 * vertical run are left out: they draw nothing, and there are as many as sequences. */
static size_t append_point(double *x, double *y, size_t n, double next_x, double next_y)
{
    if (n >= 2 && ((x[n - 1] == x[n - 2] && next_x == x[n - 1]) ||
                   (y[n - 1] == y[n - 2] && next_y == y[n - 1])))
        n--;
    x[n] = next_x;
    y[n] = next_y;
    return n + 1;
}

/* x = 1 - SP, y = SE. */
static size_t fill_roc(double *x, double *y, const dmg_report_curve *curve)
{
    size_t n = 0;
    for (size_t i = 0; i < curve->count; i++) {
        const dmg_call_metrics m = dmg_metrics_calls(curve->points[i].confusion);
        n = append_point(x, y, n, 1 - m.sp, m.se);
    }
    return n;
}

/* x = SE, y = PPV, which holds from the x before it on, so the first step begins at 0. Only the
 * last point of each recall is kept when they fall straight down. */
static size_t fill_pr(double *x, double *y, const dmg_report_curve *curve)
{
    size_t n = 0;
    for (size_t i = 0; i < curve->count; i++) {
        const dmg_call_metrics m = dmg_metrics_calls(curve->points[i].confusion);
        if (isnan(m.ppv) || isnan(m.se)) continue;
        if (n == 0) n = append_point(x, y, n, 0, m.ppv);
        n = append_point(x, y, n, m.se, m.ppv);
    }
    return n;
}

static double share_of_positives(const dmg_report_curve *curve)
{
    const dmg_confusion c = curve->points[0].confusion;
    return c.fn + c.tn > 0 ? c.fn / (c.fn + c.tn) : NAN;
}

static void write_legend(drawn_curve *d, const dmg_report_curve *curve, const char *area)
{
    if (isnan(curve->area))
        snprintf(d->legend, sizeof d->legend, "%s", curve->name);
    else
        snprintf(d->legend, sizeof d->legend, "%.200s (%s %.3f)", curve->name, area, curve->area);
}

static dmg_status fill_series(dmg_figure_series *series, drawn_curve *d,
                              const dmg_report_curve *curve, const char *area, fill_curve *fill,
                              dmg_figure_style style, dmg_error *err)
{
    d->x = dmg_alloc(curve->count + 1, sizeof *d->x);
    d->y = dmg_alloc(curve->count + 1, sizeof *d->y);
    if (!d->x || !d->y) return dmg_error_nomem(err, "a curve");
    write_legend(d, curve, area);
    *series = (dmg_figure_series){
        .name = d->legend,
        .style = style,
        .count = fill(d->x, d->y, curve),
        .x = d->x,
        .y = d->y,
    };
    return DMG_OK;
}

/* Draws the curves into `figure` after the line of chance. */
static dmg_status write_curves(const char *path, dmg_figure *figure, dmg_figure_series chance,
                               const dmg_report_curve *curves, size_t count, const char *area,
                               fill_curve *fill, dmg_figure_style style, dmg_error *err)
{
    dmg_figure_series *series = dmg_alloc(count + 1, sizeof *series);
    drawn_curve *drawn = dmg_alloc_zero(count, sizeof *drawn);
    dmg_status st = series && drawn ? DMG_OK : dmg_error_nomem(err, "a figure");
    for (size_t k = 0; st == DMG_OK && k < count; k++)
        st = fill_series(&series[k], &drawn[k], &curves[k], area, fill, style, err);
    if (st == DMG_OK) {
        series[count] = chance;
        figure->series = series;
        figure->series_count = count + 1;
        st = dmg_figure_write(figure, path, err);
    }
    for (size_t k = 0; drawn && k < count; k++) {
        free(drawn[k].x);
        free(drawn[k].y);
    }
    free(drawn);
    free(series);
    return st;
}

static dmg_figure unit_square(const char *x_title, const char *y_title)
{
    dmg_figure figure = dmg_figure_defaults();
    figure.x_title = x_title;
    figure.y_title = y_title;
    figure.x_low = figure.y_low = 0;
    figure.x_high = figure.y_high = 1;
    figure.square = true;
    return figure;
}

dmg_status dmg_report_roc(const char *path, const dmg_report_curve *curves, size_t count,
                          dmg_error *err)
{
    const double ends[] = {0, 1};
    dmg_figure figure = unit_square("false positive rate, 1 - SP", "sensitivity, SE");
    const dmg_figure_series chance = {
        .name = "chance", .style = DMG_FIGURE_REFERENCE, .count = 2, .x = ends, .y = ends};
    return write_curves(path, &figure, chance, curves, count, "AUROC", fill_roc, DMG_FIGURE_LINE,
                        err);
}

dmg_status dmg_report_pr(const char *path, const dmg_report_curve *curves, size_t count,
                         dmg_error *err)
{
    const double ends[] = {0, 1}, share = count > 0 ? share_of_positives(&curves[0]) : NAN;
    const double level[] = {share, share};
    dmg_figure figure = unit_square("recall, SE", "precision, PPV");
    const dmg_figure_series chance = {
        .name = "chance", .style = DMG_FIGURE_REFERENCE, .count = 2, .x = ends, .y = level};
    return write_curves(path, &figure, chance, curves, count, "AP", fill_pr, DMG_FIGURE_STEPS, err);
}
