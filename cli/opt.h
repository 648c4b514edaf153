/* SPDX-License-Identifier: MIT */
/* Command-line options from a table: parsing, range checks and the help text all come from it. */
#ifndef DMG_CLI_OPT_H
#define DMG_CLI_OPT_H

#include <stdbool.h>
#include <stddef.h>

typedef enum opt_kind {
    OPT_FLAG,   /* bool: present or not */
    OPT_TEXT,   /* const char * */
    OPT_LIST,   /* opt_list: may be given several times */
    OPT_INT,    /* long long, within low .. high */
    OPT_REAL,   /* double, within low .. high */
    OPT_CHOICE, /* const char *, one of the words in `argument`, "tsv|jsonl" */
} opt_kind;

typedef struct opt_list {
    const char **items;
    size_t count;
} opt_list;

typedef struct opt_spec {
    const char *name; /* long name, without "--" */
    char letter;      /* short name, or 0 */
    opt_kind kind;
    size_t offset;        /* of the value in the command's struct */
    const char *argument; /* what the help calls the value */
    const char *preset;   /* value when not given, as text; NULL: false, NULL, empty, 0 */
    const char
        *preset_help; /* what the help calls the preset where the text would not say; or NULL */
    double low, high; /* OPT_INT, OPT_REAL; finite */
    bool required;
    const char *help;
} opt_spec;

typedef struct opt_command {
    const char *name;
    const char *usage;       /* " [options] FILE...": what follows the name */
    const char *description; /* a paragraph or several, lines of at most 80 broken by hand */
    const opt_spec *specs;   /* ends with a NULL name */
    int least_operands;      /* -1: none are taken */
    const char *operands;    /* what a missing operand is called: "input file" */
} opt_command;

typedef enum opt_outcome { OPT_RUN, OPT_HELPED, OPT_WRONG } opt_outcome;

/* Fills in `values` (the command's struct) and *operands, which lists the rest of argv. OPT_HELPED:
 * the help was asked for and printed to stdout; OPT_WRONG: one line was printed to stderr. Lists
 * belong to the caller: opt_clear. */
opt_outcome opt_parse(void *values, opt_list *operands, const opt_command *command, int argc,
                      char **argv);

/* Prints one line to stderr, "deepmirgene COMMAND: message; see ...", for a mistake that only the
 * command can see; returns OPT_WRONG. */
opt_outcome opt_refuse(const opt_command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Frees the lists in `values` and `operands`. */
void opt_clear(void *values, opt_list *operands, const opt_command *command);

#endif
