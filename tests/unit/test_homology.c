/* SPDX-License-Identifier: MIT */
/* Known microRNAs: the word index against plain counting, identities, seeds, families and files. */
#include "base/rng.h"
#include "deepmirgene/homology.h"
#include "homology/align.h"
#include "homology/words.h"
#include "scratch.h"
#include "unit.h"

enum { COUNT = 60, LENGTH = 90 };

static char texts[COUNT][LENGTH + 1];
static const char *sequences[COUNT];
static size_t lengths[COUNT];

static void random_bases(char *bases, size_t length, dmg_rng *rng)
{
    for (size_t i = 0; i < length; i++) bases[i] = "ACGU"[dmg_rng_below(rng, 4)];
    bases[length] = '\0';
}

/* Random sequences, some of which have a part of another and some an N. */
static void make_sequences(dmg_rng *rng)
{
    for (size_t i = 0; i < COUNT; i++) {
        lengths[i] = 20 + dmg_rng_below(rng, LENGTH - 20);
        random_bases(texts[i], lengths[i], rng);
        const size_t shared = dmg_rng_below(rng, 20);
        if (i > 0) memcpy(texts[i], texts[dmg_rng_below(rng, i)], shared);
        if (i % 3 == 0) texts[i][10] = 'N';
        sequences[i] = texts[i];
    }
}

static size_t count_shared(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t shared = 0;
    for (size_t i = 0; i + WORD <= a_length; i++)
        for (size_t j = 0; j + WORD <= b_length; j++)
            shared += memcmp(a + i, b + j, WORD) == 0 && !memchr(a + i, 'N', WORD);
    return shared;
}

static void test_nearest_are_those_that_share_most_words(void **state)
{
    word_index index = {0};
    dmg_error err;
    dmg_rng rng;
    (void)state;
    dmg_rng_init(&rng, 4, 0);
    make_sequences(&rng);
    assert_ok(word_index_build(&index, sequences, lengths, COUNT, &err), &err);
    for (size_t q = 0; q < COUNT; q++) {
        uint32_t nearest[8];
        size_t shared[COUNT], with_some = 0;
        for (size_t i = 0; i < COUNT; i++) {
            shared[i] = count_shared(texts[q], lengths[q], texts[i], lengths[i]);
            with_some += shared[i] > 0;
        }
        const size_t found = word_index_nearest(nearest, 8, &index, texts[q], lengths[q]);
        assert_int_equal(found, with_some < 8 ? with_some : 8);
        for (size_t k = 0; k < found; k++) {
            size_t best = 0;
            for (size_t i = 1; i < COUNT; i++)
                if (shared[i] > shared[best]) best = i;
            assert_int_equal(nearest[k], best);
            shared[best] = 0;
        }
    }
    word_index_clear(&index);
}

/* --- resemblance --- */

static const char let7[] =
    "UGGGAUGAGGUAGUAGGUUGUAUAGUUUUAGGGUCACACCCACCACUGGGAGAUAACUAUACAAUCUACUGUCUUUCCUA";
static const dmg_mature let7_mature = {
    .found = true,
    .arm_5p = {.start = 5, .end = 27},
    .arm_3p = {.start = 56, .end = 77},
};

/* NULL, with a line that says so, where there is no edlib. */
static dmg_known *load(const char *text)
{
    dmg_known *known = NULL;
    dmg_error err;
    if (align_available(&err) != DMG_OK) {
        print_message("skipped: %s\n", err.message);
        assert_int_equal(dmg_known_load(&known, "any", &err), DMG_UNSUPPORTED);
        return NULL;
    }
    assert_ok(dmg_known_load(&known, scratch_text("known.fa", text), &err), &err);
    return known;
}

static const char both_kinds[] =
    ">hsa-mir-21 MI0000077\n"
    "UGUCGGGUAGCUUAUCAGACUGAUGUUGACUGUUGAAUCUCAUGGCAACACCAGUCGAUGGGCUGUCUGACA\n"
    ">hsa-let-7a-1 MI0000060\n"
    "TGGGATGAGGTAGTAGGTTGTATAGTTTTAGGGTCACACCCACCACTGGGAGATAACTATACAATCTACTGTCTTTCCTA\n";

static void test_a_hairpin_finds_itself_and_its_like(void **state)
{
    dmg_homologue homologue;
    dmg_error err;
    dmg_known *known = load(both_kinds);
    (void)state;
    if (!known) return;
    assert_ok(dmg_known_find(&homologue, known, let7, sizeof let7 - 1, &let7_mature, &err), &err);
    assert_string_equal(homologue.name, "hsa-let-7a-1");
    assert_string_equal(homologue.family, "let-7");
    assert_true(homologue.identity == 1);
    assert_int_equal(homologue.seed, DMG_SEED_BOTH);
    char other[sizeof let7];
    strcpy(other, let7);
    for (size_t i = 30; i < 50; i += 2) other[i] = other[i] == 'A' ? 'C' : 'A';
    other[8] = 'C'; /* in the seed of the 5p sequence: UGAGGUAG */
    assert_ok(dmg_known_find(&homologue, known, other, sizeof let7 - 1, &let7_mature, &err), &err);
    assert_string_equal(homologue.name, "hsa-let-7a-1");
    assert_true(homologue.identity < 1 && homologue.identity >= 1 - 11.0 / 80);
    assert_int_equal(homologue.seed, DMG_SEED_3P);
    dmg_known_destroy(known);
}

static void test_a_mature_sequence_counts_in_its_place(void **state)
{
    dmg_homologue homologue;
    dmg_error err;
    dmg_known *known = load(">hsa-let-7a-5p\nUGAGGUAGUAGGUUGUAUAGUU\n");
    dmg_mature shifted = let7_mature;
    (void)state;
    if (!known) return;
    assert_ok(dmg_known_find(&homologue, known, let7, sizeof let7 - 1, &let7_mature, &err), &err);
    assert_string_equal(homologue.name, "hsa-let-7a-5p");
    assert_int_equal(homologue.seed, DMG_SEED_5P);
    shifted.arm_5p.start++;
    assert_ok(dmg_known_find(&homologue, known, let7, sizeof let7 - 1, &shifted, &err), &err);
    assert_string_equal(homologue.name, "hsa-let-7a-5p");
    assert_int_equal(homologue.seed, DMG_SEED_NONE);
    dmg_known_destroy(known);
}

static void test_what_resembles_nothing_is_novel(void **state)
{
    dmg_homologue homologue;
    dmg_error err;
    dmg_rng rng;
    char bases[LENGTH + 1];
    dmg_known *known = load(both_kinds);
    (void)state;
    if (!known) return;
    dmg_rng_init(&rng, 6, 0);
    random_bases(bases, LENGTH, &rng);
    memcpy(bases + 20, let7 + 5, 22);
    assert_ok(dmg_known_find(&homologue, known, bases, LENGTH, NULL, &err), &err);
    assert_null(homologue.name);
    assert_ok(dmg_known_find(&homologue, known, "", 0, NULL, &err), &err);
    assert_null(homologue.name);
    dmg_known_destroy(known);
}

static void test_families_follow_from_names(void **state)
{
    static const char *const names[][2] = {
        {"ath-MIR169g", "mir-169"},
        {"hsa-miR-21-5p", "mir-21"},
        {"Hsa-Mir-10-P1a", "mir-10"},
        {"dme-bantam", "bantam"},
        {"cel-lin-4", "lin-4"},
        {"ebv-mir-BHRF1-2", "mir-bhrf1"},
        {"dme-mir-iab-4", "mir-iab-4"},
        {"let7", "let7"},
        {"hsa-", "hsa-"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char text[256];
        dmg_homologue homologue;
        dmg_error err;
        snprintf(text, sizeof text, ">%s\n%s\n", names[i][0], let7);
        dmg_known *known = load(text);
        if (!known) return;
        assert_ok(dmg_known_find(&homologue, known, let7, sizeof let7 - 1, NULL, &err), &err);
        assert_string_equal(homologue.family, names[i][1]);
        dmg_known_destroy(known);
    }
}

static void test_bad_files_name_themselves(void **state)
{
    dmg_known *known;
    dmg_error err;
    (void)state;
    if (align_available(&err) != DMG_OK) return;
    assert_int_equal(dmg_known_load(&known, scratch_path("none"), &err), DMG_IO);
    assert_int_equal(dmg_known_load(&known, scratch_text("bad.fa", ">a\nAC5\n"), &err), DMG_FORMAT);
    assert_non_null(strstr(err.message, "bad.fa:"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nearest_are_those_that_share_most_words),
        cmocka_unit_test(test_a_hairpin_finds_itself_and_its_like),
        cmocka_unit_test(test_a_mature_sequence_counts_in_its_place),
        cmocka_unit_test(test_what_resembles_nothing_is_novel),
        cmocka_unit_test(test_families_follow_from_names),
        cmocka_unit_test(test_bad_files_name_themselves),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
