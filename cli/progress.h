/* SPDX-License-Identifier: MIT */
/* How far a long run is: one line that is rewritten on a terminal, a line now and then elsewhere.
 */
#ifndef DMG_CLI_PROGRESS_H
#define DMG_CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct progress {
    const char *unit;     /* "sequences" */
    bool terminal;        /* stderr is one */
    bool shown;           /* a line stands there */
    double started, last; /* seconds of a clock that never goes back */
} progress;

progress progress_start(const char *unit);

/* `done` units so far, of an unknown number. Elsewhere than on a terminal nothing is shown. */
void progress_count(progress *p, size_t done);

/* Whether the next line is due: soon on a terminal, seldom elsewhere. */
bool progress_due(progress *p);

/* Writes a line of the caller's; on a terminal no more of it than fits. */
void progress_line(progress *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

double progress_seconds(const progress *p);

/* Leaves the terminal at the beginning of a clean line. */
void progress_end(progress *p);

#endif
