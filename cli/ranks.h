/* SPDX-License-Identifier: MIT */
/* A scan by the processes of an MPI run: rank 0 reads the sequence, hands out items to the others
 * as they ask for them, and appends their blocks in order. */
#ifndef DMG_CLI_RANKS_H
#define DMG_CLI_RANKS_H

#include "scan_run.h"

/* Joins the MPI run. DMG_UNSUPPORTED where the program was built without MPI. */
dmg_status ranks_begin(int *rank, int *count, dmg_error *err);

/* Rank 0 of at least two: all items that are left. */
dmg_status ranks_lead(scan_run *run, dmg_error *err);

/* The other ranks, of whose run only the scanners are used: until nothing is left. */
dmg_status ranks_follow(scan_run *run, dmg_error *err);

/* Leaves the MPI run once all ranks do; with a failure ends it for all, and the program. */
void ranks_end(bool failed);

#endif
