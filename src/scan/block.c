/* SPDX-License-Identifier: MIT */
/* The head of a block. */
#include "scan/block.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"

uint64_t block_checksum(const block_head *head, const char *body)
{
    const uint64_t numbers[] = {head->item,   head->bases,  head->loci,
                                head->levels, head->digest, head->size};
    uint64_t hash = dmg_hash_bytes(DMG_HASH_START, body, (size_t)head->size);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        hash = dmg_hash_number(hash, numbers[i]);
    return hash;
}

void block_write_head(char *text, const block_head *head)
{
    char line[BLOCK_HEAD + 1];
    const int length =
        snprintf(line, sizeof line,
                 "@ item %016" PRIx64 " bases %016" PRIx64 " loci %016" PRIx64 " levels %016" PRIx64
                 " digest %016" PRIx64 " size %016" PRIx64 " sum %016" PRIx64 "\n",
                 head->item, head->bases, head->loci, head->levels, head->digest, head->size,
                 head->checksum);
    assert(length == BLOCK_HEAD);
    (void)length;
    memcpy(text, line, BLOCK_HEAD);
}

bool block_read_head(const char *text, block_head *head)
{
    char line[BLOCK_HEAD + 1], again[BLOCK_HEAD];
    memcpy(line, text, BLOCK_HEAD);
    line[BLOCK_HEAD] = '\0';
    if (sscanf(line,
               "@ item %" SCNx64 " bases %" SCNx64 " loci %" SCNx64 " levels %" SCNx64
               " digest %" SCNx64 " size %" SCNx64 " sum %" SCNx64,
               &head->item, &head->bases, &head->loci, &head->levels, &head->digest, &head->size,
               &head->checksum) != 7)
        return false;
    /* sscanf lets more pass than is ever written: compare with the line written again. */
    block_write_head(again, head);
    return memcmp(again, text, BLOCK_HEAD) == 0;
}
