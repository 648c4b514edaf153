/* SPDX-License-Identifier: MIT */
/* The progress of a long run: one line that is rewritten on a terminal, a line now and then
 * elsewhere; nothing with --quiet (note.h). */
#ifndef DMG_CLI_PROGRESS_H
#define DMG_CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct progress {
    const char *unit;     /* "sequences" */
    bool terminal;        /* stderr is one */
    bool shown;           /* a line is on the terminal */
    double started, last; /* seconds of a clock that never goes back */
} progress;

progress progress_start(const char *unit);

/* The same beside rows that are written to `output`; on one terminal both would be mixed, and the
 * progress is left out. */
progress progress_start_beside(const char *unit, const char *output);

enum { PROGRESS_LEFT = 48 };

/* ", 0:01:30 left", where this run has done a share of its work in that time; "" where the share is
 * unknown, 0 or less. Returns `text`. */
const char *progress_left(char text[PROGRESS_LEFT], double seconds, double share);

/* `done` units so far, and the share of the input that they are; 0 or less: unknown. Shown on a
 * terminal only. */
void progress_count(progress *p, size_t done, double share);

/* Whether the next line is due: soon on a terminal, seldom elsewhere. */
bool progress_due(progress *p);

/* Writes a line of the caller's; on a terminal no more of it than fits. */
void progress_line(progress *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

double progress_seconds(const progress *p);

/* Leaves the terminal at the beginning of a clean line. */
void progress_end(progress *p);

#endif
