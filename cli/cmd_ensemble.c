/* SPDX-License-Identifier: MIT */
/* deepmirgene ensemble: several models as one. */
#include <stdio.h>

#include "command.h"
#include "note.h"
#include "options.h"

typedef struct ensemble_options {
    const char *output;
} ensemble_options;

static const opt_spec specs[] = {
    OPT_OUTPUT_MODEL(ensemble_options, NULL),
    {0},
};

static const opt_command command = {
    .name = "ensemble",
    .usage = " -o FILE MODEL MODEL...",
    .description =
        "Combines 2 to 16 models of the same architecture, such as models trained with\n"
        "different seeds, into one model file. The ensemble predicts the mean probability\n"
        "of its members. Its running time is the sum of theirs.",
    .examples = "  deepmirgene ensemble -o pair.safetensors seed1.safetensors seed2.safetensors\n"
                "  deepmirgene ensemble -o ensemble.safetensors seed*.safetensors\n",
    .specs = specs,
    .least_operands = 1,
    .operands = "model",
};

static int run_ensemble(const ensemble_options *options, const opt_list *paths)
{
    dmg_error err;
    dmg_model *model = NULL;
    char name[DMG_NAME_CAPACITY];
    command_model_name(name, sizeof name, options->output);
    dmg_status st = dmg_model_join(&model, name, paths->items, paths->count, &err);
    if (st == DMG_OK) st = dmg_model_save(model, options->output, &err);
    if (st == DMG_OK)
        note(command.name, "wrote %s, %zu members, %zu parameters\n", options->output,
             dmg_model_members(model), dmg_model_parameters(model));
    dmg_model_destroy(model);
    return st == DMG_OK ? EXIT_DONE : command_failed(command.name, &err);
}

int cmd_ensemble(int argc, char **argv)
{
    ensemble_options options = {0};
    opt_list paths;
    opt_outcome outcome = opt_parse(&options, &paths, &command, argc, argv);
    if (outcome == OPT_RUN && (paths.count < 2 || paths.count > DMG_MAX_MEMBERS))
        outcome = opt_refuse(&command, "2 to %d models are required, not %zu", DMG_MAX_MEMBERS,
                             paths.count);
    const int status =
        outcome == OPT_RUN ? run_ensemble(&options, &paths) : command_not_run(outcome);
    opt_clear(&options, &paths, &command);
    return status;
}
