/* SPDX-License-Identifier: MIT */
/* The recursions of folding as doc/folding.md has them, without any acceleration, and the plain
 * engine against them: every element of its matrices.
 */
#include "base/rng.h"
#include "fold/mfe.h"
#include "unit.h"

enum { SEED = 20161031, MOST = 160 };

/* --- the specification --- */

/* Matrices of a strand; i..j includes both ends. */
typedef struct specification {
    int n;
    uint8_t codes[MOST + 2];
    const uint8_t *s;
    int C[MOST][MOST];  /* i and j pair with each other */
    int M[MOST][MOST];  /* a part of a multiloop with one stem or more */
    int M2[MOST][MOST]; /* with two stems or more */
    int F[MOST + 1];    /* the first j bases */
} specification;

/* *best = min(*best, a + b); a sum with infinity is infinite. */
static void lower(int *best, int a, int b)
{
    if (a >= FOLD_INFINITE || b >= FOLD_INFINITE) return;
    if (a + b < *best) *best = a + b;
}

static int type_of(const specification *f, int i, int j)
{
    return pair_type(f->s[i], f->s[j]);
}

static int closed(const specification *f, int i, int j)
{
    const int t = type_of(f, i, j);
    if (t == PAIR_NONE || j - i <= FOLD_MIN_HAIRPIN) return FOLD_INFINITE;
    int best = hairpin_energy(f->s, i, j, t);
    for (int p = i + 1; p < j; p++)
        for (int q = p + 1; q < j; q++) {
            if (p - i - 1 + j - q - 1 > FOLD_MAX_LOOP || type_of(f, p, q) == PAIR_NONE) continue;
            lower(&best, f->C[p][q], interior_energy(f->s, i, j, p, q, t, type_of(f, q, p)));
        }
    lower(&best, f->M2[i + 1][j - 1], multi_closing_energy(f->s, i, j, t));
    return best;
}

static int two_stems(const specification *f, int i, int j)
{
    int best = FOLD_INFINITE;
    for (int k = i; k < j; k++) lower(&best, f->M[i][k], f->M[k + 1][j]);
    return best;
}

static int multi(const specification *f, int i, int j)
{
    int best = f->M2[i][j];
    if (type_of(f, i, j) != PAIR_NONE)
        lower(&best, f->C[i][j], multi_stem_energy(f->s, i, j, type_of(f, i, j)));
    if (i < j) {
        lower(&best, f->M[i][j - 1], 0);
        lower(&best, f->M[i + 1][j], 0);
    }
    return best;
}

static int exterior(const specification *f, int j)
{
    int best = f->F[j];
    for (int i = 0; i < j; i++)
        if (type_of(f, i, j) != PAIR_NONE)
            lower(&best, f->F[i] + exterior_stem_energy(f->s, i, j, type_of(f, i, j), f->n),
                  f->C[i][j]);
    return best;
}

static void fill(specification *f, const char *sequence)
{
    f->n = (int)strlen(sequence);
    f->s = f->codes + 1;
    dmg_base_codes(f->codes + 1, sequence, strlen(sequence));
    for (int length = 1; length <= f->n; length++)
        for (int i = 0; i + length <= f->n; i++) {
            const int j = i + length - 1;
            f->C[i][j] = closed(f, i, j);
            f->M2[i][j] = two_stems(f, i, j);
            f->M[i][j] = multi(f, i, j);
        }
    f->F[0] = 0;
    for (int j = 0; j < f->n; j++) f->F[j + 1] = exterior(f, j);
}

/* --- the plain engine --- */

static void compare(const char *sequence)
{
    static specification f;
    const size_t n = strlen(sequence);
    dmg_mfe m = {0};
    fill(&f, sequence);
    assert_true(dmg_mfe_reserve(&m, &dmg_mfe_scalar, n, n));
    assert_true(dmg_mfe_fill(&m, &dmg_mfe_scalar, NULL, sequence, n, n));
    for (int i = 0; i < f.n; i++)
        for (int j = i; j < f.n; j++)
            if (C(&m, i, j) != f.C[i][j] || M(&m, i, j) != f.M[i][j])
                fail_msg("C(%d, %d) is %d, not %d, or M is %d, not %d, of\n%s", i, j, C(&m, i, j),
                         f.C[i][j], M(&m, i, j), f.M[i][j], sequence);
    for (int j = 0; j <= f.n; j++)
        if (F(&m, j) != f.F[j])
            fail_msg("F(%d) is %d, not %d, of\n%s", j, F(&m, j), f.F[j], sequence);
    dmg_mfe_clear(&m);
}

static void draw(dmg_rng *rng, char *sequence, size_t n, const char *bases)
{
    for (size_t i = 0; i < n; i++) sequence[i] = bases[dmg_rng_below(rng, strlen(bases))];
    sequence[n] = '\0';
}

static void random_strands_have_the_matrices_of_the_specification(void **state)
{
    (void)state;
    static const char *const bases[] = {"ACGU", "GC", "GGCU", "ACGUN", "GU"};
    char sequence[MOST + 1];
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 0);
    for (size_t n = 0; n <= 60; n++)
        for (size_t k = 0; k < sizeof bases / sizeof *bases; k++) {
            draw(&rng, sequence, n, bases[k]);
            compare(sequence);
        }
    for (int round = 0; round < 25; round++) {
        draw(&rng, sequence, 61 + dmg_rng_below(&rng, MOST - 60), bases[round % 5]);
        compare(sequence);
    }
}

/* Helices side by side inside one that encloses them all: multiloops that are worth it. */
static void multiloops_have_the_matrices_of_the_specification(void **state)
{
    (void)state;
    char sequence[MOST + 1];
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 1);
    for (int round = 0; round < 40; round++) {
        size_t n = 0;
        const size_t branches = 2 + dmg_rng_below(&rng, 3);
        n += (size_t)snprintf(sequence, sizeof sequence, "GGCGCA");
        for (size_t k = 0; k < branches; k++) {
            char gap[6];
            draw(&rng, gap, dmg_rng_below(&rng, 5), "AU");
            n += (size_t)snprintf(sequence + n, sizeof sequence - n, "GCCGAGAAA%sCUCGGC%s",
                                  k % 2 ? "" : "A", gap);
        }
        snprintf(sequence + n, sizeof sequence - n, "AUGCGCC");
        compare(sequence);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_strands_have_the_matrices_of_the_specification),
        cmocka_unit_test(multiloops_have_the_matrices_of_the_specification),
    };
    print_message("seed %d\n", SEED);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
