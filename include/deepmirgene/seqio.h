/* SPDX-License-Identifier: MIT */
/* Sequence records from FASTA and FASTQ files: a bounded batch at a time, or in pieces.
 *
 * Plain, gzip and bgzip files and standard input ("-") are read through htslib, whose own messages
 * to standard error are switched off for the whole process. The first byte that is not white space
 * tells FASTA ('>') from FASTQ ('@'). Lines may end in LF or CRLF; white space at their ends, blank
 * lines, blanks between letters and a byte order mark of UTF-8 are ignored. Sequences (and, in
 * FASTQ, qualities, which are not kept) may be wrapped; letters may be of either case, T or U.
 *
 * A FASTA record may carry its structure, as RNAfold prints it: after the sequence, lines of '.',
 * '(' and ')', of the same total length and balanced, with or without an energy in brackets after
 * the last one; the energy is not kept. FASTQ records carry no structures.
 *
 * The alphabet policy of the program is decided here and nowhere else: A C G T U and the other
 * IUPAC nucleotide letters R Y S W K M B D H V N, with X and I, are sequence; anything else
 * (digits, gaps, protein letters, bytes that are not text) is an error that names file, record and
 * line.
 */
#ifndef DMG_SEQIO_H
#define DMG_SEQIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deepmirgene/output.h"
#include "deepmirgene/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One record. All pointers belong to its batch. */
typedef struct dmg_record {
    const char *name;     /* the header line without '>' or '@' and outer blanks, NUL after */
    size_t id_length;     /* the id is name[0 .. id_length), the first word; may be 0 */
    const char *sequence; /* [length], letters with their case as read, T as U, t as u; NUL after */
    size_t length;        /* nucleotides; 0 for an empty record */
    const char *structure; /* [length] dot-bracket, NUL after, or NULL if the file gives none */
    bool ambiguous;        /* holds letters other than A C G U (either case) */
    uint64_t line;         /* 1-based number of the header line in the file */
    const char *fault; /* why the record is malformed and has no letters; NULL: it is well formed */
} dmg_record;

/* Records in the order of the file. The reader grows and refills it, so memory is that of the
 * largest batch (and of the longest line); most of it is released when a much smaller one follows.
 */
typedef struct dmg_batch dmg_batch;

typedef struct dmg_reader dmg_reader;

/* Opens `path` ("-": standard input, which stays open when the reader is closed). A missing or
 * unreadable file or a directory is DMG_IO; the content is read only by dmg_reader_next. *out is to
 * be closed by the caller. Several readers may be in use at the same time, each in one thread at a
 * time. */
DMG_API dmg_status dmg_reader_open(dmg_reader **out, const char *path, dmg_error *err);

/* Accepts NULL. */
DMG_API void dmg_reader_close(dmg_reader *reader);

/* After this call, a record with bytes other than letters, or with a structure that does not fit,
 * does not end the reading: it is returned without letters, and `fault` gives the reason. */
DMG_API void dmg_reader_tolerate_malformed(dmg_reader *reader);

/* The share of the file that has been read, 0 to 1; negative if unknown. */
DMG_API double dmg_reader_progress(const dmg_reader *reader);

/* Whether the file holds only white space. Other content is not examined. */
DMG_API dmg_status dmg_reader_is_empty(bool *empty, const char *path, dmg_error *err);

DMG_API dmg_status dmg_batch_create(dmg_batch **out, dmg_error *err);
DMG_API void dmg_batch_destroy(dmg_batch *batch);

/* Empties `batch` and fills it with the next records: at least one unless the file has ended, at
 * most max_records (0 counts as 1), and none after the sum of lengths has reached max_letters. An
 * empty batch means the end of the file. A file without any record is DMG_FORMAT at its first call.
 *
 * A fault of the content is DMG_FORMAT with "FILE:LINE: record 'ID': ..."; so are compressed data
 * that are damaged or cut short, a bgzip file without its end marker included. After an error the
 * batch holds the whole records before the fault, and the reader may only be closed. (Where
 * compressed data are damaged, "before" means before the damaged block.) */
DMG_API dmg_status dmg_reader_next(dmg_reader *reader, dmg_batch *batch, size_t max_records,
                                   size_t max_letters, dmg_error *err);

/* Opens each of paths [count] once, so that a wrong name is reported before hours of work on the
 * files before it. Standard input and named pipes are left alone. */
DMG_API dmg_status dmg_reader_check(const char *const *paths, size_t count, dmg_error *err);

/* A record in the caller's memory. */
typedef struct dmg_sequence {
    const char *id;       /* NUL-terminated; or NULL */
    const char *sequence; /* [length], no NUL needed: letters of either case, T or U; white space is
                           * ignored */
    size_t length;        /* may be 0 */
    const char *structure; /* [length] balanced dot-bracket; or NULL */
} dmg_sequence;

DMG_API size_t dmg_batch_count(const dmg_batch *batch);

/* records[0 .. count), NULL possibly while there are none; valid until the batch is filled again or
 * destroyed. */
DMG_API const dmg_record *dmg_batch_records(const dmg_batch *batch);

/* --- long sequences in pieces --- */

/* A FASTA file whose records may be longer than memory: chromosomes. Memory is 64 kB and the
 * longest header line. Letters and faults are those of dmg_reader; structures are faults. */
typedef struct dmg_fasta dmg_fasta;

/* As dmg_reader_open. */
DMG_API dmg_status dmg_fasta_open(dmg_fasta **out, const char *path, dmg_error *err);

/* The same of sequences [count] in memory, which must outlive it; each has an id. */
DMG_API dmg_status dmg_fasta_open_memory(dmg_fasta **out, const dmg_sequence *sequences,
                                         size_t count, dmg_error *err);

/* Accepts NULL. */
DMG_API void dmg_fasta_close(dmg_fasta *fasta);

/* Moves to the next record, past the rest of the present one. *id is the first word of its header,
 * valid until the next call, or NULL at the end of the file. A record without a name is DMG_FORMAT,
 * as is a file without any record. */
DMG_API dmg_status dmg_fasta_next(dmg_fasta *fasta, const char **id, dmg_error *err);

/* The line of the present record's header, from 1; of sequences in memory the number of the record.
 */
DMG_API uint64_t dmg_fasta_line(const dmg_fasta *fasta);

/* The next letters of the present record, `capacity` of them or fewer where it ends; *count 0: it
 * has ended. */
DMG_API dmg_status dmg_fasta_read(dmg_fasta *fasta, char *letters, size_t capacity, size_t *count,
                                  dmg_error *err);

/* The share of the file that has been read, 0 to 1; negative if unknown. */
DMG_API double dmg_fasta_progress(const dmg_fasta *fasta);

/* Random access to a FASTA file, plain or bgzip, that has an index beside it (.fai, with .gzi). */
typedef struct dmg_fasta_index dmg_fasta_index;

/* *out is NULL if there is no usable index: it is missing, older than the file (or its .gzi),
 * damaged, or does not fit the file. Each sequence is checked where it begins and ends. Nothing is
 * ever written. */
DMG_API dmg_status dmg_fasta_index_open(dmg_fasta_index **out, const char *path, dmg_error *err);

/* DMG_OK if there is no index or a usable one; otherwise err gives the reason. */
DMG_API dmg_status dmg_fasta_index_check(const char *path, dmg_error *err);

/* Accepts NULL. */
DMG_API void dmg_fasta_index_close(dmg_fasta_index *index);

/* The i-th sequence's name, in the order of the file; NULL past the last. */
DMG_API const char *dmg_fasta_index_name(const dmg_fasta_index *index, size_t i);

/* Letters [from, from + capacity) of the i-th sequence, fewer where it ends; as dmg_fasta_read. */
DMG_API dmg_status dmg_fasta_index_read(dmg_fasta_index *index, size_t i, uint64_t from,
                                        char *letters, size_t capacity, size_t *count,
                                        dmg_error *err);

/* --- compressed outputs --- */

/* Whether the name ends in .gz or .bgz. */
DMG_API bool dmg_is_bgzip_name(const char *path);

/* As dmg_output_open; a file with such a name is written as bgzip does: gzip in blocks, which tabix
 * and samtools can index. */
DMG_API dmg_status dmg_output_open_text(dmg_output **out, const char *path, dmg_error *err);

#ifdef __cplusplus
}
#endif

#endif
