/* SPDX-License-Identifier: MIT */
/* Labelled sequences: loading, conflicts between labels, folding, held-out parts. */
#include "unit.h"

#include <math.h>

#include <jansson.h>

#include "datasets.h"
#include "deepmirgene/fold.h"
#include "deepmirgene/train.h"
#include "scratch.h"
#include "toy_data.h"
#include "train/dataset.h"

static void assert_record(const dmg_dataset *dataset, size_t i, const char *id,
                          const char *sequence, bool positive)
{
    const dmg_dataset_record record = dmg_dataset_get(dataset, i);
    assert_string_equal(record.id, id);
    assert_string_equal(record.sequence, sequence);
    assert_int_equal(record.length, strlen(sequence));
    assert_int_equal(record.positive, positive);
}

/* --- loading --- */

static void test_files_are_appended_in_order(void **state)
{
    (void)state;
    dmg_dataset *dataset = new_dataset();
    assert_int_equal(dmg_dataset_count(dataset), 0);
    add(dataset, scratch_text("a.fa", ">a1 first of all\nacgt\nNNTT\n>a2\nGGGG\n"), true);
    add(dataset, scratch_text("b.fq", "@b1\nCCCC\n+\nIIII\n"), false);
    add(dataset, scratch_text("c.fa", ">c1\r\nAAAA\r\n>\r\nuuuu\r\n"), true);
    assert_int_equal(dmg_dataset_count(dataset), 5);
    assert_record(dataset, 0, "a1", "ACGUNNUU", true);
    assert_record(dataset, 1, "a2", "GGGG", true);
    assert_record(dataset, 2, "b1", "CCCC", false);
    assert_record(dataset, 3, "c1", "AAAA", true);
    assert_record(dataset, 4, "", "UUUU", true);
    assert_null(dmg_dataset_get(dataset, 0).structure);
    dmg_dataset_destroy(dataset);
    dmg_dataset_destroy(NULL);
}

/* A file at fault adds nothing, not even the records before the fault. */
static void assert_not_added(const char *path, dmg_status status, const char *message)
{
    dmg_dataset *dataset = new_dataset();
    add(dataset, scratch_text("sound.fa", ">sound\nACGU\n"), true);
    json_t *before = dataset_describe(dataset);
    char *text = json_dumps(before, 0);
    json_decref(before);
    dmg_error err;
    assert_int_equal(dmg_dataset_add(dataset, path, false, &err), status);
    if (!strstr(err.message, path) || !strstr(err.message, message)) fail_msg("%s", err.message);
    assert_int_equal(dmg_dataset_count(dataset), 1);
    assert_record(dataset, 0, "sound", "ACGU", true);
    json_t *after = dataset_describe(dataset);
    char *text_after = json_dumps(after, 0);
    json_decref(after);
    assert_string_equal(text_after, text);
    free(text);
    free(text_after);
    dmg_dataset_destroy(dataset);
}

static void test_empty_record_is_refused(void **state)
{
    (void)state;
    assert_not_added(scratch_text("empty.fa", ">a\nACGU\n>nothing here\n\n>b\nACGU\n"), DMG_RANGE,
                     "empty.fa:3: record 'nothing' has 0 nucleotides; expected 1 to 32767");
}

static void test_length_is_limited(void **state)
{
    (void)state;
    char *text = malloc(DMG_FOLD_MAX_LENGTH + 16);
    assert_non_null(text);
    memcpy(text, ">a\nA\n>long\n", 11);
    memset(text + 11, 'A', DMG_FOLD_MAX_LENGTH + 1);
    const char *longest = scratch_write("longest.fa", text, 11 + DMG_FOLD_MAX_LENGTH);
    const char *longer = scratch_write("longer.fa", text, 11 + DMG_FOLD_MAX_LENGTH + 1);
    free(text);
    assert_not_added(longer, DMG_RANGE, "longer.fa:3: record 'long' has 32768 nucleotides");
    dmg_dataset *dataset = new_dataset();
    add(dataset, longest, true);
    assert_int_equal(dmg_dataset_get(dataset, 1).length, DMG_FOLD_MAX_LENGTH);
    dmg_dataset_destroy(dataset);
}

static void test_unreadable_file_is_refused(void **state)
{
    (void)state;
    assert_not_added(scratch_path("missing.fa"), DMG_IO, "No such file");
    assert_not_added(scratch_text("protein.fa", ">a\nACGU\n>b\nMKLV!\n"), DMG_FORMAT, "'b'");
}

/* --- which data this is --- */

static void assert_md5(const json_t *files, size_t i, const char *file, const char *md5)
{
    const json_t *entry = json_array_get(files, i);
    assert_string_equal(json_string_value(json_object_get(entry, "file")), file);
    assert_string_equal(json_string_value(json_object_get(entry, "md5")), md5);
}

/* The digests are those of md5sum. */
static void test_description_names_files_and_digests(void **state)
{
    (void)state;
    dmg_dataset *dataset = new_dataset();
    add(dataset, scratch_text("two.fa", ">x\nacgt\n>y\nGGA\nAACC\n"), true);
    add(dataset, scratch_text("one.fa", ">z\nACGU\n"), false);
    add(dataset, scratch_text("folded.fa", ">w\nGGAAACC\n((...)) (-1.00)\n"), false);
    json_t *described = dataset_describe(dataset);
    const json_t *positive = json_object_get(described, "positive");
    const json_t *negative = json_object_get(described, "negative");
    assert_int_equal(json_array_size(positive), 1);
    assert_int_equal(json_array_size(negative), 2);
    assert_md5(positive, 0, "two.fa", "33d69b8e199b08b6915c68ad7574e3e8");
    assert_md5(negative, 0, "one.fa", "d8b47df9162a467af3396654ce96462f");
    assert_md5(negative, 1, "folded.fa", "4721d3defd67c89850c05198a5ce4462");
    assert_int_equal(json_integer_value(json_object_get(json_array_get(positive, 0), "records")),
                     2);
    assert_int_equal(json_integer_value(json_object_get(described, "conflicts_dropped")), 0);
    json_decref(described);
    dmg_dataset_destroy(dataset);
}

/* Names of files are bytes; data are not refused for those that JSON cannot hold. */
static void test_file_name_may_be_no_text(void **state)
{
    (void)state;
    dmg_dataset *dataset = new_dataset();
    add(dataset, scratch_text("\xe4.fa", ">x\nACGU\n"), true);
    json_t *described = dataset_describe(dataset);
    assert_md5(json_object_get(described, "positive"), 0, "(not UTF-8)",
               "d8b47df9162a467af3396654ce96462f");
    json_decref(described);
    dmg_dataset_destroy(dataset);
}

/* --- records in memory --- */

static void test_sequences_in_memory(void **state)
{
    (void)state;
    dmg_error err;
    dmg_dataset *dataset = new_dataset();
    const dmg_sequence sequences[] = {
        {"x", "acgt", 4, NULL}, {"w", "GGAAACC", 7, "((...))"}, {NULL, "GGAAACC", 7, NULL}};
    const bool labels[] = {true, false, true};
    assert_ok(dmg_dataset_add_sequences(dataset, sequences, labels, 3, &err), &err);
    assert_int_equal(dmg_dataset_count(dataset), 3);
    assert_string_equal(dmg_dataset_get(dataset, 0).sequence, "ACGU");
    assert_string_equal(dmg_dataset_get(dataset, 1).structure, "((...))");
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(dmg_dataset_get(dataset, i).positive, labels[i]);
    json_t *described = dataset_describe(dataset);
    assert_md5(json_object_get(described, "positive"), 0, "memory",
               "33d69b8e199b08b6915c68ad7574e3e8");
    assert_md5(json_object_get(described, "negative"), 0, "memory",
               "4721d3defd67c89850c05198a5ce4462");
    json_decref(described);

    /* One at fault leaves none of its call. */
    const dmg_sequence faulty[] = {{"good", "ACGU", 4, NULL}, {"bad", "AC-U", 4, NULL}};
    assert_int_equal(dmg_dataset_add_sequences(dataset, faulty, labels, 2, &err), DMG_FORMAT);
    assert_non_null(strstr(err.message, "record 'bad'"));
    const dmg_sequence empty = {"empty", "", 0, NULL};
    assert_int_equal(dmg_dataset_add_sequences(dataset, &empty, labels, 1, &err), DMG_RANGE);
    assert_int_equal(dmg_dataset_count(dataset), 3);
    dmg_dataset_destroy(dataset);
}

/* --- conflicts --- */

/* AAAA stands on both sides (three records), CCCC on both (two), GGGG twice on one. */
static dmg_dataset *conflicting(void)
{
    dmg_dataset *dataset = new_dataset();
    add(dataset, scratch_text("p.fa", ">p1\nAAAA\n>p2\nGGGG\n>p3\ncccc\n>p4\nGGGG\n>p5\nAAAA\n"),
        true);
    add(dataset, scratch_text("n.fa", ">n1\nTTTT\n>n2\naaaa\n>n3\nAAAAA\n>n4\nCCCC\n"), false);
    return dataset;
}

static void test_conflicts_are_counted(void **state)
{
    (void)state;
    dmg_dataset *dataset = conflicting();
    size_t sequences = 0, records = 0;
    dmg_error err;
    assert_ok(dmg_dataset_conflicts(dataset, false, &sequences, &records, &err), &err);
    assert_int_equal(sequences, 2);
    assert_int_equal(records, 5);
    assert_int_equal(dmg_dataset_count(dataset), 9);
    assert_ok(dmg_dataset_conflicts(dataset, false, NULL, NULL, &err), &err);
    dmg_dataset_destroy(dataset);
}

static void test_conflicts_are_dropped(void **state)
{
    (void)state;
    dmg_dataset *dataset = conflicting();
    size_t sequences = 0, records = 0;
    dmg_error err;
    assert_ok(dmg_dataset_conflicts(dataset, true, &sequences, &records, &err), &err);
    assert_int_equal(sequences, 2);
    assert_int_equal(records, 5);
    assert_int_equal(dmg_dataset_count(dataset), 4);
    assert_record(dataset, 0, "p2", "GGGG", true);
    assert_record(dataset, 1, "p4", "GGGG", true);
    assert_record(dataset, 2, "n1", "UUUU", false);
    assert_record(dataset, 3, "n3", "AAAAA", false);
    json_t *described = dataset_describe(dataset);
    assert_int_equal(json_integer_value(json_object_get(described, "conflicts_dropped")), 5);
    json_decref(described);
    assert_ok(dmg_dataset_conflicts(dataset, true, &sequences, &records, &err), &err);
    assert_int_equal(sequences, 0);
    assert_int_equal(records, 0);
    dmg_dataset_destroy(dataset);
}

/* --- records without labels --- */

static void test_unlabelled_records_have_no_conflict_and_are_not_drawn(void **state)
{
    (void)state;
    dmg_dataset *dataset = new_dataset();
    dmg_error err;
    add(dataset, scratch_text("p.fa", ">p\nACGU\n"), true);
    add(dataset, scratch_text("n.fa", ">n\nGGGG\n"), false);
    const char *path = scratch_text("u.fa", ">u\nACGU\n>v\nGGGG\n");
    assert_ok(dmg_dataset_add_unlabelled(dataset, path, &err), &err);
    assert_int_equal(dmg_dataset_count(dataset), 4);
    for (size_t i = 0; i < 4; i++) assert_int_equal(dmg_dataset_get(dataset, i).unlabelled, i >= 2);
    assert_record(dataset, 2, "u", "ACGU", false);
    size_t sequences = 1, records = 1;
    assert_ok(dmg_dataset_conflicts(dataset, true, &sequences, &records, &err), &err);
    assert_int_equal(sequences, 0);
    assert_int_equal(dmg_dataset_count(dataset), 4);
    bool held_out[4];
    assert_ok(dmg_dataset_draw(held_out, dataset, 1, 1, &err), &err);
    for (size_t i = 0; i < 4; i++) assert_int_equal(held_out[i], i < 2);

    const bool keep[4] = {true, true, false, true};
    dmg_dataset *part = NULL;
    assert_ok(dmg_dataset_select(&part, dataset, keep, &err), &err);
    assert_true(dmg_dataset_get(part, 2).unlabelled);
    json_t *description = dataset_describe(part);
    const json_t *file = json_array_get(json_object_get(description, "unlabelled"), 0);
    assert_string_equal(json_string_value(json_object_get(file, "file")), "u.fa");
    assert_int_equal(json_integer_value(json_object_get(file, "records")), 2);
    json_decref(description);
    dmg_dataset_destroy(part);
    dmg_dataset_destroy(dataset);
}

static void test_no_records_have_no_conflicts(void **state)
{
    (void)state;
    dmg_dataset *dataset = new_dataset();
    size_t sequences = 7, records = 7;
    dmg_error err;
    assert_ok(dmg_dataset_conflicts(dataset, true, &sequences, &records, &err), &err);
    assert_int_equal(sequences + records, 0);
    dmg_dataset_destroy(dataset);
}

/* --- folding --- */

static void fold(dmg_dataset *dataset, int threads)
{
    dmg_error err;
    assert_ok(dmg_dataset_fold(dataset, threads, DMG_CPU_AUTO, &err), &err);
}

static void test_given_structures_are_kept(void **state)
{
    (void)state;
    dmg_dataset *dataset = new_dataset();
    add(dataset,
        scratch_text("mixed.fa", ">given\nGGGGAAAACCCC\n(..........)\n>open\nGGGGAAAACCCC\n"),
        true);
    assert_string_equal(dmg_dataset_get(dataset, 0).structure, "(..........)");
    assert_null(dmg_dataset_get(dataset, 1).structure);
    fold(dataset, 1);
    assert_string_equal(dmg_dataset_get(dataset, 0).structure, "(..........)");
    assert_string_equal(dmg_dataset_get(dataset, 1).structure, "((((....))))");
    dmg_dataset_destroy(dataset);
}

static dmg_dataset *toy(void)
{
    toy_write(1);
    dmg_dataset *dataset = new_dataset();
    add(dataset, scratch_path("positive.fa"), true);
    add(dataset, scratch_path("negative.fa"), false);
    return dataset;
}

static void test_folding_twice_or_with_threads_changes_nothing(void **state)
{
    (void)state;
    dmg_dataset *once = toy(), *again = toy();
    fold(once, 1);
    fold(again, 3);
    fold(again, 1);
    for (size_t i = 0; i < dmg_dataset_count(once); i++)
        assert_string_equal(dmg_dataset_get(once, i).structure,
                            dmg_dataset_get(again, i).structure);
    dmg_dataset_destroy(once);
    dmg_dataset_destroy(again);
}

/* --- drawn by chance --- */

static void draw(bool *held_out, const dmg_dataset *dataset, double fraction, uint64_t seed)
{
    dmg_error err;
    memset(held_out, 1, dmg_dataset_count(dataset));
    assert_ok(dmg_dataset_draw(held_out, dataset, fraction, seed, &err), &err);
}

static size_t count_drawn(const bool *held_out, const dmg_dataset *dataset, bool positive)
{
    size_t count = 0;
    for (size_t i = 0; i < dmg_dataset_count(dataset); i++)
        count += held_out[i] && dmg_dataset_get(dataset, i).positive == positive;
    return count;
}

static void test_draw_takes_its_share_of_both_classes(void **state)
{
    (void)state;
    dmg_dataset *dataset = toy();
    add(dataset, scratch_text("few.fa", ">a\nACGU\n>b\nACGU\n>c\nACGU\n"), false);
    static const struct {
        double fraction;
        size_t positives, negatives; /* of 40 and 43, rounded */
    } cases[] = {{0, 0, 0}, {0.1, 4, 4}, {0.5, 20, 22}, {0.9, 36, 39}, {1, 40, 43}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        bool held_out[2 * TOY_PER_CLASS + 3];
        draw(held_out, dataset, cases[k].fraction, 5);
        assert_int_equal(count_drawn(held_out, dataset, true), cases[k].positives);
        assert_int_equal(count_drawn(held_out, dataset, false), cases[k].negatives);
    }
    dmg_dataset_destroy(dataset);
}

static void test_draw_depends_on_the_seed_alone(void **state)
{
    (void)state;
    dmg_dataset *dataset = toy();
    bool first[2 * TOY_PER_CLASS], again[2 * TOY_PER_CLASS], other[2 * TOY_PER_CLASS];
    draw(first, dataset, 0.25, 5);
    draw(again, dataset, 0.25, 5);
    draw(other, dataset, 0.25, 6);
    assert_memory_equal(first, again, sizeof first);
    assert_memory_not_equal(first, other, sizeof first);
    /* The classes are drawn apart, not both by the same numbers. */
    assert_memory_not_equal(first, first + TOY_PER_CLASS, TOY_PER_CLASS);
    dmg_dataset_destroy(dataset);
}

/* Over many seeds each record is held out about as often as any other. */
static void test_draw_favours_no_record(void **state)
{
    (void)state;
    enum { SEEDS = 2000, EXPECTED = SEEDS / 4 };
    dmg_dataset *dataset = toy();
    int times[2 * TOY_PER_CLASS] = {0};
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        bool held_out[2 * TOY_PER_CLASS];
        draw(held_out, dataset, 0.25, seed);
        for (int i = 0; i < 2 * TOY_PER_CLASS; i++) times[i] += held_out[i];
    }
    /* Standard deviation sqrt(2000 * 1/4 * 3/4) = 19.4; six of them. */
    for (int i = 0; i < 2 * TOY_PER_CLASS; i++)
        assert_in_range(times[i], EXPECTED - 116, EXPECTED + 116);
    dmg_dataset_destroy(dataset);
}

static void test_draw_outside_its_range_is_refused(void **state)
{
    (void)state;
    dmg_dataset *dataset = toy();
    const double fractions[] = {-0.01, 1.01, NAN, INFINITY};
    for (size_t k = 0; k < sizeof fractions / sizeof *fractions; k++) {
        bool held_out[2 * TOY_PER_CLASS];
        dmg_error err;
        assert_int_equal(dmg_dataset_draw(held_out, dataset, fractions[k], 1, &err), DMG_RANGE);
    }
    dmg_dataset_destroy(dataset);
}

/* --- held out by a list --- */

/* Ids in order: a b a id, the last two negative. */
static dmg_dataset *listed(void)
{
    dmg_dataset *dataset = new_dataset();
    add(dataset, scratch_text("p.fa", ">a\nACGU\n>b\nACGU\n"), true);
    add(dataset, scratch_text("n.fa", ">a\nACGU\n>id\nACGU\n"), false);
    return dataset;
}

/* `expected` has a letter for each record, '+' for held out. */
static void assert_listed(const char *text, const char *expected)
{
    dmg_dataset *dataset = listed();
    bool held_out[4] = {1, 1, 1, 1};
    dmg_error err;
    assert_ok(dmg_dataset_draw_listed(held_out, dataset, scratch_text("ids", text), &err), &err);
    for (size_t i = 0; i < 4; i++)
        if (held_out[i] != (expected[i] == '+')) fail_msg("'%s': record %zu", text, i);
    dmg_dataset_destroy(dataset);
}

static void test_listed_ids_are_held_out(void **state)
{
    (void)state;
    assert_listed("", "----");
    assert_listed("b\n", "-+--");
    assert_listed("b", "-+--");
    assert_listed("b\r\na\r\n", "+++-");
    assert_listed("\n\na\n\n", "+-+-");
    assert_listed("b\tfold 3\t0.5\n", "-+--");
    assert_listed("b\nb\n", "-+--");
    assert_listed("id\n", "---+");
}

static void test_title_line_is_no_id(void **state)
{
    (void)state;
    dmg_dataset *dataset = new_dataset();
    add(dataset, scratch_text("p.fa", ">a\nACGU\n"), true);
    bool held_out[1];
    dmg_error err;
    assert_ok(
        dmg_dataset_draw_listed(held_out, dataset, scratch_text("ids", "id\tfold\na\t1\n"), &err),
        &err);
    assert_true(held_out[0]);
    assert_int_equal(
        dmg_dataset_draw_listed(held_out, dataset, scratch_text("ids", "a\nid\n"), &err),
        DMG_FORMAT);
    assert_non_null(strstr(err.message, "ids:2: no record has the id 'id'"));
    dmg_dataset_destroy(dataset);
}

static void assert_not_listed(const char *path, dmg_status status, const char *message)
{
    dmg_dataset *dataset = listed();
    bool held_out[4];
    dmg_error err;
    assert_int_equal(dmg_dataset_draw_listed(held_out, dataset, path, &err), status);
    if (!strstr(err.message, path) || !strstr(err.message, message)) fail_msg("%s", err.message);
    dmg_dataset_destroy(dataset);
}

static void test_list_at_fault_is_refused(void **state)
{
    (void)state;
    assert_not_listed(scratch_text("ids", "id\na\nzzz\n"), DMG_FORMAT,
                      "ids:3: no record has the id 'zzz'");
    assert_not_listed(scratch_text("ids", "aa\n"), DMG_FORMAT, "ids:1: no record has the id 'aa'");
    assert_not_listed(scratch_path("missing"), DMG_IO, "No such file");
    assert_not_listed(scratch_folder, DMG_IO, "directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files_are_appended_in_order),
        cmocka_unit_test(test_empty_record_is_refused),
        cmocka_unit_test(test_length_is_limited),
        cmocka_unit_test(test_unreadable_file_is_refused),
        cmocka_unit_test(test_description_names_files_and_digests),
        cmocka_unit_test(test_file_name_may_be_no_text),
        cmocka_unit_test(test_sequences_in_memory),
        cmocka_unit_test(test_conflicts_are_counted),
        cmocka_unit_test(test_conflicts_are_dropped),
        cmocka_unit_test(test_unlabelled_records_have_no_conflict_and_are_not_drawn),
        cmocka_unit_test(test_no_records_have_no_conflicts),
        cmocka_unit_test(test_given_structures_are_kept),
        cmocka_unit_test(test_folding_twice_or_with_threads_changes_nothing),
        cmocka_unit_test(test_draw_takes_its_share_of_both_classes),
        cmocka_unit_test(test_draw_depends_on_the_seed_alone),
        cmocka_unit_test(test_draw_favours_no_record),
        cmocka_unit_test(test_draw_outside_its_range_is_refused),
        cmocka_unit_test(test_listed_ids_are_held_out),
        cmocka_unit_test(test_title_line_is_no_id),
        cmocka_unit_test(test_list_at_fault_is_refused),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
