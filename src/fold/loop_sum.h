/* SPDX-License-Identifier: MIT */
/* Sums over the loops of a structure whose pairs have been checked. */
#ifndef DMG_FOLD_LOOP_SUM_H
#define DMG_FOLD_LOOP_SUM_H

#include <stddef.h>
#include <stdint.h>

/* A strand and its structure. */
typedef struct folded {
    const uint8_t *s; /* codes, [-1 .. n] */
    const size_t *partner;
    int n;
} folded;

/* In dcal/mol. */
int dmg_loop_sum_enthalpy(const folded *f);

#endif
