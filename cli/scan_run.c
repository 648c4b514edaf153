/* SPDX-License-Identifier: MIT */
/* Items through scanners into a journal. */
#include "scan_run.h"

#include <stdio.h>
#include <stdlib.h>

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
    const double done = (double)totals.bases / 1e6;
    const double new = (double)(totals.bases - run->before.bases) / 1e6;
    const double share = dmg_scan_source_progress(run->source);
    char left[PROGRESS_LEFT];
    const double done_now = (share - run->begun) / (1 - run->begun);
    progress_line(&run->meter, "%.2f Mb, %.3f Mb/s, about %llu loci%s", done, new / seconds,
                  (unsigned long long)totals.loci, progress_left(left, seconds, done_now));
}

/* --- the steps --- */

dmg_status scan_run_check_stop(const scan_run *run, dmg_error *err)
{
    if (!run->stop || !*run->stop) return DMG_OK;
    return dmg_error_set(
        err, DMG_STOPPED, "stopped%s; run the same command with --resume to continue",
        run->ranks > 1 ? ", on request or because a rank has died" : " on request");
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

static dmg_status next_item(void *context, dmg_scan_item *item, bool *some, dmg_error *err)
{
    return scan_run_next(context, item, some, err);
}

static dmg_status append_item(void *context, dmg_scan_item *item, dmg_error *err)
{
    size_t size;
    const char *block = dmg_scan_item_block(item, &size);
    return scan_run_append(context, block, size, err);
}

dmg_status scan_run_threads(scan_run *run, dmg_error *err)
{
    static const dmg_scan_steps steps = {.next = next_item, .take = append_item};
    return dmg_scan_items(run->scanners, run->threads, &steps, run, err);
}
