/* SPDX-License-Identifier: MIT */
/* The name that was probably meant. */
#ifndef DMG_CLI_SUGGEST_H
#define DMG_CLI_SUGGEST_H

#include <stddef.h>

typedef struct suggestion {
    const char *word;
    size_t length;
    const char *name; /* the nearest so far; NULL: none is near */
    size_t distance;  /* its */
} suggestion;

suggestion suggest_begin(const char *word, size_t length);

/* Takes `name` if it is nearer than those before: by letters to change, add, leave out or swap, of
 * which one in three may be wrong. */
void suggest_consider(suggestion *best, const char *name);

#endif
