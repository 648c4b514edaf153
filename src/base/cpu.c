/* SPDX-License-Identifier: MIT */
/* Which instruction sets this processor has. */
#include "deepmirgene/cpu.h"

#include <stdbool.h>
#include <string.h>

#include "base/error.h"

static const dmg_cpu levels[] = {DMG_CPU_AUTO, DMG_CPU_SCALAR, DMG_CPU_V128, DMG_CPU_AVX2,
                                 DMG_CPU_AVX512};

enum { LEVELS = sizeof levels / sizeof *levels };

static bool has_level(dmg_cpu level)
{
    switch (level) {
#if defined(__x86_64__)
    case DMG_CPU_V128: return __builtin_cpu_supports("sse4.1");
    case DMG_CPU_AVX2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case DMG_CPU_AVX512:
        return has_level(DMG_CPU_AVX2) && __builtin_cpu_supports("avx512f") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512dq");
#elif defined(DMG_HAVE_V128)
    case DMG_CPU_AVX2:
    case DMG_CPU_AVX512: return false;
#else
    case DMG_CPU_V128:
    case DMG_CPU_AVX2:
    case DMG_CPU_AVX512: return false;
#endif
    default: return true;
    }
}

dmg_status dmg_cpu_resolve(dmg_cpu *level, dmg_error *err)
{
    for (int i = LEVELS - 1; *level == DMG_CPU_AUTO; i--)
        if (has_level(levels[i])) *level = levels[i];
    if (has_level(*level)) return DMG_OK;
    return dmg_error_set(err, DMG_UNSUPPORTED, "this processor does not support %s",
                         dmg_cpu_name(*level));
}

dmg_cpu dmg_cpu_same_bytes(dmg_cpu level)
{
    static const dmg_cpu same[] = {[DMG_CPU_AUTO] = DMG_CPU_AUTO,
                                   [DMG_CPU_SCALAR] = DMG_CPU_SCALAR,
                                   [DMG_CPU_V128] = DMG_CPU_V128,
                                   [DMG_CPU_AVX2] = DMG_CPU_AVX2,
                                   [DMG_CPU_AVX512] = DMG_CPU_AVX2};
    return same[level];
}

const char *dmg_cpu_name(dmg_cpu level)
{
    switch (level) {
    case DMG_CPU_AUTO: return "auto";
    case DMG_CPU_SCALAR: return "scalar";
    case DMG_CPU_V128: return "v128";
    case DMG_CPU_AVX2: return "avx2";
    case DMG_CPU_AVX512: return "avx512";
    }
    return "unknown";
}

dmg_status dmg_cpu_parse(dmg_cpu *level, const char *name, dmg_error *err)
{
    for (int i = 0; i < LEVELS; i++)
        if (strcmp(name, dmg_cpu_name(levels[i])) == 0) {
            *level = levels[i];
            return DMG_OK;
        }
    return dmg_error_set(err, DMG_RANGE, "unknown instruction set '%s'", name);
}
