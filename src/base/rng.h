/* SPDX-License-Identifier: MIT */
/* Random numbers that are the same on every machine and for any number of threads.
 *
 * A generator is named by a seed and a stream: whoever needs numbers of its own (a sample's dropout
 * mask, the shuffle of an epoch) takes a stream of its own instead of waiting for its turn.
 * Generator: xoshiro256** of Blackman & Vigna 2021 (ACM TOMS 47:36), state set by SplitMix64.
 */
#ifndef DMG_BASE_RNG_H
#define DMG_BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

typedef struct dmg_rng {
    uint64_t state[4];
} dmg_rng;

void dmg_rng_init(dmg_rng *rng, uint64_t seed, uint64_t stream);

/* All 64-bit values, equally likely. */
uint64_t dmg_rng_next(dmg_rng *rng);

/* [0, 1), multiples of 2^-53. */
double dmg_rng_uniform(dmg_rng *rng);

/* 0 .. bound-1 without bias; bound > 0. */
uint64_t dmg_rng_below(dmg_rng *rng, uint64_t bound);

/* Mean 0, variance 1. */
double dmg_rng_normal(dmg_rng *rng);

/* Every order of items[0 .. count) equally likely. */
void dmg_rng_shuffle(dmg_rng *rng, size_t *items, size_t count);

#endif
