/* SPDX-License-Identifier: MIT */
/* The index of records and the sections under it. */
#include "deepmirgene/html_report.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/temporary.h"
#include "report/drawing.h"
#include "report/histogram.h"
#include "report/html_table.h"
#include "report/markup.h"
#include "report/page.h"

enum { SHOWN_ID = 200, BINS = 20 };

/* A record as it is kept. */
typedef struct html_row {
    size_t number; /* among all records, from 1 */
    bool section;  /* it has one, or gets one with its drawing */
    size_t length;
    double p_mirna, mfe;
    char *id, *call, *flags;    /* call may be NULL */
    char *sequence, *structure; /* may be NULL */
    char **cells;               /* [column_count] */
    dmg_html_mark marks[DMG_HTML_MARKS];
    size_t mark_count;
    uint64_t place_from, place_to;
} html_row;

struct dmg_html_report {
    dmg_html_options options;
    size_t records; /* added */
    size_t scored, precursors;
    size_t histogram[BINS];
    size_t count, capacity;
    html_row *rows; /* [count] */
    size_t last;    /* index of the record added last; count if it was not kept */
    FILE *sections; /* of records that were given one; NULL: none yet */
    size_t section_count;
};

dmg_html_options dmg_html_options_defaults(void)
{
    return (dmg_html_options){.title = "deepmirgene", .rows = 20000, .drawings = 50};
}

/* --- rows --- */

static void clear_row(html_row *row, size_t columns)
{
    free(row->id);
    free(row->call);
    free(row->flags);
    free(row->sequence);
    free(row->structure);
    for (size_t k = 0; row->cells && k < columns; k++) free(row->cells[k]);
    free(row->cells);
}

/* Copies text, if there is any. False: out of memory. */
static bool copy(char **out, const char *text, size_t length)
{
    if (!text) return true;
    *out = dmg_copy_text(text, length);
    return *out != NULL;
}

static bool copy_cells(html_row *row, const char *const *cells, size_t columns)
{
    if (columns == 0) return true;
    row->cells = dmg_alloc_zero(columns, sizeof *row->cells);
    bool whole = row->cells != NULL;
    for (size_t k = 0; whole && k < columns; k++)
        whole = copy(&row->cells[k], cells[k], strlen(cells[k]));
    return whole;
}

static bool fill_row(html_row *row, const dmg_html_record *record, size_t columns)
{
    const size_t most = 4 * SHOWN_ID + 4; /* bytes; more is never shown */
    const bool drawn = record->sequence && record->structure && record->length > 0;
    row->length = record->length;
    row->p_mirna = record->p_mirna;
    row->mfe = record->mfe;
    row->mark_count = record->mark_count;
    row->place_from = record->place_from;
    row->place_to = record->place_to;
    for (size_t k = 0; k < record->mark_count; k++) row->marks[k] = record->marks[k];
    return copy(&row->id, record->id, record->id_length < most ? record->id_length : most) &&
           copy(&row->call, record->call, record->call ? strlen(record->call) : 0) &&
           copy(&row->flags, record->flags, strlen(record->flags)) &&
           copy(&row->sequence, drawn ? record->sequence : NULL, record->length) &&
           copy(&row->structure, drawn ? record->structure : NULL, record->length) &&
           copy_cells(row, record->cells, columns);
}

/* Higher probability first, none last; then as they came. */
static int compare_rows(const void *a, const void *b)
{
    const html_row *x = a, *y = b;
    const double p = isnan(x->p_mirna) ? -1 : x->p_mirna, q = isnan(y->p_mirna) ? -1 : y->p_mirna;
    if (p != q) return p > q ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

/* Leaves the best `options.rows` of the rows, in the order of their probability. */
static void keep_best(dmg_html_report *report)
{
    if (report->count > 0) qsort(report->rows, report->count, sizeof *report->rows, compare_rows);
    while (report->count > report->options.rows)
        clear_row(&report->rows[--report->count], report->options.column_count);
}

/* --- making a report --- */

dmg_status dmg_html_report_create(dmg_html_report **out, const dmg_html_options *options,
                                  dmg_error *err)
{
    dmg_html_report *report = dmg_alloc_zero(1, sizeof *report);
    if (!report) return dmg_error_nomem(err, "the report");
    report->options = *options;
    *out = report;
    return DMG_OK;
}

void dmg_html_report_destroy(dmg_html_report *report)
{
    if (!report) return;
    for (size_t i = 0; i < report->count; i++)
        clear_row(&report->rows[i], report->options.column_count);
    free(report->rows);
    if (report->sections) fclose(report->sections);
    free(report);
}

static void count_record(dmg_html_report *report, const dmg_html_record *record)
{
    report->records++;
    if (isnan(record->p_mirna)) return;
    report->scored++;
    report->precursors += record->call && strcmp(record->call, "pre-miRNA") == 0;
    const double bin = floor(fmax(record->p_mirna, 0) * BINS);
    report->histogram[bin < BINS ? (size_t)bin : BINS - 1]++;
}

dmg_status dmg_html_report_add(dmg_html_report *report, const dmg_html_record *record,
                               dmg_error *err)
{
    const size_t most = report->options.rows;
    if (report->count >= most + most / 2 + 1000) keep_best(report);
    if (!dmg_grow(&report->rows, &report->capacity, report->count + 1, sizeof *report->rows))
        return dmg_error_nomem(err, "the report");
    html_row *row = &report->rows[report->count];
    *row = (html_row){.number = report->records + 1};
    if (!fill_row(row, record, report->options.column_count)) {
        clear_row(row, report->options.column_count);
        return dmg_error_nomem(err, "the report");
    }
    report->last = report->count++;
    count_record(report, record);
    return DMG_OK;
}

static void begin_section(FILE *out, const html_row *row)
{
    fprintf(out, "<article id=\"r%zu\" aria-labelledby=\"t%zu\">\n<h2 id=\"t%zu\">", row->number,
            row->number, row->number);
    markup_text_short(out, row->id, SHOWN_ID);
    fputs("</h2>\n", out);
}

dmg_status dmg_html_report_section(FILE **out, dmg_html_report *report, dmg_error *err)
{
    if (!report->sections) {
        const dmg_status st = dmg_temporary_stream(&report->sections, err);
        if (st != DMG_OK) return st;
    }
    html_row *row = &report->rows[report->last];
    if (report->section_count++ > 0) fputs("</article>\n", report->sections);
    begin_section(report->sections, row);
    row->section = true;
    *out = report->sections;
    return DMG_OK;
}

/* --- the head --- */

/* What is long opens on request. */
static void write_fact(FILE *out, const char *value)
{
    const bool folded = strlen(value) > 2 * SHOWN_ID;
    if (folded) fputs("<details><summary>show</summary><code>", out);
    markup_text(out, value);
    if (folded) fputs("</code></details>", out);
}

static void write_facts(FILE *out, const dmg_html_report *report)
{
    fputs("<dl class=\"facts\">\n", out);
    for (size_t k = 0; k < report->options.fact_count; k++) {
        fputs("<dt>", out);
        markup_text(out, report->options.facts[k].name);
        fputs("</dt><dd>", out);
        write_fact(out, report->options.facts[k].value);
        fputs("</dd>\n", out);
    }
    fprintf(out, "<dt>records</dt><dd>%zu: %zu pre-miRNA, %zu other", report->records,
            report->precursors, report->scored - report->precursors);
    if (report->scored < report->records)
        fprintf(out, ", %zu not scored", report->records - report->scored);
    fputs("</dd>\n</dl>\n", out);
}

static void write_histogram(FILE *out, const dmg_html_report *report)
{
    if (report->scored == 0) {
        fputs("<p class=\"pale\">No record has a probability.</p>\n", out);
        return;
    }
    fputs("<figure class=\"chart\">\n", out);
    histogram_write(out, report->histogram, BINS, "histogram of p_mirna");
    fputs("</figure>\n", out);
}

/* --- the table --- */

static bool is_number(const char *text)
{
    char *end;
    strtod(text, &end);
    return *text && *end == '\0';
}

/* How a column of the table is shown. */
typedef enum column_kind {
    COLUMN_TEXT,
    COLUMN_NUMBERS, /* all its cells are, or NA */
    COLUMN_CONSTANT /* all its cells are the same: said once, above the table */
} column_kind;

static column_kind kind_of(const dmg_html_report *report, size_t column)
{
    bool numbers = true, some = false, constant = report->count > 1;
    for (size_t i = 0; i < report->count; i++) {
        const char *cell = report->rows[i].cells[column];
        some = some || is_number(cell);
        numbers = numbers && (is_number(cell) || strcmp(cell, "NA") == 0);
        constant = constant && strcmp(cell, report->rows[0].cells[column]) == 0;
    }
    return constant ? COLUMN_CONSTANT : numbers && some ? COLUMN_NUMBERS : COLUMN_TEXT;
}

/* The columns of a table, and which are said once above it. */
typedef struct table_columns {
    const dmg_html_report *report;
    column_kind *kinds; /* [column_count] */
    bool constant_call, constant_flags;
} table_columns;

static const char *call_of(const html_row *row)
{
    return row->call ? row->call : "NA";
}

static void find_constants(table_columns *columns)
{
    const dmg_html_report *const report = columns->report;
    columns->constant_call = columns->constant_flags = report->count > 1;
    for (size_t i = 1; i < report->count; i++) {
        const html_row *const row = &report->rows[i];
        if (strcmp(call_of(row), call_of(report->rows)) != 0) columns->constant_call = false;
        if (strcmp(row->flags, report->rows[0].flags) != 0) columns->constant_flags = false;
    }
}

static const char *write_constant(FILE *out, const char *between, const char *name,
                                  const char *value)
{
    fputs(between, out);
    markup_text(out, name);
    putc(' ', out);
    markup_text_short(out, value, SHOWN_ID);
    return ", ";
}

static void write_constants(FILE *out, const table_columns *columns)
{
    const dmg_html_report *const report = columns->report;
    const html_row *const row = report->rows;
    const char *between = "<p class=\"pale\">The same in all rows: ";
    if (columns->constant_call) between = write_constant(out, between, "call", call_of(row));
    if (columns->constant_flags && strcmp(row->flags, "-") != 0)
        between = write_constant(out, between, "flags", row->flags);
    for (size_t k = 0; k < report->options.column_count; k++)
        if (columns->kinds[k] == COLUMN_CONSTANT)
            between = write_constant(out, between, report->options.columns[k], row->cells[k]);
    if (*between == ',') fputs("</p>\n", out);
}

static void write_title(FILE *out, const char *title, bool number, bool sorted)
{
    fprintf(out, "<th scope=\"col\"%s%s><button type=\"button\">", number ? " class=\"n\"" : "",
            sorted ? " aria-sort=\"descending\"" : "");
    markup_text(out, title);
    fputs("</button></th>\n", out);
}

static void write_number(FILE *out, double value, const char *format)
{
    fputs("<td class=\"n\">", out);
    if (isnan(value))
        fputs("NA", out);
    else
        fprintf(out, format, value);
    fputs("</td>", out);
}

static void write_cell(FILE *out, const char *text, bool number)
{
    fputs(number ? "<td class=\"n\">" : "<td>", out);
    markup_text_short(out, text, SHOWN_ID);
    fputs("</td>", out);
}

static void write_row(FILE *out, const html_row *row, const table_columns *columns)
{
    fputs("<tr", out);
    if (row->place_to > 0)
        fprintf(out, " data-l=\"%" PRIu64 " %" PRIu64 "\"", row->place_from, row->place_to);
    if (row->sequence) {
        fputs(" data-s=\"", out);
        markup_text(out, row->sequence);
        putc('"', out);
    }
    fprintf(out, "><td class=\"n\">%zu</td><td>", row->number);
    if (row->section) fprintf(out, "<a href=\"#r%zu\">", row->number);
    markup_text_short(out, *row->id ? row->id : "(no name)", SHOWN_ID);
    fputs(row->section ? "</a></td>" : "</td>", out);
    write_number(out, row->p_mirna, "%.4g");
    if (!columns->constant_call) write_cell(out, call_of(row), false);
    for (size_t k = 0; k < columns->report->options.column_count; k++)
        if (columns->kinds[k] != COLUMN_CONSTANT)
            write_cell(out, row->cells[k], columns->kinds[k] == COLUMN_NUMBERS);
    write_number(out, (double)row->length, "%.0f");
    write_number(out, row->mfe, "%.2f");
    if (!columns->constant_flags) write_cell(out, row->flags, false);
    fputs("</tr>\n", out);
}

static void write_head(FILE *out, const table_columns *columns)
{
    const dmg_html_options *const options = &columns->report->options;
    write_title(out, "#", true, false);
    write_title(out, "id", false, false);
    write_title(out, "p_mirna", true, true);
    if (!columns->constant_call) write_title(out, "call", false, false);
    for (size_t k = 0; k < options->column_count; k++)
        if (columns->kinds[k] != COLUMN_CONSTANT)
            write_title(out, options->columns[k], columns->kinds[k] == COLUMN_NUMBERS, false);
    write_title(out, "length", true, false);
    write_title(out, "mfe (kcal/mol)", true, false);
    if (!columns->constant_flags) write_title(out, "flags", false, false);
}

static dmg_status write_table(FILE *out, const dmg_html_report *report, dmg_error *err)
{
    const size_t count = report->options.column_count;
    table_columns columns = {.report = report};
    columns.kinds = dmg_alloc_zero(count, sizeof *columns.kinds);
    if (!columns.kinds) return dmg_error_nomem(err, "the report");
    for (size_t k = 0; k < count; k++) columns.kinds[k] = kind_of(report, k);
    find_constants(&columns);
    if (report->records > report->count)
        fprintf(out, "<p>The %zu records of highest probability, of %zu.</p>\n", report->count,
                report->records);
    write_constants(out, &columns);
    fprintf(out,
            "<p><label for=\"search\">Search </label><input type=\"search\" id=\"search\"> "
            "<span id=\"found\" role=\"status\">%zu row%s</span></p>\n"
            "<div class=\"wide table\" tabindex=\"0\" role=\"region\" "
            "aria-label=\"index of records\">\n<table class=\"index\">\n<thead><tr>\n",
            report->count, report->count == 1 ? "" : "s");
    write_head(out, &columns);
    fputs("</tr></thead>\n<tbody>\n", out);
    for (size_t i = 0; i < report->count; i++) write_row(out, &report->rows[i], &columns);
    fputs("</tbody>\n</table>\n</div>\n", out);
    free(columns.kinds);
    return DMG_OK;
}

/* --- the sections --- */

static void write_legend(FILE *out, const html_row *row)
{
    const char *begin = "<p class=\"pale\">Mature sequences: ";
    for (size_t k = 0; k < row->mark_count; k++) {
        fprintf(out, "%s<span class=\"key m%zu\"></span>", begin, k + 1);
        markup_text(out, row->marks[k].name);
        fprintf(out, " %zu-%zu", row->marks[k].start + 1, row->marks[k].end);
        begin = ", ";
    }
    if (row->mark_count > 0) fputs("</p>\n", out);
}

static dmg_status write_drawing(FILE *out, const html_row *row, dmg_error *err)
{
    char title[64];
    snprintf(title, sizeof title, "structure, %zu nucleotides", row->length);
    begin_section(out, row);
    fprintf(out, "<p>%zu nucleotides, p_mirna %.4g, %s</p>\n<div class=\"wide\">\n", row->length,
            row->p_mirna, row->call ? row->call : "not scored");
    drawing_size size;
    const hairpin_drawing drawing = {.title = title,
                                     .sequence = row->sequence,
                                     .structure = row->structure,
                                     .length = row->length,
                                     .marks = row->marks,
                                     .mark_count = row->mark_count};
    const dmg_status st = hairpin_write(out, &size, &drawing, 0, 0, err);
    fputs("</div>\n", out);
    write_legend(out, row);
    fputs("<p><code>", out);
    markup_text(out, row->sequence);
    fputs("<br>", out);
    markup_text(out, row->structure);
    fputs("</code></p>\n</article>\n", out);
    return st;
}

/* Which rows are drawn here: the best ones, unless records came with sections of their own. */
static void choose_drawings(dmg_html_report *report)
{
    if (report->sections) return;
    size_t drawn = 0;
    for (size_t i = 0; i < report->count && drawn < report->options.drawings; i++) {
        html_row *row = &report->rows[i];
        row->section = row->structure && !isnan(row->p_mirna);
        drawn += row->section;
    }
}

static dmg_status write_index(FILE *out, dmg_html_report *report, dmg_error *err)
{
    dmg_status st = DMG_OK;
    if (report->records == 0) {
        fputs("<p>There are no records to list.</p>\n", out);
    } else {
        write_histogram(out, report);
        st = write_table(out, report, err);
    }
    html_table_write(out, report->options.table);
    return st;
}

dmg_status dmg_html_report_write(dmg_html_report *report, FILE *out, dmg_error *err)
{
    dmg_status st = DMG_OK;
    keep_best(report);
    choose_drawings(report);
    page_begin(out, report->options.title);
    write_facts(out, report);
    if (report->records != 1 || !report->sections) st = write_index(out, report, err);
    if (report->sections) {
        if (ferror(report->sections))
            return dmg_error_set(err, DMG_IO, "cannot write a temporary file");
        fputs("</article>\n", report->sections);
        if (st == DMG_OK) st = dmg_temporary_copy(out, report->sections, err);
    } else {
        for (size_t i = 0; st == DMG_OK && i < report->count; i++)
            if (report->rows[i].section) st = write_drawing(out, &report->rows[i], err);
    }
    page_end(out);
    return st;
}
