/* SPDX-License-Identifier: MIT */
/* The names of sequences that were read. */
#include "scan/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"

enum { FIRST_CAPACITY = 1024 };

/* The entry of the hash, or the free one where it belongs. */
static name_entry *find(const name_set *set, uint64_t hash)
{
    size_t at = (size_t)hash & (set->capacity - 1);
    while (set->entries[at].hash != 0 && set->entries[at].hash != hash)
        at = (at + 1) & (set->capacity - 1);
    return &set->entries[at];
}

/* At most half of the entries are taken. */
static bool reserve(name_set *set)
{
    if (2 * (set->count + 1) <= set->capacity) return true;
    name_set larger = {.capacity = set->capacity > 0 ? 2 * set->capacity : FIRST_CAPACITY,
                       .count = set->count};
    larger.entries = dmg_alloc_zero(larger.capacity, sizeof *larger.entries);
    if (!larger.entries) return false;
    for (size_t i = 0; i < set->capacity; i++)
        if (set->entries[i].hash != 0) *find(&larger, set->entries[i].hash) = set->entries[i];
    free(set->entries);
    *set = larger;
    return true;
}

bool names_add(name_set *set, const char *name, name_place place, const name_place **before)
{
    uint64_t hash = dmg_hash_bytes(DMG_HASH_START, name, strlen(name));
    if (hash == 0) hash = 1;
    *before = NULL;
    if (!reserve(set)) return false;
    name_entry *entry = find(set, hash);
    if (entry->hash != 0) {
        *before = &entry->place;
        return true;
    }
    *entry = (name_entry){hash, place};
    set->count++;
    return true;
}

void names_clear(name_set *set)
{
    free(set->entries);
    *set = (name_set){0};
}
