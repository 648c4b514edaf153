/* SPDX-License-Identifier: MIT */
/* Mature ends: duplexes, the lattice against all four cuts written out, gradients, files, and known
 * precursors. */
#include <math.h>

#include "base/rng.h"
#include "deepmirgene/fold.h"
#include "deepmirgene/mature.h"
#include "mature/cut_lattice.h"
#include "mature/cut_places.h"
#include "mature/mature_model.h"
#include "scratch.h"
#include "unit.h"

/* --- duplexes --- */

static void test_mirrors_pairs(void **state)
{
    /*                        0         1         2
     *                        0123456789012345678901 */
    static const char bases[] = "AAGGCAGCGAAAGCUUGCCAAA";
    static const char folds[] = "..((((((....))..))))..";
    hairpin_duplex d = {0};
    dmg_error err;
    (void)state;
    assert_ok(duplex_build(&d, bases, folds, 22, &err), &err);
    assert_int_equal(d.pairs, 6);
    assert_int_equal(d.base_start, 2);
    assert_int_equal(d.base_end, 20);
    assert_int_equal(d.loop_start, 8);
    assert_int_equal(d.loop_end, 12);
    assert_int_equal(duplex_centre(&d), 10);
    static const long mirror[] = {22, 21, 20, 19, 18, 17, 16, 13, 12, 11, 10, 9,
                                  8,  7,  6,  6,  6,  5,  4,  3,  2,  1,  0};
    for (size_t cut = 0; cut <= 22; cut++) assert_int_equal(d.mirror[cut], mirror[cut]);
    assert_int_equal(duplex_symbol(&d, 2), 5);  /* G, paired */
    assert_int_equal(duplex_symbol(&d, 14), 6); /* U of the bulge */
    assert_int_equal(duplex_symbol(&d, -1), DUPLEX_OUTSIDE);
    assert_int_equal(duplex_symbol(&d, 22), DUPLEX_OUTSIDE);
    duplex_clear(&d);
}

static void test_follows_the_deepest_loop_through_branches(void **state)
{
    static const char folds[] = "((..(...).(((....))).))";
    static const char bases[] = "GGAAGAAACAGGGAAAACCCACC";
    hairpin_duplex d = {0};
    dmg_error err;
    (void)state;
    assert_ok(duplex_build(&d, bases, folds, sizeof folds - 1, &err), &err);
    assert_int_equal(d.pairs, 5);
    assert_int_equal(d.base_start, 0);
    assert_int_equal(d.loop_start, 13);
    assert_int_equal(duplex_symbol(&d, 4), 4); /* G of the branch counts as unpaired */
    assert_int_equal(d.mirror[10], 20);
    duplex_clear(&d);
}

static void test_refuses_unbalanced_brackets(void **state)
{
    hairpin_duplex d = {0};
    dmg_error err;
    (void)state;
    assert_int_equal(duplex_build(&d, "AAAA", "((.)", 4, &err), DMG_FORMAT);
    duplex_clear(&d);
}

/* --- the lattice --- */

static const char small_bases[] = "GGCAUGCUAGCUAGGAUCGAAAGAUCCUAGCUAGGAUGCC";
static const char small_folds[] = "((((((((((((((((....))))))))))))..))))..";
enum { SMALL = sizeof small_bases - 1 };

typedef struct small_case {
    hairpin_duplex duplex;
    cut_places places;
    cut_lattice lattice;
    cut_weights *weights;
} small_case;

static void small_begin(small_case *c, uint64_t seed)
{
    dmg_error err;
    dmg_rng rng;
    dmg_rng_init(&rng, seed, 0);
    *c = (small_case){.weights = malloc(sizeof *c->weights)};
    assert_non_null(c->weights);
    for (size_t k = 0; k < CUT_WEIGHTS; k++)
        ((float *)c->weights)[k] = (float)(0.3 * dmg_rng_normal(&rng));
    assert_ok(duplex_build(&c->duplex, small_bases, small_folds, SMALL, &err), &err);
    assert_ok(cut_places_begin(&c->places, &c->duplex, &err), &err);
    assert_ok(cut_lattice_begin(&c->lattice, &c->duplex, c->weights, &err), &err);
    cut_places_forward(&c->places, c->weights, NULL);
    cut_lattice_score(&c->lattice, &c->places.scores);
}

static void small_end(small_case *c)
{
    duplex_clear(&c->duplex);
    cut_places_clear(&c->places);
    cut_lattice_clear(&c->lattice);
    free(c->weights);
}

static long clamped(long value, long limit)
{
    return value < -limit ? -limit : value > limit ? limit : value;
}

/* The score of four cuts, from the definition. */
static double score_of(const small_case *c, long s5, long e5, long s3, long e3)
{
    const cut_weights *const w = c->weights;
    const cut_scores *const s = &c->places.scores;
    const long dicer = clamped(s3 - c->duplex.mirror[e5], CUT_OVERHANG_LIMIT);
    const long drosha = clamped(e3 - c->duplex.mirror[s5], CUT_OVERHANG_LIMIT);
    return (double)s->of[CUT_ARM_5P][CUT_START][s5] + (double)s->of[CUT_ARM_5P][CUT_END][e5] +
           (double)s->of[CUT_ARM_3P][CUT_START][s3] + (double)s->of[CUT_ARM_3P][CUT_END][e3] +
           (double)w->length[CUT_ARM_5P][e5 - s5 - CUT_SHORTEST] +
           (double)w->length[CUT_ARM_3P][e3 - s3 - CUT_SHORTEST] +
           (double)w->overhang[CUT_DICER][dicer + CUT_OVERHANG_LIMIT] +
           (double)w->overhang[CUT_DROSHA][drosha + CUT_OVERHANG_LIMIT];
}

typedef struct brute_force {
    double z, marginal[CUT_ARMS][CUT_SIDES][SMALL + 1], length[CUT_ARMS][CUT_LENGTHS], best;
    cut_set cuts;
} brute_force;

static void add_path(brute_force *b, const small_case *c, long s5, long e5, long s3, long e3)
{
    const double score = score_of(c, s5, e5, s3, e3), weight = exp(score);
    b->z += weight;
    b->marginal[CUT_ARM_5P][CUT_START][s5] += weight;
    b->marginal[CUT_ARM_5P][CUT_END][e5] += weight;
    b->marginal[CUT_ARM_3P][CUT_START][s3] += weight;
    b->marginal[CUT_ARM_3P][CUT_END][e3] += weight;
    b->length[CUT_ARM_5P][e5 - s5 - CUT_SHORTEST] += weight;
    b->length[CUT_ARM_3P][e3 - s3 - CUT_SHORTEST] += weight;
    if (b->cuts.cuts[0][1] > 0 && score <= b->best) return;
    b->best = score;
    b->cuts = (cut_set){{{s5, e5}, {s3, e3}}};
}

static void enumerate(brute_force *b, const small_case *c)
{
    const long centre = (long)duplex_centre(&c->duplex);
    *b = (brute_force){0};
    for (long s5 = 0; s5 <= centre; s5++)
        for (long e5 = s5 + CUT_SHORTEST; e5 <= centre && e5 <= s5 + CUT_LONGEST; e5++)
            for (long s3 = centre; s3 <= SMALL; s3++)
                for (long e3 = s3 + CUT_SHORTEST; e3 <= SMALL && e3 <= s3 + CUT_LONGEST; e3++)
                    add_path(b, c, s5, e5, s3, e3);
}

static void assert_near(double a, double b)
{
    if (!(fabs(a - b) <= 1e-6)) fail_msg("%.9g is not %.9g", a, b);
}

static void test_sums_and_marginals_are_those_of_all_cuts(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        small_case c;
        brute_force b;
        small_begin(&c, seed);
        enumerate(&b, &c);
        cut_lattice *const l = &c.lattice;
        assert_near(cut_lattice_sum(l), log(b.z));
        cut_lattice_marginals(l);
        for (int side = 0; side < CUT_SIDES; side++) {
            for (size_t i = 0; i < l->rows; i++)
                assert_near(l->marginal[CUT_ARM_5P][side][i], b.marginal[0][side][i] / b.z);
            for (size_t j = 0; j < l->columns; j++)
                assert_near(l->marginal[CUT_ARM_3P][side][j],
                            b.marginal[1][side][l->centre + j] / b.z);
        }
        for (int arm = 0; arm < CUT_ARMS; arm++)
            for (int k = 0; k < CUT_LENGTHS; k++)
                assert_near(l->expected.length[arm][k], b.length[arm][k] / b.z);
        small_end(&c);
    }
}

static void test_the_best_cuts_are_those_of_all_cuts(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        small_case c;
        brute_force b;
        cut_set best;
        small_begin(&c, seed);
        enumerate(&b, &c);
        assert_true(cut_lattice_best(&best, &c.lattice));
        assert_memory_equal(&best, &b.cuts, sizeof best);
        small_end(&c);
    }
}

static void test_observed_cuts_have_all_the_probability(void **state)
{
    const cut_set observed = {{{1, 17}, {CUT_UNKNOWN, CUT_UNKNOWN}}};
    small_case c;
    (void)state;
    small_begin(&c, 7);
    const double whole = cut_lattice_sum(&c.lattice);
    cut_lattice_observe(&c.lattice, &observed);
    assert_true(cut_lattice_sum(&c.lattice) < whole);
    cut_lattice_marginals(&c.lattice);
    assert_near(c.lattice.marginal[CUT_ARM_5P][CUT_START][1], 1);
    assert_near(c.lattice.marginal[CUT_ARM_5P][CUT_END][17], 1);
    small_end(&c);
}

/* log Z by finite differences of weights that matter. */
static double log_z(small_case *c)
{
    dmg_error err;
    cut_places_forward(&c->places, c->weights, NULL);
    assert_ok(cut_lattice_begin(&c->lattice, &c->duplex, c->weights, &err), &err);
    cut_lattice_score(&c->lattice, &c->places.scores);
    return cut_lattice_sum(&c->lattice);
}

static void set_dscores(small_case *c, cut_scores *dscores, float (*block)[SMALL + 1])
{
    const cut_lattice *const l = &c->lattice;
    for (int arm = 0; arm < CUT_ARMS; arm++)
        for (int side = 0; side < CUT_SIDES; side++) {
            dscores->of[arm][side] = block[arm * CUT_SIDES + side];
            const size_t first = arm ? l->centre : 0, size = arm ? l->columns : l->rows;
            for (size_t i = 0; i < size; i++)
                dscores->of[arm][side][first + i] = (float)l->marginal[arm][side][i];
        }
}

static void test_gradient_is_that_of_finite_differences(void **state)
{
    static float block[CUT_ARMS * CUT_SIDES][SMALL + 1];
    cut_weights *gradient = calloc(1, sizeof *gradient);
    cut_scores dscores;
    small_case c;
    (void)state;
    assert_non_null(gradient);
    small_begin(&c, 3);
    (void)log_z(&c);
    cut_lattice_marginals(&c.lattice);
    set_dscores(&c, &dscores, block);
    cut_places_backward(gradient, &c.places, &dscores, c.weights, NULL);
    float *const weights = (float *)c.weights;
    const float *const slopes = (const float *)gradient;
    size_t checked = 0;
    for (size_t k = 0; k < CUT_WEIGHTS; k += 97) {
        if (fabsf(slopes[k]) < 0.01f) continue;
        const float kept = weights[k], step = 1.0f / 256;
        weights[k] = kept + step;
        const double above = log_z(&c);
        weights[k] = kept - step;
        const double below = log_z(&c);
        weights[k] = kept;
        const double slope = (above - below) / (2 * (double)step);
        if (fabs(slope - (double)slopes[k]) > 0.02 * fabs(slope) + 2e-3)
            fail_msg("weight %zu: slope %g, gradient %g", k, slope, (double)slopes[k]);
        checked++;
    }
    assert_true(checked > 20);
    small_end(&c);
    free(gradient);
}

/* --- files --- */

static void test_file_keeps_the_weights(void **state)
{
    small_case c;
    dmg_error err;
    size_t size;
    cut_weights *read = calloc(1, sizeof *read);
    (void)state;
    assert_non_null(read);
    small_begin(&c, 11);
    const char *path = scratch_path("mature.safetensors");
    assert_ok(mature_model_save(c.weights, "{}", path, &err), &err);
    char *bytes = scratch_read(path, &size);
    assert_ok(mature_model_parse(read, bytes, size, path, &err), &err);
    assert_memory_equal(read, c.weights, sizeof *read);
    bytes[size - 1] ^= 1;
    assert_int_equal(mature_model_parse(read, bytes, size, path, &err), DMG_FORMAT);
    dmg_mature_finder *finder;
    assert_ok(dmg_mature_finder_load(&finder, path, &err), &err);
    dmg_mature_finder_destroy(finder);
    free(bytes);
    free(read);
    small_end(&c);
}

static void test_a_classifier_is_not_a_model_of_mature_ends(void **state)
{
    dmg_mature_finder *finder;
    dmg_error err;
    char path[4096];
    (void)state;
    snprintf(path, sizeof path, "%s/models/human.safetensors", getenv("DMG_SOURCE"));
    assert_int_equal(dmg_mature_finder_load(&finder, path, &err), DMG_FORMAT);
    assert_non_null(strstr(err.message, "not a model of mature ends"));
}

/* --- known precursors --- */

typedef struct known_precursor {
    const char *name, *sequence;
    size_t starts[2]; /* of the 5p and the 3p mature sequence */
} known_precursor;

static const known_precursor known[] = {
    {"hsa-let-7a-1",
     "UGGGAUGAGGUAGUAGGUUGUAUAGUUUUAGGGUCACACCCACCACUGGGAGAUAACUAUACAAUCUACUGUCUUUCCUA",
     {5, 56}},
    {"hsa-mir-21",
     "UGUCGGGUAGCUUAUCAGACUGAUGUUGACUGUUGAAUCUCAUGGCAACACCAGUCGAUGGGCUGUCUGACA",
     {7, 45}},
};

static dmg_mature find(dmg_mature_finder *finder, const char *sequence)
{
    char structure[400];
    dmg_error err;
    dmg_folder *folder;
    dmg_mature mature;
    dmg_fold_task task = {.sequence = sequence, .length = strlen(sequence), .structure = structure};
    assert_ok(dmg_folder_create(&folder, 1, DMG_CPU_AUTO, &err), &err);
    assert_ok(dmg_fold(folder, &task, 1, &err), &err);
    assert_ok(dmg_mature_find(&mature, finder, sequence, structure, task.length, &err), &err);
    dmg_folder_destroy(folder);
    return mature;
}

static void assert_arm(const dmg_mature_arm *arm, size_t length)
{
    assert_in_range(arm->end - arm->start, CUT_SHORTEST, CUT_LONGEST);
    assert_true(arm->end <= length);
    assert_true(arm->p_start >= 0 && arm->p_start <= arm->p_start_near);
    assert_true(arm->p_end >= 0 && arm->p_end <= arm->p_end_near);
    assert_true(arm->p_start_near <= 1 + 1e-9 && arm->p_end_near <= 1 + 1e-9);
}

static void test_known_precursors_are_cut_where_they_are(void **state)
{
    dmg_mature_finder *finder;
    dmg_error err;
    (void)state;
    assert_ok(dmg_mature_finder_create(&finder, &err), &err);
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        const dmg_mature mature = find(finder, known[k].sequence);
        assert_true(mature.found);
        assert_arm(&mature.arm_5p, strlen(known[k].sequence));
        assert_arm(&mature.arm_3p, strlen(known[k].sequence));
        assert_true(mature.arm_5p.end <= mature.arm_3p.start);
        assert_int_equal(mature.arm_5p.start, known[k].starts[0]);
        assert_int_equal(mature.arm_3p.start, known[k].starts[1]);
    }
    dmg_mature_finder_destroy(finder);
}

static void test_letters_of_either_case_are_the_same(void **state)
{
    static const char lower[] =
        "tgggatgaggtagtaggttgtatagttttagggtcacacccaccactgggagataactatacaatctactgtctttccta";
    dmg_mature_finder *finder;
    dmg_error err;
    (void)state;
    assert_ok(dmg_mature_finder_create(&finder, &err), &err);
    const dmg_mature a = find(finder, known[0].sequence), b = find(finder, lower);
    assert_memory_equal(&a, &b, sizeof a);
    dmg_mature_finder_destroy(finder);
}

static void test_what_cannot_be_cut_is_not(void **state)
{
    static char long_bases[DMG_MATURE_MAX_LENGTH + 2], long_folds[DMG_MATURE_MAX_LENGTH + 2];
    dmg_mature_finder *finder;
    dmg_mature mature;
    dmg_error err;
    (void)state;
    memset(long_bases, 'A', DMG_MATURE_MAX_LENGTH + 1);
    memset(long_folds, '.', DMG_MATURE_MAX_LENGTH + 1);
    assert_ok(dmg_mature_finder_create(&finder, &err), &err);
    assert_ok(dmg_mature_find(&mature, finder, "", "", 0, &err), &err);
    assert_false(mature.found);
    assert_ok(dmg_mature_find(&mature, finder, "GGGAAACCC", "(((...)))", 9, &err), &err);
    assert_false(mature.found);
    assert_ok(
        dmg_mature_find(&mature, finder, long_bases, long_folds, DMG_MATURE_MAX_LENGTH + 1, &err),
        &err);
    assert_false(mature.found);
    assert_int_equal(dmg_mature_find(&mature, finder, "GGG", "(((", 3, &err), DMG_FORMAT);
    dmg_mature_finder_destroy(finder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mirrors_pairs),
        cmocka_unit_test(test_follows_the_deepest_loop_through_branches),
        cmocka_unit_test(test_refuses_unbalanced_brackets),
        cmocka_unit_test(test_sums_and_marginals_are_those_of_all_cuts),
        cmocka_unit_test(test_the_best_cuts_are_those_of_all_cuts),
        cmocka_unit_test(test_observed_cuts_have_all_the_probability),
        cmocka_unit_test(test_gradient_is_that_of_finite_differences),
        cmocka_unit_test(test_file_keeps_the_weights),
        cmocka_unit_test(test_a_classifier_is_not_a_model_of_mature_ends),
        cmocka_unit_test(test_known_precursors_are_cut_where_they_are),
        cmocka_unit_test(test_letters_of_either_case_are_the_same),
        cmocka_unit_test(test_what_cannot_be_cut_is_not),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
