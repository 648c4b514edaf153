/* SPDX-License-Identifier: MIT */
/* Loop energies as byte tables of at most 64 entries, for engines that look up many columns at
 * once.
 *
 * In row i of the matrices the bases s[i], s[i + 1], ... are the same for every column j, and of
 * the bases that s[i] pairs with there are two at most: which one s[j] is takes one bit. A table
 * for given bases of the row therefore has few entries, and its index depends on the column alone.
 * Entries are energies in units of 10 dcal/mol, as int8_t; all measured energies are multiples.
 *
 * A column base has a code of three bits, of which the lowest tells its two possible partners
 * apart. Entries of bases that do not pair are 0; the caller replaces what it looks up there.
 */
#ifndef DMG_FOLD_BYTE_TABLES_H
#define DMG_FOLD_BYTE_TABLES_H

#include <stdbool.h>
#include <stdint.h>

#include "fold/params.h"

/* Codes of column bases. The end of the strand takes the place of a base after the last one. */
enum { COLUMN_A, COLUMN_G, COLUMN_C, COLUMN_U, COLUMN_N, COLUMN_END, COLUMN_CODES };

#define BYTE_UNIT 10 /* dcal/mol */

/* First index of tables by the base before a stem: none before the first base of the strand. */
#define BASE_START  BASE_CODES
#define BASE_BEFORE (BASE_CODES + 1)

/* By the pairing base and its neighbour, column_index(): j and j - 1 inside a loop that (i, j)
 * closes, j and j + 1 outside of it. */
typedef int8_t byte_table[16];

/* By (j - 1, j - 2), inner_index(), once for every choice of the bits of j and j - 3. */
typedef int8_t byte_table_4[4][16];

#define HAIRPIN_SIZES 2048

typedef struct dmg_byte_tables {
    /* (i, j) closes a loop, by column_index(j, j - 1). */
    byte_table hairpin[BASE_CODES][BASE_CODES];  /* mismatch [i][i+1] */
    byte_table interior[BASE_CODES][BASE_CODES]; /* mismatches likewise */
    byte_table one_n[BASE_CODES][BASE_CODES];
    byte_table two_three[BASE_CODES][BASE_CODES];
    byte_table closing[BASE_CODES][BASE_CODES]; /* of a multiloop, whole energy [i][i+1] */
    byte_table stack[BASE_CODES][BASE_CODES];   /* inner pair (p, j-1), [i][p] */
    byte_table bulge_5[BASE_CODES][BASE_CODES]; /* the same with one base more on the 5' side */

    /* Likewise with inner pair (p, j - 2), by gap_index(j, j - 1, j - 2). */
    byte_table bulge_3[BASE_CODES][BASE_CODES];                         /* [i][p] */
    byte_table int_1x1[BASE_CODES][BASE_CODES][BASE_CODES];             /* [i][i+1][p] */
    byte_table int_2x1[BASE_CODES][BASE_CODES][BASE_CODES][BASE_CODES]; /* [i][i+1][i+2][p] */

    /* Likewise with inner pair (p, j - 3), by inner_index(j - 1, j - 2). */
    byte_table_4 int_1x2[BASE_CODES][BASE_CODES][BASE_CODES];
    byte_table_4 int_2x2[BASE_CODES][BASE_CODES][BASE_CODES][BASE_CODES];

    /* (i, j) lies within a loop, by column_index(j, j + 1), [i][i-1]. */
    byte_table inner_interior[BASE_CODES][BASE_CODES]; /* mismatches */
    byte_table inner_one_n[BASE_CODES][BASE_CODES];
    byte_table inner_two_three[BASE_CODES][BASE_CODES];
    byte_table multi_stem[BASE_CODES][BASE_CODES]; /* whole energies */
    byte_table exterior_stem[BASE_CODES][BASE_BEFORE];

    /* Penalty of a weak pair, by either column_index(), [i]. */
    byte_table weak[BASE_CODES];

    /* The special hairpins: their letters as hairpin_key(), and as bits of a mask, in the order of
     * the parameters, those that begin with the same three as a key. */
    uint32_t special_key[FOLD_SPECIAL_HAIRPINS];
    uint32_t special_begin[1 << 9];

    /* dmg_turner2004.hairpin, continued to more bases than the logarithm is worth computing for. */
    int16_t hairpin_size[HAIRPIN_SIZES];
} dmg_byte_tables;

/* Code of a base. */
static inline int column_code(int base)
{
    static const uint8_t codes[BASE_CODES] = {[BASE_N] = COLUMN_N,
                                              [BASE_A] = COLUMN_A,
                                              [BASE_C] = COLUMN_C,
                                              [BASE_G] = COLUMN_G,
                                              [BASE_U] = COLUMN_U};
    return codes[base];
}

/* Which of the two bases that may lie opposite some base a column has: A or C, G or U. */
static inline int column_bit(int code)
{
    return code < COLUMN_N ? code & 1 : 0;
}

static inline int column_index(int code, int neighbour)
{
    return column_bit(code) << 3 | neighbour;
}

/* The other two have no place for letters that do not pair: see near_other in
 * fill_vector_template.h. */
static inline int gap_index(int code, int between, int inner)
{
    return column_bit(code) << 3 | column_bit(inner) << 2 | (between & 3);
}

static inline int inner_index(int code, int next)
{
    return (code & 3) << 2 | (next & 3);
}

/* Three bits a base, the first one lowest. */
static inline uint32_t hairpin_key(const uint8_t *s, int length)
{
    uint32_t key = 0;
    for (int k = 0; k < length; k++) key |= (uint32_t)s[k] << (3 * k);
    return key;
}

/* False if some energy does not fit a byte. */
bool dmg_byte_tables_init(dmg_byte_tables *tables);

#endif
