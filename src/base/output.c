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
#include "base/error.h"

struct dmg_output {
    FILE *stream;
    char *path;      /* the final name, links resolved; NULL for standard output */
    char *temporary; /* the name until commit; NULL when writing straight through */
};

static dmg_status output_error(const dmg_output *output, dmg_error *err)
{
    return dmg_error_set(err, DMG_IO, "cannot write %s: %s",
                         output->path ? output->path : "standard output",
                         strerror(errno ? errno : EIO));
}

static void output_free(dmg_output *output)
{
    free(output->path);
    free(output->temporary);
    free(output);
}

/* Opens a new file beside `path` that nobody else has, with the permissions of any new file. */
static FILE *open_temporary(dmg_output *output)
{
    const size_t capacity = strlen(output->path) + 64;
    output->temporary = dmg_alloc(capacity, 1);
    if (!output->temporary) return NULL;
    int fd = -1;
    for (unsigned attempt = 0; fd < 0 && attempt < 1000; attempt++) {
        snprintf(output->temporary, capacity, "%s.%ld-%u.part", output->path, (long)getpid(),
                 attempt);
        fd = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd < 0 && errno != EEXIST) return NULL;
    }
    FILE *stream = fd < 0 ? NULL : fdopen(fd, "w");
    if (fd >= 0 && !stream) {
        close(fd);
        unlink(output->temporary);
    }
    return stream;
}

/* Devices, pipes and terminals are written straight through: they cannot be replaced. */
static bool is_special(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && !S_ISREG(info.st_mode);
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
    /* A link is followed, so that the file it names is replaced and not the link. */
    output->path = realpath(path, NULL);
    if (!output->path) output->path = dmg_copy_text(path, strlen(path));
    errno = 0;
    if (output->path)
        output->stream =
            is_special(output->path) ? fopen(output->path, "we") : open_temporary(output);
    if (!output->stream) {
        const dmg_status status =
            dmg_error_set(err, DMG_IO, "cannot write %s: %s", path, strerror(errno));
        output_free(output);
        return status;
    }
    *out = output;
    return DMG_OK;
}

FILE *dmg_output_stream(dmg_output *output)
{
    return output->stream;
}

dmg_status dmg_output_check(dmg_output *output, dmg_error *err)
{
    errno = 0;
    if (fflush(output->stream) == 0 && !ferror(output->stream)) return DMG_OK;
    if (errno == 0) {
        /* An earlier write was refused, and its reason is forgotten: what is lost anyway may as
         * well be written to once more, to be told again. */
        (void)putc('\n', output->stream);
        (void)fflush(output->stream);
    }
    return output_error(output, err);
}

dmg_status dmg_output_commit(dmg_output *output, dmg_error *err)
{
    const dmg_status status = dmg_output_check(output, err);
    if (status != DMG_OK) {
        dmg_output_discard(output);
        return status;
    }
    if (!output->path) {
        output_free(output);
        return DMG_OK;
    }
    FILE *stream = output->stream;
    output->stream = NULL;
    if (fclose(stream) != 0 ||
        (output->temporary && rename(output->temporary, output->path) != 0)) {
        const dmg_status failure = output_error(output, err);
        dmg_output_discard(output);
        return failure;
    }
    output_free(output);
    return DMG_OK;
}

void dmg_output_discard(dmg_output *output)
{
    if (!output) return;
    if (output->stream && output->path) fclose(output->stream);
    if (output->temporary) unlink(output->temporary);
    output_free(output);
}

void dmg_output_unlink(const dmg_output *output)
{
    if (output->temporary) unlink(output->temporary);
}
