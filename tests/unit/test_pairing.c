/* SPDX-License-Identifier: MIT */
/* Ensembles: the sums over all structures of short strands by brute force, the recursions of
 * doc/folding.md without any acceleration, properties that hold for any strand, and
 * the recorded answers of RNAfold -p 2.7.1.
 */
#include <math.h>
#include <stdbool.h>

#include "base/pair_table.h"
#include "base/rng.h"
#include "deepmirgene/pairing.h"
#include "fold/pairing.h"
#include "unit.h"

enum { SEED = 19901105, BRUTE_BASES = 40, MOST = 120, MAX_LINE = 8192 };

static dmg_boltzmann factors;

static void draw(dmg_rng *rng, char *sequence, size_t n, const char *bases)
{
    for (size_t i = 0; i < n; i++) sequence[i] = bases[dmg_rng_below(rng, strlen(bases))];
    sequence[n] = '\0';
}

static void assert_near(double found, double expected, double tolerance, const char *what,
                        const char *sequence)
{
    if (!(fabs(found - expected) <= tolerance))
        fail_msg("%s is %.15g, not %.15g, of\n%s", what, found, expected, sequence);
}

/* --- one task with room for all of its outputs --- */

typedef struct room {
    dmg_pairing_task task;
    char *text;
    double *numbers;
} room;

static void open_room(room *r, const char *sequence)
{
    const size_t n = strlen(sequence);
    r->text = malloc(4 * (n + 1));
    r->numbers = malloc((n * (n + 1) / 2 + 1) * sizeof *r->numbers);
    assert_non_null(r->text);
    assert_non_null(r->numbers);
    r->task = (dmg_pairing_task){.sequence = sequence,
                                 .length = n,
                                 .structure = r->text,
                                 .pairing = r->text + n + 1,
                                 .centroid = r->text + 2 * (n + 1),
                                 .accurate = r->text + 3 * (n + 1),
                                 .entropy = r->numbers,
                                 .probabilities = r->numbers + n};
}

static void close_room(room *r)
{
    free(r->text);
    free(r->numbers);
}

static void run(void **state, room *r, const char *sequence)
{
    dmg_error err;
    open_room(r, sequence);
    assert_ok(dmg_pairing_fold(*state, &r->task, 1, &err), &err);
}

/* --- brute force --- */

typedef struct enumeration {
    const char *sequence;
    int n, depth;
    int open[BRUTE_BASES];
    char structure[BRUTE_BASES + 1];
    double sum;
    double pairs[BRUTE_BASES][BRUTE_BASES]; /* weights of the structures that have the pair */
} enumeration;

/* Smoothing makes a difference only at the 3' end, where a neighbour of energy 0 dangles. */
static double smoothed_part(const enumeration *e, const size_t *partner)
{
    const int n = e->n, i = (int)partner[n - 1];
    if (partner[n - 1] == DMG_UNPAIRED || i == 0) return 0;
    const int t = pair_type(dmg_base_code(e->sequence[i]), dmg_base_code(e->sequence[n - 1]));
    if (dmg_turner2004.dangle5[t][dmg_base_code(e->sequence[i - 1])] != 0) return 0;
    return -10 * 0.38490018 * pow(1 - sin(0.34242663), 2);
}

static void add_structure(enumeration *e)
{
    int energy;
    dmg_error err;
    size_t partner[BRUTE_BASES + 1];
    const size_t n = (size_t)e->n;
    assert_ok(dmg_fold_evaluate(&energy, e->sequence, e->structure, n, &err), &err);
    assert_ok(dmg_pair_table(partner, e->structure, n, &err), &err);
    const double weight = dmg_boltzmann_factor(energy + (n ? smoothed_part(e, partner) : 0));
    e->sum += weight;
    for (size_t i = 0; i < n; i++)
        if (partner[i] != DMG_UNPAIRED && partner[i] > i) e->pairs[i][partner[i]] += weight;
}

/* Tries everything at base i and after it. */
static void enumerate(enumeration *e, int i)
{
    if (e->depth > e->n - i) return;
    if (i == e->n) {
        add_structure(e);
        return;
    }
    e->structure[i] = '.';
    enumerate(e, i + 1);
    if (e->sequence[i] == 'N') return;
    e->structure[i] = '(';
    e->open[e->depth++] = i;
    enumerate(e, i + 1);
    if (--e->depth == 0) return;
    const int left = e->open[e->depth - 1];
    if (i - left < 4 ||
        pair_type(dmg_base_code(e->sequence[left]), dmg_base_code(e->sequence[i])) == PAIR_NONE)
        return;
    e->structure[i] = ')';
    e->depth--;
    enumerate(e, i + 1);
    e->open[e->depth++] = left;
}

static void compare_with_all_structures(void **state, const char *sequence)
{
    static enumeration e;
    room r;
    memset(&e, 0, sizeof e);
    e.sequence = sequence;
    e.n = (int)strlen(sequence);
    enumerate(&e, 0);
    run(state, &r, sequence);
    const double energy = -FOLD_KT / 100 * log(e.sum);
    assert_near(r.task.ensemble_energy, energy, 1e-9, "the ensemble's energy", sequence);
    for (size_t i = 0; i < r.task.length; i++)
        for (size_t j = i + 1; j < r.task.length; j++)
            assert_near(r.task.probabilities[dmg_pair_index(i, j, r.task.length)],
                        e.pairs[i][j] / e.sum, 1e-9, "a probability", sequence);
    close_room(&r);
}

static void short_strands_have_the_sums_of_all_their_structures(void **state)
{
    static const char *const bases[] = {"ACGU", "GC", "GCGCA", "GGU", "ACGGUN", "GCN", "AU"};
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 0);
    for (size_t round = 0; round < 140; round++) {
        char sequence[BRUTE_BASES + 1];
        draw(&rng, sequence, round % 17, bases[round % 7]);
        compare_with_all_structures(state, sequence);
    }
}

/* Structures of a junction can be counted where everything but the helices pairs with nothing. */
static void multiloops_have_the_sums_of_all_their_structures(void **state)
{
    static const char *const junctions[] = {
        "GCNGCNNNGCNGCNNNGCNGC",     "NGCCNNGGNNNCCNNCGNNNCGNGGC",    "AGCNGCANNNAGCNNGCNANNGCGC",
        "GGNNCGNNNNCGANGCNNNGCNNCC", "GCAGCNNNGCAGCNNNGCANGCNNNGCGC",
    };
    for (size_t k = 0; k < sizeof junctions / sizeof *junctions; k++)
        compare_with_all_structures(state, junctions[k]);
}

/* --- the recursions, without any acceleration --- */

typedef struct specification {
    int n;
    uint8_t codes[MOST + 2];
    const uint8_t *s;
    double C[MOST + 1][MOST + 1];  /* i and j pair with each other */
    double S[MOST + 1][MOST + 1];  /* one stem, which begins at i */
    double M[MOST + 1][MOST + 1];  /* one stem or more */
    double M2[MOST + 1][MOST + 1]; /* two stems or more */
    double Q[MOST + 2];            /* the bases from i on */
} specification;

static int type_of(const specification *f, int i, int j)
{
    return pair_type(f->s[i], f->s[j]);
}

static double specified_hairpin(const specification *f, int i, int j, int t)
{
    const int size = j - i - 1;
    if (size <= FOLD_MAX_LOOP) return dmg_boltzmann_factor(hairpin_energy(f->s, i, j, t));
    return dmg_hairpin_size_factor(size) * factors.mismatch_hairpin[t][f->s[i + 1]][f->s[j - 1]];
}

static double specified_closed(const specification *f, int i, int j)
{
    const int t = type_of(f, i, j);
    if (t == PAIR_NONE || j - i <= FOLD_MIN_HAIRPIN) return 0;
    double sum = specified_hairpin(f, i, j, t);
    for (int p = i + 1; p < j; p++)
        for (int q = p + 1; q < j; q++)
            if (p - i - 1 + j - q - 1 <= FOLD_MAX_LOOP && type_of(f, p, q) != PAIR_NONE)
                sum += f->C[p][q] *
                       dmg_boltzmann_factor(interior_energy(f->s, i, j, p, q, t, type_of(f, q, p)));
    const double closing = dmg_boltzmann_factor(multi_closing_energy(f->s, i, j, t));
    return sum + f->M2[i + 1][j - 1] * closing;
}

static void specify_segment(specification *f, int i, int j)
{
    f->C[i][j] = specified_closed(f, i, j);
    f->S[i][j] = f->M[i][j] = f->M2[i][j] = 0;
    for (int k = i; k <= j; k++)
        if (type_of(f, i, k) != PAIR_NONE)
            f->S[i][j] +=
                f->C[i][k] * dmg_boltzmann_factor(multi_stem_energy(f->s, i, k, type_of(f, i, k)));
    for (int k = i + 1; k <= j; k++) f->M2[i][j] += f->M[i][k - 1] * f->S[k][j];
    for (int k = i; k <= j; k++) f->M[i][j] += f->S[k][j];
    f->M[i][j] += f->M2[i][j];
}

static double specified_sum(specification *f, const char *sequence)
{
    f->n = (int)strlen(sequence);
    f->s = f->codes + 1;
    dmg_base_codes(f->codes + 1, sequence, strlen(sequence));
    f->Q[f->n] = 1;
    for (int i = f->n - 1; i >= 0; i--) {
        for (int j = i; j < f->n; j++) specify_segment(f, i, j);
        f->Q[i] = f->Q[i + 1];
        for (int j = i; j < f->n; j++)
            if (f->C[i][j] > 0)
                f->Q[i] += f->C[i][j] * f->Q[j + 1] *
                           exterior_stem_factor(&factors, f->s, i, j, type_of(f, i, j), f->n);
    }
    return f->Q[0];
}

static void run_engine(dmg_pairing *p, const dmg_pairing_engine *engine, const char *sequence)
{
    assert_int_equal(dmg_pairing_run(p, engine, &factors, sequence, strlen(sequence),
                                     -25 * (int)strlen(sequence)),
                     PAIRING_DONE);
}

static void longer_strands_have_the_sums_of_the_specification(void **state)
{
    (void)state;
    static const char *const bases[] = {"ACGU", "GC", "GGCU", "ACGUN", "GU"};
    static specification f;
    dmg_pairing p = {0}, wide = {0};
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 1);
    for (int round = 0; round < 40; round++) {
        char sequence[MOST + 1];
        draw(&rng, sequence, 20 + dmg_rng_below(&rng, MOST - 20), bases[round % 5]);
        const double expected = log(specified_sum(&f, sequence));
        run_engine(&p, &dmg_pairing_plain, sequence);
        run_engine(&wide, &dmg_pairing_long, sequence);
        assert_near(p.log_sum, expected, 1e-10 * (1 + expected), "the logarithm", sequence);
        assert_near(wide.log_sum, expected, 1e-10 * (1 + expected), "the wide one", sequence);
        for (int i = 0; i < p.n; i++)
            for (int j = i + 1; j < p.n; j++)
                assert_near(pair_probability(&p, i, j), pair_probability(&wide, i, j), 1e-10,
                            "a probability", sequence);
    }
    dmg_pairing_clear(&p);
    dmg_pairing_clear(&wide);
}

static void all_levels_give_the_same_numbers(void **state)
{
    dmg_folder *plain;
    dmg_error err;
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 2);
    assert_ok(dmg_folder_create(&plain, 1, DMG_CPU_SCALAR, &err), &err);
    for (size_t n = 0; n < 90; n++) {
        char sequence[MOST + 1];
        room r, other;
        draw(&rng, sequence, n, n % 3 ? "ACGU" : "GGCUN");
        run(state, &r, sequence);
        run((void **)&plain, &other, sequence);
        assert_true(r.task.ensemble_energy == other.task.ensemble_energy);
        if (n > 0) assert_memory_equal(r.numbers, other.numbers, n * (n + 1) / 2 * sizeof(double));
        close_room(&r);
        close_room(&other);
    }
    dmg_folder_destroy(plain);
}

/* --- properties --- */

static size_t pairs_of(const char *structure)
{
    size_t count = 0;
    for (; *structure; structure++) count += *structure == '(';
    return count;
}

static void assert_sound(const room *r)
{
    const dmg_pairing_task *const t = &r->task;
    const size_t n = t->length;
    double pairs = 0, distance = (double)pairs_of(t->centroid);
    assert_true(t->ensemble_energy <= t->energy / 100.0);
    assert_true(t->frequency > 0 && t->frequency <= 1 + 1e-6);
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            const double x = t->probabilities[dmg_pair_index(i, j, n)];
            assert_true(x >= 0 && x < 1 + 1e-9);
            pairs += x;
            distance += x > 0.5 ? -2 * x + x : x;
        }
    assert_true(pairs <= (double)n / 2 + 1e-9);
    assert_near(t->centroid_distance, distance, 1e-9 * (double)(n + 1), "the distance",
                t->sequence);
    for (size_t i = 0; i < n; i++) assert_true(t->entropy[i] >= -1e-9);
    assert_true(t->accuracy >= (double)n - 2 * pairs - 0.01 * (double)n);
    assert_true(t->centroid_energy >= t->energy && t->accurate_energy >= t->energy);
}

static void ensembles_are_sound(void **state)
{
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 3);
    char sequence[601];
    for (size_t round = 0; round < 30; round++) {
        room r;
        draw(&rng, sequence, round * 20, round % 2 ? "ACGU" : "GGCCAU");
        run(state, &r, sequence);
        assert_sound(&r);
        close_room(&r);
    }
}

/* Sums stay near 1 in random strands; where they cannot, wider numbers are used. With
 * DMG_CHECK_FULL=1 of 5,000 bases. */
static void long_strands_stay_in_range(void **state)
{
    static char sequence[5001];
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 4);
    room r;
    draw(&rng, sequence, getenv("DMG_CHECK_FULL") ? 5000 : 900, "ACGU");
    run(state, &r, sequence);
    assert_sound(&r);
    close_room(&r);
    /* A helix of 220 bases and 480 that do not pair: exp(650) below and above their mean. */
    for (int i = 0; i < 440; i++) sequence[i] = i < 218 ? 'G' : i < 222 ? 'A' : 'C';
    memset(sequence + 440, 'A', 480);
    sequence[920] = '\0';
    run(state, &r, sequence);
    assert_true(r.task.probabilities[dmg_pair_index(110, 329, 920)] > 0.5);
    assert_sound(&r);
    close_room(&r);
}

static void a_given_structure_is_kept(void **state)
{
    char structure[] = "(((.....))).", pairing[13], centroid[13];
    dmg_error err;
    dmg_pairing_task task = {.sequence = "GGGGAAAACCCC",
                             .length = 12,
                             .given = true,
                             .structure = structure,
                             .pairing = pairing,
                             .centroid = centroid};
    assert_ok(dmg_pairing_fold(*state, &task, 1, &err), &err);
    assert_string_equal(structure, "(((.....))).");
    assert_string_equal(centroid, "((((....))))");
    assert_true(task.frequency < 0.2);
    structure[3] = ')';
    assert_int_equal(dmg_pairing_fold(*state, &task, 1, &err), DMG_FORMAT);
}

/* --- RNAfold --- */

/* A line of the file: sequence, and the output of RNAfold -p --MEA --noPS without the first line,
 * separated by tabs. */
static void compare_with_rnafold(void **state, char *line)
{
    char *field[7];
    int count = 0;
    room r;
    for (char *x = strtok(line, "\t\n"); x && count < 7; x = strtok(NULL, "\t\n"))
        field[count++] = x;
    assert_int_equal(count, 6);
    run(state, &r, field[0]);
    const dmg_pairing_task *const t = &r.task;
    char found[MAX_LINE];
    snprintf(found, sizeof found, "%s (%6.2f)", t->structure, t->energy / 100.0);
    assert_string_equal(found, field[1]);
    snprintf(found, sizeof found, "%s [%6.2f]", t->pairing, t->ensemble_energy);
    assert_string_equal(found, field[2]);
    snprintf(found, sizeof found, "%s {%6.2f d=%.2f}", t->centroid, t->centroid_energy / 100.0,
             t->centroid_distance);
    assert_string_equal(found, field[3]);
    snprintf(found, sizeof found, "%s {%6.2f MEA=%.2f}", t->accurate, t->accurate_energy / 100.0,
             t->accuracy);
    assert_string_equal(found, field[4]);
    snprintf(found, sizeof found,
             " frequency of mfe structure in ensemble %g; ensemble diversity %-6.2f", t->frequency,
             t->diversity);
    assert_string_equal(found, field[5]);
    close_room(&r);
}

static void ensembles_are_those_of_rnafold(void **state)
{
    char path[4096], line[MAX_LINE];
    FILE *file = fopen(source_path(path, "tests/golden/pairing.tsv"), "r");
    int count = 0;
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        if (line[0] == '#') continue;
        compare_with_rnafold(state, line);
        count++;
    }
    fclose(file);
    assert_true(count >= 30);
}

static int set_up(void **state)
{
    dmg_folder *folder;
    dmg_boltzmann_init(&factors);
    if (dmg_folder_create(&folder, 1, DMG_CPU_AUTO, NULL) != DMG_OK) return -1;
    *state = folder;
    return 0;
}

static int tear_down(void **state)
{
    dmg_folder_destroy(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_strands_have_the_sums_of_all_their_structures),
        cmocka_unit_test(multiloops_have_the_sums_of_all_their_structures),
        cmocka_unit_test(longer_strands_have_the_sums_of_the_specification),
        cmocka_unit_test(all_levels_give_the_same_numbers),
        cmocka_unit_test(ensembles_are_sound),
        cmocka_unit_test(long_strands_stay_in_range),
        cmocka_unit_test(a_given_structure_is_kept),
        cmocka_unit_test(ensembles_are_those_of_rnafold),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
