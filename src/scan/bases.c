/* SPDX-License-Identifier: MIT */
/* Sequences as streams of bases.
 *
 * Files are read from front to back. Where regions are asked for and a file has an index, the
 * sequences are looked up instead, in the order in which they stand in the file: the result is the
 * same, and the rest of the file is not read.
 */
#include "scan/bases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "deepmirgene/seqio.h"
#include "scan/names.h"

struct base_stream {
    bases_input input;
    size_t file_count, next_file; /* sequences in memory are as one file */
    dmg_regions *regions;
    size_t wrap;

    dmg_fasta *fasta;       /* the present file, read through; or */
    dmg_fasta_index *index; /* looked up */
    const char *name;       /* of the present sequence; NULL: the file has no more */
    size_t number;          /* of it, in the index */
    uint64_t position;      /* of the next letter in it */

    name_set names; /* of all sequences so far */
    char *clipped;  /* a warning, or NULL */

    const scan_interval *intervals; /* of the sequence; the present one is the first of them */
    size_t interval_count;          /* left, with the present one */

    char *beginning; /* [wrap] of a circle */
    size_t kept;     /* bases in it */
    size_t wrapped;  /* bases given once more */
    bool round;      /* the end of the circle was reached */
};

static const scan_interval everything = {0, REGION_END};

dmg_status bases_open(base_stream **out, const bases_input *input, dmg_regions *regions,
                      size_t wrap, dmg_error *err)
{
    base_stream *stream = dmg_alloc_zero(1, sizeof *stream);
    if (!stream) return dmg_error_nomem(err, "a sequence reader");
    stream->input = *input;
    stream->file_count = input->paths ? input->count : 1;
    stream->regions = regions;
    stream->wrap = wrap;
    stream->beginning = dmg_alloc(wrap, 1);
    if (!stream->beginning) {
        bases_close(stream);
        return dmg_error_nomem(err, "a sequence reader");
    }
    if (regions) regions_begin(regions);
    *out = stream;
    return DMG_OK;
}

static void close_file(base_stream *stream)
{
    dmg_fasta_close(stream->fasta);
    dmg_fasta_index_close(stream->index);
    stream->fasta = NULL;
    stream->index = NULL;
}

void bases_close(base_stream *stream)
{
    if (!stream) return;
    close_file(stream);
    names_clear(&stream->names);
    free(stream->clipped);
    free(stream->beginning);
    free(stream);
}

double bases_progress(const base_stream *stream)
{
    const double files = (double)stream->file_count;
    const double done = (double)stream->next_file;
    if (stream->index || (stream->fasta && dmg_fasta_progress(stream->fasta) < 0)) return -1;
    if (!stream->fasta) return done / files;
    return (done - 1 + dmg_fasta_progress(stream->fasta)) / files;
}

/* --- the next sequence --- */

static dmg_status open_file(base_stream *stream, dmg_error *err)
{
    const bases_input *input = &stream->input;
    const char *path = input->paths ? input->paths[stream->next_file] : NULL;
    dmg_status st = DMG_OK;
    stream->next_file++;
    if (!path)
        st = dmg_fasta_open_memory(&stream->fasta, input->sequences, input->count, err);
    else if (stream->regions && strcmp(path, "-") != 0)
        st = dmg_fasta_index_open(&stream->index, path, err);
    if (st == DMG_OK && !stream->index && !stream->fasta)
        st = dmg_fasta_open(&stream->fasta, path, err);
    stream->number = SIZE_MAX; /* the next is the first */
    return st;
}

/* The next sequence of the present file; its name is NULL when there is none. */
static dmg_status next_in_file(base_stream *stream, dmg_error *err)
{
    stream->position = 0;
    if (stream->fasta) return dmg_fasta_next(stream->fasta, &stream->name, err);
    stream->name = dmg_fasta_index_name(stream->index, ++stream->number);
    return DMG_OK;
}

/* How messages name a file. */
static const char *file_name(const base_stream *stream, size_t file)
{
    return stream->input.paths ? stream->input.paths[file] : "memory";
}

/* Loci are named by their sequence, so there may be one of a name only. */
static dmg_status check_name(base_stream *stream, dmg_error *err)
{
    const name_place here = {stream->next_file - 1,
                             stream->fasta ? dmg_fasta_line(stream->fasta) : stream->number + 1};
    const name_place *before;
    if (!names_add(&stream->names, stream->name, here, &before))
        return dmg_error_nomem(err, "the names of the sequences");
    if (!before) return DMG_OK;
    return dmg_error_set(err, DMG_FORMAT,
                         "%s:%llu: duplicate sequence name '%.60s', first used in %s:%llu; rename "
                         "one, or scan the files one by one",
                         file_name(stream, here.file), (unsigned long long)here.line, stream->name,
                         file_name(stream, before->file), (unsigned long long)before->line);
}

static dmg_status find_intervals(base_stream *stream, dmg_error *err)
{
    stream->intervals = &everything;
    stream->interval_count = 1;
    if (stream->regions)
        stream->intervals = regions_of(stream->regions, stream->name, &stream->interval_count);
    const char *text = stream->regions ? regions_ambiguous(stream->regions, stream->name) : NULL;
    if (!text) return DMG_OK;
    return dmg_error_set(err, DMG_FORMAT,
                         "region '%s' is ambiguous: a sequence name, or part of a sequence; write "
                         "{NAME} or {NAME}:FROM-TO",
                         text);
}

/* Goes on to a sequence with at least one interval; name NULL: there is none. */
static dmg_status next_sequence(base_stream *stream, dmg_error *err)
{
    dmg_status st = DMG_OK;
    stream->interval_count = 0;
    while (st == DMG_OK && stream->interval_count == 0) {
        if (!stream->fasta && !stream->index) {
            stream->name = NULL;
            if (stream->next_file == stream->file_count) return DMG_OK;
            st = open_file(stream, err);
        }
        if (st == DMG_OK) st = next_in_file(stream, err);
        if (st != DMG_OK) return st;
        if (!stream->name) {
            close_file(stream);
            continue;
        }
        st = check_name(stream, err);
        if (st == DMG_OK) st = find_intervals(stream, err);
    }
    return st;
}

static dmg_status check_all_found(const base_stream *stream, dmg_error *err)
{
    const char *name = stream->regions ? regions_not_found(stream->regions) : NULL;
    if (!name) return DMG_OK;
    return dmg_error_set(err, DMG_FORMAT, "%s%s: sequence '%s' of a region not found%s",
                         file_name(stream, 0), stream->file_count > 1 ? " and the other files" : "",
                         name,
                         strchr(name, ':') ? " (a part is NAME:FROM-TO with 1 <= FROM <= TO)" : "");
}

static dmg_status read_plain(base_stream *stream, char *text, size_t capacity, size_t *count,
                             dmg_error *err)
{
    const dmg_status st = stream->fasta
                              ? dmg_fasta_read(stream->fasta, text, capacity, count, err)
                              : dmg_fasta_index_read(stream->index, stream->number,
                                                     stream->position, text, capacity, count, err);
    if (st == DMG_OK) stream->position += *count;
    return st;
}

/* Reads on to that position, or to the end of the sequence. */
static dmg_status skip_plain(base_stream *stream, uint64_t from, dmg_error *err)
{
    char passed[16384];
    dmg_status st = DMG_OK;
    for (size_t count = 1; st == DMG_OK && count > 0 && stream->position < from;) {
        const uint64_t left = from - stream->position;
        st = read_plain(stream, passed, left < sizeof passed ? (size_t)left : sizeof passed, &count,
                        err);
    }
    return st;
}

/* Takes the stream to where the present interval begins, or to the end of the sequence. */
static dmg_status skip_to(base_stream *stream, uint64_t from, dmg_error *err)
{
    if (stream->index) stream->position = from;
    return skip_plain(stream, from, err);
}

/* The length of the present sequence, of which all has been read, or which is looked up. */
static dmg_status measure(base_stream *stream, uint64_t *length, dmg_error *err)
{
    dmg_status st = DMG_OK;
    if (stream->index) {
        stream->position = 0;
        st = skip_plain(stream, REGION_END, err);
    }
    *length = stream->position;
    return st;
}

/* The present sequence ended before the interval did: a warning, or, where it has nothing of the
 * interval, an error. */
static dmg_status check_end(base_stream *stream, dmg_error *err)
{
    const scan_interval *interval = stream->intervals;
    const bool outside = stream->position <= interval->from && interval->from > 0;
    if (!outside && (interval->to == REGION_END || stream->clipped)) return DMG_OK;
    const uint64_t at = stream->position;
    uint64_t length;
    const dmg_status st = measure(stream, &length, err);
    if (st != DMG_OK) return st;
    stream->position = at;
    if (outside)
        return dmg_error_set(
            err, DMG_FORMAT,
            "a region of '%s' begins at %llu, but the sequence has %llu nucleotides", stream->name,
            (unsigned long long)interval->from + 1, (unsigned long long)length);
    const size_t capacity = strlen(stream->name) + 160;
    stream->clipped = dmg_alloc(capacity, 1);
    if (!stream->clipped) return dmg_error_nomem(err, "a warning");
    snprintf(stream->clipped, capacity,
             "a region of '%s' ends at %llu, but the sequence has %llu nucleotides", stream->name,
             (unsigned long long)interval->to, (unsigned long long)length);
    return DMG_OK;
}

const char *bases_clipped(const base_stream *stream)
{
    return stream->clipped;
}

dmg_status bases_next(base_stream *stream, bases_sequence *sequence, dmg_error *err)
{
    if (stream->interval_count > 0) {
        stream->intervals++;
        stream->interval_count--;
    }
    dmg_status st = DMG_OK;
    if (stream->interval_count == 0) st = next_sequence(stream, err);
    if (st != DMG_OK) return st;
    sequence->name = stream->name;
    if (!stream->name) return check_all_found(stream, err);
    stream->kept = stream->wrapped = 0;
    stream->round = false;
    sequence->from = stream->intervals->from;
    return skip_to(stream, sequence->from, err);
}

/* --- bases --- */

static void keep_beginning(base_stream *stream, const char *text, size_t count)
{
    const size_t room = stream->wrap - stream->kept;
    const size_t piece = count < room ? count : room;
    memcpy(stream->beginning + stream->kept, text, piece);
    stream->kept += piece;
}

/* A circle shorter than what it is to go on for is gone round several times. */
static size_t read_beginning(base_stream *stream, char *text, size_t capacity)
{
    size_t count = 0;
    while (count < capacity && stream->wrapped < stream->wrap && stream->kept > 0)
        text[count++] = stream->beginning[stream->wrapped++ % stream->kept];
    return count;
}

dmg_status bases_read(base_stream *stream, char *text, size_t capacity, size_t *count,
                      dmg_error *err)
{
    *count = 0;
    if (stream->round) {
        *count = read_beginning(stream, text, capacity);
        return DMG_OK;
    }
    const uint64_t to = stream->intervals->to;
    const uint64_t left = stream->position < to ? to - stream->position : 0;
    const size_t wanted = left < capacity ? (size_t)left : capacity;
    dmg_status st = read_plain(stream, text, wanted, count, err);
    if (st == DMG_OK && stream->regions && *count < wanted) st = check_end(stream, err);
    if (st != DMG_OK || stream->wrap == 0) return st;
    keep_beginning(stream, text, *count);
    stream->round = *count < capacity;
    if (stream->round) *count += read_beginning(stream, text + *count, capacity - *count);
    return st;
}
