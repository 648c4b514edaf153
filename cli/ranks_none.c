/* SPDX-License-Identifier: MIT */
/* Without MPI there is nothing to join. */
#include <stdio.h>

#include "ranks.h"

dmg_status ranks_begin(int *rank, int *count, dmg_error *err)
{
    *rank = 0;
    *count = 1;
    return dmg_error_set(err, DMG_UNSUPPORTED, "this program was built without MPI");
}

dmg_status ranks_lead(scan_run *run, dmg_error *err)
{
    return scan_run_threads(run, err);
}

dmg_status ranks_follow(scan_run *run, dmg_error *err)
{
    (void)run;
    (void)err;
    return DMG_OK;
}

void ranks_end(bool failed)
{
    (void)failed;
}
