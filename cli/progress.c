/* SPDX-License-Identifier: MIT */
/* How far a long run is. */
#include "progress.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "note.h"

static const double terminal_interval = 0.2, log_interval = 30; /* seconds between lines */

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

progress progress_start(const char *unit)
{
    const double started = now();
    return (progress){
        .unit = unit, .terminal = isatty(STDERR_FILENO), .started = started, .last = started};
}

progress progress_start_beside(const char *unit, const char *output)
{
    progress meter = progress_start(unit);
    if (strcmp(output, "-") == 0 && isatty(STDOUT_FILENO)) meter.terminal = false;
    return meter;
}

double progress_seconds(const progress *p)
{
    return now() - p->started;
}

bool progress_due(progress *p)
{
    const double time = now();
    if (note_is_silent()) return false;
    if (time - p->last < (p->terminal ? terminal_interval : log_interval)) return false;
    p->last = time;
    return true;
}

static int terminal_columns(void)
{
    struct winsize size = {0};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

const char *progress_left(char text[PROGRESS_LEFT], double seconds, double share)
{
    text[0] = '\0';
    if (share <= 0) return text;
    const long left = lround(seconds * (1 - share) / share);
    snprintf(text, PROGRESS_LEFT, ", %ld:%02ld:%02ld left", left / 3600, left / 60 % 60, left % 60);
    return text;
}

void progress_line(progress *p, const char *format, ...)
{
    if (note_is_silent()) return;
    char line[256];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    /* A line that runs into the next one could not be rewritten. */
    if (p->terminal)
        fprintf(stderr, "\r\033[K%.*s", terminal_columns() - 1, line);
    else
        fprintf(stderr, "%s\n", line);
    fflush(stderr);
    p->shown = true;
}

void progress_count(progress *p, size_t done, double share)
{
    char left[PROGRESS_LEFT];
    if (!p->terminal || !progress_due(p)) return;
    const double seconds = progress_seconds(p);
    progress_line(p, "%zu %s, %.0f/s%s", done, p->unit, (double)done / seconds,
                  progress_left(left, seconds, share));
}

void progress_end(progress *p)
{
    if (p->terminal && p->shown) fputs("\r\033[K", stderr);
    p->shown = false;
}
