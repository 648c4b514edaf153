/* SPDX-License-Identifier: MIT */
/* Metrics against values worked out by hand, and against their definitions by brute force. */
#include "unit.h"

#include <float.h>
#include <math.h>

#include "base/rng.h"
#include "deepmirgene/metrics.h"

static void assert_near(double value, double expected)
{
    if (isnan(expected) ? !isnan(value) : !(fabs(value - expected) <= 1e-12))
        fail_msg("%.17g instead of %.17g", value, expected);
}

static dmg_rank_metrics ranks(const float *scores, const bool *labels, size_t count)
{
    dmg_rank_metrics out;
    dmg_error err;
    assert_ok(dmg_metrics_ranks(&out, scores, labels, count, &err), &err);
    return out;
}

/* --- at one threshold --- */

static void test_confusion_counts_each_kind(void **state)
{
    (void)state;
    const float scores[] = {0.9f, 0.8f, 0.2f, 0.7f, 0.6f, 0.1f, 0.3f, 0.0f, 0.4f, 0.95f};
    const bool labels[] = {1, 1, 1, 1, 0, 0, 0, 0, 0, 0};
    const dmg_confusion c = dmg_metrics_confusion(scores, labels, 10, 0.5);
    assert_near(c.tp, 3);
    assert_near(c.fn, 1);
    assert_near(c.fp, 2);
    assert_near(c.tn, 4);
}

static void test_score_at_the_threshold_is_a_call(void **state)
{
    (void)state;
    const float scores[] = {0.5f, nextafterf(0.5f, 0)};
    const bool labels[] = {1, 1};
    const dmg_confusion c = dmg_metrics_confusion(scores, labels, 2, 0.5);
    assert_near(c.tp, 1);
    assert_near(c.fn, 1);
}

/* 0.1f lies above 0.1: the comparison is made in double, so a threshold is not rounded first. */
static void test_threshold_is_not_rounded_to_float(void **state)
{
    (void)state;
    const float scores[] = {0.1f, 0.7f};
    const bool labels[] = {1, 1};
    assert_near(dmg_metrics_confusion(scores, labels, 2, 0.1).tp, 2);
    assert_near(dmg_metrics_confusion(scores, labels, 2, 0.7).tp, 0);
}

/* TP 3, FN 1, FP 2, TN 4 on paper. */
static void test_calls_of_a_worked_example(void **state)
{
    (void)state;
    const dmg_call_metrics m =
        dmg_metrics_calls((dmg_confusion){.tp = 3, .fn = 1, .fp = 2, .tn = 4});
    assert_near(m.se, 0.75);
    assert_near(m.sp, 4.0 / 6);
    assert_near(m.acc, 0.7);
    assert_near(m.ppv, 0.6);
    assert_near(m.f, 6.0 / 9);
    assert_near(m.mcc, (3.0 * 4 - 2 * 1) / sqrt(5.0 * 4 * 6 * 5));
    assert_near(m.gmean, sqrt(0.5));
}

static void test_perfect_and_inverted_calls(void **state)
{
    (void)state;
    const dmg_call_metrics good = dmg_metrics_calls((dmg_confusion){.tp = 5, .tn = 7});
    const dmg_call_metrics bad = dmg_metrics_calls((dmg_confusion){.fp = 7, .fn = 5});
    const double good_values[] = {good.se, good.sp,  good.acc,  good.ppv,
                                  good.f,  good.mcc, good.gmean};
    for (size_t k = 0; k < 7; k++) assert_near(good_values[k], 1);
    const double bad_values[] = {bad.se, bad.sp, bad.acc, bad.ppv, bad.f, bad.mcc + 1, bad.gmean};
    for (size_t k = 0; k < 7; k++) assert_near(bad_values[k], 0);
}

static void test_without_positives(void **state)
{
    (void)state;
    const dmg_call_metrics m = dmg_metrics_calls((dmg_confusion){.fp = 1, .tn = 3});
    assert_near(m.se, NAN);
    assert_near(m.sp, 0.75);
    assert_near(m.acc, 0.75);
    assert_near(m.ppv, 0);
    assert_near(m.f, 0);
    assert_near(m.mcc, NAN);
    assert_near(m.gmean, NAN);
}

static void test_without_negatives(void **state)
{
    (void)state;
    const dmg_call_metrics m = dmg_metrics_calls((dmg_confusion){.tp = 3, .fn = 1});
    assert_near(m.se, 0.75);
    assert_near(m.sp, NAN);
    assert_near(m.acc, 0.75);
    assert_near(m.ppv, 1);
    assert_near(m.f, 6.0 / 7);
    assert_near(m.mcc, NAN);
    assert_near(m.gmean, NAN);
}

static void test_everything_called(void **state)
{
    (void)state;
    const dmg_call_metrics m = dmg_metrics_calls((dmg_confusion){.tp = 2, .fp = 6});
    assert_near(m.se, 1);
    assert_near(m.sp, 0);
    assert_near(m.ppv, 0.25);
    assert_near(m.f, 0.4);
    assert_near(m.mcc, NAN);
    assert_near(m.gmean, 0);
}

static void test_nothing_called(void **state)
{
    (void)state;
    const dmg_call_metrics m = dmg_metrics_calls((dmg_confusion){.fn = 2, .tn = 6});
    assert_near(m.se, 0);
    assert_near(m.sp, 1);
    assert_near(m.acc, 0.75);
    assert_near(m.ppv, NAN);
    assert_near(m.f, 0);
    assert_near(m.mcc, NAN);
    assert_near(m.gmean, 0);
}

static void test_no_input_defines_nothing(void **state)
{
    (void)state;
    const dmg_confusion c = dmg_metrics_confusion(NULL, NULL, 0, 0.5);
    assert_near(c.tp + c.fp + c.tn + c.fn, 0);
    const dmg_call_metrics m = dmg_metrics_calls(c);
    const double values[] = {m.se, m.sp, m.acc, m.ppv, m.f, m.mcc, m.gmean};
    for (size_t k = 0; k < sizeof values / sizeof *values; k++) assert_near(values[k], NAN);
    const dmg_rank_metrics r = ranks(NULL, NULL, 0);
    assert_near(r.auroc, NAN);
    assert_near(r.aupr, NAN);
}

/* 1,000,000 negatives a positive would overflow a product of counts in 32 bits. */
static void test_mcc_of_large_counts(void **state)
{
    (void)state;
    const dmg_call_metrics m =
        dmg_metrics_calls((dmg_confusion){.tp = 9e8, .fn = 1e8, .fp = 1e8, .tn = 9e8});
    assert_near(m.mcc, 0.8);
}

/* Rates stay, precision is that of equally large classes: 0.75 / (0.75 + 1/3). */
static void test_balanced_proportions(void **state)
{
    (void)state;
    const dmg_confusion c =
        dmg_metrics_balanced((dmg_confusion){.tp = 3, .fn = 1, .fp = 200, .tn = 400});
    assert_near(c.tp, 0.75);
    assert_near(c.fn, 0.25);
    assert_near(c.fp, 1.0 / 3);
    assert_near(c.tn, 2.0 / 3);
    const dmg_call_metrics m = dmg_metrics_calls(c);
    assert_near(m.se, 0.75);
    assert_near(m.sp, 2.0 / 3);
    assert_near(m.acc, (0.75 + 2.0 / 3) / 2);
    assert_near(m.ppv, 0.75 / (0.75 + 1.0 / 3));
}

static void test_balance_of_one_class_is_undefined(void **state)
{
    (void)state;
    const dmg_confusion c = dmg_metrics_balanced((dmg_confusion){.tp = 3, .fn = 1});
    assert_near(c.tp, 0.75);
    assert_near(c.fp, NAN);
    const dmg_call_metrics m = dmg_metrics_calls(c);
    assert_near(m.se, 0.75);
    assert_near(m.sp, NAN);
    assert_near(m.ppv, NAN);
}

/* --- over all thresholds --- */

static void test_perfect_and_inverted_ranking(void **state)
{
    (void)state;
    const float scores[] = {0.1f, 0.9f, 0.2f, 0.8f};
    const bool good[] = {0, 1, 0, 1}, bad[] = {1, 0, 1, 0};
    assert_near(ranks(scores, good, 4).auroc, 1);
    assert_near(ranks(scores, good, 4).aupr, 1);
    assert_near(ranks(scores, bad, 4).auroc, 0);
    /* The positives come third and fourth: precision 1/3, then 2/4. */
    assert_near(ranks(scores, bad, 4).aupr, (1.0 / 3 + 2.0 / 4) / 2);
}

/* In falling order + - + - -: of 6 pairs 5 are right; precision 1/1 and 2/3. */
static void test_ranking_of_a_worked_example(void **state)
{
    (void)state;
    const float scores[] = {5, 4, 3, 2, 1};
    const bool labels[] = {1, 0, 1, 0, 0};
    assert_near(ranks(scores, labels, 5).auroc, 5.0 / 6);
    assert_near(ranks(scores, labels, 5).aupr, (1 + 2.0 / 3) / 2);
}

static void test_equal_scores_tell_nothing(void **state)
{
    (void)state;
    const float scores[] = {0.5f, 0.5f, 0.5f, 0.5f};
    const bool labels[] = {1, 0, 0, 0};
    assert_near(ranks(scores, labels, 4).auroc, 0.5);
    assert_near(ranks(scores, labels, 4).aupr, 0.25);
}

/* A positive at 2, a positive and a negative tied at 1, a negative at 0: pairs 1 + 1 + 1/2 + 1. */
static void test_tie_counts_one_half(void **state)
{
    (void)state;
    const float scores[] = {2, 1, 1, 0};
    const bool first[] = {1, 1, 0, 0}, second[] = {1, 0, 1, 0};
    assert_near(ranks(scores, first, 4).auroc, 3.5 / 4);
    assert_near(ranks(scores, second, 4).auroc, 3.5 / 4);
    assert_near(ranks(scores, first, 4).aupr, (1 + 2.0 / 3) / 2);
    assert_near(ranks(scores, second, 4).aupr, (1 + 2.0 / 3) / 2);
}

static void test_one_class_has_no_roc(void **state)
{
    (void)state;
    const float scores[] = {0.3f, 0.6f};
    const bool all[] = {1, 1}, none[] = {0, 0};
    assert_near(ranks(scores, all, 2).auroc, NAN);
    assert_near(ranks(scores, all, 2).aupr, 1);
    assert_near(ranks(scores, none, 2).auroc, NAN);
    assert_near(ranks(scores, none, 2).aupr, NAN);
}

static void test_extreme_scores_are_ordered(void **state)
{
    (void)state;
    const float scores[] = {-INFINITY, -FLT_MAX, -0.0f, 0.0f, FLT_TRUE_MIN, FLT_MAX, INFINITY};
    const bool labels[] = {0, 0, 0, 1, 1, 1, 1};
    /* The two zeros are a tie. */
    assert_near(ranks(scores, labels, 7).auroc, 11.5 / 12);
}

static void test_score_that_is_no_number_is_refused(void **state)
{
    (void)state;
    const float scores[] = {0.5f, 0.25f, NAN};
    const bool labels[] = {1, 0, 0};
    dmg_rank_metrics out = {.auroc = 42, .aupr = 43};
    dmg_error err;
    assert_int_equal(dmg_metrics_ranks(&out, scores, labels, 3, &err), DMG_RANGE);
    assert_string_equal(err.message, "score 2 is not a number");
    assert_near(out.auroc, 42);
    assert_int_equal(dmg_metrics_ranks(&out, scores, labels, 3, NULL), DMG_RANGE);
}

/* --- all of them in a row --- */

static void fill(double *values, const float *scores, const bool *labels, size_t count,
                 double threshold)
{
    dmg_error err;
    assert_ok(dmg_metrics_values(values, scores, labels, count, threshold, &err), &err);
}

/* TP 3, FN 1, FP 2, TN 4 at 0.5; in falling order + + + - - | - + - - -. */
static void test_values_of_a_worked_example(void **state)
{
    (void)state;
    const float scores[] = {0.99f, 0.9f, 0.8f, 0.7f, 0.6f, 0.4f, 0.3f, 0.2f, 0.1f, 0.0f};
    const bool labels[] = {1, 1, 1, 0, 0, 0, 1, 0, 0, 0};
    double v[DMG_METRICS];
    fill(v, scores, labels, 10, 0.5);
    const double even_ppv = 0.75 / (0.75 + 1.0 / 3), even_tn = 2.0 / 3;
    const double expected[DMG_METRICS] = {
        [DMG_METRIC_TP] = 3,
        [DMG_METRIC_FP] = 2,
        [DMG_METRIC_TN] = 4,
        [DMG_METRIC_FN] = 1,
        [DMG_METRIC_SE] = 0.75,
        [DMG_METRIC_SP] = 2.0 / 3,
        [DMG_METRIC_GMEAN] = sqrt(0.5),
        [DMG_METRIC_ACC] = 0.7,
        [DMG_METRIC_PPV] = 0.6,
        [DMG_METRIC_F] = 6.0 / 9,
        [DMG_METRIC_MCC] = 10 / sqrt(5.0 * 4 * 6 * 5),
        [DMG_METRIC_ACC_BALANCED] = (0.75 + 2.0 / 3) / 2,
        [DMG_METRIC_PPV_BALANCED] = even_ppv,
        [DMG_METRIC_F_BALANCED] = 2 * even_ppv * 0.75 / (even_ppv + 0.75),
        [DMG_METRIC_MCC_BALANCED] =
            (0.75 * even_tn - 0.25 / 3) / sqrt((0.75 + 1.0 / 3) * (even_tn + 0.25)),
        [DMG_METRIC_PPV_10] = 0.75 / (0.75 + 10.0 / 3),
        [DMG_METRIC_PPV_100] = 0.75 / (0.75 + 100.0 / 3),
        [DMG_METRIC_PPV_1000] = 0.75 / (0.75 + 1000.0 / 3),
        [DMG_METRIC_AUROC] = (6 * 3 + 3) / 24.0,
        [DMG_METRIC_AUPR] = (1 + 1 + 1 + 4.0 / 7) / 4,
        [DMG_METRIC_RECALL_P50] = 1,
        [DMG_METRIC_RECALL_P90] = 0.75,
        /* Squares of .01 .1 .2 .7 and .7 .6 .4 .2 .1 0, the second row the others. */
        [DMG_METRIC_BRIER] = (0.0001 + 0.01 + 0.04 + 0.49 + 0.49 + 0.36 + 0.16 + 0.04 + 0.01) / 10,
        /* .9 is in bin 13 and .99 in 14, and every other one alone in its bin. */
        [DMG_METRIC_ECE] = (0.01 + 0.1 + 0.2 + 0.7 + 0.7 + 0.6 + 0.4 + 0.2 + 0.1) / 10,
    };
    for (enum dmg_metric m = 0; m < DMG_METRICS; m++) {
        /* Scores are float, which the last two show. */
        if (!(fabs(v[m] - expected[m]) <= (m < DMG_METRIC_BRIER ? 1e-12 : 1e-7)))
            fail_msg("%s: %.17g instead of %.17g", dmg_metric_name(m), v[m], expected[m]);
    }
}

/* Bin 3 (.2 to .2667) holds .25 .25 .25 .25 with one positive: exactly right. Bin 7 (.4667 to
 * .5333) holds .5 .5, both positive: wrong by .5 each. Bin 14 holds .9375 and 1, one positive: the
 * mean is .96875, wrong by .46875 each. */
static void test_calibration_of_a_worked_example(void **state)
{
    (void)state;
    const float scores[] = {0.25f, 0.25f, 0.25f, 0.25f, 0.5f, 0.5f, 0.9375f, 1};
    const bool labels[] = {1, 0, 0, 0, 1, 1, 0, 1};
    double v[DMG_METRICS];
    fill(v, scores, labels, 8, 0.5);
    assert_near(v[DMG_METRIC_ECE], (2 * 0.5 + 2 * 0.46875) / 8);
    assert_near(v[DMG_METRIC_BRIER], (0.75 * 0.75 + 3 * 0.0625 + 2 * 0.25 + 0.9375 * 0.9375) / 8);
}

/* Errors of opposite sign within a bin cancel, those of two bins do not. */
static void test_calibration_at_its_ends(void **state)
{
    (void)state;
    const float sure[] = {1, 0, 1, 0}, even[] = {0.5f, 0.5f, 0.5f, 0.5f};
    const bool right[] = {1, 0, 1, 0}, wrong[] = {0, 1, 0, 1};
    double v[DMG_METRICS];
    fill(v, sure, right, 4, 0.5);
    assert_near(v[DMG_METRIC_ECE], 0);
    assert_near(v[DMG_METRIC_BRIER], 0);
    fill(v, sure, wrong, 4, 0.5);
    assert_near(v[DMG_METRIC_ECE], 1);
    assert_near(v[DMG_METRIC_BRIER], 1);
    fill(v, even, right, 4, 0.5);
    assert_near(v[DMG_METRIC_ECE], 0);
    assert_near(v[DMG_METRIC_BRIER], 0.25);
    fill(v, even, right, 1, 0.5);
    assert_near(v[DMG_METRIC_ECE], 0.5);
}

/* What lies outside 0 .. 1, has no threshold, or is missing, is not a probability. */
static void test_calibration_is_of_probabilities_alone(void **state)
{
    (void)state;
    const float large[] = {0.5f, 1.0001f}, small[] = {0.5f, -1e-30f}, good[] = {0.5f, 0.25f};
    const bool labels[] = {1, 0};
    double v[DMG_METRICS];
    fill(v, large, labels, 2, 0.5);
    assert_near(v[DMG_METRIC_ECE], NAN);
    assert_near(v[DMG_METRIC_BRIER], NAN);
    fill(v, small, labels, 2, 0.5);
    assert_near(v[DMG_METRIC_BRIER], NAN);
    fill(v, good, labels, 2, NAN);
    assert_near(v[DMG_METRIC_ECE], NAN);
    fill(v, good, labels, 0, 0.5);
    assert_near(v[DMG_METRIC_BRIER], NAN);
}

static void test_without_threshold_only_rankings_are_defined(void **state)
{
    (void)state;
    const float scores[] = {3, 2, 1};
    const bool labels[] = {1, 0, 0};
    double v[DMG_METRICS];
    fill(v, scores, labels, 3, NAN);
    for (enum dmg_metric m = 0; m < DMG_METRICS; m++) {
        assert_int_equal(dmg_metric_is_call(m), isnan(v[m]));
        assert_int_equal(dmg_metric_is_count(m), m < 4);
    }
    assert_near(v[DMG_METRIC_AUROC], 1);
    assert_near(v[DMG_METRIC_RECALL_P90], 1);
}

static void test_values_without_positives(void **state)
{
    (void)state;
    const float scores[] = {0.9f, 0.1f};
    const bool labels[] = {0, 0};
    double v[DMG_METRICS];
    fill(v, scores, labels, 2, 0.5);
    const enum dmg_metric undefined[] = {
        DMG_METRIC_SE,           DMG_METRIC_GMEAN,        DMG_METRIC_MCC,
        DMG_METRIC_PPV_BALANCED, DMG_METRIC_F_BALANCED,   DMG_METRIC_PPV_10,
        DMG_METRIC_PPV_1000,     DMG_METRIC_AUROC,        DMG_METRIC_AUPR,
        DMG_METRIC_RECALL_P50,   DMG_METRIC_ACC_BALANCED,
    };
    for (size_t k = 0; k < sizeof undefined / sizeof *undefined; k++)
        assert_near(v[undefined[k]], NAN);
    assert_near(v[DMG_METRIC_FP], 1);
    assert_near(v[DMG_METRIC_SP], 0.5);
    assert_near(v[DMG_METRIC_PPV], 0);
    fill(v, NULL, NULL, 0, 0.5);
    assert_near(v[DMG_METRIC_TP], 0);
    for (enum dmg_metric m = DMG_METRIC_SE; m < DMG_METRICS; m++) assert_near(v[m], NAN);
}

/* Calling nothing: no precision to expect, but a specificity. Perfect calls: 1 at any proportion.
 */
static void test_expected_ppv_at_its_ends(void **state)
{
    (void)state;
    const float scores[] = {0.3f, 0.1f};
    const bool labels[] = {1, 0};
    double v[DMG_METRICS];
    fill(v, scores, labels, 2, 0.5);
    assert_near(v[DMG_METRIC_PPV_100], NAN);
    assert_near(v[DMG_METRIC_SP], 1);
    fill(v, scores, labels, 2, 0.2);
    assert_near(v[DMG_METRIC_PPV_1000], 1);
    fill(v, scores, labels, 2, 0.1);
    assert_near(v[DMG_METRIC_PPV_100], 1.0 / 101);
}

/* The first negative comes before any positive, so 1/2 is the best precision; never 0.9. */
static void test_recall_at_a_precision_that_none_reaches(void **state)
{
    (void)state;
    const float scores[] = {4, 3, 2, 1};
    const bool labels[] = {0, 1, 0, 1};
    double v[DMG_METRICS];
    fill(v, scores, labels, 4, 2.5);
    assert_near(v[DMG_METRIC_RECALL_P50], 1);
    assert_near(v[DMG_METRIC_RECALL_P90], 0);
}

/* 9 of 10 is a precision of 0.9, although neither number is exact in binary. */
static void test_recall_at_just_the_precision(void **state)
{
    (void)state;
    float scores[10];
    bool labels[10];
    for (size_t i = 0; i < 10; i++) {
        scores[i] = 1;
        labels[i] = i != 4;
    }
    double v[DMG_METRICS];
    fill(v, scores, labels, 10, 0.5);
    assert_near(v[DMG_METRIC_RECALL_P90], 1);
}

static void test_values_refuse_what_is_no_number(void **state)
{
    (void)state;
    const float scores[] = {NAN, 0.5f};
    const bool labels[] = {1, 0};
    double v[DMG_METRICS] = {42};
    dmg_error err;
    assert_int_equal(dmg_metrics_values(v, scores, labels, 2, 0.5, &err), DMG_RANGE);
    assert_string_equal(err.message, "score 0 is not a number");
    assert_near(v[0], 42);
}

static void test_names_are_words_and_unique(void **state)
{
    (void)state;
    for (enum dmg_metric m = 0; m < DMG_METRICS; m++) {
        const char *name = dmg_metric_name(m);
        assert_true(*name && *dmg_metric_title(m));
        assert_int_equal(
            strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"),
            strlen(name));
        for (enum dmg_metric k = 0; k < m; k++) {
            assert_string_not_equal(name, dmg_metric_name(k));
            assert_string_not_equal(dmg_metric_title(m), dmg_metric_title(k));
        }
    }
}

/* --- points of curves --- */

static void test_points_of_a_worked_example(void **state)
{
    (void)state;
    const float scores[] = {1, 3, 1, 2};
    const bool labels[] = {1, 1, 0, 0};
    dmg_operating_point *points;
    size_t count;
    dmg_error err;
    assert_ok(dmg_metrics_points(&points, &count, scores, labels, 4, &err), &err);
    const dmg_operating_point expected[] = {
        {INFINITY, {.fn = 2, .tn = 2}},
        {3, {.tp = 1, .fn = 1, .tn = 2}},
        {2, {.tp = 1, .fn = 1, .tn = 1, .fp = 1}},
        {1, {.tp = 2, .fp = 2}},
    };
    assert_int_equal(count, 4);
    for (size_t i = 0; i < count; i++) {
        assert_true(points[i].threshold == expected[i].threshold);
        assert_near(points[i].confusion.tp, expected[i].confusion.tp);
        assert_near(points[i].confusion.fp, expected[i].confusion.fp);
        assert_near(points[i].confusion.tn, expected[i].confusion.tn);
        assert_near(points[i].confusion.fn, expected[i].confusion.fn);
    }
    free(points);
}

static void test_points_of_nothing(void **state)
{
    (void)state;
    dmg_operating_point *points = NULL;
    size_t count = 9;
    dmg_error err;
    const float scores[] = {NAN};
    const bool labels[] = {1};
    assert_int_equal(dmg_metrics_points(&points, &count, scores, labels, 1, &err), DMG_RANGE);
    assert_null(points);
    assert_int_equal(count, 9);
    assert_ok(dmg_metrics_points(&points, &count, NULL, NULL, 0, &err), &err);
    assert_int_equal(count, 1);
    assert_near(points[0].confusion.tp + points[0].confusion.fn, 0);
    free(points);
}

/* --- against the definitions --- */

/* The share of pairs (positive, negative) in the right order. */
static double auroc_by_pairs(const float *scores, const bool *labels, size_t count)
{
    double right = 0, pairs = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++) {
            if (!labels[i] || labels[j]) continue;
            pairs += 1;
            right += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
        }
    return pairs > 0 ? right / pairs : NAN;
}

/* Every score is a threshold once, from the highest; recall steps are weighted by precision. */
static double aupr_by_thresholds(const float *scores, const bool *labels, size_t count)
{
    double sum = 0, recall = 0;
    for (float threshold = INFINITY;;) {
        float next = -INFINITY;
        for (size_t i = 0; i < count; i++)
            if (scores[i] < threshold && scores[i] > next) next = scores[i];
        if (next == -INFINITY) return sum;
        const dmg_call_metrics m =
            dmg_metrics_calls(dmg_metrics_confusion(scores, labels, count, (double)next));
        if (isnan(m.se)) return NAN;
        sum += m.ppv * (m.se - recall);
        recall = m.se;
        threshold = next;
    }
}

/* Every score is tried as the threshold. */
static double recall_by_thresholds(const float *scores, const bool *labels, size_t count,
                                   double precision)
{
    double most = 0;
    for (size_t i = 0; i < count; i++) {
        const dmg_call_metrics m =
            dmg_metrics_calls(dmg_metrics_confusion(scores, labels, count, (double)scores[i]));
        if (m.ppv >= precision && !(m.se <= most)) most = m.se;
    }
    return most;
}

/* The rows of dmg_metrics_values and the points are those of each threshold by itself. */
static void check_thresholds(const float *scores, const bool *labels, size_t count)
{
    dmg_operating_point *points;
    size_t point_count;
    dmg_error err;
    assert_ok(dmg_metrics_points(&points, &point_count, scores, labels, count, &err), &err);
    for (size_t i = 0; i < point_count; i++) {
        const double threshold = points[i].threshold;
        const dmg_confusion c = dmg_metrics_confusion(scores, labels, count, threshold);
        double v[DMG_METRICS];
        fill(v, scores, labels, count, threshold);
        assert_near(points[i].confusion.tp, c.tp);
        assert_near(points[i].confusion.tn, c.tn);
        assert_near(v[DMG_METRIC_FP], c.fp);
        assert_near(v[DMG_METRIC_FN], c.fn);
        assert_near(v[DMG_METRIC_MCC], dmg_metrics_calls(c).mcc);
        assert_near(v[DMG_METRIC_F_BALANCED], dmg_metrics_calls(dmg_metrics_balanced(c)).f);
    }
    free(points);
}

static void test_random_rankings_against_the_definitions(void **state)
{
    (void)state;
    const uint64_t seed = 20160501;
    print_message("seed %llu\n", (unsigned long long)seed);
    dmg_rng rng;
    dmg_rng_init(&rng, seed, 0);
    for (int round = 0; round < 2000; round++) {
        float scores[40];
        bool labels[40];
        const size_t count = 1 + (size_t)dmg_rng_below(&rng, 40);
        const uint64_t levels = 1 + dmg_rng_below(&rng, 30); /* few levels, many ties */
        for (size_t i = 0; i < count; i++) {
            scores[i] = (float)dmg_rng_below(&rng, levels) / (float)levels;
            labels[i] = dmg_rng_below(&rng, 3) == 0;
        }
        const dmg_rank_metrics got = ranks(scores, labels, count);
        assert_near(got.auroc, auroc_by_pairs(scores, labels, count));
        assert_near(got.aupr, aupr_by_thresholds(scores, labels, count));
        if (isnan(got.aupr)) continue; /* no positives, no recall */
        double v[DMG_METRICS];
        fill(v, scores, labels, count, 0.5);
        assert_near(v[DMG_METRIC_AUROC], got.auroc);
        assert_near(v[DMG_METRIC_AUPR], got.aupr);
        assert_near(v[DMG_METRIC_RECALL_P50], recall_by_thresholds(scores, labels, count, 0.5));
        assert_near(v[DMG_METRIC_RECALL_P90], recall_by_thresholds(scores, labels, count, 0.9));
        check_thresholds(scores, labels, count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_confusion_counts_each_kind),
        cmocka_unit_test(test_score_at_the_threshold_is_a_call),
        cmocka_unit_test(test_threshold_is_not_rounded_to_float),
        cmocka_unit_test(test_calls_of_a_worked_example),
        cmocka_unit_test(test_perfect_and_inverted_calls),
        cmocka_unit_test(test_without_positives),
        cmocka_unit_test(test_without_negatives),
        cmocka_unit_test(test_everything_called),
        cmocka_unit_test(test_nothing_called),
        cmocka_unit_test(test_no_input_defines_nothing),
        cmocka_unit_test(test_mcc_of_large_counts),
        cmocka_unit_test(test_balanced_proportions),
        cmocka_unit_test(test_balance_of_one_class_is_undefined),
        cmocka_unit_test(test_perfect_and_inverted_ranking),
        cmocka_unit_test(test_ranking_of_a_worked_example),
        cmocka_unit_test(test_equal_scores_tell_nothing),
        cmocka_unit_test(test_tie_counts_one_half),
        cmocka_unit_test(test_one_class_has_no_roc),
        cmocka_unit_test(test_extreme_scores_are_ordered),
        cmocka_unit_test(test_score_that_is_no_number_is_refused),
        cmocka_unit_test(test_values_of_a_worked_example),
        cmocka_unit_test(test_calibration_of_a_worked_example),
        cmocka_unit_test(test_calibration_at_its_ends),
        cmocka_unit_test(test_calibration_is_of_probabilities_alone),
        cmocka_unit_test(test_without_threshold_only_rankings_are_defined),
        cmocka_unit_test(test_values_without_positives),
        cmocka_unit_test(test_expected_ppv_at_its_ends),
        cmocka_unit_test(test_recall_at_a_precision_that_none_reaches),
        cmocka_unit_test(test_recall_at_just_the_precision),
        cmocka_unit_test(test_values_refuse_what_is_no_number),
        cmocka_unit_test(test_names_are_words_and_unique),
        cmocka_unit_test(test_points_of_a_worked_example),
        cmocka_unit_test(test_points_of_nothing),
        cmocka_unit_test(test_random_rankings_against_the_definitions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
