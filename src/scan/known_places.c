/* SPDX-License-Identifier: MIT */
#include "scan/known_places.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "seqio/lines.h"

/* --- reading --- */

enum { GFF3_COLUMNS = 9 };

typedef struct text_part {
    const char *text;
    size_t length;
} text_part;

static bool part_is(text_part part, const char *word)
{
    return part.length == strlen(word) && memcmp(part.text, word, part.length) == 0;
}

static bool begins_with(const dmg_line *line, const char *word)
{
    return line->length >= strlen(word) && memcmp(line->text, word, strlen(word)) == 0;
}

bool known_places_are_in(const char *path)
{
    dmg_lines *lines = NULL;
    dmg_line line = {0};
    dmg_error err;
    dmg_status st = dmg_lines_open(&lines, path, &err);
    if (st == DMG_OK) st = dmg_lines_next(lines, &line, &err);
    const bool gff3 = st == DMG_OK && line.text && begins_with(&line, "##gff");
    dmg_lines_close(lines);
    return gff3;
}

static bool split(text_part columns[GFF3_COLUMNS], const dmg_line *line)
{
    const char *from = line->text, *const end = line->text + line->length;
    for (int k = 0; k < GFF3_COLUMNS; k++) {
        if (from > end) return false;
        const char *tab = memchr(from, '\t', (size_t)(end - from));
        const char *const to = tab ? tab : end;
        columns[k] = (text_part){from, (size_t)(to - from)};
        from = to + 1;
    }
    return from == end + 1;
}

static bool parse_position(uint64_t *value, text_part part)
{
    *value = 0;
    for (size_t i = 0; i < part.length; i++) {
        if (part.text[i] < '0' || part.text[i] > '9' || *value > UINT64_MAX / 16) return false;
        *value = 10 * *value + (uint64_t)(part.text[i] - '0');
    }
    return *value > 0;
}

static int hex_digit(char c)
{
    const char *const digits = "0123456789ABCDEFabcdef";
    const char *const at = c ? strchr(digits, c) : NULL;
    return !at ? -1 : at - digits < 16 ? (int)(at - digits) : (int)(at - digits) - 6;
}

/* The text with %XX as bytes; to be freed. NULL: no memory. */
static char *decode(text_part part)
{
    char *const out = dmg_alloc(part.length + 1, 1);
    size_t used = 0;
    for (size_t i = 0; out && i < part.length; i++) {
        const bool coded = part.text[i] == '%' && i + 2 < part.length &&
                           hex_digit(part.text[i + 1]) >= 0 && hex_digit(part.text[i + 2]) >= 0;
        out[used++] = coded ? (char)(16 * hex_digit(part.text[i + 1]) + hex_digit(part.text[i + 2]))
                            : part.text[i];
        if (coded) i += 2;
    }
    if (out) out[used] = '\0';
    return out;
}

/* The value of an attribute; empty where there is none. */
static text_part attribute(text_part attributes, const char *name)
{
    const char *from = attributes.text, *const end = attributes.text + attributes.length;
    while (from < end) {
        const char *stop = memchr(from, ';', (size_t)(end - from));
        if (!stop) stop = end;
        const char *const equals = memchr(from, '=', (size_t)(stop - from));
        if (equals && part_is((text_part){from, (size_t)(equals - from)}, name))
            return (text_part){equals + 1, (size_t)(stop - equals - 1)};
        from = stop + 1;
    }
    return (text_part){attributes.text, 0};
}

dmg_status known_places_add(known_places *known, const char *sequence, const char *name,
                            const known_place *place, dmg_error *err)
{
    if (!dmg_grow(&known->places, &known->capacity, known->count + 1, sizeof *known->places))
        return dmg_error_nomem(err, "known places");
    known_place *const added = &known->places[known->count++];
    *added = *place;
    added->sequence = dmg_copy_text(sequence, strlen(sequence));
    added->name = dmg_copy_text(name, strlen(name));
    added->candidate = -1;
    if (place->end - place->start > known->longest) known->longest = place->end - place->start;
    return added->sequence && added->name ? DMG_OK : dmg_error_nomem(err, "known places");
}

static dmg_status add_feature(known_places *known, const text_part columns[GFF3_COLUMNS],
                              uint64_t start, uint64_t end, dmg_error *err)
{
    text_part name = attribute(columns[8], "Name");
    if (name.length == 0) name = attribute(columns[8], "ID");
    const known_place place = {.start = start - 1,
                               .end = end,
                               .strand =
                                   part_is(columns[6], "-") ? DMG_STRAND_MINUS : DMG_STRAND_PLUS};
    char *const sequence = decode(columns[0]), *const decoded = decode(name);
    const dmg_status st = sequence && decoded
                              ? known_places_add(known, sequence, decoded, &place, err)
                              : dmg_error_nomem(err, "known places");
    free(sequence);
    free(decoded);
    return st;
}

static dmg_status read_line(known_places *known, const dmg_lines *lines, const dmg_line *line,
                            dmg_error *err)
{
    text_part columns[GFF3_COLUMNS];
    uint64_t start, end;
    if (!split(columns, line) || !parse_position(&start, columns[3]) ||
        !parse_position(&end, columns[4]) || start > end || columns[0].length == 0)
        return dmg_error_set(err, DMG_FORMAT,
                             "%s:%llu: expected a line of GFF3: nine columns separated by tabs, "
                             "with 1 <= start <= end",
                             dmg_lines_label(lines), (unsigned long long)line->number);
    if (!part_is(columns[2], "miRNA_primary_transcript") && !part_is(columns[2], "pre_miRNA"))
        return DMG_OK;
    if (!part_is(columns[6], "+") && !part_is(columns[6], "-"))
        return dmg_error_set(err, DMG_FORMAT, "%s:%llu: the strand of a precursor is + or -",
                             dmg_lines_label(lines), (unsigned long long)line->number);
    return add_feature(known, columns, start, end, err);
}

static int compare_places(const void *a, const void *b)
{
    const known_place *const x = a, *const y = b;
    const int names = strcmp(x->sequence, y->sequence);
    if (names != 0) return names;
    if (x->start != y->start) return x->start < y->start ? -1 : 1;
    if (x->end != y->end) return x->end < y->end ? -1 : 1;
    return strcmp(x->name, y->name);
}

void known_places_sort(known_places *known)
{
    if (known->count > 0) qsort(known->places, known->count, sizeof *known->places, compare_places);
}

dmg_status known_places_read(known_places *known, const char *path, dmg_error *err)
{
    dmg_lines *lines = NULL;
    dmg_line line;
    dmg_status st = dmg_lines_open(&lines, path, err);
    while (st == DMG_OK && (st = dmg_lines_next(lines, &line, err)) == DMG_OK && line.text) {
        if (begins_with(&line, "##FASTA")) break;
        if (line.length > 0 && line.text[0] != '#') st = read_line(known, lines, &line, err);
    }
    if (st == DMG_OK && known->count == 0)
        st = dmg_error_set(err, DMG_FORMAT,
                           "%s: no features of type miRNA_primary_transcript or pre_miRNA",
                           dmg_lines_label(lines));
    dmg_lines_close(lines);
    if (st == DMG_OK) known_places_sort(known);
    return st;
}

void known_places_clear(known_places *known)
{
    for (size_t i = 0; i < known->count; i++) {
        free(known->places[i].sequence);
        free(known->places[i].name);
    }
    free(known->places);
    *known = (known_places){0};
}

/* --- looking up --- */

/* The first place of the sequence that begins at `start` or later. */
static size_t first_from(const known_places *known, const char *sequence, uint64_t start)
{
    size_t low = 0, high = known->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const known_place *const place = &known->places[middle];
        const int names = strcmp(place->sequence, sequence);
        if (names < 0 || (names == 0 && place->start < start))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Goes over the places that share a base with start..end: *at is the next to look at, and then one
 * behind the one returned. */
static known_place *next_place(const known_places *known, size_t *at, const char *sequence,
                               uint64_t start, uint64_t end)
{
    for (; *at < known->count; ++*at) {
        known_place *const place = &known->places[*at];
        if (place->start >= end || strcmp(place->sequence, sequence) != 0) return NULL;
        if (place->end <= start) continue;
        ++*at;
        return place;
    }
    return NULL;
}

static size_t begin_walk(const known_places *known, const char *sequence, uint64_t start)
{
    return first_from(known, sequence, start > known->longest ? start - known->longest : 0);
}

static bool has_place(const known_place *place, uint64_t start, uint64_t end)
{
    const uint64_t from = start > place->start ? start : place->start;
    const uint64_t to = end < place->end ? end : place->end;
    return to > from && 2 * (to - from) >= place->end - place->start;
}

const known_place *known_places_find(const known_places *known, const char *sequence,
                                     uint64_t start, uint64_t end, dmg_strand strand)
{
    size_t at = begin_walk(known, sequence, start);
    for (known_place *p; (p = next_place(known, &at, sequence, start, end));)
        if (p->strand == strand && has_place(p, start, end)) return p;
    return NULL;
}

/* --- what the scan made of them --- */

void known_places_note_part(known_places *known, const char *sequence, uint64_t from, uint64_t to)
{
    size_t at = begin_walk(known, sequence, from);
    for (known_place *p; (p = next_place(known, &at, sequence, from, to));)
        if (p->start >= from && p->end <= to) p->scanned = true;
}

void known_places_note_candidate(known_places *known, const char *sequence,
                                 const scored_interval *candidate, bool reaches)
{
    const uint64_t start = candidate->start, end = candidate->end;
    size_t at = begin_walk(known, sequence, start);
    for (known_place *p; (p = next_place(known, &at, sequence, start, end));) {
        if (!has_place(p, start, end)) continue;
        if (candidate->minus != (p->strand == DMG_STRAND_MINUS))
            p->opposite = p->opposite || reaches;
        else if (candidate->score > p->candidate)
            p->candidate = candidate->score;
    }
}

void known_places_note_locus(known_places *known, const char *sequence, uint64_t start,
                             uint64_t end, dmg_strand strand, bool selected)
{
    size_t at = begin_walk(known, sequence, start);
    for (known_place *p; (p = next_place(known, &at, sequence, start, end));) {
        if (p->strand != strand) {
            p->crossed = true;
        } else if (has_place(p, start, end)) {
            p->locus = true;
            p->selected = p->selected || selected;
        }
    }
}

const char *known_place_missed(const known_place *place, double threshold)
{
    if (place->selected) return NULL;
    if (!place->scanned) return "not scanned";
    if (place->locus) return "left out";
    if (place->candidate < 0) return place->opposite ? "other strand" : "no candidate";
    if ((double)place->candidate < threshold) return "below threshold";
    return place->crossed ? "other strand" : "overlap";
}
