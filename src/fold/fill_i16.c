/* SPDX-License-Identifier: MIT */
/* The fill in lanes of 16 bits: energies from about -550 to 30 kcal/mol. */
#define LANE_BITS 16
#include "fold/fill_vector_template.h"

const dmg_mfe_engine VECTOR_NAME(dmg_mfe_i16) = {.name = "i16",
                                                 .element = sizeof(lane),
                                                 .work_bytes = vector_work_bytes,
                                                 .fill = fill_all,
                                                 .fill_exterior = fill_exterior,
                                                 .find_optimal = find_optimal};
