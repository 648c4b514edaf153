/* SPDX-License-Identifier: MIT */
/* Journals to loci: the best candidates of each place, sequence by sequence, and their families.
 * The journals of the shards are read in turns, so that items come in their order. A long candidate
 * takes no more memory than a short one, as its strings are read from the journal when needed. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "homology/family.h"
#include "scan/block_row.h"
#include "scan/families.h"
#include "scan/journal.h"
#include "scan/known_places.h"
#include "scan/known_sites.h"
#include "scan/letters.h"
#include "scan/loci.h"
#include "scan/locus_entry.h"
#include "scan/overlap.h"
#include "scan/shards.h"

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
    dmg_known *known;          /* NULL: homologues are not asked for, or have places in GFF3 */
    known_places places;       /* empty unless the known ones have them, or they are looked up */
    dmg_homologue homologue;   /* of the locus asked for last */
};

/* --- collecting --- */

/* The candidates of the present sequence, or of its decoy. */
typedef struct track {
    scored_interval *intervals;
    size_t count, capacity;
} track;

typedef struct collection {
    dmg_loci *loci;
    bool begun; /* a sequence is */
    char *name;
    size_t name_capacity;
    locus_sequence present; /* its name is `name` */
    track real, decoy;
    candidate_mark *marks; /* of all candidates of the sequence, by their tags */
    size_t mark_count, mark_capacity;
    decoy_entry *decoys;
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
    c->mark_count = c->real.count = c->decoy.count = 0;
    return true;
}

static bool add_candidate(collection *c, const row *line, line_place place)
{
    track *t = line->kind == ROW_DECOY ? &c->decoy : &c->real;
    if (!dmg_grow(&t->intervals, &t->capacity, t->count + 1, sizeof *t->intervals) ||
        !dmg_grow(&c->marks, &c->mark_capacity, c->mark_count + 1, sizeof *c->marks))
        return false;
    t->intervals[t->count++] = (scored_interval){.start = line->start,
                                                 .end = line->end,
                                                 .minus = line->strand == DMG_STRAND_MINUS,
                                                 .score = line->p_mirna,
                                                 .energy = line->energy,
                                                 .tag = c->mark_count};
    candidate_mark *mark = &c->marks[c->mark_count++];
    *mark = (candidate_mark){.sketch = line->sketch};
    if (line->kind != ROW_CANDIDATE) return true;
    mark->line = place;
    mark->masked = (float)letters_masked(line->sequence);
    mark->complexity = (float)letters_complexity(line->sequence);
    c->loci->totals.candidates++;
    return true;
}

/* On a circle of `length` bases: places of the first round, and nothing that would overlap
 * itself. */
static void wind(track *t, uint64_t length)
{
    size_t kept = 0;
    for (size_t i = 0; i < t->count; i++) {
        scored_interval interval = t->intervals[i];
        const uint64_t size = interval.end - interval.start;
        if (size > length) continue;
        interval.start %= length;
        interval.end = interval.start + size;
        t->intervals[kept++] = interval;
    }
    t->count = kept;
}

/* The best of each place; on a circle also over its origin. */
static bool keep_best(const collection *c, track *t)
{
    const uint64_t circle = c->present.circular ? c->present.to : 0;
    if (circle > 0) wind(t, circle);
    if (!c->loci->options.overlapping)
        return overlap_keep_best(t->intervals, &t->count, circle, c->loci->options.both_strands);
    for (size_t i = 0; i < t->count; i++) t->intervals[i].other = -1;
    return true;
}

static bool add_loci(collection *c)
{
    dmg_loci *loci = c->loci;
    if (!dmg_grow(&loci->entries, &loci->capacity, loci->count + c->real.count,
                  sizeof *loci->entries))
        return false;
    for (size_t i = 0; i < c->real.count; i++) {
        const scored_interval *best = &c->real.intervals[i];
        loci->entries[loci->count++] =
            (locus_entry){.sequence = loci->sequence_count,
                          .start = best->start,
                          .end = best->end,
                          .strand = best->minus ? DMG_STRAND_MINUS : DMG_STRAND_PLUS,
                          .p_mirna = best->score,
                          .other_strand = best->other,
                          .energy = best->energy,
                          .mark = c->marks[best->tag]};
    }
    return true;
}

static bool add_decoys(collection *c)
{
    if (!dmg_grow(&c->decoys, &c->decoy_capacity, c->decoy_count + c->decoy.count,
                  sizeof *c->decoys))
        return false;
    for (size_t i = 0; i < c->decoy.count; i++) {
        const scored_interval *best = &c->decoy.intervals[i];
        c->decoys[c->decoy_count++] = (decoy_entry){best->score, c->marks[best->tag].sketch};
    }
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

/* What the sequence has of the known places. */
static void note_candidates(const collection *c)
{
    known_places *const known = &c->loci->places;
    if (known->count == 0) return;
    known_places_note_part(known, c->name, c->present.from, c->present.to);
    for (size_t i = 0; i < c->real.count; i++) {
        const scored_interval *candidate = &c->real.intervals[i];
        known_places_note_candidate(known, c->name, candidate,
                                    c->marks[candidate->tag].line.length > 0);
    }
}

/* The best of the sequence's candidates become loci. */
static bool end_sequence(collection *c, uint64_t to)
{
    c->present.to = to;
    c->begun = false;
    c->loci->totals.sequences++;
    const size_t before = c->loci->count;
    note_candidates(c);
    if (!keep_best(c, &c->real) || !keep_best(c, &c->decoy) || !add_loci(c) || !add_decoys(c))
        return false;
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

static void sort_entries(dmg_loci *loci, int (*compare)(const void *, const void *))
{
    if (loci->count > 0) qsort(loci->entries, loci->count, sizeof *loci->entries, compare);
}

/* --- families --- */

/* Of entries sorted by score: the best of a family is its first. */
static bool find_families(dmg_loci *loci)
{
    size_t *family = dmg_alloc(loci->count, sizeof *family);
    sketch *sketches = dmg_alloc(loci->count, sizeof *sketches);
    bool found = family && sketches;
    for (size_t i = 0; found && i < loci->count; i++) sketches[i] = loci->entries[i].mark.sketch;
    found = found && families_find(family, sketches, loci->count);
    for (size_t i = 0; found && i < loci->count; i++) {
        loci->entries[i].first = family[i] == i;
        loci->entries[family[i]].copies++;
    }
    for (size_t i = 0; found && i < loci->count; i++)
        loci->entries[i].copies = loci->entries[family[i]].copies;
    free(family);
    free(sketches);
    return found;
}

/* --- selection --- */

static bool is_selected(const dmg_loci *loci, const locus_entry *entry)
{
    const dmg_loci_options *options = &loci->options;
    return (options->fdr >= 1 || entry->rates.q_value <= options->fdr) &&
           (options->max_copies == 0 || entry->copies <= options->max_copies) &&
           (double)entry->mark.masked <= options->max_masked;
}

static void select_entries(dmg_loci *loci)
{
    size_t kept = 0;
    for (size_t i = 0; i < loci->count; i++) {
        const locus_entry *entry = &loci->entries[i];
        if (entry->mark.line.length == 0) continue; /* below the threshold */
        loci->totals.loci++;
        const bool selected = is_selected(loci, entry);
        known_places_note_locus(&loci->places, loci->sequences[entry->sequence].name, entry->start,
                                entry->end, entry->strand, selected);
        if (!selected) continue;
        if (entry->first) {
            loci->totals.families++;
            loci->totals.expected_true += entry->rates.precision;
        }
        loci->entries[kept++] = *entry;
    }
    loci->totals.selected = loci->count = kept;
}

/* --- the whole --- */

static void collection_clear(collection *c)
{
    free(c->real.intervals);
    free(c->decoy.intervals);
    free(c->name);
    free(c->marks);
    free(c->decoys);
    free(c);
}

static dmg_status rate(dmg_loci *loci, const collection *c, dmg_error *err)
{
    sort_entries(loci, locus_by_score);
    const loci_to_rate to_rate = {.entries = loci->entries,
                                  .count = loci->count,
                                  .decoys = c->decoys,
                                  .decoy_count = c->decoy_count,
                                  .prevalence = loci->options.prevalence,
                                  .background =
                                      &journal_facts_of(loci->journals[0])->scan.background};
    if (!find_families(loci) || !rate_loci(&to_rate, &loci->totals)) return out_of_memory(err);
    select_entries(loci);
    if (!loci->options.by_score) sort_entries(loci, locus_by_place);
    return DMG_OK;
}

/* Seeds are those of mature sequences, so that homologues need these. */
static dmg_status prepare_extras(dmg_loci *loci, dmg_error *err)
{
    dmg_status st = DMG_OK;
    if (loci->options.mature || loci->options.known)
        st = dmg_mature_finder_create(&loci->finder, err);
    if (st != DMG_OK || !loci->options.known) return st;
    if (known_places_are_in(loci->options.known))
        return known_places_read(&loci->places, loci->options.known, err);
    st = dmg_known_load(&loci->known, loci->options.known, err);
    if (st == DMG_OK && loci->options.genome_count > 0)
        st = known_sites_find(&loci->places, loci->known, loci->options.genome,
                              loci->options.genome_count, err);
    return st;
}

dmg_status dmg_loci_collect(dmg_loci **out, dmg_journal *const *journals, size_t count,
                            const dmg_loci_options *options, dmg_error *err)
{
    if (!(options->prevalence > 0))
        return dmg_error_set(err, DMG_RANGE, "prevalence %g per Mb is not positive",
                             options->prevalence);
    dmg_loci *loci = dmg_alloc_zero(1, sizeof *loci);
    collection *c = dmg_alloc_zero(1, sizeof *c);
    if (loci) loci->journals = dmg_alloc_zero(count, sizeof *loci->journals);
    dmg_status st = loci && c && loci->journals ? DMG_OK : out_of_memory(err);
    if (st == DMG_OK) {
        loci->shards = count;
        loci->options = *options;
        c->loci = loci;
        st = shards_arrange(loci->journals, journals, count, err);
        if (st == DMG_OK) st = prepare_extras(loci, err);
    }
    if (st == DMG_OK) st = take_blocks(c, err);
    if (st == DMG_OK) st = rate(loci, c, err);
    if (c) collection_clear(c);
    if (st == DMG_OK)
        *out = loci;
    else
        dmg_loci_destroy(loci);
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
    dmg_known_destroy(loci->known);
    known_places_clear(&loci->places);
    free(loci);
}

void loci_own_journal(dmg_loci *loci, dmg_journal *journal)
{
    loci->own = journal;
}

unsigned loci_extra_places(const dmg_loci *loci)
{
    return (loci->options.mature ? DMG_COLUMN_MATURE : 0u) |
           (loci->options.known ? DMG_COLUMN_KNOWN : 0u);
}

const locus_sequence *loci_sequences(const dmg_loci *loci, size_t *count)
{
    *count = loci->sequence_count;
    return loci->sequences;
}

const known_places *loci_places(const dmg_loci *loci)
{
    return &loci->places;
}

double loci_threshold(const dmg_loci *loci)
{
    return journal_facts_of(loci->journals[0])->scan.threshold;
}

const dmg_loci_totals *dmg_loci_count(const dmg_loci *loci)
{
    return &loci->totals;
}

static void name_by_place(dmg_loci *loci, const dmg_locus *locus)
{
    const known_place *place =
        known_places_find(&loci->places, locus->name, locus->start, locus->end, locus->strand);
    loci->homologue = (dmg_homologue){.identity = NAN};
    if (!place) return;
    loci->homologue.name = place->name;
    homology_family(loci->homologue.family, place->name);
}

static dmg_status find_extras(dmg_loci *loci, const dmg_locus *locus, dmg_error *err)
{
    const size_t length = (size_t)(locus->end - locus->start);
    dmg_status st = DMG_OK;
    if (loci->finder)
        st = dmg_mature_find(&loci->mature, loci->finder, locus->sequence, locus->structure, length,
                             err);
    if (st == DMG_OK && loci->known)
        st = dmg_known_find(&loci->homologue, loci->known, locus->sequence, length, &loci->mature,
                            err);
    else if (st == DMG_OK && loci->options.known)
        name_by_place(loci, locus);
    return st;
}

dmg_status dmg_loci_get(dmg_loci *loci, size_t i, dmg_locus *locus, dmg_error *err)
{
    const locus_entry *entry = &loci->entries[i];
    const locus_sequence *sequence = &loci->sequences[entry->sequence];
    dmg_journal *journal = loci->journals[entry->mark.line.journal];
    if (!dmg_grow(&loci->line, &loci->line_capacity, entry->mark.line.length + 1, 1))
        return out_of_memory(err);
    row line;
    const dmg_status st =
        journal_read_at(journal, entry->mark.line.at, loci->line, entry->mark.line.length, err);
    if (st != DMG_OK) return st;
    if (!row_parse(&line, loci->line) || line.kind != ROW_CANDIDATE)
        return journal_damaged(journal, entry->mark.line.at, err);
    *locus =
        (dmg_locus){.name = sequence->name,
                    .start = entry->start,
                    .end = entry->end,
                    .strand = entry->strand,
                    .p_mirna = (double)entry->p_mirna,
                    .energy = entry->energy,
                    .sequence = line.sequence,
                    .structure = line.structure,
                    .other_strand = entry->other_strand < 0 ? NAN : (double)entry->other_strand,
                    .copies = entry->copies,
                    .masked = (double)entry->mark.masked,
                    .complexity = (double)entry->mark.complexity,
                    .precision = entry->rates.precision,
                    .q_value = entry->rates.q_value,
                    .false_per_mb = entry->rates.false_per_mb,
                    .sequence_from = sequence->from,
                    .sequence_to = sequence->to,
                    .circular = sequence->circular,
                    .mature = loci->options.mature ? &loci->mature : NULL,
                    .homologue = loci->options.known ? &loci->homologue : NULL};
    return find_extras(loci, locus, err);
}
