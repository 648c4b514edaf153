/* SPDX-License-Identifier: MIT */
/* Man pages and shell completions, written from the tables that the help is printed from. */
#ifndef DMG_CLI_DESCRIBE_H
#define DMG_CLI_DESCRIBE_H

#include <stdbool.h>
#include <stddef.h>

#include "command.h"

typedef struct described_option {
    const opt_spec *spec;
    const char *preset; /* as the help shows it; or NULL */
} described_option;

/* One command, for a writer. */
typedef struct description {
    const opt_command *command;
    const char *name;                /* the first word of command->name */
    const char *action;              /* its second word, "check" of "dataset check"; or NULL */
    const char *summary;             /* of the table of commands */
    const described_option *options; /* --help is the last; ends with a NULL spec */
} description;

/* Prints one kind of text; begin and end enclose the commands. */
typedef struct describe_writer {
    const char *name;
    void (*begin)(const command_entry *commands, size_t count);
    void (*command)(const description *described);
    void (*end)(const command_entry *commands, size_t count);
} describe_writer;

extern const describe_writer describe_bash, describe_zsh, describe_fish;

void describe_man_program(const command_entry *commands, size_t count);
void describe_man_command(const description *described);

/* "generate man [COMMAND]", "generate completion bash|zsh|fish": run by the build, so the help does
 * not list it. Prints to standard output; returns the exit status. */
int describe(const command_entry *commands, size_t count, int argc, char **argv);

/* Whether describe() runs the command so that opt_parse hands over its table; nothing that a user
 * types does this. */
bool describe_is_asked(int argc, char **argv);

/* Prints a command that was run so. */
void describe_command(const opt_command *command, const described_option *options, char **argv);

#endif
