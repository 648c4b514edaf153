/* SPDX-License-Identifier: MIT */
/* Trees, forests and boosting, and the methods that are made of them. */
#include "unit.h"

#include <math.h>

#include "base/rng.h"
#include "baseline/boosted_svm.h"
#include "baseline/cshmm.h"
#include "baseline/feature_sets.h"
#include "baseline/forest.h"
#include "baseline/tree.h"
#include "datasets.h"
#include "deepmirgene/baseline.h"
#include "deepmirgene/metrics.h"
#include "scratch.h"
#include "toy_data.h"

static void assert_near(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-9)) fail_msg("%.12g, not %.12g", value, expected);
}

/* --- trees --- */

enum { ROWS = 60, COLUMNS = 4 };

/* Values 0 .. levels - 1, labels at random. */
static samples random_samples(dmg_rng *rng, size_t count, int levels)
{
    samples set = {0};
    dmg_error err;
    assert_ok(samples_init(&set, count, COLUMNS, &err), &err);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < COLUMNS; k++)
            set.values[i * COLUMNS + k] = (double)dmg_rng_below(rng, (uint64_t)levels) / 7;
        set.labels[i] = dmg_rng_below(rng, 2);
        set.class_counts[set.labels[i]]++;
    }
    return set;
}

static tree grown(const samples *set, const double *g, const double *h, const tree_limits *limits)
{
    binned_samples binned = {0};
    tree t = {0};
    dmg_error err;
    dmg_rng rng;
    size_t *rows = calloc(set->count, sizeof *rows);
    assert_non_null(rows);
    for (size_t i = 0; i < set->count; i++) rows[i] = i;
    dmg_rng_init(&rng, 1, 0);
    assert_ok(binned_init(&binned, set, &err), &err);
    assert_ok(tree_grow(&t, &binned, rows, set->count, g, h, limits, &rng, &err), &err);
    binned_clear(&binned);
    free(rows);
    return t;
}

static double gain_of(double gl, double hl, double g, double h, double shrinkage)
{
    return gl * gl / (hl + shrinkage) + (g - gl) * (g - gl) / (h - hl + shrinkage) -
           g * g / (h + shrinkage);
}

/* The best split of all, by trying every value of every column. */
static double best_gain(const samples *set, const double *g, const double *h, double least,
                        double shrinkage)
{
    double best = 0, whole_g = 0, whole_h = 0;
    for (size_t i = 0; i < set->count; i++) {
        whole_g += g[i];
        whole_h += h[i];
    }
    for (size_t k = 0; k < COLUMNS; k++)
        for (size_t at = 0; at < set->count; at++) {
            double gl = 0, hl = 0;
            for (size_t i = 0; i < set->count; i++)
                if (samples_row(set, i)[k] <= samples_row(set, at)[k]) {
                    gl += g[i];
                    hl += h[i];
                }
            if (hl < least || whole_h - hl < least || whole_h - hl <= 1e-12) continue;
            best = fmax(best, gain_of(gl, hl, whole_g, whole_h, shrinkage));
        }
    return best;
}

static void test_a_split_is_the_best_of_all(void **state)
{
    (void)state;
    dmg_rng rng;
    dmg_rng_init(&rng, 8, 0);
    for (int round = 0; round < 50; round++) {
        samples set = random_samples(&rng, ROWS, round % 2 ? 4 : 1000);
        double g[ROWS], h[ROWS], left_g = 0, left_h = 0, all_g = 0, all_h = 0;
        for (size_t i = 0; i < ROWS; i++) {
            g[i] = dmg_rng_uniform(&rng) - 0.5;
            h[i] = 0.1 + dmg_rng_uniform(&rng);
        }
        const tree_limits limits = {.depth = 1, .least = 3, .shrinkage = 0.5};
        tree t = grown(&set, g, h, &limits);
        assert_int_equal(t.count, 3);
        const tree_node root = t.nodes[0];
        for (size_t i = 0; i < ROWS; i++) {
            const bool left = samples_row(&set, i)[root.column] <= root.threshold;
            all_g += g[i];
            all_h += h[i];
            left_g += left ? g[i] : 0;
            left_h += left ? h[i] : 0;
        }
        assert_near(gain_of(left_g, left_h, all_g, all_h, 0.5), best_gain(&set, g, h, 3, 0.5));
        assert_near(t.nodes[root.left].value, left_g / (left_h + 0.5));
        assert_near(t.nodes[root.right].value, (all_g - left_g) / (all_h - left_h + 0.5));
        tree_clear(&t);
        samples_clear(&set);
    }
}

/* Rows that differ are told apart, also where a column has more values than bins. */
static void test_deep_trees_know_their_rows(void **state)
{
    (void)state;
    enum { MANY = 600 };
    dmg_rng rng;
    dmg_rng_init(&rng, 9, 0);
    samples set = random_samples(&rng, MANY, 1000000);
    double g[MANY], h[MANY];
    for (size_t i = 0; i < MANY; i++) {
        g[i] = set.labels[i];
        h[i] = 1;
    }
    const tree_limits limits = {.depth = 64, .columns = 2, .least = 1};
    tree t = grown(&set, g, h, &limits);
    size_t wrong = 0;
    for (size_t i = 0; i < MANY; i++)
        wrong += (tree_value(&t, samples_row(&set, i)) >= 0.5) != set.labels[i];
    assert_true(wrong <= 2); /* in one bin of every column */
    tree_clear(&t);
    samples_clear(&set);
}

static void test_nothing_to_split(void **state)
{
    (void)state;
    dmg_rng rng;
    dmg_rng_init(&rng, 10, 0);
    samples set = random_samples(&rng, 10, 1);
    double g[10] = {1, 1, 1}, h[10];
    for (size_t i = 0; i < 10; i++) h[i] = 1;
    tree t = grown(&set, g, h, &(tree_limits){.depth = 5, .least = 1});
    assert_int_equal(t.count, 1);
    assert_near(tree_value(&t, samples_row(&set, 0)), 0.3);
    tree_clear(&t);
    samples_clear(&set);
}

/* --- parts of samples --- */

static void test_parts_of_samples(void **state)
{
    (void)state;
    int fold_of[ROWS], counts[3][2] = {{0}};
    dmg_rng rng;
    dmg_error err;
    dmg_rng_init(&rng, 11, 0);
    samples set = random_samples(&rng, ROWS, 1000), inside = {0}, outside = {0};
    assert_ok(samples_deal(fold_of, &set, 3, DMG_RNG_SVM_FOLDS, 1, &err), &err);
    for (size_t i = 0; i < ROWS; i++) counts[fold_of[i]][set.labels[i]]++;
    for (int label = 0; label < 2; label++)
        for (int fold = 1; fold < 3; fold++)
            assert_true(abs(counts[fold][label] - counts[0][label]) <= 1);
    assert_ok(samples_part(&inside, &set, fold_of, 1, true, &err), &err);
    assert_ok(samples_part(&outside, &set, fold_of, 1, false, &err), &err);
    assert_int_equal(inside.count + outside.count, ROWS);
    assert_int_equal(inside.class_counts[1], counts[1][1]);
    assert_int_equal(outside.class_counts[0], counts[0][0] + counts[2][0]);
    size_t n = 0;
    for (size_t i = 0; i < ROWS; i++)
        if (fold_of[i] == 1)
            assert_memory_equal(samples_row(&inside, n++), samples_row(&set, i),
                                COLUMNS * sizeof(double));
    samples_clear(&set);
    samples_clear(&inside);
    samples_clear(&outside);
}

/* Of 3 and 9 all 3 and any 3, each as often as the others. */
static void test_balanced_samples(void **state)
{
    (void)state;
    enum { ALL = 12, DRAWS = 3000 };
    size_t seen[ALL] = {0};
    samples set = {0};
    dmg_error err;
    assert_ok(samples_init(&set, ALL, 1, &err), &err);
    for (size_t i = 0; i < ALL; i++) {
        set.values[i] = (double)i;
        set.labels[i] = i % 4 == 1;
        set.class_counts[set.labels[i]]++;
    }
    for (uint64_t seed = 0; seed < DRAWS; seed++) {
        samples part = {0};
        assert_ok(samples_balanced(&part, &set, seed, &err), &err);
        assert_int_equal(part.count, 6);
        for (size_t i = 0; i < part.count; i++) {
            const size_t row = (size_t)part.values[i];
            assert_int_equal(part.labels[i], set.labels[row]);
            assert_true(i == 0 || part.values[i] > part.values[i - 1]);
            seen[row]++;
        }
        samples_clear(&part);
    }
    for (size_t i = 0; i < ALL; i++) {
        const double expected = set.labels[i] ? DRAWS : DRAWS / 3.0;
        if (fabs((double)seen[i] - expected) > 130) fail_msg("%zu: %zu", i, seen[i]);
    }
    samples_clear(&set);
}

/* --- the hidden Markov model --- */

static cshmm counted(void)
{
    static const char *const sequences[] = {"AGGGAAAACCCU", "GGCAGUUUCGCCA", "GCGCAAAAGCGC"};
    static const char *const structures[] = {".(((....))).", "(((.(...)))).", "((((....))))"};
    cshmm model;
    cshmm_count(&model, sequences, structures, 3);
    return model;
}

static void test_counts_of_structures(void **state)
{
    (void)state;
    const cshmm m = counted();
    /* Ends: both, right, pair; each state with a pseudocount of 1. */
    assert_near(m.start[CSHMM_BOTH], 2 / 7.0);
    assert_near(m.start[CSHMM_RIGHT], 2 / 7.0);
    assert_near(m.start[CSHMM_PAIR], 2 / 7.0);
    assert_near(m.start[CSHMM_LEFT], 1 / 7.0);
    /* After a pair: 2 + 2 + 3 pairs, one base on the left, three loops. */
    assert_near(m.next[CSHMM_PAIR][CSHMM_PAIR], 8 / (7 + 1 + 3 + 4 + 0.1));
    assert_near(m.next[CSHMM_PAIR][CSHMM_LEFT], 2 / 15.1);
    assert_near(m.loop[CSHMM_PAIR], 3.1 / 15.1);
    assert_near(m.next[CSHMM_LEFT][CSHMM_PAIR], 2 / (1 + 4 + 0.1));
    assert_near(m.bases[CSHMM_LEFT][BASE_A], 4 * 2 / 5.0);
    assert_near(m.bases[CSHMM_BOTH][BASE_U], 4 * 2 / 6.0);
    assert_near(m.lengths[4], 2.1 / (3 + 6.1));
    assert_near(m.loop_bases[BASE_U], 4 * 4 / 15.0);
    assert_near(m.pairs[BASE_G][BASE_C], 16 * 8.1 / 12.6);
}

/* The sum over all ways to emit sequence[i, j) after `state`, -1 at the ends. */
static double ways(const cshmm *m, const char *sequence, size_t i, size_t j, int state)
{
    const int a = i < j ? dmg_base_code(sequence[i]) : 0;
    const int b = i < j ? dmg_base_code(sequence[j - 1]) : 0;
    double sum = 0;
    if (state >= 0) {
        sum = m->loop[state] * m->lengths[j - i];
        for (size_t k = i; k < j; k++) sum *= m->loop_bases[dmg_base_code(sequence[k])];
    }
    for (int s = 0; s < CSHMM_STATES; s++) {
        const double enter = state < 0 ? m->start[s] : m->next[state][s];
        if (s == CSHMM_PAIR && j - i >= 2)
            sum += enter * m->pairs[a][b] * ways(m, sequence, i + 1, j - 1, s);
        if (s == CSHMM_BOTH && j - i >= 2)
            sum += enter * m->bases[s][a] * m->bases[s][b] * ways(m, sequence, i + 1, j - 1, s);
        if (s == CSHMM_LEFT && j > i)
            sum += enter * m->bases[s][a] * ways(m, sequence, i + 1, j, s);
        if (s == CSHMM_RIGHT && j > i)
            sum += enter * m->bases[s][b] * ways(m, sequence, i, j - 1, s);
    }
    return sum;
}

static void test_likelihoods_by_all_ways(void **state)
{
    (void)state;
    const cshmm m = counted();
    dmg_rng rng;
    dmg_error err;
    dmg_rng_init(&rng, 12, 0);
    for (size_t length = 1; length <= 9; length++) {
        char sequence[16];
        double value;
        for (size_t i = 0; i < length; i++) sequence[i] = "ACGUN"[dmg_rng_below(&rng, 5)];
        assert_ok(cshmm_log_odds(&value, &m, sequence, length, &err), &err);
        assert_near(value, log(ways(&m, sequence, 0, length, -1)));
    }
}

/* Letters N have the probability of any base: all lengths together have a probability of 1. */
static void test_probabilities_sum_to_one(void **state)
{
    (void)state;
    enum { LONGEST = 160 };
    const cshmm m = counted();
    char sequence[LONGEST];
    double sum = 0, value;
    dmg_error err;
    memset(sequence, 'N', LONGEST);
    for (size_t length = 1; length <= LONGEST; length++) {
        assert_ok(cshmm_log_odds(&value, &m, sequence, length, &err), &err);
        sum += exp(value);
    }
    if (!(fabs(sum - 1) < 1e-3)) fail_msg("%g", sum);
}

/* --- methods --- */

static const dmg_baseline_method learned[] = {DMG_BASELINE_MIPRED, DMG_BASELINE_MICROPRED,
                                              DMG_BASELINE_MIRBOOST, DMG_BASELINE_BOOSTED_TREES,
                                              DMG_BASELINE_CSHMM};
enum { LEARNED = sizeof learned / sizeof *learned, BY_FEATURES = 4, RECORDS = 2 * TOY_PER_CLASS };

static dmg_dataset *toy_dataset(void)
{
    dmg_dataset *dataset = new_dataset();
    dmg_error err;
    toy_write(3);
    add(dataset, scratch_path("positive.fa"), true);
    add(dataset, scratch_path("negative.fa"), false);
    assert_ok(dmg_dataset_fold(dataset, 2, DMG_CPU_AUTO, &err), &err);
    return dataset;
}

static void score(float *scores, dmg_baseline_method method, const dmg_dataset *dataset,
                  const bool *held_out, int threads)
{
    dmg_error err;
    dmg_baseline *baseline = NULL;
    assert_ok(dmg_baseline_train(&baseline, method, dataset, held_out, 7, threads, &err), &err);
    assert_ok(dmg_baseline_score(scores, baseline, dataset, threads, &err), &err);
    dmg_baseline_destroy(baseline);
}

static void test_methods_learn_a_toy_problem(void **state)
{
    (void)state;
    dmg_dataset *dataset = toy_dataset();
    bool held_out[RECORDS], labels[RECORDS];
    float scores[RECORDS], again[RECORDS], kept[RECORDS];
    dmg_error err;
    assert_ok(dmg_dataset_draw(held_out, dataset, 0.4, 1, &err), &err);
    for (size_t m = 0; m < LEARNED; m++) {
        size_t n = 0;
        dmg_rank_metrics ranks;
        assert_ok(dmg_baseline_prepare(dataset, learned[m], 1, 2, DMG_CPU_AUTO, &err), &err);
        score(scores, learned[m], dataset, held_out, 1);
        for (size_t i = 0; i < RECORDS; i++) {
            if (!held_out[i]) continue;
            labels[n] = dmg_dataset_get(dataset, i).positive;
            kept[n++] = scores[i];
        }
        assert_ok(dmg_metrics_ranks(&ranks, kept, labels, n, &err), &err);
        if (!(ranks.auroc > 0.9))
            fail_msg("%s: AUROC %g", dmg_baseline_name(learned[m]), ranks.auroc);
        score(again, learned[m], dataset, held_out, 3);
        assert_memory_equal(scores, again, sizeof scores);
    }
    dmg_dataset_destroy(dataset);
}

/* The labels of records that are held out change nothing. */
static void test_methods_do_not_see_held_out_labels(void **state)
{
    (void)state;
    dmg_dataset *right = toy_dataset(), *wrong = new_dataset();
    bool held_out[RECORDS];
    float scores[2][RECORDS];
    dmg_error err;
    for (size_t i = 0; i < RECORDS; i++) {
        const dmg_dataset_record r = dmg_dataset_get(right, i);
        held_out[i] = i % 5 == 0;
        const dmg_sequence sequence = {
            .id = r.id, .sequence = r.sequence, .length = r.length, .structure = r.structure};
        const bool label = r.positive != held_out[i];
        assert_ok(dmg_dataset_add_sequences(wrong, &sequence, &label, 1, &err), &err);
    }
    assert_ok(dmg_dataset_fold(wrong, 2, DMG_CPU_AUTO, &err), &err);
    for (size_t m = 0; m < LEARNED; m++) {
        dmg_dataset *const sets[] = {right, wrong};
        for (int k = 0; k < 2; k++) {
            assert_ok(dmg_baseline_prepare(sets[k], learned[m], 1, 2, DMG_CPU_AUTO, &err), &err);
            score(scores[k], learned[m], sets[k], held_out, 2);
        }
        assert_memory_equal(scores[0], scores[1], sizeof scores[0]);
    }
    dmg_dataset_destroy(right);
    dmg_dataset_destroy(wrong);
}

static void test_features_must_be_there(void **state)
{
    (void)state;
    dmg_dataset *dataset = toy_dataset(), *part = NULL;
    dmg_baseline *baseline = NULL;
    dmg_error err;
    bool keep[RECORDS];
    for (size_t m = 0; m < BY_FEATURES; m++) {
        assert_int_equal(dmg_baseline_train(&baseline, learned[m], dataset, NULL, 1, 1, &err),
                         DMG_RANGE);
        assert_non_null(strstr(err.message, "record 'p0' lacks features"));
    }
    assert_null(dmg_dataset_features(dataset, 0));
    assert_ok(dmg_baseline_prepare(dataset, DMG_BASELINE_LENGTH, 1, 1, DMG_CPU_AUTO, &err), &err);
    assert_null(dmg_dataset_features(dataset, 0));
    assert_ok(dmg_baseline_prepare(dataset, DMG_BASELINE_MIRBOOST, 1, 1, DMG_CPU_AUTO, &err), &err);
    for (size_t i = 0; i < RECORDS; i++) keep[i] = i % 3 == 1;
    assert_ok(dmg_dataset_select(&part, dataset, keep, &err), &err);
    const size_t dg = dmg_feature_find("dG");
    for (size_t i = 0; i < dmg_dataset_count(part); i++)
        assert_true(dmg_dataset_features(part, i)[dg] ==
                    dmg_dataset_features(dataset, 3 * i + 1)[dg]);
    add(dataset, scratch_path("positive.fa"), true);
    assert_null(dmg_dataset_features(dataset, 0));
    dmg_dataset_destroy(part);
    dmg_dataset_destroy(dataset);
}

static void test_the_sets_of_features(void **state)
{
    (void)state;
    static const size_t columns[BY_FEATURES] = {34, 21, 91, 97};
    for (size_t m = 0; m < BY_FEATURES; m++)
        assert_int_equal(feature_set_columns(feature_set_of(learned[m])), columns[m]);
    assert_int_equal(feature_set_columns(feature_set_of(DMG_BASELINE_TRIPLET_SVM)), 32);
    assert_null(feature_set_of(DMG_BASELINE_MIRENA));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_split_is_the_best_of_all),
        cmocka_unit_test(test_deep_trees_know_their_rows),
        cmocka_unit_test(test_nothing_to_split),
        cmocka_unit_test(test_parts_of_samples),
        cmocka_unit_test(test_balanced_samples),
        cmocka_unit_test(test_counts_of_structures),
        cmocka_unit_test(test_likelihoods_by_all_ways),
        cmocka_unit_test(test_probabilities_sum_to_one),
        cmocka_unit_test(test_methods_learn_a_toy_problem),
        cmocka_unit_test(test_methods_do_not_see_held_out_labels),
        cmocka_unit_test(test_features_must_be_there),
        cmocka_unit_test(test_the_sets_of_features),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
