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
    "             ambiguous        letters other than A C G T U: they pair with none\n"            \
    "             structure_given  the structure is the file's\n"                                  \
    "             no_pair          the structure has no pair\n"                                    \
    "             multiloop        the structure has several hairpin loops\n"                      \
    "             long             more than 300 nucleotides: the best hairpin is shown, and\n"    \
    "                              p_mirna counts all of them\n"                                   \
    "             no_hairpin       long, and no part is a hairpin\n"                               \
    "             too_short        less than 40 nucleotides\n"                                     \
    "             malformed        could not be read (--skip-bad): not scored\n"                   \
    "             no_memory        memory was out: not scored\n"                                   \
    "             not_a_number     the model gives no number: not scored"

/* Says on standard error why a record has no structure or score that should have: it is malformed,
 * memory was out, or (fold) it is too long. The first ten are named; returns how many there were,
 * this one included. */
size_t row_report_fault(const char *command, const dmg_result *result, size_t before);

/* Whether the record was scored. */
bool row_is_scored(const dmg_result *result);

/* The flags as text, "-" for none; returns text. */
const char *row_flags(char text[ROW_FLAGS_TEXT], unsigned flags);

/* Adds the result to a report. */
dmg_status row_report(dmg_html_report *report, const dmg_result *result, dmg_error *err);

#endif
