/* SPDX-License-Identifier: MIT */
/* Which instruction sets this processor has. */
#include "deepmirgene/cpu.h"

#include <stdbool.h>
#include <string.h>

#include "base/error.h"

static const dmg_cpu levels[] = {DMG_CPU_AUTO, DMG_CPU_SCALAR, DMG_CPU_AVX2};

enum { LEVELS = sizeof levels / sizeof *levels };

static bool has_level(dmg_cpu level)
{
    if (level != DMG_CPU_AVX2) return true;
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
    return false;
#endif
}

dmg_status dmg_cpu_resolve(dmg_cpu *level, dmg_error *err)
{
    if (*level == DMG_CPU_AUTO) *level = has_level(DMG_CPU_AVX2) ? DMG_CPU_AVX2 : DMG_CPU_SCALAR;
    if (has_level(*level)) return DMG_OK;
    return dmg_error_set(err, DMG_UNSUPPORTED, "this processor has no %s", dmg_cpu_name(*level));
}

const char *dmg_cpu_name(dmg_cpu level)
{
    switch (level) {
    case DMG_CPU_AUTO: return "auto";
    case DMG_CPU_SCALAR: return "scalar";
    case DMG_CPU_AVX2: return "avx2";
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
    return dmg_error_set(err, DMG_RANGE, "no instruction set '%s'", name);
}
