/* SPDX-License-Identifier: MIT */
/* Cross-validation: every record is scored once by a method that has not seen it, the same bytes
 * come out however it is run, and what is reported is what was measured.
 *
 * Run as `test_crossval --child FOLDER`, it cross-validates on the data there: the process that the
 * test of sudden death kills.
 */
#include "unit.h"

#include <ftw.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "base/parallel.h"
#include "child.h"
#include "crossval/crossval.h"
#include "scratch.h"
#include "toy_data.h"
#include "train/dataset.h"

enum { DATA_SEED = 1, RECORDS = 2 * TOY_PER_CLASS, EPOCHS = 4 };

/* --- data and options --- */

static dmg_dataset *load_files(const char *positive, const char *negative)
{
    dmg_dataset *dataset = NULL;
    dmg_error err;
    assert_ok(dmg_dataset_create(&dataset, &err), &err);
    assert_ok(dmg_dataset_add(dataset, positive, true, &err), &err);
    assert_ok(dmg_dataset_add(dataset, negative, false, &err), &err);
    assert_ok(dmg_dataset_fold(dataset, 1, DMG_CPU_AUTO, &err), &err);
    return dataset;
}

static dmg_dataset *load_data(const char *folder)
{
    char positive[4096], negative[4096];
    snprintf(positive, sizeof positive, "%s/positive.fa", folder);
    snprintf(negative, sizeof negative, "%s/negative.fa", folder);
    return load_files(positive, negative);
}

static dmg_dataset *toy; /* for all tests */

static int remove_entry(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)about;
    (void)kind;
    (void)place;
    return remove(path);
}

static void remove_tree(const char *path)
{
    (void)nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static int set_up(void **state)
{
    if (scratch_setup(state) != 0) return -1;
    toy_write(DATA_SEED);
    toy = load_data(scratch_folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    dmg_dataset_destroy(toy);
    remove_tree(scratch_folder);
    return 0;
}

/* Results go to `folder`, which is to be removed by the caller. */
static dmg_crossval_options toy_options(const char *folder)
{
    dmg_crossval_options options = dmg_crossval_options_defaults();
    assert_int_equal(dmg_train_recipe(&options.training, "2016", NULL), DMG_OK);
    options.training.architecture = toy_architecture();
    options.training.epochs = EPOCHS;
    options.training.batch = 20;
    options.training.learning_rate = 0.05;
    options.training.cpu = DMG_CPU_SCALAR;
    options.folds = 3;
    options.average_last = 2;
    options.replicates = 20;
    options.figures = NULL;
    options.folder = folder;
    return options;
}

static dmg_crossval *cross_validate(const dmg_dataset *dataset, const dmg_crossval_options *options)
{
    dmg_crossval *cv = NULL;
    dmg_error err;
    assert_ok(dmg_crossval_create(&cv, dataset, options, &err), &err);
    return cv;
}

static void assert_refused(const dmg_crossval_options *options, dmg_status status,
                           const char *message)
{
    dmg_crossval *cv = NULL;
    dmg_error err;
    assert_int_equal(dmg_crossval_create(&cv, toy, options, &err), status);
    if (!strstr(err.message, message)) fail_msg("'%s' instead of '%s'", err.message, message);
    assert_null(cv);
}

/* Records i with i % 4 == 3 in the fold "test", the others in two folds. */
static const char *write_splits(void)
{
    FILE *file = fopen(scratch_path("splits.tsv"), "w");
    assert_non_null(file);
    fputs("id\tlabel\tsplit\n", file);
    for (size_t i = 0; i < RECORDS; i++) {
        const dmg_dataset_record record = dmg_dataset_get(toy, i);
        fprintf(file, "%s\t%d\t%s\n", record.id, record.positive,
                i % 4 == 3  ? "test"
                : i % 2 > 0 ? "odd"
                            : "even");
    }
    assert_int_equal(fclose(file), 0);
    return scratch_path("splits.tsv");
}

/* --- which records are scored, and by what --- */

static void test_every_record_is_scored_once(void **state)
{
    (void)state;
    const char *folder = scratch_path("once");
    dmg_crossval_options options = toy_options(folder);
    options.repeats = 2;
    dmg_crossval *cv = cross_validate(toy, &options);
    assert_int_equal(dmg_crossval_count(cv), 6);
    int scored[2][RECORDS] = {0};
    for (size_t i = 0; i < 6; i++) {
        const dmg_crossval_run run = dmg_crossval_get(cv, i);
        assert_int_equal(run.repeat, 1 + i / 3);
        assert_int_equal(atoi(run.fold), 1 + i % 3);
        assert_int_equal(run.epochs, EPOCHS);
        assert_false(run.is_test);
        assert_in_range(run.count, RECORDS / 3, RECORDS / 3 + 1);
        for (size_t k = 0; k < run.count; k++) {
            scored[i / 3][run.records[k]]++;
            assert_int_equal(run.labels[k], dmg_dataset_get(toy, run.records[k]).positive);
            assert_true(k == 0 || run.records[k] > run.records[k - 1]);
            assert_true(run.scores[k] >= 0 && run.scores[k] <= 1);
        }
        for (size_t j = 0; j < i; j++) assert_true(dmg_crossval_get(cv, j).seed != run.seed);
    }
    for (int r = 0; r < 2; r++)
        for (int i = 0; i < RECORDS; i++) assert_int_equal(scored[r][i], 1);
    dmg_crossval_destroy(cv);
    remove_tree(folder);
}

/* Trains on `learn` and returns the scores of `score`, by the public functions alone. */
static float *train_and_score(const bool *learn, const dmg_crossval_run *run)
{
    dmg_dataset *part = NULL;
    dmg_model *model = NULL;
    dmg_predictor *predictor = NULL;
    dmg_error err;
    dmg_train_options options = toy_options("").training;
    options.seed = run->seed;
    bool keep[RECORDS], held_out[RECORDS];
    memcpy(keep, learn, sizeof keep);
    for (size_t k = 0; k < run->count; k++) keep[run->records[k]] = true;
    size_t kept = 0;
    for (size_t i = 0; i < RECORDS; i++)
        if (keep[i]) held_out[kept++] = !learn[i];
    options.held_out = held_out;
    assert_ok(dmg_dataset_select(&part, toy, keep, &err), &err);
    assert_ok(dmg_train(&model, part, &options, &err), &err);
    dmg_predict_task *tasks = calloc(run->count, sizeof *tasks);
    float *scores = calloc(run->count, sizeof *scores);
    assert_true(tasks && scores);
    for (size_t k = 0; k < run->count; k++) {
        const dmg_dataset_record r = dmg_dataset_get(toy, run->records[k]);
        tasks[k].sequence = r.sequence;
        tasks[k].structure = r.structure;
        tasks[k].length = r.length;
    }
    assert_ok(dmg_predictor_create(&predictor, model, 1, options.cpu, &err), &err);
    assert_ok(dmg_predict(predictor, tasks, run->count, &err), &err);
    for (size_t k = 0; k < run->count; k++) scores[k] = tasks[k].p_mirna;
    dmg_predictor_destroy(predictor);
    dmg_model_destroy(model);
    dmg_dataset_destroy(part);
    free(tasks);
    return scores;
}

/* Each run is what a training by hand gives on the records that it may learn from. */
static void test_splits_are_honoured(void **state)
{
    (void)state;
    const char *folder = scratch_path("splits");
    dmg_crossval_options options = toy_options(folder);
    options.splits = write_splits();
    dmg_crossval *cv = cross_validate(toy, &options);
    assert_int_equal(dmg_crossval_count(cv), 3);
    static const char *const names[] = {"even", "odd", "test"};
    for (size_t i = 0; i < 3; i++) {
        const dmg_crossval_run run = dmg_crossval_get(cv, i);
        assert_string_equal(run.fold, names[i]);
        assert_int_equal(run.is_test, i == 2);
        bool learn[RECORDS];
        size_t scored = 0;
        for (size_t k = 0; k < RECORDS; k++) {
            const char *fold = k % 4 == 3 ? "test" : k % 2 > 0 ? "odd" : "even";
            learn[k] = strcmp(fold, "test") != 0 && strcmp(fold, run.fold) != 0;
            if (strcmp(fold, run.fold) != 0) continue;
            assert_int_equal(run.records[scored], k);
            scored++;
        }
        assert_int_equal(run.count, scored);
        float *scores = train_and_score(learn, &run);
        assert_memory_equal(scores, run.scores, scored * sizeof *scores);
        free(scores);
    }
    dmg_crossval_destroy(cv);
    remove_tree(folder);
}

/* Whatever the sequences of the fold "test" are, nothing changes in the others. */
static void test_test_rows_are_never_learned_from(void **state)
{
    (void)state;
    FILE *sides[2] = {fopen(scratch_path("n2.fa"), "w"), fopen(scratch_path("p2.fa"), "w")};
    assert_true(sides[0] && sides[1]);
    for (size_t i = 0; i < RECORDS; i++) {
        const dmg_dataset_record r = dmg_dataset_get(toy, i);
        fprintf(sides[r.positive], ">%s\n%s\n", r.id, i % 4 == 3 ? "GGGGAAAACCCC" : r.sequence);
    }
    assert_int_equal(fclose(sides[0]) + fclose(sides[1]), 0);
    dmg_dataset *changed = load_files(scratch_path("p2.fa"), scratch_path("n2.fa"));

    const char *folder = scratch_path("unseen");
    dmg_crossval_options options = toy_options(folder);
    options.splits = write_splits();
    dmg_crossval *a = cross_validate(toy, &options);
    remove_tree(folder);
    dmg_crossval *b = cross_validate(changed, &options);
    for (size_t i = 0; i < 3; i++) {
        const dmg_crossval_run x = dmg_crossval_get(a, i), y = dmg_crossval_get(b, i);
        const bool same = memcmp(x.scores, y.scores, x.count * sizeof *x.scores) == 0;
        assert_int_equal(same, !x.is_test);
        for (size_t e = 0; e < x.epochs; e++)
            assert_int_equal(x.history[e].validation_loss == y.history[e].validation_loss,
                             !x.is_test);
    }
    dmg_crossval_destroy(a);
    dmg_crossval_destroy(b);
    dmg_dataset_destroy(changed);
    remove_tree(folder);
}

/* One fold beside "test": a plain training and test. */
static void test_a_single_training_and_test(void **state)
{
    (void)state;
    FILE *file = fopen(scratch_path("single.tsv"), "w");
    assert_non_null(file);
    for (size_t i = 0; i < RECORDS; i++)
        fprintf(file, "%s\t%s\n", dmg_dataset_get(toy, i).id, i % 3 ? "train" : "test");
    assert_int_equal(fclose(file), 0);
    const char *folder = scratch_path("single");
    dmg_crossval_options options = toy_options(folder);
    options.splits = scratch_path("single.tsv");
    dmg_crossval *cv = cross_validate(toy, &options);
    assert_int_equal(dmg_crossval_count(cv), 1);
    const dmg_crossval_run run = dmg_crossval_get(cv, 0);
    assert_true(run.is_test);
    assert_int_equal(run.count, (RECORDS + 2) / 3);
    dmg_error err;
    assert_ok(dmg_crossval_write(cv, &err), &err);
    dmg_crossval_destroy(cv);
    remove_tree(folder);
}

static void test_baselines_are_methods(void **state)
{
    (void)state;
    const char *folder = scratch_path("baseline");
    dmg_crossval_options options = toy_options(folder);
    options.method = "length";
    dmg_crossval *cv = cross_validate(toy, &options);
    for (size_t i = 0; i < 3; i++) {
        const dmg_crossval_run run = dmg_crossval_get(cv, i);
        assert_int_equal(run.epochs, 1);
        assert_true(isnan(run.history[0].loss) && isnan(run.last[DMG_METRIC_F]));
        assert_true(run.last[DMG_METRIC_AUROC] == run.final[DMG_METRIC_AUROC]);
        for (size_t k = 0; k < run.count; k++)
            assert_true((double)run.scores[k] ==
                        -(double)dmg_dataset_get(toy, run.records[k]).length);
    }
    dmg_error err;
    assert_ok(dmg_crossval_write(cv, &err), &err);
    dmg_crossval_destroy(cv);
    remove_tree(folder);
    const sig_atomic_t stop = 1;
    options.training.stop = &stop;
    assert_refused(&options, DMG_STOPPED, "stopped");
    remove_tree(folder);
}

static char *describe_part(const bool *keep)
{
    dmg_dataset *part = NULL;
    dmg_error err;
    assert_ok(dmg_dataset_select(&part, toy, keep, &err), &err);
    json_t *description = dataset_describe(part);
    char *text = json_dumps(description, JSON_COMPACT);
    assert_non_null(text);
    json_decref(description);
    dmg_dataset_destroy(part);
    return text;
}

/* By what they are described, which a checkpoint is recognised by. */
static void test_parts_are_told_apart(void **state)
{
    (void)state;
    bool keep[RECORDS];
    memset(keep, true, sizeof keep);
    json_t *description = dataset_describe(toy);
    char *original = json_dumps(description, JSON_COMPACT);
    char *all = describe_part(keep);
    keep[0] = false;
    char *without_first = describe_part(keep);
    keep[0] = true;
    keep[1] = false;
    char *without_second = describe_part(keep);
    assert_string_equal(original, all);
    assert_string_not_equal(original, without_first);
    assert_string_not_equal(without_first, without_second);
    json_decref(description);
    free(without_second);
    free(without_first);
    free(all);
    free(original);
}

/* --- the same bytes --- */

static const char *const result_files[] = {"history.tsv", "predictions.tsv", "metrics.json",
                                           "report.md"};

enum { RESULT_FILES = sizeof result_files / sizeof *result_files };

typedef struct outcome {
    char *bytes[RESULT_FILES];
} outcome;

/* Takes the results out of the folder, which is removed. */
static outcome take_outcome(const char *folder)
{
    outcome o;
    for (int f = 0; f < RESULT_FILES; f++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, result_files[f]);
        o.bytes[f] = scratch_read(path, NULL);
    }
    remove_tree(folder);
    return o;
}

static void outcome_clear(outcome *o)
{
    for (int f = 0; f < RESULT_FILES; f++) free(o->bytes[f]);
}

static void assert_same(const outcome *a, const outcome *b)
{
    for (int f = 0; f < RESULT_FILES; f++) assert_string_equal(a->bytes[f], b->bytes[f]);
}

static outcome run_to_end(const dmg_dataset *dataset, const dmg_crossval_options *options)
{
    dmg_error err;
    dmg_crossval *cv = cross_validate(dataset, options);
    assert_ok(dmg_crossval_write(cv, &err), &err);
    dmg_crossval_destroy(cv);
    return take_outcome(options->folder);
}

static void test_threads_do_not_matter(void **state)
{
    (void)state;
    dmg_crossval_options options = toy_options(scratch_path("threads"));
    options.splits = write_splits();
    options.training.cpu = DMG_CPU_AUTO;
    assert_int_equal(dmg_cpu_resolve(&options.training.cpu, NULL), DMG_OK);
    outcome one = run_to_end(toy, &options);
    for (int threads = 2; threads <= 7; threads += 5) {
        options.threads = threads; /* 7: two for each of three runs */
        outcome several = run_to_end(toy, &options);
        assert_same(&one, &several);
        outcome_clear(&several);
    }
    outcome_clear(&one);
}

/* Stops after so many epochs of all runs together. */
typedef struct stopper {
    size_t after;
    sig_atomic_t stop;
    dmg_crossval_status last;
} stopper;

static void stop_after(void *context, const dmg_crossval_status *status)
{
    stopper *s = context;
    assert_true(status->epochs_done >= s->last.epochs_done);
    s->last = *status;
    if (status->epochs_done >= s->after) s->stop = 1;
}

static void assert_stopped_and_resumed_is_the_same(int members)
{
    dmg_crossval_options options = toy_options(scratch_path("stopped"));
    const size_t epochs = 3 * (size_t)members * EPOCHS;
    options.members = members;
    if (members > 1) options.average_last = 1;
    outcome whole = run_to_end(toy, &options);
    for (size_t after = 1; after < epochs; after += 5) {
        stopper s = {.after = after};
        options.training.stop = &s.stop;
        options.progress = stop_after;
        options.progress_context = &s;
        options.resume = false;
        assert_refused(&options, DMG_STOPPED, "stopped");
        options.training.stop = NULL;
        s = (stopper){.after = SIZE_MAX};
        options.resume = true;
        options.threads = 2;
        outcome resumed = run_to_end(toy, &options);
        assert_same(&whole, &resumed);
        outcome_clear(&resumed);
        assert_int_equal(s.last.epochs, epochs);
        assert_int_equal(s.last.epochs_done, epochs);
        assert_in_range(s.last.epochs_restored, after, after + 2);
        assert_int_equal(s.last.runs_done, 3);
        options.threads = 1;
    }
    outcome_clear(&whole);
}

static void test_stopped_and_resumed_is_the_same(void **state)
{
    (void)state;
    assert_stopped_and_resumed_is_the_same(1);
    assert_stopped_and_resumed_is_the_same(3);
}

/* A finished one may be resumed, too, and carried on to more epochs. */
static void test_resuming_what_is_finished(void **state)
{
    (void)state;
    dmg_crossval_options options = toy_options(scratch_path("finished"));
    options.training.epochs = EPOCHS + 2;
    outcome longer = run_to_end(toy, &options);
    options.training.epochs = EPOCHS;
    outcome whole = run_to_end(toy, &options);
    dmg_crossval_destroy(cross_validate(toy, &options));
    options.resume = true;
    dmg_error err;
    dmg_crossval *cv = cross_validate(toy, &options);
    assert_ok(dmg_crossval_write(cv, &err), &err);
    dmg_crossval_destroy(cv);
    for (int f = 0; f < RESULT_FILES; f++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", options.folder, result_files[f]);
        char *bytes = scratch_read(path, NULL);
        assert_string_equal(bytes, whole.bytes[f]);
        free(bytes);
    }
    options.training.epochs = EPOCHS + 2;
    outcome carried_on = run_to_end(toy, &options);
    assert_same(&longer, &carried_on);
    outcome_clear(&carried_on);
    outcome_clear(&longer);
    outcome_clear(&whole);
}

/* --- sudden death --- */

static int cross_validate_as_child(const char *data)
{
    char folder[4096];
    snprintf(folder, sizeof folder, "%s/child", data);
    dmg_crossval_options options = toy_options(folder);
    options.training.epochs = 12;
    options.threads = 2;
    options.resume = true;
    dmg_error err;
    dmg_dataset *dataset = load_data(data);
    dmg_crossval *cv = NULL;
    dmg_status st = dmg_crossval_create(&cv, dataset, &options, &err);
    if (st == DMG_OK) st = dmg_crossval_write(cv, &err);
    if (st != DMG_OK) fprintf(stderr, "%s\n", err.message);
    dmg_crossval_destroy(cv);
    dmg_dataset_destroy(dataset);
    return st == DMG_OK ? 0 : 1;
}

static void test_killed_and_resumed_is_the_same(void **state)
{
    (void)state;
    const uint64_t seed = (uint64_t)getpid();
    const char *folder = scratch_path("child");
    dmg_rng rng;
    dmg_rng_init(&rng, seed, 0);
    const double begin = now();
    assert_true(run_child("test_crossval", -1));
    const double whole = now() - begin;
    outcome expected = take_outcome(folder);
    int killed = 0;
    for (int attempt = 0; attempt < 12; attempt++) {
        if (run_child("test_crossval", dmg_rng_uniform(&rng) * whole)) {
            outcome got = take_outcome(folder);
            assert_same(&expected, &got);
            outcome_clear(&got);
        } else {
            killed++;
        }
    }
    print_message("seed %" PRIu64 ": killed %d times of 12\n", seed, killed);
    assert_true(killed > 0);
    assert_true(run_child("test_crossval", -1));
    outcome got = take_outcome(folder);
    assert_same(&expected, &got);
    outcome_clear(&got);
    outcome_clear(&expected);
}

/* --- numbers --- */

/* What the history says of the last epoch is what the scores say. */
static void test_history_ends_in_the_scores(void **state)
{
    (void)state;
    /* Three positives for each negative in one fold, so that balanced and raw are not the same. */
    FILE *file = fopen(scratch_path("uneven.tsv"), "w");
    assert_non_null(file);
    for (size_t i = 0; i < RECORDS; i++) {
        const dmg_dataset_record record = dmg_dataset_get(toy, i);
        fprintf(file, "%s\t%d\n", record.id, record.positive ? i % 2 > 0 : i % 6 == 0);
    }
    assert_int_equal(fclose(file), 0);
    const char *folder = scratch_path("history");
    dmg_crossval_options options = toy_options(folder);
    options.splits = scratch_path("uneven.tsv");
    options.training.epochs = 8;
    dmg_crossval *cv = cross_validate(toy, &options);
    for (size_t i = 0; i < dmg_crossval_count(cv); i++) {
        const dmg_crossval_run run = dmg_crossval_get(cv, i);
        const double *last = run.history[run.epochs - 1].values;
        for (int m = 0; m < DMG_METRICS; m++) {
            if (m >= DMG_METRIC_RECALL_P50) {
                assert_true(isnan(last[m]) && !isnan(run.final[m]));
            } else if (isnan(run.final[m])) {
                assert_true(isnan(last[m]));
            } else {
                assert_true(fabs(last[m] - run.final[m]) < 1e-12);
            }
        }
    }
    dmg_crossval_destroy(cv);
    remove_tree(folder);
}

/* A run of four records with the given epochs, all values of which are the epoch's number. */
static crossval_run make_run(dmg_crossval_epoch *history, size_t epochs)
{
    static bool labels[] = {true, true, false, false};
    static float scores[] = {0.9f, 0.2f, 0.6f, 0.1f};
    for (size_t e = 0; e < epochs; e++)
        for (int m = 0; m < DMG_METRICS; m++) history[e].values[m] = (double)e + 1;
    return (crossval_run){
        .labels = labels,
        .scores = scores,
        .history = history,
        .view = {.epochs = epochs, .count = 4, .scores = scores, .labels = labels},
    };
}

static void test_means_over_the_last_epochs(void **state)
{
    (void)state;
    enum { SOME = 6 };
    dmg_crossval_epoch history[SOME];
    dmg_error err;
    const method m = {.threshold = 0.5};
    crossval_run run = make_run(history, SOME);
    history[3].values[DMG_METRIC_PPV] = NAN;
    for (int e = 0; e < SOME; e++) history[e].values[DMG_METRIC_MCC] = NAN;
    assert_ok(crossval_summarise_run(&run, &m, 3, &err), &err);
    assert_true(run.view.last[DMG_METRIC_SE] == 5);    /* of 4 5 6 */
    assert_true(run.view.last[DMG_METRIC_PPV] == 5.5); /* of 5 6 */
    assert_true(isnan(run.view.last[DMG_METRIC_MCC]));
    assert_int_equal(run.view.calling_since, 1);
    assert_true(run.view.final[DMG_METRIC_TP] == 1 && run.view.final[DMG_METRIC_FP] == 1);
    assert_true(run.view.final[DMG_METRIC_AUROC] == 0.75);
    assert_ok(crossval_summarise_run(&run, &m, SOME, &err), &err);
    assert_true(run.view.last[DMG_METRIC_SE] == 3.5);
    assert_ok(crossval_summarise_run(&run, &m, 50, &err), &err); /* more than there are */
    assert_true(run.view.last[DMG_METRIC_SE] == 3.5);
}

static void test_when_a_run_left_the_plateau(void **state)
{
    (void)state;
    enum { SOME = 5 };
    dmg_crossval_epoch history[SOME];
    dmg_error err;
    const method m = {.threshold = 0.5};
    crossval_run run = make_run(history, SOME);
    history[0].values[DMG_METRIC_TP] = history[0].values[DMG_METRIC_FP] = 0;
    history[2].values[DMG_METRIC_TP] = history[2].values[DMG_METRIC_FP] = 0;
    history[3].values[DMG_METRIC_TP] = 0; /* a false call is one */
    assert_ok(crossval_summarise_run(&run, &m, 1, &err), &err);
    assert_int_equal(run.view.calling_since, 4);
    history[4].values[DMG_METRIC_TP] = history[4].values[DMG_METRIC_FP] = 0;
    assert_ok(crossval_summarise_run(&run, &m, 1, &err), &err);
    assert_int_equal(run.view.calling_since, 0);
}

static void test_means_over_folds(void **state)
{
    (void)state;
    enum { RUNS = 5 };
    static const struct {
        int repeat;
        bool test;
        double se, ppv;
    } given[RUNS] = {{1, false, 0.5, 0.5},
                     {1, false, 0.75, NAN},
                     {1, true, 0.25, 0.25},
                     {2, false, 0.25, NAN},
                     {2, false, 1, 1}};
    crossval_run runs[RUNS] = {0};
    for (int i = 0; i < RUNS; i++) {
        runs[i].view.repeat = given[i].repeat;
        runs[i].view.is_test = given[i].test;
        runs[i].view.last[DMG_METRIC_SE] = given[i].se;
        runs[i].view.last[DMG_METRIC_PPV] = given[i].ppv;
    }
    const dmg_crossval cv = {.count = RUNS, .runs = runs};
    dmg_crossval_mean means[DMG_METRICS];
    size_t count;
    dmg_crossval_average(means, &count, &cv, 0, false);
    assert_int_equal(count, 4);
    assert_true(means[DMG_METRIC_SE].mean == 0.625);
    /* Distances 1/8, 1/8, 3/8, 3/8: squares 20/64, over 3. */
    assert_true(fabs(means[DMG_METRIC_SE].deviation - sqrt(20.0 / 64 / 3)) < 1e-15);
    assert_int_equal(means[DMG_METRIC_SE].defined, 4);
    assert_true(means[DMG_METRIC_PPV].mean == 0.75);
    assert_int_equal(means[DMG_METRIC_PPV].defined, 2);
    dmg_crossval_average(means, &count, &cv, 1, false);
    assert_int_equal(count, 2);
    assert_true(means[DMG_METRIC_SE].mean == 0.625);
    assert_true(means[DMG_METRIC_PPV].mean == 0.5);
    assert_true(isnan(means[DMG_METRIC_PPV].deviation));
    dmg_crossval_average(means, &count, &cv, 0, true);
    assert_int_equal(count, 1);
    assert_true(means[DMG_METRIC_SE].mean == 0.25);
    dmg_crossval_average(means, &count, &cv, 2, true);
    assert_int_equal(count, 0);
    assert_true(isnan(means[DMG_METRIC_SE].mean));
}

static void test_pooled_scores(void **state)
{
    (void)state;
    const char *folder = scratch_path("pooled");
    dmg_crossval_options options = toy_options(folder);
    options.repeats = 2;
    dmg_crossval *cv = cross_validate(toy, &options);
    for (int repeat = 1; repeat <= 2; repeat++) {
        float scores[RECORDS];
        bool labels[RECORDS];
        double values[DMG_METRICS];
        dmg_crossval_pool pool;
        dmg_error err;
        for (size_t i = 0; i < dmg_crossval_count(cv); i++) {
            const dmg_crossval_run run = dmg_crossval_get(cv, i);
            for (size_t k = 0; run.repeat == repeat && k < run.count; k++) {
                scores[run.records[k]] = run.scores[k];
                labels[run.records[k]] = run.labels[k];
            }
        }
        assert_ok(dmg_metrics_values(values, scores, labels, RECORDS, 0.5, &err), &err);
        assert_ok(dmg_crossval_pool_init(&pool, cv, repeat, false, &err), &err);
        assert_int_equal(pool.count, RECORDS);
        assert_memory_equal(values, pool.values, sizeof values);
        assert_true(pool.intervals[DMG_METRIC_AUROC].low <= values[DMG_METRIC_AUROC]);
        assert_true(pool.intervals[DMG_METRIC_AUROC].high >= values[DMG_METRIC_AUROC]);
        dmg_crossval_pool_clear(&pool);
        assert_ok(dmg_crossval_pool_init(&pool, cv, repeat, true, &err), &err);
        assert_int_equal(pool.count, 0);
        assert_true(isnan(pool.values[DMG_METRIC_AUROC]));
        dmg_crossval_pool_clear(&pool);
    }
    dmg_crossval_destroy(cv);
    remove_tree(folder);
}

/* --- refusals --- */

/* --- several members --- */

/* The score of a record is the mean of what trainings by hand give it; the history, and with it
 * the first checkpoint, is that of the first of them. */
static void test_members_score_by_their_mean(void **state)
{
    (void)state;
    enum { MEMBERS = 3 };
    const char *folder = scratch_path("members");
    dmg_crossval_options options = toy_options(folder);
    options.average_last = 1;
    dmg_crossval *one = cross_validate(toy, &options);
    options.members = MEMBERS;
    options.resume = true; /* what is there is the first member */
    dmg_crossval *cv = cross_validate(toy, &options);
    for (size_t i = 0; i < dmg_crossval_count(cv); i++) {
        dmg_crossval_run run = dmg_crossval_get(cv, i), first = dmg_crossval_get(one, i);
        assert_int_equal(run.seed, first.seed);
        assert_memory_equal(run.history, first.history, EPOCHS * sizeof *run.history);
        assert_memory_equal(run.last, run.final, sizeof run.last);
        bool learn[RECORDS];
        for (size_t k = 0; k < RECORDS; k++) learn[k] = true;
        for (size_t k = 0; k < run.count; k++) learn[run.records[k]] = false;
        float *scores[MEMBERS];
        for (size_t m = 0; m < MEMBERS; m++) {
            dmg_crossval_run by_hand = run;
            by_hand.seed = method_member_seed(run.seed, m);
            assert_true(m == 0 || by_hand.seed != run.seed);
            scores[m] = train_and_score(learn, &by_hand);
        }
        for (size_t k = 0; k < run.count; k++) {
            double sum = 0;
            for (size_t m = 0; m < MEMBERS; m++) sum += (double)scores[m][k];
            assert_true(run.scores[k] == (float)(sum / MEMBERS));
            assert_true(first.scores[k] == scores[0][k]);
        }
        for (size_t m = 0; m < MEMBERS; m++) free(scores[m]);
    }
    dmg_crossval_destroy(cv);
    dmg_crossval_destroy(one);
    remove_tree(folder);
}

static void test_options_that_cannot_be(void **state)
{
    (void)state;
    const char *folder = scratch_path("refused");
    dmg_crossval_options options = toy_options(folder);
    options.average_last = EPOCHS + 1;
    assert_refused(&options, DMG_RANGE, "cannot average over the last 5 of 4 epochs");
    options.average_last = 0;
    assert_refused(&options, DMG_RANGE, "cannot average over the last 0 of 4 epochs");
    options = toy_options(folder);
    options.repeats = 0;
    assert_refused(&options, DMG_RANGE, "0 repeats");
    options = toy_options(folder);
    options.members = 0;
    assert_refused(&options, DMG_RANGE, "0 members: expected 1 to 16");
    options.members = 17;
    assert_refused(&options, DMG_RANGE, "17 members");
    options.members = 2;
    assert_refused(&options, DMG_RANGE,
                   "members are evaluated after the last epoch, not over the last 2");
    options.average_last = 1;
    options.method = "length";
    assert_refused(&options, DMG_RANGE, "length does not have members");
    options = toy_options(folder);
    options.splits = options.groups = "table";
    assert_refused(&options, DMG_RANGE, "folds are read from table");
    options = toy_options(folder);
    options.method = "oracle";
    assert_refused(&options, DMG_RANGE, "'oracle'");
    options = toy_options(folder);
    options.figures = "gif";
    assert_refused(&options, DMG_UNSUPPORTED, "gif");
    options = toy_options(folder);
    options.folds = TOY_PER_CLASS + 1;
    assert_refused(&options, DMG_RANGE, "too few for 41 folds");
    /* All of this is found before anything is made. */
    assert_int_equal(access(folder, F_OK), -1);
}

static void test_a_folder_in_use(void **state)
{
    (void)state;
    const char *folder = scratch_path("used");
    dmg_crossval_options options = toy_options(folder);
    dmg_crossval_destroy(cross_validate(toy, &options));
    assert_refused(&options, DMG_IO, "used is not empty: continue with --resume");
    options.resume = true;
    options.training.seed = 2;
    assert_refused(&options, DMG_FORMAT, "checkpoint of another training");
    options = toy_options(folder);
    options.resume = true;
    options.training.epochs = EPOCHS - 1;
    assert_refused(&options, DMG_FORMAT, "the checkpoint has 4 epochs, but only 3 are requested");
    options = toy_options(scratch_path("positive.fa"));
    assert_refused(&options, DMG_IO, "cannot make the folder");
    options = toy_options(scratch_path("none/within"));
    assert_refused(&options, DMG_IO, "cannot make the folder");
    remove_tree(folder);
}

/* --- loops within loops --- */

typedef struct meeting {
    int here;
} meeting;

/* Two turns meet only if they run at the same time. */
static dmg_status wait_for_other(void *context, int worker, size_t i, dmg_error *err)
{
    (void)worker;
    (void)i;
    (void)err;
    meeting *m = context;
    int here = __atomic_add_fetch(&m->here, 1, __ATOMIC_SEQ_CST);
    for (const double begin = now(); here < 2 && now() - begin < 20;) {
        sleep_seconds(0.001);
        here = __atomic_load_n(&m->here, __ATOMIC_SEQ_CST);
    }
    return here == 2 ? DMG_OK : DMG_RANGE;
}

static dmg_status meet(void *context, int worker, size_t i, dmg_error *err)
{
    (void)context;
    (void)worker;
    (void)i;
    meeting m = {0};
    return dmg_parallel_for(2, 2, wait_for_other, &m, err);
}

static void test_threads_left_over_work_within_runs(void **state)
{
    (void)state;
    assert_int_equal(dmg_parallel_for(2, 2, meet, NULL, NULL), DMG_OK);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--child") == 0) return cross_validate_as_child(argv[2]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_record_is_scored_once),
        cmocka_unit_test(test_splits_are_honoured),
        cmocka_unit_test(test_test_rows_are_never_learned_from),
        cmocka_unit_test(test_a_single_training_and_test),
        cmocka_unit_test(test_baselines_are_methods),
        cmocka_unit_test(test_parts_are_told_apart),
        cmocka_unit_test(test_threads_do_not_matter),
        cmocka_unit_test(test_stopped_and_resumed_is_the_same),
        cmocka_unit_test(test_resuming_what_is_finished),
        cmocka_unit_test(test_killed_and_resumed_is_the_same),
        cmocka_unit_test(test_history_ends_in_the_scores),
        cmocka_unit_test(test_means_over_the_last_epochs),
        cmocka_unit_test(test_when_a_run_left_the_plateau),
        cmocka_unit_test(test_means_over_folds),
        cmocka_unit_test(test_pooled_scores),
        cmocka_unit_test(test_members_score_by_their_mean),
        cmocka_unit_test(test_options_that_cannot_be),
        cmocka_unit_test(test_a_folder_in_use),
        cmocka_unit_test(test_threads_left_over_work_within_runs),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
