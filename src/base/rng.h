/* SPDX-License-Identifier: MIT */
/* Random numbers that are the same on every machine and for any number of threads.
 *
 * A seed and a stream name a generator. Each use (a sample's dropout mask, the shuffle of an epoch)
 * has a stream of its own, and so does not depend on the order of the others.
 * Generator: xoshiro256** of Blackman & Vigna 2021 (ACM TOMS 47:36), state set by SplitMix64.
 */
#ifndef DMG_BASE_RNG_H
#define DMG_BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

/* The seed of options that have one. */
enum { DMG_DEFAULT_SEED = 1 };

typedef struct dmg_rng {
    uint64_t state[4];
} dmg_rng;

void dmg_rng_init(dmg_rng *rng, uint64_t seed, uint64_t stream);

/* What draws numbers from a seed. The values stay as they are: models depend on them. */
typedef enum dmg_rng_use {
    DMG_RNG_WEIGHTS = 0,          /* initial weights, by layer; also what has a seed of its own */
    DMG_RNG_SHUFFLE = 1,          /* order of the records of a training, by epoch */
    DMG_RNG_DROPOUT = 2,          /* masks of dropout, by epoch and record */
    DMG_RNG_HELD_OUT = 3,         /* records for validation, by class */
    DMG_RNG_SPLITS = 4,           /* of a cross-validation, by repeat */
    DMG_RNG_RUN = 5,              /* seed of a run of a cross-validation */
    DMG_RNG_PRETRAIN_SHUFFLE = 6, /* order of the records of a pre-training, by epoch */
    DMG_RNG_DECODER = 7,          /* initial weights of a decoder, by stream */
    DMG_RNG_MEMBER = 8,           /* seed of a member of an ensemble */
    DMG_RNG_SHUFFLED_BASES = 9,   /* shuffles of a sequence, by its hash */
    DMG_RNG_TREES = 10,           /* rows and columns of a tree, by its number */
    DMG_RNG_BOOSTED = 11,         /* records of a boosted machine, by its number */
    DMG_RNG_BALANCED = 12,        /* records of equal classes */
    DMG_RNG_SVM_FOLDS = 0x62      /* folds that choose an SVM's parameters, by class */
} dmg_rng_use;

/* The stream `number` (below 2^56) of one use; no two uses share a stream. */
void dmg_rng_init_for(dmg_rng *rng, uint64_t seed, dmg_rng_use use, uint64_t number);

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
