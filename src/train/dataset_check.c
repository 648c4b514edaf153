/* SPDX-License-Identifier: MIT */
/* Counts of what may be wrong with a labelled set, from its records sorted by sequence. */
#include "deepmirgene/dataset_check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/nucleotide.h"

static int by_sequence(const void *a, const void *b)
{
    const dmg_dataset_record *x = a, *y = b;
    return strcmp(x->sequence, y->sequence);
}

/* All records in the order of their sequences, the caller's to free. */
static dmg_status sort_records(dmg_dataset_record **out, const dmg_dataset *dataset, dmg_error *err)
{
    const size_t count = dmg_dataset_count(dataset);
    dmg_dataset_record *records = dmg_alloc(count, sizeof *records);
    if (!records) return dmg_error_nomem(err, "checking a data set");
    for (size_t i = 0; i < count; i++) records[i] = dmg_dataset_get(dataset, i);
    qsort(records, count, sizeof *records, by_sequence);
    *out = records;
    return DMG_OK;
}

/* Length of the run of equal sequences that begins at records[0]; counts its labels. */
static size_t equal_run(size_t labels[2], const dmg_dataset_record *records, size_t count)
{
    size_t run = 0;
    labels[0] = labels[1] = 0;
    do labels[records[run++].positive]++;
    while (run < count && strcmp(records[run].sequence, records[0].sequence) == 0);
    return run;
}

static void count_repeats(dmg_dataset_check_result *out, const dmg_dataset_record *records,
                          size_t count)
{
    size_t labels[2];
    for (size_t i = 0; i < count;) {
        i += equal_run(labels, records + i, count - i);
        const bool both = labels[0] > 0 && labels[1] > 0;
        out->conflicts += both;
        for (int label = 0; label < 2; label++) {
            dmg_dataset_side *side = &out->sides[label];
            side->records += labels[label];
            side->sequences += labels[label] > 0;
            side->duplicates += labels[label] > 0 ? labels[label] - 1 : 0;
            side->both_labels += both ? labels[label] : 0;
        }
    }
}

static void count_letters(dmg_dataset_side *side, const dmg_dataset_record *record)
{
    size_t others = 0;
    for (const char *c = record->sequence; *c; c++) {
        const int base = dmg_base_code(*c);
        if (base != BASE_N)
            side->letters[base - BASE_A]++;
        else
            others++;
    }
    side->letters[DMG_CHECK_LETTERS - 1] += others;
    side->ambiguous += others > 0;
}

static int by_value(const void *a, const void *b)
{
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

static void fill_quartiles(double quartiles[DMG_CHECK_QUARTILES], size_t *values, size_t count)
{
    qsort(values, count, sizeof *values, by_value);
    for (size_t q = 0; q < DMG_CHECK_QUARTILES; q++) {
        quartiles[q] = NAN;
        if (count == 0) continue;
        const size_t steps = q * (count - 1), below = steps / 4, above = (steps + 3) / 4;
        const double part = (double)(steps % 4) / 4;
        quartiles[q] = (1 - part) * (double)values[below] + part * (double)values[above];
    }
}

dmg_status dmg_dataset_check(dmg_dataset_check_result *out, const dmg_dataset *dataset,
                             dmg_error *err)
{
    const size_t count = dmg_dataset_count(dataset);
    dmg_dataset_check_result result = {0};
    dmg_dataset_record *records = NULL;
    size_t *lengths = dmg_alloc(count, sizeof *lengths);
    dmg_status st = lengths ? DMG_OK : dmg_error_nomem(err, "checking a data set");
    if (st == DMG_OK) st = sort_records(&records, dataset, err);
    if (st == DMG_OK) {
        count_repeats(&result, records, count);
        for (int label = 0; label < 2; label++) {
            size_t members = 0;
            for (size_t i = 0; i < count; i++) {
                if (records[i].positive != label) continue;
                lengths[members++] = records[i].length;
                count_letters(&result.sides[label], &records[i]);
            }
            fill_quartiles(result.sides[label].lengths, lengths, members);
        }
        *out = result;
    }
    free(records);
    free(lengths);
    return st;
}

dmg_status dmg_dataset_overlap(dmg_dataset_overlap_result overlap[2], const dmg_dataset *dataset,
                               const dmg_dataset *other, dmg_error *err)
{
    const size_t count = dmg_dataset_count(dataset), other_count = dmg_dataset_count(other);
    dmg_dataset_record *records = NULL, *others = NULL;
    dmg_status st = sort_records(&records, dataset, err);
    if (st == DMG_OK) st = sort_records(&others, other, err);
    if (st == DMG_OK) {
        overlap[0] = overlap[1] = (dmg_dataset_overlap_result){0};
        size_t labels[2];
        for (size_t i = 0, run; i < count; i += run) {
            run = equal_run(labels, records + i, count - i);
            if (!bsearch(&records[i], others, other_count, sizeof *others, by_sequence)) continue;
            for (int label = 0; label < 2; label++) {
                overlap[label].records += labels[label];
                overlap[label].sequences += labels[label] > 0;
            }
        }
    }
    free(records);
    free(others);
    return st;
}
