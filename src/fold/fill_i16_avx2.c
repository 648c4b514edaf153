/* SPDX-License-Identifier: MIT */
/* The fill in vectors of 16 columns: energies from about -550 to 30 kcal/mol. */
#define LANE_BITS 16
#include "fold/fill_vector_template.h"

const dmg_mfe_engine dmg_mfe_i16_avx2 = {
    .name = "i16 avx2", .element = sizeof(lane), .work_bytes = work_bytes, .fill = fill_all};
