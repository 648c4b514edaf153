/* SPDX-License-Identifier: MIT */
/* What a dmg_folder is made of, for those that work with it: fold.c and ensemble.c. */
#ifndef DMG_FOLD_FOLDER_H
#define DMG_FOLD_FOLDER_H

#include "deepmirgene/fold.h"
#include "fold/engines.h"

/* For ensembles: made when they are first asked for. */
typedef struct dmg_ensemble_memory dmg_ensemble_memory;

struct dmg_folder {
    int threads;
    dmg_cpu cpu;
    dmg_mfe_engines engines;
    dmg_mfe *workspace;            /* [threads] */
    dmg_ensemble_memory *ensemble; /* or NULL */
};

/* A thread gives memory back when it holds more than this and FOLDER_SHRINK times what the longest
 * of the present tasks needs. */
#define FOLDER_KEEP_BYTES ((size_t)16 << 20)
#define FOLDER_SHRINK     4

/* DMG_RANGE for a sequence that is too long to be folded as one. */
dmg_status dmg_folder_check_length(size_t length, dmg_error *err);

/* Folds one task in the memory of one thread. */
dmg_status dmg_folder_fold(dmg_folder *folder, int worker, dmg_fold_task *task, dmg_error *err);

/* Accepts NULL. */
void dmg_ensemble_memory_destroy(dmg_ensemble_memory *memory, int threads);

#endif
