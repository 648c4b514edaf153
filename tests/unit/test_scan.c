/* SPDX-License-Identifier: MIT */
/* The parts of a scan: shuffles, overlaps, error rates, regions, pieces, journals. */
#include "scratch.h"

#include <math.h>

#include "base/rng.h"
#include "deepmirgene/scan.h"
#include "scan/block.h"
#include "scan/fdr.h"
#include "scan/item.h"
#include "scan/overlap.h"
#include "scan/regions.h"
#include "scan/shuffle.h"

static dmg_error err;

/* --- shuffles --- */

static void count_pairs(const char *text, size_t length, int counts[256][256])
{
    memset(counts, 0, 256 * sizeof *counts);
    for (size_t i = 0; i + 1 < length; i++)
        counts[(unsigned char)text[i]][(unsigned char)text[i + 1]]++;
}

static void test_shuffle_keeps_dinucleotides(void **state)
{
    (void)state;
    static int before[256][256], after[256][256];
    char in[SHUFFLE_MOST + 1], out[SHUFFLE_MOST + 1];
    for (uint64_t turn = 0; turn < 300; turn++) {
        dmg_rng rng;
        dmg_rng_init(&rng, 1, turn);
        const size_t length = turn < 20 ? (size_t)turn : (size_t)dmg_rng_below(&rng, 1001);
        const uint64_t letters = 1 + turn % 4;
        for (size_t i = 0; i < length; i++) in[i] = "ACGU"[dmg_rng_below(&rng, letters)];
        shuffle_dinucleotides(out, in, length, &rng);
        count_pairs(in, length, before);
        count_pairs(out, length, after);
        assert_memory_equal(before, after, sizeof before);
        if (length > 0) assert_int_equal(in[0], out[0]);
        if (length > 0) assert_int_equal(in[length - 1], out[length - 1]);
    }
}

static void test_shuffle_folds_case(void **state)
{
    (void)state;
    char out[9];
    dmg_rng rng;
    dmg_rng_init(&rng, 1, 1);
    shuffle_dinucleotides(out, "aaaatTuU", 8, &rng);
    assert_memory_equal(out, "AAAAUUUU", 8);
}

/* The sequences with the dinucleotides of `in`, found by trying all, come equally often: chi-square
 * with their number less one degrees of freedom. */
static void test_shuffle_is_uniform(void **state)
{
    (void)state;
    static const char in[] = "ACAGACUAGC";
    enum { LENGTH = sizeof in - 1, DRAWS = 40000, MOST = 4000 };
    static int wanted[256][256], found[256][256];
    static char all[MOST][LENGTH];
    static int drawn[MOST];
    size_t count = 0;
    count_pairs(in, LENGTH, wanted);
    for (long code = 0; code < 1L << 2 * LENGTH; code++) {
        char text[LENGTH];
        for (int i = 0; i < LENGTH; i++) text[i] = "ACGU"[code >> 2 * i & 3];
        if (text[0] != in[0] || text[LENGTH - 1] != in[LENGTH - 1]) continue;
        count_pairs(text, LENGTH, found);
        if (memcmp(found, wanted, sizeof found) != 0) continue;
        assert_true(count < MOST);
        memcpy(all[count++], text, LENGTH);
    }
    assert_true(count > 10);
    for (uint64_t draw = 0; draw < DRAWS; draw++) {
        char out[LENGTH];
        dmg_rng rng;
        dmg_rng_init(&rng, 2, draw);
        shuffle_dinucleotides(out, in, LENGTH, &rng);
        size_t k = 0;
        while (k < count && memcmp(all[k], out, LENGTH) != 0) k++;
        assert_true(k < count);
        drawn[k]++;
    }
    const double expected = (double)DRAWS / (double)count, freedom = (double)count - 1;
    double chi = 0;
    for (size_t k = 0; k < count; k++)
        chi += (drawn[k] - expected) * (drawn[k] - expected) / expected;
    assert_true(chi < freedom + 4 * sqrt(2 * freedom));
}

/* --- overlaps --- */

static bool is_better(const scored_interval *a, const scored_interval *b)
{
    if (a->score > b->score || a->score < b->score) return a->score > b->score;
    if (a->energy != b->energy) return a->energy < b->energy;
    if (a->start != b->start) return a->start < b->start;
    return a->end < b->end;
}

/* Letter by letter. */
static bool share_letter(const scored_interval *a, const scored_interval *b, uint64_t circle)
{
    for (uint64_t x = a->start; x < a->end; x++)
        for (uint64_t y = b->start; y < b->end; y++)
            if (circle ? x % circle == y % circle : x == y) return true;
    return false;
}

/* The words of the header taken literally. */
static size_t keep_best_slowly(scored_interval *intervals, size_t count, uint64_t circle)
{
    bool decided[64] = {false}, stays[64] = {false};
    for (;;) {
        size_t best = count;
        for (size_t i = 0; i < count; i++)
            if (!decided[i] && (best == count || is_better(&intervals[i], &intervals[best])))
                best = i;
        if (best == count) break;
        decided[best] = stays[best] = true;
        for (size_t i = 0; i < count; i++)
            if (!decided[i] && share_letter(&intervals[i], &intervals[best], circle))
                decided[i] = true;
    }
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (stays[i]) intervals[kept++] = intervals[i];
    return kept;
}

static int compare_tags(const void *a, const void *b)
{
    const scored_interval *l = a, *r = b;
    return (l->tag > r->tag) - (l->tag < r->tag);
}

static void test_overlap(void **state)
{
    (void)state;
    for (uint64_t turn = 0; turn < 4000; turn++) {
        dmg_rng rng;
        dmg_rng_init(&rng, 3, turn);
        const uint64_t circle = turn % 2 ? 5 + dmg_rng_below(&rng, 60) : 0;
        scored_interval fast[64], slow[64];
        size_t count = (size_t)dmg_rng_below(&rng, 40);
        for (size_t i = 0; i < count; i++) {
            const uint64_t start = dmg_rng_below(&rng, circle ? circle : 80);
            const uint64_t most = circle && circle < 15 ? circle : 15;
            fast[i] = (scored_interval){.start = start,
                                        .end = start + 1 + dmg_rng_below(&rng, most),
                                        .score = (float)dmg_rng_below(&rng, 8) / 8,
                                        .energy = (int)dmg_rng_below(&rng, 3),
                                        .tag = i};
            /* Candidates are different ones. */
            for (size_t j = 0; j < i; j++)
                if (fast[j].start == fast[i].start && fast[j].end == fast[i].end) {
                    count = i;
                    break;
                }
        }
        memcpy(slow, fast, sizeof slow);
        const size_t kept = keep_best_slowly(slow, count, circle);
        assert_true(overlap_keep_best(fast, &count, circle));
        assert_int_equal(count, kept);
        for (size_t i = 1; i < count; i++) assert_true(fast[i - 1].start <= fast[i].start);
        qsort(fast, count, sizeof *fast, compare_tags);
        for (size_t i = 0; i < count; i++) assert_int_equal(fast[i].tag, slow[i].tag);
    }
}

/* --- error rates --- */

/* By hand: six loci, three decoys, twice as much decoy as sequence. At .9 there is 1 locus and no
 * decoy: 1/2; at .8, 2 and 0: 1/4; at .7 (two), 4 and 1: 2/8; at .6, 5 and 1: 2/10; at .5, 6 and 3:
 * 4/12. From below, each takes the least so far. */
static void test_q_values(void **state)
{
    (void)state;
    float scores[] = {.5F, .7F, .9F, .8F, .6F, .7F}, decoys[] = {.1F, .5F, .7F, .5F};
    double q[6];
    fdr_sort(scores, 6);
    fdr_sort(decoys, 4);
    fdr_q_values(q, scores, 6, decoys, 4, 2);
    const double wanted[] = {.2, .2, .2, .2, .2, 4. / 12};
    for (int i = 0; i < 6; i++) assert_true(fabs(q[i] - wanted[i]) < 1e-12);
    assert_int_equal(fdr_decoys_from(decoys, 4, .5F), 3);
    assert_int_equal(fdr_decoys_from(decoys, 4, .9F), 0);
    assert_int_equal(fdr_decoys_from(decoys, 4, 0), 4);
}

static void test_q_values_at_random(void **state)
{
    (void)state;
    for (uint64_t turn = 0; turn < 200; turn++) {
        dmg_rng rng;
        dmg_rng_init(&rng, 4, turn);
        float scores[50], decoys[50];
        double q[50];
        const size_t count = (size_t)dmg_rng_below(&rng, 50),
                     others = (size_t)dmg_rng_below(&rng, 50);
        const double ratio = 0.1 + dmg_rng_uniform(&rng);
        for (size_t i = 0; i < count; i++) scores[i] = (float)dmg_rng_below(&rng, 20);
        for (size_t i = 0; i < others; i++) decoys[i] = (float)dmg_rng_below(&rng, 20);
        fdr_sort(scores, count);
        fdr_sort(decoys, others);
        fdr_q_values(q, scores, count, decoys, others, ratio);
        for (size_t i = 0; i < count; i++) {
            double least = 1;
            for (int threshold = 0; (float)threshold <= scores[i]; threshold++) {
                double above = 0, false_ones = 1;
                for (size_t k = 0; k < count; k++) above += scores[k] >= (float)threshold;
                for (size_t k = 0; k < others; k++) false_ones += decoys[k] >= (float)threshold;
                least = fmin(least, false_ones / (ratio * above));
            }
            assert_true(fabs(q[i] - least) < 1e-12);
        }
    }
}

/* --- regions --- */

static dmg_regions *new_regions(void)
{
    dmg_regions *regions = NULL;
    assert_ok(dmg_regions_create(&regions, &err), &err);
    return regions;
}

/* "from-to from-to ", with * for the end. */
static const char *show_intervals(dmg_regions *regions, const char *name)
{
    static char text[256];
    size_t count, length = 0;
    const scan_interval *intervals = regions_of(regions, name, &count);
    text[0] = '\0';
    for (size_t i = 0; i < count; i++)
        if (intervals[i].to == REGION_END)
            length += (size_t)sprintf(text + length, "%d-* ", (int)intervals[i].from);
        else
            length += (size_t)sprintf(text + length, "%d-%d ", (int)intervals[i].from,
                                      (int)intervals[i].to);
    return text;
}

static void test_region_texts(void **state)
{
    (void)state;
    dmg_regions *regions = new_regions();
    static const char *const good[] = {"chr1:101-200", "chr1:1,001-2,000",
                                       "chr1:150-300", "chr1:301-310",
                                       "chr2",         "chr3:5",
                                       "chr4:7-",      "{a:b}",
                                       "{a:1-2}:3-4",  "chr5:999999999999-1000000000000",
                                       "x:y:1-2"};
    static const char *const bad[] = {"",          ":1-2",
                                      "chr1:",     "chr1:0-5",
                                      "chr1:9-8",  "chr1:a",
                                      "{chr1",     "chr1:1-2x",
                                      "chr1:-5",   "{}:1-2",
                                      "{a}b",      "chr1:1--2",
                                      "chr1:,1-2", "chr1:1000000000000000000000-2"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_ok(dmg_regions_add(regions, good[i], &err), &err);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (dmg_regions_add(regions, bad[i], &err) != DMG_FORMAT) fail_msg("took '%s'", bad[i]);
    regions_begin(regions);
    assert_string_equal(show_intervals(regions, "chr1"), "100-310 1000-2000 ");
    assert_string_equal(show_intervals(regions, "chr2"), "0-* ");
    assert_string_equal(show_intervals(regions, "chr3"), "4-* ");
    assert_string_equal(show_intervals(regions, "chr4"), "6-* ");
    assert_string_equal(show_intervals(regions, "a:b"), "0-* ");
    assert_string_equal(show_intervals(regions, "a:1-2"), "2-4 ");
    assert_string_equal(show_intervals(regions, "x:y"), "0-2 ");
    assert_string_equal(show_intervals(regions, "chr"), "");
    assert_string_equal(regions_not_found(regions), "chr5");
    dmg_regions_destroy(regions);
}

static void test_bed(void **state)
{
    (void)state;
    dmg_regions *regions = new_regions();
    const char *path = scratch_text("a.bed", "track name=x\nbrowser position\n#c\n\n"
                                             "chr1\t10\t20\tname\t0\t+\nchr1 15 30\nchr1\t40\t40\n"
                                             "trackless\t0\t5\r\n");
    assert_ok(dmg_regions_add_bed(regions, path, &err), &err);
    regions_begin(regions);
    assert_string_equal(show_intervals(regions, "chr1"), "10-30 ");
    assert_string_equal(show_intervals(regions, "trackless"), "0-5 ");
    assert_null(regions_not_found(regions));
    static const char *const bad[] = {
        "chr1\n",       "chr1\t1\n",     "chr1\t5\t4\n",    "chr1\t-1\t4\n",
        "chr1\ta\tb\n", "chr1\t1\t2x\n", "chr1\t1,0\t20\n", "chr1\t1\t99999999999999999999\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(dmg_regions_add_bed(regions, scratch_text("b.bed", bad[i]), &err),
                         DMG_FORMAT);
        assert_non_null(strstr(err.message, "b.bed:1: expected a line of BED"));
    }
    assert_int_equal(dmg_regions_add_bed(regions, scratch_path("none.bed"), &err), DMG_IO);
    dmg_regions_destroy(regions);
}

/* --- pieces --- */

/* Checks that the cores of an input follow one another without gaps and that every text is the
 * sequence's around its core; returns how many sequences there were. */
static size_t check_pieces(const char *path, const char *const *sequences, dmg_regions *regions,
                           const dmg_scan_options *options)
{
    dmg_scan_source *source = NULL;
    dmg_scan_item *item = NULL;
    const scan_margins margins = scan_margins_of(options);
    assert_ok(dmg_scan_source_open(&source, &path, 1, regions, options, &err), &err);
    assert_ok(dmg_scan_item_create(&item, &err), &err);
    bool some = true, inside = false;
    uint64_t next = 0, number = 0;
    size_t done = 0;
    for (;;) {
        assert_ok(dmg_scan_source_next(source, item, &some, &err), &err);
        if (!some) break;
        assert_int_equal(dmg_scan_item_number(item), number++);
        for (size_t i = 0; i < item->piece_count; i++) {
            const scan_piece *piece = &item->pieces[i];
            const char *whole = sequences[done];
            const uint64_t length = strlen(whole);
            assert_int_equal(piece->first, !inside);
            if (piece->first) next = piece->sequence_from + (piece->circular ? margins.before : 0);
            assert_int_equal(piece->core_from, next);
            assert_true(piece->core_to <= next + options->chunk);
            const uint64_t begin = piece->text_from, end = begin + piece->text_length;
            if (length > 0) assert_true(begin <= piece->core_from && end >= piece->core_to);
            const uint64_t last = piece->circular ? length + margins.before + margins.behind
                                                  : piece->sequence_from + length;
            assert_true(begin == piece->sequence_from ||
                        piece->core_from - begin == margins.before);
            if (length > 0) assert_true(end == last || end - piece->core_to == margins.behind);
            for (uint64_t at = begin; at < end; at++)
                assert_int_equal(item->text[piece->text_at + (at - begin)],
                                 whole[(at - piece->sequence_from) % length]);
            next = piece->core_to;
            inside = !piece->last;
            if (!piece->last) continue;
            assert_int_equal(next - piece->sequence_from - (piece->circular ? margins.before : 0),
                             length);
            done++;
        }
    }
    assert_false(inside);
    dmg_scan_item_destroy(item);
    dmg_scan_source_close(source);
    return done;
}

/* Sequences of these lengths in a file of short lines; their texts. */
static const char *write_sequences(const size_t *lengths, size_t count, char **texts)
{
    const char *path = scratch_path("pieces.fa");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    dmg_rng rng;
    dmg_rng_init(&rng, 6, 0);
    for (size_t s = 0; s < count; s++) {
        texts[s] = calloc(lengths[s] + 1, 1);
        fprintf(file, ">s%zu", s);
        for (size_t i = 0; i < lengths[s]; i++) {
            texts[s][i] = "ACGUNacgun"[dmg_rng_below(&rng, 10)];
            if (i % 50 == 0) putc('\n', file);
            putc(texts[s][i], file);
        }
        putc('\n', file);
    }
    assert_int_equal(fclose(file), 0);
    return path;
}

static void test_pieces(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 1, 2, 5000, 0, 0, 1234, 3000, 100, 6000, 0};
    enum { SEQUENCES = sizeof lengths / sizeof *lengths };
    char *texts[SEQUENCES];
    const char *path = write_sequences(lengths, SEQUENCES, texts);
    static const size_t chunks[] = {1, 7, 100, 1000, 1234, 3000, 5999, 6000, 6001, 100000};
    for (int circular = 0; circular < 2; circular++)
        for (size_t c = 0; c < sizeof chunks / sizeof *chunks; c++) {
            dmg_scan_options options = dmg_scan_defaults();
            options.circular = circular;
            options.chunk = chunks[c];
            assert_int_equal(check_pieces(path, (const char *const *)texts, NULL, &options),
                             SEQUENCES);
        }
    for (size_t s = 0; s < SEQUENCES; s++) free(texts[s]);
}

static void test_pieces_of_regions(void **state)
{
    (void)state;
    static const size_t lengths[] = {3000, 0, 5000};
    char *texts[3];
    const char *path = write_sequences(lengths, 3, texts);
    dmg_regions *regions = new_regions();
    static const char *const wanted[] = {"s2:11-20", "s0:3000-4000", "s2:101-3100",
                                         "s1",       "s0:1-1",       "s2:6000-6001"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        assert_ok(dmg_regions_add(regions, wanted[i], &err), &err);
    char *parts[] = {strndup(texts[0], 1),       strdup(texts[0] + 2999),       strdup(""),
                     strndup(texts[2] + 10, 10), strndup(texts[2] + 100, 3000), strdup("")};
    static const size_t chunks[] = {1, 100, 4000};
    for (int indexed = 0; indexed < 2; indexed++) {
        for (size_t c = 0; c < 3; c++) {
            dmg_scan_options options = dmg_scan_defaults();
            options.chunk = chunks[c];
            assert_int_equal(check_pieces(path, (const char *const *)parts, regions, &options), 6);
        }
        if (!indexed) {
            char name[4200];
            snprintf(name, sizeof name, "%s.fai", path);
            FILE *index = fopen(name, "w");
            assert_non_null(index);
            /* Lines of 50 letters; s1 is an empty one. */
            fprintf(index, "s0\t3000\t4\t50\t51\ns1\t0\t3067\t0\t0\ns2\t5000\t3072\t50\t51\n");
            fclose(index);
        }
    }
    assert_ok(dmg_regions_add(regions, "s9", &err), &err);
    dmg_scan_source *source = NULL;
    dmg_scan_item *item = NULL;
    const dmg_scan_options options = dmg_scan_defaults();
    assert_ok(dmg_scan_source_open(&source, &path, 1, regions, &options, &err), &err);
    assert_ok(dmg_scan_item_create(&item, &err), &err);
    bool some;
    dmg_status st;
    do st = dmg_scan_source_next(source, item, &some, &err);
    while (st == DMG_OK && some);
    assert_int_equal(st, DMG_FORMAT);
    assert_non_null(strstr(err.message, "no sequence is called 's9'"));
    dmg_scan_item_destroy(item);
    dmg_scan_source_close(source);
    dmg_regions_destroy(regions);
    for (size_t i = 0; i < 6; i++) free(parts[i]);
    for (size_t s = 0; s < 3; s++) free(texts[s]);
}

static void test_packed_items(void **state)
{
    (void)state;
    static const size_t lengths[] = {700, 0, 30};
    char *texts[3];
    const char *path = write_sequences(lengths, 3, texts);
    const dmg_scan_options options = dmg_scan_defaults();
    dmg_scan_source *source = NULL;
    dmg_scan_item *item = NULL, *copy = NULL;
    bool some;
    assert_ok(dmg_scan_source_open(&source, &path, 1, NULL, &options, &err), &err);
    assert_ok(dmg_scan_item_create(&item, &err), &err);
    assert_ok(dmg_scan_item_create(&copy, &err), &err);
    assert_ok(dmg_scan_source_next(source, item, &some, &err), &err);
    const void *bytes;
    size_t size;
    assert_ok(dmg_scan_item_pack(item, &bytes, &size, &err), &err);
    assert_ok(dmg_scan_item_unpack(copy, bytes, size, &err), &err);
    assert_int_equal(copy->digest, item->digest);
    assert_int_equal(copy->piece_count, 3);
    assert_memory_equal(copy->text, item->text, item->text_size);
    for (size_t cut = 0; cut < size; cut += 1 + size / 97)
        assert_int_equal(dmg_scan_item_unpack(copy, bytes, cut, &err), DMG_FORMAT);
    dmg_scan_item_destroy(copy);
    dmg_scan_item_destroy(item);
    dmg_scan_source_close(source);
    for (size_t s = 0; s < 3; s++) free(texts[s]);
}

/* --- blocks --- */

static void test_block_heads(void **state)
{
    (void)state;
    const block_head head = {1, UINT64_MAX, 3, 4, 5, 6, 7};
    block_head read;
    char text[BLOCK_HEAD], changed[BLOCK_HEAD];
    block_write_head(text, &head);
    assert_true(block_read_head(text, &read));
    assert_memory_equal(&head, &read, sizeof head);
    /* No byte may be changed into one that is none of a number in hexadecimal. */
    for (size_t i = 0; i < BLOCK_HEAD; i++) {
        memcpy(changed, text, sizeof changed);
        changed[i] = 'X';
        assert_false(block_read_head(changed, &read));
    }
}

/* `deepmirgene scan --help` names them, and gives them to the library. */
static void test_documented_defaults(void **state)
{
    (void)state;
    const dmg_hairpin_options hairpins = dmg_scan_defaults().hairpins;
    assert_int_equal(hairpins.span, 140);
    assert_int_equal(hairpins.shortest, 40);
    assert_int_equal(hairpins.max_score, -500);
    assert_int_equal(hairpins.min_pairs, 18);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shuffle_keeps_dinucleotides),
        cmocka_unit_test(test_shuffle_folds_case),
        cmocka_unit_test(test_shuffle_is_uniform),
        cmocka_unit_test(test_overlap),
        cmocka_unit_test(test_q_values),
        cmocka_unit_test(test_q_values_at_random),
        cmocka_unit_test(test_region_texts),
        cmocka_unit_test(test_bed),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_pieces_of_regions),
        cmocka_unit_test(test_packed_items),
        cmocka_unit_test(test_block_heads),
        cmocka_unit_test(test_documented_defaults),
    };
    return cmocka_run_group_tests_name("scan", tests, scratch_setup, scratch_teardown);
}
