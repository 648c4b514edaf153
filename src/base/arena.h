/* SPDX-License-Identifier: MIT */
/* Typed blocks cut from one allocation.
 *
 * One function takes all blocks, in a fixed order. It is called twice: on an empty arena, where it
 * only measures, and again once dmg_arena_alloc has got the memory:
 *
 *     static void place(buffers *b, dmg_arena *arena, size_t n)
 *     {
 *         b->x = dmg_arena_take(arena, n, sizeof *b->x);
 *         b->chosen = dmg_arena_take(arena, n, sizeof *b->chosen);
 *     }
 *
 *     dmg_arena arena = {0};
 *     place(b, &arena, n);
 *     if (!dmg_arena_alloc(&arena)) return dmg_error_nomem(err, "the buffers");
 *     place(b, &arena, n);
 *     ...
 *     dmg_arena_clear(&arena);
 */
#ifndef DMG_BASE_ARENA_H
#define DMG_BASE_ARENA_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define DMG_ARENA_ALIGNMENT 64 /* bytes: a cache line, and a multiple of every vector */

/* Zero bytes are an empty arena. */
typedef struct dmg_arena {
    unsigned char *memory; /* NULL while sizes are measured */
    size_t size;           /* bytes of `memory` */
    size_t used;           /* bytes taken so far; SIZE_MAX after an overflow */
} dmg_arena;

/* The next block, of count elements of `size` bytes, aligned to DMG_ARENA_ALIGNMENT; NULL while
 * sizes are measured. An overflow makes dmg_arena_alloc fail. */
static inline void *dmg_arena_take(dmg_arena *arena, size_t count, size_t size)
{
    size_t bytes, end;
    if (__builtin_mul_overflow(count, size, &bytes) ||
        __builtin_add_overflow(arena->used, bytes, &end) || end > SIZE_MAX - DMG_ARENA_ALIGNMENT) {
        arena->used = SIZE_MAX;
        return NULL;
    }
    unsigned char *block = arena->memory ? arena->memory + arena->used : NULL;
    arena->used = (end + DMG_ARENA_ALIGNMENT - 1) / DMG_ARENA_ALIGNMENT * DMG_ARENA_ALIGNMENT;
    assert(!arena->memory || arena->used <= arena->size);
    return block;
}

/* Gets the memory that was measured and starts again at its beginning. False, and the arena is
 * empty, if memory is out. */
static inline bool dmg_arena_alloc(dmg_arena *arena)
{
    const size_t size = arena->used ? arena->used : DMG_ARENA_ALIGNMENT;
    *arena = (dmg_arena){0};
    if (size == SIZE_MAX) return false;
    arena->memory = aligned_alloc(DMG_ARENA_ALIGNMENT, size);
    arena->size = arena->memory ? size : 0;
    return arena->memory;
}

/* The same, all bytes zero. */
static inline bool dmg_arena_alloc_zero(dmg_arena *arena)
{
    const bool done = dmg_arena_alloc(arena);
    if (done) memset(arena->memory, 0, arena->size);
    return done;
}

/* Makes the arena hold all that was taken from `measured`, and starts again at its beginning; keeps
 * memory that suffices, but not its content. False, and the arena is empty, if there is no such
 * memory. */
static inline bool dmg_arena_reserve(dmg_arena *arena, const dmg_arena *measured)
{
    if (measured->used <= arena->size) {
        arena->used = 0;
        return true;
    }
    free(arena->memory);
    *arena = *measured;
    return dmg_arena_alloc(arena);
}

/* Gives the memory back; the arena is empty again. */
static inline void dmg_arena_clear(dmg_arena *arena)
{
    free(arena->memory);
    *arena = (dmg_arena){0};
}

#endif
