/* SPDX-License-Identifier: MIT */
/* Between Python and the library: records come as one text and go as one block of numbers and one
 * text, so that no call is made for a single record and the GIL is free meanwhile. */
#define _XOPEN_SOURCE 700
#include <deepmirgene/deepmirgene.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *shim_version(void)
{
    return dmg_version_info().version;
}

static dmg_status fail(dmg_error *err, dmg_status status, const char *message)
{
    return dmg_error_set(err, status, "%s", message);
}

static dmg_status nomem(dmg_error *err)
{
    return fail(err, DMG_NOMEM, "out of memory");
}

/* --- records as text --- */

/* The text holds id, sequence and structure of each record, each ended by a NUL; an empty structure
 * is none. */
static dmg_status parse_text(dmg_sequence **out, const char *text, size_t size, size_t count,
                             dmg_error *err)
{
    dmg_sequence *sequences = calloc(count + 1, sizeof *sequences);
    if (!sequences) return nomem(err);
    const char *at = text, *const end = text + size;
    for (size_t i = 0; i < count; i++) {
        const char *parts[3];
        size_t lengths[3];
        for (int k = 0; k < 3; k++) {
            const char *nul = at < end ? memchr(at, '\0', (size_t)(end - at)) : NULL;
            if (!nul) {
                free(sequences);
                return fail(err, DMG_FORMAT, "a NUL character in a record");
            }
            parts[k] = at;
            lengths[k] = (size_t)(nul - at);
            at = nul + 1;
        }
        if (lengths[2] > 0 && lengths[2] != lengths[1]) {
            dmg_error_set(err, DMG_FORMAT,
                          "record '%.60s': the structure has %zu characters, the sequence %zu",
                          parts[0], lengths[2], lengths[1]);
            free(sequences);
            return DMG_FORMAT;
        }
        sequences[i].id = parts[0];
        sequences[i].sequence = parts[1];
        sequences[i].length = lengths[1];
        sequences[i].structure = lengths[2] > 0 ? parts[2] : NULL;
    }
    *out = sequences;
    return DMG_OK;
}

/* --- results --- */

/* One result; texts follow one another: id, sequence, structure. Python reads these by
 * struct.iter_unpack with the format of `ITEM` in _records.py. */
typedef struct shim_item {
    double mfe, p_mirna, p_5p, p_3p;
    long long energy;
    unsigned long long id_length, length, structure_length;
    long long call;
    unsigned long long flags;
    unsigned long long hairpin_start, hairpin_end;         /* 1-based; 0: none */
    unsigned long long start_5p, end_5p, start_3p, end_3p; /* likewise */
} shim_item;

typedef struct shim_results {
    size_t count, capacity;
    shim_item *items;
    char *text;
    size_t used, text_capacity;
} shim_results;

static void shim_results_clear(shim_results *results)
{
    free(results->items);
    free(results->text);
    memset(results, 0, sizeof *results);
}

static bool reserve(shim_results *r, size_t text)
{
    if (r->count == r->capacity) {
        const size_t capacity = r->capacity ? 2 * r->capacity : 256;
        shim_item *items = realloc(r->items, capacity * sizeof *items);
        if (!items) return false;
        r->items = items;
        r->capacity = capacity;
    }
    if (r->used + text > r->text_capacity) {
        const size_t capacity = 2 * (r->used + text);
        char *grown = realloc(r->text, capacity);
        if (!grown) return false;
        r->text = grown;
        r->text_capacity = capacity;
    }
    return true;
}

static void put(shim_results *r, const char *text, size_t length)
{
    if (length > 0) memcpy(r->text + r->used, text, length);
    r->used += length;
}

static dmg_status take(void *context, const dmg_result *result, dmg_error *err)
{
    shim_results *r = context;
    shim_item item = {
        .mfe = result->mfe,
        .p_mirna = result->p_mirna,
        .energy = result->energy,
        .id_length = strlen(result->id),
        .length = result->length,
        .structure_length = result->structure ? result->length : 0,
        .call = result->call,
        .flags = result->flags,
    };
    const dmg_mature *mature = result->mature;
    if (result->call != DMG_CALL_NONE && result->hairpin_end > 0) {
        item.hairpin_start = result->hairpin_start + 1;
        item.hairpin_end = result->hairpin_end;
    }
    if (mature && mature->found) {
        item.start_5p = mature->arm_5p.start + 1;
        item.end_5p = mature->arm_5p.end;
        item.p_5p = mature->arm_5p.p_start_near;
        item.start_3p = mature->arm_3p.start + 1;
        item.end_3p = mature->arm_3p.end;
        item.p_3p = mature->arm_3p.p_start_near;
    }
    if (!reserve(r, item.id_length + 2 * item.length)) return nomem(err);
    put(r, result->id, item.id_length);
    put(r, result->sequence, item.length);
    put(r, result->structure, item.structure_length);
    r->items[r->count++] = item;
    return DMG_OK;
}

/* --- classifying --- */

typedef struct shim_options {
    const dmg_model *model; /* NULL: structures only */
    int threads, mature;
    double threshold, prior;
    volatile int *stop;
} shim_options;

static dmg_status check_stop(const volatile int *stop, dmg_error *err)
{
    return *stop ? fail(err, DMG_STOPPED, "stopped") : DMG_OK;
}

static dmg_status classify_progress(void *context, const dmg_classify_progress *progress,
                                    dmg_error *err)
{
    (void)progress;
    return check_stop(context, err);
}

static dmg_status shim_classifier(dmg_classifier **out, const shim_options *options, dmg_error *err)
{
    dmg_classify_options how = dmg_classify_defaults();
    how.fold_only = !options->model;
    how.loaded = options->model;
    how.threads = options->threads;
    how.threshold = options->threshold;
    how.prior = options->prior;
    how.mature = options->mature;
    how.progress = classify_progress;
    how.progress_context = (void *)(uintptr_t)options->stop;
    return dmg_classifier_create(out, &how, err);
}

static dmg_status shim_classify_text(shim_results *results, dmg_classifier *classifier,
                                     const char *text, size_t size, size_t count, dmg_error *err)
{
    dmg_sequence *sequences = NULL;
    dmg_status st = parse_text(&sequences, text, size, count, err);
    if (st == DMG_OK) st = dmg_classify_batch(classifier, sequences, count, take, results, err);
    free(sequences);
    return st;
}

/* Copies of the records' ids, each ended by a NUL. */
static dmg_status copy_ids(char **out, const dmg_record *records, size_t count, dmg_error *err)
{
    size_t size = 1;
    for (size_t i = 0; i < count; i++) size += records[i].id_length + 1;
    char *at = *out = malloc(size);
    if (!at) return nomem(err);
    for (size_t i = 0; i < count; i++) {
        memcpy(at, records[i].name, records[i].id_length);
        at[records[i].id_length] = '\0';
        at += records[i].id_length + 1;
    }
    return DMG_OK;
}

static dmg_status classify_records(shim_results *results, dmg_classifier *classifier,
                                   const dmg_record *records, size_t count, dmg_error *err)
{
    char *ids = NULL;
    dmg_sequence *sequences = calloc(count + 1, sizeof *sequences);
    dmg_status st = sequences ? copy_ids(&ids, records, count, err) : nomem(err);
    const char *id = ids;
    for (size_t i = 0; st == DMG_OK && i < count; i++) {
        sequences[i].id = id;
        sequences[i].sequence = records[i].sequence;
        sequences[i].length = records[i].length;
        sequences[i].structure = records[i].structure;
        id += records[i].id_length + 1;
    }
    if (st == DMG_OK) st = dmg_classify_batch(classifier, sequences, count, take, results, err);
    free(sequences);
    free(ids);
    return st;
}

/* The next records of a file; none: it has ended. A fault is reported with the results of the
 * records before it. */
static dmg_status shim_classify_next(shim_results *results, dmg_classifier *classifier,
                                     dmg_reader *reader, size_t records, size_t letters,
                                     dmg_error *err)
{
    dmg_batch *batch = NULL;
    dmg_error fault;
    dmg_status st = dmg_batch_create(&batch, err);
    if (st != DMG_OK) return st;
    const dmg_status read = dmg_reader_next(reader, batch, records, letters, &fault);
    st = classify_records(results, classifier, dmg_batch_records(batch), dmg_batch_count(batch),
                          err);
    dmg_batch_destroy(batch);
    if (st != DMG_OK || read == DMG_OK) return st;
    *err = fault;
    return read;
}

/* --- explaining --- */

typedef struct shim_explanation {
    char *json, *page;
    size_t json_size, page_size;
} shim_explanation;

static void shim_explanation_clear(shim_explanation *explanation)
{
    free(explanation->json);
    free(explanation->page);
    memset(explanation, 0, sizeof *explanation);
}

static dmg_status write_json(shim_explanation *out, const dmg_explanation *x, const char *id,
                             dmg_error *err)
{
    FILE *stream = open_memstream(&out->json, &out->json_size);
    if (!stream) return nomem(err);
    const dmg_status st = dmg_explain_json(stream, x, id, strlen(id), (1U << DMG_STATES) - 1, err);
    return fclose(stream) == 0 ? st : nomem(err);
}

static dmg_status fill_page(dmg_html_report *report, const dmg_explanation *x, const char *id,
                            const char *call, double mfe, FILE *stream, dmg_error *err)
{
    FILE *section;
    const dmg_html_record record = {.id = id,
                                    .id_length = strlen(id),
                                    .length = x->length,
                                    .p_mirna = x->p_mirna,
                                    .call = call,
                                    .mfe = mfe,
                                    .flags = "-",
                                    .sequence = x->sequence,
                                    .structure = x->structure};
    dmg_status st = dmg_html_report_add(report, &record, err);
    if (st == DMG_OK) st = dmg_html_report_section(&section, report, err);
    if (st == DMG_OK) st = dmg_explain_html(section, x, 1U << DMG_STATE_CELL, err);
    return st == DMG_OK ? dmg_html_report_write(report, stream, err) : st;
}

static dmg_status write_page(shim_explanation *out, const dmg_explanation *x, const char *id,
                             const char *call, double mfe, dmg_error *err)
{
    dmg_html_options options = dmg_html_options_defaults();
    dmg_html_report *report = NULL;
    options.title = "deepmirgene explain";
    dmg_status st = dmg_html_report_create(&report, &options, err);
    FILE *stream = st == DMG_OK ? open_memstream(&out->page, &out->page_size) : NULL;
    if (st == DMG_OK && !stream) st = nomem(err);
    if (st == DMG_OK) st = fill_page(report, x, id, call, mfe, stream, err);
    if (stream && fclose(stream) != 0 && st == DMG_OK) st = nomem(err);
    dmg_html_report_destroy(report);
    return st;
}

static dmg_status shim_explain(shim_explanation *out, const dmg_model *model, const char *id,
                               const char *sequence, const char *structure, size_t length,
                               int energy, const char *call, size_t mutations, int threads,
                               dmg_error *err)
{
    dmg_explain_options options = dmg_explain_options_defaults();
    dmg_explainer *explainer = NULL;
    const dmg_explanation *x = NULL;
    options.mutations = mutations;
    options.threads = threads;
    const double mfe = energy == DMG_ENERGY_UNKNOWN ? NAN : energy / 100.0;
    dmg_status st = dmg_explainer_create(&explainer, model, &options, err);
    if (st == DMG_OK) st = dmg_explain(&x, explainer, sequence, structure, length, energy, err);
    if (st == DMG_OK) st = write_json(out, x, id, err);
    if (st == DMG_OK) st = write_page(out, x, id, call, mfe, err);
    dmg_explainer_destroy(explainer);
    return st;
}

/* --- scanning --- */

typedef struct shim_scan_options {
    double threshold, decoys, prevalence, fdr, max_masked;
    int plus, minus, circular, span, long_span, threads, max_copies, both_strands, mature;
    unsigned long long seed;
    const dmg_model *model;
    volatile int *stop;
    volatile double *share;
} shim_scan_options;

/* The library's own values. */
static void shim_scan_defaults(shim_scan_options *options)
{
    const dmg_scan_options scan = dmg_scan_defaults();
    const dmg_loci_options loci = dmg_loci_defaults();
    memset(options, 0, sizeof *options);
    options->threshold = scan.threshold;
    options->decoys = scan.decoys;
    options->plus = scan.plus;
    options->minus = scan.minus;
    options->span = scan.hairpins.span;
    options->long_span = -1;
    options->seed = scan.seed;
    options->prevalence = loci.prevalence;
    options->fdr = loci.fdr;
    options->max_copies = (int)loci.max_copies;
    options->max_masked = loci.max_masked;
    options->both_strands = loci.both_strands;
}

static dmg_status scan_progress(void *context, const dmg_scan_progress *progress, dmg_error *err)
{
    const shim_scan_options *options = context;
    *options->share = progress->share;
    return check_stop(options->stop, err);
}

/* Of the records of a text, or of the file `path` where that is not NULL. */
static dmg_status shim_scan(dmg_loci **out, const char *text, size_t size, size_t count,
                            const char *path, shim_scan_options *options, dmg_error *err)
{
    dmg_scan_options scan = dmg_scan_defaults();
    dmg_loci_options loci = dmg_loci_defaults();
    dmg_scan_run_options how = dmg_scan_run_defaults();
    dmg_sequence *sequences = NULL;
    scan.threshold = options->threshold;
    scan.decoys = options->decoys;
    scan.plus = options->plus;
    scan.minus = options->minus;
    scan.circular = options->circular;
    scan.hairpins.span = options->span;
    scan.model_span = options->long_span < 0;
    if (!scan.model_span) scan.hairpins.long_span = options->long_span;
    scan.seed = options->seed;
    loci.prevalence = options->prevalence;
    loci.fdr = options->fdr;
    loci.max_copies = (size_t)options->max_copies;
    loci.max_masked = options->max_masked;
    loci.both_strands = options->both_strands;
    loci.mature = options->mature;
    how.scan = &scan;
    how.loci = &loci;
    how.loaded = options->model;
    how.threads = options->threads;
    how.progress = scan_progress;
    how.progress_context = options;
    if (path) return dmg_scan_files(out, &path, 1, &how, err);
    dmg_status st = parse_text(&sequences, text, size, count, err);
    if (st == DMG_OK) st = dmg_scan_sequences(out, sequences, count, &how, err);
    free(sequences);
    return st;
}

static size_t shim_loci_count(const dmg_loci *loci)
{
    return dmg_loci_count(loci)->selected;
}

/* All loci as JSON Lines. */
static dmg_status shim_loci_text(char **out, size_t *size, dmg_loci *loci, dmg_error *err)
{
    FILE *stream = open_memstream(out, size);
    if (!stream) return nomem(err);
    const dmg_status st = dmg_loci_write(loci, DMG_LOCI_JSONL, stream, err);
    return fclose(stream) == 0 ? st : nomem(err);
}

/* --- training --- */

static dmg_status shim_dataset_add_text(dmg_dataset *dataset, const char *text, size_t size,
                                        size_t count, const bool *labels, dmg_error *err)
{
    dmg_sequence *sequences = NULL;
    dmg_status st = parse_text(&sequences, text, size, count, err);
    if (st == DMG_OK) st = dmg_dataset_add_sequences(dataset, sequences, labels, count, err);
    free(sequences);
    return st;
}

static void shim_dataset_labels(bool *labels, const dmg_dataset *dataset)
{
    for (size_t i = 0; i < dmg_dataset_count(dataset); i++)
        labels[i] = dmg_dataset_get(dataset, i).positive;
}

typedef struct shim_train_options {
    const char *recipe, *architecture, *name;
    int epochs, batch, average_weights, balanced, cross_entropy, threads;
    double learning_rate, final_learning_rate, weight_decay;
    unsigned long long seed;
    const bool *held_out;
    volatile int *stop;
    volatile int *epochs_done;
} shim_train_options;

static dmg_status take_recipe(dmg_train_options *out, const char *recipe, dmg_error *err)
{
    if (recipe) return dmg_train_recipe(out, recipe, err);
    *out = dmg_train_options_defaults();
    return DMG_OK;
}

/* The values of a recipe; NULL: of the default one. */
static dmg_status shim_train_recipe(shim_train_options *options, const char *recipe, dmg_error *err)
{
    dmg_train_options values;
    const dmg_status st = take_recipe(&values, recipe, err);
    if (st != DMG_OK) return st;
    memset(options, 0, sizeof *options);
    options->recipe = recipe;
    options->epochs = values.epochs;
    options->batch = values.batch;
    options->average_weights = values.average_weights;
    options->balanced = values.balanced;
    options->cross_entropy = values.loss == DMG_LOSS_CROSS_ENTROPY;
    options->learning_rate = values.learning_rate;
    options->final_learning_rate = values.final_learning_rate;
    options->weight_decay = values.weight_decay;
    options->seed = values.seed;
    return DMG_OK;
}

static dmg_status train_progress(void *context, const dmg_epoch *history, size_t count,
                                 size_t restored, dmg_error *err)
{
    const shim_train_options *options = context;
    (void)history;
    (void)restored;
    *options->epochs_done = (int)count;
    return check_stop(options->stop, err);
}

static dmg_status fill_training(dmg_train_options *how, const shim_train_options *options,
                                dmg_error *err)
{
    dmg_status st = take_recipe(how, options->recipe, err);
    if (st == DMG_OK && options->architecture)
        st = dmg_architecture_load(&how->architecture, options->architecture, err);
    if (st != DMG_OK) return st;
    how->name = options->name;
    how->epochs = options->epochs;
    how->batch = options->batch;
    how->average_weights = options->average_weights;
    how->balanced = options->balanced;
    how->loss = options->cross_entropy ? DMG_LOSS_CROSS_ENTROPY : DMG_LOSS_SQUARED_ERROR;
    how->threads = options->threads;
    how->learning_rate = options->learning_rate;
    how->final_learning_rate = options->final_learning_rate;
    how->weight_decay = options->weight_decay;
    how->seed = options->seed;
    how->held_out = options->held_out;
    return DMG_OK;
}

static dmg_status shim_train(dmg_model **out, const dmg_dataset *dataset,
                             shim_train_options *options, dmg_error *err)
{
    dmg_train_options how;
    const dmg_status st = fill_training(&how, options, err);
    if (st != DMG_OK) return st;
    how.progress = train_progress;
    how.progress_context = options;
    return dmg_train(out, dataset, &how, err);
}

typedef struct shim_crossval_options {
    const char *groups, *splits, *folder;
    int folds, members;
    volatile int *epochs_done, *epochs;
} shim_crossval_options;

static void crossval_progress(void *context, const dmg_crossval_status *status)
{
    const shim_crossval_options *options = context;
    *options->epochs_done = (int)status->epochs_done;
    *options->epochs = (int)status->epochs;
}

static dmg_status shim_crossval(dmg_crossval **out, const dmg_dataset *dataset,
                                shim_train_options *training, const shim_crossval_options *options,
                                dmg_error *err)
{
    dmg_crossval_options how = dmg_crossval_options_defaults();
    const dmg_status st = fill_training(&how.training, training, err);
    if (st != DMG_OK) return st;
    how.training.stop = training->stop;
    how.threads = training->threads;
    how.groups = options->groups;
    how.splits = options->splits;
    how.folder = options->folder;
    how.folds = options->folds;
    how.members = options->members;
    how.average_last = 1;
    how.progress = crossval_progress;
    how.progress_context = (void *)options;
    return dmg_crossval_create(out, dataset, &how, err);
}

/* --- metrics --- */

static size_t shim_metrics(void)
{
    return DMG_METRICS;
}

static const char *shim_metric_name(size_t i)
{
    return dmg_metric_name((enum dmg_metric)i);
}
