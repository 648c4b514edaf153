/* SPDX-License-Identifier: MIT */
/* Loci as a page of HTML. */
#ifndef DMG_CLI_LOCI_REPORT_H
#define DMG_CLI_LOCI_REPORT_H

#include "command.h"
#include "loci_output.h"

/* Writes the page for `command` to the file of the choice, whole or not at all. */
dmg_status loci_report(const char *command, const loci_choice *choice, dmg_loci *loci,
                       dmg_error *err);

#endif
