/* SPDX-License-Identifier: MIT */
/* Training options: recipes, names and limits. */
#include "train/options.h"

#include <string.h>

#include "base/error.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "model/model.h"

typedef struct recipe {
    const char *name, *architecture;
    int epochs, batch;
    dmg_loss loss;
    double learning_rate, final_learning_rate;
} recipe;

/* The first one is the default. That of the paper stays as it is for ever. */
static const recipe recipes[] = {
    {
        .name = "2026",
        .architecture = "deepmirgene-2026",
        .epochs = 20,
        .batch = 256,
        .loss = DMG_LOSS_CROSS_ENTROPY,
        .learning_rate = 3e-3,
        .final_learning_rate = 1e-4,
    },
    {
        .name = "2016",
        .architecture = "deepmirgene-2016",
        .epochs = 500,
        .batch = 128,
        .loss = DMG_LOSS_SQUARED_ERROR,
        .learning_rate = 1e-3,
    },
    {
        .name = "fine-tune",
        .architecture = "deepmirgene-2026",
        .epochs = 20,
        .batch = 32,
        .loss = DMG_LOSS_CROSS_ENTROPY,
        .learning_rate = 3e-4,
        .final_learning_rate = 1e-5,
    },
};
enum { RECIPES = sizeof recipes / sizeof *recipes };

const char *dmg_train_recipe_name(size_t i)
{
    return i < RECIPES ? recipes[i].name : NULL;
}

static dmg_status follow(dmg_train_options *out, const recipe *r, dmg_error *err)
{
    *out = (dmg_train_options){
        .name = "model",
        .epochs = r->epochs,
        .batch = r->batch,
        .loss = r->loss,
        .learning_rate = r->learning_rate,
        .final_learning_rate = r->final_learning_rate,
        .seed = DMG_DEFAULT_SEED,
        .threads = 1,
    };
    return dmg_architecture_load(&out->architecture, r->architecture, err);
}

dmg_status dmg_train_recipe(dmg_train_options *out, const char *name, dmg_error *err)
{
    for (size_t i = 0; i < RECIPES; i++)
        if (strcmp(recipes[i].name, name) == 0) return follow(out, &recipes[i], err);
    return dmg_error_set(err, DMG_RANGE, "unknown recipe; expected %s, %s or %s", recipes[0].name,
                         recipes[1].name, recipes[2].name);
}

dmg_train_options dmg_train_options_defaults(void)
{
    dmg_train_options options;
    (void)follow(&options, &recipes[0], NULL);
    return options;
}

const char *dmg_loss_name(dmg_loss loss)
{
    return loss == DMG_LOSS_CROSS_ENTROPY ? "cross-entropy" : "squared-error";
}

dmg_status train_options_check(const dmg_train_options *options, dmg_error *err)
{
    if (options->epochs < 1 || options->batch < 1)
        return dmg_error_set(err, DMG_RANGE,
                             "%d epochs in batches of %d: expected at least 1 of both",
                             options->epochs, options->batch);
    if (!(options->learning_rate > 0))
        return dmg_error_set(err, DMG_RANGE, "learning rate %g is not positive",
                             options->learning_rate);
    const dmg_status st = dmg_threads_check(options->threads, err);
    return st == DMG_OK ? model_check_name(options->name, err) : st;
}
