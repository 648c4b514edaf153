/* SPDX-License-Identifier: MIT */
/* The partition function in double precision, for any processor. */
#define ENGINE dmg_pairing_plain
#include "fold/pairing_double_template.h"
