/* SPDX-License-Identifier: MIT */
/* What the commands share: how they stop, write, report failure and load data. */
#include "command.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "note.h"

/* --- being stopped --- */

/* Signals that ask a program to end, those of batch systems and resource limits among them. */
static const int stop_signals[] = {SIGINT,  SIGTERM, SIGHUP,  SIGQUIT,  SIGUSR1,
                                   SIGUSR2, SIGALRM, SIGXCPU, SIGVTALRM};

enum { STOP_SIGNALS = sizeof stop_signals / sizeof *stop_signals };

static volatile sig_atomic_t stop_requested;
static bool pipe_was_ignored;

/* A signal that was ignored from the beginning (nohup, a script's background) stays so. */
static void catch_stop_signals(void (*handler)(int), int flags)
{
    for (int s = 0; s < STOP_SIGNALS; s++) {
        struct sigaction action = {.sa_handler = handler, .sa_flags = flags}, before;
        sigemptyset(&action.sa_mask);
        if (sigaction(stop_signals[s], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(stop_signals[s], &action, NULL);
    }
}

static void remove_unfinished(int signal)
{
    dmg_output_unlink_all();
    raise(signal); /* at its default again: SA_RESETHAND */
}

void command_catch_signals(void)
{
    catch_stop_signals(remove_unfinished, (int)SA_RESETHAND);
    /* These two are seen by the failing write, which leaves time to clean up. */
    pipe_was_ignored = signal(SIGPIPE, SIG_IGN) == SIG_IGN;
    signal(SIGXFSZ, SIG_IGN);
}

/* A second signal ends the program. */
static void request_stop(int signal)
{
    (void)signal;
    stop_requested = 1;
    catch_stop_signals(remove_unfinished, (int)SA_RESETHAND);
}

const volatile sig_atomic_t *command_catch_stop(void)
{
    catch_stop_signals(request_stop, 0);
    return &stop_requested;
}

/* A pipe to nobody is in error; one that is only full is not. */
bool command_reader_has_gone(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return !pipe_was_ignored && ferror(stdout) && poll(&out, 1, 0) == 1 &&
           (out.revents & POLLERR) != 0;
}

/* --- outputs --- */

bool command_is_ordinary(const char *path)
{
    struct stat about;
    if (strcmp(path, "-") == 0) return false;
    return stat(path, &about) != 0 || S_ISREG(about.st_mode) || S_ISDIR(about.st_mode);
}

/* One rule for all commands: an input without records is a warning, not an error. */
static void warn_of_empty(const char *command, const char *path)
{
    warn(command, "%s: no sequence records", strcmp(path, "-") == 0 ? "standard input" : path);
}

static dmg_status warn_if_empty(const char *command, const char *path, dmg_error *err)
{
    bool empty = false;
    if (!command_is_ordinary(path)) return DMG_OK;
    const dmg_status st = dmg_reader_is_empty(&empty, path, err);
    if (empty) warn_of_empty(command, path);
    return st;
}

dmg_status command_check_inputs(const char *command, const opt_list *paths, dmg_error *err)
{
    dmg_status st = dmg_reader_check(paths->items, paths->count, err);
    for (size_t i = 0; st == DMG_OK && i < paths->count; i++)
        st = warn_if_empty(command, paths->items[i], err);
    return st;
}

void command_warn_of_no_records(const char *command, const opt_list *paths, size_t records)
{
    for (size_t i = 0; records == 0 && i < paths->count; i++)
        if (!command_is_ordinary(paths->items[i])) warn_of_empty(command, paths->items[i]);
}

dmg_status command_try_output(const char *path, dmg_error *err)
{
    dmg_output *trial;
    if (!command_is_ordinary(path)) return DMG_OK;
    const dmg_status st = dmg_output_open(&trial, path, err);
    if (st == DMG_OK) dmg_output_discard(trial);
    return st;
}

int command_finish(const char *name, dmg_output *output, dmg_status status, dmg_error *err)
{
    if (status == DMG_OK)
        status = dmg_output_commit(output, err);
    else
        dmg_output_discard(output);
    return status == DMG_OK ? EXIT_DONE : command_failed(name, err);
}

/* --- failures --- */

int command_failed(const char *name, const dmg_error *err)
{
    if (err->status != DMG_IO || !command_reader_has_gone())
        fprintf(stderr, "deepmirgene %s: %s\n", name, err->message);
    return EXIT_FAILED;
}

dmg_status command_nomem(dmg_error *err)
{
    return dmg_error_set(err, DMG_NOMEM, "out of memory");
}

/* --- the rest --- */

const char *command_plural(size_t count)
{
    return count == 1 ? "" : "s";
}

int command_not_run(opt_outcome outcome)
{
    if (outcome == OPT_HELPED) return EXIT_DONE;
    return outcome == OPT_FAILED ? EXIT_FAILED : EXIT_USAGE;
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

dmg_status command_add_files(const char *command, dmg_dataset *dataset, const opt_list *paths,
                             bool positive, dmg_error *err)
{
    for (size_t i = 0; i < paths->count; i++) {
        const size_t before = dmg_dataset_count(dataset);
        const dmg_status st = dmg_dataset_add(dataset, paths->items[i], positive, err);
        if (st != DMG_OK) return st;
        if (dmg_dataset_count(dataset) == before) warn_of_empty(command, paths->items[i]);
    }
    return DMG_OK;
}

void command_model_name(char *name, size_t capacity, const char *path)
{
    const char *slash = strrchr(path, '/');
    snprintf(name, capacity, "%s", slash ? slash + 1 : path);
    char *dot = strrchr(name, '.');
    if (dot && dot != name) *dot = '\0';
}

void command_print_word(FILE *out, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-+=.,:/@%";
    if (*word && word[strspn(word, plain)] == '\0') {
        fputs(word, out);
        return;
    }
    putc('\'', out);
    for (; *word; word++) {
        if (*word == '\'')
            fputs("'\\''", out);
        else
            putc(*word == '\n' ? ' ' : *word, out); /* it has to stay one line */
    }
    putc('\'', out);
}
