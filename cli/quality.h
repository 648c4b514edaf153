/* SPDX-License-Identifier: MIT */
/* What a trained model does with labelled records, in a line for people; and warnings where it, or
 * what it learns from, cannot be right. */
#ifndef DMG_CLI_QUALITY_H
#define DMG_CLI_QUALITY_H

#include "command.h"

/* Which records, and by what they are scored. */
typedef struct quality_report {
    const char *command;
    const dmg_dataset *dataset; /* folded */
    const bool *held_out;       /* [records] to report on; NULL: on what was learned from */
    const dmg_model *model;
    const char *name;        /* of the model */
    const dmg_model *before; /* what it was fine-tuned from, to compare with; or NULL */
    const char *before_name;
    int threads;
    dmg_cpu cpu;
} quality_report;

/* Prints sensitivity and specificity, and what to try where the model calls nothing, or everything,
 * a pre-miRNA, or is not better than the one before. */
dmg_status quality_report_print(const quality_report *report, dmg_error *err);

/* Warns of so few positives to learn from that the result is largely chance. */
void quality_warn_of_few(const char *command, const dmg_dataset *dataset, const bool *held_out,
                         bool fine_tuned);

/* Warns where calls at a threshold are all of one class. `calls` counts them. */
void quality_warn_of_calls(const char *command, const char *name, dmg_confusion calls,
                           const char *remedy);

#endif
