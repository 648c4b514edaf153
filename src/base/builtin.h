/* SPDX-License-Identifier: MIT */
/* Files that are compiled in, turned into C at build time by scripts/embed.py:
 * models/NAME.safetensors, architectures/NAME.json, and what pages of HTML are made of. */
#ifndef DMG_BASE_BUILTIN_H
#define DMG_BASE_BUILTIN_H

#include <stddef.h>
#include <stdint.h>

typedef struct builtin_file {
    const char *name;
    const uint8_t *bytes;
    size_t size;
} builtin_file;

/* The default one first; each ends with a NULL name. */
extern const builtin_file builtin_models[];
extern const builtin_file builtin_architectures[];
extern const builtin_file builtin_mature[];
extern const builtin_file builtin_page_parts[];

/* The i-th name of a table; NULL past the last. */
const char *builtin_name(const builtin_file *table, size_t i);

/* The entry of that name, or NULL. */
const builtin_file *builtin_find(const builtin_file *table, const char *name);

/* All names, "human, cross-species", cut off where `capacity` ends. */
void builtin_list(char *text, size_t capacity, const builtin_file *table);

#endif
