/* SPDX-License-Identifier: MIT */
/* The lines around the blocks of a journal, written and read:
 *
 *   deepmirgene-scan 3 {JSON}          the identity: what makes two scans the same
 *   shard I N sum SUM                  SUM: FNV-1a of all before " sum"
 *   @ item ...                         blocks (block.h, block_row.h)
 *   @ end items ITEMS bases BASES digest DIGEST sum SUM
 *
 * Numbers of the last line are hexadecimal with sixteen digits, so that its length is fixed.
 */
#ifndef DMG_SCAN_JOURNAL_LINES_H
#define DMG_SCAN_JOURNAL_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scan/text.h"

#define JOURNAL_START_MOST 65536 /* bytes of the first two lines */

enum { JOURNAL_END = 97 }; /* bytes of the last line, its newline included */

typedef struct journal_start {
    const char *identity; /* [identity_length] JSON, no NUL needed */
    size_t identity_length;
    unsigned shard, shards;
} journal_start;

typedef struct journal_end {
    uint64_t items, bases, digest; /* of the whole input */
} journal_end;

/* Appends the first two lines; false when memory is out. */
bool journal_write_start(scan_text *out, const journal_start *start);

/* Reads them from text, which ends in a NUL; *length is theirs. False unless they are there as they
 * are written. */
bool journal_read_start(journal_start *start, size_t *length, const char *text);

/* text [JOURNAL_END], without a NUL. */
void journal_write_end(char *text, const journal_end *end);

/* False unless text [JOURNAL_END] is a last line as it is written. */
bool journal_read_end(const char *text, journal_end *end);

#endif
