/* SPDX-License-Identifier: MIT */
/* The lines around the blocks of a journal. A line is read by taking the numbers out of it, writing
 * it again from them, and comparing: so the writer alone says how a line looks. */
#include "scan/journal_lines.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

static const char magic[] = "deepmirgene-scan 3 ";

bool journal_write_start(scan_text *out, const journal_start *start)
{
    const size_t from = out->size;
    if (!text_append(out, "%s%.*s\nshard %u %u", magic, (int)start->identity_length,
                     start->identity, start->shard, start->shards))
        return false;
    const uint64_t sum = dmg_hash_bytes(DMG_HASH_START, out->bytes + from, out->size - from);
    return text_append(out, " sum %016" PRIx64 "\n", sum);
}

bool journal_read_start(journal_start *start, size_t *length, const char *text)
{
    const char *end = strchr(text, '\n'), *second = end ? strchr(end + 1, '\n') : NULL;
    const size_t magic_length = sizeof magic - 1;
    if (!second || strncmp(text, magic, magic_length) != 0 ||
        sscanf(end + 1, "shard %u %u", &start->shard, &start->shards) != 2)
        return false;
    start->identity = text + magic_length;
    start->identity_length = (size_t)(end - start->identity);
    *length = (size_t)(second + 1 - text);
    scan_text again = {0};
    const bool good = journal_write_start(&again, start) && again.size == *length &&
                      memcmp(again.bytes, text, *length) == 0;
    free(again.bytes);
    return good && start->shard < start->shards;
}

void journal_write_end(char *text, const journal_end *end)
{
    char line[JOURNAL_END + 1];
    const int length = snprintf(
        line, sizeof line, "@ end items %016" PRIx64 " bases %016" PRIx64 " digest %016" PRIx64,
        end->items, end->bases, end->digest);
    const uint64_t sum = dmg_hash_bytes(DMG_HASH_START, line, (size_t)length);
    const int rest =
        snprintf(line + length, sizeof line - (size_t)length, " sum %016" PRIx64 "\n", sum);
    assert(length + rest == JOURNAL_END);
    (void)rest;
    memcpy(text, line, JOURNAL_END);
}

bool journal_read_end(const char *text, journal_end *end)
{
    char line[JOURNAL_END + 1], again[JOURNAL_END];
    memcpy(line, text, JOURNAL_END);
    line[JOURNAL_END] = '\0';
    if (sscanf(line, "@ end items %" SCNx64 " bases %" SCNx64 " digest %" SCNx64, &end->items,
               &end->bases, &end->digest) != 3)
        return false;
    journal_write_end(again, end);
    return memcmp(again, text, JOURNAL_END) == 0;
}
