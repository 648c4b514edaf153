/* SPDX-License-Identifier: MIT */
/* Rows sorted by sequence and start. */
#include "sorted_rows.h"

#include <stdlib.h>
#include <string.h>

#include "command.h"

typedef struct row {
    const char *line; /* NUL-terminated */
    size_t name;      /* bytes of the sequence's name */
    size_t sequence;  /* the first of its rows */
    size_t order;
    unsigned long long start;
} row;

static row read_row(const char *line, size_t order, int start_column)
{
    row out = {.line = line, .name = strcspn(line, "\t"), .order = order};
    const char *cell = line;
    for (int i = 1; cell && i < start_column; i++) {
        cell = strchr(cell, '\t');
        if (cell) cell++;
    }
    if (cell) out.start = strtoull(cell, NULL, 10);
    return out;
}

static int compare_numbers(unsigned long long a, unsigned long long b)
{
    return (a > b) - (a < b);
}

static int compare_names(const void *a, const void *b)
{
    const row *x = a, *y = b;
    const size_t shorter = x->name < y->name ? x->name : y->name;
    const int order = memcmp(x->line, y->line, shorter);
    if (order != 0) return order;
    return x->name != y->name ? compare_numbers(x->name, y->name)
                              : compare_numbers(x->order, y->order);
}

static int compare_places(const void *a, const void *b)
{
    const row *x = a, *y = b;
    if (x->sequence != y->sequence) return compare_numbers(x->sequence, y->sequence);
    return x->start != y->start ? compare_numbers(x->start, y->start)
                                : compare_numbers(x->order, y->order);
}

static void sort_rows(row *rows, size_t count)
{
    qsort(rows, count, sizeof *rows, compare_names);
    for (size_t i = 0; i < count; i++) {
        const bool same = i > 0 && rows[i].name == rows[i - 1].name &&
                          memcmp(rows[i].line, rows[i - 1].line, rows[i].name) == 0;
        rows[i].sequence = same ? rows[i - 1].sequence : rows[i].order;
    }
    qsort(rows, count, sizeof *rows, compare_places);
}

static size_t count_lines(const char *text, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++) count += text[i] == '\n';
    return count;
}

dmg_status sorted_rows_write(FILE *out, char *text, size_t size, int start_column, dmg_error *err)
{
    row *rows = malloc((count_lines(text, size) + 1) * sizeof *rows);
    if (!rows) return command_nomem(err);
    size_t count = 0;
    for (char *line = text, *end; line < text + size; line = end + 1) {
        end = memchr(line, '\n', (size_t)(text + size - line));
        if (!end) break;
        *end = '\0';
        if (*line == '#') {
            fprintf(out, "%s\n", line);
        } else {
            rows[count] = read_row(line, count, start_column);
            count++;
        }
    }
    sort_rows(rows, count);
    for (size_t i = 0; i < count; i++) fprintf(out, "%s\n", rows[i].line);
    free(rows);
    return DMG_OK;
}
