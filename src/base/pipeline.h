/* SPDX-License-Identifier: MIT */
/* Read, work, write: batches pass through three steps, and several threads keep them moving.
 *
 * Reading and writing happen one batch at a time and in order; working on different batches
 * happens at the same time. Nobody waits while there is something to do: a batch that is done early
 * is put aside until it can be written, and its thread goes on with the next one. Threads that have
 * nothing to do sleep.
 */
#ifndef DMG_BASE_PIPELINE_H
#define DMG_BASE_PIPELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "deepmirgene/status.h"

/* `slot` is one of those given to dmg_pipeline_run; each holds one batch at a time. */
typedef struct dmg_pipeline_steps {
    /* Fills the slot; *some false: nothing is left to read. A failure may come with some records
     * that stand before it: they still pass through the other steps, and it is reported then. */
    dmg_status (*read)(void *context, void *slot, bool *some, dmg_error *err);
    /* `worker` is 0 .. threads-1; no two calls at the same time have the same. */
    dmg_status (*work)(void *context, int worker, void *slot, dmg_error *err);
    dmg_status (*write)(void *context, void *slot, dmg_error *err);
} dmg_pipeline_steps;

/* Runs the steps until all is read and written, or until something fails; of several failures the
 * one of the earliest batch is reported, and all batches before it have been written. slots
 * [slot_count] are the caller's; more than threads, so that finished ones can wait. */
dmg_status dmg_pipeline_run(const dmg_pipeline_steps *steps, void *context, void *const *slots,
                            size_t slot_count, int threads, dmg_error *err);

#endif
