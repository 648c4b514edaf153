/* SPDX-License-Identifier: MIT */
/* The first half of a scan: items through scanners into a journal, by threads. */
#ifndef DMG_CLI_SCAN_RUN_H
#define DMG_CLI_SCAN_RUN_H

#include "command.h"
#include "progress.h"

typedef struct scan_run {
    dmg_scan_source *source; /* just opened, or past what the journal has */
    dmg_journal *journal;
    unsigned shard, shards;
    int rank, ranks; /* of an MPI run; 0 and 1 where there is none */
    int threads;
    dmg_scanner **scanners;            /* [threads] */
    const volatile sig_atomic_t *stop; /* or NULL */
    progress meter;
    dmg_journal_totals before; /* what a resumed journal had */
    double begun;              /* how much of the input it had taken */
} scan_run;

/* One scanner for each thread. */
dmg_status scan_run_create_scanners(scan_run *run, const dmg_model *model,
                                    const dmg_scan_options *options, dmg_cpu cpu, dmg_error *err);
void scan_run_destroy_scanners(scan_run *run);

/* DMG_STOPPED when a stop was asked for. */
dmg_status scan_run_check_stop(const scan_run *run, dmg_error *err);

/* The next item of the shard; DMG_STOPPED likewise. */
dmg_status scan_run_next(scan_run *run, dmg_scan_item *item, bool *some, dmg_error *err);

/* Appends a block and says how far the run is. */
dmg_status scan_run_append(scan_run *run, const char *block, size_t size, dmg_error *err);

/* All items that are left. */
dmg_status scan_run_threads(scan_run *run, dmg_error *err);

#endif
