/* SPDX-License-Identifier: MIT */
/* Tables that give each record of a dataset a word, checked in both directions: every line names
 * one record, every record has one line.
 */
#include "train/assignment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text_lines.h"
#include "train/dataset.h"

enum { MAX_COLUMNS = 64, NO_COLUMN = -1 };

/* A record as it is looked up; `line` is the one that names it, 0 before. */
typedef struct named_record {
    const char *id;
    bool positive;
    size_t index, line;
} named_record;

typedef struct table {
    const char *path;
    const dmg_dataset *dataset; /* whose records the lines name */
    text_lines lines;
    size_t number;                  /* of the present line */
    char *columns[MAX_COLUMNS + 1]; /* [count], and room for one too many */
    int count;
    int id, label, word; /* which columns these are; label may be NO_COLUMN */
} table;

/* --- lines --- */

/* Cuts the line at its tabs. */
static void cut_columns(table *t, char *line)
{
    t->count = 0;
    char *place = line;
    do {
        char *tab = strchr(place, '\t');
        if (tab) *tab++ = '\0';
        t->columns[t->count++] = place;
        place = tab;
    } while (place && t->count <= MAX_COLUMNS);
}

/* The next line that is not empty; *some is false at the end of the file. */
static dmg_status next_line(table *t, bool *some, dmg_error *err)
{
    char *line;
    dmg_status st;
    *some = false;
    while (!*some && (st = text_lines_next(&t->lines, &line, err)) == DMG_OK && line) {
        cut_columns(t, line);
        *some = t->count > 1 || *t->columns[0];
    }
    t->number = t->lines.number;
    return st;
}

static int find_column(const table *t, const char *title)
{
    for (int c = 0; c < t->count; c++)
        if (strcmp(t->columns[c], title) == 0) return c;
    return NO_COLUMN;
}

/* Finds the columns by the first line, which is a title if it holds the word "id". */
static dmg_status read_titles(table *t, const char *column, bool *is_title, dmg_error *err)
{
    t->id = find_column(t, "id");
    *is_title = t->id != NO_COLUMN;
    if (*is_title) {
        t->label = find_column(t, "label");
        t->word = find_column(t, column);
        if (t->word != NO_COLUMN) return DMG_OK;
        return dmg_error_set(err, DMG_FORMAT, "%s:%zu: missing column '%s'", t->path, t->number,
                             column);
    }
    t->id = 0;
    t->word = t->count - 1;
    t->label = t->count == 3 ? 1 : NO_COLUMN;
    if (t->count == 2 || t->count == 3) return DMG_OK;
    return dmg_error_set(err, DMG_FORMAT,
                         "%s:%zu: expected a header line, or the columns id and %s, or id, label "
                         "and %s, separated by tabs",
                         t->path, t->number, column, column);
}

/* --- records --- */

static int by_id_and_label(const void *a, const void *b)
{
    const named_record *x = a, *y = b;
    const int order = strcmp(x->id, y->id);
    return order != 0 ? order : x->positive - y->positive;
}

static int by_id(const void *a, const void *b)
{
    return strcmp(((const named_record *)a)->id, ((const named_record *)b)->id);
}

static dmg_status read_label(bool *positive, const table *t, dmg_error *err)
{
    const char *label = t->columns[t->label];
    *positive = strcmp(label, "1") == 0;
    if (*positive || strcmp(label, "0") == 0) return DMG_OK;
    return dmg_error_set(err, DMG_FORMAT,
                         "%s:%zu: label '%.40s': expected 1 for pre-miRNAs, 0 for others", t->path,
                         t->number, label);
}

static const char *side(bool positive)
{
    return positive ? "positive" : "negative";
}

/* The record that the line names by its id and, where there is one, its label; NULL for one that
 * was dropped. */
static dmg_status find_record(named_record **out, const table *t, named_record *records,
                              size_t count, dmg_error *err)
{
    const bool labelled = t->label != NO_COLUMN;
    named_record key = {.id = t->columns[t->id]};
    if (labelled) {
        const dmg_status st = read_label(&key.positive, t, err);
        if (st != DMG_OK) return st;
    }
    int (*const compare)(const void *, const void *) = labelled ? by_id_and_label : by_id;
    named_record *found = bsearch(&key, records, count, sizeof *records, compare);
    *out = NULL;
    if (!found && dataset_has_dropped(t->dataset, key.id)) return DMG_OK;
    if (!found)
        return dmg_error_set(err, DMG_FORMAT, "%s:%zu: no %s%srecord has the id '%.80s'", t->path,
                             t->number, labelled ? side(key.positive) : "", labelled ? " " : "",
                             key.id);
    const bool shared = (found > records && compare(&key, found - 1) == 0) ||
                        (found + 1 < records + count && compare(&key, found + 1) == 0);
    if (shared)
        return dmg_error_set(err, DMG_FORMAT, "%s:%zu: several %s%srecords have the id '%.80s'%s",
                             t->path, t->number, labelled ? side(key.positive) : "",
                             labelled ? " " : "", key.id,
                             labelled ? "" : "; add a column 'label' to distinguish them");
    *out = found;
    return DMG_OK;
}

static dmg_status assign_line(assignment *a, const table *t, named_record *records,
                              const char *column, dmg_error *err)
{
    named_record *record = NULL;
    if (t->count > MAX_COLUMNS || t->id >= t->count || t->label >= t->count || t->word >= t->count)
        return dmg_error_set(err, DMG_FORMAT, "%s:%zu: %d column%s: too %s", t->path, t->number,
                             t->count, t->count == 1 ? "" : "s",
                             t->count > MAX_COLUMNS ? "many" : "few");
    const dmg_status st = find_record(&record, t, records, a->count, err);
    if (st != DMG_OK || !record) return st;
    if (record->line > 0)
        return dmg_error_set(err, DMG_FORMAT, "%s:%zu: the id '%.80s' is already in line %zu",
                             t->path, t->number, record->id, record->line);
    const char *word = t->columns[t->word];
    if (*word == '\0')
        return dmg_error_set(err, DMG_FORMAT, "%s:%zu: record '%.80s' has no %s", t->path,
                             t->number, record->id, column);
    record->line = t->number;
    a->words[record->index] = dmg_copy_text(word, strlen(word));
    return a->words[record->index] ? DMG_OK : dmg_error_nomem(err, t->path);
}

/* Names the first record, in the order of the data, that no line did. */
static dmg_status check_all_assigned(const assignment *a, const dmg_dataset *dataset,
                                     const table *t, dmg_error *err)
{
    size_t missing = 0, first = 0;
    for (size_t i = a->count; i-- > 0;) {
        if (a->words[i]) continue;
        missing++;
        first = i;
    }
    if (missing == 0) return DMG_OK;
    const dmg_dataset_record record = dmg_dataset_get(dataset, first);
    return dmg_error_set(
        err, DMG_FORMAT,
        "%s:%zu: the file ends, but %zu record%s without a line; the first is '%.80s' (%s)",
        t->path, t->number, missing, missing == 1 ? " is" : "s are", record.id,
        side(record.positive));
}

/* --- the whole table --- */

static dmg_status read_lines(assignment *a, table *t, named_record *records, const char *column,
                             dmg_error *err)
{
    bool is_title = false, some;
    dmg_status st = next_line(t, &some, err);
    if (st == DMG_OK && !some)
        st = dmg_error_set(err, DMG_FORMAT, "%s: the file is empty", t->path);
    if (st == DMG_OK) st = read_titles(t, column, &is_title, err);
    if (st == DMG_OK && !is_title) st = assign_line(a, t, records, column, err);
    while (st == DMG_OK && (st = next_line(t, &some, err)) == DMG_OK && some)
        st = assign_line(a, t, records, column, err);
    return st;
}

static named_record *sort_records(const dmg_dataset *dataset)
{
    const size_t count = dmg_dataset_count(dataset);
    named_record *records = dmg_alloc(count, sizeof *records);
    for (size_t i = 0; records && i < count; i++) {
        const dmg_dataset_record record = dmg_dataset_get(dataset, i);
        records[i] = (named_record){.id = record.id, .positive = record.positive, .index = i};
    }
    if (records) qsort(records, count, sizeof *records, by_id_and_label);
    return records;
}

dmg_status assignment_read(assignment *out, const dmg_dataset *dataset, const char *path,
                           const char *column, dmg_error *err)
{
    assignment a = {.count = dmg_dataset_count(dataset)};
    table t = {.path = path, .dataset = dataset};
    dmg_status st = text_lines_open(&t.lines, path, err);
    if (st != DMG_OK) return st;
    named_record *records = sort_records(dataset);
    a.words = dmg_alloc_zero(a.count, sizeof *a.words);
    st = records && a.words ? DMG_OK : dmg_error_nomem(err, path);
    if (st == DMG_OK) st = read_lines(&a, &t, records, column, err);
    if (st == DMG_OK) st = check_all_assigned(&a, dataset, &t, err);
    free(records);
    text_lines_close(&t.lines);
    if (st == DMG_OK)
        *out = a;
    else
        assignment_clear(&a);
    return st;
}

void assignment_clear(assignment *a)
{
    for (size_t i = 0; a->words && i < a->count; i++) free(a->words[i]);
    free(a->words);
    *a = (assignment){0};
}
