/* SPDX-License-Identifier: MIT */
/* The head of a block. */
#include "scan/block.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void block_write_head(char *text, const block_head *head)
{
    char line[BLOCK_HEAD + 1];
    const int length =
        snprintf(line, sizeof line,
                 "@ item %016" PRIx64 " letters %016" PRIx64 " loci %016" PRIx64
                 " digest %016" PRIx64 " size %016" PRIx64 " sum %016" PRIx64 "\n",
                 head->item, head->letters, head->loci, head->digest, head->size, head->checksum);
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
               "@ item %" SCNx64 " letters %" SCNx64 " loci %" SCNx64 " digest %" SCNx64
               " size %" SCNx64 " sum %" SCNx64,
               &head->item, &head->letters, &head->loci, &head->digest, &head->size,
               &head->checksum) != 6)
        return false;
    /* What sscanf lets pass beyond that, writing it again shows. */
    block_write_head(again, head);
    return memcmp(again, text, BLOCK_HEAD) == 0;
}
