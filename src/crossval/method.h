/* What learns and judges in a run of a cross-validation: the network, or a baseline. */
#ifndef DMG_CROSSVAL_METHOD_H
#define DMG_CROSSVAL_METHOD_H

#include "deepmirgene/baseline.h"
#include "deepmirgene/crossval.h"

typedef struct method {
    bool network;
    dmg_baseline_method baseline; /* where it is no network */
    double threshold;             /* of a positive call; NaN: it calls nothing */
    size_t epochs;                /* rows of its history */
} method;

dmg_status method_init(method *out, const dmg_crossval_options *options, dmg_error *err);

/* One run's task. */
typedef struct method_task {
    const dmg_dataset *dataset; /* what to learn from and what to judge */
    const bool *held_out;       /* [records], which is which */
    const dmg_crossval_options *options;
    uint64_t seed;
    int threads;
    const char *checkpoint; /* may be there already: then to be resumed */
    void (*progress)(void *context, size_t epochs, size_t restored); /* after each epoch */
    void *progress_context;
} method_task;

/* Learns from what is not held out. Fills history [m->epochs], as far as the method knows it, and
 * scores, one for each held-out record in their order. */
dmg_status method_judge(dmg_crossval_epoch *history, float *scores, const method *m,
                        const method_task *task, dmg_error *err);

#endif
