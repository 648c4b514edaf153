/* SPDX-License-Identifier: MIT */
/* --multiqc: a command's figures as a table of a MultiQC report. */
#ifndef DMG_CLI_MULTIQC_H
#define DMG_CLI_MULTIQC_H

#include "command.h"

#define MULTIQC_ENDING "_mqc.json"

/* The row of an option table; `member` of the command's struct is the path. */
#define OPT_MULTIQC(type, member)                                                                  \
    {                                                                                              \
        .name = "multiqc", .kind = OPT_TEXT, .offset = offsetof(type, member), .argument = "FILE", \
        .role = OPT_WRITES,                                                                        \
        .help = "also write a table for MultiQC, which reads files\n"                              \
                "called NAME" MULTIQC_ENDING "; NAME is the sample"                                \
    }

/* Refuses a path that MultiQC would not read; NULL is none. */
opt_outcome multiqc_check(const opt_command *command, const char *path);

/* The metrics that a command gives for methods on labelled sequences: a row for each, called NAME,
 * and "NAME (method)" after the first. Does nothing without a path, as multiqc_loci. */
dmg_status multiqc_metrics(const char *path, const char *command, const dmg_report_method *methods,
                           size_t count, dmg_error *err);

/* The figures of a scan. */
dmg_status multiqc_loci(const char *path, const dmg_loci_totals *totals, dmg_error *err);

#endif
