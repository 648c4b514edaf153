/* Records of several files, one batch after the other, each record with its structure.
 * SPDX-License-Identifier: MIT
 */
#include "folded.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"

/* Enough for every thread to have work, little enough for memory and for a pipe's consumer. */
enum { BATCH_RECORDS_PER_THREAD = 512, BATCH_LETTERS_PER_THREAD = 128 << 10 };

struct folded_reader {
    const opt_list *paths;
    size_t path; /* index of the file being read */
    size_t max_records, max_letters;
    dmg_folder *folder;
    dmg_reader *reader; /* NULL between files */
    dmg_batch *batch;
    dmg_status pending; /* a fault to report once the records before it are handed out */
    dmg_error fault;
    size_t capacity; /* of records and tasks */
    folded_record *records;
    dmg_fold_task *tasks;
    size_t text_capacity;
    char *text; /* structures that were folded */
};

/* Opening a named pipe twice would lose what is written to it. */
static bool is_pipe(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISFIFO(about.st_mode);
}

/* Opens every file once, so that a wrong name is told before hours of work on the ones before. */
static dmg_status check_paths(const opt_list *paths, dmg_error *err)
{
    dmg_status st = DMG_OK;
    for (size_t i = 0; st == DMG_OK && i < paths->count; i++) {
        dmg_reader *reader = NULL;
        if (strcmp(paths->items[i], "-") == 0 || is_pipe(paths->items[i])) continue;
        st = dmg_reader_open(&reader, paths->items[i], err);
        dmg_reader_close(reader);
    }
    return st;
}

dmg_status folded_open(folded_reader **out, const opt_list *paths, int threads, dmg_cpu cpu,
                       dmg_error *err)
{
    if (paths->count > 1) {
        const dmg_status st = check_paths(paths, err);
        if (st != DMG_OK) return st;
    }
    folded_reader *reader = calloc(1, sizeof *reader);
    if (!reader) return command_nomem(err);
    reader->paths = paths;
    reader->max_records = (size_t)threads * BATCH_RECORDS_PER_THREAD;
    reader->max_letters = (size_t)threads * BATCH_LETTERS_PER_THREAD;
    dmg_status st = dmg_folder_create(&reader->folder, threads, cpu, err);
    if (st == DMG_OK) st = dmg_batch_create(&reader->batch, err);
    if (st == DMG_OK) st = dmg_reader_open(&reader->reader, paths->items[0], err);
    if (st == DMG_OK)
        *out = reader;
    else
        folded_close(reader);
    return st;
}

void folded_close(folded_reader *reader)
{
    if (!reader) return;
    dmg_reader_close(reader->reader);
    dmg_batch_destroy(reader->batch);
    dmg_folder_destroy(reader->folder);
    free(reader->records);
    free(reader->tasks);
    free(reader->text);
    free(reader);
}

const char *folded_path(const folded_reader *reader)
{
    const char *path = reader->paths->items[reader->path];
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

static bool is_to_fold(const dmg_record *record)
{
    return !record->structure && record->length > 0 && record->length <= DMG_FOLD_MAX_LENGTH;
}

/* Room for `count` records and for the structures that are to be folded, `letters` in all. */
static dmg_status reserve(folded_reader *reader, size_t count, size_t letters, dmg_error *err)
{
    if (count > reader->capacity) {
        free(reader->records);
        free(reader->tasks);
        reader->records = malloc(count * sizeof *reader->records);
        reader->tasks = malloc(count * sizeof *reader->tasks);
        reader->capacity = reader->records && reader->tasks ? count : 0;
        if (!reader->capacity) return command_nomem(err);
    }
    if (letters > reader->text_capacity) {
        free(reader->text);
        reader->text = malloc(letters);
        reader->text_capacity = reader->text ? letters : 0;
        if (!reader->text) return command_nomem(err);
    }
    return DMG_OK;
}

/* Structure and energy as the file gives them. */
static folded_record take_given(const dmg_record *record)
{
    folded_record folded = {.record = record, .structure = record->structure};
    if (record->structure)
        folded.has_energy = dmg_fold_evaluate(&folded.energy, record->sequence, record->structure,
                                              record->length, NULL) == DMG_OK;
    return folded;
}

static dmg_status fold_batch(folded_reader *reader, dmg_error *err)
{
    const size_t count = dmg_batch_count(reader->batch);
    const dmg_record *records = dmg_batch_records(reader->batch);
    size_t letters = 0, tasks = 0;
    for (size_t i = 0; i < count; i++)
        if (is_to_fold(&records[i])) letters += records[i].length + 1;
    dmg_status st = reserve(reader, count, letters, err);
    if (st != DMG_OK) return st;
    char *text = reader->text;
    for (size_t i = 0; i < count; i++) {
        reader->records[i] = take_given(&records[i]);
        if (!is_to_fold(&records[i])) continue;
        reader->tasks[tasks++] = (dmg_fold_task){
            .sequence = records[i].sequence, .length = records[i].length, .structure = text};
        text += records[i].length + 1;
    }
    st = dmg_fold(reader->folder, reader->tasks, tasks, err);
    for (size_t i = 0, task = 0; st == DMG_OK && i < count; i++) {
        if (!is_to_fold(&records[i])) continue;
        reader->records[i].structure = reader->tasks[task].structure;
        reader->records[i].energy = reader->tasks[task++].energy;
        reader->records[i].has_energy = true;
    }
    return st;
}

/* Fills the batch from the present file, or the next ones; empty at the end of the last. */
static dmg_status read_batch(folded_reader *reader, dmg_error *err)
{
    for (;;) {
        dmg_status st = dmg_reader_next(reader->reader, reader->batch, reader->max_records,
                                        reader->max_letters, err);
        if (st != DMG_OK || dmg_batch_count(reader->batch) > 0) return st;
        if (reader->path + 1 == reader->paths->count) return DMG_OK;
        dmg_reader_close(reader->reader);
        reader->reader = NULL;
        reader->path++;
        st = dmg_reader_open(&reader->reader, reader->paths->items[reader->path], err);
        if (st != DMG_OK) return st;
    }
}

dmg_status folded_next(folded_reader *reader, const folded_record **records, size_t *count,
                       dmg_error *err)
{
    if (reader->pending != DMG_OK) {
        if (err) *err = reader->fault;
        return reader->pending;
    }
    dmg_error fault;
    dmg_status st = read_batch(reader, &fault);
    if (st != DMG_OK && dmg_batch_count(reader->batch) == 0) {
        if (err) *err = fault;
        return st;
    }
    reader->pending = st;
    if (st != DMG_OK) reader->fault = fault;
    st = fold_batch(reader, err);
    *records = reader->records;
    *count = dmg_batch_count(reader->batch);
    return st;
}
