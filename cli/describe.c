/* SPDX-License-Identifier: MIT */
/* deepmirgene generate: which text about which commands. A command's table is known to its own file
 * only, and some presets only to the command, so each command is run up to opt_parse. */
#include "describe.h"

#include <stdio.h>
#include <string.h>

static const describe_writer man = {.name = "man", .command = describe_man_command};
static const describe_writer *const writers[] = {&man, &describe_bash, &describe_zsh,
                                                 &describe_fish};

enum { WRITERS = sizeof writers / sizeof *writers };

/* The address, not the text, marks a request. */
static char marker[] = "--describe";

bool describe_is_asked(int argc, char **argv)
{
    return argc == 4 && argv[1] == marker;
}

static const describe_writer *find_writer(const char *name)
{
    for (size_t i = 0; i < WRITERS; i++)
        if (strcmp(writers[i]->name, name) == 0) return writers[i];
    return NULL;
}

void describe_command(const opt_command *command, const described_option *options, char **argv)
{
    char name[64];
    snprintf(name, sizeof name, "%s", command->name);
    char *space = strchr(name, ' ');
    if (space) *space = '\0';
    find_writer(argv[2])->command(&(description){
        .command = command,
        .name = name,
        .action = space ? space + 1 : NULL,
        .summary = argv[3],
        .options = options,
    });
}

static int run_described(const command_entry *entry, const describe_writer *writer)
{
    char name[64], form[16], summary[128];
    snprintf(name, sizeof name, "%s", entry->name);
    snprintf(form, sizeof form, "%s", writer->name);
    snprintf(summary, sizeof summary, "%s", entry->summary);
    return entry->run(4, (char *[]){name, marker, form, summary, NULL});
}

static int print_completion(const command_entry *commands, size_t count,
                            const describe_writer *writer)
{
    int status = EXIT_DONE;
    writer->begin(commands, count);
    for (size_t i = 0; i < count && status == EXIT_DONE; i++)
        status = run_described(&commands[i], writer);
    writer->end(commands, count);
    return status;
}

int describe(const command_entry *commands, size_t count, int argc, char **argv)
{
    const char *kind = argc > 1 ? argv[1] : "", *what = argc > 2 ? argv[2] : NULL;
    if (argc == 2 && strcmp(kind, "man") == 0) {
        describe_man_program(commands, count);
        return EXIT_DONE;
    }
    for (size_t i = 0; i < count && argc == 3 && strcmp(kind, "man") == 0; i++)
        if (strcmp(commands[i].name, what) == 0) return run_described(&commands[i], &man);
    const describe_writer *writer = what ? find_writer(what) : NULL;
    if (argc == 3 && strcmp(kind, "completion") == 0 && writer && writer != &man)
        return print_completion(commands, count, writer);
    fputs("Usage: deepmirgene generate man [COMMAND]\n"
          "       deepmirgene generate completion bash|zsh|fish\n",
          stderr);
    return EXIT_USAGE;
}
