/* SPDX-License-Identifier: MIT */
/* Bootstrap intervals: against exact binomial quantiles, their coverage, and what they depend on.
 */
#include "unit.h"

#include <math.h>

#include "base/rng.h"
#include "deepmirgene/metrics.h"

enum { MOST = 400 };

static dmg_bootstrap_options with(size_t replicates, uint64_t seed, int threads)
{
    return (dmg_bootstrap_options){.replicates = replicates, .seed = seed, .threads = threads};
}

static void run(dmg_interval *intervals, const float *scores, const bool *labels, size_t count,
                double threshold, dmg_bootstrap_options options)
{
    dmg_error err;
    assert_ok(dmg_metrics_bootstrap(intervals, scores, labels, count, threshold, &options, &err),
              &err);
}

/* `positives` that score about one more than `negatives`. */
static size_t draw_set(float *scores, bool *labels, dmg_rng *rng, size_t positives,
                       size_t negatives)
{
    for (size_t i = 0; i < positives + negatives; i++) {
        labels[i] = i < positives;
        scores[i] = (float)(dmg_rng_normal(rng) + (labels[i] ? 1 : 0));
    }
    return positives + negatives;
}

static void test_defaults(void **state)
{
    (void)state;
    const dmg_bootstrap_options options = dmg_bootstrap_options_defaults();
    assert_int_equal(options.replicates, 1000);
    assert_int_equal(options.seed, 1);
    assert_int_equal(options.threads, 1);
}

static void test_same_for_any_number_of_threads(void **state)
{
    (void)state;
    static float scores[MOST];
    static bool labels[MOST];
    dmg_rng rng;
    dmg_rng_init(&rng, 7, 0);
    const size_t count = draw_set(scores, labels, &rng, 60, 140);
    dmg_interval one[DMG_METRICS], other[DMG_METRICS];
    run(one, scores, labels, count, 0.5, with(300, 5, 1));
    for (int threads = 2; threads <= 7; threads++) {
        run(other, scores, labels, count, 0.5, with(300, 5, threads));
        assert_memory_equal(one, other, sizeof one);
    }
    run(other, scores, labels, count, 0.5, with(300, 6, 1));
    assert_memory_not_equal(one, other, sizeof one);
}

static void test_every_interval_holds_its_value(void **state)
{
    (void)state;
    static float scores[MOST];
    static bool labels[MOST];
    dmg_rng rng;
    dmg_rng_init(&rng, 11, 0);
    const size_t count = draw_set(scores, labels, &rng, 100, 200);
    dmg_interval intervals[DMG_METRICS];
    double values[DMG_METRICS];
    dmg_error err;
    assert_ok(dmg_metrics_values(values, scores, labels, count, 0.5, &err), &err);
    run(intervals, scores, labels, count, 0.5, with(1000, 1, 2));
    for (enum dmg_metric m = 0; m < DMG_METRICS; m++) {
        if (m >= DMG_METRIC_BRIER) { /* the scores are not probabilities */
            assert_true(isnan(values[m]) && isnan(intervals[m].low) && isnan(intervals[m].high));
            continue;
        }
        if (!(intervals[m].low <= values[m] && values[m] <= intervals[m].high))
            fail_msg("%s: %g not in %g .. %g", dmg_metric_name(m), values[m], intervals[m].low,
                     intervals[m].high);
    }
}

/* The number of hits among n drawn from n, of which k are hits, is binomial: for 50 of 100 the
 * quantiles are 40 and 60. Classes are drawn apart, so specificity has the same of its own. */
static void test_sensitivity_against_the_binomial_distribution(void **state)
{
    (void)state;
    float scores[120];
    bool labels[120];
    for (size_t i = 0; i < 120; i++) {
        labels[i] = i < 100;
        scores[i] = i % 2 == 0 ? 1 : 0;
    }
    dmg_interval intervals[DMG_METRICS];
    run(intervals, scores, labels, 120, 0.5, with(20000, 3, 2));
    assert_true(fabs(intervals[DMG_METRIC_SE].low - 0.40) < 0.0101);
    assert_true(fabs(intervals[DMG_METRIC_SE].high - 0.60) < 0.0101);
    assert_true(fabs(intervals[DMG_METRIC_TP].low - 40) < 1.01);
    /* 10 of 20: binomial quantiles 6 and 14. */
    assert_true(fabs(intervals[DMG_METRIC_SP].low - 0.3) < 0.0501);
    assert_true(fabs(intervals[DMG_METRIC_SP].high - 0.7) < 0.0501);
}

/* A class of one is always drawn itself; the other one varies. */
static void test_classes_keep_their_sizes(void **state)
{
    (void)state;
    const float scores[] = {0.9f, 0.8f, 0.1f, 0.7f, 0.2f};
    const bool labels[] = {1, 0, 0, 0, 0};
    dmg_interval intervals[DMG_METRICS];
    run(intervals, scores, labels, 5, 0.5, with(500, 1, 1));
    assert_true(intervals[DMG_METRIC_SE].low == 1 && intervals[DMG_METRIC_SE].high == 1);
    assert_true(intervals[DMG_METRIC_TP].low == 1 && intervals[DMG_METRIC_TP].high == 1);
    assert_true(intervals[DMG_METRIC_SP].low == 0 && intervals[DMG_METRIC_SP].high == 1);
    assert_true(intervals[DMG_METRIC_TN].low + 4 == intervals[DMG_METRIC_TN].high);
}

static void assert_no_interval(dmg_interval interval)
{
    assert_true(isnan(interval.low) && isnan(interval.high));
}

static void test_undefined_has_no_interval(void **state)
{
    (void)state;
    const float scores[] = {0.9f, 0.1f};
    const bool none[] = {0, 0}, both[] = {1, 0};
    dmg_interval intervals[DMG_METRICS];
    run(intervals, scores, none, 2, 0.5, with(100, 1, 1));
    assert_no_interval(intervals[DMG_METRIC_SE]);
    assert_no_interval(intervals[DMG_METRIC_AUROC]);
    assert_true(!isnan(intervals[DMG_METRIC_SP].low));
    run(intervals, scores, both, 2, NAN, with(100, 1, 1));
    assert_no_interval(intervals[DMG_METRIC_SE]);
    assert_true(intervals[DMG_METRIC_AUROC].low == 1);
    run(intervals, scores, both, 2, 0.5, with(0, 1, 1));
    for (enum dmg_metric m = 0; m < DMG_METRICS; m++) assert_no_interval(intervals[m]);
    run(intervals, NULL, NULL, 0, 0.5, with(100, 1, 1));
    assert_no_interval(intervals[DMG_METRIC_SE]);
    assert_true(intervals[DMG_METRIC_TP].high == 0);
}

/* With one call among n negatives a replicate has none with probability (1 - 1/n)^n, a third: PPV
 * has no interval. With four calls it is 1.5 %, and those replicates are left out. */
static void test_metric_that_is_often_undefined_has_no_interval(void **state)
{
    (void)state;
    float scores[51] = {0};
    bool labels[51] = {0};
    labels[50] = true;
    dmg_interval intervals[DMG_METRICS];
    scores[0] = 1;
    run(intervals, scores, labels, 51, 0.5, with(1000, 1, 1));
    assert_no_interval(intervals[DMG_METRIC_PPV]);
    for (size_t i = 0; i < 4; i++) scores[i] = 1;
    run(intervals, scores, labels, 51, 0.5, with(1000, 1, 1));
    assert_true(intervals[DMG_METRIC_PPV].low == 0 && intervals[DMG_METRIC_PPV].high == 0);
}

static void test_score_that_is_no_number_is_refused(void **state)
{
    (void)state;
    const float scores[] = {0.5f, NAN};
    const bool labels[] = {1, 0};
    const dmg_bootstrap_options options = dmg_bootstrap_options_defaults();
    dmg_interval intervals[DMG_METRICS];
    dmg_error err;
    assert_int_equal(dmg_metrics_bootstrap(intervals, scores, labels, 2, 0.5, &options, &err),
                     DMG_RANGE);
    assert_string_equal(err.message, "score 1 is not a number");
}

/* Of 95 % intervals for sets drawn again and again from known distributions, some 95 % hold the
 * truth: SE is P(x > 0) with x normal around 1, and AUROC is P(x > y). */
static void test_intervals_cover_the_truth(void **state)
{
    (void)state;
    enum { SETS = 300 };
    static float scores[MOST];
    static bool labels[MOST];
    const double true_se = 0.5 * erfc(-1 / sqrt(2)), true_auroc = 0.5 * erfc(-1 / 2.0);
    int se_held = 0, auroc_held = 0;
    dmg_rng rng;
    dmg_rng_init(&rng, 20160501, 0);
    for (uint64_t s = 0; s < SETS; s++) {
        const size_t count = draw_set(scores, labels, &rng, 100, 150);
        dmg_interval intervals[DMG_METRICS];
        run(intervals, scores, labels, count, 0.0, with(300, s, 2));
        const dmg_interval se = intervals[DMG_METRIC_SE], roc = intervals[DMG_METRIC_AUROC];
        se_held += se.low <= true_se && true_se <= se.high;
        auroc_held += roc.low <= true_auroc && true_auroc <= roc.high;
    }
    print_message("held: SE %d, AUROC %d of %d\n", se_held, auroc_held, SETS);
    /* Five standard deviations of a binomial with p = 0.95 are 19 sets; intervals that are too wide
     * would hold them all. */
    assert_in_range(se_held, 285 - 22, SETS - 2);
    assert_in_range(auroc_held, 285 - 22, SETS - 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_same_for_any_number_of_threads),
        cmocka_unit_test(test_every_interval_holds_its_value),
        cmocka_unit_test(test_sensitivity_against_the_binomial_distribution),
        cmocka_unit_test(test_classes_keep_their_sizes),
        cmocka_unit_test(test_undefined_has_no_interval),
        cmocka_unit_test(test_metric_that_is_often_undefined_has_no_interval),
        cmocka_unit_test(test_score_that_is_no_number_is_refused),
        cmocka_unit_test(test_intervals_cover_the_truth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
