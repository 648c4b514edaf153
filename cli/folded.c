/* SPDX-License-Identifier: MIT */
/* Records of several files, each with its structure, passed on batch by batch. */
#include "folded.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "pipeline.h"

/* Little enough that a small file occupies all threads, and that none waits long for the last batch
 * of another; enough that passing it on costs nothing. */
enum { BATCH_RECORDS = 128, BATCH_LETTERS = 16 << 10 };

/* One batch on its way. */
typedef struct folded_slot {
    dmg_batch *batch;
    size_t capacity; /* of records and tasks */
    folded_record *records;
    dmg_fold_task *tasks;
    size_t text_capacity;
    char *text; /* structures that were folded */
    folded_batch shown;
} folded_slot;

typedef struct folded_run_state {
    const opt_list *paths;
    const folded_steps *steps;
    void *context;
    size_t path; /* index of the file being read */
    dmg_reader *reader;
    int threads;
    dmg_folder **folders; /* [threads] */
    size_t slot_count;
    folded_slot *slots;   /* [slot_count] */
    void **slot_pointers; /* [slot_count], for the pipeline */
} folded_run_state;

/* --- reading --- */

/* Opening a named pipe twice would lose what is written to it. */
static bool is_pipe(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISFIFO(about.st_mode);
}

dmg_status folded_check(const opt_list *paths, dmg_error *err)
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

static const char *shown_path(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

/* Fills the slot from the present file, or the next ones. */
static dmg_status read_slot(void *context, void *slot_pointer, bool *some, dmg_error *err)
{
    folded_run_state *run = context;
    folded_slot *slot = slot_pointer;
    *some = false;
    for (;;) {
        dmg_status st =
            dmg_reader_next(run->reader, slot->batch, BATCH_RECORDS, BATCH_LETTERS, err);
        slot->shown.path = shown_path(run->paths->items[run->path]);
        slot->shown.count = dmg_batch_count(slot->batch);
        *some = slot->shown.count > 0;
        if (st != DMG_OK || *some || run->path + 1 == run->paths->count) return st;
        dmg_reader_close(run->reader);
        run->reader = NULL;
        run->path++;
        st = dmg_reader_open(&run->reader, run->paths->items[run->path], err);
        if (st != DMG_OK) return st;
    }
}

/* --- folding --- */

static bool is_to_fold(const dmg_record *record)
{
    return !record->structure && record->length > 0 && record->length <= DMG_FOLD_MAX_LENGTH;
}

/* Room for `count` records and for the structures that are to be folded, `letters` in all. */
static dmg_status reserve(folded_slot *slot, size_t count, size_t letters, dmg_error *err)
{
    if (count > slot->capacity) {
        free(slot->records);
        free(slot->tasks);
        slot->records = malloc(count * sizeof *slot->records);
        slot->tasks = malloc(count * sizeof *slot->tasks);
        slot->capacity = slot->records && slot->tasks ? count : 0;
        if (!slot->capacity) return command_nomem(err);
    }
    if (letters > slot->text_capacity) {
        free(slot->text);
        slot->text = malloc(letters);
        slot->text_capacity = slot->text ? letters : 0;
        if (!slot->text) return command_nomem(err);
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

static dmg_status fold_slot(folded_slot *slot, dmg_folder *folder, dmg_error *err)
{
    const size_t count = slot->shown.count;
    const dmg_record *records = dmg_batch_records(slot->batch);
    size_t letters = 0, tasks = 0;
    for (size_t i = 0; i < count; i++)
        if (is_to_fold(&records[i])) letters += records[i].length + 1;
    dmg_status st = reserve(slot, count, letters, err);
    if (st != DMG_OK) return st;
    char *text = slot->text;
    for (size_t i = 0; i < count; i++) {
        slot->records[i] = take_given(&records[i]);
        if (!is_to_fold(&records[i])) continue;
        slot->tasks[tasks++] = (dmg_fold_task){
            .sequence = records[i].sequence, .length = records[i].length, .structure = text};
        text += records[i].length + 1;
    }
    st = dmg_fold(folder, slot->tasks, tasks, err);
    for (size_t i = 0, task = 0; st == DMG_OK && i < count; i++) {
        if (!is_to_fold(&records[i])) continue;
        slot->records[i].structure = slot->tasks[task].structure;
        slot->records[i].energy = slot->tasks[task++].energy;
        slot->records[i].has_energy = true;
    }
    slot->shown.records = slot->records;
    return st;
}

static dmg_status work_on_slot(void *context, int worker, void *slot_pointer, dmg_error *err)
{
    folded_run_state *run = context;
    folded_slot *slot = slot_pointer;
    const dmg_status st = fold_slot(slot, run->folders[worker], err);
    if (st != DMG_OK || !run->steps->work) return st;
    return run->steps->work(run->context, worker, &slot->shown, err);
}

static dmg_status write_slot(void *context, void *slot_pointer, dmg_error *err)
{
    folded_run_state *run = context;
    const folded_slot *slot = slot_pointer;
    return run->steps->write(run->context, &slot->shown, err);
}

/* --- the run --- */

static dmg_status set_up(folded_run_state *run, dmg_cpu cpu, dmg_error *err)
{
    /* As many batches may wait to be written as are being worked on, and one is being read. */
    run->slot_count = 2 * (size_t)run->threads + 1;
    run->folders = calloc((size_t)run->threads, sizeof(dmg_folder *));
    run->slots = calloc(run->slot_count, sizeof *run->slots);
    run->slot_pointers = calloc(run->slot_count, sizeof(void *));
    if (!run->folders || !run->slots || !run->slot_pointers) return command_nomem(err);
    dmg_status st = DMG_OK;
    for (int w = 0; st == DMG_OK && w < run->threads; w++)
        st = dmg_folder_create(&run->folders[w], 1, cpu, err);
    for (size_t i = 0; st == DMG_OK && i < run->slot_count; i++) {
        run->slot_pointers[i] = &run->slots[i];
        st = dmg_batch_create(&run->slots[i].batch, err);
    }
    return st;
}

static void tear_down(folded_run_state *run)
{
    dmg_reader_close(run->reader);
    for (int w = 0; run->folders && w < run->threads; w++) dmg_folder_destroy(run->folders[w]);
    for (size_t i = 0; run->slots && i < run->slot_count; i++) {
        dmg_batch_destroy(run->slots[i].batch);
        free(run->slots[i].records);
        free(run->slots[i].tasks);
        free(run->slots[i].text);
    }
    free(run->folders);
    free(run->slots);
    free(run->slot_pointers);
}

dmg_status folded_run(const opt_list *paths, int threads, dmg_cpu cpu, const folded_steps *steps,
                      void *context, dmg_error *err)
{
    static const pipeline_steps pipeline = {
        .read = read_slot, .work = work_on_slot, .write = write_slot};
    folded_run_state run = {.paths = paths, .steps = steps, .context = context, .threads = threads};
    dmg_status st = dmg_reader_open(&run.reader, paths->items[0], err);
    if (st == DMG_OK) st = set_up(&run, cpu, err);
    if (st == DMG_OK)
        st = pipeline_run(&pipeline, &run, run.slot_pointers, run.slot_count, threads, err);
    tear_down(&run);
    return st;
}
