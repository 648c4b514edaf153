/* SPDX-License-Identifier: MIT */
/* Training options: defaults and names. */
#include "deepmirgene/train.h"
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
