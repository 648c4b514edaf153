/* SPDX-License-Identifier: MIT */
/* Sums in double precision, in vectors of four. Where the processor has shorter ones the compiler
 * splits them; all levels give the same numbers. */
typedef double real;
#define LANES      4
#define VEC_SUM(v) (((v)[0] + (v)[2]) + ((v)[1] + (v)[3]))
#define REAL_LARGE 1e280
#define LOG        log
#include "fold/pairing_template.h"
