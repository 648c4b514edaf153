/* SPDX-License-Identifier: MIT */
/* Memory whose size is computed without overflow. */
#include "base/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *dmg_alloc(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) return NULL;
    return malloc(bytes ? bytes : 1);
}

void *dmg_alloc_zero(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) return NULL;
    return calloc(1, bytes ? bytes : 1);
}

bool dmg_grow(void *block, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity) return true;
    size_t wanted = *capacity ? *capacity : 16;
    while (wanted < needed) wanted = wanted > SIZE_MAX / 2 ? needed : 2 * wanted;
    size_t bytes;
    if (__builtin_mul_overflow(wanted, size, &bytes)) return false;
    void *old;
    memcpy(&old, block, sizeof old); /* `block` points to a typed pointer of any kind */
    void *grown = realloc(old, bytes);
    if (!grown) return false;
    memcpy(block, &grown, sizeof grown);
    *capacity = wanted;
    return true;
}

char *dmg_copy_text(const char *text, size_t length)
{
    if (length == SIZE_MAX) return NULL;
    char *copy = dmg_alloc(length + 1, 1);
    if (!copy) return NULL;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}
