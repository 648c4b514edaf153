/* SPDX-License-Identifier: MIT */
/* The classifiers that the network is compared with. */
#include "unit.h"

#include <libsvm/svm.h>
#include <math.h>
#include <unistd.h>

#include "base/rng.h"
#include "baseline/mirena.h"
#include "datasets.h"
#include "deepmirgene/baseline.h"
#include "deepmirgene/fold.h"
#include "deepmirgene/metrics.h"
#include "features/triplets.h"
#include "scratch.h"
#include "toy_data.h"

/* 40 hairpins and their letters shuffled, folded. */
static dmg_dataset *toy_dataset(bool positives_first)
{
    dmg_dataset *dataset = new_dataset();
    dmg_error err;
    toy_write(3);
    for (int k = 0; k < 2; k++) {
        const bool positive = (k == 0) == positives_first;
        add(dataset, scratch_path(positive ? "positive.fa" : "negative.fa"), positive);
    }
    assert_ok(dmg_dataset_fold(dataset, 2, DMG_CPU_AUTO, &err), &err);
    return dataset;
}

static dmg_baseline *trained(dmg_baseline_method method, const dmg_dataset *dataset,
                             const bool *held_out, uint64_t seed, int threads)
{
    dmg_baseline *baseline = NULL;
    dmg_error err;
    assert_ok(dmg_baseline_train(&baseline, method, dataset, held_out, seed, threads, &err), &err);
    return baseline;
}

/* Trains and scores; the caller's to free. */
static float *scores_of(dmg_baseline_method method, const dmg_dataset *dataset,
                        const bool *held_out, uint64_t seed, int threads)
{
    dmg_error err;
    float *scores = calloc(dmg_dataset_count(dataset), sizeof *scores);
    assert_non_null(scores);
    dmg_baseline *baseline = trained(method, dataset, held_out, seed, threads);
    assert_ok(dmg_baseline_score(scores, baseline, dataset, threads, &err), &err);
    dmg_baseline_destroy(baseline);
    return scores;
}

/* --- names --- */

static void test_names_and_thresholds(void **state)
{
    (void)state;
    dmg_baseline_method method;
    dmg_error err;
    for (int i = 0; i < DMG_BASELINE_METHODS; i++) {
        assert_ok(dmg_baseline_parse(&method, dmg_baseline_name((dmg_baseline_method)i), &err),
                  &err);
        assert_int_equal(method, i);
    }
    assert_int_equal(dmg_baseline_parse(&method, "mfe", &err), DMG_RANGE);
    assert_non_null(strstr(err.message, "'mfe'"));
    assert_non_null(strstr(err.message, "mfe-per-length, length, triplet-svm, mirena"));
    assert_true(isnan(dmg_baseline_threshold(DMG_BASELINE_MFE_PER_LENGTH)));
    assert_true(isnan(dmg_baseline_threshold(DMG_BASELINE_LENGTH)));
    assert_true(dmg_baseline_threshold(DMG_BASELINE_TRIPLET_SVM) == 0);
    assert_true(dmg_baseline_threshold(DMG_BASELINE_MIRENA) == 3);
    dmg_baseline_destroy(NULL);
}

/* --- stems --- */

static void assert_stem(const char *structure, size_t pairs, size_t left, size_t left_end,
                        size_t right, size_t right_end)
{
    const hairpin_stem s = stem_longest(structure, strlen(structure));
    if (s.pairs != pairs || s.left != left || s.left_end != left_end || s.right != right ||
        s.right_end != right_end)
        fail_msg("%s: %zu pairs, [%zu, %zu) and [%zu, %zu)", structure, s.pairs, s.left, s.left_end,
                 s.right, s.right_end);
}

static void test_stems_drawn_by_hand(void **state)
{
    (void)state;
    assert_stem("((...))", 2, 0, 2, 5, 7);
    assert_stem("..((..((...)).)).", 4, 2, 8, 11, 16);
    assert_stem("((.((...)).(((...))).))", 3, 11, 14, 17, 20); /* the outer two enclose both */
    assert_stem("(.((((...)))).((...)))", 4, 2, 6, 9, 13);
    assert_stem("((...))((...))", 2, 0, 2, 5, 7); /* the first of equals */
    assert_stem("(...)..((...))", 2, 7, 9, 12, 14);
    assert_stem("()", 1, 0, 1, 1, 2); /* given structures may have empty loops */
    assert_stem("(((...)(...)))", 1, 2, 3, 6, 7);
    assert_stem(".....", 0, 0, 0, 0, 0);
    assert_stem("", 0, 0, 0, 0, 0);
}

/* Pairs that enclose one hairpin loop and nothing else, by a table of partners. */
static size_t longest_by_partners(const char *structure, size_t length)
{
    size_t partner[256], stack[256], depth = 0, longest = 0;
    for (size_t i = 0; i < length; i++) {
        if (structure[i] == '(') stack[depth++] = i;
        if (structure[i] != ')') continue;
        partner[i] = stack[--depth];
        partner[partner[i]] = i;
    }
    for (size_t i = 0; i < length; i++) {
        if (structure[i] != '(') continue;
        size_t pairs = 0;
        bool closed = false, several = false; /* an opening bracket after a closing one */
        for (size_t k = i; k <= partner[i]; k++) {
            pairs += structure[k] == '(';
            several |= closed && structure[k] == '(';
            closed |= structure[k] == ')';
        }
        if (!several && pairs > longest) longest = pairs;
    }
    return longest;
}

static void test_stems_of_random_structures(void **state)
{
    (void)state;
    dmg_rng rng;
    dmg_rng_init(&rng, 11, 0);
    for (int round = 0; round < 3000; round++) {
        char structure[201];
        size_t length = 0, open = 0;
        const size_t most = dmg_rng_below(&rng, 100);
        while (length < most || open > 0) {
            const uint64_t what = dmg_rng_below(&rng, 4);
            char letter = '.';
            if (what == 0 && length < most && open + length < 190) letter = '(';
            if ((what >= 2 || length >= most) && open > 0) letter = ')';
            open += (size_t)(letter == '(') - (size_t)(letter == ')');
            structure[length++] = letter;
        }
        const size_t expected = longest_by_partners(structure, length);
        const hairpin_stem s = stem_longest(structure, length);
        if (s.pairs != expected)
            fail_msg("%.*s: %zu, not %zu", (int)length, structure, s.pairs, expected);
        size_t opening = 0, closing = 0;
        for (size_t i = s.left; i < s.left_end; i++) opening += structure[i] == '(';
        for (size_t i = s.right; i < s.right_end; i++) closing += structure[i] == ')';
        assert_int_equal(opening, expected);
        assert_int_equal(closing, expected);
    }
}

/* --- triplets --- */

/* `expected` are pairs of an index and how often it is counted, ended by a count of 0. */
static void assert_triplets(const char *sequence, const char *structure, const int (*expected)[2])
{
    double features[TRIPLET_FEATURES], wanted[TRIPLET_FEATURES] = {0}, sum = 0;
    triplet_features(features, sequence, structure, strlen(sequence));
    for (int k = 0; expected[k][1] > 0; k++) sum += expected[k][1];
    for (int k = 0; expected[k][1] > 0; k++) wanted[expected[k][0]] = expected[k][1] / sum;
    for (int k = 0; k < TRIPLET_FEATURES; k++)
        if (fabs(features[k] - wanted[k]) > 1e-15)
            fail_msg("%s: feature %d is %g, not %g", sequence, k, features[k], wanted[k]);
}

#define COUNTS(...)                                                                                \
    (const int[][2])                                                                               \
    {                                                                                              \
        __VA_ARGS__,                                                                               \
        {                                                                                          \
            0, 0                                                                                   \
        }                                                                                          \
    }

/* Letters A G C U begin at 0, 8, 16, 24; "((." of a letter is 6 behind, ".((" is 3. */
static void test_triplets_drawn_by_hand(void **state)
{
    (void)state;
    assert_triplets("GGAAACC", "((...))", COUNTS({8 + 3, 1}, {8 + 6, 1}, {16 + 3, 1}, {16 + 6, 1}));
    /* What hangs out is not counted, and pairs nothing either. */
    assert_triplets("AGGAAACCU", ".((...)).",
                    COUNTS({8 + 3, 1}, {8 + 6, 1}, {16 + 3, 1}, {16 + 6, 1}));
    /* A bulge is part of its arm. */
    assert_triplets(
        "ACGUAAAACU", "(.((...)))",
        COUNTS({0 + 2, 1}, {16 + 5, 1}, {8 + 3, 1}, {24 + 6, 2}, {0 + 3, 1}, {16 + 7, 1}));
    assert_triplets("ANGUAAAACU", "(.((...)))",
                    COUNTS({0 + 2, 1}, {8 + 3, 1}, {24 + 6, 2}, {0 + 3, 1}, {16 + 7, 1}));
    /* Two unpaired in a row: "(..", "..(". */
    assert_triplets("GAAGAAACC", "(..(...))",
                    COUNTS({8 + 2, 2}, {0 + 4, 1}, {0 + 1, 1}, {16 + 3, 1}, {16 + 6, 1}));
    /* Of several hairpins the longest stem; its open end touches a pair of the outer stem. */
    assert_triplets("GGGAAACGAAAACAACC", "(((...)(....)..))", COUNTS({8 + 6, 1}, {16 + 3, 1}));
    const int none[][2] = {{0, 0}};
    assert_triplets("ACGUACGU", "........", none);
    assert_triplets("NNNNNNN", "((...))", none);
    assert_triplets("A", ".", none);
}

static void test_triplets_have_places_of_their_own(void **state)
{
    (void)state;
    int seen[TRIPLET_FEATURES] = {0};
    for (int letter = 0; letter < 4; letter++)
        for (int bits = 0; bits < 8; bits++)
            seen[triplet_index("AGCU"[letter], bits >> 2, bits >> 1 & 1, bits & 1)]++;
    for (int k = 0; k < TRIPLET_FEATURES; k++) assert_int_equal(seen[k], 1);
}

/* --- MIReNA --- */

static void test_mirena_thresholds(void **state)
{
    (void)state;
    assert_false(mirena_amfe_met(-1600, 50)); /* -32 kcal/mol per 100 nucleotides */
    assert_true(mirena_amfe_met(-1601, 50));
    assert_false(mirena_amfe_met(0, 1));
    assert_false(mirena_mfei_met(-276, "GACUGNC", 7)); /* 4 of G and C */
    assert_true(mirena_mfei_met(-277, "GACUGNC", 7));
    assert_false(mirena_mfei_met(-5000, "AUAUAUNN", 8));
}

static void assert_most_paired(const char *structure, size_t most, bool met)
{
    assert_int_equal(mirena_most_paired(structure, strlen(structure)), most);
    assert_int_equal(mirena_paired_met(structure, strlen(structure)), met);
}

static void test_mirena_pairs_of_an_arm(void **state)
{
    (void)state;
    assert_most_paired("((((((((((((((((......))))))))))))))))", 16, true);
    assert_most_paired("(((((((((((((((.......)))))))))))))))", 15, false);
    assert_most_paired("(((((((((((((((((((((((((....)))))))))))))))))))))))))", 22, true);
    /* Pairs on both sides of the loop are not those of one arm. */
    assert_most_paired("((((((((((....))))))))))", 0, false);
    assert_most_paired("............((((((((((....))))))))))", 10, false);
    assert_most_paired("((((((((((....))))))))))............", 10, false);
    assert_most_paired("((((((((((((((((((...))))))))))))))))))", 0, false);
    assert_most_paired("((((((((...))))))))", 0, false); /* shorter than a mature strand */
    assert_most_paired("......................", 0, false);
    assert_most_paired("", 0, false);
}

static void test_mirena_counts(void **state)
{
    (void)state;
    const char *sequence = "GGGGGGGGGGGGGGGGAAAAAACCCCCCCCCCCCCCCC";
    const char *structure = "((((((((((((((((......))))))))))))))))";
    const size_t n = strlen(sequence);
    assert_int_equal(mirena_count_met(-2209, sequence, structure, n), 3); /* 32 of G and C */
    assert_int_equal(mirena_count_met(-2208, sequence, structure, n), 2);
    assert_int_equal(mirena_count_met(-1217, sequence, structure, n), 2);
    assert_int_equal(mirena_count_met(-1216, sequence, structure, n), 1);
    assert_int_equal(mirena_count_met(-1217, sequence, "......................................", n),
                     1);
    assert_int_equal(mirena_count_met(0, sequence, "......................................", n), 0);
}

/* --- single numbers --- */

static void test_single_numbers(void **state)
{
    (void)state;
    dmg_dataset *dataset = new_dataset();
    add(dataset, scratch_text("given.fa", ">a\nGGGGAAAACCCC\n((((....))))\n>b\nACGUA\n.....\n"),
        true);
    float *scores = scores_of(DMG_BASELINE_MFE_PER_LENGTH, dataset, NULL, 1, 2);
    assert_true(scores[0] == (float)(5.4 / 12)); /* -5.40 kcal/mol by RNAfold */
    assert_true(scores[1] == 0);
    free(scores);
    scores = scores_of(DMG_BASELINE_LENGTH, dataset, NULL, 1, 2);
    assert_true(scores[0] == -12 && scores[1] == -5);
    free(scores);
    dmg_dataset_destroy(dataset);
}

static void test_records_without_structure_or_energy(void **state)
{
    (void)state;
    dmg_dataset *dataset = new_dataset();
    dmg_baseline *baseline = trained(DMG_BASELINE_MIRENA, dataset, NULL, 1, 1), *other = NULL;
    add(dataset, scratch_text("bad.fa", ">fine\nACGUA\n.....\n>odd\nAAAAAAA\n((...))\n"), true);
    float scores[3];
    dmg_error err;
    assert_int_equal(dmg_baseline_score(scores, baseline, dataset, 2, &err), DMG_RANGE);
    assert_non_null(strstr(err.message, "'odd'"));
    assert_non_null(strstr(err.message, "cannot pair"));
    add(dataset, scratch_text("plain.fa", ">plain\nACGUA\n"), true);
    assert_int_equal(dmg_baseline_score(scores, baseline, dataset, 1, &err), DMG_RANGE);
    assert_non_null(strstr(err.message, "'plain' has not been folded"));
    assert_int_equal(dmg_baseline_train(&other, DMG_BASELINE_LENGTH, dataset, NULL, 1, 1, &err),
                     DMG_RANGE);
    assert_null(other);
    dmg_baseline_destroy(baseline);
    dmg_dataset_destroy(dataset);
}

/* --- triplet-SVM --- */

/* AUROC over the held-out records. */
static double held_out_auroc(const float *scores, const dmg_dataset *dataset, const bool *held_out)
{
    float kept[2 * TOY_PER_CLASS];
    bool labels[2 * TOY_PER_CLASS];
    size_t n = 0;
    for (size_t i = 0; i < dmg_dataset_count(dataset); i++) {
        if (!held_out[i]) continue;
        kept[n] = scores[i];
        labels[n++] = dmg_dataset_get(dataset, i).positive;
    }
    dmg_rank_metrics ranks;
    dmg_error err;
    assert_ok(dmg_metrics_ranks(&ranks, kept, labels, n, &err), &err);
    return ranks.auroc;
}

static void test_svm_learns_a_toy_problem(void **state)
{
    (void)state;
    for (int positives_first = 0; positives_first < 2; positives_first++) {
        dmg_dataset *dataset = toy_dataset(positives_first);
        bool held_out[2 * TOY_PER_CLASS];
        dmg_error err;
        assert_ok(dmg_dataset_draw(held_out, dataset, 0.4, 1, &err), &err);
        float *scores = scores_of(DMG_BASELINE_TRIPLET_SVM, dataset, held_out, 1, 2);
        const double auroc = held_out_auroc(scores, dataset, held_out);
        if (!(auroc > 0.9)) fail_msg("AUROC of unseen records: %g", auroc);
        free(scores);
        dmg_dataset_destroy(dataset);
    }
}

static void test_svm_is_the_same_for_any_threads(void **state)
{
    (void)state;
    dmg_dataset *dataset = toy_dataset(true);
    const size_t size = dmg_dataset_count(dataset) * sizeof(float);
    float *one = scores_of(DMG_BASELINE_TRIPLET_SVM, dataset, NULL, 5, 1);
    for (int threads = 1; threads <= 3; threads++) {
        float *other = scores_of(DMG_BASELINE_TRIPLET_SVM, dataset, NULL, 5, threads);
        assert_memory_equal(one, other, size);
        free(other);
    }
    /* Other draws from rand() change nothing. */
    srand(99);
    float *other = scores_of(DMG_BASELINE_TRIPLET_SVM, dataset, NULL, 5, 2);
    assert_memory_equal(one, other, size);
    free(other);
    free(one);
    dmg_dataset_destroy(dataset);
}

/* Labels that no machine can learn in full: a quarter of the toy records stands on the wrong side,
 * and of the precursors every other one is left out. */
static dmg_dataset *noisy_dataset(void)
{
    dmg_dataset *toy = toy_dataset(true), *noisy = new_dataset();
    static char text[2][2 * TOY_PER_CLASS * (2 * TOY_LONGEST + 16)];
    size_t n[2] = {0};
    dmg_rng rng;
    dmg_rng_init(&rng, 21, 0);
    for (size_t i = 0; i < dmg_dataset_count(toy); i++) {
        const dmg_dataset_record r = dmg_dataset_get(toy, i);
        const bool positive = r.positive != (dmg_rng_below(&rng, 4) == 0);
        if (positive && i % 2 == 0) continue;
        n[positive] += (size_t)snprintf(text[positive] + n[positive], sizeof *text - n[positive],
                                        ">%s\n%s\n%s\n", r.id, r.sequence, r.structure);
    }
    add(noisy, scratch_write("noisy_positive.fa", text[1], n[1]), true);
    add(noisy, scratch_write("noisy_negative.fa", text[0], n[0]), false);
    dmg_dataset_destroy(toy);
    return noisy;
}

/* The same in plain loops: every record in full, one machine after the other. */
typedef struct plain_svm {
    size_t count;
    double labels[2 * TOY_PER_CLASS], features[2 * TOY_PER_CLASS][TRIPLET_FEATURES];
    int folds[2 * TOY_PER_CLASS];
    struct svm_node nodes[2 * TOY_PER_CLASS][TRIPLET_FEATURES + 1];
} plain_svm;

static void plain_read(plain_svm *plain, const dmg_dataset *dataset, uint64_t seed)
{
    plain->count = dmg_dataset_count(dataset);
    for (size_t i = 0; i < plain->count; i++) {
        const dmg_dataset_record r = dmg_dataset_get(dataset, i);
        triplet_features(plain->features[i], r.sequence, r.structure, r.length);
        plain->labels[i] = r.positive ? 1 : -1;
    }
    for (int k = 0; k < TRIPLET_FEATURES; k++) {
        double low = 1, high = 0;
        for (size_t i = 0; i < plain->count; i++) {
            low = fmin(low, plain->features[i][k]);
            high = fmax(high, plain->features[i][k]);
        }
        for (size_t i = 0; i < plain->count; i++)
            plain->nodes[i][k] = (struct svm_node){
                k + 1, high > low ? (plain->features[i][k] - low) / (high - low) : 0};
    }
    for (size_t i = 0; i < plain->count; i++) plain->nodes[i][TRIPLET_FEATURES].index = -1;
    for (uint64_t label = 0; label < 2; label++) {
        size_t members[2 * TOY_PER_CLASS], count = 0;
        for (size_t i = 0; i < plain->count; i++)
            if ((plain->labels[i] > 0) == (label == 1)) members[count++] = i;
        dmg_rng rng;
        dmg_rng_init(&rng, seed, (uint64_t)0x62 << 56 | label);
        dmg_rng_shuffle(&rng, members, count);
        for (size_t i = 0; i < count; i++) plain->folds[members[i]] = (int)(i % 3);
    }
}

/* Decision values of all records by a machine trained on those of other folds. */
static void plain_decide(double *values, plain_svm *plain, int fold, double cost, double gamma)
{
    double labels[2 * TOY_PER_CLASS], weights[2], counts[2] = {0};
    struct svm_node *rows[2 * TOY_PER_CLASS];
    int names[2] = {-1, 1}, n = 0;
    for (size_t i = 0; i < plain->count; i++) {
        if (plain->folds[i] == fold) continue;
        counts[plain->labels[i] > 0]++;
        labels[n] = plain->labels[i];
        rows[n++] = plain->nodes[i];
    }
    for (int label = 0; label < 2; label++) weights[label] = n / (2 * counts[label]);
    const struct svm_problem problem = {n, labels, rows};
    const struct svm_parameter parameter = {.svm_type = C_SVC,
                                            .kernel_type = RBF,
                                            .gamma = gamma,
                                            .cache_size = 10,
                                            .eps = 1e-3,
                                            .C = cost,
                                            .nr_weight = 2,
                                            .weight_label = names,
                                            .weight = weights,
                                            .shrinking = 1};
    struct svm_model *machine = svm_train(&problem, &parameter);
    for (size_t i = 0; i < plain->count; i++)
        svm_predict_values(machine, plain->nodes[i], &values[i]);
    svm_free_and_destroy_model(&machine);
}

static void test_svm_by_plain_loops(void **state)
{
    (void)state;
    static plain_svm plain;
    dmg_dataset *dataset = noisy_dataset();
    int other_than_first = 0;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        plain_read(&plain, dataset, seed);
        double best = -1, best_cost = 0, best_gamma = 0, values[2 * TOY_PER_CLASS];
        for (double cost = 2; cost <= 128; cost *= 4) {
            for (double gamma = 0.03125; gamma <= 0.5; gamma *= 4) {
                double right[2] = {0};
                for (int fold = 0; fold < 3; fold++) {
                    plain_decide(values, &plain, fold, cost, gamma);
                    for (size_t i = 0; i < plain.count; i++)
                        if (plain.folds[i] == fold && (values[i] >= 0) == (plain.labels[i] > 0))
                            right[plain.labels[i] > 0]++;
                }
                if (right[0] * right[1] <= best) continue;
                best = right[0] * right[1];
                best_cost = cost;
                best_gamma = gamma;
            }
        }
        char choice[64];
        snprintf(choice, sizeof choice, "C %g, gamma %g", best_cost, best_gamma);
        other_than_first += best_cost > 2 || best_gamma > 0.03125;
        dmg_baseline *baseline = trained(DMG_BASELINE_TRIPLET_SVM, dataset, NULL, seed, 2);
        assert_string_equal(dmg_baseline_choice(baseline), choice);
        float scores[2 * TOY_PER_CLASS];
        dmg_error err;
        assert_ok(dmg_baseline_score(scores, baseline, dataset, 2, &err), &err);
        plain_decide(values, &plain, -1, best_cost, best_gamma);
        for (size_t i = 0; i < plain.count; i++)
            if (!(fabs(scores[i] - values[i]) < 1e-3))
                fail_msg("record %zu: %g, not %g", i, (double)scores[i], values[i]);
        dmg_baseline_destroy(baseline);
    }
    assert_true(other_than_first > 0); /* else the grid has not been tried */
    dmg_dataset_destroy(dataset);
}

/* A problem that every cell of the grid solves: the first, which is the smoothest, is taken. */
static void test_svm_takes_the_smoothest_of_equals(void **state)
{
    (void)state;
    char positives[512] = "", negatives[512] = "";
    for (int i = 0; i < 9; i++) {
        strcat(positives, ">p\nGGGGGAAAACCCCC\n(((((....)))))\n");
        strcat(negatives, ">n\nAUAUAUAAAAUUUU\n..............\n");
    }
    dmg_dataset *dataset = new_dataset();
    add(dataset, scratch_text("stems.fa", positives), true);
    add(dataset, scratch_text("threads.fa", negatives), false);
    dmg_baseline *baseline = trained(DMG_BASELINE_TRIPLET_SVM, dataset, NULL, 1, 2);
    assert_string_equal(dmg_baseline_choice(baseline), "C 2, gamma 0.03125");
    dmg_baseline_destroy(baseline);
    dmg_dataset_destroy(dataset);
}

/* Appends the records of one label that are not held out to a text of records with structures. */
static const char *write_kept(const char *name, const dmg_dataset *dataset, const bool *held_out,
                              bool positive)
{
    static char text[2 * TOY_PER_CLASS * (2 * TOY_LONGEST + 16)];
    size_t n = 0;
    for (size_t i = 0; i < dmg_dataset_count(dataset); i++) {
        const dmg_dataset_record r = dmg_dataset_get(dataset, i);
        if (held_out[i] || r.positive != positive) continue;
        n += (size_t)snprintf(text + n, sizeof text - n, ">%s\n%s\n%s\n", r.id, r.sequence,
                              r.structure);
    }
    return scratch_write(name, text, n);
}

/* Neither scaling nor grid may see what is held out. */
static void test_svm_does_not_see_held_out_records(void **state)
{
    (void)state;
    dmg_dataset *all = toy_dataset(true), *kept = new_dataset();
    bool held_out[2 * TOY_PER_CLASS];
    dmg_error err;
    assert_ok(dmg_dataset_draw(held_out, all, 0.3, 2, &err), &err);
    add(kept, write_kept("kept_positive.fa", all, held_out, true), true);
    add(kept, write_kept("kept_negative.fa", all, held_out, false), false);
    float *of_all = scores_of(DMG_BASELINE_TRIPLET_SVM, all, held_out, 4, 2);
    float *of_kept = scores_of(DMG_BASELINE_TRIPLET_SVM, kept, NULL, 4, 2);
    size_t n = 0;
    for (size_t i = 0; i < dmg_dataset_count(all); i++)
        if (!held_out[i]) assert_true(of_all[i] == of_kept[n++]);
    assert_int_equal(n, dmg_dataset_count(kept));
    free(of_all);
    free(of_kept);
    dmg_dataset_destroy(all);
    dmg_dataset_destroy(kept);
}

static void test_svm_needs_both_classes(void **state)
{
    (void)state;
    dmg_dataset *dataset = toy_dataset(true);
    bool held_out[2 * TOY_PER_CLASS] = {false};
    for (int i = 2; i < TOY_PER_CLASS; i++) held_out[i] = true;
    dmg_baseline *baseline = trained(DMG_BASELINE_TRIPLET_SVM, dataset, held_out, 1, 2);
    assert_non_null(strstr(dmg_baseline_choice(baseline), "gamma"));
    dmg_baseline_destroy(baseline);
    baseline = NULL;
    held_out[1] = true;
    dmg_error err;
    assert_int_equal(
        dmg_baseline_train(&baseline, DMG_BASELINE_TRIPLET_SVM, dataset, held_out, 1, 2, &err),
        DMG_RANGE);
    assert_non_null(strstr(err.message, "1 and 40"));
    assert_null(baseline);
    dmg_dataset_destroy(dataset);
}

static void test_svm_prints_nothing(void **state)
{
    (void)state;
    dmg_dataset *dataset = toy_dataset(true);
    fflush(stdout);
    const int terminal = dup(STDOUT_FILENO);
    const char *path = scratch_path("printed");
    FILE *file = fopen(path, "w+");
    assert_non_null(file);
    assert_true(dup2(fileno(file), STDOUT_FILENO) >= 0);
    dmg_baseline *baseline = trained(DMG_BASELINE_TRIPLET_SVM, dataset, NULL, 1, 2);
    fflush(stdout);
    assert_true(dup2(terminal, STDOUT_FILENO) >= 0);
    close(terminal);
    fclose(file);
    size_t size;
    free(scratch_read(path, &size));
    assert_int_equal(size, 0);
    dmg_baseline_destroy(baseline);
    dmg_dataset_destroy(dataset);
}

/* --- degenerate records --- */

static void test_every_method_scores_every_record(void **state)
{
    (void)state;
    dmg_dataset *learned = toy_dataset(true), *odd = new_dataset();
    add(odd,
        scratch_text("odd.fa", ">1\nA\n>2\nGC\n>3\nNNN\n>4\nACGU\n>5\nGGGGG\n>6\nNNNNNNNNNNNNNNN\n"
                               ">7\nGGGGNNNNNCCCC\n>8\nAUAUAUAUAUAUAUAUAUAUAUAUAUAUAU\n"),
        false);
    add(odd,
        scratch_text("given.fa", ">9\nGGGGCAAAGCAGCAAAGCACCC\n(((((...)).((...)).)))\n"
                                 ">10\nNNNNGAAACNNNN\n....(...)....\n"),
        true);
    dmg_error err;
    assert_ok(dmg_dataset_fold(odd, 1, DMG_CPU_AUTO, &err), &err);
    for (int m = 0; m < DMG_BASELINE_METHODS; m++) {
        const dmg_baseline_method method = (dmg_baseline_method)m;
        assert_ok(dmg_baseline_prepare(learned, method, 1, 2, DMG_CPU_AUTO, &err), &err);
        assert_ok(dmg_baseline_prepare(odd, method, 1, 2, DMG_CPU_AUTO, &err), &err);
        dmg_baseline *baseline = trained(method, learned, NULL, 1, 2);
        float scores[10];
        assert_int_equal(dmg_dataset_count(odd), 10);
        assert_ok(dmg_baseline_score(scores, baseline, odd, 3, &err), &err);
        for (int i = 0; i < 10; i++) assert_true(isfinite(scores[i]));
        dmg_baseline_destroy(baseline);
    }
    dmg_dataset_destroy(learned);
    dmg_dataset_destroy(odd);
}

/* --- the published human set --- */

/* Joins letters and RNAfold's structures, which stand in the same order, to a file of both. */
static const char *join_structures(const char *name, const char *letters_path,
                                   const char *structures_path)
{
    FILE *letters = fopen(letters_path, "r"), *structures = fopen(structures_path, "r");
    const char *path = scratch_path(name);
    FILE *joined = fopen(path, "w");
    assert_true(letters && structures && joined);
    char id[64], sequence[512], other[64], structure[512], energy[64];
    assert_int_equal(fscanf(structures, "%63s %63s %63s", other, structure, energy), 3);
    while (fscanf(letters, " >%63s %511s", id, sequence) == 2) {
        assert_int_equal(fscanf(structures, "%63s %511s %63s", other, structure, energy), 3);
        assert_string_equal(id, other);
        fprintf(joined, ">%s\n%s\n%s\n", id, sequence, structure);
    }
    fclose(letters);
    fclose(structures);
    assert_int_equal(fclose(joined), 0);
    return path;
}

/* NULL where the data are not here. */
static dmg_dataset *human_dataset(void)
{
    static const char *const names[2] = {"human_neg", "human_pos"};
    dmg_dataset *dataset = new_dataset();
    for (int label = 1; label >= 0; label--) {
        char name[64], letters[4096], structures[4096];
        snprintf(name, sizeof name, "data/mirboost/%s.fa", names[label]);
        const bool here = shared_path(letters, name);
        snprintf(name, sizeof name, "data/rnafold/%s.tsv", names[label]);
        if (!here || !shared_path(structures, name)) {
            dmg_dataset_destroy(dataset);
            return NULL;
        }
        add(dataset, join_structures(names[label], letters, structures), label);
    }
    return dataset;
}

static void assert_near(double value, double expected)
{
    if (!(fabs(value - expected) <= 0.0005)) fail_msg("%.4f, not %.3f", value, expected);
}

static void test_human_set(void **state)
{
    (void)state;
    dmg_dataset *dataset = human_dataset();
    if (!dataset) return;
    const size_t n = dmg_dataset_count(dataset);
    assert_int_equal(n, 863 + 7422);
    bool *labels = calloc(n, sizeof *labels);
    assert_non_null(labels);
    for (size_t i = 0; i < n; i++) labels[i] = dmg_dataset_get(dataset, i).positive;
    dmg_rank_metrics ranks;
    dmg_error err;
    float *scores = scores_of(DMG_BASELINE_MFE_PER_LENGTH, dataset, NULL, 1, 2);
    assert_ok(dmg_metrics_ranks(&ranks, scores, labels, n, &err), &err);
    assert_near(ranks.auroc, 0.967);
    assert_near(ranks.aupr, 0.868);
    free(scores);
    scores = scores_of(DMG_BASELINE_LENGTH, dataset, NULL, 1, 2);
    assert_ok(dmg_metrics_ranks(&ranks, scores, labels, n, &err), &err);
    assert_near(ranks.auroc, 0.671);
    free(scores);
    /* Reported for MIReNA itself: .83 and .92. */
    scores = scores_of(DMG_BASELINE_MIRENA, dataset, NULL, 1, 2);
    const dmg_call_metrics calls = dmg_metrics_calls(
        dmg_metrics_confusion(scores, labels, n, dmg_baseline_threshold(DMG_BASELINE_MIRENA)));
    assert_near(calls.se, 0.820);
    assert_near(calls.sp, 0.940);
    free(scores);
    free(labels);
    dmg_dataset_destroy(dataset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_and_thresholds),
        cmocka_unit_test(test_stems_drawn_by_hand),
        cmocka_unit_test(test_stems_of_random_structures),
        cmocka_unit_test(test_triplets_drawn_by_hand),
        cmocka_unit_test(test_triplets_have_places_of_their_own),
        cmocka_unit_test(test_mirena_thresholds),
        cmocka_unit_test(test_mirena_pairs_of_an_arm),
        cmocka_unit_test(test_mirena_counts),
        cmocka_unit_test(test_single_numbers),
        cmocka_unit_test(test_records_without_structure_or_energy),
        cmocka_unit_test(test_svm_learns_a_toy_problem),
        cmocka_unit_test(test_svm_is_the_same_for_any_threads),
        cmocka_unit_test(test_svm_by_plain_loops),
        cmocka_unit_test(test_svm_takes_the_smoothest_of_equals),
        cmocka_unit_test(test_svm_does_not_see_held_out_records),
        cmocka_unit_test(test_svm_needs_both_classes),
        cmocka_unit_test(test_svm_prints_nothing),
        cmocka_unit_test(test_every_method_scores_every_record),
        cmocka_unit_test(test_human_set),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
