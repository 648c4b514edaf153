/* SPDX-License-Identifier: MIT */
/* Journals to loci: the best of overlapping candidates, sequence by sequence, and their error
 * rates.
 *
 * The journals of the shards are read in turns, so that items come in their order. What is kept of
 * a candidate is a number of bytes that does not grow with its length: its strings are read from
 * the journal again when they are asked for.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "scan/block_row.h"
#include "scan/fdr.h"
#include "scan/journal.h"
#include "scan/loci.h"
#include "scan/overlap.h"

/* Where the line of a candidate stands. */
typedef struct line_place {
    size_t journal;
    uint64_t at;
    size_t length;
} line_place;

typedef struct locus_entry {
    size_t sequence; /* in `sequences` */
    uint64_t start, end;
    dmg_strand strand;
    float p_mirna;
    int energy;
    line_place line;
    double q_value, false_per_mb;
} locus_entry;

struct dmg_loci {
    dmg_journal **journals; /* [shards], by shard */
    size_t shards;
    dmg_journal *own; /* one of them that is to be closed with the loci; or NULL */
    dmg_loci_options options;
    dmg_loci_totals totals;
    locus_sequence *sequences;
    size_t sequence_count, sequence_capacity;
    locus_entry *entries;
    size_t count, capacity;
    char *line; /* of the locus asked for last */
    size_t line_capacity;
    dmg_mature_finder *finder; /* NULL: mature sequences are not asked for */
    dmg_mature mature;         /* of the locus asked for last */
};

/* --- collecting --- */

/* The candidates of one strand, or of one strand of a decoy's copy, of the present sequence. */
typedef struct strand_track {
    scored_interval *intervals;
    size_t count, capacity;
} strand_track;

enum { TRACKS = 2 + 2 * (DMG_SCAN_MAX_DECOYS + 1) };

typedef struct collection {
    dmg_loci *loci;
    bool begun; /* a sequence is */
    char *name;
    size_t name_capacity;
    locus_sequence present; /* its name is `name` */
    strand_track tracks[TRACKS];
    line_place *lines; /* of real candidates, by their tags */
    size_t line_count, line_capacity;
    float *decoys; /* scores of decoy loci */
    size_t decoy_count, decoy_capacity;
} collection;

static dmg_status out_of_memory(dmg_error *err)
{
    return dmg_error_nomem(err, "the loci");
}

static bool begin_sequence(collection *c, const row *line)
{
    const size_t size = strlen(line->name) + 1;
    if (!dmg_grow(&c->name, &c->name_capacity, size, 1)) return false;
    memcpy(c->name, line->name, size);
    c->present = (locus_sequence){.name = c->name, .from = line->from, .circular = line->circular};
    c->begun = true;
    c->line_count = 0;
    for (size_t t = 0; t < TRACKS; t++) c->tracks[t].count = 0;
    return true;
}

static bool add_candidate(collection *c, const row *line, line_place place)
{
    const bool real = line->kind == ROW_CANDIDATE;
    strand_track *track =
        &c->tracks[(real ? 0 : 2 + 2 * line->copy) + (line->strand == DMG_STRAND_MINUS)];
    if (!dmg_grow(&track->intervals, &track->capacity, track->count + 1, sizeof *track->intervals))
        return false;
    track->intervals[track->count++] = (scored_interval){.start = line->start,
                                                         .end = line->end,
                                                         .score = line->p_mirna,
                                                         .energy = line->energy,
                                                         .tag = c->line_count};
    if (!real) return true;
    c->loci->totals.candidates++;
    if (!dmg_grow(&c->lines, &c->line_capacity, c->line_count + 1, sizeof *c->lines)) return false;
    c->lines[c->line_count++] = place;
    return true;
}

/* On a circle of `length` bases: places of the first round, and nothing that would overlap
 * itself. */
static void wind(strand_track *track, uint64_t length)
{
    size_t kept = 0;
    for (size_t i = 0; i < track->count; i++) {
        scored_interval interval = track->intervals[i];
        const uint64_t size = interval.end - interval.start;
        if (size > length) continue;
        interval.start %= length;
        interval.end = interval.start + size;
        track->intervals[kept++] = interval;
    }
    track->count = kept;
}

static bool add_loci(collection *c, const strand_track *track, dmg_strand strand)
{
    dmg_loci *loci = c->loci;
    if (!dmg_grow(&loci->entries, &loci->capacity, loci->count + track->count,
                  sizeof *loci->entries))
        return false;
    for (size_t i = 0; i < track->count; i++) {
        const scored_interval *best = &track->intervals[i];
        loci->entries[loci->count++] = (locus_entry){.sequence = loci->sequence_count,
                                                     .start = best->start,
                                                     .end = best->end,
                                                     .strand = strand,
                                                     .p_mirna = best->score,
                                                     .energy = best->energy,
                                                     .line = c->lines[best->tag],
                                                     .q_value = NAN,
                                                     .false_per_mb = NAN};
    }
    return true;
}

static bool add_decoys(collection *c, const strand_track *track)
{
    if (!dmg_grow(&c->decoys, &c->decoy_capacity, c->decoy_count + track->count, sizeof *c->decoys))
        return false;
    for (size_t i = 0; i < track->count; i++)
        c->decoys[c->decoy_count++] = track->intervals[i].score;
    return true;
}

static bool add_sequence(collection *c)
{
    dmg_loci *loci = c->loci;
    if (!dmg_grow(&loci->sequences, &loci->sequence_capacity, loci->sequence_count + 1,
                  sizeof *loci->sequences))
        return false;
    locus_sequence *sequence = &loci->sequences[loci->sequence_count];
    *sequence = c->present;
    sequence->name = dmg_copy_text(c->name, strlen(c->name));
    loci->sequence_count += sequence->name != NULL;
    return sequence->name != NULL;
}

/* Of the sequence's candidates the best become loci. Decoys of a circle lie on a line: what joins
 * their ends would be no shuffle of anything. */
static bool end_sequence(collection *c, uint64_t to)
{
    c->present.to = to;
    c->begun = false;
    c->loci->totals.sequences++;
    const uint64_t circle = c->present.circular ? to : 0;
    const size_t before = c->loci->count;
    for (size_t t = 0; t < TRACKS; t++) {
        strand_track *track = &c->tracks[t];
        const bool real = t < 2;
        if (track->count == 0) continue;
        if (c->present.circular && real) wind(track, to);
        if (!c->loci->options.overlapping &&
            !overlap_keep_best(track->intervals, &track->count, real ? circle : 0))
            return false;
        if (real ? !add_loci(c, track, t == 0 ? DMG_STRAND_PLUS : DMG_STRAND_MINUS)
                 : !add_decoys(c, track))
            return false;
    }
    return c->loci->count == before || add_sequence(c);
}

/* False for a line out of its place. */
static bool fits(const collection *c, const row *line)
{
    switch (line->kind) {
    case ROW_BEGIN: return !c->begun;
    case ROW_END: return c->begun && line->from >= c->present.from;
    case ROW_BASES: return true;
    default: return c->begun && line->start >= c->present.from;
    }
}

static bool take_row(collection *c, const row *line, line_place place)
{
    switch (line->kind) {
    case ROW_BEGIN: return begin_sequence(c, line);
    case ROW_END: return end_sequence(c, line->from);
    case ROW_BASES:
        c->loci->totals.bases += line->bases;
        c->loci->totals.decoy_bases += line->decoy_bases;
        return true;
    default: return add_candidate(c, line, place);
    }
}

/* The lines of a block. */
static dmg_status take_block(collection *c, size_t shard, char *text, size_t size, uint64_t at,
                             dmg_error *err)
{
    for (size_t begin = 0; begin < size;) {
        char *end = memchr(text + begin, '\n', size - begin);
        const size_t length = end ? (size_t)(end - text) - begin : 0;
        row line;
        const line_place place = {.journal = shard, .at = at + begin, .length = length};
        if (end) *end = '\0';
        if (!end || !row_parse(&line, text + begin) || !fits(c, &line))
            return journal_damaged(c->loci->journals[shard], at + begin, err);
        if (!take_row(c, &line, place)) return out_of_memory(err);
        begin += length + 1;
    }
    return DMG_OK;
}

static dmg_status take_blocks(collection *c, dmg_error *err)
{
    dmg_loci *loci = c->loci;
    dmg_status st = DMG_OK;
    for (size_t s = 0; st == DMG_OK && s < loci->shards; s++)
        st = journal_rewind(loci->journals[s], err);
    bool some = true;
    for (size_t item = 0; st == DMG_OK && some; item++) {
        const size_t shard = item % loci->shards;
        block_head head;
        char *text;
        uint64_t at;
        st = journal_next(loci->journals[shard], &head, &text, &at, &some, err);
        if (st == DMG_OK && some) st = take_block(c, shard, text, (size_t)head.size, at, err);
    }
    if (st == DMG_OK && c->begun) st = journal_damaged(loci->journals[0], 0, err);
    for (size_t s = 0; s < loci->shards; s++)
        loci->totals.levels |= dmg_journal_count(loci->journals[s]).levels;
    return st;
}

/* --- order --- */

static int compare_places(const void *a, const void *b)
{
    const locus_entry *l = a, *r = b;
    if (l->sequence != r->sequence) return l->sequence < r->sequence ? -1 : 1;
    if (l->start != r->start) return l->start < r->start ? -1 : 1;
    if (l->end != r->end) return l->end < r->end ? -1 : 1;
    return (int)l->strand - (int)r->strand;
}

static int compare_scores(const void *a, const void *b)
{
    const locus_entry *l = a, *r = b;
    if (l->p_mirna > r->p_mirna || l->p_mirna < r->p_mirna) return l->p_mirna > r->p_mirna ? -1 : 1;
    if (l->energy != r->energy) return l->energy < r->energy ? -1 : 1;
    return compare_places(a, b);
}

static void sort_entries(dmg_loci *loci, int (*compare)(const void *, const void *))
{
    if (loci->count > 0) qsort(loci->entries, loci->count, sizeof *loci->entries, compare);
}

/* --- error rates --- */

/* Of entries sorted by score. */
static dmg_status rate_entries(dmg_loci *loci, float *decoys, size_t decoy_count, dmg_error *err)
{
    const dmg_loci_totals *totals = &loci->totals;
    if (totals->decoy_bases == 0 || totals->bases == 0) return DMG_OK;
    float *scores = dmg_alloc(loci->count, sizeof *scores);
    double *q = dmg_alloc(loci->count, sizeof *q);
    if (scores && q) {
        for (size_t i = 0; i < loci->count; i++) scores[i] = loci->entries[i].p_mirna;
        fdr_sort(decoys, decoy_count);
        const double ratio = (double)totals->decoy_bases / (double)totals->bases;
        fdr_q_values(q, scores, loci->count, decoys, decoy_count, ratio);
        for (size_t i = 0; i < loci->count; i++) {
            const size_t above = fdr_decoys_from(decoys, decoy_count, scores[i]);
            loci->entries[i].q_value = q[i];
            loci->entries[i].false_per_mb = (double)(above + 1) / (double)totals->decoy_bases * 1e6;
        }
    }
    const dmg_status st = scores && q ? DMG_OK : out_of_memory(err);
    free(scores);
    free(q);
    return st;
}

/* Bayes' rule, from the prior that the model is for to the stated one. */
static double expected_precision(const dmg_loci *loci, double p)
{
    const double trained = journal_facts_of(loci->journals[0])->scan.prior,
                 stated = loci->options.prior;
    const double for_it = p * (stated / trained),
                 against = (1 - p) * ((1 - stated) / (1 - trained));
    return for_it / (for_it + against);
}

static void select_entries(dmg_loci *loci)
{
    size_t kept = 0;
    loci->totals.loci = loci->count;
    for (size_t i = 0; i < loci->count; i++)
        if (loci->options.fdr >= 1 || loci->entries[i].q_value <= loci->options.fdr)
            loci->entries[kept++] = loci->entries[i];
    loci->totals.selected = loci->count = kept;
    for (size_t i = 0; i < kept; i++)
        loci->totals.expected_true += expected_precision(loci, (double)loci->entries[i].p_mirna);
}

/* --- the whole --- */

/* Puts the journals in the order of their shards. */
static dmg_status arrange(dmg_loci *loci, dmg_journal *const *journals, size_t count,
                          dmg_error *err)
{
    const journal_facts *first = journal_facts_of(journals[0]);
    for (size_t i = 0; i < count; i++) {
        const journal_facts *facts = journal_facts_of(journals[i]);
        const char *name = journal_name(journals[i]);
        if (strcmp(facts->identity, first->identity) != 0 || facts->shards != first->shards ||
            facts->end.items != first->end.items || facts->end.bases != first->end.bases ||
            facts->end.digest != first->end.digest)
            return dmg_error_set(err, DMG_RANGE, "%s and %s are not parts of the same scan",
                                 journal_name(journals[0]), name);
        if (facts->shards > count)
            return dmg_error_set(err, DMG_RANGE, "%s is one of %u parts, and %zu are given", name,
                                 facts->shards, count);
        if (loci->journals[facts->shard])
            return dmg_error_set(err, DMG_RANGE, "%s and %s are the same part, %u/%u",
                                 journal_name(loci->journals[facts->shard]), name, facts->shard + 1,
                                 facts->shards);
        loci->journals[facts->shard] = journals[i];
    }
    return DMG_OK;
}

static void collection_clear(collection *c)
{
    for (size_t t = 0; t < TRACKS; t++) free(c->tracks[t].intervals);
    free(c->name);
    free(c->lines);
    free(c->decoys);
    free(c);
}

dmg_status dmg_loci_collect(dmg_loci **out, dmg_journal *const *journals, size_t count,
                            const dmg_loci_options *options, dmg_error *err)
{
    if (!(options->prior > 0 && options->prior < 1))
        return dmg_error_set(err, DMG_RANGE, "prior %g is not between 0 and 1", options->prior);
    dmg_loci *loci = dmg_alloc_zero(1, sizeof *loci);
    collection *c = dmg_alloc_zero(1, sizeof *c);
    if (loci) loci->journals = dmg_alloc_zero(count, sizeof *loci->journals);
    dmg_status st = loci && c && loci->journals ? DMG_OK : out_of_memory(err);
    if (st == DMG_OK) {
        loci->shards = count;
        loci->options = *options;
        c->loci = loci;
        st = arrange(loci, journals, count, err);
        if (st == DMG_OK && options->mature) st = dmg_mature_finder_create(&loci->finder, err);
    }
    if (st == DMG_OK) st = take_blocks(c, err);
    if (st == DMG_OK) {
        loci->totals.decoy_loci = c->decoy_count;
        sort_entries(loci, compare_scores);
        st = rate_entries(loci, c->decoys, c->decoy_count, err);
    }
    if (st == DMG_OK) {
        select_entries(loci);
        if (!options->by_score) sort_entries(loci, compare_places);
        *out = loci;
    }
    if (c) collection_clear(c);
    if (st != DMG_OK) dmg_loci_destroy(loci);
    return st;
}

void dmg_loci_destroy(dmg_loci *loci)
{
    if (!loci) return;
    for (size_t i = 0; i < loci->sequence_count; i++) free(loci->sequences[i].name);
    free(loci->sequences);
    free(loci->entries);
    free(loci->journals);
    dmg_journal_close(loci->own);
    free(loci->line);
    dmg_mature_finder_destroy(loci->finder);
    free(loci);
}

void loci_own_journal(dmg_loci *loci, dmg_journal *journal)
{
    loci->own = journal;
}

bool loci_have_mature(const dmg_loci *loci)
{
    return loci->finder != NULL;
}

const locus_sequence *loci_sequences(const dmg_loci *loci, size_t *count)
{
    *count = loci->sequence_count;
    return loci->sequences;
}

const dmg_loci_totals *dmg_loci_count(const dmg_loci *loci)
{
    return &loci->totals;
}

dmg_status dmg_loci_get(dmg_loci *loci, size_t i, dmg_locus *locus, dmg_error *err)
{
    const locus_entry *entry = &loci->entries[i];
    const locus_sequence *sequence = &loci->sequences[entry->sequence];
    dmg_journal *journal = loci->journals[entry->line.journal];
    if (!dmg_grow(&loci->line, &loci->line_capacity, entry->line.length + 1, 1))
        return out_of_memory(err);
    row line;
    const dmg_status st =
        journal_read_at(journal, entry->line.at, loci->line, entry->line.length, err);
    if (st != DMG_OK) return st;
    if (!row_parse(&line, loci->line) || line.kind != ROW_CANDIDATE)
        return journal_damaged(journal, entry->line.at, err);
    if (loci->finder) {
        const dmg_status found = dmg_mature_find(&loci->mature, loci->finder, line.sequence,
                                                 line.structure, entry->end - entry->start, err);
        if (found != DMG_OK) return found;
    }
    *locus = (dmg_locus){.name = sequence->name,
                         .start = entry->start,
                         .end = entry->end,
                         .strand = entry->strand,
                         .p_mirna = (double)entry->p_mirna,
                         .energy = entry->energy,
                         .sequence = line.sequence,
                         .structure = line.structure,
                         .precision = expected_precision(loci, (double)entry->p_mirna),
                         .q_value = entry->q_value,
                         .false_per_mb = entry->false_per_mb,
                         .sequence_from = sequence->from,
                         .sequence_to = sequence->to,
                         .circular = sequence->circular,
                         .mature = loci->finder ? &loci->mature : NULL};
    return DMG_OK;
}
