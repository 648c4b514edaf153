/* SPDX-License-Identifier: MIT */
/* Folding of many sequences on several threads.
 *
 * Every thread has matrices of its own and takes one sequence after the other; a result depends on
 * its sequence alone, so neither the number of threads nor their timing shows.
 */
#include "deepmirgene/fold.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/parallel.h"
#include "fold/folder.h"

/* Memory grows to the next multiple of this, so that sequences of slowly rising length do not ask
 * for it one by one. */
#define GROWTH_STEP 64

static size_t round_length(size_t length)
{
    return (length / GROWTH_STEP + 1) * GROWTH_STEP;
}

dmg_status dmg_folder_create(dmg_folder **out, int threads, dmg_cpu cpu, dmg_error *err)
{
    dmg_status st = dmg_threads_check(threads, err);
    if (st == DMG_OK) st = dmg_cpu_resolve(&cpu, err);
    if (st != DMG_OK) return st;
    dmg_folder *folder = dmg_alloc_zero(1, sizeof *folder);
    if (!folder) return dmg_error_nomem(err, "folding");
    folder->threads = threads;
    folder->cpu = cpu;
    dmg_mfe_engines_init(&folder->engines, cpu);
    folder->workspace = dmg_alloc_zero((size_t)threads, sizeof *folder->workspace);
    if (!folder->workspace) {
        dmg_folder_destroy(folder);
        return dmg_error_nomem(err, "the threads of folding");
    }
    *out = folder;
    return DMG_OK;
}

void dmg_folder_destroy(dmg_folder *folder)
{
    if (!folder) return;
    for (int i = 0; folder->workspace && i < folder->threads; i++)
        dmg_mfe_clear(&folder->workspace[i]);
    dmg_ensemble_memory_destroy(folder->ensemble, folder->threads);
    free(folder->workspace);
    free(folder);
}

dmg_status dmg_folder_check_length(size_t length, dmg_error *err)
{
    if (length <= DMG_FOLD_MAX_LENGTH) return DMG_OK;
    return dmg_error_set(err, DMG_RANGE,
                         "a sequence of %zu nucleotides: at most %d are folded as one", length,
                         DMG_FOLD_MAX_LENGTH);
}

/* Lengths are checked before anything is folded. */
static dmg_status find_longest(size_t *longest, const dmg_fold_task *tasks, size_t count,
                               dmg_error *err)
{
    *longest = 0;
    for (size_t i = 0; i < count; i++) {
        const dmg_status st = dmg_folder_check_length(tasks[i].length, err);
        if (st != DMG_OK) return st;
        if (tasks[i].length > *longest) *longest = tasks[i].length;
    }
    return DMG_OK;
}

static void shrink(const dmg_folder *folder, dmg_mfe *workspace, size_t longest)
{
    const size_t held = dmg_mfe_held(workspace), room = round_length(longest);
    if (held > FOLDER_KEEP_BYTES &&
        held / FOLDER_SHRINK > dmg_mfe_bytes(folder->engines.list[0], room, room))
        dmg_mfe_clear(workspace);
}

dmg_status dmg_folder_fold(dmg_folder *folder, int worker, dmg_fold_task *task, dmg_error *err)
{
    dmg_mfe *const workspace = &folder->workspace[worker];
    const size_t n = task->length, room = round_length(n);
    if (!dmg_mfe_engines_fill(workspace, &folder->engines, task->sequence, n, room, room))
        return dmg_error_set(err, DMG_NOMEM, "out of memory for folding a sequence of %zu %s", n,
                             "nucleotides");
    task->energy = F(workspace, workspace->n);
    dmg_mfe_traceback(workspace, 0, (int)n, task->structure);
    return DMG_OK;
}

typedef struct fold_job {
    dmg_folder *folder;
    dmg_fold_task *tasks;
} fold_job;

static dmg_status fold_one(void *context, int worker, size_t i, dmg_error *err)
{
    const fold_job *const job = context;
    return dmg_folder_fold(job->folder, worker, &job->tasks[i], err);
}

dmg_status dmg_fold(dmg_folder *folder, dmg_fold_task *tasks, size_t count, dmg_error *err)
{
    size_t longest;
    const dmg_status st = find_longest(&longest, tasks, count, err);
    if (st != DMG_OK) return st;
    for (int i = 0; i < folder->threads; i++) shrink(folder, &folder->workspace[i], longest);
    fold_job job = {folder, tasks};
    return dmg_parallel_for(count, folder->threads, fold_one, &job, err);
}
