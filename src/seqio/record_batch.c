/* SPDX-License-Identifier: MIT */
/* Batches of records in reused memory.
 *
 * The text moves when it grows, so records are kept as offsets while a batch is filled and become
 * pointers at its end.
 */
#include "seqio/record_batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/pair_table.h"
#include "seqio/alphabet.h"
#include "seqio/diagnostic.h"
#include "seqio/dotbracket.h"

/* Below these sizes memory is never given back. */
#define TEXT_KEPT    ((size_t)1 << 20)
#define RECORDS_KEPT ((size_t)4096)

dmg_status dmg_batch_create(dmg_batch **out, dmg_error *err)
{
    dmg_batch *batch = dmg_alloc_zero(1, sizeof *batch);
    if (!batch) return dmg_error_nomem(err, "a batch of records");
    *out = batch;
    return DMG_OK;
}

void dmg_batch_destroy(dmg_batch *batch)
{
    if (!batch) return;
    free(batch->text);
    free(batch->entries);
    free(batch->records);
    free(batch);
}

size_t dmg_batch_count(const dmg_batch *batch)
{
    return batch->count;
}

const dmg_record *dmg_batch_records(const dmg_batch *batch)
{
    return batch->records;
}

/* A capacity is worth giving back when the last batch used less than a quarter of it: batches of
 * nearly the same size then never free what the next one has to allocate. */
static bool is_oversized(size_t used, size_t capacity, size_t kept)
{
    return capacity > kept && used < capacity / 4;
}

void dmg_batch_clear(dmg_batch *batch)
{
    if (is_oversized(batch->used, batch->text_capacity, TEXT_KEPT)) {
        free(batch->text);
        batch->text = NULL;
        batch->text_capacity = 0;
    }
    if (is_oversized(batch->count, batch->entry_capacity, RECORDS_KEPT)) {
        free(batch->entries);
        free(batch->records);
        batch->entries = NULL;
        batch->records = NULL;
        batch->entry_capacity = batch->record_capacity = 0;
    }
    batch->used = 0;
    batch->count = 0;
}

dmg_batch_entry *dmg_batch_begin(dmg_batch *batch)
{
    const size_t needed = batch->count + 1;
    if (!dmg_grow(&batch->entries, &batch->entry_capacity, needed, sizeof *batch->entries) ||
        !dmg_grow(&batch->records, &batch->record_capacity, needed, sizeof *batch->records))
        return NULL;
    dmg_batch_entry *entry = &batch->entries[batch->count];
    *entry = (dmg_batch_entry){0};
    return entry;
}

bool dmg_batch_reserve(dmg_batch *batch, size_t length)
{
    size_t needed;
    return !__builtin_add_overflow(batch->used, length, &needed) &&
           !__builtin_add_overflow(needed, (size_t)1, &needed) &&
           dmg_grow(&batch->text, &batch->text_capacity, needed, 1);
}

bool dmg_batch_append(dmg_batch *batch, const char *text, size_t length)
{
    if (!dmg_batch_reserve(batch, length)) return false;
    memcpy(batch->text + batch->used, text, length);
    batch->used += length;
    return true;
}

void dmg_batch_publish(dmg_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        const dmg_batch_entry *entry = &batch->entries[i];
        batch->records[i] = (dmg_record){
            .name = batch->text + entry->name,
            .id_length = entry->id_length,
            .sequence = batch->text + entry->sequence,
            .length = entry->length,
            .structure = entry->structure_length > 0 ? batch->text + entry->structure : NULL,
            .ambiguous = entry->ambiguous,
            .line = entry->line,
            .fault = entry->malformed ? batch->text + entry->fault : NULL,
        };
    }
}

/* --- records in memory --- */

/* "record 'ID': what"; one without an id goes by its number. */
static dmg_status fault_in_memory(const dmg_sequence *sequence, size_t number, dmg_error *err,
                                  const char *what, size_t position)
{
    if (sequence->id && *sequence->id)
        return dmg_error_set(err, DMG_FORMAT, "record '%.60s': %s at position %zu", sequence->id,
                             what, position + 1);
    return dmg_error_set(err, DMG_FORMAT, "record number %zu: %s at position %zu", number, what,
                         position + 1);
}

static dmg_status append_letters(dmg_batch *batch, dmg_batch_entry *entry,
                                 const dmg_sequence *sequence, size_t number, dmg_error *err)
{
    size_t fault;
    char what[64];
    if (!dmg_batch_reserve(batch, sequence->length)) return dmg_error_nomem(err, "records");
    entry->sequence = batch->used;
    entry->length = sequence->length == 0
                        ? 0
                        : dmg_alphabet_convert(batch->text + batch->used, sequence->sequence,
                                               sequence->length, &entry->ambiguous, &fault);
    batch->used += entry->length;
    if (sequence->length == 0 || fault == sequence->length) return DMG_OK;
    snprintf(what, sizeof what, "%s, which is not a nucleotide letter,",
             dmg_show_byte(sequence->sequence[fault]).text);
    return fault_in_memory(sequence, number, err, what, fault);
}

static dmg_status append_brackets(dmg_batch *batch, dmg_batch_entry *entry,
                                  const dmg_sequence *sequence, size_t number, dmg_error *err)
{
    size_t fault = 0;
    const char *structure = sequence->structure;
    if (!structure || entry->length == 0) return DMG_OK;
    if (!dmg_structure_valid(structure, entry->length, &fault))
        return fault_in_memory(sequence, number, err,
                               dmg_dotbracket_has(structure[fault])
                                   ? "an unbalanced bracket"
                                   : "a structure with another character than '.', '(' and ')'",
                               fault);
    entry->structure = batch->used;
    entry->structure_length = entry->length;
    if (dmg_batch_append(batch, structure, entry->length) && dmg_batch_append(batch, "", 1))
        return DMG_OK;
    return dmg_error_nomem(err, "records");
}

dmg_status dmg_batch_add(dmg_batch *batch, const dmg_sequence *sequence, size_t number,
                         dmg_error *err)
{
    const char *id = sequence->id ? sequence->id : "";
    if (!sequence->sequence && sequence->length > 0)
        return dmg_error_set(err, DMG_RANGE, "record number %zu: no sequence given", number);
    dmg_batch_entry *entry = dmg_batch_begin(batch);
    if (!entry) return dmg_error_nomem(err, "records");
    entry->name = batch->used;
    entry->id_length = strlen(id);
    entry->line = number;
    if (!dmg_batch_append(batch, id, entry->id_length + 1)) return dmg_error_nomem(err, "records");
    dmg_status st = append_letters(batch, entry, sequence, number, err);
    if (st == DMG_OK && !dmg_batch_append(batch, "", 1)) st = dmg_error_nomem(err, "records");
    if (st == DMG_OK) st = append_brackets(batch, entry, sequence, number, err);
    if (st == DMG_OK) batch->count++;
    return st;
}
