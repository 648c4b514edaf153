/* SPDX-License-Identifier: MIT */
/* Reading journals back. */
#ifndef DMG_SCAN_JOURNAL_H
#define DMG_SCAN_JOURNAL_H

#include "deepmirgene/scan.h"
#include "scan/block.h"
#include "scan/identity.h"
#include "scan/journal_lines.h"

/* What its first two lines and its last one say. */
typedef struct journal_facts {
    const char *identity; /* JSON */
    scan_facts scan;      /* likewise, as numbers */
    unsigned shard, shards;
    journal_end end; /* of a finished journal */
} journal_facts;

const journal_facts *journal_facts_of(const dmg_journal *journal);

/* Back to the first block. */
dmg_status journal_rewind(dmg_journal *journal, dmg_error *err);

/* The next block: its body is text[0 .. head->size) with a NUL behind it, and begins at byte *at of
 * the file; the caller may change it, until the next call. *some false: there is none left. */
dmg_status journal_next(dmg_journal *journal, block_head *head, char **text, uint64_t *at,
                        bool *some, dmg_error *err);

/* Bytes [at, at + size) of the file, written to text with a NUL behind them. */
dmg_status journal_read_at(dmg_journal *journal, uint64_t at, char *text, size_t size,
                           dmg_error *err);

/* A line of the file that is not what it should be. */
dmg_status journal_damaged(const dmg_journal *journal, uint64_t at, dmg_error *err);

/* How messages name it. */
const char *journal_name(const dmg_journal *journal);

#endif
