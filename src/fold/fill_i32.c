/* SPDX-License-Identifier: MIT */
/* The fill in lanes of 32 bits, for energies that need more than 16 bits. */
#define LANE_BITS 32
#define SLOPED    0
#include "fold/fill_vector_template.h"

static bool fill_all(dmg_mfe *m, const dmg_byte_tables *tables)
{
    return fill_rows(m, tables) == FILLED;
}

const dmg_mfe_engine VECTOR_NAME(dmg_mfe_i32) = {.name = "i32",
                                                 .element = sizeof(lane),
                                                 .work_bytes = vector_work_bytes,
                                                 .fill = fill_all,
                                                 .fill_exterior = fill_exterior,
                                                 .find_optimal = find_optimal};
