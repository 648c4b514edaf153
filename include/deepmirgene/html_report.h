/* SPDX-License-Identifier: MIT */
/* A report as one file of HTML: an index of records that can be sorted and searched, a histogram of
 * their probabilities, and under it a section for each record that has one, with drawings.
 *
 * The file is self-contained and does not access the network; it can be mailed and printed. Names
 * and all other texts may have any content: they are escaped, and bytes that are not UTF-8 become
 * '?'. Rows can be chosen by probability, q_value, copies and strand, and saved as TSV, FASTA and,
 * where ids are places in sequences, GFF3 and BED. A column whose cells are all the same is not
 * shown: a line above the table gives its value (of `flags` only where there are any).
 */
#ifndef DMG_HTML_REPORT_H
#define DMG_HTML_REPORT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "deepmirgene/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A line about the whole report: "model", "human". */
typedef struct dmg_html_fact {
    const char *name, *value;
} dmg_html_fact;

/* A table of words under the index, with a heading and a line about it. */
typedef struct dmg_html_table {
    const char *title, *words;
    const char *const *columns; /* [column_count] */
    size_t column_count;
    const char *const *cells; /* [row_count * column_count], row by row */
    size_t row_count;         /* 0: there are only the heading and the line */
} dmg_html_table;

/* All pointers are the caller's and must outlive the report. */
typedef struct dmg_html_options {
    const char *title;          /* "deepmirgene predict" */
    const dmg_html_fact *facts; /* [fact_count] */
    size_t fact_count;
    const char *const *columns; /* [column_count] titles of columns besides the usual ones */
    size_t column_count;
    size_t rows;     /* most rows of the index: the records of highest probability */
    size_t drawings; /* so many of these have their hairpin drawn, in a section of their own */
    const dmg_html_table *table; /* or NULL */
} dmg_html_options;

/* No columns, 20,000 rows, 50 drawings. */
DMG_API dmg_html_options dmg_html_options_defaults(void);

#define DMG_HTML_MARKS 2

/* A stretch of a record that its drawing colours, 0-based and half open: a mature sequence. */
typedef struct dmg_html_mark {
    size_t start, end;
    const char *name; /* plain letters, in a legend: "5p" */
} dmg_html_mark;

/* One record of the index; everything is copied. */
typedef struct dmg_html_record {
    const char *id; /* [id_length], its first 200 characters are shown */
    size_t id_length;
    size_t length;                 /* nucleotides */
    double p_mirna;                /* NaN: none */
    const char *call;              /* "pre-miRNA", "other"; NULL: none */
    double mfe;                    /* kcal/mol; NaN: none */
    const char *flags;             /* "multiloop", "-" */
    const char *const *cells;      /* [column_count]; a cell that is a number is sorted as one */
    const char *sequence;          /* [length], for a drawing; or NULL */
    const char *structure;         /* [length] balanced dot-bracket; or NULL */
    uint64_t place_from, place_to; /* 1-based, the scanned part of the sequence that an id of the
                                    * form NAME:FROM-TO(STRAND) lies on, for a track; 0, 0: none */
    const dmg_html_mark *marks;    /* [mark_count]; their names must outlive the report */
    size_t mark_count;             /* DMG_HTML_MARKS at most */
} dmg_html_record;

typedef struct dmg_html_report dmg_html_report;

/* Memory holds the rows with their sequences and structures only; sections go to a temporary file.
 */
DMG_API dmg_status dmg_html_report_create(dmg_html_report **out, const dmg_html_options *options,
                                          dmg_error *err);
DMG_API void dmg_html_report_destroy(dmg_html_report *report);

DMG_API dmg_status dmg_html_report_add(dmg_html_report *report, const dmg_html_record *record,
                                       dmg_error *err);

/* Begins a section of the record added last, which links to it in place of a drawing: the stream
 * takes its HTML (dmg_explain_html) until the next record is added. */
DMG_API dmg_status dmg_html_report_section(FILE **out, dmg_html_report *report, dmg_error *err);

/* Writes the page; once. The caller checks the stream (dmg_output_check). A report of a single
 * record that has a section has no index. */
DMG_API dmg_status dmg_html_report_write(dmg_html_report *report, FILE *out, dmg_error *err);

#ifdef __cplusplus
}
#endif

#endif
