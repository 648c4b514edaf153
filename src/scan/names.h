/* SPDX-License-Identifier: MIT */
/* The names of sequences that were read, so that one which comes again is known. */
#ifndef DMG_SCAN_NAMES_H
#define DMG_SCAN_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where a name was read. */
typedef struct name_place {
    size_t file;
    uint64_t line; /* or number of the record, in a file that is looked up */
} name_place;

typedef struct name_entry {
    uint64_t hash; /* of the name; 0: the entry is free */
    name_place place;
} name_entry;

/* A hash table with open addressing, 24 bytes an entry. Names are told apart by hashes of 64 bits.
 * A zeroed one is empty. */
typedef struct name_set {
    name_entry *entries; /* [capacity], a power of two */
    size_t count, capacity;
} name_set;

/* Adds a name. *before: where the same one was read, or NULL. False when memory is out. */
bool names_add(name_set *set, const char *name, name_place place, const name_place **before);

void names_clear(name_set *set);

#endif
