/* SPDX-License-Identifier: MIT */
/* Models with a network of their own for long sequences: which network scores what, the file, and
 * what is refused. Files are put together from two models of one architecture. */
#include "unit.h"

#include <jansson.h>
#include <math.h>

#include "architectures.h"
#include "base/rng.h"
#include "model/model.h"
#include "model/safetensors.h"
#include "random_model.h"
#include "scratch.h"

enum { FROM = 60, LONGEST = 120, TASKS = 2 * LONGEST };

static const char calibration_text[] = "{\"a\":2,\"b\":0.5,\"prior\":0.25,\"records\":10}";
static const char long_calibration_text[] = "{\"a\":0.5,\"b\":-1,\"prior\":0.25,\"records\":20}";

static dmg_model *make_model(uint64_t seed)
{
    return random_model(architecture_2016(), seed, "m", "{}");
}

/* --- files --- */

/* What a file says beyond its networks; `tensors`: how many of those for long sequences it has. */
typedef struct content {
    const char *from, *calibration, *long_calibration;
    size_t tensors;
} content;

#define ALL SIZE_MAX

static json_t *metadata_of(const dmg_model *model, const content *c)
{
    static const char *const keys[] = {"format", "format_version", "name", "architecture",
                                       "alphabet"};
    json_t *metadata = json_object();
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        json_object_set_new(metadata, keys[k], json_string(dmg_model_metadata(model, keys[k])));
    if (c->from) json_object_set_new(metadata, "long_from", json_string(c->from));
    if (c->calibration) json_object_set_new(metadata, "calibration", json_string(c->calibration));
    if (c->long_calibration)
        json_object_set_new(metadata, "long_calibration", json_string(c->long_calibration));
    return metadata;
}

static void describe(safetensors_tensor *tensors, char (*names)[64], const dmg_model *model,
                     size_t count, const char *prefix)
{
    for (size_t k = 0; k < count; k++) {
        const network_tensor *t = &model_network(model)->tensors[k];
        snprintf(names[k], sizeof names[k], "%s%s", prefix, t->name);
        tensors[k] = (safetensors_tensor){.name = names[k],
                                          .element = sizeof(float),
                                          .rank = (size_t)t->rank,
                                          .shape = {t->shape[0], t->shape[1]},
                                          .values = model_params(model, 0) + t->offset};
    }
}

/* The file of `model` with the network of `longer`; the caller's to free. */
static uint8_t *join(size_t *size, const dmg_model *model, const dmg_model *longer,
                     const content *c)
{
    const size_t own = model_network(model)->tensor_count;
    const size_t more = c->tensors < own ? c->tensors : own;
    safetensors_tensor *tensors = malloc(2 * own * sizeof *tensors);
    char(*names)[64] = malloc(2 * own * sizeof *names);
    assert_non_null(tensors);
    assert_non_null(names);
    describe(tensors, names, model, own, "");
    describe(tensors + own, names + own, longer, more, "long.");
    json_t *metadata = metadata_of(model, c);
    uint8_t *bytes = NULL;
    dmg_error err;
    assert_ok(safetensors_write(&bytes, size, metadata, tensors, own + more, &err), &err);
    json_decref(metadata);
    free(names);
    free(tensors);
    return bytes;
}

static dmg_model *joined(const dmg_model *model, const dmg_model *longer, bool calibrated)
{
    const content c = {.from = "60",
                       .calibration = calibrated ? calibration_text : NULL,
                       .long_calibration = calibrated ? long_calibration_text : NULL,
                       .tensors = ALL};
    size_t size;
    uint8_t *bytes = join(&size, model, longer, &c);
    dmg_model *out = NULL;
    dmg_error err;
    assert_ok(dmg_model_load_memory(&out, bytes, size, "file", &err), &err);
    assert_int_equal(dmg_model_long_from(out), FROM);
    free(bytes);
    return out;
}

/* --- sequences --- */

typedef struct task_set {
    char letters[TASKS][LONGEST], brackets[TASKS][LONGEST];
    dmg_predict_task tasks[TASKS];
} task_set;

/* Hairpins of every length, twice, in an order by chance. */
static task_set *draw_tasks(void)
{
    task_set *set = malloc(sizeof *set);
    assert_non_null(set);
    dmg_rng rng;
    dmg_rng_init(&rng, 3, 0);
    for (size_t i = 0; i < TASKS; i++) {
        const size_t length = 1 + (i * 77) % LONGEST;
        for (size_t k = 0; k < length; k++) {
            set->letters[i][k] = "ACGU"[dmg_rng_below(&rng, 4)];
            set->brackets[i][k] = k < length / 3 ? '(' : k >= length - length / 3 ? ')' : '.';
        }
        set->tasks[i] = (dmg_predict_task){
            .sequence = set->letters[i], .structure = set->brackets[i], .length = length};
    }
    return set;
}

static void predict(float p[TASKS], const dmg_model *model, task_set *set, int threads,
                    double prior)
{
    dmg_predictor *predictor = NULL;
    dmg_error err;
    assert_ok(dmg_predictor_create(&predictor, model, threads, DMG_CPU_AUTO, &err), &err);
    dmg_predictor_use_long(predictor, true);
    if (prior > 0) assert_ok(dmg_predictor_set_prior(predictor, prior, &err), &err);
    assert_ok(dmg_predict(predictor, set->tasks, TASKS, &err), &err);
    for (size_t i = 0; i < TASKS; i++) p[i] = set->tasks[i].p_mirna;
    dmg_predictor_destroy(predictor);
}

static double restated(const char *calibration, double p, double prior)
{
    dmg_calibration c = {0};
    json_t *object = json_loads(calibration, 0, NULL);
    c.a = json_number_value(json_object_get(object, "a"));
    c.b = json_number_value(json_object_get(object, "b"));
    c.prior = json_number_value(json_object_get(object, "prior"));
    json_decref(object);
    c = dmg_calibration_restate(c, prior);
    return dmg_calibration_apply(&c, p);
}

/* --- tests --- */

static void test_length_chooses_the_network(void **state)
{
    (void)state;
    dmg_model *model = make_model(1), *longer = make_model(2), *both = joined(model, longer, false);
    task_set *set = draw_tasks();
    static float of_model[TASKS], of_longer[TASKS], p[TASKS];
    predict(of_model, model, set, 1, 0);
    predict(of_longer, longer, set, 1, 0);
    for (int threads = 1; threads <= 3; threads++) {
        predict(p, both, set, threads, 0);
        for (size_t i = 0; i < TASKS; i++) {
            assert_true(of_model[i] != of_longer[i]);
            assert_true(p[i] == (set->tasks[i].length >= FROM ? of_longer : of_model)[i]);
        }
    }
    assert_int_equal(dmg_model_parameters(both), 2 * dmg_model_parameters(model));
    assert_int_equal(dmg_model_members(both), 1);
    assert_true(dmg_model_long_from(model) == SIZE_MAX);
    free(set);
    dmg_model_destroy(both);
    dmg_model_destroy(longer);
    dmg_model_destroy(model);
}

static void test_each_network_has_its_calibration(void **state)
{
    (void)state;
    dmg_model *model = make_model(1), *longer = make_model(2), *both = joined(model, longer, true);
    task_set *set = draw_tasks();
    static float of_model[TASKS], of_longer[TASKS], p[TASKS];
    predict(of_model, model, set, 1, 0);
    predict(of_longer, longer, set, 1, 0);
    for (int k = 0; k < 2; k++) {
        const double prior = k == 0 ? 0.25 : 0.01;
        predict(p, both, set, 2, k == 0 ? 0 : prior);
        for (size_t i = 0; i < TASKS; i++) {
            const double expected =
                set->tasks[i].length >= FROM
                    ? restated(long_calibration_text, (double)of_longer[i], prior)
                    : restated(calibration_text, (double)of_model[i], prior);
            assert_true(fabs((double)p[i] - expected) < 1e-6);
        }
    }
    free(set);
    dmg_model_destroy(both);
    dmg_model_destroy(longer);
    dmg_model_destroy(model);
}

static void test_saved_model_keeps_both_networks(void **state)
{
    (void)state;
    dmg_model *model = make_model(1), *longer = make_model(2), *both = joined(model, longer, true);
    dmg_model *again = NULL;
    dmg_error err;
    const char *path = scratch_path("both");
    assert_ok(dmg_model_save(both, path, &err), &err);
    assert_ok(dmg_model_load(&again, path, &err), &err);
    assert_string_equal(dmg_model_metadata(again, "checksum"),
                        dmg_model_metadata(both, "checksum"));
    task_set *set = draw_tasks();
    static float before[TASKS], after[TASKS];
    predict(before, both, set, 1, 0);
    predict(after, again, set, 1, 0);
    assert_memory_equal(before, after, sizeof before);
    free(set);
    dmg_model_destroy(again);
    dmg_model_destroy(both);
    dmg_model_destroy(longer);
    dmg_model_destroy(model);
}

/* What is made of the model has its ordinary network alone. */
static void test_derived_models_have_one_network(void **state)
{
    (void)state;
    static const char *const keys[] = {"long_from", "long_calibration", "scan_long_span"};
    dmg_model *model = make_model(1), *longer = make_model(2), *both = joined(model, longer, true);
    dmg_model *derived[2] = {NULL};
    dmg_error err;
    assert_ok(dmg_model_calibrate(&derived[0], both, NULL, NULL, &err), &err);
    assert_ok(dmg_model_member(&derived[1], both, 0, &err), &err);
    task_set *set = draw_tasks();
    static float of_model[TASKS], p[TASKS];
    predict(of_model, model, set, 1, 0);
    for (size_t d = 0; d < 2; d++) {
        assert_true(dmg_model_long_from(derived[d]) == SIZE_MAX);
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            assert_null(dmg_model_metadata(derived[d], keys[k]));
        predict(p, derived[d], set, 1, 0);
        assert_memory_equal(of_model, p, sizeof p);
        dmg_model_destroy(derived[d]);
    }
    free(set);
    dmg_model_destroy(both);
    dmg_model_destroy(longer);
    dmg_model_destroy(model);
}

/* Sequences that a scan would not take as candidates. */
static void test_long_network_is_used_where_asked_for(void **state)
{
    (void)state;
    dmg_model *model = make_model(1), *longer = make_model(2), *both = joined(model, longer, false);
    task_set *set = draw_tasks();
    static float of_model[TASKS];
    dmg_predictor *predictor = NULL;
    dmg_error err;
    predict(of_model, model, set, 1, 0);
    assert_ok(dmg_predictor_create(&predictor, both, 1, DMG_CPU_AUTO, &err), &err);
    for (int k = 0; k < 2; k++) {
        assert_ok(dmg_predict(predictor, set->tasks, TASKS, &err), &err);
        for (size_t i = 0; i < TASKS; i++) assert_true(set->tasks[i].p_mirna == of_model[i]);
        dmg_predictor_use_long(predictor, true);
        dmg_predictor_use_long(predictor, false);
    }
    dmg_predictor_destroy(predictor);
    free(set);
    dmg_model_destroy(both);
    dmg_model_destroy(longer);
    dmg_model_destroy(model);
}

static const struct {
    content content;
    const char *message;
} refusals[] = {
    {{.from = "0", .tensors = ALL}, "file: long_from is '0'; expected 1 to 100000"},
    {{.from = "100001", .tensors = ALL}, "long_from is '100001'"},
    {{.from = "", .tensors = ALL}, "long_from is ''"},
    {{.from = " 60", .tensors = ALL}, "long_from is ' 60'"},
    {{.from = "60 nt", .tensors = ALL}, "long_from is '60 nt'"},
    {{.from = "-60", .tensors = ALL}, "long_from is '-60'"},
    {{.tensors = ALL}, "36 tensors, the architecture has 18"},
    {{.from = "60"}, "18 tensors, the architecture with the network for long sequences has 36"},
    {{.from = "60", .tensors = 17}, "35 tensors, the architecture with the network"},
    {{.from = "60", .calibration = calibration_text, .tensors = ALL},
     "calibration without long_calibration"},
    {{.from = "60", .long_calibration = calibration_text, .tensors = ALL},
     "long_calibration without calibration"},
    {{.calibration = calibration_text, .long_calibration = calibration_text},
     "long_calibration without long_from"},
    {{.from = "60", .calibration = calibration_text, .long_calibration = "{}", .tensors = ALL},
     "its calibration: "},
};

static void test_files_at_fault_are_refused(void **state)
{
    (void)state;
    dmg_model *model = make_model(1), *longer = make_model(2);
    for (size_t k = 0; k < sizeof refusals / sizeof *refusals; k++) {
        size_t size;
        uint8_t *bytes = join(&size, model, longer, &refusals[k].content);
        dmg_model *out = NULL;
        dmg_error err = {0};
        assert_int_equal(dmg_model_load_memory(&out, bytes, size, "file", &err), DMG_FORMAT);
        if (!strstr(err.message, refusals[k].message))
            fail_msg("'%s' instead of '%s'", err.message, refusals[k].message);
        assert_null(out);
        free(bytes);
    }
    dmg_model_destroy(longer);
    dmg_model_destroy(model);
}

static void test_value_of_the_second_network_is_checked(void **state)
{
    (void)state;
    dmg_model *model = make_model(1), *longer = make_model(2);
    const content c = {.from = "60", .tensors = ALL};
    float *const params = (float *)(uintptr_t)model_params(longer, 0);
    params[model_network(longer)->tensors[3].offset] = NAN;
    size_t size;
    uint8_t *bytes = join(&size, model, longer, &c);
    dmg_model *out = NULL;
    dmg_error err = {0};
    assert_int_equal(dmg_model_load_memory(&out, bytes, size, "file", &err), DMG_FORMAT);
    assert_non_null(strstr(err.message, "tensor 'long."));
    assert_non_null(strstr(err.message, "not finite"));
    free(bytes);
    dmg_model_destroy(longer);
    dmg_model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_length_chooses_the_network),
        cmocka_unit_test(test_each_network_has_its_calibration),
        cmocka_unit_test(test_saved_model_keeps_both_networks),
        cmocka_unit_test(test_derived_models_have_one_network),
        cmocka_unit_test(test_long_network_is_used_where_asked_for),
        cmocka_unit_test(test_files_at_fault_are_refused),
        cmocka_unit_test(test_value_of_the_second_network_is_checked),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
