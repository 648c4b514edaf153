/* SPDX-License-Identifier: MIT */
#include "evaluate_methods.h"

#include <string.h>

static const evaluated_method methods[] = {
    {"network", true, false, DMG_BASELINE_METHODS},
    {"mfe-per-length", false, false, DMG_BASELINE_MFE_PER_LENGTH},
    {"length", false, false, DMG_BASELINE_LENGTH},
    {"mirena", false, false, DMG_BASELINE_MIRENA},
    {"triplet-svm", false, true, DMG_BASELINE_TRIPLET_SVM},
    {"mipred", false, true, DMG_BASELINE_MIPRED},
    {"micropred", false, true, DMG_BASELINE_MICROPRED},
    {"mirboost", false, true, DMG_BASELINE_MIRBOOST},
    {"cshmm", false, true, DMG_BASELINE_CSHMM},
    {"boosted-trees", false, true, DMG_BASELINE_BOOSTED_TREES},
};

const evaluated_method *evaluated_method_get(size_t k)
{
    return k < sizeof methods / sizeof *methods ? &methods[k] : NULL;
}

const evaluated_method *evaluated_method_find(const char *name)
{
    const evaluated_method *method;
    for (size_t k = 0; (method = evaluated_method_get(k)); k++)
        if (strcmp(name, method->name) == 0) return method;
    return NULL;
}

/* Those that do not learn are "trained" on what is tested. */
static dmg_dataset *learned_set(const baseline_run *run, dmg_baseline_method method)
{
    return evaluated_method_find(dmg_baseline_name(method))->learns ? run->learned : run->tested;
}

static dmg_status prepare(const baseline_run *run, dmg_baseline_method method, dmg_error *err)
{
    dmg_dataset *const learned = learned_set(run, method);
    dmg_status st =
        dmg_baseline_prepare(run->tested, method, run->seed, run->threads, run->cpu, err);
    if (st == DMG_OK && learned != run->tested)
        st = dmg_baseline_prepare(learned, method, run->seed, run->threads, run->cpu, err);
    return st;
}

dmg_status baseline_run_score(float *scores, const baseline_run *run, dmg_baseline_method method,
                              dmg_error *err)
{
    dmg_baseline *baseline = NULL;
    dmg_status st = prepare(run, method, err);
    if (st == DMG_OK)
        st = dmg_baseline_train(&baseline, method, learned_set(run, method), NULL, run->seed,
                                run->threads, err);
    if (st == DMG_OK) st = dmg_baseline_score(scores, baseline, run->tested, run->threads, err);
    if (st == DMG_RANGE) {
        /* A structure that came with its record may have no energy, which the network can do
         * without. */
        const dmg_error cause = *err;
        dmg_error_set(err, DMG_RANGE, "%s (this is for %s; --method network needs no energy)",
                      cause.message, dmg_baseline_name(method));
    }
    dmg_baseline_destroy(baseline);
    return st;
}
