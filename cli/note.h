/* SPDX-License-Identifier: MIT */
/* Notes, such as a summary, and warnings of a command, on standard error. --quiet leaves out notes
 * and progress (progress.h), never warnings. */
#ifndef DMG_CLI_NOTE_H
#define DMG_CLI_NOTE_H

#include <stdbool.h>

/* From now on notes are left out. */
void note_silence(void);

bool note_is_silent(void);

/* Prints "deepmirgene COMMAND: message", a line or the beginning of one. */
void note(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Continues it. */
void note_more(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints "deepmirgene COMMAND: warning: message" and ends the line. */
void warn(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
