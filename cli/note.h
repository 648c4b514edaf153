/* SPDX-License-Identifier: MIT */
/* Notes: what a command says on standard error besides errors and warnings, such as its summary.
 * --quiet leaves out notes and progress (progress.h). */
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

#endif
