/* SPDX-License-Identifier: MIT */
/* The number type of the network: float, or double in the build that the gradient tests use
 * (-DDMG_NN_DOUBLE), so that finite differences check the very source that ships. */
#ifndef DMG_NN_REAL_H
#define DMG_NN_REAL_H

#include <math.h>

#ifdef DMG_NN_DOUBLE
typedef double real;
#define real_tanh tanh
#define real_exp  exp
#define real_sqrt sqrt
#else
typedef float real;
#define real_tanh tanhf
#define real_exp  expf
#define real_sqrt sqrtf
#endif

#endif
