/* SPDX-License-Identifier: MIT */
/* Text that grows while lines are written to it. */
#ifndef DMG_SCAN_TEXT_H
#define DMG_SCAN_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* A zeroed one is empty. */
typedef struct scan_text {
    char *bytes; /* [size], no NUL */
    size_t size, capacity;
} scan_text;

/* Appends as printf; false when memory is out. */
bool text_append(scan_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
