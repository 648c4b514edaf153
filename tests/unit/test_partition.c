/* SPDX-License-Identifier: MIT */
/* Folds: balanced, whole groups, read from tables; and every fault of such a table. */
#include "unit.h"

#include "base/rng.h"
#include "deepmirgene/partition.h"
#include "scratch.h"

enum { MANY_FOLDS = 16 };

/* Records p0 .. and n0 ..; the sequences do not matter. */
static dmg_dataset *make_dataset(int positives, int negatives)
{
    dmg_dataset *dataset = NULL;
    dmg_error err;
    assert_ok(dmg_dataset_create(&dataset, &err), &err);
    for (int label = 0; label < 2; label++) {
        const int count = label ? negatives : positives;
        if (count == 0) continue;
        FILE *file = fopen(scratch_path("side.fa"), "w");
        assert_non_null(file);
        for (int i = 0; i < count; i++) fprintf(file, ">%c%d\nACGU\n", label ? 'n' : 'p', i);
        assert_int_equal(fclose(file), 0);
        assert_ok(dmg_dataset_add(dataset, scratch_path("side.fa"), !label, &err), &err);
    }
    return dataset;
}

/* counts[fold][label] */
static void count_labels(size_t counts[MANY_FOLDS][2], const dmg_partition *p,
                         const dmg_dataset *dataset)
{
    memset(counts, 0, MANY_FOLDS * sizeof *counts);
    assert_in_range(dmg_partition_count(p), 1, MANY_FOLDS);
    for (size_t i = 0; i < dmg_dataset_count(dataset); i++) {
        const size_t fold = dmg_partition_fold(p, i);
        assert_true(fold < dmg_partition_count(p));
        counts[fold][dmg_dataset_get(dataset, i).positive]++;
    }
}

static void assert_even(const size_t *counts, size_t stride, size_t folds)
{
    size_t least = SIZE_MAX, most = 0;
    for (size_t f = 0; f < folds; f++) {
        const size_t count = counts[f * stride];
        least = count < least ? count : least;
        most = count > most ? count : most;
    }
    assert_in_range(most - least, 0, 1);
}

static bool same_folds(const dmg_partition *a, const dmg_partition *b, size_t records)
{
    for (size_t i = 0; i < records; i++)
        if (dmg_partition_fold(a, i) != dmg_partition_fold(b, i)) return false;
    return true;
}

/* --- drawn folds --- */

static void assert_stratified(int positives, int negatives, int folds)
{
    dmg_dataset *dataset = make_dataset(positives, negatives);
    dmg_partition *p = NULL;
    dmg_error err;
    size_t counts[MANY_FOLDS][2], totals[MANY_FOLDS];
    assert_ok(dmg_partition_draw(&p, dataset, folds, 5, 1, &err), &err);
    assert_int_equal(dmg_partition_count(p), folds);
    count_labels(counts, p, dataset);
    for (int f = 0; f < folds; f++) {
        totals[f] = counts[f][0] + counts[f][1];
        assert_false(dmg_partition_is_test(p, (size_t)f));
        assert_true(dmg_partition_is_evaluated(p, (size_t)f));
        assert_int_equal(atoi(dmg_partition_name(p, (size_t)f)), f + 1);
    }
    assert_even(&counts[0][0], 2, (size_t)folds);
    assert_even(&counts[0][1], 2, (size_t)folds);
    assert_even(totals, 1, (size_t)folds);
    dmg_partition_destroy(p);
    dmg_dataset_destroy(dataset);
}

static void test_drawn_folds_are_even(void **state)
{
    (void)state;
    assert_stratified(2, 2, 2);
    assert_stratified(7, 23, 5);
    assert_stratified(8, 24, 5); /* both leave a rest */
    assert_stratified(16, 31, 16);
    assert_stratified(100, 3, 3);
}

static void test_seed_and_repeat_make_the_folds(void **state)
{
    (void)state;
    enum { RECORDS = 60 };
    dmg_dataset *dataset = make_dataset(20, 40);
    dmg_partition *p[4] = {0};
    dmg_error err;
    assert_ok(dmg_partition_draw(&p[0], dataset, 5, 1, 1, &err), &err);
    assert_ok(dmg_partition_draw(&p[1], dataset, 5, 1, 1, &err), &err);
    assert_ok(dmg_partition_draw(&p[2], dataset, 5, 1, 2, &err), &err);
    assert_ok(dmg_partition_draw(&p[3], dataset, 5, 2, 1, &err), &err);
    assert_true(same_folds(p[0], p[1], RECORDS));
    assert_false(same_folds(p[0], p[2], RECORDS));
    assert_false(same_folds(p[0], p[3], RECORDS));
    assert_false(same_folds(p[2], p[3], RECORDS));
    for (int k = 0; k < 4; k++) dmg_partition_destroy(p[k]);
    dmg_dataset_destroy(dataset);
}

static void assert_not_drawn(const dmg_dataset *dataset, int folds, const char *message)
{
    dmg_partition *p = NULL;
    dmg_error err;
    assert_int_equal(dmg_partition_draw(&p, dataset, folds, 1, 1, &err), DMG_RANGE);
    assert_string_equal(err.message, message);
    assert_null(p);
}

static void test_folds_need_records(void **state)
{
    (void)state;
    dmg_dataset *dataset = make_dataset(3, 9);
    assert_not_drawn(dataset, 4, "3 positive records are too few for 4 folds: each needs one");
    assert_not_drawn(dataset, 1, "1 folds: expected 2 to 1000");
    assert_not_drawn(dataset, 1001, "1001 folds: expected 2 to 1000");
    dmg_dataset_destroy(dataset);
    dataset = make_dataset(3, 0);
    assert_not_drawn(dataset, 2, "0 negative records are too few for 2 folds: each needs one");
    dmg_dataset_destroy(dataset);
}

/* --- groups --- */

/* Writes a table that puts each record of dataset into the group of its number. */
static const char *write_groups(const dmg_dataset *dataset, const size_t *groups)
{
    FILE *file = fopen(scratch_path("groups.tsv"), "w");
    assert_non_null(file);
    fprintf(file, "group\tspecies\tid\n");
    for (size_t i = 0; i < dmg_dataset_count(dataset); i++)
        fprintf(file, "g%zu\tx\t%s\n", groups[i], dmg_dataset_get(dataset, i).id);
    assert_int_equal(fclose(file), 0);
    return scratch_path("groups.tsv");
}

static void assert_groups_whole(const dmg_partition *p, const size_t *groups, size_t records)
{
    for (size_t i = 0; i < records; i++)
        for (size_t j = 0; j < i; j++)
            if (groups[i] == groups[j])
                assert_int_equal(dmg_partition_fold(p, i), dmg_partition_fold(p, j));
}

/* Groups of 1 to 12 records; some of one label, some of both. */
static void test_groups_stay_whole_and_folds_even(void **state)
{
    (void)state;
    enum { RECORDS = 360, FOLDS = 5 };
    dmg_dataset *dataset = make_dataset(120, 240);
    for (uint64_t seed = 1; seed <= 10; seed++) {
        size_t groups[RECORDS], counts[MANY_FOLDS][2], group = 0, left = 0;
        dmg_rng rng;
        dmg_partition *p = NULL, *again = NULL;
        dmg_error err;
        dmg_rng_init(&rng, seed, 0);
        for (int i = 0; i < RECORDS; i++) {
            if (left == 0) {
                left = 1 + (size_t)dmg_rng_below(&rng, 12);
                group++;
            }
            left--;
            groups[i] = dmg_rng_below(&rng, 8) == 0 ? group / 2 : group;
        }
        const char *path = write_groups(dataset, groups);
        assert_ok(dmg_partition_draw_grouped(&p, dataset, path, FOLDS, seed, 1, &err), &err);
        assert_ok(dmg_partition_draw_grouped(&again, dataset, path, FOLDS, seed, 1, &err), &err);
        assert_groups_whole(p, groups, RECORDS);
        assert_true(same_folds(p, again, RECORDS));
        count_labels(counts, p, dataset);
        for (int f = 0; f < FOLDS; f++) {
            assert_in_range(counts[f][1], 22, 26); /* of 24 */
            assert_in_range(counts[f][0], 45, 51); /* of 48 */
        }
        dmg_partition_destroy(again);
        assert_ok(dmg_partition_draw_grouped(&again, dataset, path, FOLDS, seed, 2, &err), &err);
        assert_false(same_folds(p, again, RECORDS));
        dmg_partition_destroy(again);
        dmg_partition_destroy(p);
    }
    dmg_dataset_destroy(dataset);
}

/* Uneven shares of negatives, positives and all records: 0 if all folds are alike. */
static double unevenness(const size_t *folds, size_t fold_count, size_t positives, size_t records)
{
    double cost = 0;
    for (size_t f = 0; f < fold_count; f++) {
        double sums[2] = {0};
        for (size_t i = 0; i < records; i++) sums[i < positives] += folds[i] == f;
        const double shares[] = {sums[0] / (double)(records - positives),
                                 sums[1] / (double)positives,
                                 (sums[0] + sums[1]) / (double)records};
        for (int s = 0; s < 3; s++) {
            const double distance = shares[s] - 1 / (double)fold_count;
            cost += distance * distance;
        }
    }
    return cost;
}

/* No group could be moved to make the folds more alike. */
static void test_no_single_move_is_left(void **state)
{
    (void)state;
    enum { POSITIVES = 30, RECORDS = 90, GROUPS = 14, FOLDS = 4 };
    dmg_dataset *dataset = make_dataset(POSITIVES, RECORDS - POSITIVES);
    for (uint64_t seed = 1; seed <= 30; seed++) {
        size_t groups[RECORDS], folds[RECORDS];
        dmg_rng rng;
        dmg_partition *p = NULL;
        dmg_error err;
        dmg_rng_init(&rng, seed, 0);
        for (int i = 0; i < RECORDS; i++) groups[i] = (size_t)dmg_rng_below(&rng, GROUPS);
        const char *path = write_groups(dataset, groups);
        assert_ok(dmg_partition_draw_grouped(&p, dataset, path, FOLDS, seed, 1, &err), &err);
        for (size_t i = 0; i < RECORDS; i++) folds[i] = dmg_partition_fold(p, i);
        const double least = unevenness(folds, FOLDS, POSITIVES, RECORDS);
        for (size_t g = 0; g < GROUPS; g++)
            for (size_t f = 0; f < FOLDS; f++) {
                for (size_t i = 0; i < RECORDS; i++)
                    folds[i] = groups[i] == g ? f : dmg_partition_fold(p, i);
                assert_true(unevenness(folds, FOLDS, POSITIVES, RECORDS) >= least - 1e-9);
            }
        dmg_partition_destroy(p);
    }
    dmg_dataset_destroy(dataset);
}

/* Groups of one record are stratified folds; one huge group has a fold to itself. */
static void test_extreme_groups(void **state)
{
    (void)state;
    enum { RECORDS = 60 };
    size_t groups[RECORDS], counts[MANY_FOLDS][2];
    dmg_dataset *dataset = make_dataset(20, 40);
    dmg_partition *p = NULL;
    dmg_error err;
    for (size_t i = 0; i < RECORDS; i++) groups[i] = i;
    const char *path = write_groups(dataset, groups);
    assert_ok(dmg_partition_draw_grouped(&p, dataset, path, 6, 1, 1, &err), &err);
    count_labels(counts, p, dataset);
    assert_even(&counts[0][0], 2, 6);
    assert_even(&counts[0][1], 2, 6);
    dmg_partition_destroy(p);
    p = NULL;

    for (size_t i = 0; i < RECORDS; i++) groups[i] = i < 54 ? 0 : i;
    path = write_groups(dataset, groups);
    assert_ok(dmg_partition_draw_grouped(&p, dataset, path, 4, 1, 1, &err), &err);
    count_labels(counts, p, dataset);
    for (size_t f = 0; f < 4; f++) {
        const size_t total = counts[f][0] + counts[f][1];
        assert_int_equal(total, f == dmg_partition_fold(p, 0) ? 54 : 2);
    }
    dmg_partition_destroy(p);
    p = NULL;

    for (size_t i = 0; i < RECORDS; i++) groups[i] = i % 3;
    path = write_groups(dataset, groups);
    assert_int_equal(dmg_partition_draw_grouped(&p, dataset, path, 4, 1, 1, &err), DMG_RANGE);
    assert_non_null(strstr(err.message, ": 3 groups, too few for 4 folds"));
    dmg_dataset_destroy(dataset);
}

/* --- tables --- */

static dmg_partition *load(const dmg_dataset *dataset, const char *text)
{
    dmg_partition *p = NULL;
    dmg_error err;
    assert_ok(dmg_partition_load(&p, dataset, scratch_text("splits.tsv", text), &err), &err);
    return p;
}

/* The folds' names in order, and those of the records. */
static void assert_partition(dmg_partition *p, const char *names, const char *const *folds)
{
    char all[256] = "";
    for (size_t f = 0; f < dmg_partition_count(p); f++) {
        strcat(all, f ? " " : "");
        strcat(all, dmg_partition_name(p, f));
    }
    assert_string_equal(all, names);
    for (size_t i = 0; folds[i]; i++)
        assert_string_equal(dmg_partition_name(p, dmg_partition_fold(p, i)), folds[i]);
    dmg_partition_destroy(p);
}

#define FOLDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_tables_may_look_different(void **state)
{
    (void)state;
    dmg_dataset *dataset = make_dataset(2, 2);
    assert_partition(load(dataset, "id\tlabel\tsplit\np0\t1\t1\np1\t1\t2\nn0\t0\t2\nn1\t0\t1\n"),
                     "1 2", FOLDS("1", "2", "2", "1"));
    assert_partition(load(dataset, "n1\t0\tb\np0\t1\ta\np1\t1\ta\nn0\t0\tb"), "a b",
                     FOLDS("a", "a", "b", "b"));
    assert_partition(load(dataset, "p0\t10\np1\t9\n\nn0\tx\r\nn1\ttest\n"), "9 10 x test",
                     FOLDS("10", "9", "x", "test"));
    assert_partition(load(dataset, "split\tsize\tid\n1\t3\tn0\n2\t\tn1\n1\t5\tp0\n1\t5\tp1\t7\n"),
                     "1 2", FOLDS("1", "1", "1", "2"));
    dmg_dataset_destroy(dataset);
}

static void test_the_test_fold(void **state)
{
    (void)state;
    dmg_dataset *dataset = make_dataset(2, 2);
    dmg_partition *p = load(dataset, "p0\ttest\np1\t1\nn0\tzebra\nn1\t1\n");
    const bool tests[] = {false, false, true};
    for (size_t f = 0; f < 3; f++) {
        assert_int_equal(dmg_partition_is_test(p, f), tests[f]);
        assert_true(dmg_partition_is_evaluated(p, f));
    }
    dmg_partition_destroy(p);
    p = load(dataset, "p0\ttest\np1\ttrain\nn0\ttest\nn1\ttrain\n");
    assert_false(dmg_partition_is_evaluated(p, 0));
    assert_true(dmg_partition_is_evaluated(p, 1));
    dmg_partition_destroy(p);
    dmg_dataset_destroy(dataset);
}

/* The label tells apart what one id stands for on both sides. */
static void test_an_id_on_both_sides(void **state)
{
    (void)state;
    dmg_dataset *dataset = NULL;
    dmg_partition *p = NULL;
    dmg_error err;
    assert_ok(dmg_dataset_create(&dataset, &err), &err);
    const char *path = scratch_text("both.fa", ">1\nACGU\n>2\nACGU\n");
    assert_ok(dmg_dataset_add(dataset, path, true, &err), &err);
    assert_ok(dmg_dataset_add(dataset, path, false, &err), &err);
    assert_partition(load(dataset, "1\t0\ta\n1\t1\tb\n2\t1\ta\n2\t0\tb\n"), "a b",
                     FOLDS("b", "a", "a", "b"));
    path = scratch_text("splits.tsv", "1\ta\n2\tb\n");
    assert_int_equal(dmg_partition_load(&p, dataset, path, &err), DMG_FORMAT);
    assert_non_null(strstr(err.message,
                           "splits.tsv:1: several records have the id '1'; add a column "
                           "'label' to distinguish them"));
    assert_ok(dmg_dataset_add(dataset, scratch_text("more.fa", ">2\nA\n"), false, &err), &err);
    path = scratch_text("splits.tsv", "1\t0\ta\n1\t1\tb\n2\t1\ta\n2\t0\tb\n");
    assert_int_equal(dmg_partition_load(&p, dataset, path, &err), DMG_FORMAT);
    assert_non_null(strstr(err.message, "splits.tsv:4: several negative records have the id '2'"));
    dmg_dataset_destroy(dataset);
}

static void assert_refused(const dmg_dataset *dataset, const char *text, const char *message)
{
    dmg_partition *p = NULL;
    dmg_error err;
    const char *path = scratch_text("splits.tsv", text);
    assert_int_equal(dmg_partition_load(&p, dataset, path, &err), DMG_FORMAT);
    if (!strstr(err.message, message)) fail_msg("'%s' instead of '%s'", err.message, message);
    assert_null(p);
}

static void test_faults_of_a_table(void **state)
{
    (void)state;
    dmg_dataset *dataset = make_dataset(2, 1);
    assert_refused(dataset, "", "splits.tsv: the file is empty");
    assert_refused(dataset, "\n\n", "splits.tsv: the file is empty");
    assert_refused(dataset, "id\tlabel\n", "splits.tsv:1: missing column 'split'");
    assert_refused(dataset, "p0\n", "splits.tsv:1: expected a header line, or the columns id and");
    assert_refused(dataset, "p0\t1\t1\t1\n", "splits.tsv:1: expected a header line, or the");
    assert_refused(dataset, "p0\t1\np1\t2\nn0\t1\nn1\t2\n",
                   "splits.tsv:4: no record has the id "
                   "'n1'");
    assert_refused(dataset, "p0\t0\t1\n", "splits.tsv:1: no negative record has the id 'p0'");
    assert_refused(dataset, "id\tsplit\np0\t1\n\np1\t1\np0\t1\n",
                   "splits.tsv:5: the id 'p0' is already in line 2");
    assert_refused(dataset, "p0\t1\n",
                   "splits.tsv:1: the file ends, but 2 records are without "
                   "a line; the first is 'p1' (positive)");
    assert_refused(dataset, "p0\t1\np1\t2\n",
                   "1 record is without a line; the first is 'n0' "
                   "(negative)");
    assert_refused(dataset, "id\tsplit\n", "splits.tsv:1: the file ends, but 3 records are");
    assert_refused(dataset, "p0\t1\np1\n", "splits.tsv:2: 1 column: too few");
    assert_refused(dataset, "p0\t\n", "splits.tsv:1: record 'p0' has no split");
    assert_refused(dataset, "p0\tx\t1\n",
                   "splits.tsv:1: label 'x': expected 1 for pre-miRNAs, 0 "
                   "for others");
    assert_refused(dataset, "p0\t1\np1\t1\nn0\t1\n",
                   "splits.tsv: all records are in one split, "
                   "'1'");
    dmg_dataset_destroy(dataset);
}

static void test_a_table_that_is_not_there(void **state)
{
    (void)state;
    dmg_dataset *dataset = make_dataset(2, 2);
    dmg_partition *p = NULL;
    dmg_error err;
    assert_int_equal(dmg_partition_load(&p, dataset, scratch_path("none"), &err), DMG_IO);
    assert_int_equal(dmg_partition_load(&p, dataset, scratch_folder, &err), DMG_IO);
    assert_int_equal(dmg_partition_draw_grouped(&p, dataset, scratch_path("none"), 2, 1, 1, &err),
                     DMG_IO);
    assert_null(p);
    dmg_dataset_destroy(dataset);
}

/* --- published folds --- */

static void test_the_published_folds(void **state)
{
    (void)state;
    char paths[3][4096];
    const char *p_path = shared_path(paths[0], "data/mirboost/human_pos.fa");
    const char *n_path = shared_path(paths[1], "data/mirboost/human_neg.fa");
    const char *splits = shared_path(paths[2], "data/mirboost/human_splits.tsv");
    if (!p_path || !n_path || !splits) return;
    dmg_dataset *dataset = NULL;
    dmg_partition *p = NULL;
    dmg_error err;
    size_t counts[MANY_FOLDS][2];
    assert_ok(dmg_dataset_create(&dataset, &err), &err);
    assert_ok(dmg_dataset_add(dataset, p_path, true, &err), &err);
    assert_ok(dmg_dataset_add(dataset, n_path, false, &err), &err);
    assert_ok(dmg_partition_load(&p, dataset, splits, &err), &err);
    assert_int_equal(dmg_partition_count(p), 6);
    assert_true(dmg_partition_is_test(p, 5));
    count_labels(counts, p, dataset);
    const size_t expected[6][2] = {{1336, 155}, {1336, 156}, {1336, 156},
                                   {1336, 155}, {1336, 155}, {742, 86}};
    assert_memory_equal(counts, expected, sizeof expected);
    dmg_partition_destroy(p);
    dmg_dataset_destroy(dataset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_drawn_folds_are_even),
        cmocka_unit_test(test_seed_and_repeat_make_the_folds),
        cmocka_unit_test(test_folds_need_records),
        cmocka_unit_test(test_groups_stay_whole_and_folds_even),
        cmocka_unit_test(test_no_single_move_is_left),
        cmocka_unit_test(test_extreme_groups),
        cmocka_unit_test(test_tables_may_look_different),
        cmocka_unit_test(test_the_test_fold),
        cmocka_unit_test(test_an_id_on_both_sides),
        cmocka_unit_test(test_faults_of_a_table),
        cmocka_unit_test(test_a_table_that_is_not_there),
        cmocka_unit_test(test_the_published_folds),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
