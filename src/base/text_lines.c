/* SPDX-License-Identifier: MIT */
/* Lines of small text files. */
#include "base/text_lines.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "base/error.h"

dmg_status text_lines_open(text_lines *lines, const char *path, dmg_error *err)
{
    *lines = (text_lines){.path = path, .file = fopen(path, "re")};
    if (lines->file) return DMG_OK;
    return dmg_error_set(err, DMG_IO, "cannot read %.500s: %s", path, strerror(errno));
}

void text_lines_close(text_lines *lines)
{
    free(lines->text);
    if (lines->file) fclose(lines->file);
    *lines = (text_lines){0};
}

static dmg_status refuse(const text_lines *lines, const char *what, dmg_error *err)
{
    return dmg_error_set(err, DMG_FORMAT, "%.500s:%zu: %s", lines->path, lines->number, what);
}

static dmg_status check(const text_lines *lines, size_t length, dmg_error *err)
{
    const char *text = lines->text;
    if (lines->number == 1 && length >= 2 &&
        (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
        return refuse(lines, "this is UTF-16 text; save it as UTF-8 or plain text", err);
    if (memchr(text, '\0', length)) return refuse(lines, "a NUL byte; is this a text file?", err);
    if (memchr(text, '\r', length))
        return refuse(lines, "a carriage return inside a line; lines must end in LF or CRLF", err);
    return DMG_OK;
}

dmg_status text_lines_next(text_lines *lines, char **line, dmg_error *err)
{
    errno = 0;
    const ssize_t got = getline(&lines->text, &lines->capacity, lines->file);
    *line = NULL;
    if (got < 0) {
        if (feof(lines->file) && !ferror(lines->file)) return DMG_OK;
        return dmg_error_set(err, errno == ENOMEM ? DMG_NOMEM : DMG_IO, "cannot read %.500s: %s",
                             lines->path, strerror(errno ? errno : EIO));
    }
    size_t length = (size_t)got;
    lines->number++;
    if (length > 0 && lines->text[length - 1] == '\n') length--;
    if (length > 0 && lines->text[length - 1] == '\r') length--;
    lines->text[length] = '\0';
    const dmg_status st = check(lines, length, err);
    if (st != DMG_OK) return st;
    const bool marked = lines->number == 1 && strncmp(lines->text, "\xef\xbb\xbf", 3) == 0;
    *line = lines->text + (marked ? 3 : 0);
    return DMG_OK;
}
