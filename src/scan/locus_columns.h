/* SPDX-License-Identifier: MIT */
/* The values of a locus: a row of the table for each, which every format and page is made of. */
#ifndef DMG_SCAN_LOCUS_COLUMNS_H
#define DMG_SCAN_LOCUS_COLUMNS_H

#include "deepmirgene/scan.h"

typedef enum value_kind { VALUE_TEXT, VALUE_COUNT, VALUE_REAL, VALUE_RANGE } value_kind;

typedef struct locus_value {
    value_kind kind;
    const char *text; /* NULL: not known */
    uint64_t count;
    uint64_t from, to;  /* 1-based and closed; 0, 0: not known */
    double real;        /* NaN: not known */
    const char *format; /* of `real`: "%.4g" */
} locus_value;

locus_value locus_column_value(const dmg_locus *locus, size_t column);

/* One mature sequence on its sequence, 0-based and half open. The locus has them, and both arms. */
void locus_mature_place(uint64_t *start, uint64_t *end, const dmg_locus *locus,
                        const dmg_mature_arm *arm);

/* Whether the locus has mature sequences. */
bool locus_has_mature(const dmg_locus *locus);

/* '+' or '-'. */
char locus_strand(const dmg_locus *locus);

#endif
