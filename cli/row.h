/* SPDX-License-Identifier: MIT */
/* A result as the commands show it: its flags in words, and its place in a report of HTML. */
#ifndef DMG_CLI_ROW_H
#define DMG_CLI_ROW_H

#include "deepmirgene/deepmirgene.h"

enum { ROW_FLAGS_TEXT = 160 };

/* What the help of a command says of flags. */
#define ROW_FLAGS_HELP                                                                             \
    "  flags      '-', or any of these, separated by commas:\n"                                    \
    "             empty            no sequence: not scored\n"                                      \
    "             ambiguous        letters other than A C G T U, which do not pair\n"              \
    "             structure_given  the structure was read from the file\n"                         \
    "             no_pair          the structure has no base pair\n"                               \
    "             multiloop        the structure has several hairpin loops\n"                      \
    "             long             longer than 300 nucleotides: the best hairpin is\n"             \
    "                              shown, and p_mirna accounts for all hairpins\n"                 \
    "             no_hairpin       longer than 300 nucleotides, without a hairpin\n"               \
    "             too_short        shorter than 40 nucleotides\n"                                  \
    "             malformed        could not be read (--skip-bad): not scored\n"                   \
    "             no_memory        memory ran out: not scored\n"                                   \
    "             not_a_number     the model's output is not a number: not scored"

/* Says on standard error why a record has no structure or score that should have: it is malformed,
 * memory was out, or (fold) it is too long. The first ten are named; returns how many there were,
 * this one included. */
size_t row_report_fault(const char *command, const dmg_result *result, size_t before);

/* Whether the record was scored. */
bool row_is_scored(const dmg_result *result);

/* The flags as text, "-" for none; returns text. */
const char *row_flags(char text[ROW_FLAGS_TEXT], unsigned flags);

/* The mature sequences as marks of a drawing, and how many there are; `mature` may be NULL. */
size_t row_marks(dmg_html_mark marks[DMG_HTML_MARKS], const dmg_mature *mature);

/* Adds the result to a report. */
dmg_status row_report(dmg_html_report *report, const dmg_result *result, dmg_error *err);

#endif
