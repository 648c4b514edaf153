/* SPDX-License-Identifier: MIT */
/* The inside of a batch: one growing text that holds all names, sequences and structures. */
#ifndef DMG_SEQIO_RECORD_BATCH_H
#define DMG_SEQIO_RECORD_BATCH_H

#include "deepmirgene/seqio.h"

/* A record while the text may still move: where its parts start in it. */
typedef struct dmg_batch_entry {
    size_t name, id_length;
    size_t sequence, length;
    size_t structure, structure_length; /* length 0: it has none */
    bool ambiguous;
    bool malformed;
    size_t fault; /* why, where it is malformed */
    uint64_t line;
} dmg_batch_entry;

struct dmg_batch {
    char *text;
    size_t used, text_capacity;
    dmg_batch_entry *entries;
    size_t count, entry_capacity;
    dmg_record *records; /* as many as entries; valid after dmg_batch_publish */
    size_t record_capacity;
};

/* Forgets all records; memory is kept unless it is large and was hardly used the last time. */
void dmg_batch_clear(dmg_batch *batch);

/* A new entry after the present ones, all zero; it counts only once `count` is raised. NULL when
 * memory is out. */
dmg_batch_entry *dmg_batch_begin(dmg_batch *batch);

/* Makes room for `length` more bytes of text and a NUL after them. */
bool dmg_batch_reserve(dmg_batch *batch, size_t length);

/* Appends `text` [length]; false when memory is out. */
bool dmg_batch_append(dmg_batch *batch, const char *text, size_t length);

/* Appends a copy of a record in memory, the number-th of the caller's, which becomes its line.
 * DMG_FORMAT for letters and structures that a file could not have, with the record's name; then
 * the batch keeps the records before it. */
dmg_status dmg_batch_add(dmg_batch *batch, const dmg_sequence *sequence, size_t number,
                         dmg_error *err);

/* Makes the records of the entries. */
void dmg_batch_publish(dmg_batch *batch);

#endif
