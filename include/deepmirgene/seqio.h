/* Sequence records from FASTA and FASTQ files, a bounded batch at a time.
 *
 * Plain, gzip and bgzip files and standard input ("-") are read through htslib, whose own messages
 * to standard error are switched off for the whole process. Whether a file is FASTA ('>') or FASTQ
 * ('@') is told by its first byte that is no white space. Lines may end in LF or CRLF; white space
 * at their ends, blank lines, blanks between letters and a byte order mark of UTF-8 are ignored.
 * Sequences (and, in FASTQ, qualities, which are not kept) may be wrapped; letters may be of either
 * case, T or U.
 *
 * A FASTA record may carry its structure, as RNAfold prints it: after the sequence, lines of '.',
 * '(' and ')', of the same total length and balanced, with an energy in brackets behind the last
 * one or not; the energy is not kept. FASTQ records carry no structures.
 *
 * The alphabet policy of the program is decided here and nowhere else: A C G T U and the other
 * IUPAC nucleotide letters R Y S W K M B D H V N, with X and I, are sequence; anything else
 * (digits, gaps, protein letters, bytes that are no text) is an error that names file, record and
 * line.
 */
#ifndef DMG_SEQIO_H
#define DMG_SEQIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deepmirgene/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One record. All pointers belong to the batch it stands in. */
typedef struct dmg_record {
    const char *name;     /* the header line without '>' or '@' and outer blanks, NUL after */
    size_t id_length;     /* the id is name[0 .. id_length), the first word; may be 0 */
    const char *sequence; /* [length], letters with their case as read, T as U, t as u; NUL after */
    size_t length;        /* nucleotides; 0 for an empty record */
    const char *structure; /* [length] dot-bracket, NUL after, or NULL if the file gives none */
    bool ambiguous;        /* holds letters other than A C G U (either case) */
    uint64_t line;         /* 1-based number of the header line in the file */
} dmg_record;

/* Records in the order of the file. Grown by the reader and refilled again and again, so memory is
 * that of the largest batch (and of the longest line); most of it is given back when a much smaller
 * one follows. */
typedef struct dmg_batch dmg_batch;

typedef struct dmg_reader dmg_reader;

/* Opens `path` ("-": standard input, which stays open when the reader is closed). A missing or
 * unreadable file or a directory is DMG_IO; the content is looked at only by dmg_reader_next. *out
 * is the caller's, to be closed. Several readers may be in use at the same time, each in one thread
 * at a time. */
DMG_API dmg_status dmg_reader_open(dmg_reader **out, const char *path, dmg_error *err);

/* Accepts NULL. */
DMG_API void dmg_reader_close(dmg_reader *reader);

DMG_API dmg_status dmg_batch_create(dmg_batch **out, dmg_error *err);
DMG_API void dmg_batch_destroy(dmg_batch *batch);

/* Empties `batch` and fills it with the next records: at least one unless the file has ended, at
 * most max_records (0 counts as 1), and none after the sum of lengths has reached max_letters. An
 * empty batch means the end of the file. A file without any record is DMG_FORMAT at its first call.
 *
 * A fault of the content is DMG_FORMAT with "FILE:LINE: record 'ID': ..."; so are compressed data
 * that are damaged or cut short, a bgzip file without its end marker included. After an error the
 * batch holds the whole records that stand before the fault, and the reader may only be closed.
 * (Where compressed data are damaged, "before" means before the damaged block.) */
DMG_API dmg_status dmg_reader_next(dmg_reader *reader, dmg_batch *batch, size_t max_records,
                                   size_t max_letters, dmg_error *err);

DMG_API size_t dmg_batch_count(const dmg_batch *batch);

/* records[0 .. count), NULL possibly while there are none; valid until the batch is filled again or
 * destroyed. */
DMG_API const dmg_record *dmg_batch_records(const dmg_batch *batch);

#ifdef __cplusplus
}
#endif

#endif
