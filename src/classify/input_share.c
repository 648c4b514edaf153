/* SPDX-License-Identifier: MIT */
/* The share of several files that has been read, by their sizes. */
#include "classify/input_share.h"

#include <sys/stat.h>

/* 0 where the path is not a regular file. */
static double size_of(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode) ? (double)about.st_size : 0;
}

input_share input_share_begin(const char *const *paths, size_t count)
{
    input_share share = {0};
    for (size_t i = 0; i < count; i++) {
        const double size = size_of(paths[i]);
        if (size == 0) return (input_share){0};
        share.all += size;
    }
    return share;
}

void input_share_next(input_share *share, const char *path)
{
    share->before += share->current;
    share->current = size_of(path);
}

double input_share_now(const input_share *share, double of_file)
{
    if (share->all == 0 || of_file < 0) return -1;
    const double now = (share->before + share->current * of_file) / share->all;
    return now < 1 ? now : 1;
}
