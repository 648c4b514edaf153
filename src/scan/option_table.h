/* SPDX-License-Identifier: MIT */
/* The members of dmg_scan_options, by name and type: a journal's identity is made of them. */
#ifndef DMG_SCAN_OPTION_TABLE_H
#define DMG_SCAN_OPTION_TABLE_H

#include "deepmirgene/scan.h"

typedef enum scan_option_type {
    SCAN_OPTION_BOOL,
    SCAN_OPTION_INT,
    SCAN_OPTION_REAL,
    SCAN_OPTION_SIZE,
    SCAN_OPTION_COUNT, /* uint64_t */
} scan_option_type;

typedef struct scan_option {
    const char *name;
    scan_option_type type;
    size_t offset; /* in dmg_scan_options */
} scan_option;

/* [*count], every member once. */
const scan_option *scan_option_table(size_t *count);

/* Bytes that a member of that type takes. */
size_t scan_option_size(scan_option_type type);

#endif
