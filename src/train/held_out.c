/* SPDX-License-Identifier: MIT */
/* Records to hold out of a training: drawn at random, or listed by their ids. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/rng.h"
#include "base/text_lines.h"
#include "train/dataset.h"

/* --- at random --- */

/* Records of the label, by number; returns how many. */
static size_t list_label(size_t *members, const dmg_dataset *dataset, bool positive)
{
    size_t count = 0;
    for (size_t i = 0; i < dmg_dataset_count(dataset); i++) {
        const dmg_dataset_record record = dmg_dataset_get(dataset, i);
        if (!record.unlabelled && record.positive == positive) members[count++] = i;
    }
    return count;
}

dmg_status dmg_dataset_draw(bool *held_out, const dmg_dataset *dataset, double fraction,
                            uint64_t seed, dmg_error *err)
{
    if (!(fraction >= 0 && fraction <= 1))
        return dmg_error_set(err, DMG_RANGE, "held-out fraction %g is not between 0 and 1",
                             fraction);
    const size_t records = dmg_dataset_count(dataset);
    size_t *members = dmg_alloc(records, sizeof *members);
    if (!members) return dmg_error_nomem(err, "drawing held-out records");
    memset(held_out, 0, records * sizeof *held_out);
    for (int label = 0; label < 2; label++) {
        const size_t count = list_label(members, dataset, label);
        dmg_rng rng;
        dmg_rng_init_for(&rng, seed, DMG_RNG_HELD_OUT, (uint64_t)label);
        dmg_rng_shuffle(&rng, members, count);
        const size_t drawn = (size_t)llround(fraction * (double)count);
        for (size_t k = 0; k < drawn; k++) held_out[members[k]] = true;
    }
    free(members);
    return DMG_OK;
}

/* --- by a list --- */

typedef struct named_record {
    const char *id;
    size_t number;
} named_record;

static int by_id(const void *a, const void *b)
{
    const named_record *x = a, *y = b;
    return strcmp(x->id, y->id);
}

/* Marks every record of that id; false when there is none. */
static bool mark_id(bool *held_out, const named_record *sorted, size_t count, const char *id)
{
    const named_record wanted = {.id = id};
    const named_record *found = bsearch(&wanted, sorted, count, sizeof *sorted, by_id);
    if (!found) return false;
    while (found > sorted && strcmp(found[-1].id, id) == 0) found--;
    for (; found < sorted + count && strcmp(found->id, id) == 0; found++)
        held_out[found->number] = true;
    return true;
}

static dmg_status mark_listed(bool *held_out, const dmg_dataset *dataset,
                              const named_record *sorted, text_lines *lines, dmg_error *err)
{
    char *line;
    dmg_status st;
    while ((st = text_lines_next(lines, &line, err)) == DMG_OK && line) {
        line[strcspn(line, "\t")] = '\0';
        if (*line == '\0' || mark_id(held_out, sorted, dmg_dataset_count(dataset), line)) continue;
        if (dataset_has_dropped(dataset, line)) continue;
        if (lines->number > 1 || strcmp(line, "id") != 0) /* the title of the column */
            return dmg_error_set(err, DMG_FORMAT, "%s:%zu: no record has the id '%.80s'",
                                 lines->path, lines->number, line);
    }
    return st;
}

dmg_status dmg_dataset_draw_listed(bool *held_out, const dmg_dataset *dataset, const char *path,
                                   dmg_error *err)
{
    text_lines lines;
    dmg_status st = text_lines_open(&lines, path, err);
    if (st != DMG_OK) return st;
    const size_t count = dmg_dataset_count(dataset);
    named_record *sorted = dmg_alloc(count, sizeof *sorted);
    st = sorted ? DMG_OK : dmg_error_nomem(err, path);
    if (st == DMG_OK) {
        for (size_t i = 0; i < count; i++)
            sorted[i] = (named_record){dmg_dataset_get(dataset, i).id, i};
        qsort(sorted, count, sizeof *sorted, by_id);
        memset(held_out, 0, count * sizeof *held_out);
        st = mark_listed(held_out, dataset, sorted, &lines, err);
    }
    free(sorted);
    text_lines_close(&lines);
    return st;
}
