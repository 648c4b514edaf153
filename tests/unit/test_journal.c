/* SPDX-License-Identifier: MIT */
/* Journals: damage is seen, a cut is mended, another scan's journal is refused. */
#include "scratch.h"

#include "base/rng.h"
#include "deepmirgene/scan.h"
#include "scan/block_row.h"
#include "scan/journal_lines.h"
#include "scan/option_table.h"

static dmg_error err;

/* --- a small scan --- */

static dmg_model *model;
static const char *input; /* one random sequence */

static int setup(void **state)
{
    if (scratch_setup(state) != 0) return -1;
    dmg_rng rng;
    dmg_rng_init(&rng, 7, 0);
    char text[1505] = ">s\n";
    for (size_t i = 3; i < 1503; i++) text[i] = "ACGT"[dmg_rng_below(&rng, 4)];
    text[1503] = '\n';
    static char path[4096];
    snprintf(path, sizeof path, "%s", scratch_text("input.fa", text));
    input = path;
    return dmg_model_load(&model, "human", &err) == DMG_OK ? 0 : -1;
}

static int teardown(void **state)
{
    dmg_model_destroy(model);
    return scratch_teardown(state);
}

static dmg_scan_options small_scan(void)
{
    dmg_scan_options options = dmg_scan_defaults();
    options.threshold = 0.3;
    options.decoys = 1;
    options.chunk = 500;
    return options;
}

static dmg_scan_source *open_source(const dmg_scan_options *options)
{
    dmg_scan_source *source = NULL;
    assert_ok(dmg_scan_source_open(&source, &input, 1, NULL, options, &err), &err);
    return source;
}

/* Scans what the source has left into the journal. */
static void scan_rest(dmg_journal *journal, dmg_scan_source *source,
                      const dmg_scan_options *options, dmg_cpu cpu)
{
    dmg_scanner *scanner = NULL;
    dmg_scan_item *item = NULL;
    bool some = true;
    assert_ok(dmg_scanner_create(&scanner, model, options, cpu, &err), &err);
    assert_ok(dmg_scan_item_create(&item, &err), &err);
    for (;;) {
        size_t size;
        assert_ok(dmg_scan_source_next(source, item, &some, &err), &err);
        if (!some) break;
        assert_ok(dmg_scanner_run(scanner, item, &err), &err);
        const char *block = dmg_scan_item_block(item, &size);
        assert_ok(dmg_journal_append(journal, block, size, &err), &err);
    }
    assert_ok(dmg_journal_finish(journal, source, &err), &err);
    dmg_scan_item_destroy(item);
    dmg_scanner_destroy(scanner);
}

/* A finished journal's bytes. */
static char *write_journal(size_t *size)
{
    const dmg_scan_options options = small_scan();
    const dmg_scan_identity identity = {.options = &options, .model = model, .shards = 1};
    const char *path = scratch_path("whole.journal");
    (void)remove(path);
    dmg_journal *journal = NULL;
    assert_ok(dmg_journal_create(&journal, path, &identity, &err), &err);
    dmg_scan_source *source = open_source(&options);
    scan_rest(journal, source, &options, DMG_CPU_AUTO);
    dmg_scan_source_close(source);
    dmg_journal_close(journal);
    return scratch_read(scratch_path("whole.journal"), size);
}

/* The loci of a finished journal as TSV, or NULL where it is refused. */
static char *loci_of(const char *path)
{
    const dmg_loci_options options = dmg_loci_defaults();
    dmg_journal *journal = NULL;
    dmg_loci *loci = NULL;
    char *text = NULL;
    size_t size = 0;
    dmg_status st = dmg_journal_open(&journal, path, &err);
    if (st == DMG_OK) st = dmg_loci_collect(&loci, &journal, 1, &options, &err);
    if (st == DMG_OK) {
        FILE *stream = open_memstream(&text, &size);
        st = dmg_loci_write(loci, DMG_LOCI_TSV, stream, &err);
        fclose(stream);
    }
    if (st != DMG_OK) {
        free(text);
        text = NULL;
    }
    dmg_loci_destroy(loci);
    dmg_journal_close(journal);
    return text;
}

/* --- damage --- */

/* Every bit of the lines around the blocks and of the first block's head, and every 97th of the
 * rest. */
static void test_flipped_bits(void **state)
{
    (void)state;
    size_t size;
    char *whole = write_journal(&size);
    const char *blocks = strstr(whole, "\n@ item");
    assert_non_null(blocks);
    const size_t all_until = (size_t)(blocks - whole) + 170, all_from = size - JOURNAL_END;
    size_t taken = 0;
    for (size_t bit = 0; bit < 8 * size; bit++) {
        const size_t at = bit / 8;
        if (at >= all_until && at < all_from && bit % 97 != 0) continue;
        whole[at] = (char)(whole[at] ^ 1 << bit % 8);
        char *loci = loci_of(scratch_write("flipped", whole, size));
        whole[at] = (char)(whole[at] ^ 1 << bit % 8);
        taken += loci != NULL;
        free(loci);
    }
    assert_int_equal(taken, 0);
    free(whole);
}

/* --- cuts --- */

/* Continues the file, and compares it with the whole. */
static void resume_and_compare(const char *path, const char *whole, size_t size)
{
    const dmg_scan_options options = small_scan();
    const dmg_scan_identity identity = {.options = &options, .model = model, .shards = 1};
    dmg_scan_source *source = open_source(&options);
    dmg_journal *journal = NULL;
    assert_ok(dmg_journal_resume(&journal, path, &identity, source, &err), &err);
    scan_rest(journal, source, &options, DMG_CPU_AUTO);
    dmg_journal_close(journal);
    dmg_scan_source_close(source);
    size_t got;
    char *text = scratch_read(path, &got);
    assert_int_equal(got, size);
    assert_memory_equal(text, whole, size);
    free(text);
}

/* Wherever it was cut off, with nothing or with zeros in place of the rest. */
static void test_cut_anywhere(void **state)
{
    (void)state;
    size_t size;
    char *whole = write_journal(&size), *cut = malloc(size + 5000);
    const size_t step = size / 11;
    for (size_t at = 0; at <= size; at += at < 3 || at + 3 > size ? 1 : step)
        for (size_t zeros = 0; zeros < 6000; zeros += 4097) {
            memcpy(cut, whole, at);
            const size_t tail = zeros < size + 5000 - at ? zeros : size + 5000 - at;
            memset(cut + at, 0, tail);
            resume_and_compare(scratch_write("cut", cut, at + tail), whole, size);
            if (at < size) assert_null(loci_of(scratch_write("cut", cut, at + tail)));
        }
    free(cut);
    free(whole);
}

/* Another file is not written over. */
static void test_no_journal(void **state)
{
    (void)state;
    const dmg_scan_options options = small_scan();
    const dmg_scan_identity identity = {.options = &options, .model = model, .shards = 1};
    static const char *const texts[] = {">s\nACGU\n", "deepmirgene-scan 1 {}\nshard 0 1\n"};
    for (size_t i = 0; i < 2; i++) {
        dmg_scan_source *source = open_source(&options);
        dmg_journal *journal = NULL;
        const char *path = scratch_text("other", texts[i]);
        assert_int_equal(dmg_journal_resume(&journal, path, &identity, source, &err), DMG_FORMAT);
        char *kept = scratch_read(path, NULL);
        assert_string_equal(kept, texts[i]);
        free(kept);
        dmg_scan_source_close(source);
    }
}

/* --- identity --- */

/* Another value of the option. */
static void change(dmg_scan_options *options, const scan_option *option)
{
    char *at = (char *)options + option->offset;
    switch (option->type) {
    case SCAN_OPTION_BOOL: *(bool *)at = !*(bool *)at; break;
    case SCAN_OPTION_INT: *(int *)(void *)at += 1; break;
    case SCAN_OPTION_REAL: *(double *)(void *)at += 0.125; break;
    case SCAN_OPTION_SIZE: *(size_t *)(void *)at += 1; break;
    case SCAN_OPTION_COUNT: *(uint64_t *)(void *)at += 1; break;
    }
}

static void test_other_options(void **state)
{
    (void)state;
    size_t size, count;
    free(write_journal(&size));
    char path[4096];
    snprintf(path, sizeof path, "%s", scratch_path("whole.journal"));
    const scan_option *table = scan_option_table(&count);
    for (size_t i = 0; i < count; i++) {
        const dmg_scan_options usual = small_scan();
        dmg_scan_options options = usual;
        change(&options, &table[i]);
        const dmg_scan_identity identity = {.options = &options, .model = model, .shards = 1};
        dmg_scan_source *source = open_source(&usual);
        dmg_journal *journal = NULL;
        assert_int_equal(dmg_journal_resume(&journal, path, &identity, source, &err), DMG_RANGE);
        char name[64];
        snprintf(name, sizeof name, "'%s' differs", table[i].name);
        assert_non_null(strstr(err.message, name));
        dmg_scan_source_close(source);
    }
}

/* The table has every member of the options: the bytes that no row covers are padding, and as many
 * as these types need. A member that is added without a row makes them more, or the struct larger.
 */
static void test_table_is_complete(void **state)
{
    (void)state;
    unsigned char covered[sizeof(dmg_scan_options)] = {0};
    size_t count, bare = 0;
    const scan_option *table = scan_option_table(&count);
    for (size_t i = 0; i < count; i++)
        for (size_t b = 0; b < scan_option_size(table[i].type); b++)
            assert_int_equal(covered[table[i].offset + b]++, 0);
    for (size_t b = 0; b < sizeof covered; b++) bare += covered[b] == 0;
    const size_t bools_end = offsetof(dmg_scan_options, circular) + sizeof(bool);
    assert_int_equal(bare, offsetof(dmg_scan_options, threshold) - bools_end);
}

/* --- levels of instructions --- */

/* The levels of a journal whose first block is of the best level and whose rest is of another. */
static unsigned mixed_levels(dmg_cpu rest)
{
    size_t size;
    char *whole = write_journal(&size);
    char *second = strstr(strstr(whole, "\n@ item") + 1, "\n@ item");
    assert_non_null(second);
    const char *path = scratch_write("mixed", whole, (size_t)(second + 1 - whole));
    const dmg_scan_options options = small_scan();
    const dmg_scan_identity identity = {.options = &options, .model = model, .shards = 1};
    dmg_scan_source *source = open_source(&options);
    dmg_journal *journal = NULL;
    assert_ok(dmg_journal_resume(&journal, path, &identity, source, &err), &err);
    scan_rest(journal, source, &options, rest);
    const unsigned levels = dmg_journal_count(journal).levels;
    dmg_scan_source_close(source);
    dmg_journal_close(journal);
    free(whole);
    return levels;
}

static void test_mixed_levels(void **state)
{
    (void)state;
    dmg_cpu best = DMG_CPU_AUTO;
    assert_ok(dmg_cpu_resolve(&best, &err), &err);
    const unsigned level = 1U << dmg_cpu_same_bytes(best);
    assert_int_equal(mixed_levels(DMG_CPU_SCALAR), 1U << DMG_CPU_SCALAR | level);
    if (best == DMG_CPU_AVX512) assert_int_equal(mixed_levels(DMG_CPU_AVX2), level);
}

/* --- rows --- */

static void check_row(const row *line)
{
    scan_text text = {0};
    row read = {0};
    assert_true(row_write(&text, line));
    assert_int_equal(text.bytes[text.size - 1], '\n');
    text.bytes[text.size - 1] = '\0';
    assert_true(row_parse(&read, text.bytes));
    assert_int_equal(read.kind, line->kind);
    assert_int_equal(read.from, line->from);
    assert_int_equal(read.circular, line->circular);
    assert_int_equal(read.strand, line->strand);
    assert_int_equal(read.start, line->start);
    assert_int_equal(read.end, line->end);
    assert_memory_equal(&read.p_mirna, &line->p_mirna, sizeof read.p_mirna);
    assert_int_equal(read.energy, line->energy);
    assert_memory_equal(&read.sketch, &line->sketch, sizeof read.sketch);
    assert_int_equal(read.bases, line->bases);
    assert_int_equal(read.decoy_bases, line->decoy_bases);
    if (line->name) assert_string_equal(read.name, line->name);
    if (line->sequence) assert_string_equal(read.sequence, line->sequence);
    if (line->structure) assert_string_equal(read.structure, line->structure);
    free(text.bytes);
}

static void test_rows(void **state)
{
    (void)state;
    check_row(&(row){.kind = ROW_BEGIN, .from = 5, .circular = true, .name = "chr|1 x"});
    check_row(&(row){.kind = ROW_CANDIDATE,
                     .strand = DMG_STRAND_MINUS,
                     .start = 7,
                     .end = 12,
                     .p_mirna = 1.F / 3,
                     .energy = -120,
                     .sequence = "ACGTN",
                     .structure = "(...)"});
    for (int kind = ROW_BACKGROUND; kind <= ROW_DECOY; kind++)
        check_row(&(row){.kind = (row_kind)kind,
                         .start = 1,
                         .end = UINT64_C(1) << 60,
                         .p_mirna = 1e-30F,
                         .energy = 0,
                         .sketch = {{0, 1, 0x12345678, UINT32_MAX}}});
    check_row(&(row){.kind = ROW_END, .from = 1234567890123});
    check_row(&(row){.kind = ROW_BASES, .bases = 1, .decoy_bases = 2});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flipped_bits),
        cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_no_journal),
        cmocka_unit_test(test_other_options),
        cmocka_unit_test(test_table_is_complete),
        cmocka_unit_test(test_mixed_levels),
        cmocka_unit_test(test_rows),
    };
    return cmocka_run_group_tests_name("journal", tests, setup, teardown);
}
