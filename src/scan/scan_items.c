/* SPDX-License-Identifier: MIT */
/* Items through scanners, on several threads. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/pipeline.h"
#include "deepmirgene/scan.h"

typedef struct items_run {
    dmg_scanner *const *scanners;
    const dmg_scan_steps *steps;
    void *context;
} items_run;

static dmg_status read_item(void *context, void *slot, bool *some, dmg_error *err)
{
    const items_run *run = context;
    return run->steps->next(run->context, slot, some, err);
}

static dmg_status scan_item(void *context, int worker, void *slot, dmg_error *err)
{
    const items_run *run = context;
    const dmg_status st = dmg_scanner_run(run->scanners[worker], slot, err);
    if (st != DMG_OK && run->steps->failed) run->steps->failed(run->context);
    return st;
}

static dmg_status take_item(void *context, void *slot, dmg_error *err)
{
    const items_run *run = context;
    return run->steps->take(run->context, slot, err);
}

dmg_status dmg_scan_items(dmg_scanner *const *scanners, int threads, const dmg_scan_steps *steps,
                          void *context, dmg_error *err)
{
    static const dmg_pipeline_steps pipeline = {
        .read = read_item, .work = scan_item, .write = take_item};
    items_run run = {.scanners = scanners, .steps = steps, .context = context};
    const size_t slots = DMG_SCAN_IN_FLIGHT((size_t)threads);
    void **items = dmg_alloc_zero(slots, sizeof *items);
    if (!items) return dmg_error_nomem(err, "the scan");
    dmg_status st = DMG_OK;
    for (size_t i = 0; st == DMG_OK && i < slots; i++) {
        dmg_scan_item *item = NULL;
        st = dmg_scan_item_create(&item, err);
        items[i] = item;
    }
    if (st == DMG_OK) st = dmg_pipeline_run(&pipeline, &run, items, slots, threads, err);
    for (size_t i = 0; i < slots; i++) dmg_scan_item_destroy(items[i]);
    free(items);
    return st;
}
