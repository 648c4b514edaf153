/* SPDX-License-Identifier: MIT */
/* What is written is on the disk: it outlasts a power cut. */
#ifndef DMG_BASE_DURABLE_H
#define DMG_BASE_DURABLE_H

#include <stdbool.h>
#include <time.h>

/* Flushes a file with its size and the rest of what describes it, or only what is needed to read it
 * back. False with errno set where that fails; devices and file systems that cannot do so count as
 * done. */
bool durable_file(int fd);
bool durable_content(int fd);

/* Waiting for the disk takes longer than much of the work between: a file that grows is flushed at
 * most once a second. All zero: it has not been yet. */
typedef struct durable_pace {
    struct timespec flushed; /* monotonic */
} durable_pace;

/* Whether a second has passed since, or it never was. */
bool durable_is_due(const durable_pace *pace);

/* Now it is. */
void durable_mark(durable_pace *pace);

#endif
