/* SPDX-License-Identifier: MIT */
/* To be preloaded: the allocation number FAIL_AT fails, once. Writes how many there were to the
 * file FAIL_COUNT at the end. For the C library of GNU, whose own names of the functions it uses.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *block, size_t size);

static atomic_long allocations;
static atomic_bool counting;
static long fail_at;

/* Children are not the subject. What the loader and the libraries allocate before is not counted.
 */
__attribute__((constructor)) static void begin(void)
{
    const char *number = getenv("FAIL_AT");
    fail_at = number ? atol(number) : 0;
    unsetenv("LD_PRELOAD");
    atomic_store(&counting, true);
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("FAIL_COUNT");
    atomic_store(&counting, false);
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file) return;
    fprintf(file, "%ld\n", atomic_load(&allocations));
    fclose(file);
}

static bool fails(void)
{
    if (!atomic_load(&counting) || atomic_fetch_add(&allocations, 1) + 1 != fail_at) return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
    return fails() ? NULL : __libc_realloc(block, size);
}
