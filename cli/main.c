/* SPDX-License-Identifier: MIT */
/* deepmirgene: looks up the command, runs it, and closes standard output. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "describe.h"
#include "suggest.h"

static const command_entry commands[] = {
    {"predict", cmd_predict, "estimate the probability that each sequence is a pre-miRNA"},
    {"scan", cmd_scan, "find pre-miRNAs in a genome"},
    {"merge", cmd_merge, "merge the parts of a sharded scan"},
    {"fold", cmd_fold, "predict minimum free energy structures, in RNAfold's format"},
    {"features", cmd_features, "compute the features by which other programs classify"},
    {"explain", cmd_explain, "draw how the network arrives at its prediction"},
    {"train", cmd_train, "train a model on labelled sequences"},
    {"ensemble", cmd_ensemble, "combine models into one that averages their outputs"},
    {"calibrate", cmd_calibrate, "calibrate the probabilities of a model"},
    {"evaluate", cmd_evaluate, "measure a model's performance on labelled sequences"},
    {"crossval", cmd_crossval, "cross-validate a method on labelled sequences"},
    {"dataset", cmd_dataset, "check labelled sequences for duplicates and conflicts"},
    {"version", cmd_version, "print version, build, built-in models and networks"},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static void print_usage(FILE *out)
{
    fputs("Usage: deepmirgene COMMAND [options] [FILE...]\n\n"
          "Predicts microRNA precursors (pre-miRNAs) and the secondary structures of RNA.\n\n"
          "Commands:\n",
          out);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
    fputs("\nRun 'deepmirgene COMMAND --help' for the options of a command and examples.\n", out);
}

static const command_entry *find_command(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0) return &commands[i];
    return NULL;
}

static int refuse(const char *what, const char *name)
{
    suggestion best = suggest_begin(name, strlen(name));
    for (size_t i = 0; i < COMMANDS; i++) suggest_consider(&best, commands[i].name);
    fprintf(stderr, "deepmirgene: unknown %s '%s'; ", what, name);
    if (best.name) fprintf(stderr, "did you mean '%s'? ", best.name);
    fprintf(stderr, "%s 'deepmirgene --help'\n", best.name ? "See" : "see");
    return EXIT_USAGE;
}

/* "help", "help COMMAND" */
static int run_help(const char *topic)
{
    if (!topic) {
        print_usage(stdout);
        return EXIT_DONE;
    }
    const command_entry *chosen = find_command(topic);
    if (!chosen) return refuse("command", topic);
    return chosen->run(2, (char *[]){(char[]){"help"}, (char[]){"--help"}, NULL});
}

static int run(int argc, char **argv)
{
    if (argc < 2) {
        print_usage(stderr);
        return EXIT_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) name = "version";
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
        return run_help(argv[2]);
    const command_entry *chosen = find_command(name);
    if (chosen) return chosen->run(argc - 1, argv + 1);
    if (strcmp(name, "generate") == 0) return describe(commands, COMMANDS, argc - 1, argv + 1);
    return refuse(name[0] == '-' ? "option" : "command", name);
}

/* A standard stream that the caller closed would give its number to the next file opened, and what
 * is meant for the stream would end up in that file. The wrong way of opening the stand-in makes
 * its use fail as it would have. */
static void occupy_standard_streams(void)
{
    int fd;
    do fd = open("/dev/null", fcntl(STDIN_FILENO, F_GETFD) < 0 ? O_WRONLY : O_RDONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0) close(fd);
}

/* Whether all that was written to standard output has arrived. */
static bool close_stdout(void)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout) && fclose(stdout) == 0) return true;
    if (!command_reader_has_gone())
        fprintf(stderr, "deepmirgene: cannot write standard output: %s\n",
                strerror(errno ? errno : EIO));
    return false;
}

int main(int argc, char **argv)
{
    command_catch_signals();
    occupy_standard_streams();
    int status = run(argc, argv);
    if (status == EXIT_DONE && !close_stdout()) status = EXIT_FAILED;
    if (status == EXIT_FAILED && command_reader_has_gone()) {
        signal(SIGPIPE, SIG_DFL);
        raise(SIGPIPE);
    }
    return status;
}
