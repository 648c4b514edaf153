/* SPDX-License-Identifier: MIT */
/* Items: pieces of sequences in one block of memory. */
#include "scan/item.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"

dmg_status dmg_scan_item_create(dmg_scan_item **out, dmg_error *err)
{
    dmg_scan_item *item = dmg_alloc_zero(1, sizeof *item);
    if (!item) return dmg_error_nomem(err, "a part of the sequence");
    *out = item;
    return DMG_OK;
}

void dmg_scan_item_destroy(dmg_scan_item *item)
{
    if (!item) return;
    free(item->pieces);
    free(item->text);
    free(item->packed);
    free(item->block.bytes);
    free(item);
}

uint64_t dmg_scan_item_number(const dmg_scan_item *item)
{
    return item->number;
}

const char *dmg_scan_item_block(const dmg_scan_item *item, size_t *size)
{
    *size = item->block.size;
    return item->block.bytes;
}

scan_margins scan_margins_of(const dmg_scan_options *options)
{
    /* Candidates reach `longest` beyond the core, and depend on `context` bases more. */
    const size_t context = dmg_hairpin_context(&options->hairpins);
    return (scan_margins){.before = context,
                          .behind = dmg_hairpin_longest(&options->hairpins) + context};
}

uint64_t item_bases(const dmg_scan_item *item)
{
    uint64_t bases = 0;
    for (size_t i = 0; i < item->piece_count; i++)
        bases += item->pieces[i].core_to - item->pieces[i].core_from;
    return bases;
}

/* --- filling --- */

void item_clear(dmg_scan_item *item)
{
    item->piece_count = 0;
    item->text_size = 0;
    item->block.size = 0;
}

bool item_add_text(dmg_scan_item *item, const char *text, size_t length, size_t *at)
{
    if (!dmg_grow(&item->text, &item->text_capacity, item->text_size + length, 1)) return false;
    memcpy(item->text + item->text_size, text, length);
    *at = item->text_size;
    item->text_size += length;
    return true;
}

bool item_add_piece(dmg_scan_item *item, const scan_piece *piece)
{
    if (!dmg_grow(&item->pieces, &item->piece_capacity, item->piece_count + 1, sizeof *piece))
        return false;
    item->pieces[item->piece_count++] = *piece;
    return true;
}

void item_seal(dmg_scan_item *item)
{
    uint64_t hash = dmg_hash_bytes(DMG_HASH_START, item->text, item->text_size);
    for (size_t i = 0; i < item->piece_count; i++) {
        const scan_piece *piece = &item->pieces[i];
        hash = dmg_hash_number(dmg_hash_number(hash, piece->core_from), piece->core_to);
        hash = dmg_hash_number(hash, (uint64_t)piece->first << 2 | (uint64_t)piece->last << 1 |
                                         (uint64_t)piece->circular);
    }
    item->digest = hash;
}

/* --- to other processes --- */

/* The head before the pieces and the text. */
typedef struct packed_head {
    uint64_t number, digest, piece_count, text_size;
} packed_head;

dmg_status dmg_scan_item_pack(dmg_scan_item *item, const void **bytes, size_t *size, dmg_error *err)
{
    const packed_head head = {item->number, item->digest, item->piece_count, item->text_size};
    const size_t pieces = item->piece_count * sizeof *item->pieces;
    *size = sizeof head + pieces + item->text_size;
    if (!dmg_grow(&item->packed, &item->packed_capacity, *size, 1))
        return dmg_error_nomem(err, "a part of the sequence");
    memcpy(item->packed, &head, sizeof head);
    if (pieces > 0) memcpy(item->packed + sizeof head, item->pieces, pieces);
    if (item->text_size > 0)
        memcpy(item->packed + sizeof head + pieces, item->text, item->text_size);
    *bytes = item->packed;
    return DMG_OK;
}

dmg_status dmg_scan_item_unpack(dmg_scan_item *item, const void *bytes, size_t size, dmg_error *err)
{
    packed_head head;
    item_clear(item);
    if (size < sizeof head) return dmg_error_set(err, DMG_FORMAT, "truncated item");
    memcpy(&head, bytes, sizeof head);
    const size_t pieces = head.piece_count * sizeof *item->pieces;
    if (head.piece_count > size / sizeof *item->pieces || head.text_size > size ||
        sizeof head + pieces + head.text_size != size)
        return dmg_error_set(err, DMG_FORMAT, "item of %zu bytes, expected another size", size);
    size_t at;
    if (!dmg_grow(&item->pieces, &item->piece_capacity, head.piece_count, sizeof *item->pieces) ||
        !item_add_text(item, (const char *)bytes + sizeof head + pieces, head.text_size, &at))
        return dmg_error_nomem(err, "a part of the sequence");
    if (pieces > 0) memcpy(item->pieces, (const char *)bytes + sizeof head, pieces);
    item->piece_count = head.piece_count;
    item->number = head.number;
    item->digest = head.digest;
    return DMG_OK;
}
