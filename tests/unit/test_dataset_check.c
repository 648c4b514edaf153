/* SPDX-License-Identifier: MIT */
/* Checks of labelled sets: on sets small enough to count by hand, and the known defects of the
 * published ones. */
#include "unit.h"

#include <math.h>

#include "deepmirgene/dataset_check.h"
#include "scratch.h"

/* NULL stands for no file on that side. */
static dmg_dataset *load(const char *positive, const char *negative)
{
    dmg_dataset *dataset = NULL;
    dmg_error err;
    assert_ok(dmg_dataset_create(&dataset, &err), &err);
    if (positive) assert_ok(dmg_dataset_add(dataset, positive, true, &err), &err);
    if (negative) assert_ok(dmg_dataset_add(dataset, negative, false, &err), &err);
    return dataset;
}

static void test_repeats_are_counted_on_each_side(void **state)
{
    (void)state;
    dmg_dataset_check_result check;
    dmg_error err;
    dmg_dataset *dataset = load(
        scratch_text("p.fa", ">1\nACGU\n>2\nacgt\n>3\nAAA\n>4\nACG\n>5\nCCC\n>6\nCCC\n>7\nCCC\n"),
        scratch_text("n.fa", ">1\nACG\n>2\nACGTT\n>3\nCCC\n>4\nACG\n"));
    assert_ok(dmg_dataset_check(&check, dataset, &err), &err);
    const dmg_dataset_side *p = &check.sides[true], *n = &check.sides[false];
    assert_int_equal(p->records, 7);
    assert_int_equal(p->sequences, 4);
    assert_int_equal(p->duplicates, 3);
    assert_int_equal(p->both_labels, 4); /* 4 to 7 */
    assert_int_equal(n->records, 4);
    assert_int_equal(n->sequences, 3);
    assert_int_equal(n->duplicates, 1);
    assert_int_equal(n->both_labels, 3);
    assert_int_equal(check.conflicts, 2); /* ACG and CCC */
    dmg_dataset_destroy(dataset);
}

static void test_lengths_and_letters(void **state)
{
    (void)state;
    dmg_dataset_check_result check;
    dmg_error err;
    dmg_dataset *dataset =
        load(scratch_text("p.fa", ">1\nA\n>2\nCCCCCCCCCC\n>3\nGG\n>4\nUtt\n"), /* 1 2 3 10 */
             scratch_text("n.fa", ">1\nACGUN\n>2\nNNRYA\n"));
    assert_ok(dmg_dataset_check(&check, dataset, &err), &err);
    const dmg_dataset_side *p = &check.sides[true], *n = &check.sides[false];
    /* Between ranks: 0.75, 1.5 and 2.25 steps up from the least. */
    const double expected[] = {1, 1.75, 2.5, 4.75, 10};
    for (int q = 0; q < DMG_CHECK_QUARTILES; q++) {
        assert_true(p->lengths[q] == expected[q]);
        assert_true(n->lengths[q] == 5);
    }
    const size_t letters[2][DMG_CHECK_LETTERS] = {{2, 1, 1, 1, 5}, {1, 10, 2, 3, 0}};
    for (int label = 0; label < 2; label++)
        for (int c = 0; c < DMG_CHECK_LETTERS; c++)
            assert_int_equal(check.sides[label].letters[c], letters[label][c]);
    assert_int_equal(p->ambiguous, 0);
    assert_int_equal(n->ambiguous, 2);
    dmg_dataset_destroy(dataset);
}

static void test_a_side_may_be_empty(void **state)
{
    (void)state;
    dmg_dataset_check_result check;
    dmg_error err;
    dmg_dataset *dataset = load(NULL, scratch_text("n.fa", ">1\nACG\n"));
    assert_ok(dmg_dataset_check(&check, dataset, &err), &err);
    assert_int_equal(check.sides[true].records, 0);
    assert_int_equal(check.sides[false].records, 1);
    assert_int_equal(check.conflicts, 0);
    for (int q = 0; q < DMG_CHECK_QUARTILES; q++) {
        assert_true(isnan(check.sides[true].lengths[q]));
        assert_true(check.sides[false].lengths[q] == 3);
    }
    dmg_dataset_destroy(dataset);
}

static void test_overlap_is_counted_by_records_and_sequences(void **state)
{
    (void)state;
    dmg_dataset_overlap_result overlap[2];
    dmg_error err;
    dmg_dataset *dataset = load(scratch_text("p.fa", ">1\nACG\n>2\nACG\n>3\nGGG\n"),
                                scratch_text("n.fa", ">1\nACG\n>2\nCCC\n>3\nUUU\n"));
    dmg_dataset *other =
        load(scratch_text("a.fa", ">1\nacg\n>2\nCCC\n"), scratch_text("b.fa", ">1\nCCC\n>2\nA\n"));
    assert_ok(dmg_dataset_overlap(overlap, dataset, other, &err), &err);
    assert_int_equal(overlap[true].records, 2);
    assert_int_equal(overlap[true].sequences, 1);
    assert_int_equal(overlap[false].records, 2);
    assert_int_equal(overlap[false].sequences, 2);
    dmg_dataset *empty = load(NULL, NULL);
    assert_ok(dmg_dataset_overlap(overlap, dataset, empty, &err), &err);
    assert_int_equal(overlap[true].records + overlap[false].records, 0);
    dmg_dataset_destroy(empty);
    dmg_dataset_destroy(other);
    dmg_dataset_destroy(dataset);
}

/* --- published sets --- */

/* NULL where the data are not here. */
static dmg_dataset *load_published(const char *positive, const char *negative)
{
    char paths[2][4096], name[64];
    const char *found[2] = {NULL, NULL}, *const wanted[2] = {positive, negative};
    for (int k = 0; k < 2; k++) {
        if (!wanted[k]) continue;
        snprintf(name, sizeof name, "data/mirboost/%s.fa", wanted[k]);
        found[k] = shared_path(paths[k], name);
        if (!found[k]) return NULL;
    }
    return load(found[0], found[1]);
}

static void assert_conflicts(const char *positive, const char *negative, size_t expected)
{
    dmg_dataset_check_result check;
    dmg_error err;
    dmg_dataset *dataset = load_published(positive, negative);
    if (!dataset) return;
    assert_ok(dmg_dataset_check(&check, dataset, &err), &err);
    assert_int_equal(check.conflicts, expected);
    assert_int_equal(check.sides[true].both_labels, expected);
    assert_int_equal(check.sides[false].both_labels, expected);
    dmg_dataset_destroy(dataset);
}

static void assert_shared(const char *negative, const char *positive_other,
                          const char *negative_other, size_t expected)
{
    dmg_dataset_overlap_result overlap[2];
    dmg_error err;
    dmg_dataset *dataset = load_published(NULL, negative);
    dmg_dataset *other = load_published(positive_other, negative_other);
    if (dataset && other) {
        assert_ok(dmg_dataset_overlap(overlap, dataset, other, &err), &err);
        assert_int_equal(overlap[false].records, expected);
        assert_int_equal(overlap[true].records, 0);
    }
    dmg_dataset_destroy(dataset);
    dmg_dataset_destroy(other);
}

static void test_known_defects_of_the_published_sets(void **state)
{
    (void)state;
    assert_conflicts("human_pos", "human_neg", 33);
    assert_conflicts("cross_species_pos", "cross_species_neg", 23);
    assert_shared("new_neg", "cross_species_pos", NULL, 36);
    assert_shared("new_neg", NULL, "human_neg", 1978);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_repeats_are_counted_on_each_side),
        cmocka_unit_test(test_lengths_and_letters),
        cmocka_unit_test(test_a_side_may_be_empty),
        cmocka_unit_test(test_overlap_is_counted_by_records_and_sequences),
        cmocka_unit_test(test_known_defects_of_the_published_sets),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
