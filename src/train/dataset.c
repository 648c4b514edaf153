/* SPDX-License-Identifier: MIT */
/* Labelled sequences: loading, conflicts between the labels, and folding. */
#include "train/dataset.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/json_build.h"
#include "deepmirgene/encode.h"
#include "deepmirgene/fold.h"
#include "deepmirgene/seqio.h"
#include "seqio/record_batch.h"

enum { BATCH_RECORDS = 4096, BATCH_LETTERS = 1 << 20 };

/* What a file's records are said to be. */
typedef enum kind { OTHERS, PRECURSORS, UNLABELLED, KINDS } kind;

/* The name of records from memory, in place of a file's. */
static const char memory_name[] = "memory";

/* A record as it is kept: three texts of its own, in one allocation that `id` begins. */
typedef struct entry {
    char *id, *sequence, *structure;
    size_t length;
    int energy; /* dcal/mol, or DMG_ENERGY_UNKNOWN */
    bool positive, unlabelled, folded;
} entry;

struct dmg_dataset {
    entry *entries;
    size_t count, capacity;
    dataset_file *files; /* [file_count] what was read */
    size_t file_count, file_capacity;
    entry *dropped; /* [dropped_count] for their conflicts; still known by their ids */
    size_t dropped_count, dropped_capacity;
    size_t conflicts_dropped; /* as many, also in a part, which does not know their ids */
    double *features;         /* [count * dmg_feature_count()], or NULL */
    uint64_t selection;       /* hash of the records that were selected; 0: nothing was left out */
};

dmg_status dmg_dataset_create(dmg_dataset **out, dmg_error *err)
{
    dmg_dataset *dataset = dmg_alloc_zero(1, sizeof *dataset);
    if (!dataset) return dmg_error_nomem(err, "a dataset");
    *out = dataset;
    return DMG_OK;
}

/* Forgets all records from the count-th on. */
static void truncate_to(dmg_dataset *dataset, size_t count)
{
    while (dataset->count > count) free(dataset->entries[--dataset->count].id);
}

void dmg_dataset_destroy(dmg_dataset *dataset)
{
    if (!dataset) return;
    truncate_to(dataset, 0);
    for (size_t f = 0; f < dataset->file_count; f++) free(dataset->files[f].name);
    free(dataset->files);
    for (size_t i = 0; i < dataset->dropped_count; i++) free(dataset->dropped[i].id);
    free(dataset->dropped);
    free(dataset->entries);
    free(dataset->features);
    free(dataset);
}

size_t dmg_dataset_count(const dmg_dataset *dataset)
{
    return dataset->count;
}

dmg_dataset_record dmg_dataset_get(const dmg_dataset *dataset, size_t i)
{
    const entry *e = &dataset->entries[i];
    return (dmg_dataset_record){
        .id = e->id,
        .sequence = e->sequence,
        .structure = e->folded ? e->structure : NULL,
        .length = e->length,
        .energy = e->energy,
        .positive = e->positive,
        .unlabelled = e->unlabelled,
    };
}

void dataset_set_features(dmg_dataset *dataset, double *features)
{
    free(dataset->features);
    dataset->features = features;
}

const double *dmg_dataset_features(const dmg_dataset *dataset, size_t i)
{
    return dataset->features ? dataset->features + i * dmg_feature_count() : NULL;
}

const dataset_file *dataset_file_at(const dmg_dataset *dataset, size_t i)
{
    return i < dataset->file_count ? &dataset->files[i] : NULL;
}

/* The files of one kind, in their order. */
static json_t *describe_files(const dmg_dataset *dataset, bool positive, bool unlabelled)
{
    json_t *list = json_array();
    for (size_t f = 0; f < dataset->file_count; f++) {
        const dataset_file *file = &dataset->files[f];
        if (file->positive != positive || file->unlabelled != unlabelled) continue;
        list = dmg_json_append(list, json_pack("{s:o, s:I, s:s}", "file",
                                               dmg_json_text(file->name, "(not UTF-8)"), "records",
                                               (json_int_t)file->records, "md5", file->md5));
    }
    return list;
}

json_t *dataset_describe(const dmg_dataset *dataset)
{
    json_t *unlabelled = describe_files(dataset, false, true);
    json_t *description =
        json_pack("{s:o, s:o, s:I}", "positive", describe_files(dataset, true, false), "negative",
                  describe_files(dataset, false, false), "conflicts_dropped",
                  (json_int_t)dataset->conflicts_dropped);
    if (!unlabelled || json_array_size(unlabelled) > 0)
        description = dmg_json_add(description, "unlabelled", json_incref(unlabelled));
    json_decref(unlabelled);
    char selected[48];
    snprintf(selected, sizeof selected, "%zu:%016" PRIx64, dataset->count, dataset->selection);
    if (dataset->selection != 0)
        description = dmg_json_add(description, "selected", json_string(selected));
    return description;
}

/* --- loading --- */

/* Copies `text` [length] to `place`, ends it with NUL, and returns what comes after. */
static char *put_text(char *place, const char *text, size_t length)
{
    if (text) memcpy(place, text, length);
    place[length] = '\0';
    return place + length + 1;
}

static bool append(dmg_dataset *dataset, const dmg_record *record, kind what)
{
    if (!dmg_grow(&dataset->entries, &dataset->capacity, dataset->count + 1, sizeof(entry)))
        return false;
    entry e = {
        .length = record->length,
        .energy = DMG_ENERGY_UNKNOWN,
        .positive = what == PRECURSORS,
        .unlabelled = what == UNLABELLED,
        .folded = record->structure,
    };
    e.id = dmg_alloc(record->id_length + 2 * record->length + 3, 1);
    if (!e.id) return false;
    e.sequence = put_text(e.id, record->name, record->id_length);
    e.structure = put_text(e.sequence, record->sequence, record->length);
    put_text(e.structure, record->structure, record->length);
    for (char *c = e.sequence; *c; c++)
        if (*c >= 'a' && *c <= 'z') *c = (char)(*c - 'a' + 'A');
    dataset->entries[dataset->count++] = e;
    dataset_set_features(dataset, NULL);
    return true;
}

/* A checked record, counted in the digest of its file. */
static dmg_status append_record(dmg_dataset *dataset, const dmg_record *record, const char *path,
                                kind what, digest *md5, dmg_error *err)
{
    if (record->length == 0 || record->length > DMG_FOLD_MAX_LENGTH)
        return dmg_error_set(
            err, DMG_RANGE, "%s:%llu: record '%.*s' has %zu nucleotides; expected 1 to %d", path,
            (unsigned long long)record->line, record->id_length > 80 ? 80 : (int)record->id_length,
            record->name, record->length, DMG_FOLD_MAX_LENGTH);
    if (!append(dataset, record, what)) return dmg_error_nomem(err, path);
    const entry *e = &dataset->entries[dataset->count - 1];
    digest_update(md5, e->sequence, e->length);
    digest_update(md5, "\n", 1);
    if (!e->folded) return DMG_OK;
    digest_update(md5, e->structure, e->length);
    digest_update(md5, "\n", 1);
    return DMG_OK;
}

static dmg_status append_batch(dmg_dataset *dataset, const dmg_batch *batch, const char *path,
                               kind what, digest *md5, dmg_error *err)
{
    dmg_status st = DMG_OK;
    for (size_t i = 0; st == DMG_OK && i < dmg_batch_count(batch); i++)
        st = append_record(dataset, &dmg_batch_records(batch)[i], path, what, md5, err);
    return st;
}

/* Appends a file of that name, and the rest from `about`. */
static bool append_file(dmg_dataset *dataset, const char *name, dataset_file about)
{
    about.name = strdup(name);
    if (about.name && dmg_grow(&dataset->files, &dataset->file_capacity, dataset->file_count + 1,
                               sizeof *dataset->files)) {
        dataset->files[dataset->file_count++] = about;
        return true;
    }
    free(about.name);
    return false;
}

/* Notes where records came from, for what a model says of its training. */
static dmg_status note_source(dmg_dataset *dataset, kind what, const char *path, size_t records,
                              const char *md5, dmg_error *err)
{
    const char *slash = strrchr(path, '/');
    dataset_file about = {
        .records = records, .positive = what == PRECURSORS, .unlabelled = what == UNLABELLED};
    snprintf(about.md5, sizeof about.md5, "%s", md5);
    return append_file(dataset, slash ? slash + 1 : path, about) ? DMG_OK
                                                                 : dmg_error_nomem(err, path);
}

static dmg_status add_file(dmg_dataset *dataset, const char *path, kind what, dmg_error *err)
{
    dmg_reader *reader = NULL;
    dmg_batch *batch = NULL;
    char hex[DIGEST_HEX] = "";
    const size_t before = dataset->count;
    digest *md5 = digest_create();
    dmg_status st = md5 ? DMG_OK : dmg_error_nomem(err, path);
    if (st == DMG_OK) st = dmg_reader_open(&reader, path, err);
    if (st == DMG_OK) st = dmg_batch_create(&batch, err);
    while (st == DMG_OK) {
        st = dmg_reader_next(reader, batch, BATCH_RECORDS, BATCH_LETTERS, err);
        if (st != DMG_OK || dmg_batch_count(batch) == 0) break;
        st = append_batch(dataset, batch, path, what, md5, err);
    }
    if (md5) digest_finish(md5, hex);
    if (st == DMG_OK) st = note_source(dataset, what, path, dataset->count - before, hex, err);
    if (st != DMG_OK) truncate_to(dataset, before);
    dmg_batch_destroy(batch);
    dmg_reader_close(reader);
    return st;
}

dmg_status dmg_dataset_add(dmg_dataset *dataset, const char *path, bool positive, dmg_error *err)
{
    return add_file(dataset, path, positive ? PRECURSORS : OTHERS, err);
}

dmg_status dmg_dataset_add_unlabelled(dmg_dataset *dataset, const char *path, dmg_error *err)
{
    return add_file(dataset, path, UNLABELLED, err);
}

/* Sequences of both labels, in their order; counts and digests are kept by label. */
static dmg_status append_sequences(dmg_dataset *dataset, const dmg_sequence *sequences,
                                   const bool *labels, size_t count, digest *md5[2],
                                   size_t counts[2], dmg_error *err)
{
    dmg_batch *batch = NULL;
    dmg_status st = dmg_batch_create(&batch, err);
    for (size_t i = 0; st == DMG_OK && i < count; i++) {
        dmg_batch_clear(batch);
        st = dmg_batch_add(batch, &sequences[i], i + 1, err);
        if (st != DMG_OK) break;
        dmg_batch_publish(batch);
        st = append_record(dataset, dmg_batch_records(batch), memory_name,
                           labels[i] ? PRECURSORS : OTHERS, md5[labels[i]], err);
        counts[labels[i]]++;
    }
    dmg_batch_destroy(batch);
    return st;
}

dmg_status dmg_dataset_add_sequences(dmg_dataset *dataset, const dmg_sequence *sequences,
                                     const bool *labels, size_t count, dmg_error *err)
{
    const size_t before = dataset->count;
    digest *md5[2] = {digest_create(), digest_create()};
    size_t counts[2] = {0};
    dmg_status st = md5[0] && md5[1] ? DMG_OK : dmg_error_nomem(err, "a dataset");
    if (st == DMG_OK) st = append_sequences(dataset, sequences, labels, count, md5, counts, err);
    for (int label = 0; label < 2; label++) {
        char hex[DIGEST_HEX] = "";
        if (md5[label]) digest_finish(md5[label], hex);
        if (st == DMG_OK && counts[label] > 0)
            st = note_source(dataset, label ? PRECURSORS : OTHERS, memory_name, counts[label], hex,
                             err);
    }
    if (st != DMG_OK) truncate_to(dataset, before);
    return st;
}

/* --- conflicts --- */

static kind kind_of(const entry *e)
{
    return e->unlabelled ? UNLABELLED : e->positive ? PRECURSORS : OTHERS;
}

static int by_sequence(const void *a, const void *b)
{
    const entry *x = *(const entry *const *)a, *y = *(const entry *const *)b;
    return strcmp(x->sequence, y->sequence);
}

/* Length of the run of equal sequences that begins at sorted[0], and whether it has both labels. */
static size_t equal_run(entry *const *sorted, size_t count, bool *conflict)
{
    size_t run = 0;
    bool seen[KINDS] = {false};
    for (; run < count && strcmp(sorted[run]->sequence, sorted[0]->sequence) == 0; run++)
        seen[kind_of(sorted[run])] = true;
    *conflict = seen[PRECURSORS] && seen[OTHERS];
    return run;
}

/* Drops the entries whose length was set to 0; there is room for them. */
static void drop_marked(dmg_dataset *dataset)
{
    size_t kept = 0;
    for (size_t i = 0; i < dataset->count; i++) {
        const entry e = dataset->entries[i];
        if (e.length > 0)
            dataset->entries[kept++] = e;
        else
            dataset->dropped[dataset->dropped_count++] = e;
    }
    dataset->conflicts_dropped += dataset->count - kept;
    dataset_set_features(dataset, NULL);
    dataset->count = kept;
}

bool dataset_has_dropped(const dmg_dataset *dataset, const char *id)
{
    for (size_t i = 0; i < dataset->dropped_count; i++)
        if (strcmp(dataset->dropped[i].id, id) == 0) return true;
    return false;
}

dmg_status dmg_dataset_conflicts(dmg_dataset *dataset, bool drop, size_t *sequences,
                                 size_t *records, dmg_error *err)
{
    const size_t count = dataset->count;
    entry **sorted = dmg_alloc(count, sizeof(entry *));
    if (!sorted || (drop && !dmg_grow(&dataset->dropped, &dataset->dropped_capacity,
                                      dataset->dropped_count + count, sizeof(entry)))) {
        free(sorted);
        return dmg_error_nomem(err, "looking for conflicts");
    }
    for (size_t i = 0; i < count; i++) sorted[i] = &dataset->entries[i];
    qsort(sorted, count, sizeof(entry *), by_sequence);
    size_t conflicting = 0, concerned = 0;
    bool conflict;
    for (size_t i = 0, run; i < count; i += run) {
        run = equal_run(sorted + i, count - i, &conflict);
        if (!conflict) continue;
        conflicting++;
        concerned += run;
        for (size_t k = i; drop && k < i + run; k++) sorted[k]->length = 0;
    }
    free(sorted);
    if (drop) drop_marked(dataset);
    if (sequences) *sequences = conflicting;
    if (records) *records = concerned;
    return DMG_OK;
}

/* --- parts --- */

/* Appends a copy of another dataset's record. */
static bool append_copy(dmg_dataset *dataset, const entry *from)
{
    if (!dmg_grow(&dataset->entries, &dataset->capacity, dataset->count + 1, sizeof(entry)))
        return false;
    const size_t id_length = strlen(from->id);
    entry e = *from;
    e.id = dmg_alloc(id_length + 2 * from->length + 3, 1);
    if (!e.id) return false;
    e.sequence = put_text(e.id, from->id, id_length);
    e.structure = put_text(e.sequence, from->sequence, from->length);
    put_text(e.structure, from->structure, from->length);
    dataset->entries[dataset->count++] = e;
    return true;
}

/* Of the records that are kept. */
static dmg_status copy_features(dmg_dataset *selected, const dmg_dataset *dataset, const bool *keep,
                                dmg_error *err)
{
    const size_t columns = dmg_feature_count();
    if (!dataset->features) return DMG_OK;
    double *values = dmg_alloc(selected->count * columns, sizeof *values);
    if (!values) return dmg_error_nomem(err, "a part of a dataset");
    size_t kept = 0;
    for (size_t i = 0; i < dataset->count; i++)
        if (keep[i])
            memcpy(values + kept++ * columns, dataset->features + i * columns,
                   columns * sizeof *values);
    dataset_set_features(selected, values);
    return DMG_OK;
}

dmg_status dmg_dataset_select(dmg_dataset **out, const dmg_dataset *dataset, const bool *keep,
                              dmg_error *err)
{
    dmg_dataset *selected = NULL;
    dmg_status st = dmg_dataset_create(&selected, err);
    if (st != DMG_OK) return st;
    uint64_t hash = dataset->selection ^ DMG_HASH_START; /* of the marks */
    for (size_t i = 0; st == DMG_OK && i < dataset->count; i++) {
        hash = dmg_hash_bytes(hash, &(const unsigned char){keep[i]}, 1);
        if (keep[i] && !append_copy(selected, &dataset->entries[i]))
            st = dmg_error_nomem(err, "a part of a dataset");
    }
    for (size_t f = 0; st == DMG_OK && f < dataset->file_count; f++)
        if (!append_file(selected, dataset->files[f].name, dataset->files[f]))
            st = dmg_error_nomem(err, "a part of a dataset");
    if (st == DMG_OK) st = copy_features(selected, dataset, keep, err);
    selected->conflicts_dropped = dataset->conflicts_dropped;
    selected->selection = selected->count < dataset->count ? hash | 1 : dataset->selection;
    if (st == DMG_OK)
        *out = selected;
    else
        dmg_dataset_destroy(selected);
    return st;
}

/* --- folding --- */

/* A given structure may have pairs that no energy is known for: it is used all the same. */
static void evaluate(entry *e)
{
    if (e->energy != DMG_ENERGY_UNKNOWN) return;
    if (dmg_fold_evaluate(&e->energy, e->sequence, e->structure, e->length, NULL) != DMG_OK)
        e->energy = DMG_ENERGY_UNKNOWN;
}

dmg_status dmg_dataset_fold(dmg_dataset *dataset, int threads, dmg_cpu cpu, dmg_error *err)
{
    dmg_folder *folder = NULL;
    dmg_fold_task *tasks = dmg_alloc(dataset->count, sizeof *tasks);
    dmg_status st = tasks ? DMG_OK : dmg_error_nomem(err, "folding");
    if (st == DMG_OK) st = dmg_folder_create(&folder, threads, cpu, err);
    if (st == DMG_OK) {
        size_t count = 0;
        for (size_t i = 0; i < dataset->count; i++) {
            const entry *e = &dataset->entries[i];
            if (e->folded) continue;
            tasks[count++] = (dmg_fold_task){
                .sequence = e->sequence, .length = e->length, .structure = e->structure};
        }
        st = dmg_fold(folder, tasks, count, err);
    }
    for (size_t i = 0, task = 0; st == DMG_OK && i < dataset->count; i++) {
        entry *e = &dataset->entries[i];
        if (e->folded)
            evaluate(e);
        else
            e->energy = tasks[task++].energy;
        e->folded = true;
    }
    dmg_folder_destroy(folder);
    free(tasks);
    return st;
}
