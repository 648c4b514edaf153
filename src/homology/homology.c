/* SPDX-License-Identifier: MIT */
/* Finds the known sequence that a hairpin resembles most. */
#include "deepmirgene/homology.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/nucleotide.h"
#include "deepmirgene/seqio.h"
#include "homology/align.h"
#include "homology/family.h"
#include "homology/records.h"
#include "homology/words.h"

enum { NEAREST = 32, SEED_START = 1, SEED = 7, BATCH_RECORDS = 1024, BATCH_LETTERS = 1 << 20 };

typedef struct known_record {
    char *name, *sequence; /* upper case, U */
    size_t length;
} known_record;

struct dmg_known {
    known_record *records;
    size_t count, capacity;
    word_index index;
    char *query; /* as the records' sequences */
    size_t query_capacity;
};

const char *dmg_seed_name(dmg_seed seed)
{
    static const char *const names[] = {"none", "5p", "3p", "both"};
    return names[seed];
}

/* --- the set --- */

void dmg_known_destroy(dmg_known *known)
{
    if (!known) return;
    for (size_t i = 0; i < known->count; i++) {
        free(known->records[i].name);
        free(known->records[i].sequence);
    }
    free(known->records);
    word_index_clear(&known->index);
    free(known->query);
    free(known);
}

static void normalise(char *out, const char *sequence, size_t length)
{
    for (size_t i = 0; i < length; i++) out[i] = dmg_base_letter(dmg_base_code(sequence[i]));
}

static dmg_status add_record(dmg_known *known, const dmg_record *record, dmg_error *err)
{
    if (record->length == 0) return DMG_OK;
    if (!dmg_grow(&known->records, &known->capacity, known->count + 1, sizeof *known->records))
        return dmg_error_nomem(err, "known sequences");
    known_record *const added = &known->records[known->count];
    added->name = dmg_copy_text(record->name, record->id_length);
    added->sequence = dmg_copy_text(record->sequence, record->length);
    added->length = record->length;
    known->count++;
    if (!added->name || !added->sequence) return dmg_error_nomem(err, "known sequences");
    normalise(added->sequence, record->sequence, record->length);
    return DMG_OK;
}

static dmg_status read_records(dmg_known *known, dmg_reader *reader, dmg_batch *batch,
                               dmg_error *err)
{
    for (;;) {
        dmg_status st = dmg_reader_next(reader, batch, BATCH_RECORDS, BATCH_LETTERS, err);
        if (st != DMG_OK || dmg_batch_count(batch) == 0) return st;
        for (size_t i = 0; st == DMG_OK && i < dmg_batch_count(batch); i++)
            st = add_record(known, &dmg_batch_records(batch)[i], err);
        if (st != DMG_OK) return st;
    }
}

static dmg_status read_file(dmg_known *known, const char *path, dmg_error *err)
{
    dmg_reader *reader = NULL;
    dmg_batch *batch = NULL;
    dmg_status st = dmg_reader_open(&reader, path, err);
    if (st == DMG_OK) st = dmg_batch_create(&batch, err);
    if (st == DMG_OK) st = read_records(known, reader, batch, err);
    dmg_batch_destroy(batch);
    dmg_reader_close(reader);
    return st;
}

static dmg_status build_index(dmg_known *known, dmg_error *err)
{
    const char **sequences = dmg_alloc(known->count, sizeof *sequences);
    size_t *lengths = dmg_alloc(known->count, sizeof *lengths);
    dmg_status st = sequences && lengths ? DMG_OK : dmg_error_nomem(err, "known sequences");
    for (size_t i = 0; st == DMG_OK && i < known->count; i++) {
        sequences[i] = known->records[i].sequence;
        lengths[i] = known->records[i].length;
    }
    if (st == DMG_OK) st = word_index_build(&known->index, sequences, lengths, known->count, err);
    free(sequences);
    free(lengths);
    return st;
}

dmg_status dmg_known_load(dmg_known **out, const char *path, dmg_error *err)
{
    dmg_status st = align_available(err);
    if (st != DMG_OK) return st;
    dmg_known *known = dmg_alloc_zero(1, sizeof *known);
    if (!known) return dmg_error_nomem(err, path);
    st = read_file(known, path, err);
    if (st == DMG_OK) st = build_index(known, err);
    if (st == DMG_OK)
        *out = known;
    else
        dmg_known_destroy(known);
    return st;
}

size_t homology_count(const dmg_known *known)
{
    return known->count;
}

known_sequence homology_sequence(const dmg_known *known, size_t i)
{
    const known_record *const record = &known->records[i];
    return (known_sequence){record->name, record->sequence, record->length};
}

/* --- names --- */

void homology_family(char family[DMG_KNOWN_FAMILY], const char *name)
{
    const char *dash = strchr(name, '-');
    const char *from = dash && dash[1] ? dash + 1 : name;
    size_t used = 0;
    for (; *from && *from != '*' && used + 2 < DMG_KNOWN_FAMILY; from++) {
        const bool digit = isdigit((unsigned char)*from);
        if (used > 0 && !digit && isdigit((unsigned char)family[used - 1])) break;
        if (digit && used == 3 && memcmp(family, "mir", 3) == 0) family[used++] = '-';
        family[used++] = (char)tolower((unsigned char)*from);
    }
    family[used] = '\0';
}

/* --- resemblance --- */

static bool is_mature(const known_record *record)
{
    return record->length <= DMG_KNOWN_MATURE;
}

/* Edits over bases of the shorter sequence, from 1; 0 below the least identity. */
static double identity_of(const known_record *record, const char *query, size_t length)
{
    const bool inside = record->length <= length;
    const char *const shorter = inside ? record->sequence : query;
    const char *const longer = inside ? query : record->sequence;
    const size_t least = inside ? record->length : length, most = inside ? length : record->length;
    const double limit = is_mature(record) ? DMG_KNOWN_MATURE_IDENTITY : DMG_KNOWN_HAIRPIN_IDENTITY;
    const int allowed = (int)((1 - limit) * (double)least + 1e-9);
    const int edits = align_inside(shorter, least, longer, most, allowed);
    return edits < 0 ? 0 : 1 - (double)edits / (double)least;
}

static bool has_seed(const known_record *record, const char *query, const dmg_mature_arm *arm)
{
    if (arm->end - arm->start < SEED_START + SEED) return false;
    const char *const seed = query + arm->start + SEED_START;
    if (is_mature(record))
        return record->length >= SEED_START + SEED &&
               memcmp(record->sequence + SEED_START, seed, SEED) == 0;
    for (size_t i = 0; i + SEED <= record->length; i++)
        if (memcmp(record->sequence + i, seed, SEED) == 0) return true;
    return false;
}

static dmg_seed compare_seeds(const known_record *record, const char *query,
                              const dmg_mature *mature)
{
    if (!mature || !mature->found) return DMG_SEED_NONE;
    const int seeds = (has_seed(record, query, &mature->arm_5p) ? DMG_SEED_5P : 0) |
                      (has_seed(record, query, &mature->arm_3p) ? DMG_SEED_3P : 0);
    return (dmg_seed)seeds;
}

dmg_status dmg_known_find(dmg_homologue *out, dmg_known *known, const char *sequence, size_t length,
                          const dmg_mature *mature, dmg_error *err)
{
    *out = (dmg_homologue){0};
    if (!dmg_grow(&known->query, &known->query_capacity, length + 1, 1))
        return dmg_error_nomem(err, "known sequences");
    normalise(known->query, sequence, length);
    uint32_t nearest[NEAREST];
    const size_t count = word_index_nearest(nearest, NEAREST, &known->index, known->query, length);
    const known_record *best = NULL;
    for (size_t i = 0; i < count; i++) {
        const known_record *const record = &known->records[nearest[i]];
        const double identity = identity_of(record, known->query, length);
        if (identity <= out->identity) continue;
        out->identity = identity;
        best = record;
    }
    if (!best) return DMG_OK;
    out->name = best->name;
    out->seed = compare_seeds(best, known->query, mature);
    homology_family(out->family, best->name);
    return DMG_OK;
}
