/* SPDX-License-Identifier: MIT */
/* A small labelled problem for tests of training: hairpins against the same letters shuffled. */
#ifndef DMG_TESTS_TOY_DATA_H
#define DMG_TESTS_TOY_DATA_H

#include "architectures.h"
#include "base/rng.h"
#include "scratch.h"

enum { TOY_PER_CLASS = 40, TOY_LONGEST = 64 };

/* A stem of 12 to 24 pairs, one in twenty of them mismatched, around a loop of 4 to 8. */
static inline size_t toy_hairpin(char *letters, dmg_rng *rng)
{
    const size_t stem = 12 + (size_t)dmg_rng_below(rng, 13),
                 loop = 4 + (size_t)dmg_rng_below(rng, 5);
    const size_t length = 2 * stem + loop;
    for (size_t i = 0; i < length; i++) letters[i] = "ACGU"[dmg_rng_below(rng, 4)];
    for (size_t i = 0; i < stem; i++)
        if (dmg_rng_below(rng, 20) > 0)
            letters[length - 1 - i] = "UGCA"[strchr("ACGU", letters[i]) - "ACGU"];
    letters[length] = '\0';
    return length;
}

static inline void toy_shuffle(char *letters, size_t length, dmg_rng *rng)
{
    for (size_t i = length; i > 1; i--) {
        const size_t j = (size_t)dmg_rng_below(rng, i);
        const char swapped = letters[i - 1];
        letters[i - 1] = letters[j];
        letters[j] = swapped;
    }
}

/* Writes positive.fa and negative.fa to the scratch folder. */
static inline void toy_write(uint64_t seed)
{
    char positive[TOY_PER_CLASS * (TOY_LONGEST + 16)], negative[sizeof positive];
    size_t p = 0, n = 0;
    dmg_rng rng;
    dmg_rng_init(&rng, seed, 0);
    for (int i = 0; i < TOY_PER_CLASS; i++) {
        char letters[TOY_LONGEST + 1];
        const size_t length = toy_hairpin(letters, &rng);
        p += (size_t)snprintf(positive + p, sizeof positive - p, ">p%d\n%s\n", i, letters);
        toy_shuffle(letters, length, &rng);
        n += (size_t)snprintf(negative + n, sizeof negative - n, ">n%d\n%s\n", i, letters);
    }
    scratch_write("positive.fa", positive, p);
    scratch_write("negative.fa", negative, n);
}

/* Reads both sides of the data apart, with dropout everywhere. */
static inline dmg_architecture toy_architecture(void)
{
    dmg_architecture a = {.id = "toy"};
    add_stream(&a, DMG_STREAM_SEQUENCE, 2, UNITS(3), false);
    add_stream(&a, DMG_STREAM_FORWARD, 2, UNITS(4), false);
    add_dense(&a, "hidden", INPUTS(0, 1), 3, 0.2);
    add_dense(&a, "output", INPUTS(2), 2, 0.1);
    return a;
}

#endif
