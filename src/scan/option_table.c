/* SPDX-License-Identifier: MIT */
/* The members of dmg_scan_options. */
#include "scan/option_table.h"

#define ROW(type, name)                                                                            \
    {                                                                                              \
#name, SCAN_OPTION_##type, offsetof(dmg_scan_options, name)                                \
    }
#define HAIRPIN_ROW(type, name)                                                                    \
    {                                                                                              \
#name, SCAN_OPTION_##type, offsetof(dmg_scan_options, hairpins.name)                       \
    }

static const scan_option table[] = {
    HAIRPIN_ROW(INT, span),
    HAIRPIN_ROW(INT, shortest),
    HAIRPIN_ROW(INT, background),
    HAIRPIN_ROW(INT, max_score),
    HAIRPIN_ROW(INT, neighbourhood),
    HAIRPIN_ROW(INT, overlap_limit),
    HAIRPIN_ROW(INT, flank),
    HAIRPIN_ROW(INT, min_pairs),
    HAIRPIN_ROW(INT, max_energy),
    HAIRPIN_ROW(INT, long_span),
    HAIRPIN_ROW(INT, min_repeat),
    ROW(BOOL, plus),
    ROW(BOOL, minus),
    ROW(BOOL, circular),
    ROW(REAL, threshold),
    ROW(REAL, decoys),
    ROW(COUNT, seed),
    ROW(SIZE, chunk),
};

const scan_option *scan_option_table(size_t *count)
{
    *count = sizeof table / sizeof *table;
    return table;
}

size_t scan_option_size(scan_option_type type)
{
    switch (type) {
    case SCAN_OPTION_BOOL: return sizeof(bool);
    case SCAN_OPTION_INT: return sizeof(int);
    case SCAN_OPTION_REAL: return sizeof(double);
    case SCAN_OPTION_SIZE: return sizeof(size_t);
    case SCAN_OPTION_COUNT: return sizeof(uint64_t);
    }
    return 0;
}
