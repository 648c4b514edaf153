/* SPDX-License-Identifier: MIT */
/* The folder that holds the checkpoints and the results of a cross-validation. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "crossval/crossval.h"

static const char runs_name[] = "runs", part_ending[] = ".part";

char *crossval_path(const char *folder, const char *name)
{
    const size_t capacity = strlen(folder) + strlen(name) + 2;
    char *path = dmg_alloc(capacity, 1);
    if (path) snprintf(path, capacity, "%s/%s", folder, name);
    return path;
}

dmg_status crossval_folder_make(const char *path, dmg_error *err)
{
    struct stat about;
    if (mkdir(path, 0777) == 0) return DMG_OK;
    const int reason = errno;
    if (reason == EEXIST && stat(path, &about) == 0 && S_ISDIR(about.st_mode)) return DMG_OK;
    return dmg_error_set(err, DMG_IO, "cannot make the folder %s: %s", path, strerror(reason));
}

static bool ends_with(const char *name, const char *ending)
{
    const size_t length = strlen(name), wanted = strlen(ending);
    return length >= wanted && strcmp(name + length - wanted, ending) == 0;
}

/* Counts what is in the folder, and removes half-written files if they are not wanted. */
static dmg_status look_through(size_t *count, const char *path, bool clean, dmg_error *err)
{
    DIR *listing = opendir(path);
    if (!listing)
        return dmg_error_set(err, DMG_IO, "cannot read the folder %s: %s", path, strerror(errno));
    *count = 0;
    for (const struct dirent *entry; (entry = readdir(listing));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        if (clean && ends_with(entry->d_name, part_ending))
            (void)unlinkat(dirfd(listing), entry->d_name, 0);
        else
            (*count)++;
    }
    closedir(listing);
    return DMG_OK;
}

dmg_status crossval_folder_prepare(const char *folder, bool resume, dmg_error *err)
{
    size_t count = 0;
    dmg_status st = crossval_folder_make(folder, err);
    if (st == DMG_OK) st = look_through(&count, folder, resume, err);
    if (st == DMG_OK && !resume && count > 0)
        st = dmg_error_set(
            err, DMG_IO, "%s is not empty: continue with --resume, or give another folder", folder);
    char *runs = crossval_path(folder, runs_name);
    if (st == DMG_OK && !runs) st = dmg_error_nomem(err, folder);
    if (st == DMG_OK) st = crossval_folder_make(runs, err);
    if (st == DMG_OK && resume) st = look_through(&count, runs, true, err);
    free(runs);
    return st;
}
