/* SPDX-License-Identifier: MIT */
/* The enthalpy of a structure: loop by loop as its free energy, from other tables. */
#define FOLD_TABLES dmg_turner2004_enthalpies
#include "fold/loop_sum_template.h"

int dmg_loop_sum_enthalpy(const folded *f)
{
    return sum_loops(f);
}
