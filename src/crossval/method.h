/* SPDX-License-Identifier: MIT */
/* The method that a run of a cross-validation trains and evaluates: the network, or a baseline. */
#ifndef DMG_CROSSVAL_METHOD_H
#define DMG_CROSSVAL_METHOD_H

#include "deepmirgene/baseline.h"
#include "deepmirgene/crossval.h"

typedef struct method {
    bool network;
    size_t members;               /* networks whose mean score counts; 1 for a baseline */
    dmg_baseline_method baseline; /* where it is not a network */
    double threshold;             /* of a positive call; NaN: it calls nothing */
    size_t epochs;                /* rows of its history */
} method;

dmg_status method_init(method *out, const dmg_crossval_options *options, dmg_error *err);

/* One run's task. */
typedef struct method_task {
    const dmg_dataset *dataset; /* the records to learn from and to evaluate */
    const bool *held_out;       /* [records], which is which */
    const dmg_crossval_options *options;
    uint64_t seed;
    int threads;
    const char *checkpoints; /* what their paths begin with; those that are there are resumed */
    /* After each epoch: how many are done, of all members, and how many of them were restored. */
    void (*progress)(void *context, size_t epochs, size_t restored);
    void *progress_context;
} method_task;

/* The seed of a run's member; the first one has the run's. */
uint64_t method_member_seed(uint64_t seed, size_t member);

/* Learns from what is not held out. Fills history [m->epochs], as far as the method knows it, that
 * of the first member, and scores, one for each held-out record in their order. */
dmg_status method_evaluate(dmg_crossval_epoch *history, float *scores, const method *m,
                           const method_task *task, dmg_error *err);

#endif
