/* SPDX-License-Identifier: MIT */
/* Memory that runs out while JSON is built: whatever allocation fails, a file is the same as ever,
 * or there is an error. jansson leaves out what it cannot allocate, so nothing else would notice.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */

#include "unit.h"

#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "deepmirgene/calibration.h"
#include "deepmirgene/crossval.h"
#include "deepmirgene/output.h"
#include "deepmirgene/report.h"
#include "scratch.h"
#include "toy_data.h"

/* --- an allocator that fails once --- */

static long allocations, failing; /* so far; the one that fails, or 0 */

static void *fail_once(size_t size)
{
    if (++allocations != failing) return malloc(size);
    errno = ENOMEM;
    return NULL;
}

/* Does something and leaves its outcome in a file. */
typedef dmg_status operation(const char *path, dmg_error *err);

/* What is done, which of its allocations fail, and what the file is when none does. */
typedef struct campaign {
    operation *work;
    char path[4096];
    long total, first, step; /* the first ones, and then every `step`-th */
    char *expected;
    size_t size;
} campaign;

/* What the processes of a campaign share. */
typedef struct progress {
    long at; /* the allocation that fails now; beyond `total`: none is left */
    long runs, errors;
    const char *wrong; /* of the last run, or NULL */
} progress;

static bool is_there(const campaign *c)
{
    return access(c->path, F_OK) == 0;
}

static bool is_expected(const campaign *c)
{
    if (!is_there(c)) return false;
    size_t size;
    char *got = scratch_read(c->path, &size);
    const bool same = size == c->size && memcmp(got, c->expected, size) == 0;
    free(got);
    return same;
}

/* One failure; counts it, and says what is wrong with its outcome. */
static void try_failure(const campaign *c, progress *p)
{
    dmg_error err = {0};
    (void)unlink(c->path);
    allocations = 0;
    failing = p->at;
    const dmg_status st = c->work(c->path, &err);
    failing = 0;
    p->runs++;
    p->errors += st != DMG_OK;
    if (st == DMG_OK)
        p->wrong = is_expected(c) ? NULL : "the file differs, and there is no error";
    else
        p->wrong = !err.message[0] ? "no message" : is_there(c) ? "an error, and a file" : NULL;
}

static void step_on(const campaign *c, progress *p)
{
    p->at += p->at < c->first ? 1 : c->step;
}

/* Fails one after the other in a process of its own, as jansson's parser may abort: its buffer
 * loses what it has no room for, and an assertion of it does not expect that. */
static void fail_in_child(const campaign *c, progress *p)
{
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)!freopen("/dev/null", "w", stderr);
        for (; p->at <= c->total; step_on(c, p)) {
            try_failure(c, p);
            if (p->wrong) break;
        }
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFSIGNALED(status)) return;
    assert_int_equal(WTERMSIG(status), SIGABRT);
    assert_false(is_there(c));
    p->runs++;
    p->errors++;
    step_on(c, p);
}

/* Every allocation fails once; of many, the first ones and then every `step`-th. */
static void assert_same_or_error(operation *work, long first, long step)
{
    campaign c = {.work = work, .first = first, .step = step};
    dmg_error err;
    snprintf(c.path, sizeof c.path, "%s", scratch_path("outcome"));
    (void)unlink(c.path);
    allocations = 0;
    assert_ok(work(c.path, &err), &err);
    c.total = allocations;
    c.expected = scratch_read(c.path, &c.size);
    progress *p = mmap(NULL, sizeof *p, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(p != MAP_FAILED);
    *p = (progress){.at = 1};
    while (p->at <= c.total && !p->wrong) fail_in_child(&c, p);
    if (p->wrong) fail_msg("allocation %ld of %ld: %s", p->at, c.total, p->wrong);
    print_message("%ld of %ld failures noticed\n", p->errors, p->runs);
    assert_true(p->errors > 0);
    assert_int_equal(munmap(p, sizeof *p), 0);
    free(c.expected);
}

/* --- models --- */

static dmg_model *human;

static dmg_status save_model(const char *path, dmg_error *err)
{
    return dmg_model_save(human, path, err);
}

static dmg_status save_and_destroy(dmg_status st, dmg_model *model, const char *path,
                                   dmg_error *err)
{
    if (st == DMG_OK) st = dmg_model_save(model, path, err);
    dmg_model_destroy(model);
    return st;
}

static dmg_status load_model(const char *path, dmg_error *err)
{
    dmg_model *model = NULL;
    const dmg_status st = dmg_model_load(&model, "cross-species", err);
    return save_and_destroy(st, model, path, err);
}

static dmg_status join_models(const char *path, dmg_error *err)
{
    static const char *const names[] = {"human", "cross-species"};
    dmg_model *model = NULL;
    const dmg_status st = dmg_model_join(&model, "joined", names, 2, err);
    return save_and_destroy(st, model, path, err);
}

static dmg_status part_model(const char *path, dmg_error *err)
{
    dmg_model *model = NULL;
    const dmg_status st = dmg_model_member(&model, human, 0, err);
    return save_and_destroy(st, model, path, err);
}

static dmg_status calibrate_model(const char *path, dmg_error *err)
{
    const dmg_calibration calibration = {.a = 1.5, .b = -1, .prior = 0.25, .records = 10};
    dmg_model *model = NULL;
    const dmg_status st =
        dmg_model_calibrate(&model, human, &calibration, "{\"positive\": []}", err);
    return save_and_destroy(st, model, path, err);
}

static void test_models(void **state)
{
    (void)state;
    assert_same_or_error(save_model, 200, 11);
    assert_same_or_error(load_model, 200, 11);
    assert_same_or_error(join_models, 200, 11);
    assert_same_or_error(part_model, 200, 11);
    assert_same_or_error(calibrate_model, 200, 11);
}

/* --- training --- */

static dmg_dataset *toy;

static dmg_train_options toy_options(void)
{
    dmg_train_options options = dmg_train_options_defaults();
    options.architecture = toy_architecture();
    options.epochs = 1;
    options.cpu = DMG_CPU_SCALAR;
    options.teacher = human;
    return options;
}

static dmg_status train_model(const char *path, dmg_error *err)
{
    dmg_train_options options = toy_options();
    dmg_model *model = NULL;
    char checkpoint[4096];
    snprintf(checkpoint, sizeof checkpoint, "%s.checkpoint", path);
    options.checkpoint = checkpoint;
    options.resume = true;
    const dmg_status st = dmg_train(&model, toy, &options, err);
    return save_and_destroy(st, model, path, err);
}

static void test_training(void **state)
{
    (void)state;
    assert_same_or_error(train_model, 100, 13);
}

/* --- metrics --- */

static dmg_crossval *runs;

/* metrics.json has all JSON of a cross-validation, and lies in its folder. */
static dmg_status write_runs(const char *path, dmg_error *err)
{
    const char *metrics = scratch_path("runs/metrics.json");
    (void)unlink(metrics);
    const dmg_status st = dmg_crossval_write(runs, err);
    if (st == DMG_OK) assert_int_equal(rename(metrics, path), 0);
    return st;
}

static void test_cross_validation(void **state)
{
    (void)state;
    static char folder[4096];
    dmg_crossval_options options = dmg_crossval_options_defaults();
    dmg_error err;
    snprintf(folder, sizeof folder, "%s", scratch_path("runs"));
    options.training = toy_options();
    options.training.teacher = NULL;
    options.folds = 2;
    options.members = 2;
    options.average_last = 1;
    options.replicates = 2;
    options.figures = NULL;
    options.folder = folder;
    assert_ok(dmg_crossval_create(&runs, toy, &options, &err), &err);
    assert_same_or_error(write_runs, 100, 47);
    dmg_crossval_destroy(runs);
}

static dmg_status write_table(const char *path, dmg_error *err)
{
    double values[DMG_METRICS] = {0};
    const dmg_report_method methods[] = {{"one", 0.5, values, NULL}, {"two", 0.5, values, NULL}};
    dmg_output *output = NULL;
    dmg_status st = dmg_output_open(&output, path, err);
    if (st == DMG_OK)
        st = dmg_report_json(dmg_output_stream(output), "{\"a\": 1}", methods, 2, err);
    if (st == DMG_OK) return dmg_output_commit(output, err);
    dmg_output_discard(output);
    return st;
}

static void test_table(void **state)
{
    (void)state;
    assert_same_or_error(write_table, 200, 3);
}

/* --- */

static int set_up(void **state)
{
    dmg_error err;
    char path[4096];
    json_set_alloc_funcs(fail_once, free);
    if (scratch_setup(state) != 0) return -1;
    toy_write(1);
    assert_ok(dmg_model_load(&human, "human", &err), &err);
    assert_ok(dmg_dataset_create(&toy, &err), &err);
    snprintf(path, sizeof path, "%s", scratch_path("positive.fa"));
    assert_ok(dmg_dataset_add(toy, path, true, &err), &err);
    snprintf(path, sizeof path, "%s", scratch_path("negative.fa"));
    assert_ok(dmg_dataset_add(toy, path, false, &err), &err);
    assert_ok(dmg_dataset_fold(toy, 1, DMG_CPU_AUTO, &err), &err);
    return 0;
}

static int tear_down(void **state)
{
    dmg_dataset_destroy(toy);
    dmg_model_destroy(human);
    char command[4200];
    snprintf(command, sizeof command, "rm -rf '%s'", scratch_path("runs"));
    if (system(command) != 0) return -1;
    return scratch_teardown(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_models),
        cmocka_unit_test(test_training),
        cmocka_unit_test(test_cross_validation),
        cmocka_unit_test(test_table),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
