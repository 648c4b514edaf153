/* SPDX-License-Identifier: MIT */
/* Models of several networks: their mean, the way to a file and back, what cannot be joined, and
 * files that lie about their members.
 */
#include "unit.h"

#include <jansson.h>

#include "architectures.h"
#include "base/rng.h"
#include "deepmirgene/model.h"
#include "model/model.h"
#include "model/safetensors.h"
#include "random_model.h"
#include "scratch.h"

/* --- models --- */

static dmg_architecture small_architecture(void)
{
    dmg_architecture a = {.id = "small"};
    add_stream(&a, DMG_STREAM_SEQUENCE, 2, UNITS(2), false);
    add_dense(&a, "output", INPUTS(0), 2, 0);
    return a;
}

/* Writes a model of one network to the scratch folder. */
static void write_single(const char *path, const dmg_architecture *architecture, uint64_t seed)
{
    char training[64];
    snprintf(training, sizeof training, "{\"seed\":%d,\"rate\":0.1}", (int)seed);
    dmg_model *model = random_model(*architecture, seed, "single", training);
    dmg_error err;
    assert_ok(dmg_model_save(model, path, &err), &err);
    dmg_model_destroy(model);
}

typedef struct paths {
    char text[DMG_MAX_MEMBERS + 1][4096];
    const char *list[DMG_MAX_MEMBERS + 1];
} paths;

/* `count` models that differ in their seeds. */
static paths *write_singles(dmg_architecture architecture, size_t count)
{
    paths *p = calloc(1, sizeof *p);
    assert_non_null(p);
    for (size_t m = 0; m < count; m++) {
        snprintf(p->text[m], sizeof p->text[m], "%s/single-%zu", scratch_folder, m);
        p->list[m] = p->text[m];
        write_single(p->list[m], &architecture, m + 1);
    }
    return p;
}

static dmg_model *load(const char *path)
{
    dmg_model *model = NULL;
    dmg_error err;
    assert_ok(dmg_model_load(&model, path, &err), &err);
    return model;
}

static dmg_model *join(const paths *p, size_t count)
{
    dmg_model *model = NULL;
    dmg_error err;
    assert_ok(dmg_model_join(&model, "joined", p->list, count, &err), &err);
    return model;
}

/* --- predictions --- */

enum { TASKS = 30, LONGEST = 100, MEMBERS = 3 };

typedef struct task_set {
    char sequences[TASKS][LONGEST], structures[TASKS][LONGEST];
    dmg_predict_task tasks[TASKS];
} task_set;

/* Random letters in hairpins of random length. */
static void draw_tasks(task_set *set)
{
    dmg_rng rng;
    dmg_rng_init(&rng, 1, 0);
    for (size_t i = 0; i < TASKS; i++) {
        const size_t length = 1 + (size_t)dmg_rng_below(&rng, LONGEST), stem = length / 3;
        for (size_t k = 0; k < length; k++) {
            set->sequences[i][k] = "ACGU"[dmg_rng_below(&rng, 4)];
            set->structures[i][k] = k < stem ? '(' : k < length - stem ? '.' : ')';
        }
        set->tasks[i] = (dmg_predict_task){.sequence = set->sequences[i],
                                           .structure = set->structures[i],
                                           .length = length,
                                           .p_mirna = -1};
    }
}

static void predict(float *scores, const dmg_model *model, task_set *set, int threads, dmg_cpu cpu)
{
    dmg_predictor *predictor = NULL;
    dmg_error err;
    assert_ok(dmg_predictor_create(&predictor, model, threads, cpu, &err), &err);
    assert_ok(dmg_predict(predictor, set->tasks, TASKS, &err), &err);
    for (size_t i = 0; i < TASKS; i++) scores[i] = set->tasks[i].p_mirna;
    dmg_predictor_destroy(predictor);
}

static void assert_mean(const paths *p, task_set *set, dmg_cpu cpu)
{
    float single[MEMBERS][TASKS], joined[TASKS];
    for (size_t m = 0; m < MEMBERS; m++) {
        dmg_model *model = load(p->list[m]);
        predict(single[m], model, set, 1, cpu);
        dmg_model_destroy(model);
    }
    dmg_model *model = join(p, MEMBERS);
    for (int threads = 1; threads <= 3; threads++) {
        predict(joined, model, set, threads, cpu);
        for (size_t i = 0; i < TASKS; i++) {
            double sum = 0;
            for (size_t m = 0; m < MEMBERS; m++) sum += (double)single[m][i];
            assert_true(joined[i] == (float)(sum / MEMBERS));
            assert_true(joined[i] != single[0][i]);
        }
    }
    dmg_model_destroy(model);
}

static void test_prediction_is_the_mean_to_the_bit(void **state)
{
    (void)state;
    task_set set;
    draw_tasks(&set);
    const dmg_architecture architectures[] = {architecture_2016(), architecture_variant()};
    for (size_t a = 0; a < 2; a++) {
        paths *p = write_singles(architectures[a], MEMBERS);
        assert_mean(p, &set, DMG_CPU_SCALAR);
        assert_mean(p, &set, DMG_CPU_AUTO);
        free(p);
    }
}

/* --- files --- */

static void test_joined_model_is_read_back_and_saved_alike(void **state)
{
    (void)state;
    paths *p = write_singles(small_architecture(), DMG_MAX_MEMBERS);
    dmg_model *joined = join(p, DMG_MAX_MEMBERS);
    const char *first = scratch_path("first"), *second = scratch_path("second");
    dmg_error err;
    assert_ok(dmg_model_save(joined, first, &err), &err);
    dmg_model *loaded = load(first);
    assert_int_equal(dmg_model_members(loaded), DMG_MAX_MEMBERS);
    assert_string_equal(dmg_model_metadata(loaded, "members"), "16");
    assert_string_equal(dmg_model_metadata(loaded, "name"), "joined");
    for (size_t m = 0; m < DMG_MAX_MEMBERS; m++) {
        dmg_model *single = load(p->list[m]);
        assert_int_equal(dmg_model_members(single), 1);
        assert_null(dmg_model_metadata(single, "members"));
        assert_int_equal(dmg_model_parameters(loaded),
                         DMG_MAX_MEMBERS * dmg_model_parameters(single));
        assert_memory_equal(model_params(loaded, m), model_params(single, 0),
                            model_network(single)->parameters * sizeof(float));
        dmg_model_destroy(single);
    }
    assert_ok(dmg_model_save(loaded, second, &err), &err);
    size_t size, size_again;
    char *bytes = scratch_read(first, &size), *again = scratch_read(second, &size_again);
    assert_int_equal(size, size_again);
    assert_memory_equal(bytes, again, size);
    free(again);
    free(bytes);
    dmg_model_destroy(loaded);
    dmg_model_destroy(joined);
    free(p);
}

static void test_training_lists_the_members(void **state)
{
    (void)state;
    paths *p = write_singles(small_architecture(), 2);
    dmg_model *joined = join(p, 2);
    json_t *training = json_loads(dmg_model_metadata(joined, "training"), 0, NULL);
    const json_t *members = json_object_get(training, "members");
    assert_int_equal(json_array_size(members), 2);
    for (size_t m = 0; m < 2; m++) {
        dmg_model *single = load(p->list[m]);
        const json_t *member = json_array_get(members, m);
        json_t *own = json_loads(dmg_model_metadata(single, "training"), 0, NULL);
        assert_true(json_equal(json_object_get(member, "training"), own));
        assert_string_equal(json_string_value(json_object_get(member, "name")), "single");
        assert_string_equal(json_string_value(json_object_get(member, "checksum")),
                            dmg_model_metadata(single, "checksum"));
        json_decref(own);
        dmg_model_destroy(single);
    }
    json_decref(training);
    dmg_model_destroy(joined);
    free(p);
}

/* The same bytes as the file that was joined, whose training and name came along. */
static void test_member_is_the_model_that_was_joined(void **state)
{
    (void)state;
    paths *p = write_singles(architecture_2016(), 2);
    dmg_model *joined = join(p, 2);
    dmg_error err;
    for (size_t m = 0; m < 2; m++) {
        dmg_model *member = NULL;
        assert_ok(dmg_model_member(&member, joined, m, &err), &err);
        const char *path = scratch_path("member");
        assert_ok(dmg_model_save(member, path, &err), &err);
        size_t size, size_before;
        char *bytes = scratch_read(path, &size), *before = scratch_read(p->list[m], &size_before);
        assert_int_equal(size, size_before);
        assert_memory_equal(bytes, before, size);
        free(before);
        free(bytes);
        dmg_model_destroy(member);
    }
    dmg_model *none = NULL;
    assert_int_equal(dmg_model_member(&none, joined, 2, &err), DMG_RANGE);
    assert_string_equal(err.message, "the model has 2 members; member 3 does not exist");
    assert_null(none);
    dmg_model_destroy(joined);
    free(p);
}

/* --- what cannot be joined --- */

static void assert_not_joined(const char *name, const char *const *list, size_t count,
                              dmg_status status, const char *message)
{
    dmg_model *model = NULL;
    dmg_error err;
    assert_int_equal(dmg_model_join(&model, name, list, count, &err), status);
    if (!strstr(err.message, message)) fail_msg("'%s' instead of '%s'", err.message, message);
    assert_null(model);
}

static void test_what_cannot_be_joined(void **state)
{
    (void)state;
    paths *p = write_singles(small_architecture(), DMG_MAX_MEMBERS + 1);
    const char *const *all = p->list;
    assert_not_joined("x", all, 0, DMG_RANGE, "0 models to join; expected 2 to 16");
    assert_not_joined("x", all, 1, DMG_RANGE, "1 model to join; expected 2 to 16");
    assert_not_joined("x", all, DMG_MAX_MEMBERS + 1, DMG_RANGE, "17 models to join");
    assert_not_joined("\xff", all, 2, DMG_RANGE, "the model's name is not valid UTF-8");
    assert_not_joined("x", (const char *[]){all[0], "missing"}, 2, DMG_IO, "missing: No such file");
    assert_not_joined("x", (const char *[]){all[0], all[1], all[0]}, 3, DMG_RANGE,
                      "single-0: same network as ");
    assert_not_joined("x", (const char *[]){all[0], "human"}, 2, DMG_UNSUPPORTED,
                      "human: architecture differs from that of ");
    dmg_model *joined = join(p, 2);
    dmg_error err;
    assert_ok(dmg_model_save(joined, scratch_path("joined"), &err), &err);
    assert_not_joined("x", (const char *[]){all[2], scratch_path("joined")}, 2, DMG_UNSUPPORTED,
                      "joined: already has 2 members");
    dmg_model_destroy(joined);
    free(p);
}

/* --- files that lie --- */

/* Tensors that were read are little-endian; those to be written are of this processor. */
static void make_native(uint8_t *bytes, const safetensors_file *file)
{
    for (size_t t = 0; t < file->count; t++) {
        const size_t size = safetensors_elements(&file->tensors[t]) * sizeof(float);
        float *values = malloc(size);
        assert_non_null(values);
        safetensors_floats(values, &file->tensors[t]);
        memcpy(bytes + ((const uint8_t *)file->tensors[t].values - bytes), values, size);
        free(values);
    }
}

/* The file with another word for its members (NULL: none) and, unless it is NULL, another name for
 * its last tensor; its checksum is right. */
static void assert_refused(const char *path, const char *members, const char *last_name,
                           dmg_status status, const char *message)
{
    size_t size, changed_size;
    uint8_t *bytes = scratch_read(path, &size), *changed = NULL;
    safetensors_file file = {0};
    dmg_error err;
    assert_ok(safetensors_parse(&file, bytes, size, path, &err), &err);
    make_native(bytes, &file);
    json_t *metadata = json_copy(file.metadata);
    if (members)
        json_object_set_new(metadata, "members", json_string(members));
    else
        json_object_del(metadata, "members");
    if (last_name) file.tensors[file.count - 1].name = last_name;
    assert_ok(safetensors_write(&changed, &changed_size, metadata, file.tensors, file.count, &err),
              &err);
    dmg_model *model = NULL;
    assert_int_equal(dmg_model_load_memory(&model, changed, changed_size, "the-file", &err),
                     status);
    if (!strstr(err.message, message) || strncmp(err.message, "the-file: ", 10) != 0)
        fail_msg("'%s' instead of '%s'", err.message, message);
    assert_null(model);
    json_decref(metadata);
    safetensors_clear(&file);
    free(changed);
    free(bytes);
}

static void test_members_that_are_not_there(void **state)
{
    (void)state;
    paths *p = write_singles(small_architecture(), 2);
    dmg_model *joined = join(p, 2);
    const char *path = scratch_path("joined");
    dmg_error err;
    assert_ok(dmg_model_save(joined, path, &err), &err);
    static const char *const wrong[] = {"",   "0",   "1",  "-2",   "+2",  "02",
                                        "2 ", "2.0", "17", "1000", "two", "18446744073709551618"};
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++)
        assert_refused(path, wrong[k], NULL, DMG_RANGE, "members; expected 2 to 16");
    assert_refused(path, NULL, NULL, DMG_FORMAT, "12 tensors, the architecture has 6");
    assert_refused(path, "3", NULL, DMG_FORMAT,
                   "12 tensors, the architecture with all members has 18");
    assert_refused(p->list[0], "2", NULL, DMG_FORMAT,
                   "6 tensors, the architecture with all members has 12");
    assert_refused(path, "2", "member.2.output.bias", DMG_FORMAT,
                   "tensor 'member.1.output.bias' is missing");
    assert_refused(path, "2", "output.bias", DMG_FORMAT,
                   "tensor 'member.1.output.bias' is missing");
    dmg_model_destroy(joined);
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prediction_is_the_mean_to_the_bit),
        cmocka_unit_test(test_joined_model_is_read_back_and_saved_alike),
        cmocka_unit_test(test_training_lists_the_members),
        cmocka_unit_test(test_member_is_the_model_that_was_joined),
        cmocka_unit_test(test_what_cannot_be_joined),
        cmocka_unit_test(test_members_that_are_not_there),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
