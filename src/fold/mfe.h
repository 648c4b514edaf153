/* The minimum-free-energy recursions on one strand: state matrices, fill and traceback.
 *
 * Zuker & Stiegler 1981 (NAR 9:133) with the multiloop split of Lyngso et al. 1999. Bases are
 * 0-based, and a segment i..j includes both ends. doc/folding.md gives the recursions.
 * SPDX-License-Identifier: MIT
 */
#ifndef DMG_FOLD_MFE_H
#define DMG_FOLD_MFE_H

#include <stddef.h>
#include <stdint.h>

#include "fold/energy.h"

/* Rows below the present one that its loops reach, and one more to make a power of two. */
#define FOLD_INSIDE_ROWS 32

/* A segment of a multiloop whose structure the traceback has still to find. */
typedef struct dmg_mfe_segment {
    int32_t i, j;
} dmg_mfe_segment;

/* One strand with its matrices, and the memory that they live in. Filled by dmg_mfe_fill, read by
 * dmg_mfe_traceback; the memory is used again for the next strand. */
typedef struct dmg_mfe {
    int n;              /* bases of the strand */
    uint8_t *s;         /* [-1 .. n] their codes, BASE_N at both ends */
    int32_t *closed;    /* C(i, j), 0 <= i <= j < n, rows of the upper triangle one by one */
    int32_t *multi;     /* M(i, j), likewise */
    int32_t *exterior;  /* F(j), 0 <= j <= n */
    int32_t *two_stems; /* [n] M2 of the present row */
    int32_t *inside;    /* [FOLD_INSIDE_ROWS][n] see fill_inside_row() */
    int32_t *finite;    /* [n] smallest j for which M(i, j) is finite, n if none */
    int32_t *partner[BASE_CODES]; /* [n] see last_partner() */
    dmg_mfe_segment *pending;     /* [n / 4 + 1] stack of the traceback */

    /* Size and asymmetry of an interior loop by the general rule, [n1][FOLD_MAX_LOOP - n2]. */
    int32_t loop_cost[FOLD_MAX_LOOP + 1][FOLD_MAX_LOOP + 1];

    uint8_t *codes;           /* what s points into */
    int32_t *matrices, *rows; /* what all others point into */
    size_t capacity;          /* bases that the memory suffices for */
} dmg_mfe;

/* Index of (i, j) in a triangle: row i begins behind rows 0 .. i - 1 of n, n - 1, ... elements. */
static inline size_t mfe_row(const dmg_mfe *m, int i)
{
    return (size_t)i * (2 * (size_t)m->n - 1 - (size_t)i) / 2;
}

/* Best energy of i..j given that i and j pair with each other; infinite if they cannot. */
static inline int32_t C(const dmg_mfe *m, int i, int j)
{
    return m->closed[mfe_row(m, i) + (size_t)j];
}

/* Best energy of i..j as a part of a multiloop with at least one stem; infinite if none fits. */
static inline int32_t M(const dmg_mfe *m, int i, int j)
{
    return m->multi[mfe_row(m, i) + (size_t)j];
}

/* Best energy of the first j bases by themselves; never above 0, the open chain. */
static inline int32_t F(const dmg_mfe *m, int j)
{
    return m->exterior[j];
}

/* The largest j <= last that can pair with a base of code a at its 5' side; -1 if there is none.
 * Going from one to the next visits nothing but pairs. */
static inline int last_partner(const dmg_mfe *m, int a, int last)
{
    return m->partner[a][last];
}

/* Bytes of working memory for a strand of n bases; 4 n (n + 1) and a little. */
size_t dmg_mfe_bytes(size_t n);

/* Makes room for n bases; false, with all memory given back, where it cannot be had. A zeroed
 * struct is empty. */
bool dmg_mfe_reserve(dmg_mfe *m, size_t n);

/* Gives all memory back. */
void dmg_mfe_clear(dmg_mfe *m);

/* Fills the matrices for a strand of n <= capacity bases and returns its minimum free energy. */
int dmg_mfe_fill(dmg_mfe *m, const char *sequence, size_t n);

/* Writes the optimal structure of the strand filled last: [n] dot-bracket and a NUL. */
void dmg_mfe_traceback(dmg_mfe *m, char *structure);

#endif
