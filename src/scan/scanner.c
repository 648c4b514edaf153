/* SPDX-License-Identifier: MIT */
/* Items to blocks: candidates found on both strands and on decoys, scored together, written as
 * text (block_row.h). Long candidates are provisional (fold/provisional.h) until their scores are
 * known: few have one for which they are worth the cost of being confirmed. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/nucleotide.h"
#include "base/rng.h"
#include "fold/provisional.h"
#include "scan/block.h"
#include "scan/block_row.h"
#include "scan/item.h"

/* One text that is searched on one strand: the candidates that start in from .. to-1 count. That of
 * a decoy is reversed, and its candidates are placed where they would be if it were not. */
typedef struct search {
    size_t piece;
    bool decoy;
    dmg_strand strand;
    uint64_t text_from, text_to;
    uint64_t from, to;
} search;

/* A candidate: where it is, and where its strings are in the pool. */
typedef struct candidate {
    size_t search, piece;
    bool decoy, provisional, dropped;
    dmg_strand strand;
    uint64_t start, end;
    int energy;
    size_t sequence, structure;
} candidate;

struct dmg_scanner {
    dmg_scan_options options;
    dmg_cpu level; /* of instructions */
    dmg_hairpin_finder *finder;
    dmg_predictor *predictor;
    search *searches; /* of the item */
    size_t search_count, search_capacity;
    candidate *candidates;
    size_t count, capacity;
    dmg_provisional *unconfirmed; /* of a search */
    size_t unconfirmed_capacity;
    char *pool;
    size_t pool_used, pool_capacity;
    dmg_predict_task *tasks; /* [task_capacity] */
    size_t task_capacity;
    char *decoy; /* a reversed text */
    size_t decoy_capacity;
    uint64_t bases, decoy_bases;
};

dmg_status dmg_scanner_create(dmg_scanner **out, const dmg_model *model,
                              const dmg_scan_options *options, dmg_cpu cpu, dmg_error *err)
{
    dmg_status st = dmg_scan_check(options, err);
    if (st == DMG_OK) st = dmg_cpu_resolve(&cpu, err);
    if (st != DMG_OK) return st;
    dmg_scanner *scanner = dmg_alloc_zero(1, sizeof *scanner);
    if (!scanner) return dmg_error_nomem(err, "the scan");
    scanner->options = *options;
    scanner->level = cpu;
    st = dmg_hairpin_finder_create(&scanner->finder, &options->hairpins, cpu, err);
    if (st == DMG_OK) st = dmg_predictor_create(&scanner->predictor, model, 1, cpu, err);
    if (st == DMG_OK) dmg_predictor_use_long(scanner->predictor, true);
    if (st == DMG_OK)
        *out = scanner;
    else
        dmg_scanner_destroy(scanner);
    return st;
}

void dmg_scanner_destroy(dmg_scanner *scanner)
{
    if (!scanner) return;
    dmg_hairpin_finder_destroy(scanner->finder);
    dmg_predictor_destroy(scanner->predictor);
    free(scanner->searches);
    free(scanner->candidates);
    free(scanner->unconfirmed);
    free(scanner->pool);
    free(scanner->tasks);
    free(scanner->decoy);
    free(scanner);
}

/* --- candidates --- */

static bool add_to_pool(dmg_scanner *scanner, const char *text, size_t length, size_t *at)
{
    if (!dmg_grow(&scanner->pool, &scanner->pool_capacity, scanner->pool_used + length, 1))
        return false;
    memcpy(scanner->pool + scanner->pool_used, text, length);
    *at = scanner->pool_used;
    scanner->pool_used += length;
    return true;
}

/* The letters of the search, as they are searched; NULL when memory is out. */
static const char *letters_of(dmg_scanner *scanner, const dmg_scan_item *item, const search *s)
{
    const scan_piece *piece = &item->pieces[s->piece];
    const size_t length = (size_t)(s->text_to - s->text_from);
    const char *text = item->text + piece->text_at + (s->text_from - piece->text_from);
    if (!s->decoy) return text;
    if (!dmg_grow(&scanner->decoy, &scanner->decoy_capacity, length, 1)) return NULL;
    for (size_t i = 0; i < length; i++) scanner->decoy[i] = text[length - 1 - i];
    return scanner->decoy;
}

/* Takes a candidate of the last of the searches. */
static dmg_status take_candidate(dmg_scanner *scanner, const dmg_hairpin *hairpin, bool provisional,
                                 dmg_error *err)
{
    const search *s = &scanner->searches[scanner->search_count - 1];
    candidate new = {.search = scanner->search_count - 1,
                     .piece = s->piece,
                     .decoy = s->decoy,
                     .provisional = provisional,
                     .strand = s->strand,
                     .start = s->text_from + hairpin->start,
                     .end = s->text_from + hairpin->end,
                     .energy = hairpin->energy};
    if (s->decoy) {
        new.start = s->text_to - hairpin->end;
        new.end = s->text_to - hairpin->start;
    }
    if (new.start < s->from || new.start >= s->to) return DMG_OK;
    const size_t length = hairpin->end - hairpin->start;
    if (!dmg_grow(&scanner->candidates, &scanner->capacity, scanner->count + 1,
                  sizeof *scanner->candidates) ||
        !add_to_pool(scanner, hairpin->sequence, length, &new.sequence) ||
        !add_to_pool(scanner, hairpin->structure, length, &new.structure))
        return dmg_error_nomem(err, "candidates");
    scanner->candidates[scanner->count++] = new;
    return DMG_OK;
}

static dmg_status take_short(void *scanner, const dmg_hairpin *hairpin, dmg_error *err)
{
    return take_candidate(scanner, hairpin, false, err);
}

static dmg_status take_long(void *scanner, const dmg_hairpin *hairpin, dmg_error *err)
{
    return take_candidate(scanner, hairpin, true, err);
}

/* The gaps of an assembly are megabases of N, where there is nothing to search. */
static bool is_gap(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (dmg_base_code(text[i]) != BASE_N) return false;
    return true;
}

static dmg_status search_strand(dmg_scanner *scanner, const search *s, const char *text,
                                dmg_error *err)
{
    const size_t length = (size_t)(s->text_to - s->text_from);
    if (!dmg_grow(&scanner->searches, &scanner->search_capacity, scanner->search_count + 1,
                  sizeof *scanner->searches))
        return dmg_error_nomem(err, "candidates");
    scanner->searches[scanner->search_count++] = *s;
    const dmg_status st =
        dmg_hairpins_find_short(scanner->finder, text, length, s->strand, take_short, scanner, err);
    if (st != DMG_OK) return st;
    return dmg_hairpins_find_provisional(scanner->finder, text, length, s->strand, take_long,
                                         scanner, err);
}

/* Searches those strands that are wanted. */
static dmg_status search_strands(dmg_scanner *scanner, const dmg_scan_item *item, search *s,
                                 dmg_error *err)
{
    const dmg_scan_options *options = &scanner->options;
    const char *text = letters_of(scanner, item, s);
    dmg_status st = text ? DMG_OK : dmg_error_nomem(err, "a decoy");
    if (st != DMG_OK || is_gap(text, (size_t)(s->text_to - s->text_from))) return st;
    for (int strand = 0; st == DMG_OK && strand < 2; strand++) {
        s->strand = strand == 0 ? DMG_STRAND_PLUS : DMG_STRAND_MINUS;
        if (strand == 0 ? options->plus : options->minus) st = search_strand(scanner, s, text, err);
    }
    return st;
}

static uint64_t count_bases(const char *text, size_t length)
{
    uint64_t count = 0;
    for (size_t i = 0; i < length; i++) count += dmg_base_code(text[i]) != BASE_N;
    return count;
}

/* --- decoys --- */

/* Searches the reversed sequence for candidates that start in from .. to-1. */
static dmg_status search_decoy(dmg_scanner *scanner, const dmg_scan_item *item, search *s,
                               uint64_t from, uint64_t to, dmg_error *err)
{
    const scan_piece *piece = &item->pieces[s->piece];
    const char *text = item->text + piece->text_at;
    const scan_margins margins = scan_margins_of(&scanner->options);
    const uint64_t text_end = piece->text_from + piece->text_length;
    s->text_from =
        from > piece->text_from + margins.before ? from - margins.before : piece->text_from;
    s->text_to = to + margins.behind < text_end ? to + margins.behind : text_end;
    s->from = from;
    s->to = to;
    scanner->decoy_bases += count_bases(text + (from - piece->text_from), (size_t)(to - from));
    return search_strands(scanner, item, s, err);
}

/* Whether the block of bases belongs to the sample, in which there are `share` of all. The first
 * block of a sequence always does, so that no sample is empty. */
static bool is_sampled(const dmg_scanner *scanner, const char *name, uint64_t block, double share)
{
    dmg_rng rng;
    dmg_rng_init(&rng, scanner->options.seed ^ dmg_hash_bytes(DMG_HASH_START, name, strlen(name)),
                 block);
    return share >= 1 || block == 0 || dmg_rng_uniform(&rng) < share;
}

/* Neighbouring blocks of the sample are searched together. */
static dmg_status search_sample(dmg_scanner *scanner, const dmg_scan_item *item, search *s,
                                double share, dmg_error *err)
{
    const scan_piece *piece = &item->pieces[s->piece];
    const char *name = item->text + piece->name_at;
    dmg_status st = DMG_OK;
    for (uint64_t from = piece->core_from; st == DMG_OK && from < piece->core_to;) {
        const bool sampled = is_sampled(scanner, name, from / SCAN_BLOCK, share);
        uint64_t to = from;
        while (to < piece->core_to && is_sampled(scanner, name, to / SCAN_BLOCK, share) == sampled)
            to = (to / SCAN_BLOCK + 1) * SCAN_BLOCK;
        if (to > piece->core_to) to = piece->core_to;
        if (sampled) st = search_decoy(scanner, item, s, from, to, err);
        from = to;
    }
    return st;
}

/* --- searching an item --- */

static dmg_status search_piece(dmg_scanner *scanner, const dmg_scan_item *item, size_t index,
                               dmg_error *err)
{
    const dmg_scan_options *options = &scanner->options;
    const scan_piece *piece = &item->pieces[index];
    const size_t core_length = (size_t)(piece->core_to - piece->core_from);
    const char *text = item->text + piece->text_at;
    if (core_length == 0) return DMG_OK;
    search s = {.piece = index,
                .text_from = piece->text_from,
                .text_to = piece->text_from + piece->text_length,
                .from = piece->core_from,
                .to = piece->core_to};
    dmg_status st = search_strands(scanner, item, &s, err);
    scanner->bases += count_bases(text + (piece->core_from - piece->text_from), core_length);
    s.decoy = true;
    if (st == DMG_OK && options->decoys > 0)
        st = search_sample(scanner, item, &s, options->decoys, err);
    return st;
}

/* The least probability that error rates need to know of. */
static double floor_of(const dmg_scan_options *options)
{
    return options->threshold < DMG_SCAN_FLOOR ? options->threshold : DMG_SCAN_FLOOR;
}

/* Drops what the block has no lines for; tasks[i] goes with candidates[i]. */
static void drop_improbable(dmg_scanner *scanner)
{
    const double floor = floor_of(&scanner->options);
    for (size_t i = 0; i < scanner->count; i++)
        scanner->candidates[i].dropped = (double)scanner->tasks[i].p_mirna < floor;
}

static void remove_dropped(dmg_scanner *scanner)
{
    size_t kept = 0;
    for (size_t i = 0; i < scanner->count; i++) {
        if (scanner->candidates[i].dropped) continue;
        scanner->candidates[kept] = scanner->candidates[i];
        scanner->tasks[kept++] = scanner->tasks[i];
    }
    scanner->count = kept;
}

static dmg_status predict(dmg_scanner *scanner, dmg_error *err)
{
    if (!dmg_grow(&scanner->tasks, &scanner->task_capacity, scanner->count, sizeof *scanner->tasks))
        return dmg_error_nomem(err, "candidates");
    for (size_t i = 0; i < scanner->count; i++) {
        const candidate *c = &scanner->candidates[i];
        scanner->tasks[i] = (dmg_predict_task){.sequence = scanner->pool + c->sequence,
                                               .structure = scanner->pool + c->structure,
                                               .length = (size_t)(c->end - c->start),
                                               .energy = c->energy};
    }
    const dmg_status st = dmg_predict(scanner->predictor, scanner->tasks, scanner->count, err);
    if (st == DMG_OK) drop_improbable(scanner);
    return st;
}

/* --- confirming long candidates --- */

static bool is_open(const candidate *c)
{
    return c->provisional && !c->dropped;
}

/* Lists the open ones of candidates first .. end-1, with their places in the letters of their
 * search; returns how many. */
static size_t list_open(dmg_scanner *scanner, const search *s, size_t first, size_t end)
{
    size_t count = 0;
    for (size_t i = first; i < end; i++) {
        const candidate *c = &scanner->candidates[i];
        const size_t start = (size_t)(s->decoy ? s->text_to - c->end : c->start - s->text_from);
        if (!is_open(c)) continue;
        scanner->unconfirmed[count++] =
            (dmg_provisional){.start = start, .end = start + (size_t)(c->end - c->start)};
    }
    return count;
}

/* The candidates first .. end-1 are those of one search. */
static dmg_status confirm_search(dmg_scanner *scanner, const dmg_scan_item *item, size_t first,
                                 size_t end, dmg_error *err)
{
    const search *s = &scanner->searches[scanner->candidates[first].search];
    dmg_provisional *const list = scanner->unconfirmed;
    const size_t count = list_open(scanner, s, first, end);
    if (count == 0) return DMG_OK;
    const char *text = letters_of(scanner, item, s);
    if (!text) return dmg_error_nomem(err, "a decoy");
    const size_t length = (size_t)(s->text_to - s->text_from);
    const dmg_status st =
        dmg_hairpins_confirm(scanner->finder, text, length, s->strand, list, count, err);
    for (size_t i = first, k = 0; st == DMG_OK && i < end; i++)
        if (is_open(&scanner->candidates[i])) scanner->candidates[i].dropped = !list[k++].confirmed;
    return st;
}

/* Drops the long candidates that rivals rule out. */
static dmg_status confirm(dmg_scanner *scanner, const dmg_scan_item *item, dmg_error *err)
{
    if (!dmg_grow(&scanner->unconfirmed, &scanner->unconfirmed_capacity, scanner->count,
                  sizeof *scanner->unconfirmed))
        return dmg_error_nomem(err, "candidates");
    dmg_status st = DMG_OK;
    for (size_t first = 0, end; st == DMG_OK && first < scanner->count; first = end) {
        const size_t same = scanner->candidates[first].search;
        end = first + 1;
        while (end < scanner->count && scanner->candidates[end].search == same) end++;
        st = confirm_search(scanner, item, first, end, err);
    }
    return st;
}

/* --- writing the block --- */

static char dna(char letter)
{
    return letter == 'U' ? 'T' : letter == 'u' ? 't' : letter;
}

/* The bases of a candidate as the file has them, on its strand, in place of what was folded. */
static void restore_bases(char *out, const scan_piece *piece, const char *text, const candidate *c)
{
    const size_t length = (size_t)(c->end - c->start);
    text += c->start - piece->text_from;
    for (size_t i = 0; i < length; i++)
        out[i] = c->strand == DMG_STRAND_PLUS ? dna(text[i])
                                              : dmg_complement_letter(text[length - 1 - i]);
}

static row_kind kind_of(const dmg_scanner *scanner, size_t i)
{
    if (scanner->candidates[i].decoy) return ROW_DECOY;
    const double p = (double)scanner->tasks[i].p_mirna;
    return p < scanner->options.threshold ? ROW_BACKGROUND : ROW_CANDIDATE;
}

static bool write_candidate(dmg_scan_item *item, dmg_scanner *scanner, size_t i)
{
    const candidate *c = &scanner->candidates[i];
    const scan_piece *piece = &item->pieces[c->piece];
    char *sequence = scanner->pool + c->sequence;
    row line = {.kind = kind_of(scanner, i),
                .strand = c->strand,
                .start = c->start,
                .end = c->end,
                .p_mirna = scanner->tasks[i].p_mirna,
                .energy = c->energy,
                .sketch = sketch_of(sequence, (size_t)(c->end - c->start)),
                .sequence = sequence,
                .structure = scanner->pool + c->structure};
    if (line.kind == ROW_CANDIDATE) restore_bases(sequence, piece, item->text + piece->text_at, c);
    return row_write(&item->block, &line);
}

/* Where a sequence ends: a circle after one round. */
static uint64_t sequence_end(const dmg_scan_options *options, const scan_piece *piece)
{
    return piece->circular ? piece->core_to - scan_margins_of(options).before : piece->core_to;
}

static bool write_rows(dmg_scan_item *item, dmg_scanner *scanner)
{
    bool written = true;
    for (size_t p = 0, i = 0; written && p < item->piece_count; p++) {
        const scan_piece *piece = &item->pieces[p];
        if (piece->first)
            written = row_write(&item->block, &(row){.kind = ROW_BEGIN,
                                                     .from = piece->sequence_from,
                                                     .circular = piece->circular,
                                                     .name = item->text + piece->name_at});
        for (; written && i < scanner->count && scanner->candidates[i].piece == p; i++)
            written = write_candidate(item, scanner, i);
        if (written && piece->last)
            written =
                row_write(&item->block,
                          &(row){.kind = ROW_END, .from = sequence_end(&scanner->options, piece)});
    }
    return written && row_write(&item->block, &(row){.kind = ROW_BASES,
                                                     .bases = scanner->bases,
                                                     .decoy_bases = scanner->decoy_bases});
}

/* Real candidates that overlap, one after the other, count once. */
static uint64_t count_clusters(const dmg_scanner *scanner)
{
    uint64_t clusters = 0, end = 0;
    const candidate *before = NULL;
    for (size_t i = 0; i < scanner->count; i++) {
        const candidate *c = &scanner->candidates[i];
        if (kind_of(scanner, i) != ROW_CANDIDATE) continue;
        const bool separate = !before || before->piece != c->piece || before->strand != c->strand;
        if (separate || c->start >= end) clusters++;
        if (separate || c->end > end) end = c->end;
        before = c;
    }
    return clusters;
}

dmg_status dmg_scanner_run(dmg_scanner *scanner, dmg_scan_item *item, dmg_error *err)
{
    scanner->search_count = scanner->count = scanner->pool_used = 0;
    scanner->bases = scanner->decoy_bases = 0;
    dmg_status st = DMG_OK;
    for (size_t p = 0; st == DMG_OK && p < item->piece_count; p++)
        st = search_piece(scanner, item, p, err);
    if (st == DMG_OK) st = predict(scanner, err);
    if (st == DMG_OK) st = confirm(scanner, item, err);
    if (st != DMG_OK) return st;
    remove_dropped(scanner);
    /* The head goes in front once the body is known. */
    item->block.size = 0;
    if (!text_append(&item->block, "%*s", BLOCK_HEAD, "") || !write_rows(item, scanner))
        return dmg_error_nomem(err, "candidates");
    block_head head = {.item = item->number,
                       .bases = item_bases(item),
                       .loci = count_clusters(scanner),
                       .levels = UINT64_C(1) << dmg_cpu_same_bytes(scanner->level),
                       .digest = item->digest,
                       .size = item->block.size - BLOCK_HEAD};
    head.checksum = block_checksum(&head, item->block.bytes + BLOCK_HEAD);
    block_write_head(item->block.bytes, &head);
    return DMG_OK;
}
