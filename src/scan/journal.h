/* SPDX-License-Identifier: MIT */
/* Reading journals back. */
#ifndef DMG_SCAN_JOURNAL_H
#define DMG_SCAN_JOURNAL_H

#include "deepmirgene/scan.h"
#include "scan/block.h"

/* What the first two lines and the last one say. */
typedef struct journal_facts {
    const char *identity; /* the first line, without its end */
    unsigned shard, shards;
    double prior;                    /* that the model's probabilities are for; NaN: not known */
    double decoys;                   /* letters for each letter */
    uint64_t items, letters, digest; /* of the whole input; of a finished journal */
} journal_facts;

const journal_facts *journal_look(const dmg_journal *journal);

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
