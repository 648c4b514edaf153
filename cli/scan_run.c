/* SPDX-License-Identifier: MIT */
/* Items through scanners into a journal. */
#include "scan_run.h"

#include <stdio.h>
#include <stdlib.h>

#include "pipeline.h"

dmg_status scan_run_create_scanners(scan_run *run, const dmg_model *model,
                                    const dmg_scan_options *options, dmg_cpu cpu, dmg_error *err)
{
    run->scanners = calloc((size_t)run->threads, sizeof(dmg_scanner *));
    dmg_status st = run->scanners ? DMG_OK : command_nomem(err);
    for (int t = 0; st == DMG_OK && t < run->threads; t++)
        st = dmg_scanner_create(&run->scanners[t], model, options, cpu, err);
    return st;
}

void scan_run_destroy_scanners(scan_run *run)
{
    for (int t = 0; run->scanners && t < run->threads; t++) dmg_scanner_destroy(run->scanners[t]);
    free(run->scanners);
}

/* --- progress --- */

static void show_progress(scan_run *run)
{
    if (!progress_due(&run->meter)) return;
    const dmg_journal_totals totals = dmg_journal_count(run->journal);
    const double seconds = progress_seconds(&run->meter);
    const double done = (double)totals.letters / 1e6;
    const double new = (double)(totals.letters - run->before.letters) / 1e6;
    const double share = dmg_scan_source_progress(run->source);
    char left[48] = "";
    if (share > run->begun) {
        const long long rest = (long long)(seconds * (1 - share) / (share - run->begun));
        snprintf(left, sizeof left, ", %lld:%02lld:%02lld left", rest / 3600, rest / 60 % 60,
                 rest % 60);
    }
    progress_line(&run->meter, "%.2f Mb, %.3f Mb/s, about %llu loci%s", done, new / seconds,
                  (unsigned long long)totals.loci, left);
}

/* --- the steps --- */

dmg_status scan_run_check_stop(const scan_run *run, dmg_error *err)
{
    if (!run->stop || !*run->stop) return DMG_OK;
    return dmg_error_set(err, DMG_STOPPED, "stopped%s; the same command with --resume continues",
                         run->ranks > 1 ? ", on request or because a rank has died"
                                        : " on request");
}

dmg_status scan_run_next(scan_run *run, dmg_scan_item *item, bool *some, dmg_error *err)
{
    dmg_status st;
    *some = false;
    do {
        st = scan_run_check_stop(run, err);
        if (st == DMG_OK) st = dmg_scan_source_next(run->source, item, some, err);
    } while (st == DMG_OK && *some && dmg_scan_item_number(item) % run->shards != run->shard);
    return st;
}

dmg_status scan_run_append(scan_run *run, const char *block, size_t size, dmg_error *err)
{
    const dmg_status st = dmg_journal_append(run->journal, block, size, err);
    if (st == DMG_OK) show_progress(run);
    return st;
}

static dmg_status read_item(void *context, void *slot, bool *some, dmg_error *err)
{
    return scan_run_next(context, slot, some, err);
}

static dmg_status scan_item(void *context, int worker, void *slot, dmg_error *err)
{
    const scan_run *run = context;
    return dmg_scanner_run(run->scanners[worker], slot, err);
}

static dmg_status append_item(void *context, void *slot, dmg_error *err)
{
    size_t size;
    const char *block = dmg_scan_item_block(slot, &size);
    return scan_run_append(context, block, size, err);
}

dmg_status scan_run_threads(scan_run *run, dmg_error *err)
{
    static const pipeline_steps steps = {
        .read = read_item, .work = scan_item, .write = append_item};
    /* As many items may wait to be written as are being worked on, and one is being read. */
    const size_t slots = 2 * (size_t)run->threads + 1;
    void **items = calloc(slots, sizeof(void *));
    if (!items) return command_nomem(err);
    dmg_status st = DMG_OK;
    for (size_t i = 0; st == DMG_OK && i < slots; i++) {
        dmg_scan_item *item = NULL;
        st = dmg_scan_item_create(&item, err);
        items[i] = item;
    }
    if (st == DMG_OK) st = pipeline_run(&steps, run, items, slots, run->threads, err);
    for (size_t i = 0; i < slots; i++) dmg_scan_item_destroy(items[i]);
    free(items);
    return st;
}
