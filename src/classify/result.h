/* SPDX-License-Identifier: MIT */
/* From a record to its result, in the steps that a batch takes. */
#ifndef DMG_CLASSIFY_RESULT_H
#define DMG_CLASSIFY_RESULT_H

#include "deepmirgene/classify.h"

/* What a record says before it is folded: a structure that it brings and its energy. */
void result_begin(dmg_result *result, const dmg_record *record, const char *path);

/* The record is scored by its hairpins: a structure that it brings is dropped. */
void result_set_long(dmg_result *result);

/* Whether the record is to be folded whole. */
bool result_needs_fold(const dmg_result *result);

/* Whether there is something to score. */
bool result_is_folded(const dmg_result *result);

void result_set_energy(dmg_result *result, int energy);

/* The score, and the call that follows. */
void result_set_score(dmg_result *result, float p_mirna, double threshold);

/* The flags, once the structure is known. */
void result_set_flags(dmg_result *result);

#endif
