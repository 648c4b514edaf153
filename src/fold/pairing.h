/* SPDX-License-Identifier: MIT */
/* The partition function of one strand, and the probabilities of its pairs.
 *
 * McCaskill 1990 (Biopolymers 29:1105). doc/folding.md has the recursions; bases are 0-based, and a
 * segment i..j includes both ends. Inside, rows go from the last base to the first; outside, which
 * is the derivative of the same sums, from the first to the last.
 */
#ifndef DMG_FOLD_PAIRING_H
#define DMG_FOLD_PAIRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "fold/boltzmann.h"

/* One strand, its matrices, and the memory that they live in, which is used again for the next. */
typedef struct dmg_pairing {
    const dmg_boltzmann *factors;
    int n;                     /* bases of the strand */
    double base_factor;        /* every sum holds this for each of its bases, to stay in range */
    uint8_t *s;                /* [-1 .. n] their codes, BASE_N at both ends */
    int32_t *next[BASE_CODES]; /* [n + 1] see next_partner() */
    size_t *row;               /* [n] index of (i, i) in a triangle */
    double log_sum;            /* natural logarithm of the sum over all structures */
    double *pairs;             /* probability of each pair, by row[i] + j - i */

    /* For the engine: triangles of its numbers, and rows of them. `pairs` takes the place of the
     * first. */
    void *closed, *multi, *stems;
    dmg_arena triangles, rows, strand;
} dmg_pairing;

/* The smallest j >= first that can pair with a base of code a at its 5' side; n if there is none.
 */
static inline int next_partner(const dmg_pairing *p, int a, int first)
{
    return p->next[a][first];
}

/* One way to compute what doc/folding.md specifies: by one type of numbers and width of vectors. */
typedef struct dmg_pairing_engine {
    size_t element;                       /* bytes of a number */
    bool (*reserve_rows)(dmg_pairing *p); /* false if memory is out */
    /* Computes log_sum and, if wanted, pairs. False, and nothing else of use, if a sum is out of
     * the range of the numbers. */
    bool (*run)(dmg_pairing *p, bool probabilities);
} dmg_pairing_engine;

extern const dmg_pairing_engine dmg_pairing_plain;
extern const dmg_pairing_engine dmg_pairing_v128; /* where DMG_HAVE_V128 */
extern const dmg_pairing_engine dmg_pairing_avx2; /* where DMG_HAVE_AVX2 */
extern const dmg_pairing_engine dmg_pairing_long; /* plain, of a wider range */

/* Elements beyond the end of each triangle, which engines may read. */
#define PAIRING_SLACK 16

/* Gives all memory back. A zeroed struct is empty. */
void dmg_pairing_clear(dmg_pairing *p);

/* Bytes of working memory at present, and those for n bases. */
size_t dmg_pairing_held(const dmg_pairing *p);
size_t dmg_pairing_bytes(size_t n);

typedef enum dmg_pairing_outcome {
    PAIRING_DONE,
    PAIRING_NO_MEMORY,
    PAIRING_OUT_OF_RANGE /* even of the widest numbers */
} dmg_pairing_outcome;

/* Fills in log_sum and pairs for a strand whose minimum free energy is `energy`, in dcal/mol. */
dmg_pairing_outcome dmg_pairing_run(dmg_pairing *p, const dmg_pairing_engine *engine,
                                    const dmg_boltzmann *factors, const char *sequence, size_t n,
                                    int energy);

/* Probability of the pair (i, j), i < j. */
static inline double pair_probability(const dmg_pairing *p, int i, int j)
{
    return p->pairs[p->row[i] + (size_t)(j - i)];
}

#endif
