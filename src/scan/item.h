/* SPDX-License-Identifier: MIT */
/* The inside of an item: pieces of sequences, with as much around them as their candidates need. */
#ifndef DMG_SCAN_ITEM_H
#define DMG_SCAN_ITEM_H

#include "deepmirgene/scan.h"
#include "scan/text.h"

/* Where less decoy than sequence is asked for, it is a sample of blocks of so many bases, on a grid
 * that begins where the sequence does. */
enum { SCAN_BLOCK = 20000 };

/* A piece of a sequence (or of a region). A candidate belongs to the piece in whose core it starts.
 * Positions are those of the sequence; on a circle they go on beyond its length, once round and a
 * little more, and the cores begin a little after 0. */
typedef struct scan_piece {
    uint64_t core_from, core_to;
    uint64_t text_from; /* position of the first letter of the text */
    size_t text_at;     /* the place of the text in the item's */
    size_t text_length;
    size_t name_at;         /* of the sequence's name, likewise; NUL behind it */
    uint64_t sequence_from; /* where the sequence begins: 0, or the start of the region */
    bool first, last;       /* of its sequence */
    bool circular;
} scan_piece;

struct dmg_scan_item {
    uint64_t number;
    uint64_t digest; /* of pieces and text */
    scan_piece *pieces;
    size_t piece_count, piece_capacity;
    char *text; /* names and sequences */
    size_t text_size, text_capacity;
    char *packed; /* for dmg_scan_item_pack */
    size_t packed_capacity;
    scan_text block; /* that the scanner made of it */
};

/* The bases around a core that its candidates and decoys depend on: `before` it and `behind`. */
typedef struct scan_margins {
    size_t before, behind;
} scan_margins;

scan_margins scan_margins_of(const dmg_scan_options *options);

/* Bases of all cores. */
uint64_t item_bases(const dmg_scan_item *item);

/* Empties the item for its next use. */
void item_clear(dmg_scan_item *item);

/* Appends to the item's text; *at is where. */
bool item_add_text(dmg_scan_item *item, const char *text, size_t length, size_t *at);

/* Appends the piece. */
bool item_add_piece(dmg_scan_item *item, const scan_piece *piece);

/* Fills in the digest. */
void item_seal(dmg_scan_item *item);

#endif
