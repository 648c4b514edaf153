/* deepmirgene version.
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>

#include "command.h"

static const opt_spec specs[] = {{0}};

static const opt_command command = {
    .name = "version",
    .usage = "",
    .description = "Prints what this program is and what it was built with.",
    .specs = specs,
    .least_operands = -1,
};

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
           "kernels     %s\n"
           "models     ",
           info.version, info.compiler, info.flags, info.htslib, info.jansson, info.kernels);
    for (size_t i = 0; dmg_model_builtin(i); i++) printf(" %s", dmg_model_builtin(i));
    printf("\nnetworks    %s\n", dmg_architecture_builtin(0));
    for (size_t i = 1; dmg_architecture_builtin(i); i++)
        printf("            %s\n", dmg_architecture_builtin(i));
    return EXIT_DONE;
}
