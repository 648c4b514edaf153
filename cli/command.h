/* SPDX-License-Identifier: MIT */
/* The commands, and what they share: how they stop, write, report failure and load data. */
#ifndef DMG_CLI_COMMAND_H
#define DMG_CLI_COMMAND_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "deepmirgene/deepmirgene.h"
#include "opt.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* A row of the table of commands, in main.c. */
typedef struct command_entry {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} command_entry;

/* Each runs one command on its own part of the command line (argv[0] is its name) and returns the
 * exit status. */
int cmd_features(int argc, char **argv);
int cmd_fold(int argc, char **argv);
int cmd_predict(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_scan(int argc, char **argv);
int cmd_merge(int argc, char **argv);
int cmd_train(int argc, char **argv);
int cmd_ensemble(int argc, char **argv);
int cmd_calibrate(int argc, char **argv);
int cmd_evaluate(int argc, char **argv);
int cmd_crossval(int argc, char **argv);
int cmd_dataset(int argc, char **argv);
int cmd_version(int argc, char **argv);

/* Prints "deepmirgene COMMAND: message" to stderr; returns EXIT_FAILED. */
int command_failed(const char *command, const dmg_error *err);

/* Whether the path is a file that can be replaced: no stream, device or pipe. */
bool command_is_ordinary(const char *path);

/* Whether all files can be read, so that a wrong name is not found out after hours of work; warns
 * of those without a record. Streams are left alone: command_warn_of_no_records. */
dmg_status command_check_inputs(const char *command, const opt_list *paths, dmg_error *err);

/* After a run that read all `paths` to the end: warns of the streams among them if `records`, the
 * number that all of them had, is zero. */
void command_warn_of_no_records(const char *command, const opt_list *paths, size_t records);

/* Whether the file can be written, so that it is not found out after hours of work. */
dmg_status command_try_output(const char *path, dmg_error *err);

/* Ends a command that writes `output` (NULL: it was not opened): commits or discards it, reports a
 * failure, and returns the exit status. */
int command_finish(const char *command, dmg_output *output, dmg_status status, dmg_error *err);

/* DMG_NOMEM with its message. */
dmg_status command_nomem(dmg_error *err);

/* The exit status when options were not parsed into something to run. */
int command_not_run(opt_outcome outcome);

/* "s" unless there is one. */
const char *command_plural(size_t count);

/* Appends all records of the files; warns of those without a record. */
dmg_status command_add_files(const char *command, dmg_dataset *dataset, const opt_list *paths,
                             bool positive, dmg_error *err);

/* A word as a shell reads it. */
void command_print_word(FILE *out, const char *word);

/* From now on a signal that ends the program takes its unfinished files along. */
void command_catch_signals(void);

/* Whether a write to standard output failed because its reader has closed the pipe, as head does:
 * no fault to report. False where SIGPIPE was ignored when the program began. */
bool command_reader_has_gone(void);

/* Lets such a signal set the flag that the result points to; a second one ends the program. */
const volatile sig_atomic_t *command_catch_stop(void);

/* The level of that name, resolved. */
dmg_status command_cpu(dmg_cpu *level, const char *name, dmg_error *err);

/* Threads to use when 0 was given or preset. */
int command_threads(long long wanted);

/* What a model calls itself: its file's name without folder and ending. */
void command_model_name(char *name, size_t capacity, const char *path);

#endif
