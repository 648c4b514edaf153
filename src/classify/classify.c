/* SPDX-License-Identifier: MIT */
/* The classifier: one sequence, sequences in memory, files.
 *
 * Records pass through a pipeline in slots of some hundred: read, folded and scored, taken by the
 * caller. Threads and slots are made when a call first needs them, so a classifier of single
 * sequences has one of each.
 */
#include "deepmirgene/classify.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/parallel.h"
#include "base/pipeline.h"
#include "base/rng.h"
#include "classify/input_share.h"
#include "classify/slot.h"
#include "deepmirgene/version.h"
#include "model/choice.h"
#include "seqio/reader.h"
#include "seqio/record_batch.h"

/* Little enough that a small file occupies all threads, and that none waits long for the last slot
 * of another; enough that passing it on costs nothing. */
enum { SLOT_RECORDS = 128, SLOT_LETTERS = 16 << 10 };

struct dmg_classifier {
    dmg_classify_options options;
    dmg_model *own;         /* the model that was loaded here, or NULL */
    const dmg_model *model; /* NULL: structures only */
    int worker_count;
    classify_worker *workers; /* [options.threads], of which worker_count are made */
    size_t slot_count;
    classify_slot *slots; /* [slot_limit], likewise */
    void **slot_pointers; /* [slot_limit], for the pipeline */
};

/* --- options --- */

void dmg_classify_options_init(dmg_classify_options *options, size_t size)
{
    const dmg_classify_options defaults = {.size = size,
                                           .model = DMG_DEFAULT_MODEL,
                                           .threads = dmg_processors(),
                                           .cpu = DMG_CPU_AUTO,
                                           .threshold = DMG_DEFAULT_THRESHOLD,
                                           .seed = DMG_DEFAULT_SEED};
    memset(options, 0, size);
    memcpy(options, &defaults, size < sizeof defaults ? size : sizeof defaults);
}

/* The caller's options, which may be those of an earlier version, over the defaults. */
static dmg_status take_options(dmg_classify_options *out, const dmg_classify_options *options,
                               dmg_error *err)
{
    dmg_classify_options_init(out, sizeof *out);
    if (!options) return DMG_OK;
    if (options->size < offsetof(dmg_classify_options, progress))
        return dmg_error_set(err, DMG_RANGE,
                             "classify options of %zu bytes: begin with dmg_classify_defaults()",
                             options->size);
    memcpy(out, options, options->size < sizeof *out ? options->size : sizeof *out);
    if (!(out->threshold >= 0 && out->threshold <= 1))
        return dmg_error_set(err, DMG_RANGE, "threshold %g is not between 0 and 1", out->threshold);
    return dmg_threads_check(out->threads, err);
}

/* --- the classifier --- */

/* As many slots may wait to be taken as are being worked on, and one is being read. */
static size_t slot_limit(const dmg_classifier *classifier)
{
    return 2 * (size_t)classifier->options.threads + 1;
}

static dmg_status load_model(dmg_classifier *classifier, dmg_error *err)
{
    const dmg_classify_options *options = &classifier->options;
    if (options->fold_only) return DMG_OK;
    return model_choose(&classifier->own, &classifier->model, options->model, options->model_bytes,
                        options->model_size, options->loaded, err);
}

static void destroy_worker(classify_worker *worker)
{
    dmg_folder_destroy(worker->folder);
    dmg_predictor_destroy(worker->predictor);
    dmg_mature_finder_destroy(worker->mature);
    dmg_describer_destroy(worker->describer);
    long_scorer_clear(&worker->long_scorer);
}

static dmg_status make_describer(dmg_describer **out, const dmg_classify_options *options,
                                 dmg_error *err)
{
    const dmg_feature_options features = {.families = options->features,
                                          .shuffles = options->shuffles,
                                          .seed = options->seed,
                                          .cpu = options->cpu};
    return features.families ? dmg_describer_create(out, &features, err) : DMG_OK;
}

static dmg_status make_worker(dmg_classifier *classifier, dmg_error *err)
{
    const dmg_classify_options *options = &classifier->options;
    classify_worker worker = {.threshold = options->threshold,
                              .cpu = options->cpu,
                              .pairing = options->pairing,
                              .long_scorer = {.model = classifier->model}};
    dmg_status st = dmg_folder_create(&worker.folder, 1, options->cpu, err);
    if (st == DMG_OK && classifier->model)
        st = dmg_predictor_create(&worker.predictor, classifier->model, 1, options->cpu, err);
    if (st == DMG_OK && worker.predictor && options->prior != 0)
        st = dmg_predictor_set_prior(worker.predictor, options->prior, err);
    if (st == DMG_OK && options->mature) st = dmg_mature_finder_create(&worker.mature, err);
    if (st == DMG_OK) st = make_describer(&worker.describer, options, err);
    if (st == DMG_OK)
        classifier->workers[classifier->worker_count++] = worker;
    else
        destroy_worker(&worker);
    return st;
}

/* Has at least so many workers and slots. */
static dmg_status grow(dmg_classifier *classifier, int workers, size_t slots, dmg_error *err)
{
    dmg_status st = DMG_OK;
    while (st == DMG_OK && classifier->worker_count < workers) st = make_worker(classifier, err);
    while (st == DMG_OK && classifier->slot_count < slots) {
        classify_slot *slot = &classifier->slots[classifier->slot_count];
        st = slot_init(slot, err);
        if (st == DMG_OK) classifier->slot_pointers[classifier->slot_count++] = slot;
    }
    return st;
}

static dmg_status classifier_init(dmg_classifier *classifier, dmg_error *err)
{
    const size_t slots = slot_limit(classifier);
    classifier->workers =
        dmg_alloc_zero((size_t)classifier->options.threads, sizeof *classifier->workers);
    classifier->slots = dmg_alloc_zero(slots, sizeof *classifier->slots);
    classifier->slot_pointers = dmg_alloc_zero(slots, sizeof *classifier->slot_pointers);
    if (!classifier->workers || !classifier->slots || !classifier->slot_pointers)
        return dmg_error_nomem(err, "a classifier");
    const dmg_status st = load_model(classifier, err);
    return st == DMG_OK ? grow(classifier, 1, 1, err) : st;
}

dmg_status dmg_classifier_create(dmg_classifier **out, const dmg_classify_options *options,
                                 dmg_error *err)
{
    dmg_classifier *classifier = dmg_alloc_zero(1, sizeof *classifier);
    if (!classifier) return dmg_error_nomem(err, "a classifier");
    dmg_status st = take_options(&classifier->options, options, err);
    if (st == DMG_OK) st = classifier_init(classifier, err);
    if (st == DMG_OK)
        *out = classifier;
    else
        dmg_classifier_destroy(classifier);
    return st;
}

void dmg_classifier_destroy(dmg_classifier *classifier)
{
    if (!classifier) return;
    for (int w = 0; w < classifier->worker_count; w++) destroy_worker(&classifier->workers[w]);
    for (size_t i = 0; i < classifier->slot_count; i++) slot_clear(&classifier->slots[i]);
    free(classifier->workers);
    free(classifier->slots);
    free(classifier->slot_pointers);
    dmg_model_destroy(classifier->own);
    free(classifier);
}

const dmg_model *dmg_classifier_model(const dmg_classifier *classifier)
{
    return classifier->model;
}

/* --- one sequence --- */

dmg_status dmg_classify(const dmg_result **out, dmg_classifier *classifier, const char *sequence,
                        size_t length, dmg_error *err)
{
    if (!sequence || length == 0) return dmg_error_set(err, DMG_RANGE, "the sequence is empty");
    if (length > DMG_FOLD_MAX_LENGTH)
        return dmg_error_set(err, DMG_RANGE, "a sequence of %zu nucleotides: at most %d are folded",
                             length, DMG_FOLD_MAX_LENGTH);
    const dmg_sequence record = {.sequence = sequence, .length = length};
    classify_slot *slot = &classifier->slots[0];
    slot->path = NULL;
    dmg_batch_clear(slot->batch);
    dmg_status st = dmg_batch_add(slot->batch, &record, 1, err);
    dmg_batch_publish(slot->batch);
    if (st == DMG_OK) st = slot_work(slot, &classifier->workers[0], err);
    if (st == DMG_OK) *out = &slot->results[0];
    return st;
}

/* --- many --- */

/* Where the records of a call come from, and who takes the results. */
typedef struct classify_run {
    dmg_classifier *classifier;
    const dmg_sequence *sequences; /* from memory */
    const char *const *paths;      /* from files */
    size_t count;                  /* of either */
    size_t next;                   /* sequence, or file that is being read */
    dmg_reader *reader;
    input_share share;
    dmg_take_result *take;
    void *context;
    dmg_classify_progress progress;
} classify_run;

static dmg_status read_memory(void *context, void *slot_pointer, bool *some, dmg_error *err)
{
    classify_run *run = context;
    classify_slot *slot = slot_pointer;
    size_t letters = 0;
    dmg_status st = DMG_OK;
    slot->path = NULL;
    dmg_batch_clear(slot->batch);
    while (st == DMG_OK && run->next < run->count && dmg_batch_count(slot->batch) < SLOT_RECORDS &&
           letters < SLOT_LETTERS) {
        letters += run->sequences[run->next].length;
        st = dmg_batch_add(slot->batch, &run->sequences[run->next], run->next + 1, err);
        run->next++;
    }
    dmg_batch_publish(slot->batch);
    slot->share = (double)run->next / (double)run->count;
    *some = dmg_batch_count(slot->batch) > 0;
    return st;
}

static dmg_status open_next(classify_run *run, size_t next, dmg_error *err)
{
    const dmg_classify_options *options = &run->classifier->options;
    const dmg_status st = dmg_reader_open(&run->reader, run->paths[next], err);
    if (st != DMG_OK) return st;
    run->next = next;
    input_share_next(&run->share, run->paths[next]);
    if (!options->fold_only) dmg_reader_keep_at_most(run->reader, DMG_CLASSIFY_MAX_LENGTH);
    if (options->skip_malformed) dmg_reader_tolerate_malformed(run->reader);
    return DMG_OK;
}

/* Fills the slot from the present file, or the next ones. */
static dmg_status read_files(void *context, void *slot_pointer, bool *some, dmg_error *err)
{
    classify_run *run = context;
    classify_slot *slot = slot_pointer;
    *some = false;
    for (;;) {
        const char *path = run->paths[run->next];
        dmg_status st = dmg_reader_next(run->reader, slot->batch, SLOT_RECORDS, SLOT_LETTERS, err);
        slot->path = strcmp(path, "-") == 0 ? "standard input" : path;
        slot->share = input_share_now(&run->share, dmg_reader_progress(run->reader));
        *some = dmg_batch_count(slot->batch) > 0;
        if (st != DMG_OK || *some || run->next + 1 == run->count) return st;
        dmg_reader_close(run->reader);
        run->reader = NULL;
        st = open_next(run, run->next + 1, err);
        if (st != DMG_OK) return st;
    }
}

static dmg_status work(void *context, int worker, void *slot, dmg_error *err)
{
    const classify_run *run = context;
    return slot_work(slot, &run->classifier->workers[worker], err);
}

static dmg_status take(void *context, void *slot_pointer, dmg_error *err)
{
    classify_run *run = context;
    const classify_slot *slot = slot_pointer;
    const dmg_classify_options *options = &run->classifier->options;
    dmg_status st = DMG_OK;
    for (size_t i = 0; st == DMG_OK && i < dmg_batch_count(slot->batch); i++) {
        st = run->take(run->context, &slot->results[i], err);
        run->progress.records++;
    }
    if (st != DMG_OK || !options->progress) return st;
    run->progress.share = slot->share;
    return options->progress(options->progress_context, &run->progress, err);
}

static dmg_status run_pipeline(classify_run *run, const dmg_pipeline_steps *steps, dmg_error *err)
{
    dmg_classifier *classifier = run->classifier;
    if (!run->take || (run->count > 0 && !run->sequences && !run->paths))
        return dmg_error_set(err, DMG_RANGE,
                             "no records to classify, or no function to receive results");
    const int threads = classifier->options.threads;
    const size_t slots = slot_limit(classifier);
    const dmg_status st = grow(classifier, threads, slots, err);
    if (st != DMG_OK) return st;
    return dmg_pipeline_run(steps, run, classifier->slot_pointers, slots, threads, err);
}

dmg_status dmg_classify_batch(dmg_classifier *classifier, const dmg_sequence *sequences,
                              size_t count, dmg_take_result *take_result, void *context,
                              dmg_error *err)
{
    static const dmg_pipeline_steps steps = {.read = read_memory, .work = work, .write = take};
    classify_run run = {.classifier = classifier,
                        .sequences = sequences,
                        .count = count,
                        .take = take_result,
                        .context = context};
    return run_pipeline(&run, &steps, err);
}

dmg_status dmg_classify_files(dmg_classifier *classifier, const char *const *paths, size_t count,
                              dmg_take_result *take_result, void *context, dmg_error *err)
{
    static const dmg_pipeline_steps steps = {.read = read_files, .work = work, .write = take};
    classify_run run = {.classifier = classifier,
                        .paths = paths,
                        .count = count,
                        .take = take_result,
                        .context = context};
    if (count == 0) return DMG_OK;
    if (paths) run.share = input_share_begin(paths, count);
    dmg_status st = paths ? open_next(&run, 0, err) : DMG_OK;
    if (st == DMG_OK) st = run_pipeline(&run, &steps, err);
    dmg_reader_close(run.reader);
    return st;
}
