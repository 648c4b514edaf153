/* SPDX-License-Identifier: MIT */
/* Command-line options from a table: parsing, range checks and the help text all come from it. */
#ifndef DMG_CLI_OPT_H
#define DMG_CLI_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef enum opt_kind {
    OPT_FLAG,   /* bool: present or not */
    OPT_TEXT,   /* const char * */
    OPT_LIST,   /* opt_list: may be given several times */
    OPT_INT,    /* long long, within low .. high */
    OPT_REAL,   /* double, within low .. high */
    OPT_CHOICE, /* const char *, one of the words in `argument`, "tsv|jsonl" */
} opt_kind;

/* What a value does that names a file. */
typedef enum opt_role {
    OPT_NO_FILE,
    OPT_READS,         /* also where it may be a name or a number instead */
    OPT_WRITES,        /* "-" is standard output */
    OPT_WRITES_FOLDER, /* with files in it */
} opt_role;

typedef struct opt_list {
    const char **items;
    size_t count;
} opt_list;

typedef struct opt_spec {
    const char *name; /* long name, without "--" */
    char letter;      /* short name, the same in all commands, or 0 */
    char old_letter;  /* another of earlier versions, which works with a note; or 0 */
    opt_kind kind;
    size_t offset;        /* of the value in the command's struct */
    const char *argument; /* what the help calls the value */
    const char *preset;   /* value when not given, as text; NULL: what the struct had before, all
                           * zero or else */
    bool own_preset;      /* numbers and words: the help shows what the struct had before */
    const char
        *preset_help; /* what the help calls the preset where the text would not say; or NULL */
    double low, high; /* OPT_INT, OPT_REAL; finite */
    bool required;
    opt_role role;       /* has to be given for a value that names a file */
    const char *derived; /* endings of further files beside it, ".journal|.checkpoint"; a '~' in
                          * front takes the place of its own ending; or NULL */
    const char *follows; /* OPT_CHOICE: the option whose file ending is the choice when none was
                          * given: "output"; or NULL */
    const char *help;
} opt_spec;

typedef struct opt_command {
    const char *name;
    const char *usage;              /* " [options] FILE...": what follows the name */
    const char *description;        /* a paragraph or several, lines of at most 80 broken by hand */
    const opt_spec *specs;          /* ends with a NULL name */
    int least_operands;             /* -1: none are taken */
    const char *operands;           /* what a missing operand is called: "input file" */
    void (*print_notes)(FILE *out); /* more help, after the options; or NULL */
    const char *examples;           /* command lines, two or three, each indented; or NULL */
    const char *operands_derived;   /* as opt_spec.derived: what is read beside an operand */
} opt_command;

typedef enum opt_outcome { OPT_RUN, OPT_HELPED, OPT_WRONG, OPT_FAILED } opt_outcome;

/* Fills in `values` (the command's struct) and *operands, which lists the rest of argv. OPT_HELPED:
 * the help or the version was asked for and printed to stdout; else one line was printed to stderr:
 * OPT_WRONG, the arguments are invalid; OPT_FAILED, it would overwrite a file that it names twice
 * (files.h), or memory is out. Lists belong to the caller: opt_clear. */
opt_outcome opt_parse(void *values, opt_list *operands, const opt_command *command, int argc,
                      char **argv);

/* Prints one line to stderr, "deepmirgene COMMAND: message; see ...", for a mistake that only the
 * command can see; returns OPT_WRONG. */
opt_outcome opt_refuse(const opt_command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Frees the lists in `values` and `operands`. */
void opt_clear(void *values, opt_list *operands, const opt_command *command);

#endif
