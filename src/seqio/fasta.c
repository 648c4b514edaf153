/* SPDX-License-Identifier: MIT */
/* FASTA records in pieces of any size, for sequences that are not to be held in memory. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "deepmirgene/seqio.h"
#include "seqio/alphabet.h"
#include "seqio/diagnostic.h"
#include "seqio/lines.h"

struct dmg_fasta {
    dmg_lines *lines;              /* of a file; NULL: in memory are */
    const dmg_sequence *sequences; /* [sequence_count] */
    size_t sequence_count;
    char *id;
    size_t id_capacity;
    uint64_t records; /* begun so far */
    uint64_t line;    /* of the present record's header */
    bool at_line;     /* the next byte begins a line */
    bool ended;       /* the present record has */
    dmg_line part;    /* of a sequence line; `used` bytes of it were taken */
    size_t used;
};

dmg_status dmg_fasta_open(dmg_fasta **out, const char *path, dmg_error *err)
{
    dmg_fasta *fasta = dmg_alloc_zero(1, sizeof *fasta);
    if (!fasta) return dmg_error_nomem(err, "a sequence reader");
    fasta->at_line = true;
    fasta->ended = true;
    const dmg_status st = dmg_lines_open(&fasta->lines, path, err);
    if (st != DMG_OK)
        dmg_fasta_close(fasta);
    else
        *out = fasta;
    return st;
}

dmg_status dmg_fasta_open_memory(dmg_fasta **out, const dmg_sequence *sequences, size_t count,
                                 dmg_error *err)
{
    dmg_fasta *fasta = dmg_alloc_zero(1, sizeof *fasta);
    if (!fasta) return dmg_error_nomem(err, "a sequence reader");
    fasta->sequences = sequences;
    fasta->sequence_count = count;
    *out = fasta;
    return DMG_OK;
}

void dmg_fasta_close(dmg_fasta *fasta)
{
    if (!fasta) return;
    dmg_lines_close(fasta->lines);
    free(fasta->id);
    free(fasta);
}

double dmg_fasta_progress(const dmg_fasta *fasta)
{
    if (fasta->lines) return dmg_lines_progress(fasta->lines);
    const size_t n = fasta->sequence_count;
    return n == 0 ? 1 : (double)fasta->records / (double)n;
}

uint64_t dmg_fasta_line(const dmg_fasta *fasta)
{
    return fasta->lines ? fasta->line : fasta->records;
}

/* --- headers --- */

static dmg_status take_header(dmg_fasta *fasta, dmg_error *err)
{
    const char *label = dmg_lines_label(fasta->lines);
    dmg_line line;
    dmg_status st = dmg_lines_next(fasta->lines, &line, err);
    if (st == DMG_OK) st = dmg_diagnostic_header(label, &line, err);
    if (st != DMG_OK) return st;
    fasta->records++;
    fasta->line = line.number;
    fasta->ended = false;
    const char *id = line.text + 1, *const end = line.text + line.length;
    while (id < end && dmg_lines_blank(*id)) id++;
    size_t length = 0;
    while (id + length < end && !dmg_lines_blank(id[length])) length++;
    if (length == 0) return dmg_diagnostic(label, line.number, "a sequence without a name", err);
    if (!dmg_grow(&fasta->id, &fasta->id_capacity, length + 1, 1))
        return dmg_error_nomem(err, "a sequence reader");
    memcpy(fasta->id, id, length);
    fasta->id[length] = '\0';
    return DMG_OK;
}

/* --- letters --- */

/* The next part of the record's letters, or its end. */
static dmg_status next_part(dmg_fasta *fasta, dmg_error *err)
{
    if (fasta->at_line) {
        int byte;
        const dmg_status st = dmg_lines_skip(fasta->lines, &byte, err);
        if (st != DMG_OK) return st;
        fasta->ended = byte < 0 || byte == '>';
        if (fasta->ended) return DMG_OK;
    }
    fasta->used = 0;
    return dmg_lines_part(fasta->lines, &fasta->part, &fasta->at_line, err);
}

/* Of the present sequence in memory, of which `used` letters were taken. */
static dmg_status read_memory(dmg_fasta *fasta, char *letters, size_t capacity, size_t *count,
                              dmg_error *err)
{
    *count = 0;
    if (fasta->records == 0) return DMG_OK;
    const dmg_sequence *sequence = &fasta->sequences[fasta->records - 1];
    while (*count < capacity && fasta->used < sequence->length) {
        const char *text = sequence->sequence + fasta->used;
        const size_t left = sequence->length - fasta->used, wanted = capacity - *count;
        const size_t piece = left < wanted ? left : wanted;
        bool ambiguous = false;
        size_t fault;
        *count += dmg_alphabet_convert(letters + *count, text, piece, &ambiguous, &fault);
        if (fault < piece)
            return dmg_error_set(
                err, DMG_FORMAT, "record '%.60s': %s at position %zu is not a nucleotide letter",
                sequence->id, dmg_show_byte(text[fault]).text, fasta->used + fault + 1);
        fasta->used += piece;
    }
    return DMG_OK;
}

static dmg_status next_in_memory(dmg_fasta *fasta, const char **id, dmg_error *err)
{
    *id = NULL;
    if (fasta->records == fasta->sequence_count) return DMG_OK;
    const dmg_sequence *sequence = &fasta->sequences[fasta->records++];
    fasta->used = 0;
    if (!sequence->id || !*sequence->id)
        return dmg_error_set(err, DMG_FORMAT, "record number %llu: a sequence without a name",
                             (unsigned long long)fasta->records);
    if (!sequence->sequence && sequence->length > 0)
        return dmg_error_set(err, DMG_RANGE, "record '%.60s': no sequence given", sequence->id);
    *id = sequence->id;
    return DMG_OK;
}

dmg_status dmg_fasta_read(dmg_fasta *fasta, char *letters, size_t capacity, size_t *count,
                          dmg_error *err)
{
    if (!fasta->lines) return read_memory(fasta, letters, capacity, count, err);
    *count = 0;
    while (*count < capacity && !fasta->ended) {
        const size_t left = fasta->part.length - fasta->used;
        if (left == 0) {
            const dmg_status st = next_part(fasta, err);
            if (st != DMG_OK) return st;
            continue;
        }
        const size_t wanted = capacity - *count;
        const size_t piece = left < wanted ? left : wanted;
        const char *text = fasta->part.text + fasta->used;
        bool ambiguous = false;
        size_t fault;
        *count += dmg_alphabet_convert(letters + *count, text, piece, &ambiguous, &fault);
        if (fault < piece) {
            const dmg_diagnostic_record record = {.label = dmg_lines_label(fasta->lines),
                                                  .id = fasta->id,
                                                  .id_length = strlen(fasta->id),
                                                  .number = fasta->records};
            return dmg_diagnostic_letter(record, fasta->part.number, text[fault],
                                         fasta->part.indent + fasta->used + fault + 1, err);
        }
        fasta->used += piece;
    }
    return DMG_OK;
}

/* --- records --- */

/* The first record, or what is there instead; a file may be empty. */
static dmg_status check_start(dmg_fasta *fasta, int byte, dmg_error *err)
{
    dmg_line line;
    if (byte < 0 || byte == '>') return DMG_OK;
    dmg_lines_peek(fasta->lines, &line);
    return dmg_diagnostic_start(dmg_lines_label(fasta->lines), &line, "'>' (FASTA)", err);
}

dmg_status dmg_fasta_next(dmg_fasta *fasta, const char **id, dmg_error *err)
{
    char passed[4096];
    dmg_status st = DMG_OK;
    if (!fasta->lines) return next_in_memory(fasta, id, err);
    for (size_t count = 1; st == DMG_OK && count > 0;)
        st = dmg_fasta_read(fasta, passed, sizeof passed, &count, err);
    int byte = -1;
    if (st == DMG_OK) st = dmg_lines_skip(fasta->lines, &byte, err);
    if (st == DMG_OK && fasta->records == 0) st = check_start(fasta, byte, err);
    if (st == DMG_OK && byte >= 0) st = take_header(fasta, err);
    if (st == DMG_OK) *id = byte < 0 ? NULL : fasta->id;
    return st;
}
