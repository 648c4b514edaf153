/* SPDX-License-Identifier: MIT */
/* A whole scan in one call: sequences in memory or files, to loci. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/parallel.h"
#include "deepmirgene/version.h"
#include "model/choice.h"
#include "scan/loci.h"
#include "scan/source.h"

typedef struct scan_run {
    dmg_scan_run_options options;
    dmg_scan_options scan;
    dmg_model *own; /* the model that was loaded here, or NULL */
    const dmg_model *model;
    dmg_scan_source *source;
    dmg_scanner **scanners; /* [options.threads] */
    dmg_journal *journal;
} scan_run;

void dmg_scan_run_options_init(dmg_scan_run_options *options, size_t size)
{
    const dmg_scan_run_options defaults = {
        .size = size, .model = DMG_DEFAULT_MODEL, .threads = dmg_processors()};
    memset(options, 0, size);
    memcpy(options, &defaults, size < sizeof defaults ? size : sizeof defaults);
}

static dmg_status take_options(scan_run *run, const dmg_scan_run_options *options, dmg_error *err)
{
    dmg_scan_run_options *own = &run->options;
    dmg_scan_run_options_init(own, sizeof *own);
    if (options && options->size < offsetof(dmg_scan_run_options, progress))
        return dmg_error_set(err, DMG_RANGE,
                             "scan options of %zu bytes: begin with dmg_scan_run_defaults()",
                             options->size);
    if (options) memcpy(own, options, options->size < sizeof *own ? options->size : sizeof *own);
    run->scan = own->scan ? *own->scan : dmg_scan_defaults();
    return dmg_threads_check(own->threads, err);
}

/* --- the steps --- */

static dmg_status next_item(void *context, dmg_scan_item *item, bool *some, dmg_error *err)
{
    const scan_run *run = context;
    return dmg_scan_source_next(run->source, item, some, err);
}

static dmg_status append_item(void *context, dmg_scan_item *item, dmg_error *err)
{
    const scan_run *run = context;
    size_t size;
    const char *block = dmg_scan_item_block(item, &size);
    const dmg_status st = dmg_journal_append(run->journal, block, size, err);
    if (st != DMG_OK || !run->options.progress) return st;
    const dmg_journal_totals totals = dmg_journal_count(run->journal);
    const dmg_scan_progress progress = {
        .bases = totals.bases, .loci = totals.loci, .share = dmg_scan_source_progress(run->source)};
    return run->options.progress(run->options.progress_context, &progress, err);
}

static dmg_status create_scanners(scan_run *run, dmg_error *err)
{
    const size_t threads = (size_t)run->options.threads;
    run->scanners = dmg_alloc_zero(threads, sizeof *run->scanners);
    dmg_status st = run->scanners ? DMG_OK : dmg_error_nomem(err, "the scan");
    for (size_t t = 0; st == DMG_OK && t < threads; t++)
        st = dmg_scanner_create(&run->scanners[t], run->model, &run->scan, run->options.cpu, err);
    return st;
}

/* From the source to a finished journal. */
static dmg_status fill_journal(scan_run *run, dmg_error *err)
{
    static const dmg_scan_steps steps = {.next = next_item, .take = append_item};
    const dmg_scan_identity identity = {
        .options = &run->scan, .model = run->model, .regions = run->options.regions, .shards = 1};
    dmg_status st = dmg_journal_create(&run->journal, NULL, &identity, err);
    if (st == DMG_OK) st = dmg_scan_items(run->scanners, run->options.threads, &steps, run, err);
    return st == DMG_OK ? dmg_journal_finish(run->journal, run->source, err) : st;
}

static void scan_run_clear(scan_run *run)
{
    for (int t = 0; run->scanners && t < run->options.threads; t++)
        dmg_scanner_destroy(run->scanners[t]);
    free(run->scanners);
    dmg_scan_source_close(run->source);
    dmg_journal_close(run->journal);
    dmg_model_destroy(run->own);
}

/* --- the calls --- */

static dmg_status scan_input(dmg_loci **out, const bases_input *input,
                             const dmg_scan_run_options *options, dmg_error *err)
{
    scan_run run = {0};
    dmg_status st = take_options(&run, options, err);
    const dmg_scan_run_options *own = &run.options;
    const dmg_loci_options loci = own->loci ? *own->loci : dmg_loci_defaults();
    if (st == DMG_OK)
        st = model_choose(&run.own, &run.model, own->model, own->model_bytes, own->model_size,
                          own->loaded, err);
    if (st == DMG_OK) st = dmg_scan_fit_model(&run.scan, run.model, err);
    if (st == DMG_OK) st = create_scanners(&run, err);
    if (st == DMG_OK) st = source_open(&run.source, input, own->regions, &run.scan, err);
    if (st == DMG_OK) st = fill_journal(&run, err);
    if (st == DMG_OK) st = dmg_loci_collect(out, &run.journal, 1, &loci, err);
    if (st == DMG_OK) {
        loci_own_journal(*out, run.journal);
        run.journal = NULL;
    }
    scan_run_clear(&run);
    return st;
}

dmg_status dmg_scan_sequences(dmg_loci **out, const dmg_sequence *sequences, size_t count,
                              const dmg_scan_run_options *options, dmg_error *err)
{
    if (!sequences && count > 0) return dmg_error_set(err, DMG_RANGE, "no sequences to scan");
    return scan_input(out, &(bases_input){.sequences = sequences, .count = count}, options, err);
}

dmg_status dmg_scan_files(dmg_loci **out, const char *const *paths, size_t count,
                          const dmg_scan_run_options *options, dmg_error *err)
{
    if (!paths || count == 0) return dmg_error_set(err, DMG_RANGE, "no files to scan");
    return scan_input(out, &(bases_input){.paths = paths, .count = count}, options, err);
}
