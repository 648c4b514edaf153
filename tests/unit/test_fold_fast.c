/* SPDX-License-Identifier: MIT */
/* The fast engines of folding against the plain one: matrices cell by cell, then energies and
 * structures, on every kind of strand; and the change to wider elements where energies need it.
 */
#include "unit.h"

#include <stdbool.h>

#include "base/rng.h"
#include "deepmirgene/fold.h"
#include "fold/engines.h"
#include "fold/local_pairs.h"

#define SEED       20250311
#define MAX_LENGTH 1800

enum { MOST_LEVELS = 2, OF_A_LEVEL = FOLD_MOST_ENGINES - 1 };

/* One engine, with the tables of its level. */
typedef struct tried {
    const dmg_mfe_engine *engine;
    const dmg_byte_tables *tables;
} tried;

/* What all tests share. */
typedef struct fixture {
    dmg_mfe_engines levels[MOST_LEVELS]; /* that this processor has, but the plain one */
    int level_count;
    tried engines[MOST_LEVELS * OF_A_LEVEL + 1]; /* OF_A_LEVEL of each, and the plain one */
    int fast_count;                              /* without the plain one */
    dmg_mfe plain, fast;
    dmg_folder *plain_folder, *folders[MOST_LEVELS];
} fixture;

/* DMG_CHECK_FULL=1 asks for more. */
static int rounds(int quick, int full)
{
    const char *const wanted = getenv("DMG_CHECK_FULL");
    return wanted && !strcmp(wanted, "1") ? full : quick;
}

/* --- strands --- */

static void fill_random(dmg_rng *rng, char *sequence, size_t length, const char *alphabet)
{
    const size_t letters = strlen(alphabet);
    for (size_t i = 0; i < length; i++) sequence[i] = alphabet[dmg_rng_below(rng, letters)];
    sequence[length] = '\0';
}

static char complement(char letter)
{
    return "UGCA"[strchr("ACGU", letter) - "ACGU"];
}

/* One arm at random and the other one its complement but for one base of `errors`, which is changed
 * or missing. */
static void fill_hairpin(dmg_rng *rng, char *sequence, size_t length, size_t errors)
{
    fill_random(rng, sequence, length, "ACGU");
    for (size_t i = 0, j = length; i + 4 < j && j > 0; i++) {
        j--;
        if (dmg_rng_below(rng, errors))
            sequence[j] = complement(sequence[i]);
        else if (dmg_rng_below(rng, 3) == 0)
            j -= j > i + 5;
    }
}

/* Hairpins side by side between two arms, so that multiloops pay. */
static void fill_junction(dmg_rng *rng, char *sequence, size_t length)
{
    const size_t arm = length / 8;
    fill_random(rng, sequence, length, "ACGU");
    for (size_t i = 0; i < arm; i++)
        sequence[length - 1 - i] = complement(sequence[i] = "GC"[dmg_rng_below(rng, 2)]);
    const size_t stems = 2 + dmg_rng_below(rng, 3), room = (length - 2 * arm) / stems;
    for (size_t k = 0; k < stems; k++) {
        char *const stem = sequence + arm + k * room;
        for (size_t i = 0; 2 * i + 5 < room; i++) stem[room - 1 - i] = complement(stem[i]);
    }
}

/* Letters that pair with nothing, lower case and T, here and there. */
static void disguise(dmg_rng *rng, char *sequence, size_t length, size_t one_in)
{
    for (size_t i = 0; i < length; i++) {
        if (dmg_rng_below(rng, one_in) == 0) sequence[i] = "NRYn-X"[dmg_rng_below(rng, 6)];
        if (sequence[i] == 'U' && dmg_rng_below(rng, 4) == 0) sequence[i] = 'T';
        if (sequence[i] >= 'A' && sequence[i] <= 'Z' && dmg_rng_below(rng, 8) == 0)
            sequence[i] = (char)(sequence[i] - 'A' + 'a');
    }
}

static void fill_any(dmg_rng *rng, char *sequence, size_t length)
{
    static const char *const alphabets[] = {"ACGU", "ACGU", "GC", "GGCAU", "AU", "GU", "GCN", "A"};
    switch (dmg_rng_below(rng, 4)) {
    case 0: fill_hairpin(rng, sequence, length, 2 + dmg_rng_below(rng, 20)); break;
    case 1: fill_junction(rng, sequence, length); break;
    default: fill_random(rng, sequence, length, alphabets[dmg_rng_below(rng, 8)]);
    }
    if (dmg_rng_below(rng, 4) == 0) disguise(rng, sequence, length, 2 + dmg_rng_below(rng, 40));
}

/* --- matrices --- */

/* The segments that `fast` has, which is all of them if it is not local. */
static void assert_same_matrices(const dmg_mfe *plain, const dmg_mfe *fast, const char *name,
                                 const char *sequence)
{
    const int n = plain->n;
    for (int i = n - 1; i >= 0; i--)
        for (int j = i; j < mfe_row_end(fast, i); j++) {
            if (C(plain, i, j) != C(fast, i, j))
                fail_msg("%s: C(%d, %d) is %d, not %d, of\n%s", name, i, j, C(fast, i, j),
                         C(plain, i, j), sequence);
            if (M(plain, i, j) != M(fast, i, j))
                fail_msg("%s: M(%d, %d) is %d, not %d, of\n%s", name, i, j, M(fast, i, j),
                         M(plain, i, j), sequence);
        }
    for (int j = 0; fast->span == n && j <= n; j++)
        if (F(plain, j) != F(fast, j))
            fail_msg("%s: F(%d) is %d, not %d, of\n%s", name, j, F(fast, j), F(plain, j), sequence);
}

/* True if the engine has filled the matrices. */
static bool run_local(dmg_mfe *m, const tried *t, const char *sequence, size_t span)
{
    const size_t n = strlen(sequence);
    assert_true(dmg_mfe_reserve(m, t->engine, n, span));
    return dmg_mfe_fill(m, t->engine, t->tables, sequence, n, span);
}

static bool run(dmg_mfe *m, const tried *t, const char *sequence)
{
    return run_local(m, t, sequence, strlen(sequence));
}

static void run_plain(fixture *x, const char *sequence)
{
    assert_true(run(&x->plain, &x->engines[x->fast_count], sequence));
}

/* All engines, which have to be in range. */
static void compare_matrices(fixture *x, const char *sequence)
{
    run_plain(x, sequence);
    for (const tried *t = x->engines; t < x->engines + x->fast_count; t++) {
        if (!run(&x->fast, t, sequence))
            fail_msg("%s: out of range with\n%s", t->engine->name, sequence);
        assert_same_matrices(&x->plain, &x->fast, t->engine->name, sequence);
    }
}

static void test_matrices_of_short_strands(void **state)
{
    static char sequence[MAX_LENGTH + 1];
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 0);
    for (size_t n = 0; n <= 140; n++)
        for (int round = 0; round < 6; round++) {
            fill_any(&rng, sequence, n);
            compare_matrices(*state, sequence);
        }
}

static void test_matrices_of_long_strands(void **state)
{
    static char sequence[MAX_LENGTH + 1];
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 1);
    for (int round = 0; round < 20; round++) {
        fill_any(&rng, sequence, 141 + dmg_rng_below(&rng, 160));
        compare_matrices(*state, sequence);
    }
}

/* Local folding has the numbers of folding as a whole for all segments that are short enough. */
static void test_matrices_of_local_folding(void **state)
{
    static char sequence[MAX_LENGTH + 1];
    fixture *const x = *state;
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 9);
    for (int round = 0; round < 60; round++) {
        const size_t n = dmg_rng_below(&rng, 450), span = 1 + dmg_rng_below(&rng, 200);
        fill_any(&rng, sequence, n);
        run_plain(x, sequence);
        for (const tried *t = x->engines; t <= x->engines + x->fast_count; t++) {
            if (!t->engine->find_optimal) continue;
            assert_true(run_local(&x->fast, t, sequence, span));
            assert_same_matrices(&x->plain, &x->fast, t->engine->name, sequence);
        }
    }
}

/* F of parts of a strand, of any length up to the span, by themselves. */
static void test_exterior_of_parts(void **state)
{
    static char sequence[MAX_LENGTH + 1];
    fixture *const x = *state;
    int32_t plain[201];
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 10);
    for (int round = 0; round < 60; round++) {
        const size_t n = 1 + dmg_rng_below(&rng, 450), span = 1 + dmg_rng_below(&rng, 200);
        fill_any(&rng, sequence, n);
        for (const tried *t = x->engines; t <= x->engines + x->fast_count; t++) {
            dmg_mfe *const m = &x->fast;
            if (!t->engine->find_optimal) continue;
            assert_true(run_local(m, t, sequence, span));
            for (int part = 0; part < 30; part++) {
                const int first = (int)dmg_rng_below(&rng, n), rest = (int)n - first;
                const int most = m->span < rest ? m->span : rest;
                const int length = part == 0 ? 0 : (int)dmg_rng_below(&rng, (uint64_t)most + 1);
                dmg_mfe_fill_exterior_scalar(m, first, length);
                memcpy(plain, m->exterior, ((size_t)length + 1) * sizeof *plain);
                dmg_mfe_fill_exterior(m, first, length);
                for (int j = 0; j <= length; j++)
                    if (F(m, j) != plain[j])
                        fail_msg("%s: F(%d) of %d bases from %d is %d, not %d, of\n%s",
                                 t->engine->name, j, length, first, F(m, j), plain[j], sequence);
            }
        }
    }
}

/* Options under which many pairs score alike, so that ties are met, and next to none. */
static dmg_hairpin_options pair_options(dmg_rng *rng)
{
    static const int reaches[] = {1, 2, 3, 7, 8, 12, 12, 12, 13, 31, 32, 33};
    dmg_hairpin_options o = dmg_hairpin_defaults();
    o.span = 35 + (int)dmg_rng_below(rng, 150);
    o.flank = (int)dmg_rng_below(rng, 8);
    o.shortest = 5 + (int)dmg_rng_below(rng, 11);
    o.background = (int)dmg_rng_below(rng, 4) * 10;
    o.max_score = -1 - (int)dmg_rng_below(rng, 700);
    o.neighbourhood = reaches[dmg_rng_below(rng, 12)];
    o.overlap_limit = 1000;
    return o;
}

/* Pairs of local folding that are locally optimal: the vectors find those of the plain form. */
static void test_optimal_pairs(void **state)
{
    static char sequence[MAX_LENGTH + 1];
    fixture *const x = *state;
    size_t all = 0;
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 14);
    for (int round = 0; round < 250; round++) {
        const size_t n = dmg_rng_below(&rng, round % 10 ? 450 : 30);
        const dmg_hairpin_options options = pair_options(&rng);
        fill_any(&rng, sequence, n);
        dmg_local_pairs plain, fast;
        assert_true(dmg_local_pairs_init(&plain, &options, n));
        assert_true(dmg_local_pairs_init(&fast, &options, n));
        assert_true((fast.rings != NULL) == (options.neighbourhood <= LOCAL_MOST_REACH));
        for (const tried *t = x->engines; t < x->engines + x->fast_count; t++) {
            if (!t->engine->find_optimal) continue;
            assert_true(run_local(&x->fast, t, sequence, (size_t)options.span));
            assert_true(dmg_local_pairs_optimal_scalar(&x->fast, &plain));
            assert_true(dmg_local_pairs_find(&fast, &x->fast, 0));
            assert_int_equal(fast.optimal_count, plain.optimal_count);
            all += fast.optimal_count;
            if (plain.optimal_count > 0)
                assert_memory_equal(fast.optimal, plain.optimal,
                                    plain.optimal_count * sizeof *plain.optimal);
        }
        dmg_local_pairs_clear(&plain);
        dmg_local_pairs_clear(&fast);
    }
    assert_true(x->fast_count == 0 || all > 1000);
}

/* --- answers --- */

/* With the plain engine and at each level. */
static void compare_fold(const fixture *x, const char *sequence)
{
    static char structures[2][MAX_LENGTH + 1];
    const size_t n = strlen(sequence);
    assert_true(n <= MAX_LENGTH);
    dmg_fold_task plain = {.sequence = sequence, .length = n, .structure = structures[0]};
    dmg_fold_task fast = {.sequence = sequence, .length = n, .structure = structures[1]};
    dmg_error err;
    assert_ok(dmg_fold(x->plain_folder, &plain, 1, &err), &err);
    for (int l = 0; l < x->level_count; l++) {
        assert_ok(dmg_fold(x->folders[l], &fast, 1, &err), &err);
        if (plain.energy != fast.energy || strcmp(plain.structure, fast.structure))
            fail_msg("%s\n%s %d expected\n%s %d found by %s", sequence, plain.structure,
                     plain.energy, fast.structure, fast.energy, x->levels[l].list[0]->name);
    }
}

/* Of every length from 0 to `longest`, `count` in all. */
static void compare_random(const fixture *x, uint64_t stream, int count, size_t longest)
{
    static char sequence[MAX_LENGTH + 1];
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, stream);
    for (int round = 0; round < count; round++) {
        fill_any(&rng, sequence, dmg_rng_below(&rng, longest + 1));
        compare_fold(x, sequence);
    }
}

static void test_random(void **state)
{
    compare_random(*state, 10, rounds(10000, 400000), 60);
    compare_random(*state, 11, rounds(1000, 50000), 150);
    compare_random(*state, 12, rounds(10, 2000), 500);
    compare_random(*state, 13, rounds(1, 300), 1000);
}

static void test_uniform(void **state)
{
    for (const char *letter = "ACGUTNgx"; *letter; letter++)
        for (size_t n = 0; n <= 100; n++) {
            char sequence[101];
            memset(sequence, *letter, n);
            sequence[n] = '\0';
            compare_fold(*state, sequence);
            if (n % 25 == 0) compare_matrices(*state, sequence);
        }
}

/* Hairpins with energies of their own and those one letter off, in a helix. */
static void test_special_hairpins(void **state)
{
    for (int k = 0; k < FOLD_SPECIAL_HAIRPINS; k++) {
        const dmg_special_hairpin *const special = &dmg_turner2004.special[k];
        const size_t length = strlen(special->letters);
        for (size_t at = 0; at < length; at++)
            for (const char *letter = "ACGUN"; *letter; letter++) {
                char sequence[64];
                snprintf(sequence, sizeof sequence, "AGGC%sGCCA", special->letters);
                sequence[4 + at] = *letter;
                compare_matrices(*state, sequence);
                compare_fold(*state, sequence);
            }
    }
}

/* Every loop with one inner pair, between the same two helices, and those around the limit. */
static void test_loops(void **state)
{
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 20);
    for (int n1 = 0; n1 <= 32; n1++)
        for (int n2 = 0; n1 + n2 <= 32; n2++) {
            char sequence[160], side1[64], side2[64];
            fill_random(&rng, side1, (size_t)n1, n2 % 3 ? "A" : "ACGUN");
            fill_random(&rng, side2, (size_t)n2, n2 % 3 ? "A" : "ACGUN");
            snprintf(sequence, sizeof sequence, "GGCC%sGCGCGAAACGCGC%sGGCC", side1, side2);
            compare_fold(*state, sequence);
        }
}

/* A strong stem and then nothing that pairs for longer than an interior loop can be: the second
 * stem of a multiloop is infinite there, and the strong one may not make it look finite. */
static void test_long_gap(void **state)
{
    for (int pairs = 5; pairs <= 45; pairs += 8)
        for (int gap = 24; gap < 64; gap++) {
            char sequence[256] = "GCA";
            for (int k = 0; k < pairs; k++) strcat(sequence, k % 3 ? "G" : "C");
            strcat(sequence, "GAAA");
            for (int k = pairs; k-- > 0;) strcat(sequence, k % 3 ? "C" : "G");
            for (int k = 0; k < gap; k++) strcat(sequence, "A");
            strcat(sequence, gap % 2 ? "UGC" : "UGCAAAAGCA");
            compare_matrices(*state, sequence);
            compare_fold(*state, sequence);
        }
}

/* --- range --- */

/* Perfect hairpins of G and C, -330 or so a pair: with more than about 340 bases below what 16 bits
 * hold, at which the wider elements take over, and just as long as they do. */
static void test_range(void **state)
{
    fixture *const x = *state;
    static char sequence[MAX_LENGTH + 1];
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 30);
    int i16 = 0, i32 = 0;
    for (size_t n = 300; n <= 420; n += (size_t)rounds(15, 3)) {
        fill_random(&rng, sequence, n, n % 2 ? "GC" : "GGGGC");
        for (size_t i = 0; 2 * i + 5 < n; i++) sequence[n - 1 - i] = complement(sequence[i]);
        compare_fold(x, sequence);
        run_plain(x, sequence);
        for (const tried *t = x->engines; t < x->engines + x->fast_count; t += OF_A_LEVEL) {
            const bool in_range = run(&x->fast, t, sequence);
            if (in_range) assert_same_matrices(&x->plain, &x->fast, t->engine->name, sequence);
            i16 += in_range;
            i32 += !in_range;
            assert_true(in_range == (F(&x->plain, (int)n) > -55000) ||
                        abs(F(&x->plain, (int)n) + 55000) < 1500);
            if (run(&x->fast, t + 1, sequence))
                assert_same_matrices(&x->plain, &x->fast, t[1].engine->name, sequence);
            assert_true(run(&x->fast, t + 2, sequence));
            assert_same_matrices(&x->plain, &x->fast, t[2].engine->name, sequence);
        }
    }
    print_message("%d hairpins in 16 bits, %d out of their range\n", i16, i32);
    assert_true(x->fast_count == 0 || (i16 > 2 && i32 > 2));
}

/* Side by side they are low together, and only F is out of range, or M; and halves of a multiloop
 * that are in range only by themselves. */
static void test_range_of_sums(void **state)
{
    static char sequence[MAX_LENGTH + 1];
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 31);
    for (size_t arm = 40; arm <= 95; arm += (size_t)rounds(25, 5))
        for (int closed = 0; closed < 2; closed++) {
            const size_t parts = 5, part = 2 * arm + 4, n = parts * part;
            fill_random(&rng, sequence, n, "GC");
            for (size_t k = 0; k < parts; k++)
                for (size_t i = 0; i < part / 2 - 2; i++)
                    sequence[k * part + part - 1 - i] = complement(sequence[k * part + i]);
            for (size_t i = 0; closed && i < 9; i++)
                sequence[n - 1 - i] = complement(sequence[i] = 'G');
            compare_fold(*state, sequence);
        }
}

/* Random with some G and C in a hundred. */
static void fill_mixed(dmg_rng *rng, char *sequence, size_t length, size_t strong)
{
    for (size_t i = 0; i < length; i++)
        sequence[i] = (dmg_rng_below(rng, 100) < strong ? "GC" : "AU")[dmg_rng_below(rng, 2)];
    sequence[length] = '\0';
}

/* Strands too long for energies of 16 bits as they are, whose distance from a line is in range with
 * the slope that is expected, with that of the first attempt, and with neither. */
static void test_slopes(void **state)
{
    static char sequence[MAX_LENGTH + 1];
    fixture *const x = *state;
    const struct {
        size_t length, strong; /* of 100 */
        size_t unpaired;       /* first bases that are A */
        size_t arm, period;    /* a hairpin in every `period` bases */
        bool in_range;
    } strands[] = {
        {1800, 50, 0, 0, 1800, true},  {1300, 75, 0, 0, 1300, true},
        {1600, 50, 0, 20, 110, true},  {1600, 75, 600, 0, 1600, false},
        {900, 50, 0, 445, 900, false},
    };
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 32);
    for (size_t k = 0; k < sizeof strands / sizeof *strands; k++) {
        const size_t n = strands[k].length, arm = strands[k].arm, period = strands[k].period;
        fill_mixed(&rng, sequence, n, strands[k].strong);
        memset(sequence, 'A', strands[k].unpaired);
        for (size_t begin = 0; begin + period <= n; begin += period)
            for (size_t i = 0; i < arm; i++)
                sequence[begin + 2 * arm + 3 - i] = complement(sequence[begin + i]);
        run_plain(x, sequence);
        for (const tried *t = x->engines; t < x->engines + x->fast_count; t += OF_A_LEVEL) {
            const bool in_range = run(&x->fast, t + 1, sequence);
            if (in_range != strands[k].in_range)
                fail_msg("%s: strand %zu is %s range", t[1].engine->name, k,
                         in_range ? "in" : "out of");
            if (in_range) assert_same_matrices(&x->plain, &x->fast, t[1].engine->name, sequence);
        }
        compare_fold(x, sequence);
    }
}

/* --- tables, memory --- */

static void test_tables(void **state)
{
    const fixture *const x = *state;
    if (x->level_count == 0) skip();
    const dmg_byte_tables *const T = &x->levels[0].tables;
    /* Some entries by hand: stack of CG on GC and of GU on UA; GNRA's neighbour in int22. */
    assert_int_equal(10 * T->stack[BASE_C][BASE_G][1 << 3 | COLUMN_C], -240);
    assert_int_equal(10 * T->stack[BASE_C][BASE_C][1 << 3 | COLUMN_G], -330);
    assert_int_equal(10 * T->weak[BASE_G][1 << 3], 50);
    assert_int_equal(10 * T->weak[BASE_G][0], 0);
    assert_int_equal(column_index(COLUMN_N, COLUMN_END), COLUMN_END);
}

/* What the header promises for memory. */
static void test_memory(void **state)
{
    const fixture *const x = *state;
    if (x->level_count == 0) skip();
    const dmg_mfe_engine *const *engines = x->levels[0].list;
    for (size_t n = 1000; n <= 32000; n *= 2) {
        const double square = (double)n * (double)n, line = (double)n;
        assert_true((double)dmg_mfe_bytes(engines[0], n, n) < 2 * square + 500 * line + 1e5);
        assert_true((double)dmg_mfe_bytes(engines[1], n, n) < 2 * square + 500 * line + 1e5);
        assert_true((double)dmg_mfe_bytes(engines[2], n, n) < 4 * square + 800 * line + 2e5);
    }
}

static int add_level(fixture *x, dmg_cpu cpu)
{
    dmg_cpu level = cpu;
    if (dmg_cpu_resolve(&level, NULL) != DMG_OK) {
        print_message("skipped: this processor has no %s\n", dmg_cpu_name(cpu));
        return 0;
    }
    dmg_mfe_engines *const engines = &x->levels[x->level_count];
    dmg_mfe_engines_init(engines, cpu);
    assert_int_equal(engines->count, OF_A_LEVEL + 1);
    assert_ptr_equal(engines->list[OF_A_LEVEL], &dmg_mfe_scalar);
    for (int k = 0; k < OF_A_LEVEL; k++)
        x->engines[x->fast_count++] = (tried){engines->list[k], &engines->tables};
    return dmg_folder_create(&x->folders[x->level_count++], 1, cpu, NULL) == DMG_OK ? 0 : -1;
}

static int set_up(void **state)
{
    static dmg_mfe_engines plain;
    fixture *const x = calloc(1, sizeof *x);
    *state = x;
    if (!x) return -1;
    dmg_mfe_engines_init(&plain, DMG_CPU_SCALAR);
    if (dmg_folder_create(&x->plain_folder, 1, DMG_CPU_SCALAR, NULL) != DMG_OK) return -1;
    if (add_level(x, DMG_CPU_V128) != 0 || add_level(x, DMG_CPU_AVX2) != 0) return -1;
    x->engines[x->fast_count] = (tried){&dmg_mfe_scalar, &plain.tables};
    return 0;
}

static int tear_down(void **state)
{
    fixture *const x = *state;
    dmg_folder_destroy(x->plain_folder);
    for (int l = 0; l < x->level_count; l++) dmg_folder_destroy(x->folders[l]);
    dmg_mfe_clear(&x->plain);
    dmg_mfe_clear(&x->fast);
    free(x);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_matrices_of_short_strands),
        cmocka_unit_test(test_matrices_of_long_strands),
        cmocka_unit_test(test_matrices_of_local_folding),
        cmocka_unit_test(test_exterior_of_parts),
        cmocka_unit_test(test_optimal_pairs),
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_uniform),
        cmocka_unit_test(test_special_hairpins),
        cmocka_unit_test(test_loops),
        cmocka_unit_test(test_long_gap),
        cmocka_unit_test(test_range),
        cmocka_unit_test(test_range_of_sums),
        cmocka_unit_test(test_slopes),
        cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
