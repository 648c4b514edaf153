/* SPDX-License-Identifier: MIT */
/* FASTA and FASTQ records, read line by line into a batch.
 *
 * A FASTA record ends where the next header or the end of the file is found, so the reader looks
 * one line ahead. In a FASTQ record the length of the sequence says how far the qualities go: they
 * may be wrapped, and their lines may begin with any of the marks '@', '+' and '>'.
 *
 * Contents: messages; parts of a record; structures; FASTA; FASTQ; the reader.
 */
#include "deepmirgene/seqio.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/pair_table.h"
#include "seqio/alphabet.h"
#include "seqio/diagnostic.h"
#include "seqio/dotbracket.h"
#include "seqio/file_kind.h"
#include "seqio/lines.h"
#include "seqio/reader.h"
#include "seqio/record_batch.h"

struct dmg_reader {
    dmg_lines *lines;
    char mark;        /* '>' or '@', the first byte of the file's records; 0 until it is known */
    uint64_t records; /* begun so far */
    dmg_status fault; /* what ended the reading, if anything did */
    size_t most;      /* letters of a record that are kept */
    bool lenient;     /* malformed records are passed on as such */
    bool malformed;   /* the present one is, and `why` says why */
    dmg_error why;
};

/* --- messages --- */

/* "FILE:LINE: what". */
static dmg_status diagnose(const dmg_reader *reader, uint64_t line, const char *what,
                           dmg_error *err)
{
    return dmg_diagnostic(dmg_lines_label(reader->lines), line, what, err);
}

/* The record that is being read, as messages name it. */
static dmg_diagnostic_record named(const dmg_reader *reader, const dmg_batch *batch)
{
    const dmg_batch_entry *entry = &batch->entries[batch->count];
    return (dmg_diagnostic_record){.label = dmg_lines_label(reader->lines),
                                   .id = batch->text + entry->name,
                                   .id_length = entry->id_length,
                                   .number = reader->records};
}

/* --- parts of a record --- */

/* The next line that is not blank, or the end. */
static dmg_status next_line(dmg_reader *reader, dmg_line *line, dmg_error *err)
{
    dmg_status st;
    do st = dmg_lines_next(reader->lines, line, err);
    while (st == DMG_OK && line->text && line->length == 0);
    return st;
}

static size_t column(const dmg_line *line, size_t index)
{
    return line->indent + index + 1;
}

static dmg_status out_of_memory(dmg_error *err)
{
    return dmg_error_nomem(err, "a batch of records");
}

/* Every part of a record ends in a NUL, so that it is a string too. */
static bool end_part(dmg_batch *batch)
{
    return dmg_batch_append(batch, "", 1);
}

/* Starts the record whose header is `line`: its name, and room for the sequence after it. */
static dmg_status begin_record(dmg_reader *reader, dmg_batch *batch, const dmg_line *line,
                               dmg_error *err)
{
    dmg_status st = dmg_diagnostic_header(dmg_lines_label(reader->lines), line, err);
    if (st != DMG_OK) return st;
    reader->records++;
    dmg_batch_entry *entry = dmg_batch_begin(batch);
    if (!entry) return out_of_memory(err);
    const char *name = line->text + 1, *const end = line->text + line->length;
    while (name < end && dmg_lines_blank(*name)) name++;
    const char *id_end = name;
    while (id_end < end && !dmg_lines_blank(*id_end)) id_end++;
    entry->line = line->number;
    entry->name = batch->used;
    entry->id_length = (size_t)(id_end - name);
    if (!dmg_batch_append(batch, name, (size_t)(end - name)) || !end_part(batch))
        return out_of_memory(err);
    entry->sequence = batch->used;
    return DMG_OK;
}

/* Whether the reading goes on after this fault of the present record, of which the first is kept.
 */
static bool is_tolerated(dmg_reader *reader, dmg_status st, const dmg_error *why)
{
    if (st != DMG_FORMAT || !reader->lenient) return false;
    if (!reader->malformed) reader->why = *why;
    reader->malformed = true;
    return true;
}

/* The fault itself, where it is not tolerated. */
static dmg_status tolerate(dmg_reader *reader, dmg_status st, const dmg_error *why, dmg_error *err)
{
    if (st == DMG_OK || is_tolerated(reader, st, why)) return DMG_OK;
    return dmg_error_set(err, st, "%s", why->message);
}

/* Takes letters that stand at the end of the text. Those of a record that is too long are counted
 * and not kept. */
static void count_letters(const dmg_reader *reader, dmg_batch *batch, size_t letters)
{
    dmg_batch_entry *entry = &batch->entries[batch->count];
    batch->used += letters;
    entry->length += letters;
    if (entry->length > reader->most) batch->used = entry->sequence;
}

/* A letter that is tolerated counts as one, because of the qualities of FASTQ. */
static dmg_status append_sequence(dmg_reader *reader, dmg_batch *batch, const dmg_line *line,
                                  dmg_error *err)
{
    dmg_batch_entry *entry = &batch->entries[batch->count];
    for (size_t at = 0; at < line->length; at++) {
        size_t fault;
        if (!dmg_batch_reserve(batch, line->length - at)) return out_of_memory(err);
        count_letters(reader, batch,
                      dmg_alphabet_convert(batch->text + batch->used, line->text + at,
                                           line->length - at, &entry->ambiguous, &fault));
        at += fault;
        if (at == line->length) break;
        dmg_error why;
        const dmg_status st = dmg_diagnostic_letter(named(reader, batch), line->number,
                                                    line->text[at], column(line, at), &why);
        if (!is_tolerated(reader, st, &why)) return dmg_error_set(err, st, "%s", why.message);
        batch->text[batch->used] = 'N';
        count_letters(reader, batch, 1);
    }
    return DMG_OK;
}

/* What of a malformed record remains: its name, and why. */
static dmg_status finish_malformed(const dmg_reader *reader, dmg_batch *batch, dmg_error *err)
{
    dmg_batch_entry *entry = &batch->entries[batch->count];
    batch->used = entry->sequence;
    *entry = (dmg_batch_entry){.name = entry->name,
                               .id_length = entry->id_length,
                               .line = entry->line,
                               .sequence = entry->sequence,
                               .malformed = true};
    if (!end_part(batch)) return out_of_memory(err);
    entry->fault = batch->used;
    const bool added = dmg_batch_append(batch, reader->why.message, strlen(reader->why.message));
    return added && end_part(batch) ? DMG_OK : out_of_memory(err);
}

/* --- structures --- */

/* What is known of the structure of the present FASTA record. */
typedef struct structure_state {
    uint64_t line; /* its first line; 0: there is none */
    bool closed;   /* an energy has ended it */
} structure_state;

/* A line that begins like a structure and is none. */
static dmg_status wrong_structure(const dmg_reader *reader, const dmg_batch *batch,
                                  dmg_dotbracket_kind kind, const dmg_line *line, size_t fault,
                                  dmg_error *err)
{
    const dmg_diagnostic_record record = named(reader, batch);
    const bool sequence_before = batch->entries[batch->count].length > 0;
    const char wrong = line->text[fault];
    if (kind == DMG_DOTBRACKET_WRONG_BYTE && line->text[0] == '.' && dmg_alphabet_has(wrong))
        return dmg_diagnostic_letter(record, line->number, '.', column(line, 0), err);
    if (kind == DMG_DOTBRACKET_WRONG_BYTE)
        return dmg_diagnostic_about(
            record, line->number, err,
            "%s at column %zu of a structure, which is made of '.', '(' and ')'",
            dmg_show_byte(wrong).text, column(line, fault));
    if (!sequence_before)
        return dmg_diagnostic_about(
            record, line->number, err,
            "a structure before its sequence; RNALfold's output cannot be read: "
            "give the sequences that it was made from");
    return dmg_diagnostic_about(record, line->number, err,
                                "column %zu: only an energy such as (-12.30) may follow a "
                                "structure",
                                column(line, fault));
}

static dmg_status append_structure(const dmg_reader *reader, dmg_batch *batch,
                                   structure_state *state, const dmg_line *line, dmg_error *err)
{
    dmg_batch_entry *entry = &batch->entries[batch->count];
    if (state->closed)
        return dmg_diagnostic_about(named(reader, batch), line->number, err,
                                    "text after the energy that ends the structure");
    size_t length, fault = 0;
    const dmg_dotbracket_kind kind = dmg_dotbracket_scan(line->text, line->length, &length, &fault);
    if (kind == DMG_DOTBRACKET_WRONG_BYTE || kind == DMG_DOTBRACKET_WRONG_TAIL)
        return wrong_structure(reader, batch, kind, line, fault, err);
    if (state->line == 0) {
        if (!end_part(batch)) return out_of_memory(err); /* of the sequence */
        entry->structure = batch->used;
        state->line = line->number;
    }
    state->closed = kind == DMG_DOTBRACKET_CLOSED;
    if (!dmg_batch_append(batch, line->text, length)) return out_of_memory(err);
    entry->structure_length += length;
    return DMG_OK;
}

static dmg_status check_structure(const dmg_reader *reader, const dmg_batch *batch,
                                  const structure_state *state, dmg_error *err)
{
    const dmg_batch_entry *entry = &batch->entries[batch->count];
    if (entry->structure_length != entry->length)
        return dmg_diagnostic_about(named(reader, batch), state->line, err,
                                    "the structure has %zu characters, the sequence %zu",
                                    entry->structure_length, entry->length);
    size_t position;
    const char *structure = batch->text + entry->structure;
    if (!dmg_structure_valid(structure, entry->structure_length, &position))
        return dmg_diagnostic_about(named(reader, batch), state->line, err,
                                    "unbalanced '%c' at position %zu of the structure",
                                    structure[position], position + 1);
    return DMG_OK;
}

/* --- FASTA --- */

/* A line of a structure, or one that RNAfold adds after it. */
static dmg_status read_structure_line(const dmg_reader *reader, dmg_batch *batch,
                                      structure_state *state, const dmg_line *line, dmg_error *err)
{
    if (state->closed && dmg_dotbracket_is_extra(line->text, line->length)) return DMG_OK;
    if (dmg_dotbracket_has(line->text[0])) return append_structure(reader, batch, state, line, err);
    return dmg_diagnostic_about(named(reader, batch), line->number, err,
                                "%s at column %zu after a structure; expected '>' or more of it",
                                dmg_show_byte(line->text[0]).text, column(line, 0));
}

/* The next line below the header, which begins with `byte`. Sequence comes in parts, because a line
 * may be a whole chromosome. */
static dmg_status read_fasta_line(dmg_reader *reader, dmg_batch *batch, structure_state *state,
                                  int byte, dmg_error *err)
{
    dmg_line line;
    dmg_status st;
    if (state->line > 0 || dmg_dotbracket_has((char)byte)) {
        dmg_error why;
        st = dmg_lines_next(reader->lines, &line, err);
        if (st != DMG_OK || reader->malformed) return st;
        st = read_structure_line(reader, batch, state, &line, &why);
        return tolerate(reader, st, &why, err);
    }
    for (bool last = false; !last;) {
        st = dmg_lines_part(reader->lines, &line, &last, err);
        if (st == DMG_OK && line.text) st = append_sequence(reader, batch, &line, err);
        if (st != DMG_OK) return st;
    }
    return DMG_OK;
}

static dmg_status read_fasta_body(dmg_reader *reader, dmg_batch *batch, dmg_error *err)
{
    structure_state state = {0};
    dmg_error why;
    int byte;
    dmg_status st;
    while ((st = dmg_lines_skip(reader->lines, &byte, err)) == DMG_OK && byte >= 0 && byte != '>') {
        st = read_fasta_line(reader, batch, &state, byte, err);
        if (st != DMG_OK) return st;
    }
    if (st != DMG_OK) return st;
    if (!end_part(batch)) return out_of_memory(err);
    if (state.line == 0 || reader->malformed) return DMG_OK;
    st = check_structure(reader, batch, &state, &why);
    dmg_batch_entry *entry = &batch->entries[batch->count];
    if (entry->length > reader->most) entry->structure_length = 0;
    return tolerate(reader, st, &why, err);
}

/* --- FASTQ --- */

/* Sequence lines up to the one that begins with '+'. */
static dmg_status read_fastq_sequence(dmg_reader *reader, dmg_batch *batch, dmg_error *err)
{
    dmg_line line;
    dmg_status st;
    while ((st = next_line(reader, &line, err)) == DMG_OK && line.text && line.text[0] != '+') {
        if (line.text[0] == '@')
            return dmg_diagnostic_about(named(reader, batch), line.number, err,
                                        "no '+' line and qualities before the next record");
        st = append_sequence(reader, batch, &line, err);
        if (st != DMG_OK) return st;
    }
    if (st == DMG_OK && !line.text)
        return dmg_diagnostic_about(named(reader, batch), line.number, err,
                                    "the file ends before its '+' line and qualities");
    return st;
}

/* Reads over the qualities, as many as there are letters; an error where they are fewer or more. */
static dmg_status skip_qualities(dmg_reader *reader, dmg_batch *batch, dmg_error *err)
{
    const size_t wanted = batch->entries[batch->count].length;
    size_t found = 0;
    while (found < wanted) {
        dmg_line line;
        const dmg_status st = next_line(reader, &line, err);
        if (st != DMG_OK) return st;
        for (size_t i = 0; line.text && i < line.length; i++)
            if (line.text[i] < '!' || line.text[i] > '~')
                return dmg_diagnostic_about(named(reader, batch), line.number, err,
                                            "%s at column %zu is not a quality character",
                                            dmg_show_byte(line.text[i]).text, column(&line, i));
        found += line.length;
        if (found > wanted || !line.text)
            return dmg_diagnostic_about(named(reader, batch), line.number, err,
                                        "%zu quality characters for %zu letters", found, wanted);
    }
    return DMG_OK;
}

static dmg_status read_fastq_body(dmg_reader *reader, dmg_batch *batch, dmg_error *err)
{
    dmg_status st = read_fastq_sequence(reader, batch, err);
    if (st == DMG_OK && !end_part(batch)) st = out_of_memory(err);
    if (st == DMG_OK) st = skip_qualities(reader, batch, err);
    return st;
}

/* --- the reader --- */

dmg_status dmg_reader_open(dmg_reader **out, const char *path, dmg_error *err)
{
    dmg_reader *reader = dmg_alloc_zero(1, sizeof *reader);
    if (!reader) return dmg_error_nomem(err, "a sequence reader");
    reader->most = SIZE_MAX;
    const dmg_status st = dmg_lines_open(&reader->lines, path, err);
    if (st != DMG_OK)
        dmg_reader_close(reader);
    else
        *out = reader;
    return st;
}

void dmg_reader_close(dmg_reader *reader)
{
    if (!reader) return;
    dmg_lines_close(reader->lines);
    free(reader);
}

/* Opening a named pipe twice would lose what is written to it. */
static bool is_pipe(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISFIFO(about.st_mode);
}

dmg_status dmg_reader_check(const char *const *paths, size_t count, dmg_error *err)
{
    dmg_status st = DMG_OK;
    for (size_t i = 0; st == DMG_OK && i < count; i++) {
        dmg_reader *reader = NULL;
        if (strcmp(paths[i], "-") == 0 || is_pipe(paths[i])) continue;
        st = dmg_reader_open(&reader, paths[i], err);
        dmg_reader_close(reader);
    }
    return st;
}

dmg_status dmg_reader_is_empty(bool *empty, const char *path, dmg_error *err)
{
    dmg_lines *lines = NULL;
    int byte = 0;
    dmg_status st = dmg_lines_open(&lines, path, err);
    if (st == DMG_OK) st = dmg_lines_skip(lines, &byte, err);
    dmg_lines_close(lines);
    *empty = byte < 0;
    return st;
}

double dmg_reader_progress(const dmg_reader *reader)
{
    return dmg_lines_progress(reader->lines);
}

void dmg_reader_keep_at_most(dmg_reader *reader, size_t letters)
{
    reader->most = letters;
}

void dmg_reader_tolerate_malformed(dmg_reader *reader)
{
    reader->lenient = true;
}

/* Learns from the first line that is not blank what the file is; one without such a line has no
 * records. */
static dmg_status detect_format(dmg_reader *reader, dmg_error *err)
{
    dmg_line line;
    const dmg_status st = next_line(reader, &line, err);
    if (st != DMG_OK || !line.text) return st;
    const bool is_sam = line.text[0] == '@' && dmg_file_kind_text(line.text, line.length);
    if ((line.text[0] != '>' && line.text[0] != '@') || is_sam)
        return dmg_diagnostic_start(dmg_lines_label(reader->lines), &line,
                                    "'>' (FASTA) or '@' (FASTQ)", err);
    reader->mark = line.text[0];
    dmg_lines_unread(reader->lines);
    return DMG_OK;
}

/* One whole record, or *ended. */
static dmg_status read_record(dmg_reader *reader, dmg_batch *batch, bool *ended, dmg_error *err)
{
    dmg_line line;
    dmg_status st = next_line(reader, &line, err);
    if (st != DMG_OK) return st;
    *ended = !line.text;
    if (*ended) return DMG_OK;
    if (line.text[0] != reader->mark) {
        /* Only in FASTQ: in FASTA, all but headers belong to the record before. */
        char text[128];
        snprintf(text, sizeof text,
                 "expected '@' at the start of a record, found %s (more qualities than letters "
                 "before?)",
                 dmg_show_byte(line.text[0]).text);
        return diagnose(reader, line.number, text, err);
    }
    reader->malformed = false;
    st = begin_record(reader, batch, &line, err);
    if (st == DMG_OK && reader->mark == '>') st = read_fasta_body(reader, batch, err);
    if (st == DMG_OK && reader->mark == '@') st = read_fastq_body(reader, batch, err);
    if (st == DMG_OK && reader->malformed) st = finish_malformed(reader, batch, err);
    if (st == DMG_OK) batch->count++;
    return st;
}

dmg_status dmg_reader_next(dmg_reader *reader, dmg_batch *batch, size_t max_records,
                           size_t max_letters, dmg_error *err)
{
    dmg_batch_clear(batch);
    if (reader->fault != DMG_OK)
        return dmg_error_set(err, reader->fault, "%s: cannot be read further after an error",
                             dmg_lines_label(reader->lines));
    dmg_status st = reader->mark ? DMG_OK : detect_format(reader, err);
    size_t letters = 0;
    bool ended = st == DMG_OK && !reader->mark, full = false;
    while (st == DMG_OK && !ended && !full) {
        st = read_record(reader, batch, &ended, err);
        if (st != DMG_OK || ended) continue;
        letters += batch->entries[batch->count - 1].length;
        full = batch->count >= max_records || letters >= max_letters;
    }
    reader->fault = st;
    dmg_batch_publish(batch);
    return st;
}
