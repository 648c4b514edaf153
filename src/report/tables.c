/* SPDX-License-Identifier: MIT */
/* Metrics of one or several methods as Markdown, TSV and JSON. */
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/json_build.h"
#include "deepmirgene/report.h"
#include "report/clean.h"

static const clean_rule in_markdown = {'|', "\\|"}, in_tsv = {0, NULL};

/* --- Markdown --- */

static size_t column_width(const char *const *cells, size_t rows, size_t columns, size_t column)
{
    size_t widest = 3; /* "---" is the least that every Markdown reader takes for a rule */
    for (size_t r = 0; r < rows; r++) {
        const size_t width = clean_write(NULL, cells[r * columns + column], in_markdown);
        if (width > widest) widest = width;
    }
    return widest;
}

static void put_times(FILE *out, char c, size_t times)
{
    while (times-- > 0) putc(c, out);
}

static void write_cell(FILE *out, const char *text, size_t width, bool left)
{
    const size_t padding = width - clean_write(NULL, text, in_markdown);
    fputs("| ", out);
    if (!left) put_times(out, ' ', padding);
    clean_write(out, text, in_markdown);
    if (left) put_times(out, ' ', padding);
    putc(' ', out);
}

void dmg_report_table(FILE *out, const char *const *cells, size_t rows, size_t columns)
{
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < columns; c++)
            write_cell(out, cells[r * columns + c], column_width(cells, rows, columns, c), c == 0);
        fputs("|\n", out);
        for (size_t c = 0; r == 0 && c < columns; c++) {
            fputs("| ", out);
            put_times(out, '-', column_width(cells, rows, columns, c) - (c > 0));
            fputs(c > 0 ? ": " : " ", out); /* a colon at its right: the column is flush right */
        }
        if (r == 0) fputs("|\n", out);
    }
}

const char *dmg_report_cell(char buffer[DMG_REPORT_CELL], enum dmg_metric metric, double value,
                            const dmg_interval *interval)
{
    if (isnan(value))
        snprintf(buffer, DMG_REPORT_CELL, "NaN");
    else if (dmg_metric_is_count(metric))
        snprintf(buffer, DMG_REPORT_CELL, "%.0f", value);
    else if (!interval || isnan(interval->low) || isnan(interval->high))
        snprintf(buffer, DMG_REPORT_CELL, "%.3f", value);
    else
        snprintf(buffer, DMG_REPORT_CELL, "%.3f [%.3f, %.3f]", value, interval->low,
                 interval->high);
    return buffer;
}

dmg_status dmg_report_markdown(FILE *out, const dmg_report_method *methods, size_t count,
                               dmg_error *err)
{
    const size_t columns = count + 1, rows = DMG_METRICS + 1;
    const char **cells = dmg_alloc(rows * columns, sizeof *cells);
    char(*texts)[DMG_REPORT_CELL] = dmg_alloc(rows * columns, sizeof *texts);
    const dmg_status st = cells && texts ? DMG_OK : dmg_error_nomem(err, "a table");
    if (st == DMG_OK) {
        cells[0] = "metric";
        for (size_t k = 0; k < count; k++) cells[1 + k] = methods[k].name;
        for (enum dmg_metric m = 0; m < DMG_METRICS; m++) {
            const size_t row = (m + 1) * columns;
            cells[row] = dmg_metric_title(m);
            for (size_t k = 0; k < count; k++)
                cells[row + 1 + k] =
                    dmg_report_cell(texts[row + 1 + k], m, methods[k].values[m],
                                    methods[k].intervals ? &methods[k].intervals[m] : NULL);
        }
        dmg_report_table(out, cells, rows, columns);
    }
    free(cells);
    free(texts);
    return st;
}

/* --- TSV --- */

static void write_number(FILE *out, double value)
{
    if (isnan(value))
        fputs("\tNaN", out); /* printf may write "-nan" */
    else
        fprintf(out, "\t%.6g", value);
}

void dmg_report_tsv(FILE *out, const dmg_report_method *methods, size_t count)
{
    fputs("method\tmetric\tvalue\tlow\thigh\n", out);
    for (size_t k = 0; k < count; k++) {
        for (enum dmg_metric m = 0; m < DMG_METRICS; m++) {
            const dmg_interval none = {NAN, NAN};
            const dmg_interval interval = methods[k].intervals ? methods[k].intervals[m] : none;
            clean_write(out, methods[k].name, in_tsv);
            fprintf(out, "\t%s", dmg_metric_name(m));
            write_number(out, methods[k].values[m]);
            write_number(out, interval.low);
            write_number(out, interval.high);
            putc('\n', out);
        }
    }
}

/* --- JSON --------------------------------------------------------------------------------------
 * Functions of jansson accept the NULL of another that found no memory, so one check at the end of
 * each chain is enough; "o" hands the reference over, also on failure.
 */

enum { REAL_DIGITS = 10 }; /* more would show the rounding of binary fractions */

static json_t *number_or_null(double value)
{
    if (!isfinite(value)) return json_null();
    if (value == floor(value) && fabs(value) < 1e15) return json_integer((json_int_t)value);
    return json_real(value);
}

static json_t *pack_metrics(const dmg_report_method *method)
{
    json_t *metrics = json_object();
    for (enum dmg_metric m = 0; m < DMG_METRICS; m++) {
        const dmg_interval none = {NAN, NAN};
        const dmg_interval interval = method->intervals ? method->intervals[m] : none;
        json_t *entry =
            json_pack("{s:o, s:o, s:o}", "value", number_or_null(method->values[m]), "low",
                      number_or_null(interval.low), "high", number_or_null(interval.high));
        metrics = dmg_json_add(metrics, dmg_metric_name(m), entry);
    }
    return metrics;
}

static dmg_status pack_methods(json_t *root, const dmg_report_method *methods, size_t count,
                               dmg_error *err)
{
    json_t *list = json_array();
    for (size_t k = 0; k < count; k++) {
        errno = 0;
        json_t *name = json_string(methods[k].name);
        if (!name && errno != ENOMEM) {
            json_decref(list);
            return dmg_error_set(err, DMG_RANGE, "the method name '%.80s' is not UTF-8",
                                 methods[k].name);
        }
        list = dmg_json_append(list, json_pack("{s:o, s:o, s:o}", "name", name, "threshold",
                                               number_or_null(methods[k].threshold), "metrics",
                                               pack_metrics(&methods[k])));
    }
    return json_object_set_new(root, "methods", list) == 0
               ? DMG_OK
               : dmg_error_nomem(err, "a table in JSON");
}

static dmg_status load_about(json_t **root, const char *about, dmg_error *err)
{
    bool no_memory = false;
    json_t *loaded =
        about ? dmg_json_parse(about, strlen(about), JSON_REJECT_DUPLICATES, &no_memory, NULL)
              : json_object();
    if (no_memory || (!loaded && !about)) return dmg_error_nomem(err, "a table in JSON");
    if (!json_is_object(loaded)) {
        json_decref(loaded);
        return dmg_error_set(err, DMG_FORMAT, "the words about a table are not a JSON object");
    }
    *root = loaded;
    return DMG_OK;
}

dmg_status dmg_report_json(FILE *out, const char *about, const dmg_report_method *methods,
                           size_t count, dmg_error *err)
{
    json_t *root = NULL;
    dmg_status st = load_about(&root, about, err);
    if (st == DMG_OK) st = pack_methods(root, methods, count, err);
    if (st == DMG_OK &&
        json_dumpf(root, out, JSON_INDENT(2) | JSON_REAL_PRECISION(REAL_DIGITS)) != 0 &&
        !ferror(out))
        st = dmg_error_nomem(err, "a table in JSON");
    if (st == DMG_OK) putc('\n', out);
    json_decref(root);
    return st;
}
