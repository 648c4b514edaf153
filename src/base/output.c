/* SPDX-License-Identifier: MIT */
/* Output files that appear whole or not at all. */
#include "deepmirgene/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/durable.h"
#include "base/error.h"
#include "base/output_filter.h"
#include "base/partial.h"

struct dmg_output {
    FILE *stream;
    FILE *filter;     /* what the caller writes to, if the content is encoded; or NULL */
    char *path;       /* as it was given; NULL for standard output */
    bool has_partial; /* else it is written straight through */
    partial partial;
};

static dmg_status write_error(const char *path, dmg_error *err)
{
    return dmg_error_set(err, DMG_IO, "cannot write %.500s: %s", path,
                         strerror(errno ? errno : EIO));
}

static dmg_status output_error(const dmg_output *output, dmg_error *err)
{
    return write_error(output->path ? output->path : "standard output", err);
}

static void output_free(dmg_output *output)
{
    free(output->path);
    free(output);
}

/* --- opening --- */

/* Opens the unfinished file of `target`, the name without links. */
static bool open_partial(dmg_output *output, const char *target)
{
    const int fd = partial_create(&output->partial, target);
    if (fd < 0) return false;
    output->has_partial = true;
    output->stream = fdopen(fd, "w");
    if (output->stream) return true;
    const int cause = errno;
    close(fd);
    partial_remove(&output->partial);
    errno = cause;
    return false;
}

/* A link is followed, so that the file it names is replaced and not the link; as cp does, one to
 * nowhere is not. */
static bool open_target(dmg_output *output)
{
    struct stat about;
    char *real = realpath(output->path, NULL);
    if (!real && errno != ENOENT) return false;
    if (!real && lstat(output->path, &about) == 0) {
        errno = ENOENT;
        return false;
    }
    bool opened;
    if (real && stat(real, &about) == 0 && !S_ISREG(about.st_mode)) {
        /* Devices, pipes and terminals cannot be replaced. */
        output->stream = fopen(real, "we");
        opened = output->stream != NULL;
    } else {
        opened = open_partial(output, real ? real : output->path);
    }
    const int cause = errno;
    free(real);
    errno = cause;
    return opened;
}

static bool leads_nowhere(const char *path)
{
    struct stat about;
    return lstat(path, &about) == 0 && S_ISLNK(about.st_mode) && stat(path, &about) != 0 &&
           errno == ENOENT;
}

static dmg_status open_failed(const char *path, dmg_error *err)
{
    const int cause = errno;
    if (leads_nowhere(path))
        return dmg_error_set(
            err, DMG_IO, "cannot write %.500s: it is a link to a file that does not exist", path);
    errno = cause;
    return write_error(path, err);
}

dmg_status dmg_output_open(dmg_output **out, const char *path, dmg_error *err)
{
    if (*path == '\0') return dmg_error_set(err, DMG_IO, "cannot write a file without a name");
    dmg_output *output = dmg_alloc_zero(1, sizeof *output);
    if (!output) return dmg_error_nomem(err, "an output file");
    if (strcmp(path, "-") == 0) {
        output->stream = stdout;
        *out = output;
        return DMG_OK;
    }
    output->path = dmg_copy_text(path, strlen(path));
    dmg_status st = output->path ? DMG_OK : dmg_error_nomem(err, "an output file");
    if (st == DMG_OK && !open_target(output)) st = open_failed(path, err);
    if (st == DMG_OK)
        *out = output;
    else
        output_free(output);
    return st;
}

FILE *dmg_output_stream(dmg_output *output)
{
    return output->filter ? output->filter : output->stream;
}

dmg_status dmg_output_filter(dmg_output *output, FILE *(*open)(FILE *file), dmg_error *err)
{
    output->filter = open(output->stream);
    return output->filter ? DMG_OK : dmg_error_nomem(err, "an output file");
}

/* --- the end --- */

/* An earlier write was refused, and its reason is forgotten: what is lost anyway may as well be
 * written to again, to hear it once more. A full disk may have room for a little. */
static void provoke_refusal(dmg_output *output)
{
    static const char nothing[1 << 16];
    errno = 0;
    if (!output->has_partial) (void)putc('\n', output->stream);
    for (int i = 0; output->has_partial && errno == 0 && i < 64; i++) {
        (void)fwrite(nothing, 1, sizeof nothing, output->stream);
        (void)fflush(output->stream);
    }
    (void)fflush(output->stream);
}

dmg_status dmg_output_check(dmg_output *output, dmg_error *err)
{
    errno = 0;
    FILE *filter = output->filter;
    const bool lost = ferror(output->stream) || (filter && (fflush(filter) != 0 || ferror(filter)));
    if (fflush(output->stream) == 0 && !lost) return DMG_OK;
    if (errno == 0) provoke_refusal(output);
    return output_error(output, err);
}

/* First the content is on the disk, then the name: after a power cut either file is whole. */
static bool finish_partial(dmg_output *output)
{
    bool whole = durable_file(fileno(output->stream));
    int cause = errno;
    if (fclose(output->stream) != 0 && whole) {
        whole = false;
        cause = errno;
    }
    output->stream = NULL;
    output->has_partial = false;
    if (whole) return partial_publish(&output->partial);
    partial_remove(&output->partial);
    errno = cause;
    return false;
}

/* What the filter holds back goes to the file. */
static bool finish_filter(dmg_output *output)
{
    const bool whole = !output->filter || fclose(output->filter) == 0;
    output->filter = NULL;
    return whole;
}

dmg_status dmg_output_commit(dmg_output *output, dmg_error *err)
{
    dmg_status st = dmg_output_check(output, err);
    if (st == DMG_OK && !finish_filter(output)) st = output_error(output, err);
    if (st == DMG_OK) st = dmg_output_check(output, err);
    if (st == DMG_OK && output->has_partial) {
        if (!finish_partial(output)) st = output_error(output, err);
    } else if (st == DMG_OK && output->path) {
        if (fclose(output->stream) != 0) st = output_error(output, err);
        output->stream = NULL;
    }
    dmg_output_discard(output);
    return st;
}

void dmg_output_discard(dmg_output *output)
{
    if (!output) return;
    finish_filter(output);
    if (output->stream && output->path) fclose(output->stream);
    if (output->has_partial) partial_remove(&output->partial);
    output_free(output);
}

void dmg_output_unlink_all(void)
{
    partial_unlink_all();
}

dmg_status dmg_output_rename(const char *from, const char *to, dmg_error *err)
{
    if (rename(from, to) == 0 && partial_sync_folder(to) == 0) return DMG_OK;
    return write_error(to, err);
}
