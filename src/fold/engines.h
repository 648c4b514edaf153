/* SPDX-License-Identifier: MIT */
/* The engines of a level of instructions, and the fill of a strand by the first one that can. */
#ifndef DMG_FOLD_ENGINES_H
#define DMG_FOLD_ENGINES_H

#include "deepmirgene/cpu.h"
#include "fold/byte_tables.h"
#include "fold/mfe.h"

#define FOLD_MOST_ENGINES 4

typedef struct dmg_mfe_engines {
    dmg_byte_tables tables;
    const dmg_mfe_engine *list[FOLD_MOST_ENGINES]; /* fastest first; the last takes every strand */
    int count;
} dmg_mfe_engines;

/* For a level other than DMG_CPU_AUTO. */
void dmg_mfe_engines_init(dmg_mfe_engines *engines, dmg_cpu cpu);

/* dmg_mfe_reserve for `room` bases and dmg_mfe_fill, with the first engine whose range suffices;
 * false if memory is out. */
bool dmg_mfe_engines_fill(dmg_mfe *m, const dmg_mfe_engines *engines, const char *sequence,
                          size_t n, size_t room, size_t span);

#endif
