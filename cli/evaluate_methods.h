/* SPDX-License-Identifier: MIT */
/* The methods of 'deepmirgene evaluate', and the scores of those that are not the network. */
#ifndef DMG_CLI_EVALUATE_METHODS_H
#define DMG_CLI_EVALUATE_METHODS_H

#include "command.h"

/* One method. */
typedef struct evaluated_method {
    const char *name;
    bool is_network;
    bool learns; /* needs sequences to learn from */
    dmg_baseline_method baseline;
} evaluated_method;

enum { EVALUATED_PRESET = 3 }; /* the first ones are evaluated unless others are given */

/* The k-th; NULL past the last. */
const evaluated_method *evaluated_method_get(size_t k);

/* NULL if there is none of that name. */
const evaluated_method *evaluated_method_find(const char *name);

/* What baselines are trained and tested with. */
typedef struct baseline_run {
    dmg_dataset *tested;  /* folded */
    dmg_dataset *learned; /* likewise; NULL where no method learns */
    uint64_t seed;
    int threads;
    dmg_cpu cpu;
} baseline_run;

/* scores [records tested]. */
dmg_status baseline_run_score(float *scores, const baseline_run *run, dmg_baseline_method method,
                              dmg_error *err);

#endif
