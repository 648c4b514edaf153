/* SPDX-License-Identifier: MIT */
/* The inside of a cross-validation, for the files that prepare it and write its results. */
#ifndef DMG_CROSSVAL_CROSSVAL_H
#define DMG_CROSSVAL_CROSSVAL_H

#include "crossval/method.h"
#include "deepmirgene/partition.h"

/* A run with what its public view points to. */
typedef struct crossval_run {
    dmg_crossval_run view;
    size_t fold; /* in its repeat's partition */
    size_t *records;
    bool *labels;
    float *scores;
    dmg_crossval_epoch *history;
} crossval_run;

struct dmg_crossval {
    const dmg_dataset *dataset;
    dmg_crossval_options options; /* its texts are the caller's */
    method method;
    dmg_partition **partitions; /* [options.repeats] */
    size_t count;
    crossval_run *runs; /* [count] */
};

/* Path of `name` in the folder, the caller's to free; NULL when memory is out. */
char *crossval_path(const char *folder, const char *name);

/* Makes the folder unless it is there. */
dmg_status crossval_folder_make(const char *path, dmg_error *err);

/* Makes the folder, with one for checkpoints in it. Without `resume` there must be nothing in it;
 * with it, what a killed process left half-written is removed. */
dmg_status crossval_folder_prepare(const char *folder, bool resume, dmg_error *err);

/* Fills in what follows from a run's history and scores. */
dmg_status crossval_summarise_run(crossval_run *run, const method *m, int average_last,
                                  dmg_error *err);

#endif
