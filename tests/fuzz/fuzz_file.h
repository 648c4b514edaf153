/* SPDX-License-Identifier: MIT */
/* For targets whose input is a file: it is written to a folder of the process, which goes at its
 * end. */
#ifndef DMG_TESTS_FUZZ_FILE_H
#define DMG_TESTS_FUZZ_FILE_H

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

static char fuzz_folder[256];
static char fuzz_names[8][64];

/* Promises are checked in builds without assertions too. */
static inline void fuzz_require(bool holds, const char *what)
{
    if (holds) return;
    fprintf(stderr, "broken promise: %s\n", what);
    abort();
}

static inline void fuzz_remove(void)
{
    char path[1024];
    for (int i = 0; i < 8; i++) {
        if (!fuzz_names[i][0]) continue;
        snprintf(path, sizeof path, "%s/%s", fuzz_folder, fuzz_names[i]);
        (void)unlink(path);
    }
    (void)rmdir(fuzz_folder);
}

static inline void fuzz_begin(void)
{
    const char *parent = getenv("TMPDIR");
    snprintf(fuzz_folder, sizeof fuzz_folder, "%.200s/deepmirgene-fuzz-XXXXXX",
             parent ? parent : "/tmp");
    fuzz_require(mkdtemp(fuzz_folder) != NULL, "a folder");
    atexit(fuzz_remove);
}

/* Writes the file, of at most eight names; the path lasts until the fourth call from now. */
static inline const char *fuzz_file(const char *name, const void *bytes, size_t size)
{
    static char paths[4][1024];
    static unsigned next;
    char *path = paths[next++ % 4];
    if (!fuzz_folder[0]) fuzz_begin();
    for (int i = 0; i < 8; i++) {
        if (strcmp(fuzz_names[i], name) == 0) break;
        if (fuzz_names[i][0]) continue;
        snprintf(fuzz_names[i], sizeof fuzz_names[i], "%s", name);
        break;
    }
    snprintf(path, sizeof paths[0], "%s/%s", fuzz_folder, name);
    const int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    fuzz_require(fd >= 0 && write(fd, bytes, size) == (ssize_t)size, "a file");
    close(fd);
    return path;
}

#endif
