/* SPDX-License-Identifier: MIT */
/* The minimum-free-energy recursions on one strand: state matrices, fill and traceback.
 *
 * Zuker & Stiegler 1981 (NAR 9:133) with the multiloop split of Lyngso et al. 1999. Bases are
 * 0-based, and a segment i..j includes both ends. doc/folding.md gives the recursions.
 */
#ifndef DMG_FOLD_MFE_H
#define DMG_FOLD_MFE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "fold/energy.h"

struct dmg_byte_tables;
struct dmg_local_pairs;

/* A segment of a multiloop whose structure the traceback has still to find. */
typedef struct dmg_mfe_segment {
    int32_t i, j;
} dmg_mfe_segment;

/* One strand with its matrices, and the memory that they live in. Filled by dmg_mfe_fill, read by
 * dmg_mfe_traceback; the memory is used again for the next strand. */
typedef struct dmg_mfe {
    int n;                        /* bases of the strand */
    int span;                     /* most bases of a segment: n, or fewer in local folding */
    uint8_t *s;                   /* [-1 .. n] their codes, BASE_N at both ends */
    int32_t *exterior;            /* F(j), 0 <= j <= n; in local folding those of a part */
    int32_t *partner[BASE_CODES]; /* [n] see last_partner() */
    dmg_mfe_segment *pending;     /* [n / 4 + 1] stack of the traceback */

    /* C(i, j) and M(i, j), 0 <= i <= j < min(n, i + span), placed as mfe_index() says. An engine
     * has them either in 32 bits or, as C(i, j) + zero + slope (j - i), in 16, where `infinite`
     * stands for infinity; the other pair is NULL. */
    int32_t *closed, *multi;
    int16_t *closed_i16, *multi_i16;
    int zero, infinite, slope;
    size_t *row; /* [n] index of (i, i) */

    void *work;                          /* whatever the engine needs beside */
    const struct dmg_mfe_engine *engine; /* that filled the matrices */
    const struct dmg_byte_tables *tables;

    uint8_t *codes; /* what s points into */
    void *matrices; /* what C and M point into */
    dmg_arena rows; /* what all others point into */
    size_t codes_bytes, matrices_bytes;
} dmg_mfe;

/* Fills the matrices of a strand whose codes and partners are set: one way to compute what
 * doc/folding.md specifies. All engines give the same numbers. */
typedef struct dmg_mfe_engine {
    const char *name;
    size_t element;               /* bytes of an element of C and M: 2 or 4 */
    int zero, infinite;           /* of dmg_mfe, where elements have two bytes */
    size_t (*work_bytes)(size_t); /* of dmg_mfe.work, by the number of bases */

    /* False, and nothing else of use, if an energy is too low for the elements. */
    bool (*fill)(dmg_mfe *m, const struct dmg_byte_tables *tables);

    /* Computes F(0 .. n) of the bases first .. first + n - 1 by themselves, n >= 1; false likewise.
     */
    bool (*fill_exterior)(dmg_mfe *m, const struct dmg_byte_tables *tables, int first, int n);

    /* Step 1 of local_pairs.h, given its room; false when memory is out. NULL in an engine that
     * does not fold locally. */
    bool (*find_optimal)(const dmg_mfe *m, struct dmg_local_pairs *pairs);
} dmg_mfe_engine;

/* The plain form, which the others are tested against. It has no use for the tables. */
extern const dmg_mfe_engine dmg_mfe_scalar;

/* Vectors of 16 and of 32 bit elements: one source, built once for each level, where DMG_HAVE_AVX2
 * and where DMG_HAVE_V128. */
extern const dmg_mfe_engine dmg_mfe_i16_avx2, dmg_mfe_i16_sloped_avx2, dmg_mfe_i32_avx2;
extern const dmg_mfe_engine dmg_mfe_i16_v128, dmg_mfe_i16_sloped_v128, dmg_mfe_i32_v128;

/* Elements beyond the end of each matrix, which engines may write and read. */
#define FOLD_MATRIX_SLACK 16

/* Row i ends before this column: the segments that begin at i have at most `span` bases. */
static inline int mfe_row_end(const dmg_mfe *m, int i)
{
    return m->span < m->n - i ? i + m->span : m->n;
}

/* Index of (i, j) in a matrix. The last row comes first and has one element, the one before it two,
 * and so on to rows of `span` elements. In this order the rows are filled, and a strand that is
 * given up early has touched little memory. */
static inline size_t mfe_index(const dmg_mfe *m, int i, int j)
{
    return m->row[i] + (size_t)(j - i);
}

/* The energy of i..j that an element stands for. */
static inline int32_t mfe_from_i16(const dmg_mfe *m, int16_t element, int i, int j)
{
    return element >= m->infinite ? FOLD_INFINITE : element - m->zero - m->slope * (j - i);
}

/* Best energy of i..j given that i and j pair with each other; infinite if they cannot. */
static inline int32_t C(const dmg_mfe *m, int i, int j)
{
    const size_t index = mfe_index(m, i, j);
    return m->closed ? m->closed[index] : mfe_from_i16(m, m->closed_i16[index], i, j);
}

/* Best energy of i..j as a part of a multiloop with at least one stem; infinite if none fits. */
static inline int32_t M(const dmg_mfe *m, int i, int j)
{
    const size_t index = mfe_index(m, i, j);
    return m->multi ? m->multi[index] : mfe_from_i16(m, m->multi_i16[index], i, j);
}

/* Best energy of the first j bases, of the strand or of a part of it, by themselves; never above 0,
 * the open chain. */
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

/* How much the lowest energy is expected to fall with each base of the strand, whose codes are set,
 * by how many are G or C. */
int dmg_mfe_expected_slope(const dmg_mfe *m);

/* Bytes of working memory for a strand of n bases and segments of at most `span`. */
size_t dmg_mfe_bytes(const dmg_mfe_engine *engine, size_t n, size_t span);

/* Bytes of working memory at present. */
size_t dmg_mfe_held(const dmg_mfe *m);

/* Makes room for n bases; false, with all memory given back, where it cannot be had. A zeroed
 * struct is empty. */
bool dmg_mfe_reserve(dmg_mfe *m, const dmg_mfe_engine *engine, size_t n, size_t span);

/* Gives all memory back. */
void dmg_mfe_clear(dmg_mfe *m);

/* Fills the matrices for a strand of no more bases than there is room for. False if its energies
 * are out of the engine's range. With a span of n or more F(m, n) is the minimum free energy;
 * fewer bases are local folding: C and M of all segments that are no longer, and no F. */
bool dmg_mfe_fill(dmg_mfe *m, const dmg_mfe_engine *engine, const struct dmg_byte_tables *tables,
                  const char *sequence, size_t n, size_t span);

/* Computes F(0 .. n) of the bases first .. first + n - 1 by themselves, no more than the span: as
 * if the strand had no others. With the engine that filled the matrices, or plainly. */
void dmg_mfe_fill_exterior(dmg_mfe *m, int first, int n);

/* The plain form of that. */
void dmg_mfe_fill_exterior_scalar(dmg_mfe *m, int first, int n);

/* Writes the optimal structure of the bases that F stands for: [n] dot-bracket and a NUL. */
void dmg_mfe_traceback(dmg_mfe *m, int first, int n, char *structure);

#endif
