/* SPDX-License-Identifier: MIT */
/* deepmirgene merge: the parts that 'deepmirgene scan --shard' wrote, as one result. */
#include <stdlib.h>

#include "command.h"
#include "loci_output.h"

typedef struct merge_options {
    loci_choice loci;
} merge_options;

static const opt_spec specs[] = {OPT_LOCI(merge_options), {0}};

static const opt_command command = {
    .name = "merge",
    .usage = " [options] PART...",
    .description =
        "Merges all N parts written by 'deepmirgene scan --shard I/N', in any order. The\n"
        "output is identical to that of one scan without --shard.\n"
        "\n" LOCI_HELP,
    .examples = "  deepmirgene merge -o loci.gff3 part1 part2 part3\n"
                "  deepmirgene merge --format bed --fdr 0.1 part1 part2 part3 > loci.bed\n",
    .specs = specs,
    .least_operands = 1,
    .operands = "part",
};

static int run_merge(const merge_options *options, const opt_list *paths)
{
    dmg_error err;
    dmg_journal **journals = calloc(paths->count, sizeof(dmg_journal *));
    dmg_status st = journals ? DMG_OK : command_nomem(&err);
    if (st == DMG_OK) st = loci_check(&options->loci, &err);
    for (size_t i = 0; st == DMG_OK && i < paths->count; i++)
        st = dmg_journal_open(&journals[i], paths->items[i], &err);
    const int status = st == DMG_OK
                           ? loci_output(command.name, &options->loci, journals, paths->count)
                           : command_failed(command.name, &err);
    for (size_t i = 0; journals && i < paths->count; i++) dmg_journal_close(journals[i]);
    free(journals);
    return status;
}

int cmd_merge(int argc, char **argv)
{
    merge_options options = {.loci = loci_choice_defaults()};
    opt_list paths;
    options.loci.arguments = argv;
    options.loci.argument_count = argc;
    opt_outcome outcome = opt_parse(&options, &paths, &command, argc, argv);
    if (outcome == OPT_RUN) outcome = loci_choice_check(&command, &options.loci);
    const int status = outcome == OPT_RUN ? run_merge(&options, &paths) : command_not_run(outcome);
    opt_clear(&options, &paths, &command);
    return status;
}
