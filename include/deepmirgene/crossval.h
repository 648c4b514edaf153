/* SPDX-License-Identifier: MIT */
/* Cross-validation: every record is scored by a classifier that was not trained on it.
 *
 * The records are divided into folds (partition.h), once for each repeat. In a run, a classifier
 * learns from the other folds and scores this one. Runs share the threads, and the results do not
 * depend on the number of threads.
 *
 * A run reports the mean over its last epochs, as in section 4 of the paper, and the scores after
 * the last one. It does not report the best epoch, which would be chosen on the records it is
 * evaluated on. With several networks, everything is computed from their mean after the last epoch,
 * except the history, which is that of the first.
 */
#ifndef DMG_CROSSVAL_H
#define DMG_CROSSVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deepmirgene/metrics.h"
#include "deepmirgene/status.h"
#include "deepmirgene/train.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The progress of the runs. */
typedef struct dmg_crossval_status {
    size_t runs, runs_done;
    size_t epochs;          /* of all runs together */
    size_t epochs_done;     /* of these */
    size_t epochs_restored; /* of epochs_done: from checkpoints */
} dmg_crossval_status;

/* Called from one thread at a time, but not always the same one. */
typedef void dmg_crossval_progress(void *context, const dmg_crossval_status *status);

typedef struct dmg_crossval_options {
    const char *method; /* "network", or a baseline (baseline.h) */

    /* How to train the network, and the seed of everything random: folds, each run's own seed,
     * bootstrap. Its threads, held-out records, checkpoint and progress are ignored. */
    dmg_train_options training;

    int folds;          /* to draw, 2 or more */
    const char *groups; /* table of groups to keep whole when drawing; or NULL */
    const char *splits; /* table of folds to use in place of drawn ones; or NULL */
    int repeats;        /* >= 1; with splits the folds stay, and seeds change */
    int members;        /* networks of a run, 1 .. DMG_MAX_MEMBERS, that differ in their seeds; a
                         * record's score is the mean of theirs */
    int average_last;   /* epochs to average over, 1 .. epochs; 1 with several members */
    size_t replicates;  /* of the bootstrap */
    int threads;        /* >= 1: over the runs first, what is left over within them */

    const char *folder; /* for checkpoints and results; made if it is not there */
    bool resume;        /* continue what is in the folder, which has to be empty otherwise */

    const char *figures; /* "svg", "pdf" or "png"; NULL: none are drawn */
    const char *command; /* how the results were made, to be written with them; or NULL */

    dmg_crossval_progress *progress; /* or NULL */
    void *progress_context;
} dmg_crossval_options;

/* The network as dmg_train_options_defaults has it, 5 folds, 1 repeat, 1 member, mean over 50
 * epochs, 1000 bootstrap replicates, one thread. */
DMG_API dmg_crossval_options dmg_crossval_options_defaults(void);

/* An epoch evaluated on the held-out fold. Metrics at the threshold, expected ones included, are
 * exact; metrics that need all scores, except AUROC and AUPR, are NaN. */
typedef struct dmg_crossval_epoch {
    double loss;            /* of training; NaN for a method without epochs */
    double validation_loss; /* on the fold; likewise */
    double values[DMG_METRICS];
} dmg_crossval_epoch;

/* One fold of one repeat. All pointers are the cross-validation's own. */
typedef struct dmg_crossval_run {
    int repeat;       /* from 1 */
    const char *fold; /* its name */
    bool is_test;     /* the fold "test": held out from all others, scored after the rest */
    uint64_t seed;    /* `deepmirgene train` with it and the same records gives the same network;
                       * of several members the first */

    size_t count;          /* records scored */
    const size_t *records; /* [count] in the dataset, ascending */
    const bool *labels;    /* [count] */
    const float *scores;   /* [count], after the last epoch */

    size_t epochs;                     /* 1 for a method without epochs */
    const dmg_crossval_epoch *history; /* [epochs] */
    size_t calling_since; /* the first epoch from which on each one calls something positive; 0: the
                           * last one calls nothing. A stuck network calls everything negative, the
                           * plateau at which training starts. */
    double last[DMG_METRICS];  /* mean over the last epochs, of those where it is defined; with
                                * several members as final */
    double final[DMG_METRICS]; /* of the scores; all metrics */
} dmg_crossval_run;

/* Finished runs. The dataset has to outlive them. */
typedef struct dmg_crossval dmg_crossval;

/* Does all runs. The dataset has to be folded. With the checkpoints in the folder, at most an epoch
 * of each run under way is lost by a stop (training.stop: DMG_STOPPED) or a crash; the same call
 * with `resume` ends in the same results. A folder that holds anything, without `resume`, is
 * DMG_IO; checkpoints of other data or options are DMG_FORMAT. */
DMG_API dmg_status dmg_crossval_create(dmg_crossval **out, const dmg_dataset *dataset,
                                       const dmg_crossval_options *options, dmg_error *err);
DMG_API void dmg_crossval_destroy(dmg_crossval *crossval);

/* By repeat, and in each by fold; the fold "test" last. */
DMG_API size_t dmg_crossval_count(const dmg_crossval *crossval);
DMG_API dmg_crossval_run dmg_crossval_get(const dmg_crossval *crossval, size_t i);

DMG_API int dmg_crossval_repeats(const dmg_crossval *crossval);

/* A metric over runs: NaN if too few of them define it. */
typedef struct dmg_crossval_mean {
    double mean, deviation; /* standard deviation over runs, with n - 1 */
    size_t defined;         /* runs that the mean is taken over */
} dmg_crossval_mean;

/* Fills means [DMG_METRICS] over the runs' means of the last epochs: all folds of a repeat (of all
 * repeats for 0), or, with `test`, the folds "test". *runs is their number. */
DMG_API void dmg_crossval_average(dmg_crossval_mean *means, size_t *runs,
                                  const dmg_crossval *crossval, int repeat, bool test);

/* All scores of a repeat, one for each record; with `test`, those of the fold "test". */
typedef struct dmg_crossval_pool {
    size_t count;
    float *scores; /* [count] */
    bool *labels;  /* [count] */
    double values[DMG_METRICS];
    dmg_interval intervals[DMG_METRICS]; /* 95 %, by bootstrap */
} dmg_crossval_pool;

/* *out is to be cleared by the caller. Without such runs it is empty and its values are NaN. */
DMG_API dmg_status dmg_crossval_pool_init(dmg_crossval_pool *out, const dmg_crossval *crossval,
                                          int repeat, bool test, dmg_error *err);
DMG_API void dmg_crossval_pool_clear(dmg_crossval_pool *pool);

/* Writes the results to the folder, each file whole or not at all:
 *
 *     history.tsv      repeat, fold, epoch, losses and metrics of the fold
 *     predictions.tsv  repeat, fold, id, label, score after the last epoch
 *     metrics.json     settings, runs, means over runs; as "methods" (report.h) all scores together
 *     report.md        the same as tables for people
 *     figures/         ROC and precision-recall curves, learning curves of the first repeat
 *
 * They do not depend on when, where or on how many threads they were made. DMG_UNSUPPORTED means
 * that gnuplot is missing: everything but the figures is written. */
DMG_API dmg_status dmg_crossval_write(const dmg_crossval *crossval, dmg_error *err);

#ifdef __cplusplus
}
#endif

#endif
