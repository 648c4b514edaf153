/* SPDX-License-Identifier: MIT */
/* The share of several files that has been read, by their sizes. */
#ifndef DMG_CLASSIFY_INPUT_SHARE_H
#define DMG_CLASSIFY_INPUT_SHARE_H

#include <stddef.h>

typedef struct input_share {
    double all;     /* bytes of all files; 0: not known, as one of them is a pipe */
    double before;  /* of those that were read */
    double current; /* of the present one */
} input_share;

/* Before any of them. */
input_share input_share_begin(const char *const *paths, size_t count);

/* The next file is opened. */
void input_share_next(input_share *share, const char *path);

/* 0 to 1, with the share of the present file; negative where it is not known. */
double input_share_now(const input_share *share, double of_file);

#endif
