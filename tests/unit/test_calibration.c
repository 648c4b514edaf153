/* SPDX-License-Identifier: MIT */
/* Calibration: Platt's fit against its definition, the arithmetic of priors, what models make of
 * it, and what is refused. */
#include "unit.h"

#include <float.h>
#include <math.h>

#include "architectures.h"
#include "base/rng.h"
#include "deepmirgene/calibration.h"
#include "model/calibration.h"
#include "model/model.h"
#include "random_model.h"
#include "scratch.h"

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

static void assert_close(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance)) fail_msg("%.17g is not %.17g", a, b);
}

static dmg_calibration fit(const float *p, const bool *labels, size_t count)
{
    dmg_calibration c;
    dmg_error err;
    assert_ok(dmg_calibration_fit(&c, p, labels, count, &err), &err);
    return c;
}

/* --- the fit --- */

enum { DRAWN = 200000 };

/* Records whose labels are drawn with the probability s(a l(p) + b). */
static void test_fit_finds_what_the_labels_were_drawn_from(void **state)
{
    (void)state;
    const double cases[][2] = {{1, 0}, {0.4, -2}, {2.5, 1}};
    float *p = malloc(DRAWN * sizeof *p);
    bool *labels = malloc(DRAWN * sizeof *labels);
    assert_true(p && labels);
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        size_t positives = 0;
        dmg_rng rng;
        dmg_rng_init(&rng, 7, k);
        for (size_t i = 0; i < DRAWN; i++) {
            const double l = 8 * (double)dmg_rng_below(&rng, 1000001) / 1e6 - 4;
            p[i] = (float)logistic(l);
            labels[i] = (double)dmg_rng_below(&rng, 1000000) / 1e6 <
                        logistic(cases[k][0] * l + cases[k][1]);
            positives += labels[i];
        }
        const dmg_calibration c = fit(p, labels, DRAWN);
        assert_close(c.a, cases[k][0], 0.03 * cases[k][0]);
        assert_close(c.b, cases[k][1], 0.03);
        assert_close(c.prior, (double)positives / DRAWN, 1e-15);
        assert_int_equal(c.records, DRAWN);
    }
    free(p);
    free(labels);
}

/* Three others and one precursor at p = 1/3, one and two at 2/3: by a straight line through two
 * points both get exactly the mean of their targets, 1/6 for others and 4/5 for precursors. */
static void test_fit_of_a_worked_example(void **state)
{
    (void)state;
    const float low = 1.0f / 3, high = 2.0f / 3;
    const float p[] = {low, low, low, low, high, high, high};
    const bool labels[] = {0, 0, 0, 1, 0, 1, 1};
    const dmg_calibration c = fit(p, labels, 7);
    assert_close(c.prior, 3.0 / 7, 1e-15);
    assert_close(dmg_calibration_apply(&c, (double)low), (3.0 / 6 + 4.0 / 5) / 4, 1e-9);
    assert_close(dmg_calibration_apply(&c, (double)high), (1.0 / 6 + 2 * 4.0 / 5) / 3, 1e-9);
}

/* The targets of Platt keep the answer finite; p of 0 and 1 do not give infinite logits. */
static void test_fit_of_classes_apart_is_finite(void **state)
{
    (void)state;
    const float p[] = {0, 0, 1, 1, 1};
    const bool labels[] = {0, 0, 1, 1, 1};
    const dmg_calibration c = fit(p, labels, 5);
    assert_true(isfinite(c.a) && c.a > 0 && isfinite(c.b));
    assert_close(dmg_calibration_apply(&c, 0), 1.0 / 4, 1e-6);
    assert_close(dmg_calibration_apply(&c, 1), 4.0 / 5, 1e-6);
}

static void assert_unfit(const float *p, const bool *labels, size_t count, const char *message)
{
    dmg_calibration c;
    dmg_error err;
    assert_int_equal(dmg_calibration_fit(&c, p, labels, count, &err), DMG_RANGE);
    if (!strstr(err.message, message)) fail_msg("'%s' without '%s'", err.message, message);
}

static void test_what_cannot_be_fitted_is_refused(void **state)
{
    (void)state;
    const bool labels[] = {1, 1, 0, 0}, all[] = {1, 1, 1, 1}, none[] = {0, 0, 0, 0};
    const float good[] = {0.9f, 0.8f, 0.2f, 0.1f}, wrong[] = {0.1f, 0.2f, 0.8f, 0.9f};
    const float same[] = {0.3f, 0.3f, 0.3f, 0.3f}, large[] = {0.9f, 1.5f, 0.2f, 0.1f};
    const float unknown[] = {0.9f, 0.8f, NAN, 0.1f};
    assert_unfit(good, all, 4, "needs precursors and other sequences");
    assert_unfit(good, none, 4, "needs precursors and other sequences");
    assert_unfit(NULL, NULL, 0, "needs precursors and other sequences");
    assert_unfit(wrong, labels, 4, "cannot be calibrated");
    assert_unfit(same, labels, 4, "cannot be calibrated");
    assert_unfit(large, labels, 4, "probability 1, 1.5, is not 0 to 1");
    assert_unfit(unknown, labels, 4, "is not 0 to 1");
}

/* --- what it does --- */

static void test_apply_is_the_formula_and_keeps_the_order(void **state)
{
    (void)state;
    const dmg_calibration c = {.a = 0.7, .b = -1.5, .prior = 0.1, .records = 10};
    double before = -1;
    for (int i = 1; i < 1000; i++) {
        const double p = i / 1000.0, made = dmg_calibration_apply(&c, p);
        assert_close(made, logistic(0.7 * log(p / (1 - p)) - 1.5), 1e-14);
        assert_true(made > before);
        before = made;
    }
    assert_true(dmg_calibration_apply(&c, 0) > 0);
    assert_true(dmg_calibration_apply(&c, 0) < dmg_calibration_apply(&c, 1e-30));
    assert_true(dmg_calibration_apply(&c, 1) < 1);
    assert_true(dmg_calibration_apply(&c, 1) > dmg_calibration_apply(&c, 0.9999999));
    const dmg_calibration steep = {.a = DBL_MAX, .b = -DBL_MAX, .prior = 0.5, .records = 2};
    assert_true(dmg_calibration_apply(&steep, 0) == 0);
    assert_true(dmg_calibration_apply(&steep, 1) == 1);
}

/* p = 0.8 at a share of one half: odds 4; at one in 101 they are 4 / 100. */
static void test_restated_odds_follow_the_prior(void **state)
{
    (void)state;
    const dmg_calibration half = {.a = 1, .b = 0, .prior = 0.5, .records = 2};
    const dmg_calibration rare = dmg_calibration_restate(half, 1.0 / 101);
    assert_close(dmg_calibration_apply(&half, 0.8), 0.8, 1e-12);
    assert_close(dmg_calibration_apply(&rare, 0.8), 0.04 / 1.04, 1e-12);
    assert_close(rare.prior, 1.0 / 101, 0);
    const dmg_calibration back = dmg_calibration_restate(rare, 0.5);
    assert_close(dmg_calibration_apply(&back, 0.8), 0.8, 1e-12);
}

/* --- models --- */

static dmg_model *make_model(void)
{
    return random_model(architecture_2016(), 3, "model", "{}");
}

static dmg_model *calibrate(const dmg_model *model, const dmg_calibration *c)
{
    dmg_model *made = NULL;
    dmg_error err;
    assert_ok(dmg_model_calibrate(&made, model, c, "{\"from\":\"here\"}", &err), &err);
    return made;
}

/* The probability of one hairpin; prior 0: as the model has it. */
static float predict(const dmg_model *model, double prior)
{
    dmg_predict_task task = {.sequence = "GGGGAAAACCCC", .structure = "((((....))))", .length = 12};
    dmg_predictor *predictor = NULL;
    dmg_error err;
    assert_ok(dmg_predictor_create(&predictor, model, 1, DMG_CPU_SCALAR, &err), &err);
    if (prior > 0) assert_ok(dmg_predictor_set_prior(predictor, prior, &err), &err);
    assert_ok(dmg_predict(predictor, &task, 1, &err), &err);
    dmg_predictor_destroy(predictor);
    return task.p_mirna;
}

static void test_calibrated_model_predicts_by_the_formula(void **state)
{
    (void)state;
    const dmg_calibration c = {.a = 1.25, .b = -0.75, .prior = 0.25, .records = 12};
    const dmg_calibration rare = dmg_calibration_restate(c, 0.001);
    dmg_model *plain = make_model(), *made = calibrate(plain, &c), *again = calibrate(made, &rare);
    dmg_model *bare = calibrate(again, NULL);
    const double p = (double)predict(plain, 0);
    assert_true(predict(made, 0) == (float)dmg_calibration_apply(&c, p));
    assert_true(predict(made, 0.001) == (float)dmg_calibration_apply(&rare, p));
    assert_close((double)predict(again, 0), dmg_calibration_apply(&rare, p), 1e-9);
    assert_true(predict(bare, 0) == (float)p);
    assert_false(dmg_model_calibration(NULL, plain));
    assert_false(dmg_model_calibration(NULL, bare));
    dmg_model_destroy(plain);
    dmg_model_destroy(made);
    dmg_model_destroy(again);
    dmg_model_destroy(bare);
}

static void test_calibration_is_kept_in_the_file(void **state)
{
    (void)state;
    const dmg_calibration c = {.a = 1 / 3.0, .b = 2, .prior = 1.25e-7, .records = 12};
    dmg_model *plain = make_model(), *made = calibrate(plain, &c), *loaded = NULL;
    const char *path = scratch_path("calibrated");
    dmg_error err;
    assert_ok(dmg_model_save(made, path, &err), &err);
    assert_ok(dmg_model_load(&loaded, path, &err), &err);
    dmg_calibration read;
    assert_true(dmg_model_calibration(&read, loaded));
    assert_close(read.a, c.a, 1e-9);
    assert_close(read.b, 2, 0);
    assert_close(read.prior, 1.25e-7, 1e-16);
    assert_int_equal(read.records, 12);
    assert_string_equal(dmg_model_metadata(loaded, "calibration"),
                        "{\"a\":0.333333333,\"b\":2.0,\"prior\":1.25e-7,"
                        "\"records\":12,\"data\":{\"from\":\"here\"}}");
    assert_true(predict(loaded, 0) == predict(made, 0));
    dmg_model_destroy(plain);
    dmg_model_destroy(made);
    dmg_model_destroy(loaded);
}

static void test_prior_of_a_predictor_is_checked(void **state)
{
    (void)state;
    const dmg_calibration c = {.a = 1, .b = 0, .prior = 0.5, .records = 2};
    const double wrong[] = {0, 1, -1, NAN};
    dmg_model *plain = make_model(), *made = calibrate(plain, &c);
    dmg_predictor *predictor = NULL;
    dmg_error err;
    assert_ok(dmg_predictor_create(&predictor, made, 1, DMG_CPU_SCALAR, &err), &err);
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++)
        assert_int_equal(dmg_predictor_set_prior(predictor, wrong[k], &err), DMG_RANGE);
    dmg_predictor_destroy(predictor);
    assert_ok(dmg_predictor_create(&predictor, plain, 1, DMG_CPU_SCALAR, &err), &err);
    assert_int_equal(dmg_predictor_set_prior(predictor, 0.5, &err), DMG_UNSUPPORTED);
    assert_non_null(strstr(err.message, "not calibrated"));
    dmg_predictor_destroy(predictor);
    dmg_model_destroy(plain);
    dmg_model_destroy(made);
}

/* --- hostile text --- */

static void test_wrong_text_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "null",
        "[1, 0, 0.5, 9]",
        "{\"a\":NaN,\"b\":0,\"prior\":0.5,\"records\":9}",
        "{\"a\":1e999,\"b\":0,\"prior\":0.5,\"records\":9}",
        "{\"a\":1,\"b\":null,\"prior\":0.5,\"records\":9}",
        "{\"a\":\"1\",\"b\":0,\"prior\":0.5,\"records\":9}",
        "{\"b\":0,\"prior\":0.5,\"records\":9}",
        "{\"a\":1,\"prior\":0.5,\"records\":9}",
        "{\"a\":1,\"b\":0,\"records\":9}",
        "{\"a\":1,\"b\":0,\"prior\":0.5}",
        "{\"a\":1,\"a\":1,\"b\":0,\"prior\":0.5,\"records\":9}",
        "{\"a\":0,\"b\":0,\"prior\":0.5,\"records\":9}",
        "{\"a\":-1,\"b\":0,\"prior\":0.5,\"records\":9}",
        "{\"a\":1,\"b\":0,\"prior\":0,\"records\":9}",
        "{\"a\":1,\"b\":0,\"prior\":1,\"records\":9}",
        "{\"a\":1,\"b\":0,\"prior\":-0.5,\"records\":9}",
        "{\"a\":1,\"b\":0,\"prior\":0.5,\"records\":1}",
        "{\"a\":1,\"b\":0,\"prior\":0.5,\"records\":-9}",
        "{\"a\":1,\"b\":0,\"prior\":0.5,\"records\":9} ",
    };
    const size_t count = sizeof wrong / sizeof *wrong;
    dmg_calibration c;
    dmg_error err;
    for (size_t k = 0; k + 1 < count; k++) {
        if (calibration_parse(&c, wrong[k], "the-file", &err) != DMG_FORMAT)
            fail_msg("'%s' is accepted", wrong[k]);
        if (strncmp(err.message, "the-file: its calibration: ", 27) != 0)
            fail_msg("'%s' of '%s'", err.message, wrong[k]);
    }
    assert_ok(calibration_parse(&c, wrong[count - 1], "the-file", &err), &err);
}

/* What cannot be read back is not made, either. */
static void test_wrong_calibration_makes_no_model(void **state)
{
    (void)state;
    const dmg_calibration wrong[] = {{.a = 0, .b = 0, .prior = 0.5, .records = 2},
                                     {.a = 1, .b = 0, .prior = 1, .records = 2},
                                     {.a = NAN, .b = 0, .prior = 0.5, .records = 2}};
    dmg_model *plain = make_model(), *made = NULL;
    dmg_error err;
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++)
        assert_int_not_equal(dmg_model_calibrate(&made, plain, &wrong[k], NULL, &err), DMG_OK);
    const dmg_calibration good = {.a = 1, .b = 0, .prior = 0.5, .records = 2};
    assert_int_equal(dmg_model_calibrate(&made, plain, &good, "{", &err), DMG_FORMAT);
    assert_null(made);
    dmg_model_destroy(plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fit_finds_what_the_labels_were_drawn_from),
        cmocka_unit_test(test_fit_of_a_worked_example),
        cmocka_unit_test(test_fit_of_classes_apart_is_finite),
        cmocka_unit_test(test_what_cannot_be_fitted_is_refused),
        cmocka_unit_test(test_apply_is_the_formula_and_keeps_the_order),
        cmocka_unit_test(test_restated_odds_follow_the_prior),
        cmocka_unit_test(test_calibrated_model_predicts_by_the_formula),
        cmocka_unit_test(test_calibration_is_kept_in_the_file),
        cmocka_unit_test(test_prior_of_a_predictor_is_checked),
        cmocka_unit_test(test_wrong_text_is_refused),
        cmocka_unit_test(test_wrong_calibration_makes_no_model),
    };
    return cmocka_run_group_tests_name("calibration", tests, scratch_setup, scratch_teardown);
}
