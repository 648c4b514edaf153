/* Loops whose turns are shared out among threads. */
#ifndef DMG_BASE_PARALLEL_H
#define DMG_BASE_PARALLEL_H

#include <stddef.h>

#include "deepmirgene/status.h"

/* One turn of a loop: the i-th, run by thread `worker`. */
typedef dmg_status dmg_parallel_body(void *context, int worker, size_t i, dmg_error *err);

/* Calls body for i = 0 .. count-1 on up to `threads` threads, worker = 0 .. threads-1; whoever is
 * free takes the next i. Of several turns that fail, the status and error are those of the smallest
 * i, as in a plain loop; after a failure later turns may be left out. */
dmg_status dmg_parallel_for(size_t count, int threads, dmg_parallel_body *body, void *context,
                            dmg_error *err);

#endif
