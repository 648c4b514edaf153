/* SPDX-License-Identifier: MIT */
/* Split, flip and tokens: cases drawn by hand, and the way back from the streams to the structure.
 */
#include <math.h>

#include "base/rng.h"
#include "encode/streams.h"
#include "strands.h"
#include "unit.h"

enum { SEED = 20160522, MOST = 80 };

/* --- tokens back to text --- */

/* Writes one stream of `structure` as brackets to text [MOST + 1] and returns how many. */
static size_t stream_text(char *text, dmg_stream_kind kind, const char *structure)
{
    uint8_t tokens[MOST + 1];
    const size_t length = strlen(structure);
    assert_true(length <= MOST);
    memset(tokens, 0xee, sizeof tokens);
    const size_t count = encode_one(tokens, kind, structure, structure, length, 0);
    assert_true(count <= length);
    assert_int_equal(tokens[length], 0xee); /* writes no further than `length` */
    for (size_t k = 0; k < count; k++) {
        assert_true(tokens[k] < dmg_encode_symbols(kind));
        text[k] = "(.)"[tokens[k]];
    }
    text[count] = '\0';
    return count;
}

static void assert_split(const char *structure, size_t split, int loops, const char *forward,
                         const char *backward)
{
    char text[MOST + 1];
    int found = -1;
    assert_int_equal(dmg_encode_split(structure, strlen(structure), &found), split);
    assert_int_equal(found, loops);
    assert_int_equal(dmg_encode_split(structure, strlen(structure), NULL), split);
    stream_text(text, DMG_STREAM_FORWARD, structure);
    assert_string_equal(text, forward);
    stream_text(text, DMG_STREAM_BACKWARD, structure);
    assert_string_equal(text, backward);
    stream_text(text, DMG_STREAM_STRUCTURE, structure);
    assert_string_equal(text, structure);
}

/* --- split and flip, by hand --- */

static void a_loop_of_even_length_is_cut_in_half(void **state)
{
    (void)state;
    /*  5' ((..|
     *  3' ))..|   s = 2, e = 6, split 8/2 = 4: either half of the loop goes its way. */
    assert_split("((....))", 4, 1, "((..", "))..");
}

static void of_a_loop_of_odd_length_the_3_prime_part_gets_more(void **state)
{
    (void)state;
    /*  5' ((. |
     *  3' ))..|   s = 2, e = 5, split 7/2 = 3 */
    assert_split("((...))", 3, 1, "((.", "))..");
}

static void dots_outside_and_within_the_stem_are_no_loop(void **state)
{
    (void)state;
    /*  0123456|789012345
     *  ..((.(.|..).))...   bulges at 4 and 10, tails of two and three, s = 6, e = 9 */
    assert_split("..((.(...).))...", 7, 1, "..((.(.", "...)).)..");
}

static void pairs_at_both_ends(void **state)
{
    (void)state;
    /*  0123|45678
     *  (((.|..)))   s = 3, e = 6 */
    assert_split("(((...)))", 4, 1, "(((.", ")))..");
}

static void two_hairpins_are_cut_midway(void **state)
{
    (void)state;
    /*  01234|56789
     *  (...)|(...)   s = 1, e = 9: each arm is one hairpin. */
    assert_split("(...)(...)", 5, 2, "(...)", ")...(");
    /*  01234567|8901234567
     *  ((...)).|.((....)).   s = 2, e = 15, split 17/2 = 8 */
    assert_split("((...))..((....)).", 8, 2, "((...)).", ".))....((.");
}

static void of_three_hairpins_the_outer_two_decide(void **state)
{
    (void)state;
    /*  012345678|901234567
     *  (...).(..|.)..(...)   s = 1, e = 17: the split falls into the middle one. */
    assert_split("(...).(...)..(...)", 9, 3, "(...).(..", ")...(..).");
}

static void a_multi_branch_loop_is_cut_between_its_branches(void **state)
{
    (void)state;
    /*  012345678901|234567890123
     *  ((..((...)).|.((...))..))   two branches within the pairs 0-23 and 1-22, s = 6, e = 18 */
    assert_split("((..((...))..((...))..))", 12, 2, "((..((...)).", "))..))...((.");
}

static void without_a_pair_the_middle_is_the_split(void **state)
{
    (void)state;
    assert_split("....", 2, 0, "..", "..");
    assert_split(".....", 2, 0, "..", "...");
    assert_split("..", 1, 0, ".", ".");
}

static void one_base_goes_backward_and_none_nowhere(void **state)
{
    (void)state;
    assert_split(".", 0, 0, "", ".");
    assert_split("", 0, 0, "", "");
}

/* No RNA folds so, but a structure that is read from a file may. */
static void a_pair_of_neighbours_closes_a_loop_of_length_0(void **state)
{
    (void)state;
    assert_split("()", 1, 1, "(", ")");
    assert_split("(())", 2, 1, "((", "))");
    assert_split("()..()", 3, 2, "().", ")(."); /* s = 1, e = 5 */
}

/* --- split and flip, at random --- */

/* A random balanced structure of `length` letters, with a NUL after it. */
static void draw_structure(char *structure, size_t length, dmg_rng *rng)
{
    size_t open = 0;
    for (size_t i = 0; i < length; i++) {
        const size_t left = length - i;
        const uint64_t choice = dmg_rng_below(rng, 3);
        char letter = '.';
        if (open == left || (choice == 0 && open > 0))
            letter = ')';
        else if (choice == 1 && open + 2 <= left)
            letter = '(';
        open = letter == '(' ? open + 1 : letter == ')' ? open - 1 : open;
        structure[i] = letter;
    }
    structure[length] = '\0';
}

static void forward_and_the_reversed_backward_make_the_structure(void **state)
{
    (void)state;
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 1);
    for (int round = 0; round < 5000; round++) {
        char structure[MOST + 1], forward[MOST + 1], backward[MOST + 1], joined[MOST + 1];
        draw_structure(structure, (size_t)dmg_rng_below(&rng, MOST + 1), &rng);
        const size_t before = stream_text(forward, DMG_STREAM_FORWARD, structure);
        const size_t after = stream_text(backward, DMG_STREAM_BACKWARD, structure);
        memcpy(joined, forward, before);
        for (size_t k = 0; k < after; k++) joined[before + k] = backward[after - 1 - k];
        joined[before + after] = '\0';
        assert_string_equal(joined, structure);
        assert_int_equal(dmg_encode_split(structure, strlen(structure), NULL), before);
    }
}

/* The definition, word for word: every '(' that only dots part from a ')'. */
static size_t split_by_definition(const char *structure, int *loops)
{
    size_t start = 0, end = 0;
    *loops = 0;
    for (size_t i = 0; structure[i]; i++) {
        if (structure[i] != '(') continue;
        const size_t after = i + 1 + strspn(structure + i + 1, ".");
        if (structure[after] != ')') continue;
        if ((*loops)++ == 0) start = i + 1;
        end = after;
    }
    return *loops ? (start + end) / 2 : strlen(structure) / 2;
}

static void the_split_is_that_of_the_definition(void **state)
{
    (void)state;
    int most_loops = 0;
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 2);
    for (int round = 0; round < 5000; round++) {
        char structure[MOST + 1];
        int loops, expected_loops;
        draw_structure(structure, (size_t)dmg_rng_below(&rng, MOST + 1), &rng);
        const size_t expected = split_by_definition(structure, &expected_loops);
        assert_int_equal(dmg_encode_split(structure, strlen(structure), &loops), expected);
        assert_int_equal(loops, expected_loops);
        if (loops > most_loops) most_loops = loops;
    }
    assert_true(most_loops >= 8); /* or the structures were too plain to say much */
}

/* --- nucleotides --- */

static uint8_t token_of(char letter)
{
    uint8_t token = 0xee;
    assert_int_equal(encode_one(&token, DMG_STREAM_SEQUENCE, &letter, ".", 1, 0), 1);
    return token;
}

static void letters_of_either_case_have_their_tokens(void **state)
{
    (void)state;
    static const char upper[] = "ACGUT", lower[] = "acgut";
    static const uint8_t tokens[] = {0, 1, 2, 3, 3};
    for (int k = 0; k < 5; k++) {
        assert_int_equal(token_of(upper[k]), tokens[k]);
        assert_int_equal(token_of(lower[k]), tokens[k]);
    }
}

static void every_other_byte_is_any_nucleotide(void **state)
{
    (void)state;
    static const char iupac[] = "RYSWKMBDHVNryswkmbdhvnXx-*. ";
    for (const char *c = iupac; *c; c++) assert_int_equal(token_of(*c), DMG_TOKEN_ANY);
    for (int byte = 0; byte < 256; byte++)
        if (byte == 0 || !strchr("ACGUTacgut", byte))
            assert_int_equal(token_of((char)byte), DMG_TOKEN_ANY);
}

static void a_sequence_is_read_5_to_3_prime_and_never_split(void **state)
{
    (void)state;
    const char sequence[] = "GcaNtUA";
    const uint8_t expected[] = {2, 1, 0, DMG_TOKEN_ANY, 3, 3, 0};
    uint8_t tokens[7];
    assert_int_equal(encode_one(tokens, DMG_STREAM_SEQUENCE, sequence, "((...))", 7, 0), 7);
    assert_memory_equal(tokens, expected, 7);
}

/* --- the contact map --- */

enum { MOST_GRID = 16 };

/* By the words of the header: for each cell and colour, all pairs of the structure. */
static void pairs_by_definition(uint8_t *pixels, size_t grid, const char *sequence,
                                const char *structure)
{
    static const char colours[DMG_CONTACT_COLOURS][3] = {"CG", "AU", "GU"};
    const size_t n = strlen(structure);
    double shares[MOST_GRID][MOST_GRID][DMG_CONTACT_COLOURS] = {0};
    for (size_t i = 0; i < n; i++) {
        if (structure[i] != '(') continue;
        size_t j = i;
        for (int depth = 0; j == i || depth > 0; j++)
            depth += (structure[j] == '(') - (structure[j] == ')');
        j--; /* the partner */
        double *cell = shares[i * grid / n][j * grid / n];
        const double places = n > grid ? (double)n / (double)grid : 1;
        char low = sequence[i] < sequence[j] ? sequence[i] : sequence[j];
        char high = sequence[i] < sequence[j] ? sequence[j] : sequence[i];
        int own = -1;
        for (int c = 0; c < DMG_CONTACT_COLOURS; c++)
            if (colours[c][0] == low && colours[c][1] == high) own = c;
        for (int c = 0; c < DMG_CONTACT_COLOURS; c++)
            cell[c] += (own < 0 ? 1.0 / 3 : c == own ? 1 : 0) / places;
    }
    for (size_t k = 0; k < grid * grid * DMG_CONTACT_COLOURS; k++) {
        const double share = shares[k / DMG_CONTACT_COLOURS / grid][k / DMG_CONTACT_COLOURS % grid]
                                   [k % DMG_CONTACT_COLOURS];
        pixels[k] = share < 1 ? (uint8_t)(255 * share + 0.5 + 1e-9) : 255;
    }
}

static void the_contact_map_is_that_of_the_definition(void **state)
{
    (void)state;
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 7);
    for (int round = 0; round < 2000; round++) {
        char structure[MOST + 1], sequence[MOST + 1];
        uint8_t got[MOST_GRID * MOST_GRID * DMG_CONTACT_COLOURS], expected[sizeof got];
        const size_t n = 1 + (size_t)dmg_rng_below(&rng, MOST);
        const size_t grid = 1 + (size_t)dmg_rng_below(&rng, MOST_GRID);
        draw_structure(structure, n, &rng);
        const size_t length = strlen(structure);
        if (length == 0) continue;
        for (size_t i = 0; i < length; i++) sequence[i] = "ACGUN"[dmg_rng_below(&rng, 5)];
        sequence[length] = '\0';
        pairs_by_definition(expected, grid, sequence, structure);
        encode_one(got, DMG_STREAM_CONTACT_MAP, sequence, structure, length, grid);
        assert_memory_equal(got, expected, grid * grid * DMG_CONTACT_COLOURS);
    }
}

static void a_helix_fills_its_cells_with_the_colours_of_its_pairs(void **state)
{
    (void)state;
    uint8_t pixels[4 * 4 * DMG_CONTACT_COLOURS], lower[sizeof pixels];
    encode_one(pixels, DMG_STREAM_CONTACT_MAP, "GAGAAAUUUC", "((((..))))", 10, 4);
    /* Cells have 2.5 places: rows 0-2, 3-4, 5-7, 8-9. G-C and A-U in (0, 3), G-U and A-U beside. */
    const uint8_t *corner = pixels + 3 * DMG_CONTACT_COLOURS;
    assert_int_equal(corner[0], 102); /* 255 / 2.5 */
    assert_int_equal(corner[1], 102);
    assert_int_equal(corner[2], 0);
    const uint8_t *beside = pixels + 2 * DMG_CONTACT_COLOURS;
    assert_int_equal(beside[2], 102);
    encode_one(lower, DMG_STREAM_CONTACT_MAP, "gagaaattTc", "((((..))))", 10, 4);
    assert_memory_equal(lower, pixels, sizeof pixels);
}

static void the_longest_sequence_has_a_contact_map(void **state)
{
    (void)state;
    enum { N = 32767 };
    char *sequence = malloc(N), *structure = malloc(N);
    static uint8_t pixels[DMG_MAX_GRID * DMG_MAX_GRID * DMG_CONTACT_COLOURS];
    assert_true(sequence && structure);
    memset(sequence, 'G', N);
    memset(structure, '(', N / 2);
    structure[N / 2] = '.';
    memset(structure + N / 2 + 1, ')', N / 2);
    encode_one(pixels, DMG_STREAM_CONTACT_MAP, sequence, structure, N, DMG_MAX_GRID);
    const size_t corner = (DMG_MAX_GRID - 1) * DMG_CONTACT_COLOURS;
    assert_in_range(pixels[corner], 84, 86); /* G-G: a third of each colour */
    free(sequence);
    free(structure);
}

/* --- paired bases --- */

/* One character a token: the unpaired letters, N for any, then pairs AU CG GC GU UA UG as a .. f on
 * the opening side and as A .. F on the closing one. */
static void assert_paired(dmg_stream_kind kind, const char *sequence, const char *structure,
                          const char *expected)
{
    static const char shown[] = "0123abcdefABCDEFN";
    const size_t n = strlen(structure);
    uint8_t tokens[MOST + 1];
    char text[MOST + 1] = "";
    memset(tokens, 0xee, sizeof tokens);
    assert_int_equal(strlen(sequence), n);
    const size_t count = encode_one(tokens, kind, sequence, structure, n, 0);
    assert_int_equal(tokens[n], 0xee); /* writes no further than `length` */
    for (size_t k = 0; k < count; k++) text[k] = shown[tokens[k]];
    assert_string_equal(text, expected);
}

static void paired_bases_are_each_with_its_pair(void **state)
{
    (void)state;
    assert_paired(DMG_STREAM_PAIRED, "ACGGUUacgNGAUCGT", "((((((....))))))", "abcdef012NDAFBCE");
}

static void paired_bases_are_split_and_flipped(void **state)
{
    (void)state;
    assert_paired(DMG_STREAM_FORWARD_PAIRED, "AGCAAAAGUA", ".((....)).", "0db00");
    assert_paired(DMG_STREAM_BACKWARD_PAIRED, "AGCAAAAGUA", ".((....)).", "0FC00");
}

static void an_impossible_pair_counts_as_unpaired(void **state)
{
    (void)state;
    assert_paired(DMG_STREAM_PAIRED, "GATNNNNG", "((....))", "203NNNN2");
}

static void a_structure_that_is_not_valid_is_refused(void **state)
{
    (void)state;
    static const char *const structures[] = {"(((..))", "((..)))", "((..)]", ")("};
    for (size_t k = 0; k < sizeof structures / sizeof *structures; k++) {
        size_t partner[7];
        encode_strand strand = {.sequence = "GGAAACC",
                                .structure = structures[k],
                                .length = strlen(structures[k]),
                                .partner = partner};
        assert_int_equal(encode_strand_parse(&strand, NULL), DMG_FORMAT);
    }
}

/* --- features --- */

typedef struct feature_case {
    const char *sequence, *structure;
    int energy;
    double expected[DMG_FEATURE_DINUCLEOTIDES];
} feature_case;

static const feature_case feature_cases[] = {
    /* A stem of 2, a bulge of 1, a stem of 3 with a G-U pair, a loop of 4; 12 of 15 letters known.
     */
    {"GGAGCGNNNNUGCCC",
     "((.(((....)))))",
     -410,
     {15, -4.1, -4.1 / 15, -4.1 / 5, 10.0 / 15, 9.0 / 11, 1.0 / 5, 1, 4, 3, 1, 1, 0, 0}},
    /* Two hairpins in a multiloop, whose unpaired letters are not bulges; a loop of 1 + 2.
     */
    {"gcauagcaaagcucggaaccgaagc",
     "((...((...))..((...)).)).",
     DMG_ENERGY_UNKNOWN,
     {25, NAN, NAN, NAN, 12.0 / 25, 14.0 / 25, 0, 2, 3, 2, 0, 0, 0, 1}},
    {"ACGU", "....", 0, {4, 0, 0, NAN, 0, 0.5, NAN, 0, 0, 0, 0, 0, NAN, NAN}},
    {"N", ".", 0, {1, 0, 0, NAN, 0, NAN, NAN, 0, 0, 0, 0, 0, NAN, NAN}},
    {"GAGAAACUC",
     "(.(...).)",
     -50,
     {9, -0.5, -0.5 / 9, -0.25, 4.0 / 9, 4.0 / 9, 0, 1, 3, 1, 2, 0, 0, 0}},
    {"GGGCCC", "((()))", -10, {6, -0.1, -0.1 / 6, -0.1 / 3, 1, 1, 0, 1, 0, 3, 0, 0, 0, 0}},
    /* Of three stems the last has most pairs, with two interior loops, 1 + 3 and 2 + 0. */
    {"AGAAACAGAAACAAGAGAAGAAACCAAACCA",
     ".(...).(...)..(.(..(...))...)..",
     -100,
     {31, -1, -1.0 / 31, -0.2, 10.0 / 31, 11.0 / 31, 0, 3, 3, 1, 4, 4, 14, 2}},
    /* Of two stems with as many pairs the first is the main one, a bulge of 2 on its 3' side. */
    {"GGAAACAACGGAAACC",
     "((...)..)((...))",
     -80,
     {16, -0.8, -0.05, -0.2, 0.5, 0.5, 0, 2, 3, 2, 2, 2, 0, 7}},
};

static void features_of(double *features, const char *sequence, const char *structure,
                        size_t length, int energy)
{
    dmg_error err;
    size_t partner[MOST];
    encode_strand strand = {sequence, structure, length, energy, partner, 0};
    assert_ok(encode_strand_parse(&strand, &err), &err);
    encode_features(features, &strand);
}

static void features_match_those_counted_by_hand(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof feature_cases / sizeof *feature_cases; k++) {
        const feature_case *c = &feature_cases[k];
        const size_t n = strlen(c->sequence);
        double features[DMG_FEATURES];
        assert_int_equal(strlen(c->structure), n);
        features_of(features, c->sequence, c->structure, n, c->energy);
        for (int f = 0; f < DMG_FEATURE_DINUCLEOTIDES; f++) {
            const double value = features[f], expected = c->expected[f];
            if (isnan(expected) ? !isnan(value) : !(fabs(value - expected) <= 1e-12))
                fail_msg("%s of %s: %.17g instead of %.17g",
                         dmg_encode_feature_name((dmg_feature)f), c->structure, value, expected);
        }
    }
}

static double dinucleotide_share(const char *sequence, char first, char second)
{
    double features[DMG_FEATURES];
    char structure[MOST];
    const size_t n = strlen(sequence);
    memset(structure, '.', n);
    features_of(features, sequence, structure, n, 0);
    static const char bases[] = "ACGU";
    const size_t which =
        4 * (size_t)(strchr(bases, first) - bases) + (size_t)(strchr(bases, second) - bases);
    char name[] = "dinucleotide_..";
    name[13] = first;
    name[14] = second;
    const dmg_feature feature = (dmg_feature)(DMG_FEATURE_DINUCLEOTIDES + which);
    assert_string_equal(dmg_encode_feature_name(feature), name);
    return features[feature];
}

static void dinucleotides_are_shares_of_known_neighbours(void **state)
{
    (void)state;
    static const char bases[] = "ACGU";
    double sum = 0;
    for (int a = 0; a < 4; a++)
        for (int b = 0; b < 4; b++) {
            sum += dinucleotide_share("aacgNNutNaGGGc", bases[a], bases[b]);
            assert_true(isnan(dinucleotide_share("ANCNG", bases[a], bases[b])));
        }
    assert_true(fabs(sum - 1) < 1e-12);
    /* AA AC CG, UU, AG GG GG GC */
    assert_true(dinucleotide_share("aacgNNutNaGGGc", 'G', 'G') == 2.0 / 8);
    assert_true(dinucleotide_share("aacgNNutNaGGGc", 'U', 'U') == 1.0 / 8);
    assert_true(dinucleotide_share("aacgNNutNaGGGc", 'G', 'C') == 1.0 / 8);
    assert_true(dinucleotide_share("aacgNNutNaGGGc", 'G', 'A') == 0);
}

static void features_have_names_of_their_own(void **state)
{
    (void)state;
    for (int f = 0; f < DMG_FEATURES; f++)
        for (int g = 0; g < f; g++)
            assert_string_not_equal(dmg_encode_feature_name((dmg_feature)f),
                                    dmg_encode_feature_name((dmg_feature)g));
    assert_null(dmg_encode_feature_name(DMG_FEATURES));
}

/* --- kinds --- */

static void kinds_have_their_names_and_symbols(void **state)
{
    (void)state;
    static const char *const names[] = {"sequence",         "forward", "backward",
                                        "structure",        "pairing", "forward_pairing",
                                        "backward_pairing", "pairs"};
    static const int symbols[] = {4, 3, 3, 3, 16, 16, 16, 0};
    assert_int_equal(DMG_STREAM_KINDS, 8);
    for (int kind = 0; kind < DMG_STREAM_KINDS; kind++) {
        assert_string_equal(dmg_encode_stream_name((dmg_stream_kind)kind), names[kind]);
        assert_int_equal(dmg_encode_symbols((dmg_stream_kind)kind), symbols[kind]);
    }
    /* The embedding takes what is no symbol for the mean: DMG_TOKEN_ANY must be none. */
    assert_true(DMG_TOKEN_ANY >= dmg_encode_symbols(DMG_STREAM_SEQUENCE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_loop_of_even_length_is_cut_in_half),
        cmocka_unit_test(of_a_loop_of_odd_length_the_3_prime_part_gets_more),
        cmocka_unit_test(dots_outside_and_within_the_stem_are_no_loop),
        cmocka_unit_test(pairs_at_both_ends),
        cmocka_unit_test(two_hairpins_are_cut_midway),
        cmocka_unit_test(of_three_hairpins_the_outer_two_decide),
        cmocka_unit_test(a_multi_branch_loop_is_cut_between_its_branches),
        cmocka_unit_test(without_a_pair_the_middle_is_the_split),
        cmocka_unit_test(one_base_goes_backward_and_none_nowhere),
        cmocka_unit_test(a_pair_of_neighbours_closes_a_loop_of_length_0),
        cmocka_unit_test(forward_and_the_reversed_backward_make_the_structure),
        cmocka_unit_test(the_split_is_that_of_the_definition),
        cmocka_unit_test(letters_of_either_case_have_their_tokens),
        cmocka_unit_test(every_other_byte_is_any_nucleotide),
        cmocka_unit_test(a_sequence_is_read_5_to_3_prime_and_never_split),
        cmocka_unit_test(the_contact_map_is_that_of_the_definition),
        cmocka_unit_test(a_helix_fills_its_cells_with_the_colours_of_its_pairs),
        cmocka_unit_test(the_longest_sequence_has_a_contact_map),
        cmocka_unit_test(paired_bases_are_each_with_its_pair),
        cmocka_unit_test(paired_bases_are_split_and_flipped),
        cmocka_unit_test(an_impossible_pair_counts_as_unpaired),
        cmocka_unit_test(a_structure_that_is_not_valid_is_refused),
        cmocka_unit_test(features_match_those_counted_by_hand),
        cmocka_unit_test(dinucleotides_are_shares_of_known_neighbours),
        cmocka_unit_test(features_have_names_of_their_own),
        cmocka_unit_test(kinds_have_their_names_and_symbols),
    };
    print_message("seed %d\n", SEED);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
