/* SPDX-License-Identifier: MIT */
/* The choice among engines. */
#include "fold/engines.h"

#include <assert.h>

static void add(dmg_mfe_engines *engines, const dmg_mfe_engine *engine)
{
    engines->list[engines->count++] = engine;
}

void dmg_mfe_engines_init(dmg_mfe_engines *engines, dmg_cpu cpu)
{
    engines->count = 0;
    /* Parameters that do not fit the byte tables leave only the plain engine. */
    const bool exact = dmg_byte_tables_init(&engines->tables);
#ifdef DMG_HAVE_AVX2
    if (exact && (cpu == DMG_CPU_AVX2 || cpu == DMG_CPU_AVX512)) {
        add(engines, &dmg_mfe_i16_avx2);
        add(engines, &dmg_mfe_i16_sloped_avx2);
        add(engines, &dmg_mfe_i32_avx2);
    }
#endif
#ifdef DMG_HAVE_V128
    if (exact && cpu == DMG_CPU_V128) {
        add(engines, &dmg_mfe_i16_v128);
        add(engines, &dmg_mfe_i16_sloped_v128);
        add(engines, &dmg_mfe_i32_v128);
    }
#endif
    (void)exact;
    (void)cpu;
    add(engines, &dmg_mfe_scalar);
}

bool dmg_mfe_engines_fill(dmg_mfe *m, const dmg_mfe_engines *engines, const char *sequence,
                          size_t n, size_t room, size_t span)
{
    bool filled = false;
    for (int k = 0; k < engines->count && !filled; k++) {
        if (!dmg_mfe_reserve(m, engines->list[k], room, span)) return false;
        filled = dmg_mfe_fill(m, engines->list[k], &engines->tables, sequence, n, span);
    }
    assert(filled);
    return true;
}
