/* SPDX-License-Identifier: MIT */
/* A whole scan in one call: the same loci from memory and from files, for any number of threads and
 * size of chunks; options, bad input and a stop. */
#include "toy_data.h"

#include "deepmirgene/deepmirgene.h"

enum { LENGTH = 20000 };

static char genome[LENGTH + 1];
static dmg_sequence sequences[2];

/* Random bases with hairpins in them, as two sequences. */
static int make_genome(void **state)
{
    dmg_rng rng;
    dmg_rng_init(&rng, 11, 0);
    for (size_t i = 0; i < LENGTH; i++) genome[i] = "ACGT"[dmg_rng_below(&rng, 4)];
    for (size_t at = 500; at + TOY_LONGEST < LENGTH; at += 900) {
        char hairpin[TOY_LONGEST + 1];
        memcpy(genome + at, hairpin, toy_hairpin(hairpin, &rng));
    }
    sequences[0] = (dmg_sequence){"one", genome, 12345, NULL};
    sequences[1] = (dmg_sequence){"two", genome + 12345, LENGTH - 12345, NULL};
    return scratch_setup(state);
}

static char *loci_text(dmg_loci *loci)
{
    char *text = NULL;
    size_t size;
    dmg_error err;
    FILE *stream = open_memstream(&text, &size);
    assert_ok(dmg_loci_write(loci, DMG_LOCI_TSV, stream, &err), &err);
    fclose(stream);
    dmg_loci_destroy(loci);
    return text;
}

static char *scan_memory(int threads, size_t chunk)
{
    dmg_error err;
    dmg_loci *loci = NULL;
    dmg_scan_options what = dmg_scan_defaults();
    dmg_scan_run_options options = dmg_scan_run_defaults();
    what.threshold = 0.05;
    what.chunk = chunk;
    options.scan = &what;
    options.threads = threads;
    assert_ok(dmg_scan_sequences(&loci, sequences, 2, &options, &err), &err);
    assert_true(dmg_loci_count(loci)->selected > 3);
    return loci_text(loci);
}

static void test_memory_files_and_threads(void **state)
{
    (void)state;
    dmg_error err;
    dmg_loci *loci = NULL;
    char *expected = scan_memory(1, 65536);
    for (int threads = 1; threads <= 3; threads += 2) {
        char *text = scan_memory(threads, 3000);
        assert_string_equal(text, expected);
        free(text);
    }
    char *fasta = malloc(LENGTH + 64);
    assert_non_null(fasta);
    const int size = sprintf(fasta, ">one\n%.12345s\n>two\n%s\n", genome, genome + 12345);
    const char *path = scratch_write("genome.fa", fasta, (size_t)size);
    dmg_scan_options what = dmg_scan_defaults();
    dmg_scan_run_options options = dmg_scan_run_defaults();
    what.threshold = 0.05;
    options.scan = &what;
    assert_ok(dmg_scan_files(&loci, &path, 1, &options, &err), &err);
    char *text = loci_text(loci);
    assert_string_equal(text, expected);
    free(text);
    free(fasta);
    free(expected);
}

static void test_regions(void **state)
{
    (void)state;
    dmg_error err;
    dmg_loci *loci = NULL;
    dmg_regions *regions = NULL;
    dmg_scan_run_options options = dmg_scan_run_defaults();
    assert_ok(dmg_regions_create(&regions, &err), &err);
    assert_ok(dmg_regions_add(regions, "two:1-2000", &err), &err);
    options.regions = regions;
    assert_ok(dmg_scan_sequences(&loci, sequences, 2, &options, &err), &err);
    assert_int_equal(dmg_loci_count(loci)->sequences, 1);
    assert_int_equal(dmg_loci_count(loci)->bases, 2000);
    dmg_loci_destroy(loci);
    assert_ok(dmg_regions_add(regions, "three", &err), &err);
    assert_int_equal(dmg_scan_sequences(&loci, sequences, 2, &options, &err), DMG_FORMAT);
    assert_non_null(strstr(err.message, "'three'"));
    dmg_regions_destroy(regions);
}

static dmg_status stop(void *context, const dmg_scan_progress *progress, dmg_error *err)
{
    assert_true(progress->bases > 0);
    ++*(int *)context;
    strcpy(err->message, "enough");
    return err->status = DMG_STOPPED;
}

static void test_stop_and_bad_input(void **state)
{
    (void)state;
    dmg_error err;
    dmg_loci *loci = NULL;
    int calls = 0;
    dmg_scan_run_options options = dmg_scan_run_defaults();
    options.progress = stop;
    options.progress_context = &calls;
    assert_int_equal(dmg_scan_sequences(&loci, sequences, 2, &options, &err), DMG_STOPPED);
    assert_int_equal(calls, 1);
    options = dmg_scan_run_defaults();
    options.threads = 0;
    assert_int_equal(dmg_scan_sequences(&loci, sequences, 2, &options, &err), DMG_RANGE);
    options = dmg_scan_run_defaults();
    options.model = NULL;
    assert_int_equal(dmg_scan_sequences(&loci, sequences, 2, &options, &err), DMG_RANGE);
    options.size = 0;
    assert_int_equal(dmg_scan_sequences(&loci, sequences, 2, &options, &err), DMG_RANGE);
    assert_int_equal(dmg_scan_sequences(&loci, NULL, 1, NULL, &err), DMG_RANGE);
    assert_int_equal(dmg_scan_files(&loci, NULL, 0, NULL, &err), DMG_RANGE);
    const dmg_sequence bad = {"bad", "ACG-T", 5, NULL};
    assert_int_equal(dmg_scan_sequences(&loci, &bad, 1, NULL, &err), DMG_FORMAT);
    assert_non_null(strstr(err.message, "'bad'"));
    assert_null(loci);
    assert_ok(dmg_scan_sequences(&loci, NULL, 0, NULL, &err), &err);
    assert_int_equal(dmg_loci_count(loci)->selected, 0);
    dmg_loci_destroy(loci);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_files_and_threads),
        cmocka_unit_test(test_regions),
        cmocka_unit_test(test_stop_and_bad_input),
    };
    return cmocka_run_group_tests(tests, make_genome, scratch_teardown);
}
