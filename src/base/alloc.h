/* SPDX-License-Identifier: MIT */
/* Memory whose size is computed without overflow. */
#ifndef DMG_BASE_ALLOC_H
#define DMG_BASE_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

/* `count` elements of `size` bytes, uninitialised, at least one byte; NULL when they cannot be had
 * or count * size overflows. Released by free(). */
void *dmg_alloc(size_t count, size_t size);

/* The same, all bytes zero. */
void *dmg_alloc_zero(size_t count, size_t size);

/* Makes *block hold at least `needed` elements of `size` bytes, keeping its content; *capacity is
 * its present size in elements. Grows by doubling. On failure nothing changes. */
bool dmg_grow(void *block, size_t *capacity, size_t needed, size_t size);

/* A copy of text[0 .. length) with a NUL after it; NULL when memory is out. */
char *dmg_copy_text(const char *text, size_t length);

#endif
