/* SPDX-License-Identifier: MIT */
/* Records of several files, each with its structure, passed on batch by batch: what fold and
 * predict have in common. Reading, folding and writing overlap on several threads (pipeline.h). */
#ifndef DMG_CLI_FOLDED_H
#define DMG_CLI_FOLDED_H

#include <stdbool.h>
#include <stddef.h>

#include "deepmirgene/deepmirgene.h"
#include "opt.h"

typedef struct folded_record {
    const dmg_record *record;
    const char *structure; /* [length], the file's or folded; NULL for a record not folded */
    bool has_energy;       /* false also for a structure of the file with pairs that have none */
    int energy;            /* dcal/mol */
    float p_mirna;         /* for predict to fill in */
} folded_record;

typedef struct folded_batch {
    const char *path; /* of the file, as messages show it */
    size_t count;
    folded_record *records; /* [count] */
} folded_batch;

/* What a command does with the batches. */
typedef struct folded_steps {
    /* After folding, on several batches at the same time; `worker` is 0 .. threads-1. Or NULL. */
    dmg_status (*work)(void *context, int worker, folded_batch *batch, dmg_error *err);
    /* One batch at a time, in the order of the input. */
    dmg_status (*write)(void *context, const folded_batch *batch, dmg_error *err);
} folded_steps;

/* Opens every file once, so that a wrong name is told before hours of work on the ones before, and
 * before an output is begun. */
dmg_status folded_check(const opt_list *paths, dmg_error *err);

/* Takes the records of all files, one file after the other, through the steps. Records that are
 * empty or longer than DMG_FOLD_MAX_LENGTH are not folded. A fault in a file is reported once all
 * records before it were written. */
dmg_status folded_run(const opt_list *paths, int threads, dmg_cpu cpu, const folded_steps *steps,
                      void *context, dmg_error *err);

#endif
