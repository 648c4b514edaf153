/* SPDX-License-Identifier: MIT */
#include "base/durable.h"

#include <errno.h>
#include <unistd.h>

/* Some devices and file systems know no fsync. */
static bool is_done(int status)
{
    return status == 0 || errno == EINVAL || errno == ENOTSUP;
}

bool durable_file(int fd)
{
    return is_done(fsync(fd));
}

bool durable_content(int fd)
{
    return is_done(fdatasync(fd));
}

bool durable_is_due(const durable_pace *pace)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    const bool never = pace->flushed.tv_sec == 0 && pace->flushed.tv_nsec == 0;
    return never || (double)(now.tv_sec - pace->flushed.tv_sec) +
                            1e-9 * (double)(now.tv_nsec - pace->flushed.tv_nsec) >=
                        1;
}

void durable_mark(durable_pace *pace)
{
    clock_gettime(CLOCK_MONOTONIC, &pace->flushed);
}
