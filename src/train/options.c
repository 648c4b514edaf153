/* SPDX-License-Identifier: MIT */
/* Training options: presets and descriptions. */
#include "train/options.h"

#include "nn/adam.h"

dmg_train_options dmg_train_options_defaults(void)
{
    dmg_train_options options = {
        .name = "model",
        .epochs = 500,
        .batch = 128,
        .learning_rate = adam_options_defaults().learning_rate,
        .seed = 1,
        .threads = 1,
    };
    (void)dmg_architecture_load(&options.architecture, "deepmirgene-2016", NULL);
    return options;
}

const char *dmg_loss_name(dmg_loss loss)
{
    return loss == DMG_LOSS_CROSS_ENTROPY ? "cross-entropy" : "squared-error";
}

static bool add(json_t *object, const char *key, json_t *value)
{
    return json_object_set_new(object, key, value) == 0;
}

bool train_options_describe(json_t *object, const dmg_train_options *options)
{
    bool ok = true;
    if (options->loss != DMG_LOSS_SQUARED_ERROR)
        ok = ok && add(object, "loss", json_string(dmg_loss_name(options->loss)));
    if (options->final_learning_rate != 0)
        ok = ok && add(object, "final_learning_rate", json_real(options->final_learning_rate));
    if (options->average_weights != 0)
        ok = ok && add(object, "average_weights", json_integer(options->average_weights));
    /* The epochs are part of such schedules. */
    if (options->final_learning_rate != 0 || options->average_weights != 0)
        ok = ok && add(object, "epochs", json_integer(options->epochs));
    if (options->weight_decay != 0)
        ok = ok && add(object, "weight_decay", json_real(options->weight_decay));
    if (options->balanced) ok = ok && add(object, "class_weight", json_string("balanced"));
    if (options->pretrain != 0) ok = ok && add(object, "pretrain", json_integer(options->pretrain));
    return ok;
}
