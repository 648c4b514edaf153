/* SPDX-License-Identifier: MIT */
/* The tables of Boltzmann factors. */
#include "fold/boltzmann.h"

#include <math.h>

double dmg_boltzmann_factor(double energy)
{
    return exp(-energy / FOLD_KT);
}

/* RNAfold's smooth form of min(energy, 0): a sine squared from -8.7 to 12.3 dcal/mol, the integer
 * outside. */
static double smoothed(int energy)
{
    const double x = -energy / 10.0;
    if (x > 0.8660254) return energy;
    if (x < -1.2283697) return 0;
    const double rise = sin(x - 0.34242663) + 1;
    return -10 * 0.38490018 * rise * rise;
}

static void fill_mismatches(double factors[BASE_CODES][BASE_CODES],
                            const int16_t energies[BASE_CODES][BASE_CODES])
{
    for (int a = 0; a < BASE_CODES; a++)
        for (int b = 0; b < BASE_CODES; b++) factors[a][b] = dmg_boltzmann_factor(energies[a][b]);
}

/* A stem: what it costs by itself, and its neighbours. */
static void fill_stems(double factors[BASE_CODES][BASE_CODES],
                       const int16_t energies[BASE_CODES][BASE_CODES], int energy)
{
    for (int a = 0; a < BASE_CODES; a++)
        for (int b = 0; b < BASE_CODES; b++)
            factors[a][b] = dmg_boltzmann_factor(energy + smoothed(energies[a][b]));
}

static void fill_stem_ends(double factors[BASE_CODES], const int16_t energies[BASE_CODES],
                           int energy)
{
    for (int a = 0; a < BASE_CODES; a++)
        factors[a] = dmg_boltzmann_factor(energy + smoothed(energies[a]));
}

void dmg_boltzmann_init(dmg_boltzmann *b)
{
    const dmg_fold_params *const P = &dmg_turner2004;
    for (int e = FOLD_LOWEST_LOOP; e <= FOLD_HIGHEST_LOOP; e++)
        b->loop[e - FOLD_LOWEST_LOOP] = dmg_boltzmann_factor(e);
    for (int t = 0; t < PAIR_TYPES; t++) {
        b->terminal_au[t] = dmg_boltzmann_factor(terminal_au(t));
        fill_mismatches(b->mismatch_hairpin[t], P->mismatch_hairpin[t]);
        fill_mismatches(b->mismatch_interior[t], P->mismatch_interior[t]);
        fill_mismatches(b->mismatch_interior_1n[t], P->mismatch_interior_1n[t]);
        fill_mismatches(b->mismatch_interior_23[t], P->mismatch_interior_23[t]);
        fill_stems(b->multi_stem[t], P->mismatch_multi[t], P->multi_stem + terminal_au(t));
        fill_stems(b->exterior_stem[t], P->mismatch_exterior[t], terminal_au(t));
        fill_stem_ends(b->last_stem[t], P->dangle5[t], terminal_au(t));
        fill_stem_ends(b->first_stem[t], P->dangle3[t], terminal_au(t));
    }
    b->multi_closing = dmg_boltzmann_factor(P->multi_closing);
}

double dmg_hairpin_size_factor(int size)
{
    const int16_t *const table = dmg_turner2004.hairpin;
    if (size <= FOLD_MAX_LOOP) return dmg_boltzmann_factor(table[size]);
    return dmg_boltzmann_factor(table[FOLD_MAX_LOOP] +
                                dmg_turner2004.long_loop * log(size / (double)FOLD_MAX_LOOP));
}
