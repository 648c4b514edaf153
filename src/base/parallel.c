/* Loops whose turns are shared out among threads, by OpenMP.
 * SPDX-License-Identifier: MIT
 */
#include "base/parallel.h"

#include <omp.h>

#include "deepmirgene/version.h"

int dmg_processors(void)
{
    return omp_get_num_procs();
}

dmg_status dmg_parallel_for(size_t count, int threads, dmg_parallel_body *body, void *context,
                            dmg_error *err)
{
    size_t failed = count; /* the smallest turn that failed */
    dmg_status status = DMG_OK;
#pragma omp parallel for num_threads(threads) schedule(dynamic) if (count > 1)
    for (size_t i = 0; i < count; i++) {
        size_t limit;
#pragma omp atomic read
        limit = failed;
        if (i > limit) continue;
        dmg_error own = {0};
        const dmg_status st = body(context, omp_get_thread_num(), i, &own);
        if (st == DMG_OK) continue;
#pragma omp critical(dmg_parallel_failed)
        if (i < failed) {
#pragma omp atomic write
            failed = i;
            status = st;
            if (err) *err = own;
        }
    }
    return status;
}
