/* SPDX-License-Identifier: MIT */
/* The fill of long strands in lanes of 16 bits: energies as the distance from a line.
 *
 * The lowest energy of a segment falls with its length, at much the same rate all along a strand.
 * C(i, j), M(i, j) and M2(i, j) are kept as energy + slope (j - i), F(j) as energy + slope j, so
 * that these numbers stay near 0. A recursion that makes a segment longer by some bases adds the
 * slope for each of them (rise()): constants, which go into the costs of loops where they have one.
 *
 * Numbers from -230 to 230 kcal/mol are in range, and both ends are watched. A number that may have
 * been cut at the upper end is above LANE_HIGHEST, and so is what it is the best of.
 */
#define LANE_BITS 16
#define SLOPED    1
#include "fold/fill_vector_template.h"

/* The steepest line for which infinity and the costs of the largest loop still fit. */
#define MOST_SLOPE 64

/* Attempts with the slope that is expected, and with that of the rows before the first one out of
 * range. */
static bool fill_all(dmg_mfe *m, const dmg_byte_tables *tables)
{
    if (m->span < m->n) return false;
    m->slope = dmg_mfe_expected_slope(m);
    const int row = fill_rows(m, tables);
    if (row == FILLED) return true;
    const int first = row + 1, last = m->n - 1;
    if (first >= last || M(m, first, last) >= 0) return false;
    const int slope = -M(m, first, last) / (last - first);
    if (slope > MOST_SLOPE || slope == m->slope) return false;
    m->slope = slope;
    return fill_rows(m, tables) == FILLED;
}

const dmg_mfe_engine VECTOR_NAME(dmg_mfe_i16_sloped) = {.name = "i16_sloped",
                                                        .element = sizeof(lane),
                                                        .zero = ENERGY_ZERO,
                                                        .infinite = LANE_INFINITE,
                                                        .work_bytes = vector_work_bytes,
                                                        .fill = fill_all,
                                                        .fill_exterior = fill_exterior};
