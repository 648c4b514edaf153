/* SPDX-License-Identifier: MIT */
/* Filling in a caller's dmg_error. */
#ifndef DMG_BASE_ERROR_H
#define DMG_BASE_ERROR_H

#include "deepmirgene/status.h"

/* Writes status and message to *err (which may be NULL) and returns the status, so that a failing
 * function ends in `return dmg_error_set(err, DMG_IO, "...", ...)`. Control characters that came in
 * with names from files are replaced by '?', and a message that is too long ends in "...".
 * Arguments must not point into *err itself. */
dmg_status dmg_error_set(dmg_error *err, dmg_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The message for memory that could not be had: `what` says what it was for. */
dmg_status dmg_error_nomem(dmg_error *err, const char *what);

#endif
