/* SPDX-License-Identifier: MIT */
/* Ensembles of many sequences on several threads: each is folded, for its minimum gives the scale
 * of the sums, then summed, then described. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/parallel.h"
#include "deepmirgene/pairing.h"
#include "fold/folder.h"
#include "fold/pairing.h"
#include "fold/pairing_structures.h"

struct dmg_ensemble_memory {
    dmg_boltzmann factors;
    dmg_pairing pairing[]; /* [threads] */
};

void dmg_ensemble_memory_destroy(dmg_ensemble_memory *memory, int threads)
{
    if (!memory) return;
    for (int i = 0; i < threads; i++) dmg_pairing_clear(&memory->pairing[i]);
    free(memory);
}

static dmg_status make_memory(dmg_folder *folder, dmg_error *err)
{
    if (folder->ensemble) return DMG_OK;
    const size_t threads = (size_t)folder->threads;
    folder->ensemble = dmg_alloc_zero(1, sizeof *folder->ensemble + threads * sizeof(dmg_pairing));
    if (!folder->ensemble) return dmg_error_nomem(err, "ensembles");
    dmg_boltzmann_init(&folder->ensemble->factors);
    return DMG_OK;
}

static const dmg_pairing_engine *choose_engine(dmg_cpu cpu)
{
#ifdef DMG_HAVE_AVX2
    if (cpu == DMG_CPU_AVX2 || cpu == DMG_CPU_AVX512) return &dmg_pairing_avx2;
#endif
#ifdef DMG_HAVE_V128
    if (cpu == DMG_CPU_V128) return &dmg_pairing_v128;
#endif
    (void)cpu;
    return &dmg_pairing_plain;
}

typedef struct ensemble_job {
    dmg_folder *folder;
    dmg_pairing_task *tasks;
} ensemble_job;

/* The minimum free energy, and the structure unless the caller has given one. */
static dmg_status find_minimum(int *minimum, const ensemble_job *job, int worker,
                               dmg_pairing_task *task, dmg_error *err)
{
    /* The centroid is written later. */
    dmg_fold_task fold = {.sequence = task->sequence,
                          .length = task->length,
                          .structure = task->given ? task->centroid : task->structure};
    dmg_status st = dmg_folder_fold(job->folder, worker, &fold, err);
    *minimum = task->energy = fold.energy;
    if (st == DMG_OK && task->given)
        st = dmg_fold_evaluate(&task->energy, task->sequence, task->structure, task->length, err);
    return st;
}

static dmg_status sum_structures(dmg_pairing *pairing, const ensemble_job *job,
                                 const dmg_pairing_task *task, int minimum, dmg_error *err)
{
    const dmg_folder *const folder = job->folder;
    switch (dmg_pairing_run(pairing, choose_engine(folder->cpu), &folder->ensemble->factors,
                            task->sequence, task->length, minimum)) {
    case PAIRING_DONE: return DMG_OK;
    case PAIRING_NO_MEMORY:
        return dmg_error_set(err, DMG_NOMEM,
                             "out of memory for the ensemble of a sequence of %zu nucleotides",
                             task->length);
    case PAIRING_OUT_OF_RANGE: break;
    }
    return dmg_error_set(err, DMG_RANGE,
                         "a sequence of %zu nucleotides: the weights of its structures are out %s",
                         task->length, "of the range of long double");
}

/* RNAfold prints a frequency from an energy in single precision, and its six digits show that. */
static void set_energies(dmg_pairing_task *task, const dmg_pairing *pairing)
{
    const double kT = FOLD_KT / 100;
    task->ensemble_energy = -pairing->log_sum * kT;
    task->frequency = exp((task->ensemble_energy - (double)((float)task->energy / 100)) / kT);
}

static dmg_status run_one(void *context, int worker, size_t i, dmg_error *err)
{
    const ensemble_job *const job = context;
    dmg_pairing_task *const task = &job->tasks[i];
    dmg_pairing *const pairing = &job->folder->ensemble->pairing[worker];
    int minimum;
    dmg_status st = find_minimum(&minimum, job, worker, task, err);
    if (st == DMG_OK) st = sum_structures(pairing, job, task, minimum, err);
    if (st != DMG_OK) return st;
    set_energies(task, pairing);
    return dmg_pairing_describe(task, pairing, err);
}

dmg_status dmg_pairing_fold(dmg_folder *folder, dmg_pairing_task *tasks, size_t count,
                            dmg_error *err)
{
    size_t longest = 0;
    dmg_status st = make_memory(folder, err);
    for (size_t i = 0; st == DMG_OK && i < count; i++) {
        st = dmg_folder_check_length(tasks[i].length, err);
        if (tasks[i].length > longest) longest = tasks[i].length;
    }
    if (st != DMG_OK) return st;
    for (int i = 0; i < folder->threads; i++) {
        dmg_pairing *const pairing = &folder->ensemble->pairing[i];
        const size_t held = dmg_pairing_held(pairing);
        if (held > FOLDER_KEEP_BYTES && held / FOLDER_SHRINK > dmg_pairing_bytes(longest))
            dmg_pairing_clear(pairing);
    }
    ensemble_job job = {folder, tasks};
    return dmg_parallel_for(count, folder->threads, run_one, &job, err);
}
