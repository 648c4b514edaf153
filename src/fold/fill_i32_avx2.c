/* SPDX-License-Identifier: MIT */
/* The fill in vectors of 8 columns, for energies that need more than 16 bits. */
#define LANE_BITS 32
#include "fold/fill_vector_template.h"

const dmg_mfe_engine dmg_mfe_i32_avx2 = {
    .name = "i32 avx2", .element = sizeof(lane), .work_bytes = work_bytes, .fill = fill_all};
