/* SPDX-License-Identifier: MIT */
/* The lines of a small text file, such as a table of ids, as editors and spreadsheets leave it. */
#ifndef DMG_BASE_TEXT_LINES_H
#define DMG_BASE_TEXT_LINES_H

#include <stddef.h>
#include <stdio.h>

#include "deepmirgene/status.h"

typedef struct text_lines {
    const char *path;
    FILE *file;
    char *text;
    size_t capacity;
    size_t number; /* of the present line, 1-based */
} text_lines;

/* DMG_IO where the file cannot be opened. The path must outlive the reading. */
dmg_status text_lines_open(text_lines *lines, const char *path, dmg_error *err);

/* Also for one that was never opened and is all zero. */
void text_lines_close(text_lines *lines);

/* The next line without its end, LF or CRLF, to be changed at will until the next call; NULL at the
 * end of the file. A byte order mark of UTF-8 is skipped. Bytes that no such file has (NUL, a
 * carriage return inside a line, UTF-16) are DMG_FORMAT, and name the line. */
dmg_status text_lines_next(text_lines *lines, char **line, dmg_error *err);

#endif
