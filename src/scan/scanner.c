/* SPDX-License-Identifier: MIT */
/* Items to blocks: candidates found on both strands and on decoys, scored together, written as
 * text (block_row.h). */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/nucleotide.h"
#include "base/rng.h"
#include "scan/block.h"
#include "scan/block_row.h"
#include "scan/item.h"

/* A candidate: where it is, and where its strings stand in the pool. */
typedef struct candidate {
    size_t piece;
    bool decoy;
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
    candidate *candidates;
    size_t count, capacity;
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
    free(scanner->candidates);
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

/* One text that is searched: the candidates that start in from .. to-1 count. That of a decoy is
 * reversed, and its candidates are placed where they would be if it were not. */
typedef struct search {
    dmg_scanner *scanner;
    size_t piece;
    bool decoy;
    dmg_strand strand;
    uint64_t text_from, text_to;
    uint64_t from, to;
} search;

static dmg_status take_candidate(void *context, const dmg_hairpin *hairpin, dmg_error *err)
{
    const search *s = context;
    dmg_scanner *scanner = s->scanner;
    candidate new = {.piece = s->piece,
                     .decoy = s->decoy,
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

/* The gaps of an assembly are megabases of N, where there is nothing to search. */
static bool is_gap(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (dmg_base_code(text[i]) != BASE_N) return false;
    return true;
}

static dmg_status search_strands(search *s, const char *text, size_t length, dmg_error *err)
{
    const dmg_scan_options *options = &s->scanner->options;
    dmg_status st = DMG_OK;
    if (is_gap(text, length)) return DMG_OK;
    for (int strand = 0; st == DMG_OK && strand < 2; strand++) {
        s->strand = strand == 0 ? DMG_STRAND_PLUS : DMG_STRAND_MINUS;
        if (strand == 0 ? options->plus : options->minus)
            st = dmg_hairpins_find(s->scanner->finder, text, length, s->strand, take_candidate, s,
                                   err);
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
static dmg_status search_decoy(search *s, const dmg_scan_item *item, uint64_t from, uint64_t to,
                               dmg_error *err)
{
    dmg_scanner *scanner = s->scanner;
    const scan_piece *piece = &item->pieces[s->piece];
    const char *text = item->text + piece->text_at;
    const scan_margins margins = scan_margins_of(&scanner->options);
    const uint64_t text_end = piece->text_from + piece->text_length;
    s->text_from =
        from > piece->text_from + margins.before ? from - margins.before : piece->text_from;
    s->text_to = to + margins.behind < text_end ? to + margins.behind : text_end;
    s->from = from;
    s->to = to;
    const size_t length = (size_t)(s->text_to - s->text_from);
    if (!dmg_grow(&scanner->decoy, &scanner->decoy_capacity, length, 1))
        return dmg_error_nomem(err, "a decoy");
    const char *end = text + (s->text_to - piece->text_from);
    for (size_t i = 0; i < length; i++) scanner->decoy[i] = *--end;
    scanner->decoy_bases += count_bases(text + (from - piece->text_from), (size_t)(to - from));
    return search_strands(s, scanner->decoy, length, err);
}

/* Whether the block of bases belongs to the sample, in which there are `share` of all. The first
 * block of a sequence always does, so that no sample is empty. */
static bool is_sampled(const search *s, const char *name, uint64_t block, double share)
{
    dmg_rng rng;
    dmg_rng_init(
        &rng, s->scanner->options.seed ^ dmg_hash_bytes(DMG_HASH_START, name, strlen(name)), block);
    return share >= 1 || block == 0 || dmg_rng_uniform(&rng) < share;
}

/* Neighbouring blocks of the sample are searched together. */
static dmg_status search_sample(search *s, const dmg_scan_item *item, double share, dmg_error *err)
{
    const scan_piece *piece = &item->pieces[s->piece];
    const char *name = item->text + piece->name_at;
    dmg_status st = DMG_OK;
    for (uint64_t from = piece->core_from; st == DMG_OK && from < piece->core_to;) {
        const bool sampled = is_sampled(s, name, from / SCAN_BLOCK, share);
        uint64_t to = from;
        while (to < piece->core_to && is_sampled(s, name, to / SCAN_BLOCK, share) == sampled)
            to = (to / SCAN_BLOCK + 1) * SCAN_BLOCK;
        if (to > piece->core_to) to = piece->core_to;
        if (sampled) st = search_decoy(s, item, from, to, err);
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
    search s = {.scanner = scanner,
                .piece = index,
                .text_from = piece->text_from,
                .text_to = piece->text_from + piece->text_length,
                .from = piece->core_from,
                .to = piece->core_to};
    dmg_status st = search_strands(&s, text, piece->text_length, err);
    scanner->bases += count_bases(text + (piece->core_from - piece->text_from), core_length);
    s.decoy = true;
    if (st == DMG_OK && options->decoys > 0) st = search_sample(&s, item, options->decoys, err);
    return st;
}

/* The least probability that error rates need to know of. */
static double floor_of(const dmg_scan_options *options)
{
    return options->threshold < DMG_SCAN_FLOOR ? options->threshold : DMG_SCAN_FLOOR;
}

/* Leaves only what the block has lines for; tasks[i] goes with candidates[i]. */
static void keep_probable(dmg_scanner *scanner)
{
    size_t kept = 0;
    for (size_t i = 0; i < scanner->count; i++) {
        if ((double)scanner->tasks[i].p_mirna < floor_of(&scanner->options)) continue;
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
    if (st == DMG_OK) keep_probable(scanner);
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
    scanner->count = scanner->pool_used = 0;
    scanner->bases = scanner->decoy_bases = 0;
    dmg_status st = DMG_OK;
    for (size_t p = 0; st == DMG_OK && p < item->piece_count; p++)
        st = search_piece(scanner, item, p, err);
    if (st == DMG_OK) st = predict(scanner, err);
    if (st != DMG_OK) return st;
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
