/* SPDX-License-Identifier: MIT */
/* The partition function in double precision, for one level of vectors. */
#ifdef __AVX2__
#define ENGINE dmg_pairing_avx2
#else
#define ENGINE dmg_pairing_v128
#endif
#include "fold/pairing_double_template.h"
