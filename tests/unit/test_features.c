/* SPDX-License-Identifier: MIT */
/* Features of sequences: by hand, by brute force, and as RNAfold -p has them. */
#include "unit.h"

#include <math.h>

#include "base/hash.h"
#include "base/pair_table.h"
#include "base/rng.h"
#include "deepmirgene/features.h"
#include "deepmirgene/fold.h"
#include "features/columns.h"
#include "features/shuffle.h"
#include "features/tree_graph.h"

static const char let7[] =
    "UGGGAUGAGGUAGUAGGUUGUAUAGUUUUAGGGUCACACCCACCACUGGGAGAUAACUAUACAAUCUACUGUCUUUCCUA";
static const char let7_structure[] =
    "(((((.(((((((((((((((((((((.....(((...((((....)))).)))))))))))))))))))))))))))))";

static void describe(double *values, const char *sequence, const char *structure, unsigned families,
                     int shuffles, uint64_t seed)
{
    dmg_error err;
    dmg_describer *describer = NULL;
    const dmg_feature_options options = {families, shuffles, seed, DMG_CPU_AUTO};
    const dmg_feature_task task = {sequence, structure, strlen(sequence), values};
    assert_ok(dmg_describer_create(&describer, &options, &err), &err);
    assert_ok(dmg_describe(describer, &task, &err), &err);
    dmg_describer_destroy(describer);
}

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance)) fail_msg("%.9g, not %.9g", value, expected);
}

static void assert_feature(const double *values, const char *name, double expected)
{
    const size_t k = dmg_feature_find(name);
    assert_true(k < dmg_feature_count());
    if (!(fabs(values[k] - expected) <= 1e-6))
        fail_msg("%s: %.9g, not %.9g", name, values[k], expected);
}

/* --- the table --- */

static void test_columns_have_names_of_their_own(void **state)
{
    (void)state;
    for (size_t k = 0; k < dmg_feature_count(); k++) {
        const dmg_feature_column *column = dmg_feature_get(k);
        assert_non_null(column->name);
        assert_int_equal(dmg_feature_find(column->name), k);
        assert_true(column->formula[0] && column->source[0] && column->family);
    }
    assert_int_equal(dmg_feature_find("no such"), dmg_feature_count());
    assert_string_equal(dmg_feature_get(FEATURE_DINUCLEOTIDES + 15)->name, "UU");
    assert_string_equal(dmg_feature_get(FEATURE_TRIPLETS + triplet_index('C', 1, 0, 1))->name,
                        "C(.(");
    assert_string_equal(dmg_feature_get(FEATURE_AU_STEMS + 2)->name, "GU/stems");
}

/* --- by hand --- */

static void test_a_hairpin_by_hand(void **state)
{
    (void)state;
    double v[FEATURES];
    /* Three pairs, an interior loop of 1 x 1, two pairs, a bulge of two, three pairs, a loop of
     * four. */
    const char *sequence = "AGGCAGUAACGGAAAACCGACAGCCN";
    const char *structure = ".(((.((..(((....))))).))).";
    int energy = 0;
    assert_int_equal(strlen(sequence), strlen(structure));
    describe(v, sequence, structure, DMG_FEATURES_SEQUENCE | DMG_FEATURES_STRUCTURE, 0, 1);
    assert_ok(dmg_fold_evaluate(&energy, sequence, structure, 26, NULL), &(dmg_error){0});
    assert_feature(v, "length", 26);
    assert_feature(v, "A", 100 * 10 / 26.0);
    assert_feature(v, "U", 100 / 26.0);
    assert_feature(v, "G+C", 100 * 14 / 26.0);
    assert_feature(v, "AA", 100 * 4 / 25.0);
    assert_feature(v, "UU", 0);
    assert_feature(v, "mfe", energy / 100.0);
    assert_feature(v, "dG", energy / 2600.0);
    assert_feature(v, "dP", 8 / 26.0);
    assert_feature(v, "MFEI1", energy / 2600.0 / (1400 / 26.0));
    assert_feature(v, "n_stems", 2);
    assert_feature(v, "MFEI2", energy / 5200.0);
    assert_feature(v, "n_loops", 1);
    assert_feature(v, "MFEI3", energy / 2600.0);
    assert_feature(v, "MFEI4", energy / 800.0);
    assert_feature(v, "pairs/stem", 4);
    assert_feature(v, "arm_pairs", 8);
    assert_feature(v, "hairpin_loop", 4);
    assert_feature(v, "longest_helix", 3);
    assert_feature(v, "longest_gap", 2);
    assert_feature(v, "symmetric", 2);
    assert_feature(v, "asymmetric", 2);
    assert_feature(v, "arm_paired", 16 / 20.0);
    assert_feature(v, "overhang", 2);
    assert_true(isnan(v[FEATURE_DQ]) && isnan(v[FEATURE_ZD]));
}

/* The free energy of the stem falls to 0 where dH = T dS. */
static void test_melting(void **state)
{
    (void)state;
    double v[FEATURES];
    const double ds = 1000 * (-40.60 + 5.40) / 310.15;
    describe(v, "GGGGAAAACCCC", "((((....))))", DMG_FEATURES_STRUCTURE, 0, 1);
    assert_feature(v, "dH", -40.60);
    assert_feature(v, "dS", ds);
    assert_feature(v, "Tm", -40600 / ds - 273.15);
    assert_feature(v, "dH/L", -40.60 / 12);
    assert_feature(v, "dS/L", ds / 12);
    assert_feature(v, "Tm/L", (-40600 / ds - 273.15) / 12);
    describe(v, "AAAA", "....", DMG_FEATURES_STRUCTURE, 0, 1);
    assert_feature(v, "dS", 0);
    assert_feature(v, "Tm", 0);
}

static void test_nothing_to_divide_by(void **state)
{
    (void)state;
    double v[FEATURES];
    describe(v, "A", ".", DMG_FEATURES_ALL, 3, 1);
    for (size_t k = 0; k < FEATURES; k++) assert_true(isfinite(v[k]));
    assert_feature(v, "AA", 0);
    assert_feature(v, "MFEI2", 0);
    assert_feature(v, "frequency", 1);
    assert_feature(v, "p_value", 3 / 4.0); /* every shuffle is as low */
    describe(v, "NNNNNNNN", "........", DMG_FEATURES_ALL, 3, 1);
    for (size_t k = 0; k < FEATURES; k++) assert_true(isfinite(v[k]));
    assert_feature(v, "G+C", 0);
}

/* --- the ensemble --- */

/* RNAfold 2.7.1 -p --bppmThreshold=0; sums over the probabilities of its dot plot. */
static void test_the_ensemble_as_RNAfold_has_it(void **state)
{
    (void)state;
    double v[FEATURES];
    describe(v, let7, let7_structure, DMG_FEATURES_ENSEMBLE, 0, 1);
    assert_near(v[FEATURE_DQ], 0.10513494, 1e-6);
    assert_near(v[FEATURE_DD], 0.03794970, 1e-6);
    assert_near(v[FEATURE_NEFE], -35.21 / 80, 0.005 / 80);
    assert_near(v[FEATURE_DIFF], (35.21 - 34.20) / 80, 0.005 / 80);
    assert_near(v[FEATURE_FREQUENCY], 0.193591, 1e-6);
    assert_near(v[FEATURE_DIVERSITY], 6.07, 0.005);
    assert_true(isnan(v[FEATURE_DG]));
}

/* --- trees --- */

/* The second smallest eigenvalue of a dense symmetric matrix, by Jacobi rotations. */
static double second_eigenvalue(double (*a)[16], size_t n)
{
    for (int sweep = 0; sweep < 60; sweep++)
        for (size_t p = 0; p < n; p++)
            for (size_t q = p + 1; q < n; q++) {
                if (fabs(a[p][q]) < 1e-14) continue;
                const double theta = atan2(2 * a[p][q], a[q][q] - a[p][p]) / 2;
                const double c = cos(theta), s = sin(theta);
                for (size_t k = 0; k < n; k++) {
                    const double x = a[k][p], y = a[k][q];
                    a[k][p] = c * x - s * y;
                    a[k][q] = s * x + c * y;
                }
                for (size_t k = 0; k < n; k++) {
                    const double x = a[p][k], y = a[q][k];
                    a[p][k] = c * x - s * y;
                    a[q][k] = s * x + c * y;
                }
            }
    double low[2] = {INFINITY, INFINITY};
    for (size_t k = 0; k < n; k++) {
        const double x = a[k][k];
        if (x < low[0]) {
            low[1] = low[0];
            low[0] = x;
        } else if (x < low[1]) {
            low[1] = x;
        }
    }
    return low[1];
}

static void test_random_trees_by_a_dense_matrix(void **state)
{
    (void)state;
    dmg_rng rng;
    dmg_rng_init(&rng, 5, 0);
    for (int round = 0; round < 200; round++) {
        size_t parents[16] = {0}, n = 2 + dmg_rng_below(&rng, 14);
        double laplacian[16][16] = {{0}}, room[16];
        for (size_t v = 1; v < n; v++) {
            const size_t u = parents[v] = dmg_rng_below(&rng, v);
            laplacian[u][u]++;
            laplacian[v][v]++;
            laplacian[u][v]--;
            laplacian[v][u]--;
        }
        assert_near(tree_connectivity(parents, n, room), second_eigenvalue(laplacian, n), 1e-8);
    }
}

static void assert_graph(const char *structure, size_t vertices, double connectivity)
{
    size_t partner[64], parents[64], inside[64], around[64];
    double pivots[64];
    tree_graph tree = {0, parents, inside, around, pivots};
    const size_t n = strlen(structure);
    assert_ok(dmg_pair_table(partner, structure, n, NULL), &(dmg_error){0});
    assert_near(tree_graph_connectivity(&tree, partner, n), connectivity, 1e-9);
    assert_int_equal(tree.count, vertices);
}

static void test_graphs_drawn_by_hand(void **state)
{
    (void)state;
    assert_graph("......", 1, 0);
    assert_graph("(....)", 1, 0); /* a pair alone */
    assert_graph("((....))", 2, 2);
    assert_graph("((.((...))))", 2, 2); /* across one base */
    assert_graph("((..((...))))", 3, 1);
    assert_graph("((.((...)).))", 3, 1);
    assert_graph("((....))((....))", 3, 1);
    assert_graph("((((...))((...))((...))))", 5, 1); /* a star */
    assert_graph("((..((..((...))))))", 4, 2 - sqrt(2));
    assert_graph("((.(..((...)))))", 3, 1);
}

/* --- shuffles --- */

enum { SHORT = 9 };

static void count_dinucleotides(size_t *counts, const char *sequence)
{
    memset(counts, 0, 25 * sizeof *counts);
    for (size_t i = 0; i + 1 < SHORT; i++)
        counts[dmg_base_code(sequence[i]) * 5 + dmg_base_code(sequence[i + 1])]++;
}

/* All sequences of nine letters A C G with the dinucleotides and ends of one are drawn equally
 * often. */
static void test_shuffles_are_all_there_are(void **state)
{
    (void)state;
    static const char sequence[] = "ACAGACGAC";
    enum { ALL = 19683, DRAWS = 40000 };
    static size_t seen[ALL];
    size_t wanted[25], counts[25], room[SHORT], possible = 0, total = 0;
    char text[SHORT + 1] = "";
    shuffler s;
    dmg_rng rng;
    dmg_rng_init(&rng, 3, 0);
    count_dinucleotides(wanted, sequence);
    shuffler_read(&s, room, sequence, SHORT);
    for (int draw = 0; draw < DRAWS; draw++) {
        size_t place = 0;
        shuffler_draw(&s, text, &rng);
        for (size_t i = 0; i < SHORT; i++) place = place * 3 + (size_t)(dmg_base_code(text[i]) - 1);
        seen[place]++;
    }
    for (size_t k = 0; k < ALL; k++) {
        for (size_t i = SHORT, rest = k; i-- > 0; rest /= 3) text[i] = "ACG"[rest % 3];
        count_dinucleotides(counts, text);
        possible += text[0] == sequence[0] && memcmp(counts, wanted, sizeof counts) == 0;
    }
    assert_true(possible > 5);
    const double mean = (double)DRAWS / (double)possible;
    for (size_t k = 0; k < ALL; k++) {
        if (seen[k] == 0) continue;
        total++;
        assert_near((double)seen[k], mean, 5 * sqrt(mean));
    }
    assert_int_equal(total, possible);
}

static void test_scores_against_shuffles_by_hand(void **state)
{
    (void)state;
    enum { SHUFFLES = 8 };
    double v[FEATURES], w[FEATURES], dg[SHUFFLES], mean = 0, squares = 0;
    size_t room[128], lower = 0;
    char text[128] = "", structure[128];
    shuffler s;
    dmg_rng rng;
    dmg_error err;
    dmg_folder *folder = NULL;
    const size_t n = strlen(let7);
    assert_ok(dmg_folder_create(&folder, 1, DMG_CPU_AUTO, &err), &err);
    shuffler_read(&s, room, let7, n);
    dmg_rng_init_for(&rng, 4, DMG_RNG_SHUFFLED_BASES, dmg_hash_bytes(DMG_HASH_START, let7, n) >> 8);
    for (int k = 0; k < SHUFFLES; k++) {
        shuffler_draw(&s, text, &rng);
        dmg_fold_task task = {.sequence = text, .length = n, .structure = structure};
        assert_ok(dmg_fold(folder, &task, 1, &err), &err);
        lower += task.energy <= -3420;
        dg[k] = task.energy / 100.0 / (double)n;
        mean += dg[k] / SHUFFLES;
    }
    for (int k = 0; k < SHUFFLES; k++) squares += (dg[k] - mean) * (dg[k] - mean);
    describe(v, let7, let7_structure, DMG_FEATURES_ALL, SHUFFLES, 4);
    assert_near(v[FEATURE_ZG], (v[FEATURE_DG] - mean) / sqrt(squares / (SHUFFLES - 1)), 1e-9);
    assert_near(v[FEATURE_P_VALUE], (double)lower / (SHUFFLES + 1), 1e-12);
    describe(w, let7, let7_structure, DMG_FEATURES_ALL, SHUFFLES, 4);
    assert_memory_equal(v, w, sizeof v);
    describe(w, let7, let7_structure, DMG_FEATURES_SHUFFLES, SHUFFLES, 4);
    assert_true(w[FEATURE_ZG] == v[FEATURE_ZG] && isnan(w[FEATURE_ZD]));
    describe(w, let7, let7_structure, DMG_FEATURES_ALL, SHUFFLES, 5);
    assert_true(v[FEATURE_ZG] != w[FEATURE_ZG] && v[FEATURE_ZD] != w[FEATURE_ZD]);
    dmg_folder_destroy(folder);
}

/* --- errors --- */

static void test_errors(void **state)
{
    (void)state;
    double v[FEATURES];
    dmg_error err;
    dmg_describer *describer = NULL;
    dmg_feature_options options = {DMG_FEATURES_ALL, 0, 1, DMG_CPU_AUTO};
    assert_int_equal(dmg_describer_create(&describer, &options, &err), DMG_RANGE);
    assert_string_equal(err.message, "0 shuffles; expected 1 to 1000000");
    options.families = DMG_FEATURES_PLAIN;
    assert_ok(dmg_describer_create(&describer, &options, &err), &err);
    dmg_feature_task task = {"AAAAAAA", "(.....)", 7, v};
    assert_int_equal(dmg_describe(describer, &task, &err), DMG_RANGE);
    assert_non_null(strstr(err.message, "cannot pair"));
    task.structure = "(......";
    assert_int_equal(dmg_describe(describer, &task, &err), DMG_FORMAT);
    task.length = 0;
    assert_int_equal(dmg_describe(describer, &task, &err), DMG_RANGE);
    dmg_describer_destroy(describer);
    dmg_describer_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_have_names_of_their_own),
        cmocka_unit_test(test_a_hairpin_by_hand),
        cmocka_unit_test(test_melting),
        cmocka_unit_test(test_nothing_to_divide_by),
        cmocka_unit_test(test_the_ensemble_as_RNAfold_has_it),
        cmocka_unit_test(test_random_trees_by_a_dense_matrix),
        cmocka_unit_test(test_graphs_drawn_by_hand),
        cmocka_unit_test(test_shuffles_are_all_there_are),
        cmocka_unit_test(test_scores_against_shuffles_by_hand),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
