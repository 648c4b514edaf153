/* What the commands share: how they report failure, how they stop, what they load.
 * SPDX-License-Identifier: MIT
 */
#include "command.h"

#include <stdio.h>
#include <sys/stat.h>

static volatile sig_atomic_t stop_requested;

static void request_stop(int signal)
{
    (void)signal;
    stop_requested = 1;
}

const volatile sig_atomic_t *command_catch_stop(void)
{
    /* Reset after the first, so that a second one ends a program that is slow to stop. */
    struct sigaction action = {.sa_handler = request_stop, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    return &stop_requested;
}

bool command_stop_requested(void)
{
    return stop_requested != 0;
}

int command_failed(const char *name, const dmg_error *err)
{
    fprintf(stderr, "deepmirgene %s: %s\n", name, err->message);
    return EXIT_FAILED;
}

int command_finish(const char *name, dmg_output *output, dmg_status status, dmg_error *err)
{
    if (status == DMG_OK)
        status = dmg_output_commit(output, err);
    else
        dmg_output_discard(output);
    return status == DMG_OK ? EXIT_DONE : command_failed(name, err);
}

static dmg_status fill_error(dmg_error *err, dmg_status status, const char *message)
{
    err->status = status;
    snprintf(err->message, sizeof err->message, "%s", message);
    return status;
}

dmg_status command_stopped(dmg_error *err)
{
    return fill_error(err, DMG_STOPPED, "stopped on request");
}

dmg_status command_nomem(dmg_error *err)
{
    return fill_error(err, DMG_NOMEM, "out of memory");
}

dmg_status command_check_output(const char *output, const opt_list *inputs, dmg_error *err)
{
    struct stat target, input;
    if (stat(output, &target) != 0 || !S_ISREG(target.st_mode)) return DMG_OK;
    for (size_t i = 0; i < inputs->count; i++) {
        if (stat(inputs->items[i], &input) != 0) continue;
        if (input.st_dev != target.st_dev || input.st_ino != target.st_ino) continue;
        err->status = DMG_RANGE;
        snprintf(err->message, sizeof err->message, "cannot write %.500s: it is one of the inputs",
                 output);
        return DMG_RANGE;
    }
    return DMG_OK;
}

const char *command_plural(size_t count)
{
    return count == 1 ? "" : "s";
}

int command_not_run(opt_outcome outcome)
{
    return outcome == OPT_HELPED ? EXIT_DONE : EXIT_USAGE;
}

int command_threads(long long wanted)
{
    return wanted > 0 ? (int)wanted : dmg_processors();
}

dmg_status command_cpu(dmg_cpu *level, const char *name, dmg_error *err)
{
    const dmg_status st = dmg_cpu_parse(level, name, err);
    return st == DMG_OK ? dmg_cpu_resolve(level, err) : st;
}

dmg_status command_add_files(dmg_dataset *dataset, const opt_list *paths, bool positive,
                             dmg_error *err)
{
    dmg_status st = DMG_OK;
    for (size_t i = 0; st == DMG_OK && i < paths->count; i++)
        st = dmg_dataset_add(dataset, paths->items[i], positive, err);
    return st;
}
