/* SPDX-License-Identifier: MIT */
/* What is said of a record besides its numbers: its call and its flags, and its place in a report
 * of HTML. */
#ifndef DMG_CLI_ROW_H
#define DMG_CLI_ROW_H

#include "folded.h"

enum { ROW_MAX_FLAGS = 6, ROW_FLAGS_TEXT = 128 };

typedef struct record_row {
    const folded_record *folded;
    bool judged;
    const char *call; /* "pre-miRNA", "other"; NULL: not judged */
    size_t flag_count;
    const char *flags[ROW_MAX_FLAGS];
} record_row;

/* What the help of a command says of flags. */
#define ROW_FLAGS_HELP                                                                             \
    "  flags      '-', or any of these, separated by commas:\n"                                    \
    "             empty            no sequence: not judged\n"                                      \
    "             too_long         more than 32767 nucleotides: not judged\n"                      \
    "             ambiguous        letters other than A C G T U: they pair with none\n"            \
    "             structure_given  the structure is the file's\n"                                  \
    "             no_pair          the structure has no pair\n"                                    \
    "             multiloop        the structure has several hairpin loops"

/* Whether there is something to judge. */
bool row_is_judged(const folded_record *folded);

record_row row_describe(const folded_record *folded, double threshold);

/* The flags as text, "-" for none; returns text. */
const char *row_flags(char text[ROW_FLAGS_TEXT], const record_row *row);

/* Adds the row to a report. */
dmg_status row_report(dmg_html_report *report, const record_row *row, dmg_error *err);

#endif
