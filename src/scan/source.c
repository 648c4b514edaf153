/* SPDX-License-Identifier: MIT */
/* The sequences cut into items.
 *
 * Of the present sequence a window is held that slides along: the core of the next piece with the
 * margins around it. Cores are `chunk` bases long, on a grid that begins with the sequence; an
 * item is closed when its pieces have so many bases together, so that short sequences share one.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"
#include "scan/bases.h"
#include "scan/item.h"
#include "scan/source.h"

/* What a piece counts for besides its bases, so that millions of empty sequences do not end up in
 * one item. */
#define PIECE_COST 64

struct dmg_scan_source {
    base_stream *stream;
    size_t chunk;
    scan_margins margins;
    bool circular;
    source_totals totals;

    char *name; /* of the present sequence; empty: none is begun */
    size_t name_capacity;
    bool begun;         /* a sequence is */
    bool first;         /* no piece of it was given */
    uint64_t from;      /* where it begins */
    uint64_t core;      /* where the next core does */
    char *text;         /* the window */
    uint64_t text_from; /* position of its first letter */
    size_t text_length, text_capacity;
    bool at_end; /* the window reaches the end of the sequence */
};

dmg_status dmg_scan_source_open(dmg_scan_source **out, const char *const *paths, size_t path_count,
                                dmg_regions *regions, const dmg_scan_options *options,
                                dmg_error *err)
{
    const bases_input input = {.paths = paths, .count = path_count};
    return source_open(out, &input, regions, options, err);
}

dmg_status source_open(dmg_scan_source **out, const bases_input *input, dmg_regions *regions,
                       const dmg_scan_options *options, dmg_error *err)
{
    dmg_status st = dmg_scan_check(options, err);
    if (st == DMG_OK && options->circular && regions)
        st = dmg_error_set(err, DMG_RANGE, "regions of circular sequences are not supported");
    if (st != DMG_OK) return st;
    dmg_scan_source *source = dmg_alloc_zero(1, sizeof *source);
    if (!source) return dmg_error_nomem(err, "the sequences");
    source->chunk = options->chunk;
    source->margins = scan_margins_of(options);
    source->circular = options->circular;
    source->totals.digest = DMG_HASH_START;
    const size_t margin = source->margins.before + source->margins.behind;
    source->text_capacity = margin + source->chunk;
    source->text = dmg_alloc(source->text_capacity, 1);
    st = source->text ? DMG_OK : dmg_error_nomem(err, "the sequences");
    if (st == DMG_OK)
        st = bases_open(&source->stream, input, regions, source->circular ? margin : 0, err);
    if (st == DMG_OK)
        *out = source;
    else
        dmg_scan_source_close(source);
    return st;
}

void dmg_scan_source_close(dmg_scan_source *source)
{
    if (!source) return;
    bases_close(source->stream);
    free(source->name);
    free(source->text);
    free(source);
}

double dmg_scan_source_progress(const dmg_scan_source *source)
{
    return bases_progress(source->stream);
}

const char *dmg_scan_source_warning(const dmg_scan_source *source)
{
    return bases_clipped(source->stream);
}

source_totals source_count(const dmg_scan_source *source)
{
    return source->totals;
}

/* --- the window --- */

/* Begins the next sequence, if there is one. */
static dmg_status begin_sequence(dmg_scan_source *source, dmg_error *err)
{
    bases_sequence sequence;
    dmg_status st = bases_next(source->stream, &sequence, err);
    if (st != DMG_OK || !sequence.name) return st;
    const size_t size = strlen(sequence.name) + 1;
    if (!dmg_grow(&source->name, &source->name_capacity, size, 1))
        return dmg_error_nomem(err, "the sequences");
    memcpy(source->name, sequence.name, size);
    source->begun = source->first = true;
    source->from = source->text_from = sequence.from;
    source->core = sequence.from + (source->circular ? source->margins.before : 0);
    source->text_length = 0;
    source->at_end = false;
    return DMG_OK;
}

/* Lets go of what lies before the next core and its margin, and reads on. */
static dmg_status slide(dmg_scan_source *source, dmg_error *err)
{
    const uint64_t reach = source->text_from + source->margins.before;
    const size_t passed = source->core > reach ? (size_t)(source->core - reach) : 0;
    if (passed > 0) {
        memmove(source->text, source->text + passed, source->text_length - passed);
        source->text_from += passed;
        source->text_length -= passed;
    }
    const size_t room = source->text_capacity - source->text_length;
    size_t count;
    const dmg_status st =
        bases_read(source->stream, source->text + source->text_length, room, &count, err);
    if (st != DMG_OK) return st;
    source->text_length += count;
    source->at_end = count < room;
    return DMG_OK;
}

/* Where the last core ends: with the sequence, or when a circle is closed. */
static uint64_t last_core_end(const dmg_scan_source *source)
{
    const uint64_t end = source->text_from + source->text_length;
    if (!source->circular) return end;
    /* An empty circle has not been gone on from. */
    return end == source->from ? source->core : end - source->margins.behind;
}

/* --- pieces --- */

static dmg_status add_piece(dmg_scan_source *source, dmg_scan_item *item, dmg_error *err)
{
    const uint64_t text_end = source->text_from + source->text_length;
    scan_piece piece = {.core_from = source->core,
                        .core_to = source->core + source->chunk,
                        .text_from = source->text_from,
                        .sequence_from = source->from,
                        .first = source->first,
                        .circular = source->circular};
    if (source->at_end && last_core_end(source) <= piece.core_to) {
        piece.core_to = last_core_end(source);
        piece.last = true;
    }
    const uint64_t behind = piece.core_to + source->margins.behind;
    piece.text_length = (size_t)((behind < text_end ? behind : text_end) - source->text_from);
    if (!item_add_text(item, source->name, strlen(source->name) + 1, &piece.name_at) ||
        !item_add_text(item, source->text, piece.text_length, &piece.text_at) ||
        !item_add_piece(item, &piece))
        return dmg_error_nomem(err, "a part of the sequence");
    source->first = false;
    source->begun = !piece.last;
    source->core = piece.core_to;
    return DMG_OK;
}

dmg_status dmg_scan_source_next(dmg_scan_source *source, dmg_scan_item *item, bool *some,
                                dmg_error *err)
{
    item_clear(item);
    dmg_status st = DMG_OK;
    for (size_t cost = 0; st == DMG_OK && cost < source->chunk;) {
        if (!source->begun) st = begin_sequence(source, err);
        if (st != DMG_OK || !source->begun) break;
        st = slide(source, err);
        if (st == DMG_OK) st = add_piece(source, item, err);
        if (st != DMG_OK) break;
        const scan_piece *piece = &item->pieces[item->piece_count - 1];
        cost += (size_t)(piece->core_to - piece->core_from) + PIECE_COST;
    }
    *some = st == DMG_OK && item->piece_count > 0;
    if (!*some) return st;
    item_seal(item);
    item->number = source->totals.items++;
    source->totals.bases += item_bases(item);
    source->totals.digest = dmg_hash_number(source->totals.digest, item->digest);
    return DMG_OK;
}
