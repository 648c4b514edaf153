/* SPDX-License-Identifier: MIT */
/* The partition function in the widest numbers of the compiler, for strands whose sums leave the
 * range of double precision: a perfect helix of 2,000 bases beside as many that do not pair. On
 * x86-64 and ARM they reach from 1e-4900 to 1e4900; where they are doubles, this engine adds
 * nothing. */
#include <float.h>

typedef long double real;
#define LANES      1
#define VEC_SUM(v) (v)
#define LOG        logl
#if LDBL_MAX_10_EXP > 4900
#define REAL_LARGE 1e4800L
#else
#define REAL_LARGE 1e280L
#endif
#define ENGINE dmg_pairing_long
#include "fold/pairing_template.h"
