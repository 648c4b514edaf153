/* deepmirgene: tells precursor microRNAs from other hairpins.
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "command.h"

typedef struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} command;

static const command commands[] = {
    {"predict", cmd_predict, "the probability of each sequence to be a pre-miRNA"},
    {"fold", cmd_fold, "minimum-free-energy structures, as RNAfold prints them"},
    {"train", cmd_train, "a model from labelled sequences"},
    {"evaluate", cmd_evaluate, "how good a model is on labelled sequences"},
    {"version", cmd_version, "versions, compiler, flags and kernels"},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static void print_usage(FILE *out)
{
    fputs("Usage: deepmirgene COMMAND [options] [FILE...]\n\n"
          "Folds RNA and tells precursor microRNAs (pre-miRNAs) from other hairpins.\n\n"
          "Commands:\n",
          out);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
    fputs("\n'deepmirgene COMMAND --help' tells more of a command.\n", out);
}

static const command *find_command(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0) return &commands[i];
    return NULL;
}

static int run(int argc, char **argv)
{
    if (argc < 2) {
        print_usage(stderr);
        return EXIT_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--version") == 0) name = "version";
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        const command *topic = argc > 2 ? find_command(argv[2]) : NULL;
        if (topic) return topic->run(2, (char *[]){argv[2], (char[]){"--help"}, NULL});
        print_usage(stdout);
        return EXIT_DONE;
    }
    const command *chosen = find_command(name);
    if (chosen) return chosen->run(argc - 1, argv + 1);
    fprintf(stderr,
            "deepmirgene: unknown command '%s'; 'deepmirgene --help' lists the known ones\n", name);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    /* A closed pipe is told by the failing write, with a message and an exit status. */
    signal(SIGPIPE, SIG_IGN);
    int status = run(argc, argv);
    errno = 0;
    if (fclose(stdout) != 0 && status == EXIT_DONE) {
        fprintf(stderr, "deepmirgene: cannot write standard output: %s\n", strerror(errno));
        status = EXIT_FAILED;
    }
    return status;
}
