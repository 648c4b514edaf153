/* SPDX-License-Identifier: MIT */
/* The lines of a file, unpacked where it is gzip or bgzip; the only part that knows htslib. */
#ifndef DMG_SEQIO_LINES_H
#define DMG_SEQIO_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deepmirgene/status.h"

typedef struct dmg_lines dmg_lines;

/* One line without its end and without the white space at both its ends. The text is not
 * NUL-terminated and may hold any byte but '\n'; it is valid until the next call. */
typedef struct dmg_line {
    const char *text; /* NULL: the file has ended */
    size_t length;
    size_t indent;   /* bytes of white space taken off in front */
    uint64_t number; /* 1-based */
} dmg_line;

/* Blanks, tabs and the other white space that may stand inside a line. */
bool dmg_lines_blank(char byte);

/* Opens `path` ("-": standard input) but reads nothing yet, so that opening never waits for the
 * first bytes of a pipe. *out is the caller's. */
dmg_status dmg_lines_open(dmg_lines **out, const char *path, dmg_error *err);

/* Accepts NULL. */
void dmg_lines_close(dmg_lines *lines);

/* The next line, of up to 64 MiB. A read error and compressed data that are damaged or cut short
 * are errors, never the end of the file. A byte order mark of UTF-8 before the first line is
 * skipped. */
dmg_status dmg_lines_next(dmg_lines *lines, dmg_line *line, dmg_error *err);

/* The next call of dmg_lines_next gives the line just read once more. */
void dmg_lines_unread(dmg_lines *lines);

/* For lines that may be too long to hold. These two are called in turn, and together with
 * dmg_lines_next, but not with dmg_lines_unread.
 *
 * Skips white space and blank lines; *byte is the one after them, not taken yet, or
 * -1 at the end of the file. Only at the beginning of a line. */
dmg_status dmg_lines_skip(dmg_lines *lines, int *byte, dmg_error *err);

/* The next part of a line, as much of it as is at hand, without its end; `indent` is where it
 * begins in the line. *last: the line ends here. At the end of the file the text is NULL. */
dmg_status dmg_lines_part(dmg_lines *lines, dmg_line *part, bool *last, dmg_error *err);

/* What is at hand of the line whose first byte dmg_lines_skip has found. */
void dmg_lines_peek(const dmg_lines *lines, dmg_line *line);

/* How much of the file has been read, 0 to 1; negative where that cannot be known, as of a pipe. */
double dmg_lines_progress(const dmg_lines *lines);

/* How messages name the file; a very long path is cut at its front. */
const char *dmg_lines_label(const dmg_lines *lines);

#endif
