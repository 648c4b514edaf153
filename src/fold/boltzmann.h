/* SPDX-License-Identifier: MIT */
/* Boltzmann factors exp(-E / kT) of loop energies at 37 C.
 *
 * Energies are the integers of energy.h, with two exceptions that RNAfold -p makes. A hairpin of
 * more than 30 unpaired bases has the logarithm of its size uncut. And what dangles on a stem is
 * smoothed where it is near 0, so that a heat capacity has no jumps: of the entries at 37 C only
 * those of 0 change, to -1.7 dcal/mol.
 */
#ifndef DMG_FOLD_BOLTZMANN_H
#define DMG_FOLD_BOLTZMANN_H

#include "fold/energy.h"

/* kT in dcal/mol: the gas constant in cal/(K mol), as ViennaRNA has it, times 310.15 K. */
#define FOLD_KT (1.98717 * 310.15 / 10)

/* Energies of single loops for which a table saves the exponential. */
enum { FOLD_LOWEST_LOOP = -1000, FOLD_HIGHEST_LOOP = 2000 };

typedef struct dmg_boltzmann {
    double loop[FOLD_HIGHEST_LOOP - FOLD_LOWEST_LOOP + 1];

    /* Parts of loops, by pair and neighbours as in params.h. */
    double terminal_au[PAIR_TYPES];
    double mismatch_hairpin[PAIR_TYPES][BASE_CODES][BASE_CODES];
    double mismatch_interior[PAIR_TYPES][BASE_CODES][BASE_CODES];
    double mismatch_interior_1n[PAIR_TYPES][BASE_CODES][BASE_CODES];
    double mismatch_interior_23[PAIR_TYPES][BASE_CODES][BASE_CODES];

    /* Whole stems: of a multiloop, outside of all loops, and there at the last base or the first.
     */
    double multi_stem[PAIR_TYPES][BASE_CODES][BASE_CODES];
    double exterior_stem[PAIR_TYPES][BASE_CODES][BASE_CODES];
    double last_stem[PAIR_TYPES][BASE_CODES];
    double first_stem[PAIR_TYPES][BASE_CODES];
    double multi_closing; /* of a multiloop, beside its stems */
} dmg_boltzmann;

void dmg_boltzmann_init(dmg_boltzmann *b);

/* The factor of any energy in dcal/mol. */
double dmg_boltzmann_factor(double energy);

static inline double loop_factor(const dmg_boltzmann *b, int energy)
{
    if (energy < FOLD_LOWEST_LOOP || energy > FOLD_HIGHEST_LOOP)
        return dmg_boltzmann_factor(energy);
    return b->loop[energy - FOLD_LOWEST_LOOP];
}

/* A hairpin of `size` unpaired bases before its mismatch. */
double dmg_hairpin_size_factor(int size);

/* Stem (i, j) of type t outside of all loops of a strand of n bases. */
static inline double exterior_stem_factor(const dmg_boltzmann *b, const uint8_t *s, int i, int j,
                                          int t, int n)
{
    const bool before = i > 0, after = j < n - 1;
    if (before && after) return b->exterior_stem[t][s[i - 1]][s[j + 1]];
    if (after) return b->first_stem[t][s[j + 1]];
    if (before) return b->last_stem[t][s[i - 1]];
    return b->terminal_au[t];
}

#endif
