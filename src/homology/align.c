/* SPDX-License-Identifier: MIT */
/* Alignment by edlib, where the build has it. */
#include "homology/align.h"

#include "base/error.h"

#ifdef DMG_HAVE_EDLIB

#include <edlib.h>

dmg_status align_available(dmg_error *err)
{
    (void)err;
    return DMG_OK;
}

int align_inside(const char *query, size_t query_length, const char *target, size_t target_length,
                 int most)
{
    const EdlibAlignResult result =
        edlibAlign(query, (int)query_length, target, (int)target_length,
                   edlibNewAlignConfig(most, EDLIB_MODE_HW, EDLIB_TASK_DISTANCE, NULL, 0));
    const int distance = result.status == EDLIB_STATUS_OK ? result.editDistance : -1;
    edlibFreeAlignResult(result);
    return distance;
}

#else

dmg_status align_available(dmg_error *err)
{
    return dmg_error_set(err, DMG_UNSUPPORTED,
                         "known sequences need edlib, and this build has none: install "
                         "libedlib-dev and build again");
}

int align_inside(const char *query, size_t query_length, const char *target, size_t target_length,
                 int most)
{
    (void)query, (void)query_length, (void)target, (void)target_length, (void)most;
    return -1;
}

#endif
