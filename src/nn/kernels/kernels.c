/* SPDX-License-Identifier: MIT */
/* Choice of the kernels. */
#include "nn/kernels/kernels.h"

const lanes_kernels *lanes_kernels_for(dmg_cpu cpu)
{
#ifdef DMG_HAVE_AVX2
    if (cpu == DMG_CPU_AVX2) return &lanes_kernels_avx2;
#endif
    (void)cpu;
    return NULL;
}
