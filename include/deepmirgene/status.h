/* SPDX-License-Identifier: MIT */
/* The report of every call of the library: a status, and a message in a caller-owned error.
 *
 * Functions that can fail return dmg_status and take a `dmg_error *err` as their last argument; err
 * may be NULL. On failure the outputs are unchanged unless a function says otherwise, and err holds
 * the status and one line that names the input (file, record, line), the expectation, or the
 * remedy. The library never prints and never exits.
 */
#ifndef DMG_STATUS_H
#define DMG_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

#define DMG_API __attribute__((visibility("default")))

typedef enum dmg_status {
    DMG_OK = 0,
    DMG_NOMEM = -1,       /* memory could not be allocated */
    DMG_IO = -2,          /* the system refused to open, read, write or rename */
    DMG_FORMAT = -3,      /* a file's content violates its format */
    DMG_RANGE = -4,       /* a value or a size is outside the stated limits */
    DMG_UNSUPPORTED = -5, /* well formed, but from a later version or of an unknown kind */
    DMG_STOPPED = -6,     /* the caller asked for a stop (see dmg_train_options.stop) */
} dmg_status;

#define DMG_ERROR_CAPACITY 1024 /* bytes of a message, the final NUL included */

typedef struct dmg_error {
    dmg_status status;
    char message[DMG_ERROR_CAPACITY]; /* one line, no newline at its end */
} dmg_error;

/* A few words for a status ("out of memory"); a constant string. */
DMG_API const char *dmg_status_text(dmg_status status);

/* Writes status and message to *err (which may be NULL) and returns the status, so that a failing
 * function ends in `return dmg_error_set(err, DMG_IO, "...", ...)`. Control characters that came in
 * with names from files are replaced by '?', and a message that is too long ends in "...".
 * Arguments must not point into *err itself. */
DMG_API dmg_status dmg_error_set(dmg_error *err, dmg_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#ifdef __cplusplus
}
#endif

#endif
