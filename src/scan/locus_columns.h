/* SPDX-License-Identifier: MIT */
/* The values of a locus: a row of the table for each, which every format and page is made of. */
#ifndef DMG_SCAN_LOCUS_COLUMNS_H
#define DMG_SCAN_LOCUS_COLUMNS_H

#include "deepmirgene/scan.h"

typedef enum value_kind { VALUE_TEXT, VALUE_COUNT, VALUE_REAL } value_kind;

typedef struct locus_value {
    value_kind kind;
    const char *text;
    uint64_t count;
    double real;        /* NaN: not known */
    const char *format; /* of `real`: "%.4g" */
} locus_value;

locus_value locus_column_value(const dmg_locus *locus, size_t column);

/* '+' or '-'. */
char locus_strand(const dmg_locus *locus);

#endif
