/* SPDX-License-Identifier: MIT */
/* Families of near-identical sequences: an index from hashes to the founders that have them, an
 * open hash table of chains. A hash that many founders have is one of simple sequence; of its
 * founders the first FOUNDERS_MOST are looked at, so that the work stays linear. */
#include "scan/families.h"

#include <stdlib.h>

#include "base/alloc.h"

enum { FOUNDERS_MOST = 64 };

#define NONE SIZE_MAX

/* A hash of a founder; those of one slot are a chain. */
typedef struct posting {
    size_t founder, next;
} posting;

typedef struct founder_index {
    const sketch *sketches;
    size_t *slots; /* [slot_count], a power of two: the first posting, or NONE */
    size_t slot_count;
    posting *postings;
    size_t count;
} founder_index;

static size_t *slot_of(const founder_index *index, uint32_t hash)
{
    return &index->slots[(hash * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (index->slot_count - 1)];
}

static void add_founder(founder_index *index, size_t founder)
{
    const sketch *s = &index->sketches[founder];
    for (int i = 0; i < SKETCH_HASHES && s->hashes[i] != UINT32_MAX; i++) {
        size_t *slot = slot_of(index, s->hashes[i]);
        index->postings[index->count] = (posting){founder, *slot};
        *slot = index->count++;
    }
}

/* The first founder that the sketch is near-identical to, or NONE. */
static size_t find_founder(const founder_index *index, const sketch *s)
{
    size_t first = NONE;
    for (int i = 0; i < SKETCH_HASHES && s->hashes[i] != UINT32_MAX; i++) {
        int looked = 0;
        for (size_t at = *slot_of(index, s->hashes[i]); at != NONE && looked < FOUNDERS_MOST;
             at = index->postings[at].next, looked++) {
            const size_t founder = index->postings[at].founder;
            if (founder < first && sketch_shared(s, &index->sketches[founder]) >= SKETCH_SHARED)
                first = founder;
        }
    }
    return first;
}

static bool index_create(founder_index *index, const sketch *sketches, size_t count)
{
    *index = (founder_index){.sketches = sketches, .slot_count = 1024};
    while (index->slot_count < SKETCH_HASHES * count) index->slot_count *= 2;
    index->slots = dmg_alloc(index->slot_count, sizeof *index->slots);
    index->postings = dmg_alloc(SKETCH_HASHES * count, sizeof *index->postings);
    if (!index->slots || !index->postings) return false;
    for (size_t i = 0; i < index->slot_count; i++) index->slots[i] = NONE;
    return true;
}

bool families_find(size_t *family, const sketch *sketches, size_t count)
{
    founder_index index;
    const bool made = index_create(&index, sketches, count);
    for (size_t i = 0; made && i < count; i++) {
        const size_t founder = find_founder(&index, &sketches[i]);
        family[i] = founder == NONE ? i : founder;
        if (founder == NONE) add_founder(&index, i);
    }
    free(index.slots);
    free(index.postings);
    return made;
}
