/* SPDX-License-Identifier: MIT */
/* Journals: blocks in a file that may be cut off anywhere and continued; journal_lines.h has the
 * lines around them.
 *
 * A block is written at once and handed to the system, so that a killed process leaves whole blocks
 * and at most a part of one. A journal with a name is flushed to the disk once a second. After a
 * power cut a file may end in zeros in place of its last bytes: these are cut off as well. All of a
 * file is checked whenever it is read.
 */
#include "scan/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/durable.h"
#include "base/error.h"
#include "base/partial.h"
#include "base/temporary.h"
#include "scan/item.h"
#include "scan/journal_lines.h"
#include "scan/source.h"

struct dmg_journal {
    char *path; /* as messages show it */
    int fd;
    bool has_name; /* else it is gone when it is closed */
    durable_pace pace;
    char *identity; /* JSON */
    journal_facts facts;
    dmg_journal_totals totals;
    uint64_t blocks_at; /* where the first block begins */
    uint64_t at;        /* where the next one is read or written */
    uint64_t size;      /* of the file when it was opened, without zeros at its end */
    char *body;
    size_t body_capacity;
};

static dmg_status journal_alloc(dmg_journal **out, const char *path, dmg_error *err)
{
    dmg_journal *journal = dmg_alloc_zero(1, sizeof *journal);
    if (journal) journal->path = dmg_copy_text(path, strlen(path));
    if (!journal || !journal->path) {
        free(journal);
        return dmg_error_nomem(err, "a journal");
    }
    journal->fd = -1;
    *out = journal;
    return DMG_OK;
}

void dmg_journal_close(dmg_journal *journal)
{
    if (!journal) return;
    if (journal->fd >= 0) close(journal->fd);
    free(journal->path);
    free(journal->identity);
    free(journal->body);
    free(journal);
}

const journal_facts *journal_facts_of(const dmg_journal *journal)
{
    return &journal->facts;
}

dmg_journal_totals dmg_journal_count(const dmg_journal *journal)
{
    return journal->totals;
}

const char *journal_name(const dmg_journal *journal)
{
    return journal->path;
}

dmg_status journal_damaged(const dmg_journal *journal, uint64_t at, dmg_error *err)
{
    return dmg_error_set(err, DMG_FORMAT, "%s: damaged at byte %llu", journal->path,
                         (unsigned long long)at);
}

/* --- bytes --- */

static dmg_status write_failed(const dmg_journal *journal, dmg_error *err)
{
    return dmg_error_set(err, DMG_IO, "cannot write %s: %s", journal->path, strerror(errno));
}

/* At `at`, which moves on. */
static dmg_status write_bytes(dmg_journal *journal, const char *bytes, size_t size, dmg_error *err)
{
    while (size > 0) {
        const ssize_t written = pwrite(journal->fd, bytes, size, (off_t)journal->at);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return write_failed(journal, err);
        journal->at += (uint64_t)written;
        bytes += written;
        size -= (size_t)written;
    }
    return DMG_OK;
}

/* What has no name is lost in a power cut anyway. */
static dmg_status flush_if_due(dmg_journal *journal, dmg_error *err)
{
    if (!journal->has_name || !durable_is_due(&journal->pace)) return DMG_OK;
    const bool flushed = durable_content(journal->fd);
    durable_mark(&journal->pace);
    return flushed ? DMG_OK : write_failed(journal, err);
}

/* Up to `size` bytes; *got is fewer only at the end of the file. */
static dmg_status read_bytes(const dmg_journal *journal, uint64_t at, char *bytes, size_t size,
                             size_t *got, dmg_error *err)
{
    *got = 0;
    while (*got < size) {
        const ssize_t count = pread(journal->fd, bytes + *got, size - *got, (off_t)(at + *got));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0)
            return dmg_error_set(err, DMG_IO, "%s: reading failed: %s", journal->path,
                                 strerror(errno));
        if (count == 0) break;
        *got += (size_t)count;
    }
    return DMG_OK;
}

dmg_status journal_read_at(dmg_journal *journal, uint64_t at, char *text, size_t size,
                           dmg_error *err)
{
    size_t got;
    const dmg_status st = read_bytes(journal, at, text, size, &got, err);
    if (st != DMG_OK) return st;
    if (got < size) return journal_damaged(journal, at, err);
    text[size] = '\0';
    return DMG_OK;
}

/* The size of the file without zeros at its end, of which text has none. */
static dmg_status measure(dmg_journal *journal, dmg_error *err)
{
    /* Not by fstat, which Emscripten refuses for a nameless file. */
    const off_t end = lseek(journal->fd, 0, SEEK_END);
    if (end < 0) return dmg_error_set(err, DMG_IO, "%s: %s", journal->path, strerror(errno));
    journal->size = (uint64_t)end;
    char bytes[4096];
    size_t got = 0;
    dmg_status st = DMG_OK;
    for (bool zero = true; st == DMG_OK && zero && journal->size > 0;) {
        const uint64_t from = (journal->size - 1) / sizeof bytes * sizeof bytes;
        st = read_bytes(journal, from, bytes, (size_t)(journal->size - from), &got, err);
        while (got > 0 && bytes[got - 1] == '\0') got--;
        zero = st == DMG_OK && got == 0;
        if (st == DMG_OK) journal->size = from + got;
    }
    return st;
}

/* --- writing --- */

/* The first two lines as this scan writes them. */
static dmg_status make_start(scan_text *text, const dmg_scan_identity *identity, dmg_error *err)
{
    char *json = identity_write(identity);
    const bool made =
        json && journal_write_start(text, &(journal_start){.identity = json,
                                                           .identity_length = strlen(json),
                                                           .shard = identity->shard,
                                                           .shards = identity->shards});
    free(json);
    return made ? DMG_OK : dmg_error_nomem(err, "a journal");
}

static dmg_status write_start(dmg_journal *journal, const dmg_scan_identity *identity,
                              dmg_error *err)
{
    scan_text start = {0};
    dmg_status st = make_start(&start, identity, err);
    journal->at = 0;
    if (st == DMG_OK) st = write_bytes(journal, start.bytes, start.size, err);
    free(start.bytes);
    return st;
}

static dmg_status read_start(dmg_journal *journal, dmg_error *err);

static dmg_status create_file(dmg_journal *journal, dmg_error *err)
{
    journal->fd = open(journal->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    journal->has_name = journal->fd >= 0;
    return journal->has_name ? DMG_OK : write_failed(journal, err);
}

dmg_status dmg_journal_create(dmg_journal **out, const char *path,
                              const dmg_scan_identity *identity, dmg_error *err)
{
    dmg_journal *journal = NULL;
    dmg_status st = journal_alloc(&journal, path ? path : "a temporary file", err);
    if (st != DMG_OK) return st;
    st = path ? create_file(journal, err) : dmg_temporary_open(&journal->fd, err);
    if (st == DMG_OK) st = write_start(journal, identity, err);
    if (st == DMG_OK) st = read_start(journal, err);
    if (st == DMG_OK && path && partial_sync_folder(path) != 0) st = write_failed(journal, err);
    if (st == DMG_OK) {
        *out = journal;
        return st;
    }
    if (journal->has_name) (void)unlink(path);
    dmg_journal_close(journal);
    return st;
}

static void count_block(dmg_journal *journal, const block_head *head)
{
    journal->totals.items++;
    journal->totals.bases += head->bases;
    journal->totals.loci += head->loci;
    journal->totals.levels |= (unsigned)head->levels;
}

/* The number of the item whose block comes next. */
static uint64_t next_item(const dmg_journal *journal)
{
    return journal->facts.shard + journal->totals.items * journal->facts.shards;
}

dmg_status dmg_journal_append(dmg_journal *journal, const char *block, size_t size, dmg_error *err)
{
    block_head head;
    if (size < BLOCK_HEAD || !block_read_head(block, &head) || head.size != size - BLOCK_HEAD ||
        head.item != next_item(journal))
        return dmg_error_set(err, DMG_FORMAT, "%s: expected block %llu, found another",
                             journal->path, (unsigned long long)next_item(journal));
    const dmg_status st = write_bytes(journal, block, size, err);
    if (st != DMG_OK) return st;
    count_block(journal, &head);
    return flush_if_due(journal, err);
}

dmg_status dmg_journal_finish(dmg_journal *journal, const dmg_scan_source *source, dmg_error *err)
{
    char line[JOURNAL_END];
    const source_totals totals = source_count(source);
    journal->facts.end = (journal_end){totals.items, totals.bases, totals.digest};
    journal_write_end(line, &journal->facts.end);
    dmg_status st = write_bytes(journal, line, sizeof line, err);
    if (st == DMG_OK && !durable_file(journal->fd)) st = write_failed(journal, err);
    return st;
}

/* --- reading --- */

static dmg_status no_journal(const dmg_journal *journal, dmg_error *err)
{
    return dmg_error_set(err, DMG_FORMAT,
                         "%s: not a journal of this version of deepmirgene scan, or damaged",
                         journal->path);
}

/* The first two lines. */
static dmg_status read_start(dmg_journal *journal, dmg_error *err)
{
    dmg_status st = measure(journal, err);
    char *text = dmg_alloc(JOURNAL_START_MOST + 1, 1);
    if (st == DMG_OK && !text) st = dmg_error_nomem(err, "a journal");
    size_t got = 0, length = 0;
    if (st == DMG_OK) st = read_bytes(journal, 0, text, JOURNAL_START_MOST, &got, err);
    if (st == DMG_OK) {
        journal_start start;
        text[got] = '\0';
        if (!journal_read_start(&start, &length, text)) st = no_journal(journal, err);
        if (st == DMG_OK) {
            free(journal->identity);
            journal->identity = dmg_copy_text(start.identity, start.identity_length);
            if (!journal->identity) st = dmg_error_nomem(err, "a journal");
        }
        journal->facts.shard = start.shard;
        journal->facts.shards = start.shards;
    }
    free(text);
    bool no_memory;
    if (st == DMG_OK && !identity_read(&journal->facts.scan, journal->identity, &no_memory))
        st = no_memory ? dmg_error_nomem(err, "a journal") : no_journal(journal, err);
    journal->facts.identity = journal->identity;
    journal->at = journal->blocks_at = length;
    return st;
}

/* The block at `at` up to its end, if there is a whole one: *some. */
static dmg_status read_block(dmg_journal *journal, block_head *head, bool *some, dmg_error *err)
{
    char text[BLOCK_HEAD];
    size_t got;
    *some = false;
    if (journal->size - journal->at < BLOCK_HEAD) return DMG_OK;
    dmg_status st = read_bytes(journal, journal->at, text, sizeof text, &got, err);
    if (st != DMG_OK) return st;
    if (got < sizeof text || !block_read_head(text, head) || head->item != next_item(journal))
        return journal_damaged(journal, journal->at, err);
    if (head->size > journal->size - journal->at - BLOCK_HEAD) return DMG_OK;
    const size_t size = (size_t)head->size;
    if (!dmg_grow(&journal->body, &journal->body_capacity, size + 1, 1))
        return dmg_error_nomem(err, "a journal");
    st = journal_read_at(journal, journal->at + BLOCK_HEAD, journal->body, size, err);
    if (st != DMG_OK) return st;
    if (block_checksum(head, journal->body) != head->checksum)
        return journal_damaged(journal, journal->at, err);
    journal->at += BLOCK_HEAD + size;
    count_block(journal, head);
    *some = true;
    return DMG_OK;
}

/* Whether the last line, and nothing else, is at `at`. */
static dmg_status read_end(dmg_journal *journal, bool *ended, dmg_error *err)
{
    char text[JOURNAL_END];
    size_t got;
    *ended = false;
    if (journal->size - journal->at != JOURNAL_END) return DMG_OK;
    const dmg_status st = read_bytes(journal, journal->at, text, sizeof text, &got, err);
    *ended = st == DMG_OK && got == sizeof text && journal_read_end(text, &journal->facts.end);
    return st;
}

dmg_status journal_rewind(dmg_journal *journal, dmg_error *err)
{
    journal->at = journal->blocks_at;
    journal->totals = (dmg_journal_totals){0};
    return measure(journal, err);
}

dmg_status journal_next(dmg_journal *journal, block_head *head, char **text, uint64_t *at,
                        bool *some, dmg_error *err)
{
    *some = false;
    if (next_item(journal) >= journal->facts.end.items) return DMG_OK;
    const dmg_status st = read_block(journal, head, some, err);
    if (st != DMG_OK) return st;
    if (!*some) return journal_damaged(journal, journal->at, err);
    *text = journal->body;
    *at = journal->at - head->size;
    return DMG_OK;
}

/* --- finished and unfinished journals --- */

static dmg_status open_existing(dmg_journal **out, const char *path, int mode, dmg_error *err)
{
    dmg_journal *journal = NULL;
    dmg_status st = journal_alloc(&journal, path, err);
    if (st != DMG_OK) return st;
    journal->fd = open(path, mode | O_CLOEXEC);
    journal->has_name = true;
    if (journal->fd < 0)
        st = dmg_error_set(err, DMG_IO, "%s: cannot open: %s", path, strerror(errno));
    if (st == DMG_OK)
        *out = journal;
    else
        dmg_journal_close(journal);
    return st;
}

dmg_status dmg_journal_open(dmg_journal **out, const char *path, dmg_error *err)
{
    dmg_journal *journal = NULL;
    dmg_status st = open_existing(&journal, path, O_RDONLY, err);
    if (st != DMG_OK) return st;
    bool ended = false;
    st = read_start(journal, err);
    if (st == DMG_OK && journal->size >= journal->blocks_at + JOURNAL_END) {
        journal->at = journal->size - JOURNAL_END;
        st = read_end(journal, &ended, err);
    }
    if (st == DMG_OK && !ended)
        st = dmg_error_set(err, DMG_FORMAT, "%s: this part of a scan is not finished", path);
    if (st == DMG_OK) st = journal_rewind(journal, err);
    if (st == DMG_OK)
        *out = journal;
    else
        dmg_journal_close(journal);
    return st;
}

/* Takes the source past the next item of the journal's shard and compares it with its block. */
static dmg_status pass_item(dmg_journal *journal, const block_head *head, dmg_scan_source *source,
                            dmg_scan_item *item, dmg_error *err)
{
    bool some = true;
    dmg_status st = DMG_OK;
    do st = dmg_scan_source_next(source, item, &some, err);
    while (st == DMG_OK && some && item->number < head->item);
    if (st == DMG_OK && (!some || item->digest != head->digest))
        return dmg_error_set(err, DMG_RANGE,
                             "%s: journal of a scan of other sequences; give the same data and "
                             "options, or remove the file",
                             journal->path);
    return st;
}

static dmg_status pass_items(dmg_journal *journal, dmg_scan_source *source, dmg_error *err)
{
    dmg_scan_item *item = NULL;
    dmg_status st = dmg_scan_item_create(&item, err);
    bool some = true, ended = false;
    while (st == DMG_OK && some) {
        block_head head;
        st = read_end(journal, &ended, err);
        if (st != DMG_OK || ended) break;
        st = read_block(journal, &head, &some, err);
        if (st == DMG_OK && some) st = pass_item(journal, &head, source, item, err);
    }
    dmg_scan_item_destroy(item);
    return st;
}

/* A journal that was cut off in its first two lines, or before them, begins again. */
static dmg_status mend_start(dmg_journal *journal, const dmg_scan_identity *identity,
                             dmg_error *err)
{
    scan_text start = {0};
    dmg_status st = make_start(&start, identity, err);
    if (st == DMG_OK) st = measure(journal, err);
    if (st == DMG_OK && journal->size < start.size) {
        char *text = dmg_alloc((size_t)journal->size + 1, 1);
        if (!text) st = dmg_error_nomem(err, "a journal");
        if (st == DMG_OK) st = journal_read_at(journal, 0, text, (size_t)journal->size, err);
        if (st == DMG_OK && memcmp(text, start.bytes, (size_t)journal->size) == 0)
            st = write_start(journal, identity, err);
        free(text);
    }
    free(start.bytes);
    return st;
}

/* Whether it is of the scan that is to be continued. */
static dmg_status check_identity(const dmg_journal *journal, const dmg_scan_identity *identity,
                                 dmg_error *err)
{
    char *ours = identity_write(identity), name[64];
    if (!ours) return dmg_error_nomem(err, "a journal");
    dmg_status st = DMG_OK;
    if (strcmp(ours, journal->identity) != 0) {
        identity_difference(name, sizeof name, ours, journal->identity);
        st = dmg_error_set(err, DMG_RANGE,
                           "%s: journal of another scan: '%s' differs; give the same data and "
                           "options, or remove the file",
                           journal->path, name);
    } else if (journal->facts.shard != identity->shard ||
               journal->facts.shards != identity->shards) {
        st = dmg_error_set(err, DMG_RANGE, "%s: this is shard %u/%u, not %u/%u", journal->path,
                           journal->facts.shard + 1, journal->facts.shards, identity->shard + 1,
                           identity->shards);
    }
    free(ours);
    return st;
}

dmg_status dmg_journal_resume(dmg_journal **out, const char *path,
                              const dmg_scan_identity *identity, dmg_scan_source *source,
                              dmg_error *err)
{
    dmg_journal *journal = NULL;
    dmg_status st = open_existing(&journal, path, O_RDWR, err);
    if (st != DMG_OK) return st;
    st = mend_start(journal, identity, err);
    if (st == DMG_OK) st = read_start(journal, err);
    if (st == DMG_OK) st = check_identity(journal, identity, err);
    if (st == DMG_OK) st = pass_items(journal, source, err);
    /* Everything after the last whole block is written again. */
    if (st == DMG_OK && ftruncate(journal->fd, (off_t)journal->at) != 0)
        st = write_failed(journal, err);
    if (st == DMG_OK)
        *out = journal;
    else
        dmg_journal_close(journal);
    return st;
}
