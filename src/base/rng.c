/* SPDX-License-Identifier: MIT */
/* Random numbers: xoshiro256** seeded by SplitMix64. */
#include "base/rng.h"

#include <assert.h>
#include <math.h>

static uint64_t rotate_left(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

static uint64_t splitmix64(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

void dmg_rng_init(dmg_rng *rng, uint64_t seed, uint64_t stream)
{
    /* Seed and stream are mixed one after the other: added, (1, 2) and (2, 1) would be one. */
    uint64_t mix = seed;
    mix = splitmix64(&mix) ^ stream;
    for (int i = 0; i < 4; i++) rng->state[i] = splitmix64(&mix);
}

void dmg_rng_init_for(dmg_rng *rng, uint64_t seed, dmg_rng_use use, uint64_t number)
{
    assert(number < (uint64_t)1 << 56);
    dmg_rng_init(rng, seed, (uint64_t)use << 56 | number);
}

uint64_t dmg_rng_next(dmg_rng *rng)
{
    uint64_t *s = rng->state;
    const uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    const uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

double dmg_rng_uniform(dmg_rng *rng)
{
    return (double)(dmg_rng_next(rng) >> 11) * 0x1p-53;
}

uint64_t dmg_rng_below(dmg_rng *rng, uint64_t bound)
{
    /* The 2^64 mod bound smallest values are refused, so that every residue is left equally often.
     */
    const uint64_t refused = (0 - bound) % bound;
    uint64_t x;
    do x = dmg_rng_next(rng);
    while (x < refused);
    return x % bound;
}

double dmg_rng_normal(dmg_rng *rng)
{
    /* Box-Muller; 1 - u lies in (0, 1], where the logarithm is finite. */
    const double radius = sqrt(-2.0 * log(1.0 - dmg_rng_uniform(rng)));
    return radius * cos(2.0 * 3.14159265358979323846 * dmg_rng_uniform(rng));
}

void dmg_rng_shuffle(dmg_rng *rng, size_t *items, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        const size_t j = (size_t)dmg_rng_below(rng, i);
        const size_t swapped = items[i - 1];
        items[i - 1] = items[j];
        items[j] = swapped;
    }
}
