/* SPDX-License-Identifier: MIT */
/* Random numbers against the published generators, memory at its limits, error messages. */
#include <math.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/nucleotide.h"
#include "base/pair_table.h"
#include "base/rng.h"
#include "deepmirgene/version.h"
#include "unit.h"

enum { SEED = 20160521 };

/* --- random numbers --- */

static void next_gives_the_reference_outputs_of_xoshiro256ss(void **state)
{
    (void)state;
    /* From the state 1, 2, 3, 4; agreed by the published C code and other implementations. */
    static const uint64_t expected[] = {
        11520u,
        0u,
        1509978240u,
        1215971899390074240u,
        1216172134540287360u,
        607988272756665600u,
        16172922978634559625u,
        8476171486693032832u,
        10595114339597558777u,
        2904607092377533576u,
    };
    dmg_rng rng = {.state = {1, 2, 3, 4}};
    for (size_t k = 0; k < sizeof expected / sizeof *expected; k++)
        assert_true(dmg_rng_next(&rng) == expected[k]);
}

static void init_fills_the_state_by_splitmix64(void **state)
{
    (void)state;
    /* What SplitMix64 gives from 1234567. As the stream is mixed into the first of these numbers,
     * a stream can be chosen that leads back to 1234567. */
    static const uint64_t splitmix[] = {
        6457827717110365317u,
        3203168211198807973u,
        9817491932198370423u,
        4593380528125082431u,
    };
    dmg_rng rng;
    dmg_rng_init(&rng, 1234567, splitmix[0] ^ 1234567);
    assert_memory_equal(rng.state, splitmix, sizeof splitmix);
}

static void seeds_and_streams_give_sequences_of_their_own(void **state)
{
    (void)state;
    enum { N = 12 };
    uint64_t first[N * N];
    for (uint64_t seed = 0; seed < N; seed++)
        for (uint64_t stream = 0; stream < N; stream++) {
            dmg_rng rng;
            dmg_rng_init(&rng, seed, stream);
            first[seed * N + stream] = dmg_rng_next(&rng);
        }
    /* (1, 2) and (2, 1) among them, and 0, 0. */
    for (size_t a = 0; a < N * N; a++)
        for (size_t b = 0; b < a; b++) assert_true(first[a] != first[b]);
}

/* A use is the highest byte of the stream, as models were trained with it. */
static void uses_are_streams_of_their_own(void **state)
{
    (void)state;
    dmg_rng a, b;
    dmg_rng_init(&a, SEED, (uint64_t)3 << 56 | 5);
    dmg_rng_init_for(&b, SEED, DMG_RNG_HELD_OUT, 5);
    assert_memory_equal(&a, &b, sizeof a);
    dmg_rng_init(&a, SEED, 5);
    dmg_rng_init_for(&b, SEED, DMG_RNG_WEIGHTS, 5);
    assert_memory_equal(&a, &b, sizeof a);
}

static void the_same_seed_and_stream_repeat(void **state)
{
    (void)state;
    dmg_rng a, b;
    dmg_rng_init(&a, SEED, 5);
    dmg_rng_init(&b, SEED, 5);
    for (int k = 0; k < 100; k++) assert_true(dmg_rng_next(&a) == dmg_rng_next(&b));
}

/* Fails when counts [bins] are further from `expected` each than chance allows: chi-square with
 * bins - 1 degrees of freedom has that mean, and a variance twice as large. */
static void assert_even(const size_t *counts, size_t bins, double expected)
{
    const double degrees = (double)bins - 1;
    double chi_square = 0;
    for (size_t k = 0; k < bins; k++) {
        const double difference = (double)counts[k] - expected;
        chi_square += difference * difference / expected;
    }
    if (fabs(chi_square - degrees) > 5 * sqrt(2 * degrees))
        fail_msg("chi-square %g at %g degrees of freedom", chi_square, degrees);
}

static void uniform_is_even_and_below_1(void **state)
{
    (void)state;
    enum { N = 100000, BINS = 50 };
    size_t counts[BINS] = {0};
    double sum = 0;
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 1);
    for (int k = 0; k < N; k++) {
        const double x = dmg_rng_uniform(&rng);
        assert_true(x >= 0 && x < 1);
        assert_true(ldexp(x, 53) == floor(ldexp(x, 53)));
        counts[(size_t)(x * BINS)]++;
        sum += x;
    }
    assert_even(counts, BINS, (double)N / BINS);
    assert_true(fabs(sum / N - 0.5) < 5 / sqrt(12.0 * N));
}

static void uniform_takes_the_upper_53_bits(void **state)
{
    (void)state;
    /* A state whose next output is all ones: s[1] * 5, rotated by 7, times 9. */
    const uint64_t all_ones = UINT64_MAX;
    uint64_t before = all_ones * 0x8e38e38e38e38e39u; /* 1 / 9 modulo 2^64 */
    before = before >> 7 | before << 57;
    before *= 0xcccccccccccccccdu; /* 1 / 5 */
    dmg_rng rng = {.state = {1, before, 2, 3}}, copy = rng;
    assert_true(dmg_rng_next(&copy) == all_ones);
    assert_true(dmg_rng_uniform(&rng) == 1 - 0x1p-53);
}

static void below_stays_below_and_is_even(void **state)
{
    (void)state;
    enum { N = 60000 };
    static const uint64_t bounds[] = {2, 3, 7, 10, 64};
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 2);
    for (int b = 0; b < 5; b++) {
        size_t counts[64] = {0};
        for (int k = 0; k < N; k++) {
            const uint64_t x = dmg_rng_below(&rng, bounds[b]);
            assert_true(x < bounds[b]);
            counts[x]++;
        }
        assert_even(counts, (size_t)bounds[b], (double)N / (double)bounds[b]);
    }
}

static void below_works_at_its_limits(void **state)
{
    (void)state;
    /* Just above half the range nearly every second draw is refused. */
    static const uint64_t large[] = {
        UINT64_C(1) << 63,
        (UINT64_C(1) << 63) + 1,
        UINT64_MAX,
    };
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 3);
    for (int k = 0; k < 100; k++) {
        assert_true(dmg_rng_below(&rng, 1) == 0);
        for (int b = 0; b < 3; b++) assert_true(dmg_rng_below(&rng, large[b]) < large[b]);
    }
}

/* A remainder alone would give the first third of this range half of the time. */
static void below_is_even_over_a_large_range(void **state)
{
    (void)state;
    enum { N = 30000 };
    const uint64_t third = UINT64_C(1) << 62;
    size_t counts[3] = {0};
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 7);
    for (int k = 0; k < N; k++) counts[dmg_rng_below(&rng, 3 * third) / third]++;
    assert_even(counts, 3, N / 3.0);
}

static void normal_is_finite_where_uniform_is_0(void **state)
{
    (void)state;
    dmg_rng rng = {.state = {1, 0, 2, 3}}, copy = rng;
    assert_true(dmg_rng_uniform(&copy) == 0);
    assert_true(isfinite(dmg_rng_normal(&rng)));
}

static void normal_has_mean_0_and_variance_1(void **state)
{
    (void)state;
    enum { N = 100000 };
    double sum = 0, square = 0, fourth = 0;
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 4);
    for (int k = 0; k < N; k++) {
        const double x = dmg_rng_normal(&rng);
        assert_true(isfinite(x));
        sum += x;
        square += x * x;
        fourth += x * x * x * x;
    }
    /* Of the means of x, x^2 and x^4 the variances are 1, 2 and 96, over N. */
    assert_true(fabs(sum / N) < 5 * sqrt(1.0 / N));
    assert_true(fabs(square / N - 1) < 5 * sqrt(2.0 / N));
    assert_true(fabs(fourth / N - 3) < 5 * sqrt(96.0 / N));
}

static void shuffle_gives_a_permutation(void **state)
{
    (void)state;
    enum { MOST = 40 };
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 5);
    for (size_t count = 0; count <= MOST; count++) {
        size_t items[MOST + 1], seen[MOST + 1] = {0};
        for (size_t k = 0; k <= MOST; k++) items[k] = k;
        dmg_rng_shuffle(&rng, items, count);
        for (size_t k = 0; k < count; k++) {
            assert_true(items[k] < count);
            assert_int_equal(seen[items[k]]++, 0);
        }
        for (size_t k = count; k <= MOST; k++) assert_int_equal(items[k], k);
    }
}

static void shuffle_gives_every_order_equally_often(void **state)
{
    (void)state;
    enum { N = 24000 };
    size_t counts[6] = {0};
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 6);
    for (int k = 0; k < N; k++) {
        size_t items[] = {0, 1, 2};
        dmg_rng_shuffle(&rng, items, 3);
        counts[items[0] * 2 + (items[1] > items[2])]++;
    }
    assert_even(counts, 6, N / 6.0);
}

/* --- memory --- */

static void sizes_that_overflow_are_refused(void **state)
{
    (void)state;
    assert_null(dmg_alloc(SIZE_MAX, 2));
    assert_null(dmg_alloc(SIZE_MAX / 8 + 1, 8)); /* 0 bytes, were it not noticed */
    assert_null(dmg_copy_text("", SIZE_MAX));
}

static void no_elements_still_give_a_block(void **state)
{
    (void)state;
    void *blocks[] = {dmg_alloc(0, 8), dmg_alloc(8, 0), dmg_alloc_zero(0, 8), dmg_alloc_zero(8, 0)};
    for (int k = 0; k < 4; k++) {
        assert_non_null(blocks[k]);
        free(blocks[k]);
    }
}

static void alloc_zero_gives_zeros(void **state)
{
    (void)state;
    unsigned char *block = dmg_alloc_zero(1000, 3);
    assert_non_null(block);
    for (int k = 0; k < 3000; k++) assert_int_equal(block[k], 0);
    free(block);
}

static void grow_doubles_and_keeps_the_content(void **state)
{
    (void)state;
    int *items = NULL;
    size_t capacity = 0, moves = 0;
    for (size_t n = 0; n < 5000; n++) {
        const size_t before = capacity;
        assert_true(dmg_grow(&items, &capacity, n + 1, sizeof *items));
        assert_true(capacity > n);
        moves += capacity != before;
        items[n] = (int)n;
    }
    for (size_t n = 0; n < 5000; n++) assert_int_equal(items[n], n);
    assert_in_range(moves, 1, 10);
    free(items);
}

static void grow_by_much_at_once(void **state)
{
    (void)state;
    char *text = NULL;
    size_t capacity = 0;
    assert_true(dmg_grow(&text, &capacity, 0, 1)); /* nothing needed: nothing done */
    assert_null(text);
    assert_true(dmg_grow(&text, &capacity, 100000, 1));
    assert_true(capacity >= 100000);
    memset(text, 'x', capacity);
    free(text);
}

static void a_failed_grow_changes_nothing(void **state)
{
    (void)state;
    uint64_t *items = NULL;
    size_t capacity = 0;
    assert_true(dmg_grow(&items, &capacity, 1, sizeof *items));
    uint64_t *const before = items;
    const size_t capacity_before = capacity;
    items[0] = 42;
    assert_false(dmg_grow(&items, &capacity, SIZE_MAX / 8 + 1, sizeof *items));
    assert_false(dmg_grow(&items, &capacity, SIZE_MAX, sizeof *items));
    assert_ptr_equal(items, before);
    assert_int_equal(capacity, capacity_before);
    assert_int_equal(items[0], 42);
    free(items);
}

static void copy_text_ends_where_it_is_told(void **state)
{
    (void)state;
    char *copy = dmg_copy_text("pre-miRNA", 3), *empty = dmg_copy_text("x", 0);
    assert_string_equal(copy, "pre");
    assert_string_equal(empty, "");
    free(copy);
    free(empty);
}

/* --- errors --- */

static void error_set_fills_in_and_returns_the_status(void **state)
{
    (void)state;
    dmg_error err;
    assert_int_equal(dmg_error_set(&err, DMG_FORMAT, "%s: line %d", "a.fa", 7), DMG_FORMAT);
    assert_int_equal(err.status, DMG_FORMAT);
    assert_string_equal(err.message, "a.fa: line 7");
    assert_int_equal(dmg_error_nomem(&err, "the test"), DMG_NOMEM);
    assert_int_equal(err.status, DMG_NOMEM);
    assert_string_equal(err.message, "out of memory for the test");
}

static void error_set_accepts_null(void **state)
{
    (void)state;
    assert_int_equal(dmg_error_set(NULL, DMG_IO, "%s", "unheard"), DMG_IO);
    assert_int_equal(dmg_error_nomem(NULL, "nobody"), DMG_NOMEM);
}

static void only_messages_too_long_end_in_dots(void **state)
{
    (void)state;
    char text[DMG_ERROR_CAPACITY + 1];
    dmg_error err;
    memset(text, 'x', sizeof text);
    text[DMG_ERROR_CAPACITY - 1] = '\0'; /* the longest that fits */
    dmg_error_set(&err, DMG_IO, "%s", text);
    assert_string_equal(err.message, text);
    text[DMG_ERROR_CAPACITY - 1] = 'x';
    text[DMG_ERROR_CAPACITY] = '\0';
    dmg_error_set(&err, DMG_IO, "%s", text);
    assert_int_equal(strlen(err.message), DMG_ERROR_CAPACITY - 1);
    assert_string_equal(err.message + DMG_ERROR_CAPACITY - 5, "x...");
}

static void control_characters_are_replaced(void **state)
{
    (void)state;
    dmg_error err;
    dmg_error_set(&err, DMG_IO, "a%sb", "\n\t\x1b[31m\x01\x1f\x7f");
    assert_string_equal(err.message, "a???[31m???b");
    dmg_error_set(&err, DMG_IO, "%s", "na\xc3\xafve ~"); /* UTF-8 stays */
    assert_string_equal(err.message, "na\xc3\xafve ~");
}

static void every_status_has_words_of_its_own(void **state)
{
    (void)state;
    for (int a = DMG_OK; a >= DMG_STOPPED; a--) {
        const char *text = dmg_status_text((dmg_status)a);
        assert_string_not_equal(text, dmg_status_text((dmg_status)(DMG_STOPPED - 1)));
        for (int b = DMG_OK; b > a; b--)
            assert_string_not_equal(text, dmg_status_text((dmg_status)b));
    }
}

/* --- arenas --- */

typedef struct blocks {
    double *x;
    char *text;
    int *numbers;
} blocks;

static void take_blocks(blocks *b, dmg_arena *arena, size_t n)
{
    b->x = dmg_arena_take(arena, n, sizeof *b->x);
    b->text = dmg_arena_take(arena, 1, n);
    b->numbers = dmg_arena_take(arena, n, sizeof *b->numbers);
}

static void an_arena_gives_aligned_blocks_that_do_not_meet(void **state)
{
    (void)state;
    for (size_t n = 1; n < 200; n++) {
        blocks b;
        dmg_arena arena = {0};
        take_blocks(&b, &arena, n);
        assert_null(b.x);
        assert_true(dmg_arena_alloc_zero(&arena));
        take_blocks(&b, &arena, n);
        assert_int_equal(arena.used, arena.size);
        const void *all[] = {b.x, b.text, b.numbers};
        for (int k = 0; k < 3; k++) assert_int_equal((uintptr_t)all[k] % DMG_ARENA_ALIGNMENT, 0);
        for (size_t i = 0; i < n; i++)
            assert_true(b.x[i] == 0 && b.text[i] == 0 && b.numbers[i] == 0);
        memset(b.x, 1, n * sizeof *b.x);
        memset(b.text, 2, n);
        memset(b.numbers, 3, n * sizeof *b.numbers);
        for (size_t i = 0; i < n * sizeof *b.x; i++) assert_int_equal(((const char *)b.x)[i], 1);
        for (size_t i = 0; i < n; i++) assert_int_equal(b.text[i], 2);
        dmg_arena_clear(&arena);
    }
}

static void an_arena_notices_overflow(void **state)
{
    (void)state;
    static const size_t sizes[][2] = {
        {SIZE_MAX, 2}, {SIZE_MAX - 80, 1}, {SIZE_MAX, 1}, {SIZE_MAX / 2 + 1, 2}};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        dmg_arena arena = {0};
        dmg_arena_take(&arena, 100, 1);
        dmg_arena_take(&arena, sizes[k][0], sizes[k][1]);
        dmg_arena_take(&arena, 1, 1);
        assert_false(dmg_arena_alloc(&arena));
        assert_true(!arena.memory && arena.used == 0);
    }
}

static void an_arena_of_nothing_has_memory(void **state)
{
    (void)state;
    dmg_arena arena = {0};
    assert_null(dmg_arena_take(&arena, 0, 8));
    assert_true(dmg_arena_alloc(&arena));
    assert_non_null(dmg_arena_take(&arena, 0, 8));
    dmg_arena_clear(&arena);
}

static void a_reserved_arena_grows_and_is_used_again(void **state)
{
    (void)state;
    dmg_arena arena = {0};
    for (size_t k = 1; k <= 100; k++) {
        const size_t n = 1 + 37 * k % 101;
        blocks b;
        dmg_arena measured = {0};
        take_blocks(&b, &measured, n);
        assert_true(dmg_arena_reserve(&arena, &measured));
        take_blocks(&b, &arena, n);
        assert_int_equal(arena.used, measured.used);
        memset(b.numbers, 1, n * sizeof *b.numbers);
    }
    dmg_arena overflow = {0};
    dmg_arena_take(&overflow, SIZE_MAX, 2);
    assert_false(dmg_arena_reserve(&arena, &overflow));
    assert_null(arena.memory);
}

/* --- hashes --- */

static void hashes_are_those_of_fnv1a(void **state)
{
    (void)state;
    /* From the test vectors of Fowler, Noll & Vo. */
    assert_true(dmg_hash_bytes(DMG_HASH_START, "", 0) == UINT64_C(0xcbf29ce484222325));
    assert_true(dmg_hash_bytes(DMG_HASH_START, "a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
    assert_true(dmg_hash_bytes(DMG_HASH_START, "foobar", 6) == UINT64_C(0x85944171f73967e8));
    const uint64_t foo = dmg_hash_bytes(DMG_HASH_START, "foo", 3);
    assert_true(dmg_hash_bytes(foo, "bar", 3) == UINT64_C(0x85944171f73967e8));
    assert_true(dmg_hash_number(foo, 0x0102) == dmg_hash_bytes(foo, "\x02\x01\0\0\0\0\0\0", 8));
}

/* --- nucleotides --- */

static void letters_have_the_bases_of_iupac(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        const char letter = (char)byte;
        const unsigned entry = dmg_nucleotides[byte];
        const bool known = letter && strchr("ACGUTacgut", letter);
        const bool vague = letter && strchr("RYSWKMBDHVNXIryswkmbdhvnxi", letter);
        assert_int_equal(dmg_base_code(letter) != BASE_N, known);
        assert_int_equal(entry != 0, known || vague);
        assert_int_equal((entry & DMG_NUCLEOTIDE_AMBIGUOUS) != 0, vague);
        if (!entry) continue;
        assert_int_equal(dmg_base_code((char)(entry & 0x7f)), dmg_base_code(letter));
        assert_int_equal(dmg_base_letter(dmg_base_code(letter)),
                         known ? (char)(entry & 0x5f) : 'N');
    }
}

static void complements_pair_and_are_their_own_inverse(void **state)
{
    (void)state;
    for (int code = 0; code < BASE_CODES; code++)
        assert_int_equal(dmg_base_complement(dmg_base_complement(code)), code);
    for (int byte = 0; byte < 256; byte++) {
        const char letter = (char)byte, other = dmg_complement_letter(letter);
        const char back = dmg_complement_letter(other);
        assert_int_equal(back, letter == 'U' ? 'T' : letter == 'u' ? 't' : letter);
        assert_int_equal(dmg_base_code(other), dmg_base_complement(dmg_base_code(letter)));
    }
    assert_int_equal(dmg_complement_letter('R'), 'Y');
    assert_int_equal(dmg_complement_letter('b'), 'v');
    assert_int_equal(dmg_complement_letter('S'), 'S');
}

static void six_pairs_of_bases_pair(void **state)
{
    (void)state;
    static const char *const pairs[PAIR_TYPES] = {"CG", "GC", "GU", "UG", "AU", "UA"};
    int found = 0;
    for (int a = 0; a < BASE_CODES; a++)
        for (int b = 0; b < BASE_CODES; b++) {
            const int t = pair_type(a, b);
            if (t == PAIR_NONE) continue;
            found++;
            assert_int_equal(pairs[t][0], dmg_base_letter(a));
            assert_int_equal(pairs[t][1], dmg_base_letter(b));
            assert_int_equal(pair_type(b, a), pair_reversed(t));
        }
    assert_int_equal(found, PAIR_TYPES);
}

/* --- pair tables --- */

static void a_pair_table_has_every_partner(void **state)
{
    (void)state;
    const size_t none = DMG_UNPAIRED;
    const size_t expected[] = {none, 8, 3, 2, none, 6, 5, none, 1, 10, 9};
    size_t partner[11];
    dmg_error err;
    assert_ok(dmg_pair_table(partner, ".(().().)()", 11, &err), &err);
    assert_memory_equal(partner, expected, sizeof expected);
    assert_ok(dmg_pair_table(NULL, "", 0, &err), &err);
}

static void faults_of_structures_have_their_position(void **state)
{
    (void)state;
    static const struct {
        const char *structure;
        size_t fault;
        const char *message;
    } cases[] = {
        {")", 0, "structure: ')' at position 1 has no opening bracket"},
        {"())()", 2, "structure: ')' at position 3 has no opening bracket"},
        {"(", 0, "structure: '(' at position 1 is not closed"},
        {"(()((.)", 3, "structure: '(' at position 4 is not closed"},
        {"((.)", 0, "structure: '(' at position 1 is not closed"},
        {"(.[.)", 2, "structure: '[' at position 3, expected '(', '.' or ')'"},
        {"[)", 0, "structure: '[' at position 1, expected '(', '.' or ')'"},
        {")[", 0, "structure: ')' at position 1 has no opening bracket"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        size_t fault = 99, partner[8];
        dmg_error err;
        const size_t length = strlen(cases[k].structure);
        assert_false(dmg_structure_valid(cases[k].structure, length, &fault));
        assert_int_equal(fault, cases[k].fault);
        assert_int_equal(dmg_pair_table(partner, cases[k].structure, length, &err), DMG_FORMAT);
        assert_string_equal(err.message, cases[k].message);
    }
}

/* All texts of up to 9 characters, against a matching that counts depths. */
static void short_structures_match_as_their_depths_say(void **state)
{
    (void)state;
    char text[10] = "";
    size_t partner[9], fault;
    for (size_t length = 1; length <= 9; length++) {
        size_t count = 1;
        for (size_t k = 0; k < length; k++) count *= 3;
        for (size_t code = 0; code < count; code++) {
            size_t rest = code;
            for (size_t k = 0; k < length; k++, rest /= 3) text[k] = ".()"[rest % 3];
            int depth = 0, lowest = 0;
            for (size_t k = 0; k < length; k++) {
                depth += (text[k] == '(') - (text[k] == ')');
                if (depth < lowest) lowest = depth;
            }
            const bool valid = depth == 0 && lowest == 0;
            assert_int_equal(dmg_structure_valid(text, length, &fault), valid);
            if (!valid || dmg_pair_table(partner, text, length, NULL) != DMG_OK) continue;
            for (size_t k = 0; k < length; k++) {
                assert_int_equal(partner[k] == DMG_UNPAIRED, text[k] == '.');
                if (text[k] != '(') continue;
                int open = 1;
                size_t close = k;
                while (open > 0) {
                    close++;
                    open += (text[close] == '(') - (text[close] == ')');
                }
                assert_int_equal(partner[k], close);
                assert_int_equal(partner[close], k);
            }
        }
    }
}

static void loops_have_their_branches(void **state)
{
    (void)state;
    static const char structure[] = "((.(..)..(((..))).)())";
    static const struct {
        size_t i, branches, p, q;
    } expected[] = {{0, 2, 1, 20},   {1, 2, 3, 16},   {3, 0, 6, 3},   {9, 1, 10, 15},
                    {10, 1, 11, 14}, {11, 0, 14, 11}, {19, 0, 20, 19}};
    size_t partner[sizeof structure];
    assert_int_equal(dmg_pair_table(partner, structure, sizeof structure - 1, NULL), DMG_OK);
    for (size_t k = 0; k < sizeof expected / sizeof *expected; k++) {
        const dmg_loop loop = dmg_loop_closed_by(partner, expected[k].i);
        assert_int_equal(loop.i, expected[k].i);
        assert_int_equal(loop.j, partner[loop.i]);
        assert_int_equal(loop.branches, expected[k].branches);
        assert_int_equal(loop.p, expected[k].p);
        assert_int_equal(loop.q, expected[k].q);
    }
}

static void the_headers_have_the_version_of_the_library(void **state)
{
    (void)state;
    char version[32];
    snprintf(version, sizeof version, "%d.%d.%d", DMG_VERSION_MAJOR, DMG_VERSION_MINOR,
             DMG_VERSION_PATCH);
    assert_string_equal(dmg_version_info().version, version);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(next_gives_the_reference_outputs_of_xoshiro256ss),
        cmocka_unit_test(init_fills_the_state_by_splitmix64),
        cmocka_unit_test(seeds_and_streams_give_sequences_of_their_own),
        cmocka_unit_test(uses_are_streams_of_their_own),
        cmocka_unit_test(the_same_seed_and_stream_repeat),
        cmocka_unit_test(uniform_is_even_and_below_1),
        cmocka_unit_test(uniform_takes_the_upper_53_bits),
        cmocka_unit_test(below_stays_below_and_is_even),
        cmocka_unit_test(below_works_at_its_limits),
        cmocka_unit_test(below_is_even_over_a_large_range),
        cmocka_unit_test(normal_is_finite_where_uniform_is_0),
        cmocka_unit_test(normal_has_mean_0_and_variance_1),
        cmocka_unit_test(shuffle_gives_a_permutation),
        cmocka_unit_test(shuffle_gives_every_order_equally_often),
        cmocka_unit_test(sizes_that_overflow_are_refused),
        cmocka_unit_test(no_elements_still_give_a_block),
        cmocka_unit_test(alloc_zero_gives_zeros),
        cmocka_unit_test(grow_doubles_and_keeps_the_content),
        cmocka_unit_test(grow_by_much_at_once),
        cmocka_unit_test(a_failed_grow_changes_nothing),
        cmocka_unit_test(copy_text_ends_where_it_is_told),
        cmocka_unit_test(error_set_fills_in_and_returns_the_status),
        cmocka_unit_test(error_set_accepts_null),
        cmocka_unit_test(only_messages_too_long_end_in_dots),
        cmocka_unit_test(control_characters_are_replaced),
        cmocka_unit_test(every_status_has_words_of_its_own),
        cmocka_unit_test(an_arena_gives_aligned_blocks_that_do_not_meet),
        cmocka_unit_test(an_arena_notices_overflow),
        cmocka_unit_test(an_arena_of_nothing_has_memory),
        cmocka_unit_test(a_reserved_arena_grows_and_is_used_again),
        cmocka_unit_test(hashes_are_those_of_fnv1a),
        cmocka_unit_test(letters_have_the_bases_of_iupac),
        cmocka_unit_test(complements_pair_and_are_their_own_inverse),
        cmocka_unit_test(six_pairs_of_bases_pair),
        cmocka_unit_test(a_pair_table_has_every_partner),
        cmocka_unit_test(faults_of_structures_have_their_position),
        cmocka_unit_test(short_structures_match_as_their_depths_say),
        cmocka_unit_test(loops_have_their_branches),
        cmocka_unit_test(the_headers_have_the_version_of_the_library),
    };
    print_message("seed %d\n", SEED);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
