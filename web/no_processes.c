/* SPDX-License-Identifier: MIT */
/* A page of the Web starts no processes: gnuplot is never found there. */
#include <errno.h>
#include <spawn.h>

int posix_spawnp(pid_t *restrict child, const char *restrict program,
                 const posix_spawn_file_actions_t *restrict actions,
                 const posix_spawnattr_t *restrict attributes, char *const arguments[restrict],
                 char *const environment[restrict])
{
    (void)child, (void)program, (void)actions;
    (void)attributes, (void)arguments, (void)environment;
    return ENOENT;
}
