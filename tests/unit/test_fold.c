/* SPDX-License-Identifier: MIT */
/* Folding: every structure of short sequences by brute force, loops worked out one by one, and the
 * recorded answers of RNAfold 2.7.1.
 *
 * With DMG_CHECK_FULL=1 all of the published benchmark sequences are compared instead of a sample.
 */
#include "unit.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>

#include "base/rng.h"
#include "deepmirgene/fold.h"
#include "deepmirgene/version.h"

#define SEED        20240607
#define MAX_LINE    4096
#define MAX_LENGTH  1024 /* of the sequences folded one by one */
#define BRUTE_BASES 48

/* The level of instructions that is tested: all tests run with the plain code and with the fastest.
 */
static dmg_cpu level;

/* Folds one sequence with a folder that all tests share; *energy as by dmg_fold. */
static void fold(void **state, const char *sequence, size_t length, char *structure, int *energy)
{
    dmg_error err;
    dmg_fold_task task = {.sequence = sequence, .length = length, .structure = structure};
    assert_ok(dmg_fold(*state, &task, 1, &err), &err);
    assert_int_equal(strlen(structure), length);
    *energy = task.energy;
}

static int evaluate(const char *sequence, const char *structure)
{
    dmg_error err;
    int energy = 0;
    assert_ok(dmg_fold_evaluate(&energy, sequence, structure, strlen(sequence), &err), &err);
    return energy;
}

static void assert_folds_to(void **state, const char *sequence, const char *structure, int energy)
{
    static char got[MAX_LENGTH + 1];
    int got_energy;
    assert_true(strlen(sequence) <= MAX_LENGTH);
    fold(state, sequence, strlen(sequence), got, &got_energy);
    if (strcmp(got, structure) || got_energy != energy)
        fail_msg("%s\n%s %d expected\n%s %d found", sequence, structure, energy, got, got_energy);
}

static void assert_energy(void **state, const char *sequence, const char *structure, int energy)
{
    (void)state;
    const int found = evaluate(sequence, structure);
    if (found != energy)
        fail_msg("%s\n%s %d expected, %d found", sequence, structure, energy, found);
}

static void fill_random(dmg_rng *rng, char *sequence, size_t length, const char *alphabet)
{
    const size_t letters = strlen(alphabet);
    for (size_t i = 0; i < length; i++) sequence[i] = alphabet[dmg_rng_below(rng, letters)];
    sequence[length] = '\0';
}

/* One arm at random and the other one mostly its complement. */
static void fill_hairpin(dmg_rng *rng, char *sequence, size_t length)
{
    fill_random(rng, sequence, length, "ACGU");
    for (size_t i = 0; 2 * i + 5 < length; i++)
        if (dmg_rng_below(rng, 8))
            sequence[length - 1 - i] = "UGCA"[strchr("ACGU", sequence[i]) - "ACGU"];
}

/* --- brute force --- */

typedef struct enumeration {
    const char *sequence;
    int n, depth;
    int open[BRUTE_BASES];
    char structure[BRUTE_BASES + 1];
    int best;
    long count;
} enumeration;

static bool letters_pair(char a, char b)
{
    static const char *const pairs[] = {"AU", "UA", "CG", "GC", "GU", "UG"};
    for (size_t i = 0; i < 6; i++)
        if (pairs[i][0] == a && pairs[i][1] == b) return true;
    return false;
}

/* Tries everything at base i and after it. */
static void enumerate(enumeration *e, int i)
{
    if (e->depth > e->n - i) return;
    if (i == e->n) {
        const int energy = evaluate(e->sequence, e->structure);
        if (energy < e->best) e->best = energy;
        e->count++;
        return;
    }
    e->structure[i] = '.';
    enumerate(e, i + 1);
    if (e->sequence[i] == 'N') return;
    e->structure[i] = '(';
    e->open[e->depth++] = i;
    enumerate(e, i + 1);
    e->depth--;
    if (e->depth == 0) return;
    const int left = e->open[e->depth - 1];
    if (i - left < 4 || !letters_pair(e->sequence[left], e->sequence[i])) return;
    e->structure[i] = ')';
    e->depth--;
    enumerate(e, i + 1);
    e->open[e->depth++] = left;
}

static void test_brute_force(void **state)
{
    static const char *const alphabets[] = {"ACGU", "GC", "GCGCA", "GGU", "ACGGUN", "GCN", "AU"};
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 1);
    long count = 0, paired = 0;
    for (int round = 0; round < 420; round++) {
        char sequence[BRUTE_BASES + 1], structure[BRUTE_BASES + 1];
        const size_t n = round < 40 ? (size_t)round % 10 : 10 + dmg_rng_below(&rng, 7);
        if (round % 3)
            fill_random(&rng, sequence, n, alphabets[dmg_rng_below(&rng, 7)]);
        else
            fill_hairpin(&rng, sequence, n);
        enumeration e = {.sequence = sequence, .n = (int)n, .best = 1};
        enumerate(&e, 0);
        int energy;
        fold(state, sequence, n, structure, &energy);
        if (energy != e.best || evaluate(sequence, structure) != e.best)
            fail_msg("%s: %s %d, but the best of %ld structures has %d", sequence, structure,
                     energy, e.count, e.best);
        count += e.count;
        paired += energy < 0;
    }
    print_message("seed %d: %ld structures of 420 sequences, %ld of them fold\n", SEED, count,
                  paired);
    assert_true(paired > 80);
}

/* True if two helices open side by side within a pair. */
static bool has_multiloop(const char *structure)
{
    int depth = 0;
    char bracket = '.'; /* the last one */
    for (; *structure; structure++) {
        if (*structure == '(' && bracket == ')' && depth > 0) return true;
        if (*structure != '.') bracket = *structure;
        depth += (*structure == '(') - (*structure == ')');
    }
    return false;
}

/* Appends a random helix of `pairs` with `inside` between its arms. */
static void append_helix(dmg_rng *rng, char *sequence, size_t pairs, const char *inside)
{
    char arm[8];
    fill_random(rng, arm, pairs, "GC");
    strcat(sequence, arm);
    strcat(sequence, inside);
    for (size_t i = pairs; i > 0; i--) strcat(sequence, arm[i - 1] == 'G' ? "C" : "G");
}

/* Multiloops pay only in sequences with far too many structures. Those of a junction of which
 * everything but the helices is N, which pairs with nothing, can still be counted out. */
static void test_brute_force_multiloop(void **state)
{
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 2);
    long count = 0, multiloops = 0;
    for (int round = 0; round < 30; round++) {
        char inside[BRUTE_BASES + 1] = "", sequence[BRUTE_BASES + 1] = "";
        char structure[BRUTE_BASES + 1];
        for (int k = 0; k < 2; k++) {
            strncat(inside, "NNA", dmg_rng_below(&rng, 4));
            append_helix(&rng, inside, 3, dmg_rng_below(&rng, 2) ? "NNN" : "ANNNA");
        }
        strncat(sequence, "NA", dmg_rng_below(&rng, 3));
        append_helix(&rng, sequence, 4, inside);
        strncat(sequence, "AN", dmg_rng_below(&rng, 3));
        enumeration e = {.sequence = sequence, .n = (int)strlen(sequence), .best = 1};
        enumerate(&e, 0);
        int energy;
        fold(state, sequence, strlen(sequence), structure, &energy);
        if (energy != e.best || evaluate(sequence, structure) != e.best)
            fail_msg("%s: %s %d, but the best of %ld structures has %d", sequence, structure,
                     energy, e.count, e.best);
        count += e.count;
        multiloops += has_multiloop(structure);
    }
    print_message("seed %d: %ld structures of 30 sequences, %ld of them fold to a multiloop\n",
                  SEED, count, multiloops);
    assert_true(multiloops > 10);
}

/* --- single cases --- */

static void test_known_answers(void **state)
{
    assert_folds_to(state, "GGGGAAAACCCC", "((((....))))", -540);
    assert_folds_to(state, "GGGGCAGCANAAGCUGCCCC", "((((((((....))))))))", -1680);
    assert_folds_to(state, "GGGGNCAGCAAAAGCUGNCCCC", "((((.((((....)))).))))", -1260);
    assert_folds_to(state, "ggggNcagcaaaagctgncccc", "((((.((((....)))).))))", -1260);
}

static void test_short_and_uniform(void **state)
{
    assert_folds_to(state, "", "", 0);
    assert_folds_to(state, "G", ".", 0);
    assert_folds_to(state, "GC", "..", 0);
    assert_folds_to(state, "GAC", "...", 0);
    assert_folds_to(state, "GAAC", "....", 0);
    assert_folds_to(state, "GAAAC", ".....", 0);
    for (const char *letter = "ACGUTNacgutn-"; *letter; letter++)
        for (size_t n = 1; n <= 80; n++) {
            char sequence[81], dots[81];
            memset(sequence, *letter, n);
            memset(dots, '.', n);
            sequence[n] = dots[n] = '\0';
            assert_folds_to(state, sequence, dots, 0);
        }
}

static void test_empty_without_pointers(void **state)
{
    dmg_error err;
    char structure[1] = {'x'};
    dmg_fold_task task = {.structure = structure, .energy = 1};
    assert_ok(dmg_fold(*state, &task, 1, &err), &err);
    assert_int_equal(task.energy, 0);
    assert_int_equal(structure[0], '\0');
    int energy = 1;
    assert_ok(dmg_fold_evaluate(&energy, NULL, NULL, 0, &err), &err);
    assert_int_equal(energy, 0);
    assert_ok(dmg_fold(*state, NULL, 0, &err), &err);
}

typedef struct evaluated {
    const char *sequence, *structure;
    int energy;
} evaluated;

/* Energies by RNAeval 2.7.1. */
static const evaluated evaluations[] = {
    {"", "", 0},
    {"GGGGAAAACCCC", "............", 0},
    {"CAAAG", "(...)", 540},
    {"AUAAAAA", ".(...).", 560},
    {"GGAAAACCAGGAAAACC", "((....)).((....))", 50},
    {"ACUAGGAAAACCUAGUAAAAACGGGA", ".((.((....))..((....)).)).", 450},
    {"NGGNNNNCCNGNAGAAAACNCN", ".((....)).(..(....).).", 720},
};

/* `count` letters of one kind at the place of '*' in a pattern; a second '*' takes `second`. */
static void expand(char *out, const char *pattern, char letter, int count, int second)
{
    for (; *pattern; pattern++) {
        if (*pattern != '*') {
            *out++ = *pattern;
            continue;
        }
        for (int i = 0; i < count; i++) *out++ = letter;
        count = second;
    }
    *out = '\0';
}

typedef struct long_loop {
    const char *sequence, *structure; /* with '*' where unpaired bases stand */
    int first, second;                /* how many */
    int energy;
} long_loop;

/* Loops about and above 30, where tables end and the logarithm begins; by RNAeval 2.7.1. */
static const long_loop long_loops[] = {
    {"G*C", "(*)", 31, 0, 663},
    {"AG*CA", ".(*).", 100, 0, 639},
    {"GG*GGAAAACCCC", "((*((....))))", 30, 0, 400},
    {"GG*GGAAAACCCC", "((*((....))))", 31, 0, 403},
    {"GGUGAAAACA*CC", "((((....))*))", 31, 0, 573},
    {"GU*GGAAAACC*AC", "((*((....))*))", 15, 15, 340},
    {"GU*GGAAAACC*AC", "((*((....))*))", 15, 16, 403},
    {"GG*GGAAAACC*CC", "((*((....))*))", 1, 30, 463},
    {"GGAG*GGAAAACC*CC", "((..*((....))*))", 0, 40, 416},
};

static void test_evaluate(void **state)
{
    for (size_t i = 0; i < sizeof evaluations / sizeof *evaluations; i++) {
        const evaluated *const e = &evaluations[i];
        assert_energy(state, e->sequence, e->structure, e->energy);
    }
    for (size_t i = 0; i < sizeof long_loops / sizeof *long_loops; i++) {
        const long_loop *const loop = &long_loops[i];
        char sequence[200], structure[200];
        expand(sequence, loop->sequence, 'A', loop->first, loop->second);
        expand(structure, loop->structure, '.', loop->first, loop->second);
        assert_energy(state, sequence, structure, loop->energy);
    }
}

/* Every special hairpin between C and G or A and U stands for its own energy and nothing else. */
static void test_special_hairpins(void **state)
{
    static const struct {
        const char *letters;
        int energy;
    } special[] = {
        {"CAACG", 680},    {"GUUAC", 690},    {"CAACGG", 550}, {"CCAAGG", 330},   {"CCACGG", 370},
        {"CCCAGG", 340},   {"CCGAGG", 350},   {"CCGCGG", 360}, {"CCUAGG", 370},   {"CCUCGG", 250},
        {"CUAAGG", 360},   {"CUACGG", 280},   {"CUCAGG", 370}, {"CUCCGG", 270},   {"CUGCGG", 280},
        {"CUUAGG", 350},   {"CUUCGG", 370},   {"CUUUGG", 370}, {"ACAGUACU", 280}, {"ACAGUGAU", 360},
        {"ACAGUGCU", 290}, {"ACAGUGUU", 180}, {"cttcgg", 370}, {"acagugtu", 180},
    };
    (void)state;
    for (size_t i = 0; i < sizeof special / sizeof *special; i++) {
        char structure[16];
        const size_t n = strlen(special[i].letters);
        memset(structure, '.', sizeof structure);
        structure[0] = '(';
        structure[n - 1] = ')';
        structure[n] = '\0';
        const bool weak = tolower((unsigned char)special[i].letters[0]) == 'a';
        assert_int_equal(evaluate(special[i].letters, structure),
                         special[i].energy + (weak ? 50 : 0)); /* the end of the helix outside */
    }
    /* Their neighbours take the rule: size, and from four bases on the mismatch. */
    assert_int_equal(evaluate("CAAAG", "(...)"), 540);
    assert_int_equal(evaluate("CUUNGG", "(....)"), 560 - 100);
    assert_int_equal(evaluate("GCUUGC", "(....)"), 560 - 110);
}

/* A loop of 31 bases is never part of a fold, however much it would gain. */
static void test_largest_loop(void **state)
{
    static const struct {
        int first, second;
    } sizes[] = {{15, 15}, {15, 16}, {16, 15}, {0, 30}, {0, 31},
                 {30, 0},  {31, 0},  {1, 29},  {1, 30}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const int first = sizes[i].first, second = sizes[i].second;
        char sequence[200], wanted[200], structure[200];
        expand(sequence, "GCGGCCAGG*GGCCGACCUUUUGGUCGGCC*CCUGGCCGC", 'A', first, second);
        expand(wanted, "(((((((((*((((((((....))))))))*)))))))))", '.', first, second);
        int energy;
        fold(state, sequence, strlen(sequence), structure, &energy);
        if (first + second <= 30) {
            assert_string_equal(structure, wanted);
            assert_int_equal(energy, evaluate(sequence, wanted));
        } else {
            assert_string_not_equal(structure, wanted);
            assert_true(energy > evaluate(sequence, wanted));
        }
    }
}

static void test_bad_structures(void **state)
{
    static const struct {
        const char *sequence, *structure;
        dmg_status status;
        const char *word; /* of the message */
    } bad[] = {
        {"GAAAC", "(....", DMG_FORMAT, "position 1"},
        {"GAAAC", "....)", DMG_FORMAT, "position 5"},
        {"GAAAC", ")...(", DMG_FORMAT, "position 1"},
        {"GGAAAC", "((...)", DMG_FORMAT, "position 1"},
        {"GAAACC", "(...))", DMG_FORMAT, "position 6"},
        {"GAAAC", "[...]", DMG_FORMAT, "'['"},
        {"GAAAC", "(.\n.)", DMG_FORMAT, "position 3"},
        {"GAAAG", "(...)", DMG_RANGE, "G and G"},
        {"GAAAN", "(...)", DMG_RANGE, "G and N"},
        {"GAAC", "(..)", DMG_RANGE, "fewer than 3"},
        {"GC", "()", DMG_RANGE, "fewer than 3"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        dmg_error err = {.message = ""};
        int energy = 12345;
        const size_t n = strlen(bad[i].sequence);
        assert_int_equal(dmg_fold_evaluate(&energy, bad[i].sequence, bad[i].structure, n, &err),
                         bad[i].status);
        assert_int_equal(err.status, bad[i].status);
        if (!strstr(err.message, bad[i].word)) fail_msg("%s: %s", bad[i].word, err.message);
        assert_int_equal(energy, 12345);
        assert_int_equal(dmg_fold_evaluate(&energy, bad[i].sequence, bad[i].structure, n, NULL),
                         bad[i].status);
    }
}

/* Stacks and hairpin loop by hand, from the enthalpies of Turner 2004: 3 * -13.40, 4.80, -5.20. */
static void test_enthalpy(void **state)
{
    (void)state;
    dmg_error err;
    int enthalpy = 0;
    assert_ok(dmg_fold_enthalpy(&enthalpy, "GGGGAAAACCCC", "((((....))))", 12, &err), &err);
    assert_int_equal(enthalpy, 3 * -1340 + 480 - 520);
    /* A loop has no enthalpy more than one of 30, but entropy. */
    char sequence[61], structure[61];
    int longest[2];
    for (size_t k = 0; k < 2; k++) {
        const size_t n = 32 + 20 * k;
        memset(sequence, 'A', n);
        memset(structure, '.', n);
        sequence[0] = 'G', sequence[n - 1] = 'C';
        structure[0] = '(', structure[n - 1] = ')';
        assert_ok(dmg_fold_enthalpy(&longest[k], sequence, structure, n, &err), &err);
    }
    assert_int_equal(longest[0], longest[1]);
    assert_int_equal(longest[0], 500 - 520);
    assert_int_equal(dmg_fold_enthalpy(&enthalpy, "GAAAG", "(...)", 5, &err), DMG_RANGE);
}

/* --- limits --- */

static void test_range(void **state)
{
    const size_t n = DMG_FOLD_MAX_LENGTH;
    char *const sequence = malloc(n + 2), *const structure = malloc(n + 2);
    assert_non_null(sequence);
    assert_non_null(structure);
    memset(sequence, 'A', n + 2);
    memset(structure, '.', n + 2);
    dmg_error err;
    int energy = 7;
    dmg_fold_task tasks[3] = {
        {.sequence = "GGGGAAAACCCC", .length = 12, .structure = structure},
        {.sequence = sequence, .length = n + 1, .structure = structure},
        {.sequence = sequence, .length = n + 2, .structure = structure},
    };
    assert_int_equal(dmg_fold(*state, tasks, 3, &err), DMG_RANGE);
    assert_int_equal(err.status, DMG_RANGE);
    assert_non_null(strstr(err.message, "32768"));
    assert_int_equal(dmg_fold(*state, tasks, 2, NULL), DMG_RANGE);
    assert_int_equal(dmg_fold_evaluate(&energy, sequence, structure, n + 1, &err), DMG_RANGE);
    assert_int_equal(energy, 7);

    /* As deep as a structure can be: nothing may recurse. */
    memset(sequence, 'G', n / 2 - 1);
    memset(sequence + n - (n / 2 - 1), 'C', n / 2 - 1);
    memset(structure, '(', n / 2 - 1);
    memset(structure + n - (n / 2 - 1), ')', n / 2 - 1);
    assert_ok(dmg_fold_evaluate(&energy, sequence, structure, n, &err), &err);
    assert_int_equal(energy, -330 * ((int)n / 2 - 2) + 540);
    free(sequence);
    free(structure);
}

static void test_threads_range(void **state)
{
    (void)state;
    dmg_error err;
    dmg_folder *folder = NULL;
    assert_int_equal(dmg_folder_create(&folder, 0, level, &err), DMG_RANGE);
    assert_int_equal(dmg_folder_create(&folder, -3, level, NULL), DMG_RANGE);
    assert_null(folder);
    dmg_folder_destroy(NULL);
}

/* A large strand between small ones: the memory grows, is given back, and leaves no trace. */
static void test_reuse(void **state)
{
    enum { LARGE = 2500 };
    char *const sequence = malloc(LARGE), *const structure = malloc(LARGE + 1);
    assert_non_null(sequence);
    assert_non_null(structure);
    memset(sequence, 'A', LARGE);
    memcpy(sequence + LARGE - 12, "GGGGAAAACCCC", 12);
    for (int round = 0; round < 2; round++) {
        int energy;
        assert_folds_to(state, "GGGGAAAACCCC", "((((....))))", -540);
        fold(state, sequence, LARGE, structure, &energy);
        assert_string_equal(structure + LARGE - 14, "..((((....))))");
        assert_int_equal(energy, -540 - 20); /* A before the stem, nothing behind it */
        assert_folds_to(state, "GGGGNCAGCAAAAGCUGNCCCC", "((((.((((....)))).))))", -1260);
    }
    free(sequence);
    free(structure);
}

/* --- longer random sequences --- */

static void test_random_consistency(void **state)
{
    static const char *const alphabets[] = {"ACGU",   "ACGUN", "GC",      "ACGUacgu",
                                            "acgtRY", "GGCAU", "GCAUGCN", "AU"};
    static char sequence[MAX_LENGTH + 1], structure[MAX_LENGTH + 1], again[MAX_LENGTH + 1];
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 3);
    for (int round = 0; round < 120; round++) {
        const size_t n = 1 + dmg_rng_below(&rng, round % 10 ? 160 : 500);
        if (round % 4)
            fill_random(&rng, sequence, n, alphabets[dmg_rng_below(&rng, 8)]);
        else
            fill_hairpin(&rng, sequence, n);
        int energy, energy_again;
        fold(state, sequence, n, structure, &energy);
        assert_true(energy <= 0);
        if (evaluate(sequence, structure) != energy)
            fail_msg("%s\n%s %d is the minimum, %d the energy of the structure", sequence,
                     structure, energy, evaluate(sequence, structure));
        for (size_t i = 0; i < n; i++) {
            const char upper = (char)toupper((unsigned char)sequence[i]);
            sequence[i] = upper == 'T' ? 'U' : upper == 'U' ? 'T' : upper;
            if (round % 2) sequence[i] = (char)tolower((unsigned char)sequence[i]);
        }
        fold(state, sequence, n, again, &energy_again);
        assert_string_equal(structure, again);
        assert_int_equal(energy, energy_again);
    }
}

static void test_threads_do_not_show(void **state)
{
    (void)state;
    enum { COUNT = 150, LONGEST = 120 };
    static char sequences[COUNT][LONGEST + 1], structures[2][COUNT][LONGEST + 1];
    static dmg_fold_task tasks[2][COUNT];
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 4);
    for (int i = 0; i < COUNT; i++) {
        const size_t n = dmg_rng_below(&rng, LONGEST + 1);
        fill_random(&rng, sequences[i], n, "ACGGU");
        for (int k = 0; k < 2; k++)
            tasks[k][i] = (dmg_fold_task){
                .sequence = sequences[i], .length = n, .structure = structures[k][i]};
    }
    for (int threads = 1; threads <= 8; threads = threads < 3 ? threads + 1 : threads + 5) {
        dmg_error err;
        dmg_folder *folder = NULL;
        dmg_fold_task *const results = tasks[threads > 1];
        memset(structures[threads > 1], 'x', sizeof structures[0]);
        assert_ok(dmg_folder_create(&folder, threads, level, &err), &err);
        assert_ok(dmg_fold(folder, results, COUNT, &err), &err);
        dmg_folder_destroy(folder);
        for (int i = 0; i < COUNT; i++) {
            assert_int_equal(results[i].energy, tasks[0][i].energy);
            assert_string_equal(results[i].structure, tasks[0][i].structure);
        }
    }
}

/* --- recorded answers of RNAfold 2.7.1 --- */

/* "-12.30" as -1230. */
static int parse_energy(const char *text)
{
    return (int)lround(100.0 * strtod(text, NULL));
}

/* One row of a golden file: id, sequence, structure, energy. */
typedef void golden_check(void **state, const char *sequence, const char *structure, int energy);

static int check_golden(void **state, const char *name, golden_check *check)
{
    char path[4096], line[MAX_LINE];
    FILE *const file = fopen(source_path(path, name), "r");
    if (!file) fail_msg("%s cannot be read", path);
    int count = 0;
    while (fgets(line, sizeof line, file)) {
        char *save = NULL;
        const char *const id = strtok_r(line, "\t", &save);
        if (id[0] == '#' || !strcmp(id, "id")) continue;
        const char *const sequence = strtok_r(NULL, "\t", &save);
        const char *const structure = strtok_r(NULL, "\t", &save);
        check(state, sequence, structure, parse_energy(strtok_r(NULL, "\t\n", &save)));
        count++;
    }
    fclose(file);
    return count;
}

static void test_golden_folds(void **state)
{
    assert_int_equal(check_golden(state, "tests/golden/fold.tsv", assert_folds_to), 175);
    assert_int_equal(check_golden(state, "tests/golden/fold.tsv", assert_energy), 175);
}

static void test_golden_energies(void **state)
{
    assert_int_equal(check_golden(state, "tests/golden/evaluate.tsv", assert_energy), 90);
}

#define RECORDS_TOTAL 27164

typedef struct record {
    char sequence[512], structure[512], folded[512];
    int energy;
} record;

/* Appends the records of one published set; both files have one record after the other in the same
 * order. False where they are absent. */
static bool read_set(record *records, size_t *count, const char *set)
{
    char name[64], path[4096], line[MAX_LINE], id[64], energy[32];
    snprintf(name, sizeof name, "data/rnafold/%s.tsv", set);
    if (!shared_path(path, name)) return false;
    FILE *const answers = fopen(path, "r");
    snprintf(name, sizeof name, "data/mirboost/%s.fa", set);
    if (!shared_path(path, name)) {
        fclose(answers);
        return false;
    }
    FILE *const sequences = fopen(path, "r");
    assert_non_null(fgets(line, sizeof line, answers)); /* the heading */
    while (fgets(line, sizeof line, answers)) {
        assert_true(*count < RECORDS_TOTAL);
        record *const r = &records[(*count)++];
        assert_int_equal(sscanf(line, "%63s %511s %31s", id, r->structure, energy), 3);
        r->energy = parse_energy(energy);
        assert_non_null(fgets(line, sizeof line, sequences));
        line[strcspn(line, "\r\n")] = '\0';
        assert_string_equal(line + 1, id);
        assert_int_equal(fscanf(sequences, "%511s\n", r->sequence), 1);
        assert_int_equal(strlen(r->sequence), strlen(r->structure));
    }
    fclose(answers);
    fclose(sequences);
    return true;
}

static void compare_records(record *records, size_t count)
{
    dmg_error err;
    dmg_folder *folder = NULL;
    dmg_fold_task *const tasks = calloc(count, sizeof *tasks);
    assert_non_null(tasks);
    for (size_t i = 0; i < count; i++)
        tasks[i] = (dmg_fold_task){.sequence = records[i].sequence,
                                   .length = strlen(records[i].sequence),
                                   .structure = records[i].folded};
    assert_ok(dmg_folder_create(&folder, dmg_processors(), level, &err), &err);
    assert_ok(dmg_fold(folder, tasks, count, &err), &err);
    size_t energies = 0, structures = 0;
    for (size_t i = 0; i < count; i++) {
        energies += tasks[i].energy != records[i].energy;
        structures += strcmp(records[i].folded, records[i].structure) != 0;
        assert_int_equal(evaluate(records[i].sequence, records[i].structure), records[i].energy);
    }
    dmg_folder_destroy(folder);
    free(tasks);
    print_message("%zu sequences against RNAfold: %zu energies and %zu structures differ\n", count,
                  energies, structures);
    assert_int_equal(energies, 0);
    assert_int_equal(structures, 0);
}

static void test_published_sets(void **state)
{
    (void)state;
    static const char *const sets[] = {"human_pos",         "human_neg", "cross_species_pos",
                                       "cross_species_neg", "new_pos",   "new_neg"};
    record *const records = calloc(RECORDS_TOTAL, sizeof *records);
    assert_non_null(records);
    size_t count = 0;
    bool present = true;
    for (size_t i = 0; i < 6 && present; i++) present = read_set(records, &count, sets[i]);
    if (!present) {
        free(records);
        skip();
    }
    assert_int_equal(count, RECORDS_TOTAL);
    const char *const full = getenv("DMG_CHECK_FULL");
    if (!full || strcmp(full, "1")) {
        /* Evenly spread over all six sets. */
        enum { SAMPLE = 2000 };
        for (size_t i = 0; i < SAMPLE; i++) records[i] = records[i * RECORDS_TOTAL / SAMPLE];
        count = SAMPLE;
    }
    compare_records(records, count);
    free(records);
}

static int create_folder(void **state)
{
    return dmg_folder_create((dmg_folder **)state, 1, level, NULL) == DMG_OK ? 0 : -1;
}

static int destroy_folder(void **state)
{
    dmg_folder_destroy(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers),
        cmocka_unit_test(test_short_and_uniform),
        cmocka_unit_test(test_empty_without_pointers),
        cmocka_unit_test(test_evaluate),
        cmocka_unit_test(test_special_hairpins),
        cmocka_unit_test(test_largest_loop),
        cmocka_unit_test(test_bad_structures),
        cmocka_unit_test(test_enthalpy),
        cmocka_unit_test(test_range),
        cmocka_unit_test(test_threads_range),
        cmocka_unit_test(test_reuse),
        cmocka_unit_test(test_brute_force),
        cmocka_unit_test(test_brute_force_multiloop),
        cmocka_unit_test(test_random_consistency),
        cmocka_unit_test(test_threads_do_not_show),
        cmocka_unit_test(test_golden_folds),
        cmocka_unit_test(test_golden_energies),
        cmocka_unit_test(test_published_sets),
    };
    level = DMG_CPU_SCALAR;
    const int failed =
        cmocka_run_group_tests_name("fold scalar", tests, create_folder, destroy_folder);
    level = DMG_CPU_AUTO;
    return failed + cmocka_run_group_tests_name("fold", tests, create_folder, destroy_folder);
}
