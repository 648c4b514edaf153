/* SPDX-License-Identifier: MIT */
/* gnuplot as a child process.
 *
 * The script comes to its standard input from a file, and the picture from its standard output goes
 * to a file: with pipes both sides would have to be served at once, and with names in the script
 * each would have to be quoted. No shell is involved.
 */
#include "report/gnuplot.h"

#include <errno.h>
#include <spawn.h>
#include <stdbool.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/temporary.h"

extern char **environ;

/* Returns 0 or an errno. */
static int spawn(pid_t *child, int in, int out, int messages)
{
    char program[] = "gnuplot", defaults[] = "-d"; /* nobody's ~/.gnuplot changes our figures */
    char *const arguments[] = {program, defaults, NULL};
    posix_spawn_file_actions_t actions;
    int status = posix_spawn_file_actions_init(&actions);
    if (status != 0) return status;
    status = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    if (status == 0) status = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    if (status == 0) status = posix_spawn_file_actions_adddup2(&actions, messages, STDERR_FILENO);
    if (status == 0) status = posix_spawnp(child, program, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return status;
}

/* Its exit status; -1 if a signal ended it. */
static int wait_for(pid_t child)
{
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The last message that is not a warning says what is wrong: it comes after the script's
 * line and a mark under that. */
static void find_complaint(char *complaint, size_t capacity, FILE *messages)
{
    char line[256];
    *complaint = '\0';
    rewind(messages);
    while (fgets(line, sizeof line, messages)) {
        line[strcspn(line, "\n")] = '\0';
        const char *words = line + strspn(line, " ");
        if (*words && !strstr(words, "warning:")) snprintf(complaint, capacity, "%s", words);
    }
}

static dmg_status run_with_messages(FILE *script, FILE *out, FILE *messages, dmg_error *err)
{
    pid_t child;
    if (fflush(script) != 0 || ferror(script) || fseek(script, 0, SEEK_SET) != 0 ||
        fflush(out) != 0)
        return dmg_error_set(err, DMG_IO, "cannot write a script for gnuplot: %s", strerror(errno));
    const int failure = spawn(&child, fileno(script), fileno(out), fileno(messages));
    if (failure == ENOENT)
        return dmg_error_set(err, DMG_UNSUPPORTED,
                             "gnuplot is not on PATH (Debian package gnuplot-nox)");
    if (failure != 0)
        return dmg_error_set(err, DMG_IO, "cannot start gnuplot: %s", strerror(failure));
    const int status = wait_for(child);
    if (status == 0) return DMG_OK;
    char complaint[256];
    find_complaint(complaint, sizeof complaint, messages);
    return dmg_error_set(err, DMG_IO, "gnuplot failed (%d): %s", status, complaint);
}

dmg_status gnuplot_run(FILE *script, FILE *out, dmg_error *err)
{
    FILE *messages;
    dmg_status st = dmg_temporary_stream(&messages, err);
    if (st != DMG_OK) return st;
    st = run_with_messages(script, out, messages, err);
    fclose(messages);
    return st;
}
