/* SPDX-License-Identifier: MIT */
/* Loops whose turns are shared out among threads.
 *
 * Threads that have nothing to do sleep, after a moment of waiting for the next loop: on a machine
 * that is busy with other things, threads that keep turning round take from the one that works.
 */
#ifndef DMG_BASE_PARALLEL_H
#define DMG_BASE_PARALLEL_H

#include <stddef.h>

#include "deepmirgene/status.h"

/* DMG_RANGE for fewer than one thread. */
dmg_status dmg_threads_check(int threads, dmg_error *err);

/* One turn of a loop: the i-th, run by thread `worker`. */
typedef dmg_status dmg_parallel_body(void *context, int worker, size_t i, dmg_error *err);

/* Calls body for i = 0 .. count-1 on up to `threads` threads, worker = 0 .. threads-1; a free
 * thread takes the next i. If several turns fail, the status and error are those of the smallest
 * i, as in a plain loop; after a failure later turns may be left out. Where threads cannot be had,
 * fewer do it all. */
dmg_status dmg_parallel_for(size_t count, int threads, dmg_parallel_body *body, void *context,
                            dmg_error *err);

/* Threads that stay between loops, for many short ones; the caller is worker 0. */
typedef struct dmg_team dmg_team;

dmg_status dmg_team_create(dmg_team **out, int threads, dmg_error *err);
void dmg_team_destroy(dmg_team *team);

/* As dmg_parallel_for; one loop at a time. */
dmg_status dmg_team_for(dmg_team *team, size_t count, dmg_parallel_body *body, void *context,
                        dmg_error *err);

#endif
