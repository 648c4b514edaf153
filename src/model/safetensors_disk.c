/* SPDX-License-Identifier: MIT */
/* Whole safetensors files from and to the disk. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "deepmirgene/output.h"
#include "model/safetensors.h"

dmg_status safetensors_read_bytes(uint8_t **out, size_t *size, const char *path, dmg_error *err)
{
    /* Far above any model of ours; a genome given by mistake is refused before it is read. */
    const off_t most = (off_t)1 << 30;
    struct stat info;
    uint8_t *bytes = NULL;
    dmg_status st = DMG_OK;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO is not waited for */
    FILE *file = fd >= 0 ? fdopen(fd, "r") : NULL;
    if (fd >= 0 && !file) close(fd);
    if (!file || fstat(fd, &info) != 0) {
        st = dmg_error_set(err, DMG_IO, "cannot read %s: %s", path, strerror(errno));
        goto out;
    }
    if (!S_ISREG(info.st_mode) || info.st_size > most) {
        st = dmg_error_set(err, DMG_FORMAT, "%s: not a safetensors file: %s", path,
                           S_ISDIR(info.st_mode)   ? "it is a directory"
                           : S_ISREG(info.st_mode) ? "it is larger than 1 GiB"
                                                   : "it is not a regular file");
        goto out;
    }
    bytes = dmg_alloc((size_t)info.st_size, 1);
    if (!bytes) {
        st = dmg_error_nomem(err, path);
        goto out;
    }
    if (fread(bytes, 1, (size_t)info.st_size, file) != (size_t)info.st_size) {
        st = dmg_error_set(err, DMG_IO, "cannot read %s: %s", path,
                           ferror(file) ? strerror(errno) : "it is shorter than a moment ago");
        goto out;
    }
    *out = bytes;
    *size = (size_t)info.st_size;
    bytes = NULL;
out:
    free(bytes);
    if (file) fclose(file);
    return st;
}

/* Of a regular file; what else there is cannot be read again. */
static dmg_status check_saved(const uint8_t *bytes, size_t size, const char *path, dmg_error *err)
{
    struct stat about;
    uint8_t *read = NULL;
    size_t read_size = 0;
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode)) return DMG_OK;
    dmg_status st = safetensors_read_bytes(&read, &read_size, path, err);
    if (st == DMG_OK && (read_size != size || memcmp(read, bytes, size) != 0))
        st = dmg_error_set(err, DMG_IO, "%s: the file differs from what was written to it", path);
    free(read);
    return st;
}

dmg_status safetensors_save(const uint8_t *bytes, size_t size, const char *path, dmg_error *err)
{
    dmg_output *output = NULL;
    dmg_status st = dmg_output_open(&output, path, err);
    if (st != DMG_OK) return st;
    fwrite(bytes, 1, size, dmg_output_stream(output)); /* checked by the commit */
    st = dmg_output_commit(output, err);
    return st == DMG_OK ? check_saved(bytes, size, path, err) : st;
}
