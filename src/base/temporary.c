/* SPDX-License-Identifier: MIT */
/* Nameless temporary files. */
#include "base/temporary.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"

static dmg_status open_failed(const char *folder, bool chosen, dmg_error *err)
{
    const char *cause = strerror(errno);
    if (chosen)
        return dmg_error_set(err, DMG_IO, "cannot make a temporary file in %.500s (TMPDIR): %s",
                             folder, cause);
    return dmg_error_set(err, DMG_IO,
                         "cannot make a temporary file in %s: %s; TMPDIR can name another folder",
                         folder, cause);
}

dmg_status dmg_temporary_open(int *fd, dmg_error *err)
{
    const char *chosen = getenv("TMPDIR");
    if (chosen && *chosen == '\0') chosen = NULL;
    const char *folder = chosen ? chosen : "/tmp";
    char path[4096];
    const int length = snprintf(path, sizeof path, "%s/deepmirgene-XXXXXX", folder);
    errno = ENAMETOOLONG;
    *fd = length < (int)sizeof path ? mkstemp(path) : -1;
    if (*fd < 0) return open_failed(folder, chosen != NULL, err);
    unlink(path);
    return DMG_OK;
}

dmg_status dmg_temporary_stream(FILE **file, dmg_error *err)
{
    int fd;
    const dmg_status st = dmg_temporary_open(&fd, err);
    if (st != DMG_OK) return st;
    *file = fdopen(fd, "w+");
    if (*file) return DMG_OK;
    close(fd);
    return dmg_error_nomem(err, "a temporary file");
}

static dmg_status lost(dmg_error *err)
{
    return dmg_error_set(err, DMG_IO, "cannot use a temporary file: %s",
                         strerror(errno ? errno : EIO));
}

dmg_status dmg_temporary_copy(FILE *out, FILE *file, dmg_error *err)
{
    char block[1 << 14];
    errno = 0;
    if (fflush(file) != 0 || ferror(file) || fseek(file, 0, SEEK_SET) != 0) return lost(err);
    for (size_t got; (got = fread(block, 1, sizeof block, file)) > 0;) fwrite(block, 1, got, out);
    return ferror(file) ? lost(err) : DMG_OK;
}
