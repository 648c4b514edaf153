/* SPDX-License-Identifier: MIT */
/* A test that runs itself as a child process, which may be killed. */
#ifndef DMG_TESTS_CHILD_H
#define DMG_TESTS_CHILD_H

#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "scratch.h"
#include "unit.h"

/* Starts "NAME --child FOLDER". A fresh program and not a mere fork: a child keeps no threads of
 * its parent. */
static inline pid_t start_child(const char *name)
{
    fflush(NULL);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child != 0) return child;
    execl("/proc/self/exe", name, "--child", scratch_folder, (char *)NULL);
    _exit(127);
}

static inline void sleep_seconds(double seconds)
{
    struct timespec time = {.tv_sec = (time_t)seconds};
    time.tv_nsec = (long)((seconds - (double)time.tv_sec) * 1e9);
    nanosleep(&time, NULL);
}

static inline double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Runs a child, killed after `seconds` if these are not negative; true when it came to its end. */
static inline bool run_child(const char *name, double seconds)
{
    const pid_t child = start_child(name);
    if (seconds >= 0) {
        sleep_seconds(seconds);
        kill(child, SIGKILL);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return false;
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    return true;
}

#endif
