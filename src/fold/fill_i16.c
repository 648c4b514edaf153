/* SPDX-License-Identifier: MIT */
/* The fill in lanes of 16 bits: energies from about -550 to 30 kcal/mol. */
#define LANE_BITS 16
#define SLOPED    0
#include "fold/fill_vector_template.h"

static bool fill_all(dmg_mfe *m, const dmg_byte_tables *tables)
{
    /* A strand that is expected to end below the range is not begun. */
    if (m->span == m->n && dmg_mfe_expected_slope(m) * m->n > ENERGY_ZERO - LANE_LOWEST)
        return false;
    return fill_rows(m, tables) == FILLED;
}

const dmg_mfe_engine VECTOR_NAME(dmg_mfe_i16) = {.name = "i16",
                                                 .element = sizeof(lane),
                                                 .zero = ENERGY_ZERO,
                                                 .infinite = LANE_INFINITE,
                                                 .work_bytes = vector_work_bytes,
                                                 .fill = fill_all,
                                                 .fill_exterior = fill_exterior,
                                                 .find_optimal = find_optimal};
