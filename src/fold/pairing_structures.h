/* SPDX-License-Identifier: MIT */
/* What the probabilities of pairs say of a strand. */
#ifndef DMG_FOLD_PAIRING_STRUCTURES_H
#define DMG_FOLD_PAIRING_STRUCTURES_H

#include "deepmirgene/pairing.h"
#include "fold/pairing.h"

/* Fills in all of the task that follows from the probabilities. */
dmg_status dmg_pairing_describe(dmg_pairing_task *task, const dmg_pairing *p, dmg_error *err);

/* The structure of maximum expected accuracy: [n + 1], and its accuracy. */
dmg_status dmg_most_accurate(char *structure, double *accuracy, const dmg_pairing *p, double gamma,
                             dmg_error *err);

#endif
