/* SPDX-License-Identifier: MIT */
/* The parts of a scan: overlaps, families, error rates, regions, pieces, block heads. */
#include "scratch.h"

#include <math.h>

#include "base/nucleotide.h"
#include "base/rng.h"
#include "deepmirgene/scan.h"
#include "scan/block.h"
#include "scan/error_rates.h"
#include "scan/families.h"
#include "scan/item.h"
#include "scan/names.h"
#include "scan/overlap.h"
#include "scan/regions.h"

static dmg_error err;

/* --- overlaps --- */

static bool is_better(const scored_interval *a, const scored_interval *b)
{
    if (a->score > b->score || a->score < b->score) return a->score > b->score;
    if (a->energy != b->energy) return a->energy < b->energy;
    if (a->start != b->start) return a->start < b->start;
    if (a->end != b->end) return a->end < b->end;
    return !a->minus && b->minus;
}

/* Base by base: the most that b, moved round the circle, shares with a. */
static uint64_t count_shared(const scored_interval *a, const scored_interval *b, uint64_t circle)
{
    uint64_t most = 0;
    for (int turn = circle ? -1 : 0; turn <= (circle ? 1 : 0); turn++) {
        uint64_t shared = 0;
        for (uint64_t x = a->start; x < a->end; x++) {
            const int64_t moved = (int64_t)x - turn * (int64_t)circle;
            shared += moved >= (int64_t)b->start && moved < (int64_t)b->end;
        }
        if (shared > most) most = shared;
    }
    return most;
}

/* Whether b shares half of the shorter one with a. */
static bool is_of_the_place(const scored_interval *a, const scored_interval *b, uint64_t circle)
{
    const uint64_t x = a->end - a->start, y = b->end - b->start;
    const uint64_t shared = count_shared(a, b, circle);
    return shared > 0 && 2 * shared >= (x < y ? x : y);
}

/* Log odds of the best score of a strand less its energy. */
static double strand_merit(const scored_interval *intervals, size_t count, const bool *decided,
                           size_t best, bool minus, uint64_t circle, size_t *first)
{
    int least = 1000000;
    *first = count;
    for (size_t i = 0; i < count; i++) {
        const scored_interval *const a = &intervals[i];
        if (decided[i] || a->minus != minus || a->score < 0.5F ||
            (i != best && !is_of_the_place(a, &intervals[best], circle)))
            continue;
        if (a->energy < least) least = a->energy;
        if (*first == count || is_better(a, &intervals[*first])) *first = i;
    }
    if (*first == count) return -INFINITY;
    const double p = (double)intervals[*first].score;
    return log(p / (1 - p)) - 0.0015 * least;
}

/* The best interval or, if its place is rather on the other strand, the best one there. */
static size_t strand_of_place(const scored_interval *intervals, size_t count, const bool *decided,
                              size_t best, uint64_t circle)
{
    size_t own, other;
    if (intervals[best].score < 0.5F) return best;
    const bool minus = intervals[best].minus;
    const double here = strand_merit(intervals, count, decided, best, minus, circle, &own);
    const double there = strand_merit(intervals, count, decided, best, !minus, circle, &other);
    return there > here ? other : best;
}

/* The words of the header taken literally. */
static size_t keep_best_slowly(scored_interval *intervals, size_t count, uint64_t circle,
                               bool both_strands)
{
    bool decided[64] = {false}, stays[64] = {false};
    for (;;) {
        size_t best = count;
        for (size_t i = 0; i < count; i++)
            if (!decided[i] && (best == count || is_better(&intervals[i], &intervals[best])))
                best = i;
        if (best == count) break;
        if (!both_strands) best = strand_of_place(intervals, count, decided, best, circle);
        decided[best] = stays[best] = true;
        intervals[best].other = -1;
        for (size_t i = 0; i < count; i++) {
            const uint64_t shared = count_shared(&intervals[i], &intervals[best], circle);
            if (i == best || shared == 0) continue;
            const bool other = intervals[i].minus != intervals[best].minus;
            if (other && is_of_the_place(&intervals[i], &intervals[best], circle) &&
                intervals[i].score > intervals[best].other)
                intervals[best].other = intervals[i].score;
            if (!other || !both_strands) decided[i] = true;
        }
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
                                        .minus = dmg_rng_below(&rng, 2) == 1,
                                        .score = (float)dmg_rng_below(&rng, 8) / 8,
                                        .energy = 400 * (int)dmg_rng_below(&rng, 3),
                                        .tag = i};
            /* Candidates are different ones. */
            for (size_t j = 0; j < i; j++)
                if (fast[j].start == fast[i].start && fast[j].end == fast[i].end &&
                    fast[j].minus == fast[i].minus) {
                    count = i;
                    break;
                }
        }
        memcpy(slow, fast, sizeof slow);
        const size_t kept = keep_best_slowly(slow, count, circle, turn % 3 == 0);
        assert_true(overlap_keep_best(fast, &count, circle, turn % 3 == 0));
        assert_int_equal(count, kept);
        for (size_t i = 1; i < count; i++) assert_true(fast[i - 1].start <= fast[i].start);
        qsort(fast, count, sizeof *fast, compare_tags);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(fast[i].tag, slow[i].tag);
            assert_true(fast[i].other >= slow[i].other && fast[i].other <= slow[i].other);
        }
    }
}

/* --- families --- */

static void random_bases(char *text, size_t length, dmg_rng *rng)
{
    for (size_t i = 0; i < length; i++) text[i] = "ACGT"[dmg_rng_below(rng, 4)];
    text[length] = '\0';
}

/* A copy with some bases changed; perhaps on the other strand, in lower case. */
static void copy_changed(char *out, const char *in, size_t length, size_t changes, bool turned,
                         dmg_rng *rng)
{
    memcpy(out, in, length + 1);
    for (size_t c = 0; c < changes; c++)
        out[dmg_rng_below(rng, length)] = "ACGT"[dmg_rng_below(rng, 4)];
    if (!turned) return;
    char forward[200];
    memcpy(forward, out, length + 1);
    for (size_t i = 0; i < length; i++)
        out[i] = (char)(dmg_complement_letter(forward[length - 1 - i]) | 0x20);
}

/* Twenty unlike sequences with some copies each, in any order. */
static void test_families(void **state)
{
    (void)state;
    enum { KINDS = 20, COPIES = 5, LENGTH = 100 };
    dmg_rng rng;
    dmg_rng_init(&rng, 8, 0);
    char kinds[KINDS][LENGTH + 1], text[LENGTH + 1];
    sketch sketches[KINDS * COPIES];
    size_t family[KINDS * COPIES];
    for (int k = 0; k < KINDS; k++) random_bases(kinds[k], LENGTH, &rng);
    for (int i = 0; i < KINDS * COPIES; i++) {
        copy_changed(text, kinds[i % KINDS], LENGTH, i < KINDS ? 0 : 2, i % 3 == 0, &rng);
        sketches[i] = sketch_of(text, LENGTH);
    }
    assert_true(families_find(family, sketches, KINDS * COPIES));
    for (int i = 0; i < KINDS * COPIES; i++) assert_int_equal(family[i], i % KINDS);
    assert_true(families_find(family, sketches, 0));
}

/* The sketch is that of its definition: the smallest hashes of all words, here with ties. */
static void test_sketches(void **state)
{
    (void)state;
    const sketch none = sketch_of("ACGTACGTAC", 10), one = sketch_of("ACGTACGTACG", 11);
    assert_int_equal(none.hashes[0], UINT32_MAX);
    assert_int_not_equal(one.hashes[0], UINT32_MAX);
    assert_int_equal(one.hashes[1], UINT32_MAX);
    const sketch turned = sketch_of("cguacguacgu", 11), broken = sketch_of("ACGTANCGTACG", 12);
    assert_memory_equal(&one, &turned, sizeof one);
    assert_int_equal(broken.hashes[0], UINT32_MAX);
    const sketch repeated = sketch_of("ACGTACGTACGTACGTACGTACGTACGTACGTACGT", 36);
    assert_int_equal(sketch_shared(&repeated, &repeated), 2); /* ACGTACGTACG = CGTACGTACGT, ... */
    assert_int_equal(sketch_shared(&one, &repeated), 1);
}

/* --- error rates --- */

static bool is_near(double a, double b)
{
    return fabs(a - b) < 1e-9 * fmax(1, fabs(b));
}

/* On the points, between them, and beyond: lines in log odds and log loci. */
static void test_background(void **state)
{
    (void)state;
    const score_background background = {
        .count = 3, .p = {.5, .8, .9}, .per_mb = {{100, .1}, {25, .2}, {12.5, .4}}};
    assert_true(is_near(background_loci(&background, .5).mean, 100));
    assert_true(is_near(background_loci(&background, .1).mean, 100));
    assert_true(is_near(background_loci(&background, .8).mean, 25));
    assert_true(is_near(background_loci(&background, 2. / 3).mean, 50));
    assert_true(is_near(background_loci(&background, 2. / 3).spread, .15));
    const double step = log(9) - log(4);
    const double beyond = 12.5 * pow(.5, (log(99) - log(9)) / step);
    assert_true(is_near(background_loci(&background, .99).mean, beyond));
    assert_true(background_loci(&background, 1).mean > 0);
    /* 75 loci per Mb below 0.8. */
    assert_true(is_near(background_scale(&background, 300, 2), 303. / 153));
    assert_true(is_near(background_scale(&background, 0, 0), 1));
}

/* Where both numbers are known well, the posterior is as simple as it should be. */
static void test_expected_true(void **state)
{
    (void)state;
    const double many = expected_true(1000, (false_loci){100, 0}, 1);
    assert_true(fabs(many - 900) < 40);
    assert_true(expected_true(100, (false_loci){100, .1}, 1) < 20);
    assert_true(expected_true(1, (false_loci){10, .1}, .01) < .01);
    assert_true(expected_true(1, (false_loci){1e-6, .1}, 1) > .99);
    /* One locus, where a few false ones are expected for each true one. */
    const double one = expected_true(1, (false_loci){.04, 0}, .01);
    assert_true(one > .2 && one < .6);
    /* More seen, more true; more false, fewer true; a doubt about the false ones, fewer true. */
    assert_true(expected_true(40, (false_loci){20, .1}, 1) >
                expected_true(40, (false_loci){20, 1}, 1));
    for (int seen = 1; seen < 200; seen++) {
        const false_loci expected = {20, .2}, more = {25, .2};
        const double truth = expected_true(seen, expected, 1);
        assert_true(truth >= 0 && truth <= seen);
        assert_true(truth >= expected_true(seen - 1, expected, 1));
        assert_true(truth >= expected_true(seen, more, 1));
    }
}

/* q is the mean of `wrong`, which rises; families count once; all within 0 and 1. */
static void test_error_rates(void **state)
{
    (void)state;
    enum { MOST = 60 };
    for (uint64_t turn = 0; turn < 300; turn++) {
        dmg_rng rng;
        dmg_rng_init(&rng, 4, turn);
        false_loci expected[MOST];
        bool first[MOST];
        double wrong[MOST], q[MOST], sum = 0, loci = 0;
        const size_t count = (size_t)dmg_rng_below(&rng, MOST);
        for (size_t i = 0; i < count; i++) {
            const double before = i > 0 ? expected[i - 1].mean : 0;
            expected[i] = (false_loci){before + 1.5 * dmg_rng_uniform(&rng), .2};
            first[i] = i == 0 || dmg_rng_below(&rng, 3) > 0;
        }
        assert_true(error_rates(wrong, q, expected, first, count, 1));
        for (size_t i = 0; i < count; i++) {
            assert_true(wrong[i] >= 0 && wrong[i] <= 1);
            if (i > 0) assert_true(wrong[i] >= wrong[i - 1]);
            sum += first[i] ? wrong[i] : 0;
            loci += first[i];
            assert_true(is_near(q[i], sum / loci));
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
    static const char *const bad[] = {"", ":1-2", "chr1:", "{chr1", "{}:1-2", "{a}b", "{a}:0-5"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_ok(dmg_regions_add(regions, good[i], &err), &err);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (dmg_regions_add(regions, bad[i], &err) != DMG_FORMAT) fail_msg("took '%s'", bad[i]);
    regions_begin(regions);
    assert_string_equal(show_intervals(regions, "chr1"), "100-310 1000-2000 ");
    assert_null(regions_ambiguous(regions, "chr1"));
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

/* A text that may be a name or a part of another sequence. */
static void test_region_readings(void **state)
{
    (void)state;
    dmg_regions *regions = new_regions();
    static const char *const texts[] = {"HLA-A*01:01:01:01", "HLA-B*02:02N", "a:1-2", "{b:3-4}",
                                        "c:0-5"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_ok(dmg_regions_add(regions, texts[i], &err), &err);
    regions_begin(regions);
    assert_string_equal(show_intervals(regions, "HLA-A*01:01:01:01"), "0-* ");
    assert_null(regions_ambiguous(regions, "HLA-A*01:01:01:01"));
    assert_string_equal(show_intervals(regions, "HLA-B*02:02N"), "0-* ");
    assert_string_equal(show_intervals(regions, "b"), "");
    assert_string_equal(show_intervals(regions, "b:3-4"), "0-* ");
    assert_string_equal(regions_not_found(regions), "a");
    assert_string_equal(show_intervals(regions, "a"), "0-2 ");
    assert_string_equal(regions_not_found(regions), "c:0-5");
    assert_string_equal(show_intervals(regions, "a:1-2"), "0-* ");
    assert_string_equal(regions_ambiguous(regions, "a:1-2"), "a:1-2");
    assert_string_equal(regions_ambiguous(regions, "a"), "a:1-2");
    dmg_regions_destroy(regions);
}

static void test_names(void **state)
{
    (void)state;
    name_set names = {0};
    const name_place *before;
    char name[16];
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < 5000; i++) {
            sprintf(name, "n%zu", i);
            assert_true(names_add(&names, name, (name_place){(size_t)round, i}, &before));
            assert_int_equal(before != NULL, round);
            if (before) assert_int_equal(before->line, i);
            if (before) assert_int_equal(before->file, 0);
        }
    names_clear(&names);
}

static void test_bed(void **state)
{
    (void)state;
    dmg_regions *regions = new_regions();
    const char *path = scratch_text("a.bed", "track name=x\nbrowser position\n#c\n\n"
                                             "chr1\t10\t20\tname\t0\t+\nchr1 15 30\nchr1\t40\t40\n"
                                             "trackless\t0\t5\r\ntrack\t1\t2\nbrowser\t3\t4\n");
    assert_ok(dmg_regions_add_bed(regions, path, &err), &err);
    regions_begin(regions);
    assert_string_equal(show_intervals(regions, "chr1"), "10-30 ");
    assert_string_equal(show_intervals(regions, "trackless"), "0-5 ");
    assert_string_equal(show_intervals(regions, "track"), "1-2 ");
    assert_string_equal(show_intervals(regions, "browser"), "3-4 ");
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
    static const char *const wanted[] = {"s2:11-20", "s0:3000-4000", "s2:101-3100", "s1", "s0:1-1"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        assert_ok(dmg_regions_add(regions, wanted[i], &err), &err);
    char *parts[] = {strndup(texts[0], 1), strdup(texts[0] + 2999), strdup(""),
                     strndup(texts[2] + 10, 10), strndup(texts[2] + 100, 3000)};
    static const size_t chunks[] = {1, 100, 4000};
    for (int indexed = 0; indexed < 2; indexed++) {
        for (size_t c = 0; c < 3; c++) {
            dmg_scan_options options = dmg_scan_defaults();
            options.chunk = chunks[c];
            assert_int_equal(check_pieces(path, (const char *const *)parts, regions, &options), 5);
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
    assert_non_null(strstr(err.message, "sequence 's9' of a region not found"));
    dmg_scan_item_destroy(item);
    dmg_scan_source_close(source);
    dmg_regions_destroy(regions);
    for (size_t i = 0; i < 5; i++) free(parts[i]);
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
    assert_int_equal(hairpins.long_span, 0);
    assert_int_equal(hairpins.shortest, 40);
    assert_int_equal(hairpins.max_score, -500);
    assert_int_equal(hairpins.min_pairs, 18);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_overlap),
        cmocka_unit_test(test_families),
        cmocka_unit_test(test_sketches),
        cmocka_unit_test(test_background),
        cmocka_unit_test(test_expected_true),
        cmocka_unit_test(test_error_rates),
        cmocka_unit_test(test_region_texts),
        cmocka_unit_test(test_region_readings),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_bed),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_pieces_of_regions),
        cmocka_unit_test(test_packed_items),
        cmocka_unit_test(test_block_heads),
        cmocka_unit_test(test_documented_defaults),
    };
    return cmocka_run_group_tests_name("scan", tests, scratch_setup, scratch_teardown);
}
