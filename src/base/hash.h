/* SPDX-License-Identifier: MIT */
/* FNV-1a with 64 bits (Fowler, Noll & Vo), by which files notice damage and changed input; it does
 * not protect against forgery. */
#ifndef DMG_BASE_HASH_H
#define DMG_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define DMG_HASH_START UINT64_C(0xcbf29ce484222325) /* the hash of no bytes */

/* The hash of what `hash` covers, followed by these bytes. */
static inline uint64_t dmg_hash_bytes(uint64_t hash, const void *bytes, size_t size)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < size; i++) hash = (hash ^ byte[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* The same, followed by a number, its lowest byte first on every machine. */
static inline uint64_t dmg_hash_number(uint64_t hash, uint64_t number)
{
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++) bytes[i] = (unsigned char)(number >> 8 * i);
    return dmg_hash_bytes(hash, bytes, sizeof bytes);
}

#endif
