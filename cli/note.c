/* SPDX-License-Identifier: MIT */
/* Notes on standard error, unless --quiet is given, and warnings. */
#include "note.h"

#include <stdarg.h>
#include <stdio.h>

static bool silent; /* of the whole process, as standard error is */

void note_silence(void)
{
    silent = true;
}

bool note_is_silent(void)
{
    return silent;
}

void note(const char *command, const char *format, ...)
{
    if (silent) return;
    va_list args;
    va_start(args, format);
    fprintf(stderr, "deepmirgene %s: ", command);
    vfprintf(stderr, format, args);
    va_end(args);
}

void note_more(const char *format, ...)
{
    if (silent) return;
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
}

void warn(const char *command, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "deepmirgene %s: warning: ", command);
    vfprintf(stderr, format, args);
    putc('\n', stderr);
    va_end(args);
}
