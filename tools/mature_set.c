/* SPDX-License-Identifier: MIT */
/* Reads a set of hairpins with known mature sequences, and folds them. */
#include "mature_set.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "deepmirgene/fold.h"

enum { COLUMNS = 12, THREADS = 2 };

static long parse_cut(const char *text)
{
    return strcmp(text, ".") == 0 ? CUT_UNKNOWN : strtol(text, NULL, 10);
}

static cut_set parse_mirgenedb(const char *text)
{
    cut_set set = {{{CUT_UNKNOWN, CUT_UNKNOWN}, {CUT_UNKNOWN, CUT_UNKNOWN}}};
    if (strcmp(text, ".") != 0 && sscanf(text, "%ld,%ld,%ld,%ld", &set.cuts[0][0], &set.cuts[0][1],
                                         &set.cuts[1][0], &set.cuts[1][1]) != 4)
        set.cuts[0][0] = CUT_UNKNOWN;
    return set;
}

/* Takes the text of a line, which the columns of the record point into; false unless there are as
 * many as expected. */
static bool parse_line(mature_record *record, char *text)
{
    char *columns[COLUMNS], *rest = NULL;
    for (int k = 0; k < COLUMNS; k++) {
        columns[k] = strtok_r(k ? NULL : text, "\t\n", &rest);
        if (!columns[k]) return false;
    }
    *record = (mature_record){
        .id = columns[0],
        .clade = columns[1],
        .cut = columns[2],
        .weight = strtod(columns[3], NULL),
        .sequence = columns[4],
        .length = strlen(columns[4]),
        .ends = {{{parse_cut(columns[5]), parse_cut(columns[6])},
                  {parse_cut(columns[7]), parse_cut(columns[8])}}},
        .source = {columns[9][0], columns[10][0]},
        .mirgenedb = parse_mirgenedb(columns[11]),
    };
    return true;
}

static dmg_status add_line(mature_set *set, const char *line, const char *path, dmg_error *err)
{
    if (!dmg_grow(&set->records, &set->capacity, set->count + 1, sizeof *set->records))
        return dmg_error_nomem(err, path);
    mature_record *const record = &set->records[set->count++];
    *record = (mature_record){0};
    char *const text = dmg_copy_text(line, strlen(line));
    if (!text) return dmg_error_nomem(err, path);
    const bool good = parse_line(record, text);
    record->text = text;
    if (!good)
        return dmg_error_set(err, DMG_FORMAT, "%s:%zu: %d columns are expected", path, set->count,
                             COLUMNS);
    record->structure = dmg_alloc(record->length + 1, 1);
    return record->structure ? DMG_OK : dmg_error_nomem(err, path);
}

static dmg_status fold_all(mature_set *set, dmg_error *err)
{
    dmg_folder *folder = NULL;
    dmg_fold_task *tasks = dmg_alloc(set->count, sizeof *tasks);
    if (!tasks) return dmg_error_nomem(err, "folding");
    for (size_t i = 0; i < set->count; i++)
        tasks[i] = (dmg_fold_task){.sequence = set->records[i].sequence,
                                   .length = set->records[i].length,
                                   .structure = set->records[i].structure};
    dmg_status st = dmg_folder_create(&folder, THREADS, DMG_CPU_AUTO, err);
    if (st == DMG_OK) st = dmg_fold(folder, tasks, set->count, err);
    dmg_folder_destroy(folder);
    free(tasks);
    return st;
}

dmg_status mature_set_read(mature_set *set, const char *path, dmg_error *err)
{
    FILE *file = fopen(path, "r");
    if (!file) return dmg_error_set(err, DMG_IO, "%s: %s", path, strerror(errno));
    char *line = NULL;
    size_t size = 0;
    dmg_status st = DMG_OK;
    while (st == DMG_OK && getline(&line, &size, file) >= 0) st = add_line(set, line, path, err);
    free(line);
    fclose(file);
    return st == DMG_OK ? fold_all(set, err) : st;
}

void mature_set_clear(mature_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        free(set->records[i].text);
        free(set->records[i].structure);
    }
    free(set->records);
    *set = (mature_set){0};
}
