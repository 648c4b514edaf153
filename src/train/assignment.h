/* SPDX-License-Identifier: MIT */
/* Tables that give each record of a dataset a word: its fold, its group. */
#ifndef DMG_TRAIN_ASSIGNMENT_H
#define DMG_TRAIN_ASSIGNMENT_H

#include "deepmirgene/train.h"

typedef struct assignment {
    size_t count;
    char **words; /* [count] */
} assignment;

/* Reads the table that partition.h describes; `column` is the title of the words' column. On
 * failure there is nothing to clear. */
dmg_status assignment_read(assignment *out, const dmg_dataset *dataset, const char *path,
                           const char *column, dmg_error *err);

/* Accepts a zeroed struct. */
void assignment_clear(assignment *a);

#endif
