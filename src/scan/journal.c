/* SPDX-License-Identifier: MIT */
/* Journals: blocks in a file that may be cut off anywhere and continued.
 *
 *   deepmirgene-scan 1 {JSON}          what makes two scans the same
 *   shard I N
 *   @ item ...                         blocks (block.h, scanner.c)
 *   @ end items ITEMS letters LETTERS digest DIGEST
 *
 * A block is written at once and handed to the system, so that what a killed process leaves is
 * whole blocks and at most a part of one. All of a file is checked whenever it is read.
 */
#include "scan/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/temporary.h"
#include "deepmirgene/calibration.h"
#include "deepmirgene/version.h"
#include "scan/item.h"
#include "scan/regions.h"
#include "scan/source.h"

#define MAGIC          "deepmirgene-scan 1 "
#define LINE_MAX_BYTES 65536 /* of the first two lines */

enum { END_LINE = 78 };

struct dmg_journal {
    char *path; /* as messages show it */
    int fd;
    char *identity; /* the first line */
    journal_facts facts;
    dmg_journal_totals totals;
    uint64_t blocks_at; /* where the first block begins */
    uint64_t at;        /* where the next one is read or written */
    uint64_t size;      /* of the file, when it was opened */
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

const journal_facts *journal_look(const dmg_journal *journal)
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

/* --- identity --- */

/* Adds the sequences of a training, positive and negative. */
static void count_trained(double counts[2], const json_t *training)
{
    const json_t *data = json_object_get(training, "data");
    for (int side = 0; side < 2; side++) {
        size_t i;
        const json_t *file;
        json_array_foreach(json_object_get(data, side == 0 ? "positive" : "negative"), i, file)
            counts[side] += (double)json_integer_value(json_object_get(file, "records"));
    }
}

/* The share of pre-miRNAs that the model's probabilities are for: that of its calibration, or else
 * that among the sequences which it, or its members taken together, were trained with; NaN: not
 * known. */
static double model_prior(const dmg_model *model)
{
    dmg_calibration calibration;
    if (dmg_model_calibration(&calibration, model)) return calibration.prior;
    const char *text = dmg_model_metadata(model, "training");
    json_t *training = text ? json_loads(text, 0, NULL) : NULL;
    const json_t *members = json_object_get(training, "members"), *member;
    double counts[2] = {0, 0};
    size_t m;
    json_array_foreach(members, m, member)
    {
        count_trained(counts, json_object_get(member, "training"));
    }
    if (!members) count_trained(counts, training);
    json_decref(training);
    return counts[0] > 0 && counts[1] > 0 ? counts[0] / (counts[0] + counts[1]) : NAN;
}

static json_t *describe_hairpins(const dmg_hairpin_options *options)
{
    return json_pack("{s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i}", "span", options->span, "shortest",
                     options->shortest, "background", options->background, "max_score",
                     options->max_score, "apart", options->apart, "rivals", options->rivals,
                     "flank", options->flank, "min_pairs", options->min_pairs);
}

static json_t *describe(const dmg_scan_identity *identity)
{
    const dmg_scan_options *options = identity->options;
    const char *name = dmg_model_metadata(identity->model, "name");
    const char *checksum = dmg_model_metadata(identity->model, "checksum");
    const double prior = model_prior(identity->model);
    char regions[17] = "";
    if (identity->regions)
        snprintf(regions, sizeof regions, "%016" PRIx64, regions_digest(identity->regions));
    return json_pack("{s:s, s:s?, s:s?, s:o, s:o, s:b, s:b, s:b, s:s, s:f, s:f, s:I, s:I}",
                     "program", dmg_version_info().version, "model", name, "model_checksum",
                     checksum, "model_prior", isnan(prior) ? json_null() : json_real(prior),
                     "hairpins", describe_hairpins(&options->hairpins), "plus", options->plus,
                     "minus", options->minus, "circular", options->circular, "regions", regions,
                     "threshold", options->threshold, "decoys", options->decoys, "seed",
                     (json_int_t)options->seed, "chunk", (json_int_t)options->chunk);
}

/* The first line, the caller's to free; NULL when memory is out. */
static char *identity_line(const dmg_scan_identity *identity)
{
    json_t *object = describe(identity);
    char *json = object ? json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(17)) : NULL;
    json_decref(object);
    const size_t capacity = sizeof MAGIC + (json ? strlen(json) : 0);
    char *line = json ? dmg_alloc(capacity, 1) : NULL;
    if (line) snprintf(line, capacity, "%s%s", MAGIC, json);
    free(json);
    return line;
}

static json_t *parse_identity(const char *line)
{
    return json_loads(line + strlen(MAGIC), 0, NULL);
}

/* A key in which two identities differ; "program" when none is found. */
static const char *find_difference(const char *ours, const char *theirs, char *key, size_t capacity)
{
    json_t *a = parse_identity(ours), *b = parse_identity(theirs);
    const char *name;
    json_t *value;
    snprintf(key, capacity, "program");
    json_object_foreach(a, name, value) if (!json_equal(value, json_object_get(b, name)))
        snprintf(key, capacity, "%s", name);
    json_decref(a);
    json_decref(b);
    return key;
}

static dmg_status another_scan(const dmg_journal *journal, const char *ours, dmg_error *err)
{
    char key[64];
    return dmg_error_set(err, DMG_RANGE,
                         "%s: this belongs to another scan: '%s' differs; give the same data and "
                         "options, or remove it",
                         journal->path, find_difference(ours, journal->identity, key, sizeof key));
}

/* --- writing --- */

static dmg_status write_start(dmg_journal *journal, const dmg_scan_identity *identity,
                              dmg_error *err)
{
    char *line = identity_line(identity);
    const size_t capacity = (line ? strlen(line) : 0) + 64;
    char *start = dmg_alloc(capacity, 1);
    dmg_status st = line && start ? DMG_OK : dmg_error_nomem(err, "a journal");
    if (st == DMG_OK) {
        const int length =
            snprintf(start, capacity, "%s\nshard %u %u\n", line, identity->shard, identity->shards);
        st = write_bytes(journal, start, (size_t)length, err);
    }
    free(start);
    free(line);
    return st;
}

static dmg_status read_start(dmg_journal *journal, dmg_error *err);

dmg_status dmg_journal_create(dmg_journal **out, const char *path,
                              const dmg_scan_identity *identity, dmg_error *err)
{
    dmg_journal *journal = NULL;
    dmg_status st = journal_alloc(&journal, path ? path : "a temporary file", err);
    if (st != DMG_OK) return st;
    if (!path)
        st = dmg_temporary_open(&journal->fd, err);
    else if ((journal->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666)) < 0)
        st = write_failed(journal, err);
    if (st == DMG_OK) st = write_start(journal, identity, err);
    if (st == DMG_OK) st = read_start(journal, err);
    if (st == DMG_OK)
        *out = journal;
    else
        dmg_journal_close(journal);
    return st;
}

static void count_block(dmg_journal *journal, const block_head *head)
{
    journal->totals.items++;
    journal->totals.letters += head->letters;
    journal->totals.loci += head->loci;
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
        return dmg_error_set(err, DMG_FORMAT, "%s: block %llu is wanted, and this is not it",
                             journal->path, (unsigned long long)next_item(journal));
    const dmg_status st = write_bytes(journal, block, size, err);
    if (st == DMG_OK) count_block(journal, &head);
    return st;
}

static const char end_format[] =
    "@ end items %016" PRIx64 " letters %016" PRIx64 " digest %016" PRIx64 "\n";

dmg_status dmg_journal_finish(dmg_journal *journal, const dmg_scan_source *source, dmg_error *err)
{
    char line[END_LINE + 1];
    const source_totals totals = source_count(source);
    snprintf(line, sizeof line, end_format, totals.items, totals.letters, totals.digest);
    dmg_status st = write_bytes(journal, line, strlen(line), err);
    if (st == DMG_OK && fsync(journal->fd) != 0 && errno != EINVAL) st = write_failed(journal, err);
    journal->facts.items = totals.items;
    journal->facts.letters = totals.letters;
    journal->facts.digest = totals.digest;
    return st;
}

/* --- reading --- */

static dmg_status no_journal(const dmg_journal *journal, dmg_error *err)
{
    return dmg_error_set(err, DMG_FORMAT, "%s: no journal of deepmirgene scan, or a damaged one",
                         journal->path);
}

static dmg_status take_facts(dmg_journal *journal, dmg_error *err)
{
    json_t *identity = parse_identity(journal->identity);
    const json_t *prior = json_object_get(identity, "model_prior");
    const json_t *decoys = json_object_get(identity, "decoys");
    journal->facts.identity = journal->identity;
    journal->facts.prior = json_is_real(prior) ? json_real_value(prior) : NAN;
    journal->facts.decoys = json_number_value(decoys);
    const bool good = json_is_number(decoys);
    json_decref(identity);
    return good ? DMG_OK : no_journal(journal, err);
}

/* The first two lines. */
static dmg_status read_start(dmg_journal *journal, dmg_error *err)
{
    struct stat about;
    if (fstat(journal->fd, &about) != 0)
        return dmg_error_set(err, DMG_IO, "%s: %s", journal->path, strerror(errno));
    journal->size = (uint64_t)about.st_size;
    char *text = dmg_alloc(LINE_MAX_BYTES + 1, 1);
    if (!text) return dmg_error_nomem(err, "a journal");
    size_t got;
    dmg_status st = read_bytes(journal, 0, text, LINE_MAX_BYTES, &got, err);
    if (st != DMG_OK) {
        free(text);
        return st;
    }
    text[got] = '\0';
    char *end = strchr(text, '\n'), *second = end ? strchr(end + 1, '\n') : NULL;
    int used = -1;
    if (second && strncmp(text, MAGIC, strlen(MAGIC)) == 0)
        (void)sscanf(end + 1, "shard %u %u%n", &journal->facts.shard, &journal->facts.shards,
                     &used);
    const bool good =
        used > 0 && end + 1 + used == second && journal->facts.shard < journal->facts.shards;
    free(journal->identity);
    journal->identity = good ? dmg_copy_text(text, (size_t)(end - text)) : NULL;
    journal->blocks_at = good ? (uint64_t)(second + 1 - text) : 0;
    journal->at = journal->blocks_at;
    free(text);
    if (!good) return no_journal(journal, err);
    if (!journal->identity) return dmg_error_nomem(err, "a journal");
    return take_facts(journal, err);
}

/* The block at `at` up to its end, if there is a whole one: *some. */
static dmg_status read_block(dmg_journal *journal, block_head *head, bool *some, dmg_error *err)
{
    char text[BLOCK_HEAD];
    size_t got;
    *some = false;
    dmg_status st = read_bytes(journal, journal->at, text, sizeof text, &got, err);
    if (st != DMG_OK || got < sizeof text) return st;
    if (!block_read_head(text, head) || head->item != next_item(journal))
        return journal_damaged(journal, journal->at, err);
    if (head->size > journal->size - journal->at - BLOCK_HEAD) return DMG_OK;
    const size_t size = (size_t)head->size;
    if (!dmg_grow(&journal->body, &journal->body_capacity, size + 1, 1))
        return dmg_error_nomem(err, "a journal");
    st = journal_read_at(journal, journal->at + BLOCK_HEAD, journal->body, size, err);
    if (st != DMG_OK) return st;
    if (dmg_hash_bytes(DMG_HASH_START, journal->body, size) != head->checksum)
        return journal_damaged(journal, journal->at, err);
    journal->at += BLOCK_HEAD + size;
    count_block(journal, head);
    *some = true;
    return DMG_OK;
}

/* Whether the last line, and nothing else, stands at `at`. */
static dmg_status read_end(dmg_journal *journal, bool *ended, dmg_error *err)
{
    char text[END_LINE + 2], again[END_LINE + 1];
    size_t got;
    const dmg_status st = read_bytes(journal, journal->at, text, END_LINE + 1, &got, err);
    *ended = false;
    if (st != DMG_OK || got != END_LINE) return st;
    text[got] = '\0';
    journal_facts *facts = &journal->facts;
    if (sscanf(text, "@ end items %" SCNx64 " letters %" SCNx64 " digest %" SCNx64, &facts->items,
               &facts->letters, &facts->digest) != 3)
        return DMG_OK;
    snprintf(again, sizeof again, end_format, facts->items, facts->letters, facts->digest);
    *ended = strcmp(text, again) == 0;
    return DMG_OK;
}

dmg_status journal_rewind(dmg_journal *journal, dmg_error *err)
{
    struct stat about;
    if (fstat(journal->fd, &about) != 0)
        return dmg_error_set(err, DMG_IO, "%s: %s", journal->path, strerror(errno));
    journal->size = (uint64_t)about.st_size;
    journal->at = journal->blocks_at;
    journal->totals = (dmg_journal_totals){0};
    return DMG_OK;
}

dmg_status journal_next(dmg_journal *journal, block_head *head, char **text, uint64_t *at,
                        bool *some, dmg_error *err)
{
    *some = false;
    if (next_item(journal) >= journal->facts.items) return DMG_OK;
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
    if (journal->fd < 0)
        st = dmg_error_set(err, DMG_IO, "%s: cannot open: %s", path, strerror(errno));
    if (st == DMG_OK) st = read_start(journal, err);
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
    journal->at = journal->size > END_LINE ? journal->size - END_LINE : 0;
    st = read_end(journal, &ended, err);
    if (st == DMG_OK && (!ended || journal->at < journal->blocks_at))
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
                             "%s: this belongs to a scan of other sequences; give the same data "
                             "and options, or remove it",
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

dmg_status dmg_journal_resume(dmg_journal **out, const char *path,
                              const dmg_scan_identity *identity, dmg_scan_source *source,
                              dmg_error *err)
{
    dmg_journal *journal = NULL;
    dmg_status st = open_existing(&journal, path, O_RDWR, err);
    if (st != DMG_OK) return st;
    char *line = identity_line(identity);
    if (!line)
        st = dmg_error_nomem(err, "a journal");
    else if (strcmp(line, journal->identity) != 0)
        st = another_scan(journal, line, err);
    else if (journal->facts.shard != identity->shard || journal->facts.shards != identity->shards)
        st = dmg_error_set(err, DMG_RANGE, "%s: this is shard %u/%u, not %u/%u", path,
                           journal->facts.shard + 1, journal->facts.shards, identity->shard + 1,
                           identity->shards);
    if (st == DMG_OK) st = pass_items(journal, source, err);
    /* What stands behind the last whole block is written anew. */
    if (st == DMG_OK && ftruncate(journal->fd, (off_t)journal->at) != 0)
        st = write_failed(journal, err);
    free(line);
    if (st == DMG_OK)
        *out = journal;
    else
        dmg_journal_close(journal);
    return st;
}
