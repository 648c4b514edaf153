/* SPDX-License-Identifier: MIT */
/* A folder of its own for each test program that writes files, removed with all it holds. */
#ifndef DMG_TESTS_SCRATCH_H
#define DMG_TESTS_SCRATCH_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "no_waiting.h"
#include "unit.h"

static char scratch_folder[2048];

/* For cmocka_run_group_tests. */
static inline int scratch_setup(void **state)
{
    (void)state;
    const char *parent = getenv("TMPDIR");
    snprintf(scratch_folder, sizeof scratch_folder, "%s/deepmirgene-XXXXXX",
             parent ? parent : "/tmp");
    return mkdtemp(scratch_folder) ? 0 : -1;
}

/* Removes the files of a folder that has no folders within. */
static inline void scratch_empty(const char *folder)
{
    DIR *listing = opendir(folder);
    if (!listing) return;
    for (const struct dirent *entry; (entry = readdir(listing));) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) (void)remove(path);
    }
    closedir(listing);
}

static inline int scratch_teardown(void **state)
{
    (void)state;
    scratch_empty(scratch_folder);
    return rmdir(scratch_folder);
}

/* Number of entries of the folder, "." and ".." aside. */
static inline size_t scratch_count(void)
{
    size_t count = 0;
    DIR *listing = opendir(scratch_folder);
    assert_non_null(listing);
    for (const struct dirent *entry; (entry = readdir(listing));)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(listing);
    return count;
}

/* Path of `name` in the folder; good until the eighth call from now. */
static inline const char *scratch_path(const char *name)
{
    static char paths[8][4096];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", scratch_folder, name);
    return path;
}

/* Anew each time: some file systems wait for the disk when a file that was emptied is closed. */
static inline const char *scratch_write(const char *name, const void *bytes, size_t size)
{
    const char *path = scratch_path(name);
    (void)unlink(path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    return path;
}

static inline const char *scratch_text(const char *name, const char *text)
{
    return scratch_write(name, text, strlen(text));
}

/* A file's bytes with a NUL after them, the caller's to free; `size` may be NULL. */
static inline void *scratch_read(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (!file) fail_msg("%s is not there", path);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    const long end = ftell(file);
    assert_true(end >= 0);
    rewind(file);
    char *bytes = malloc((size_t)end + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, (size_t)end, file), (size_t)end);
    bytes[end] = '\0';
    fclose(file);
    if (size) *size = (size_t)end;
    return bytes;
}

/* Path of a device like /dev/NAME, or NULL, with a line that says so, where there is none to be
 * had. Root could replace that of the system by a fault of ours, so root gets one in the folder. */
static inline const char *scratch_device(const char *name)
{
    static char common[64];
    struct stat info;
    snprintf(common, sizeof common, "/dev/%s", name);
    const char *path = geteuid() == 0 ? scratch_path(name) : common;
    if (stat(common, &info) == 0 && S_ISCHR(info.st_mode) &&
        (path == common || mknod(path, S_IFCHR | 0666, info.st_rdev) == 0)) {
        FILE *opened = fopen(path, "r+"); /* refused on some file systems */
        if (opened) {
            fclose(opened);
            return path;
        }
        if (path != common) (void)unlink(path);
    }
    print_message("skipped: no device like %s\n", common);
    return NULL;
}

/* Removes what scratch_device made. */
static inline void scratch_device_remove(const char *path)
{
    if (strncmp(path, scratch_folder, strlen(scratch_folder)) == 0) (void)unlink(path);
}

#endif
