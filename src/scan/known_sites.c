/* SPDX-License-Identifier: MIT */
/* Known sequences are listed on both strands by a hash of their first bases, which the genome is
 * read past once: what has the hash of a place is compared base by base. */
#include "scan/known_sites.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/nucleotide.h"
#include "deepmirgene/seqio.h"
#include "homology/records.h"

enum { WORD = KNOWN_SITE_LEAST, BUCKET_BITS = 20, BUCKETS = 1 << BUCKET_BITS, BLOCK = 1 << 16 };

/* A known sequence as it reads on one strand of the genome. */
typedef struct pattern {
    uint32_t bucket;
    size_t number; /* of the known sequence */
    bool minus;
    size_t at, length; /* in the pool */
} pattern;

typedef struct site_search {
    const dmg_known *known;
    known_places *places;
    uint8_t *pool; /* codes of bases of all patterns */
    pattern *patterns;
    size_t count, longest;
    uint32_t *starts; /* [BUCKETS + 1], into `patterns` */
    char *letters;    /* [BLOCK] */
    uint8_t *bases;   /* [longest + BLOCK] codes of the present stretch of the genome */
    size_t held;      /* of these are filled */
    uint64_t from;    /* position of the first one */
    const char *name; /* of the present sequence */
} site_search;

/* The word with one base more at its end. */
static uint32_t shift_word(uint32_t word, uint8_t base)
{
    return word << 2 | (uint32_t)(base - BASE_A);
}

/* Multiplication spreads words over the buckets (Knuth 1998, The Art of Computer Programming 3,
 * 6.4). */
static uint32_t bucket_of(uint32_t word)
{
    return word * UINT32_C(2654435769) >> (32 - BUCKET_BITS);
}

/* --- patterns --- */

static bool is_exact(const known_sequence *sequence)
{
    return sequence->length >= WORD && !memchr(sequence->sequence, 'N', sequence->length);
}

static void add_pattern(site_search *s, const known_sequence *sequence, size_t number, bool minus,
                        size_t at)
{
    uint32_t word = 0;
    for (size_t i = 0; i < sequence->length; i++) {
        const size_t from = minus ? sequence->length - 1 - i : i;
        const int base = dmg_base_code(sequence->sequence[from]);
        s->pool[at + i] = (uint8_t)(minus ? dmg_base_complement(base) : base);
        if (i < WORD) word = shift_word(word, s->pool[at + i]);
    }
    s->patterns[s->count++] = (pattern){bucket_of(word), number, minus, at, sequence->length};
    if (sequence->length > s->longest) s->longest = sequence->length;
}

static int compare_patterns(const void *a, const void *b)
{
    const pattern *const x = a, *const y = b;
    if (x->bucket != y->bucket) return x->bucket < y->bucket ? -1 : 1;
    if (x->number != y->number) return x->number < y->number ? -1 : 1;
    return x->minus - y->minus;
}

static bool list_patterns(site_search *s)
{
    const size_t sequences = homology_count(s->known);
    size_t bases = 0;
    for (size_t i = 0; i < sequences; i++) bases += homology_sequence(s->known, i).length;
    s->pool = dmg_alloc(2 * bases, 1);
    s->patterns = dmg_alloc(2 * sequences, sizeof *s->patterns);
    s->starts = dmg_alloc_zero(BUCKETS + 1, sizeof *s->starts);
    if (!s->pool || !s->patterns || !s->starts) return false;
    for (size_t i = 0, at = 0; i < sequences; i++) {
        const known_sequence sequence = homology_sequence(s->known, i);
        for (int minus = 0; is_exact(&sequence) && minus < 2; minus++, at += sequence.length)
            add_pattern(s, &sequence, i, minus, at);
    }
    if (s->count > 0) qsort(s->patterns, s->count, sizeof *s->patterns, compare_patterns);
    for (size_t i = 0; i < s->count; i++) s->starts[s->patterns[i].bucket + 1]++;
    for (size_t b = 0; b < BUCKETS; b++) s->starts[b + 1] += s->starts[b];
    s->letters = dmg_alloc(BLOCK, 1);
    s->bases = dmg_alloc(s->longest + BLOCK, 1);
    return s->letters && s->bases;
}

static void clear(site_search *s)
{
    free(s->pool);
    free(s->patterns);
    free(s->starts);
    free(s->letters);
    free(s->bases);
}

/* --- places --- */

/* Whether another known sequence of the same bases has the place; those of one start are added
 * together. */
static bool is_taken(const site_search *s, const known_place *place)
{
    const known_places *const places = s->places;
    for (size_t i = places->count; i-- > 0;) {
        const known_place *const before = &places->places[i];
        if (before->start != place->start || strcmp(before->sequence, s->name) != 0) return false;
        if (before->end == place->end && before->strand == place->strand) return true;
    }
    return false;
}

static dmg_status take_place(site_search *s, const pattern *p, size_t start, dmg_error *err)
{
    const known_place place = {.start = s->from + start,
                               .end = s->from + start + p->length,
                               .strand = p->minus ? DMG_STRAND_MINUS : DMG_STRAND_PLUS};
    const char *const name = homology_sequence(s->known, p->number).name;
    return is_taken(s, &place) ? DMG_OK : known_places_add(s->places, s->name, name, &place, err);
}

static dmg_status look_up(site_search *s, uint32_t bucket, size_t start, dmg_error *err)
{
    dmg_status st = DMG_OK;
    for (uint32_t i = s->starts[bucket]; st == DMG_OK && i < s->starts[bucket + 1]; i++) {
        const pattern *const p = &s->patterns[i];
        if (p->length <= s->held - start &&
            memcmp(s->bases + start, s->pool + p->at, p->length) == 0)
            st = take_place(s, p, start, err);
    }
    return st;
}

/* Looks up the first `count` positions of the stretch. */
static dmg_status look_up_all(site_search *s, size_t count, dmg_error *err)
{
    dmg_status st = DMG_OK;
    uint32_t word = 0;
    size_t known = 0; /* bases of the word */
    for (size_t i = 0; st == DMG_OK && i < s->held && i < count + WORD - 1; i++) {
        known = s->bases[i] == BASE_N ? 0 : known + 1;
        if (known > 0) word = shift_word(word, s->bases[i]);
        if (known >= WORD) st = look_up(s, bucket_of(word), i + 1 - WORD, err);
    }
    return st;
}

/* --- the genome --- */

/* Appends the letters to the stretch, looks up what is followed by enough of it, and keeps the
 * rest. No letters: the sequence ends. */
static dmg_status take_letters(site_search *s, size_t count, dmg_error *err)
{
    for (size_t i = 0; i < count; i++) s->bases[s->held + i] = dmg_base_code(s->letters[i]);
    s->held += count;
    const size_t behind = count > 0 ? s->longest - 1 : 0;
    const size_t ready = s->held > behind ? s->held - behind : 0;
    const dmg_status st = look_up_all(s, ready, err);
    s->held -= ready;
    s->from += ready;
    memmove(s->bases, s->bases + ready, s->held);
    return st;
}

static dmg_status search_file(site_search *s, const char *path, dmg_error *err)
{
    dmg_fasta *fasta = NULL;
    dmg_status st = dmg_fasta_open(&fasta, path, err);
    if (st == DMG_OK) st = dmg_fasta_next(fasta, &s->name, err);
    while (st == DMG_OK && s->name) {
        s->from = s->held = 0;
        for (size_t count = 1; st == DMG_OK && count > 0;) {
            st = dmg_fasta_read(fasta, s->letters, BLOCK, &count, err);
            if (st == DMG_OK) st = take_letters(s, count, err);
        }
        if (st == DMG_OK) st = dmg_fasta_next(fasta, &s->name, err);
    }
    dmg_fasta_close(fasta);
    return st;
}

dmg_status known_sites_find(known_places *places, const dmg_known *known, const char *const *paths,
                            size_t count, dmg_error *err)
{
    site_search s = {.known = known, .places = places};
    dmg_status st = list_patterns(&s) ? DMG_OK : dmg_error_nomem(err, "known sequences");
    for (size_t i = 0; st == DMG_OK && s.count > 0 && i < count; i++)
        st = search_file(&s, paths[i], err);
    clear(&s);
    if (st == DMG_OK) known_places_sort(places);
    return st;
}
