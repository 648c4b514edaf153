/* SPDX-License-Identifier: MIT */
/* deepmirgene version. */
#include <stdint.h>
#include <stdio.h>

#include "command.h"

static const opt_spec specs[] = {{0}};

static const opt_command command = {
    .name = "version",
    .usage = "",
    .description =
        "Prints the version of the program and how it was built, the built-in models and\n"
        "their networks, and the built-in networks that 'train' can use by name.",
    .examples = "  deepmirgene version\n",
    .specs = specs,
    .least_operands = -1,
};

/* "deepmirgene-2016, 5 members, another network from 141 nt, calibrated for a share of 0.1
 * pre-miRNAs; what it says itself" */
static void print_model(const char *name, const dmg_model *model)
{
    const char *description = dmg_model_metadata(model, "description");
    dmg_calibration calibration;
    printf("%-14s %s", name, dmg_model_architecture(model)->id);
    if (dmg_model_members(model) > 1) printf(", %zu members", dmg_model_members(model));
    if (dmg_model_long_from(model) != SIZE_MAX)
        printf(", another network from %zu nt", dmg_model_long_from(model));
    if (dmg_model_calibration(&calibration, model))
        printf(", calibrated for a share of %.3g pre-miRNAs", calibration.prior);
    else
        fputs(", not calibrated", stdout);
    printf("%s%s\n", description ? "; " : "", description ? description : "");
}

static dmg_status print_models(dmg_error *err)
{
    for (size_t i = 0; dmg_model_builtin(i); i++) {
        dmg_model *model = NULL;
        const dmg_status st = dmg_model_load(&model, dmg_model_builtin(i), err);
        if (st != DMG_OK) return st;
        printf("%-12s", i == 0 ? "models" : "");
        print_model(dmg_model_builtin(i), model);
        dmg_model_destroy(model);
    }
    return DMG_OK;
}

int cmd_version(int argc, char **argv)
{
    opt_list operands;
    const opt_outcome outcome = opt_parse(NULL, &operands, &command, argc, argv);
    opt_clear(NULL, &operands, &command);
    if (outcome != OPT_RUN) return command_not_run(outcome);
    const dmg_build_info info = dmg_version_info();
    printf("deepmirgene %s\n"
           "compiler    %s\n"
           "flags       %s\n"
           "htslib      %s\n"
           "jansson     %s\n"
           "kernels     %s\n",
           info.version, info.compiler, info.flags, info.htslib, info.jansson, info.kernels);
    dmg_error err;
    if (print_models(&err) != DMG_OK) return command_failed(command.name, &err);
    printf("networks    %s\n", dmg_architecture_builtin(0));
    for (size_t i = 1; dmg_architecture_builtin(i); i++)
        printf("            %s\n", dmg_architecture_builtin(i));
    return EXIT_DONE;
}
