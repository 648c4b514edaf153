/* SPDX-License-Identifier: MIT */
/* The pre-miRNAs of a genome: candidates on both strands are scored by a model, the best of those
 * that overlap become loci, and their error rates are estimated.
 *
 * A scan has two halves. The first passes over the sequence in items: a dmg_scan_source cuts it
 * into items of like size, a dmg_scanner (one for each thread or process) turns an item into the
 * text of a block, and a dmg_journal, a file, takes the blocks in order. Items and blocks depend on
 * the sequence and the options alone, so any number of threads, processes or shards writes the same
 * ones, and a journal that was cut off can be continued. The second half, dmg_loci, reads the
 * journal, or those of all shards, and gives the loci.
 *
 * Coordinates are 0-based and half open, in the sequence as the file has it.
 *
 * Each place has one locus: candidates of either strand that overlap compete, and the most probable
 * stays, unless the energies of the two strands say that the other one is the right one. Loci of
 * near-identical sequence are a family (copies of a repeat), which counts once.
 *
 * Error rates derive from V(p), the expected number of false loci of probability p or more, where a
 * family counts once. Decoys are the sequence read backwards, scanned in the same way: inverted
 * repeats, simple sequence and composition are preserved, and decoys contain no precursors. With
 * decoys,
 *
 *     V(p) = (D(p) + 1) / r      D(p) decoy loci, r decoy bases for each base
 *
 * Without decoys, if the model has a table of b(p), the number of loci in 1 Mb of sequence without
 * precursors,
 *
 *     V(p) = s Mb b(p) + 1      s: how many more loci this genome has below BACKGROUND_TOP than the
 *                               table says; few of these are true
 *
 * The added 1 makes the false discovery rate an upper bound in expectation for small numbers of
 * loci (Barber & Candes 2015, Ann Stat 43:2055; Levitsky et al. 2017, J Proteome Res 16:393). With
 * the loci by falling probability, the slope of the greatest convex curve below V as a function of
 * their number is the probability that a locus is false; precision is 1 less that, and the q-value
 * is its mean over a locus and all better ones (Storey & Tibshirani 2003, PNAS 100:9440; Efron
 * 2004, JASA 99:96; Strimmer 2008, BMC Bioinformatics 9:303). So the three numbers agree: k q of
 * the best k loci are expected to be false, and their precisions add up to k (1 - q).
 */
#ifndef DMG_SCAN_H
#define DMG_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "deepmirgene/cpu.h"
#include "deepmirgene/hairpins.h"
#include "deepmirgene/homology.h"
#include "deepmirgene/mature.h"
#include "deepmirgene/model.h"
#include "deepmirgene/seqio.h"
#include "deepmirgene/status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define DMG_SCAN_MAX_CHUNK (1 << 30)
#define DMG_SCAN_FLOOR                                                                             \
    0.5 /* candidates from here on count in error rates, whatever the threshold */

typedef struct dmg_scan_options {
    dmg_hairpin_options hairpins; /* the definition of a candidate */
    bool plus, minus;             /* strands; at least one */
    bool circular;                /* every sequence is a circle */
    bool model_span; /* the long_span that the model names, if it does, in place of the one above */
    double threshold; /* candidates below it are not loci, 0 .. 1 */
    double decoys;    /* reversed bases for each base, 0 .. 1 */
    uint64_t seed;    /* of the sample of blocks that are decoys, where not all are */
    size_t chunk;     /* bases of an item, 1 .. DMG_SCAN_MAX_CHUNK; the loci do not depend on it */
} dmg_scan_options;

DMG_API dmg_scan_options dmg_scan_defaults(void);

/* With `model_span`, sets the long_span to "scan_long_span" of the model's metadata, with which its
 * background was measured. DMG_FORMAT if that is not a number from 0 to DMG_HAIRPIN_MAX_SPAN. A
 * scan in one call (below) does this itself. */
DMG_API dmg_status dmg_scan_fit_model(dmg_scan_options *options, const dmg_model *model,
                                      dmg_error *err);

/* DMG_RANGE, with a message that names the field. */
DMG_API dmg_status dmg_scan_check(const dmg_scan_options *options, dmg_error *err);

/* --- which parts of the sequences --- */

typedef struct dmg_regions dmg_regions;

DMG_API dmg_status dmg_regions_create(dmg_regions **out, dmg_error *err);
DMG_API void dmg_regions_destroy(dmg_regions *regions);

/* "NAME", "NAME:FROM", "NAME:FROM-" or "NAME:FROM-TO": 1-based, both ends included, commas allowed
 * in numbers. If the whole text is the name of a sequence, it means that sequence; if both readings
 * fit, the scan ends with DMG_FORMAT. "{NAME}" and "{NAME}:..." have one meaning only. Other texts
 * in braces are DMG_FORMAT. */
DMG_API dmg_status dmg_regions_add(dmg_regions *regions, const char *text, dmg_error *err);

/* The intervals of a BED file, plain, gzip or bgzip; columns after the third are ignored, and so
 * are empty intervals, comments, "track" and "browser" lines. DMG_FORMAT names file and line. */
DMG_API dmg_status dmg_regions_add_bed(dmg_regions *regions, const char *path, dmg_error *err);

/* --- the sequence in items --- */

/* A part of the input to scan, and afterwards its block. */
typedef struct dmg_scan_item dmg_scan_item;

DMG_API dmg_status dmg_scan_item_create(dmg_scan_item **out, dmg_error *err);
DMG_API void dmg_scan_item_destroy(dmg_scan_item *item);

/* 0, 1, 2, ... in the order of the input. */
DMG_API uint64_t dmg_scan_item_number(const dmg_scan_item *item);

/* The item as bytes, to be sent to another process of the same program on a like machine; they stay
 * the item's. */
DMG_API dmg_status dmg_scan_item_pack(dmg_scan_item *item, const void **bytes, size_t *size,
                                      dmg_error *err);
DMG_API dmg_status dmg_scan_item_unpack(dmg_scan_item *item, const void *bytes, size_t size,
                                        dmg_error *err);

/* The block that dmg_scanner_run wrote: [*size], owned by the item. */
DMG_API const char *dmg_scan_item_block(const dmg_scan_item *item, size_t *size);

typedef struct dmg_scan_source dmg_scan_source;

/* The sequences of FASTA files ("-": standard input), one file after the other, as dmg_fasta reads
 * them. With `regions` (not NULL) only these, overlapping ones joined, each as if it were the whole
 * sequence; read through the index of a file if there is one. Regions of circles are DMG_RANGE.
 * Paths and regions must outlive the source. */
DMG_API dmg_status dmg_scan_source_open(dmg_scan_source **out, const char *const *paths,
                                        size_t path_count, dmg_regions *regions,
                                        const dmg_scan_options *options, dmg_error *err);

/* Accepts NULL. */
DMG_API void dmg_scan_source_close(dmg_scan_source *source);

/* Fills `item` with the next one; *some false: there is none left. DMG_FORMAT: two sequences of one
 * name; a region that begins past the end of its sequence; at the end, a region of a sequence that
 * none of the files holds. */
DMG_API dmg_status dmg_scan_source_next(dmg_scan_source *source, dmg_scan_item *item, bool *some,
                                        dmg_error *err);

/* A warning: a region reaches past the end of its sequence; NULL: there is none. The source's. */
DMG_API const char *dmg_scan_source_warning(const dmg_scan_source *source);

/* The share of the input that has been read, 0 to 1; negative if unknown. */
DMG_API double dmg_scan_source_progress(const dmg_scan_source *source);

/* --- items to blocks --- */

typedef struct dmg_scanner dmg_scanner;

/* For one thread; the model must outlive it. */
DMG_API dmg_status dmg_scanner_create(dmg_scanner **out, const dmg_model *model,
                                      const dmg_scan_options *options, dmg_cpu cpu, dmg_error *err);

/* Accepts NULL. */
DMG_API void dmg_scanner_destroy(dmg_scanner *scanner);

/* Finds and scores the candidates of the item (and of its decoys) and writes its block. */
DMG_API dmg_status dmg_scanner_run(dmg_scanner *scanner, dmg_scan_item *item, dmg_error *err);

/* Where the items of a scan come from and where their blocks go. */
typedef struct dmg_scan_steps {
    /* Fills `item` with the next one; *some false: none is left. One call at a time. */
    dmg_status (*next)(void *context, dmg_scan_item *item, bool *some, dmg_error *err);
    /* Takes an item that has its block. One call at a time, in the order of `next`. */
    dmg_status (*take)(void *context, dmg_scan_item *item, dmg_error *err);
    /* Scanning an item has failed: a `next` that waits for an item may give up. Called on any
     * thread, possibly during another step; or NULL. */
    void (*failed)(void *context);
} dmg_scan_steps;

/* Most items between `next` and `take`: as many may wait to be taken as are being scanned, and one
 * is being filled. */
#define DMG_SCAN_IN_FLIGHT(threads) (2 * (threads) + 1)

/* Takes items through the steps until none is left or something fails, with scanners [threads] on a
 * thread each. If several items fail, the failure of the earliest is reported, and all items before
 * it have been taken. */
DMG_API dmg_status dmg_scan_items(dmg_scanner *const *scanners, int threads,
                                  const dmg_scan_steps *steps, void *context, dmg_error *err);

/* --- blocks to a journal --- */

/* A file of blocks, text: a line of options, a line for the shard, the blocks with their checksums,
 * and a last line, without which it is unfinished. */
typedef struct dmg_journal dmg_journal;

/* The identity of a scan, except for the sequence itself. A shard takes the items whose number
 * modulo `shards` is `shard`. */
typedef struct dmg_scan_identity {
    const dmg_scan_options *options;
    const dmg_model *model;
    const dmg_regions *regions; /* or NULL; those of a source that was opened */
    unsigned shard, shards;     /* shard < shards */
} dmg_scan_identity;

/* The totals of the blocks written so far. */
typedef struct dmg_journal_totals {
    uint64_t items; /* blocks */
    uint64_t bases;
    uint64_t loci;   /* about: clusters of overlapping candidates, each item by itself */
    unsigned levels; /* of instructions: the sum of 1 << dmg_cpu_same_bytes() of each */
} dmg_journal_totals;

/* Begins a journal; where there is a file of that name already, DMG_IO. `path` NULL: a nameless
 * file in the folder for temporary files. */
DMG_API dmg_status dmg_journal_create(dmg_journal **out, const char *path,
                                      const dmg_scan_identity *identity, dmg_error *err);

/* Continues a journal that was cut off. All its content is checked, an unfinished block at its end
 * is dropped, and `source`, just opened, is moved past the items that the journal has; their
 * sequence must not have changed. A journal of another scan is DMG_RANGE, a damaged one DMG_FORMAT.
 */
DMG_API dmg_status dmg_journal_resume(dmg_journal **out, const char *path,
                                      const dmg_scan_identity *identity, dmg_scan_source *source,
                                      dmg_error *err);

/* Opens a finished journal for reading. */
DMG_API dmg_status dmg_journal_open(dmg_journal **out, const char *path, dmg_error *err);

/* The file stays. Accepts NULL. */
DMG_API void dmg_journal_close(dmg_journal *journal);

/* Appends a block, the next one of the shard, and hands it to the system. */
DMG_API dmg_status dmg_journal_append(dmg_journal *journal, const char *block, size_t size,
                                      dmg_error *err);

/* Writes the last line once `source` has ended, and waits until all is on the disk. */
DMG_API dmg_status dmg_journal_finish(dmg_journal *journal, const dmg_scan_source *source,
                                      dmg_error *err);

DMG_API dmg_journal_totals dmg_journal_count(const dmg_journal *journal);

/* --- journals to loci --- */

/* A pre-miRNA; the strings are valid until the next dmg_loci_get. */
typedef struct dmg_locus {
    const char *name;    /* of the sequence */
    uint64_t start, end; /* end > sequence_length: the locus runs over the origin of a circle */
    dmg_strand strand;
    double p_mirna;
    int energy;            /* dcal/mol */
    const char *sequence;  /* [end - start] and NUL: A C G T ..., case as in the file, its strand */
    const char *structure; /* likewise, dot-bracket */
    double other_strand;   /* the best probability of its place on the other strand; NaN: below
                            * DMG_SCAN_FLOOR */
    size_t copies;         /* loci of its family, itself included */
    double masked;         /* share of bases in lower case */
    double complexity;     /* entropy of its dinucleotides, 0 .. 1 */
    double precision;      /* the probability that it is true; NaN: not known */
    double q_value;        /* share of false ones among it and all better ones; likewise */
    double false_per_mb;   /* false loci as probable that 1 Mb of A C G T U has; likewise */
    uint64_t sequence_from, sequence_to; /* the scanned part of the sequence */
    bool circular;
    const dmg_mature *mature;       /* in the locus' own bases; NULL unless asked for */
    const dmg_homologue *homologue; /* likewise */
} dmg_locus;

/* Where a value of a locus is written. */
typedef enum dmg_column_place {
    DMG_COLUMN_TABLE = 1,     /* columns of TSV, members of JSON Lines */
    DMG_COLUMN_ATTRIBUTE = 2, /* attributes of GFF3, where the value is known */
    DMG_COLUMN_HEADER = 4,    /* header lines of FASTA */
    DMG_COLUMN_PAGE = 8,      /* the table of a page of HTML */
    DMG_COLUMN_MATURE = 16,   /* as TABLE, where mature sequences are asked for */
    DMG_COLUMN_KNOWN = 32,    /* as TABLE and ATTRIBUTE, where homologues are asked for */
} dmg_column_place;

/* A value that every locus has. */
typedef struct dmg_locus_column {
    const char *name;
    unsigned places; /* dmg_column_place, added up */
} dmg_locus_column;

/* Their number, and the one at `column` < that. */
DMG_API size_t dmg_locus_columns(void);
DMG_API dmg_locus_column dmg_locus_column_at(size_t column);

#define DMG_LOCUS_CELL 48 /* bytes that a number or a range takes at most */

/* The value as text, "NA" where it is not known: in `buffer` [capacity], or a string of the locus.
 */
DMG_API const char *dmg_locus_cell(const dmg_locus *locus, size_t column, char *buffer,
                                   size_t capacity);

typedef struct dmg_loci_options {
    double fdr;        /* leave out loci with a larger q-value; 1 or more: none */
    double prevalence; /* true loci for each Mb that are thought likely before the scan, > 0 */
    size_t max_copies; /* leave out loci of larger families; 0: none */
    double max_masked; /* leave out loci with a larger share in lower case; 1: none */
    bool both_strands; /* candidates on the two strands of one place do not compete */
    bool overlapping;  /* every candidate is a locus, also one that overlaps a better one; so it is
                        * with decoys */
    bool by_score;     /* the most probable first; else in the order of the input */
    bool mature;       /* find the mature sequences of the selected loci, with the built-in model */
    const char *known; /* file of known sequences (homology.h) to name the selected loci after, or
                        * GFF3 of known precursors in these sequences, whose places name them; or
                        * NULL */
    const char *const *genome; /* [genome_count] the FASTA files that were scanned, to look up the
                                * places of known sequences in (exact matches, on both strands), so
                                * that dmg_loci_missed() knows the missed ones; or NULL. Not used
                                * where `known` is GFF3 */
    size_t genome_count;
} dmg_loci_options;

DMG_API dmg_loci_options dmg_loci_defaults(void);

/* The source of the error rates. */
typedef enum dmg_rated_by { DMG_NOT_RATED, DMG_RATED_BY_DECOYS, DMG_RATED_BY_MODEL } dmg_rated_by;

typedef struct dmg_loci_totals {
    uint64_t sequences;   /* or regions */
    uint64_t bases;       /* A C G T U that were scanned */
    uint64_t decoy_bases; /* likewise */
    uint64_t candidates;  /* at or above the threshold */
    uint64_t loci;        /* the best of those that overlap, at or above the threshold */
    uint64_t decoy_loci;  /* families of them in decoys, from DMG_SCAN_FLOOR on */
    uint64_t selected;    /* loci that the options leave */
    uint64_t families;    /* of these: each counts once */
    double expected_true; /* sum of the precisions of the families; NaN: not known */
    dmg_rated_by rated_by;
    unsigned levels; /* of instructions, as dmg_journal_totals has them */
} dmg_loci_totals;

typedef struct dmg_loci dmg_loci;

/* Reads the journals of all shards, in any order; they are used by the result and must outlive it.
 * The most probable candidate, or the best on the other strand where the energies are in favour of
 * that, becomes a locus, and candidates that overlap it on either strand are removed; this repeats
 * for the rest. Ties go to the lower energy, then the smaller start, then the smaller end, then the
 * plus strand. DMG_RANGE if journals are of different scans, or one is missing or duplicated. */
DMG_API dmg_status dmg_loci_collect(dmg_loci **out, dmg_journal *const *journals, size_t count,
                                    const dmg_loci_options *options, dmg_error *err);

/* Accepts NULL. */
DMG_API void dmg_loci_destroy(dmg_loci *loci);

DMG_API const dmg_loci_totals *dmg_loci_count(const dmg_loci *loci);

/* The i-th of those selected. */
DMG_API dmg_status dmg_loci_get(dmg_loci *loci, size_t i, dmg_locus *locus, dmg_error *err);

/* --- a whole scan in one call --- */

/* The progress of a scan. */
typedef struct dmg_scan_progress {
    uint64_t bases; /* A C G T U scanned so far */
    uint64_t loci;  /* about, as dmg_journal_totals has them */
    double share;   /* of the input that has been read, 0 to 1; negative where that is not known */
} dmg_scan_progress;

typedef struct dmg_scan_run_options {
    size_t size;             /* of this struct; set by dmg_scan_run_defaults */
    const char *model;       /* name of a built-in model, or path of a file [general] */
    const void *model_bytes; /* [model_size] a model file in memory, in place of that; or NULL */
    size_t model_size;
    const dmg_model *loaded;      /* a model in place of both; or NULL */
    const dmg_scan_options *scan; /* NULL: dmg_scan_defaults() */
    const dmg_loci_options *loci; /* NULL: dmg_loci_defaults() */
    dmg_regions *regions;         /* only these; or NULL */
    int threads;                  /* >= 1 [dmg_processors()] */
    dmg_cpu cpu;                  /* [DMG_CPU_AUTO] */
    /* Called after every chunk, one call at a time but on any thread; any status but DMG_OK, as
     * DMG_STOPPED, ends the scan, which returns it. Or NULL. */
    dmg_status (*progress)(void *context, const dmg_scan_progress *progress, dmg_error *err);
    void *progress_context;
} dmg_scan_run_options;

/* Fills in the first `size` bytes of *options; called by dmg_scan_run_defaults. */
DMG_API void dmg_scan_run_options_init(dmg_scan_run_options *options, size_t size);

/* The values in brackets above. */
static inline dmg_scan_run_options dmg_scan_run_defaults(void)
{
    dmg_scan_run_options options;
    dmg_scan_run_options_init(&options, sizeof options);
    return options;
}

/* The loci of sequences [count] in memory, each with an id; `options` NULL: the defaults. The
 * result belongs to the caller, is read with dmg_loci_count and dmg_loci_get, and depends on no
 * other object: its candidates are in a nameless file in the folder for temporary files. */
DMG_API dmg_status dmg_scan_sequences(dmg_loci **out, const dmg_sequence *sequences, size_t count,
                                      const dmg_scan_run_options *options, dmg_error *err);

/* The same of FASTA files, as dmg_scan_source_open takes them. */
DMG_API dmg_status dmg_scan_files(dmg_loci **out, const char *const *paths, size_t count,
                                  const dmg_scan_run_options *options, dmg_error *err);

/* --- writing --- */

#define DMG_BED_NAMED "0,114,178"
#define DMG_BED_NOVEL "213,94,0"

typedef enum dmg_loci_format {
    DMG_LOCI_GFF3, /* 1-based; pre_miRNA (SO:0001244); score: the probability. Mature sequences:
                    * miRNA  (SO:0000276), Derives_from their locus; score: p_5p or p_3p */
    DMG_LOCI_BED,  /* 0-based, six columns; score: 1000 times the probability. With mature sequences
                    * or homologues nine: thick from the first to the last mature base, and a
                    * colour, DMG_BED_NAMED or, of a locus that is like no known one, _NOVEL */
    DMG_LOCI_TSV,  /* 1-based, with a line of names */
    DMG_LOCI_JSONL, /* the same, an object a line */
    DMG_LOCI_FASTA, /* the sequences of the loci, each before its mature ones */
} dmg_loci_format;

/* Writes all selected loci. The caller checks the stream for errors. */
DMG_API dmg_status dmg_loci_write(dmg_loci *loci, dmg_loci_format format, FILE *stream,
                                  dmg_error *err);

/* Whether a file can be options.known: an error of reading it, if not. *places: it is GFF3. */
DMG_API dmg_status dmg_loci_check_known(bool *places, const char *path, dmg_error *err);

/* A known precursor that no selected locus is half of; the strings are the loci's. */
typedef struct dmg_missed {
    const char *name, *sequence; /* its own, and that of the sequence it lies on */
    uint64_t start, end;
    dmg_strand strand;
    double p_mirna;     /* the best of its candidates on its strand; NaN: there is none of
                         * DMG_SCAN_FLOOR or the threshold or more */
    const char *reason; /* "not scanned" (no part of what was scanned), "no candidate" (as above),
                         * "below threshold", "overlap" (a better locus took its place), "other
                         * strand" (likewise, on that), or "left out" (by the largest q-value,
                         * copies or masked share) */
} dmg_missed;

/* The known precursors whose places are known: those of GFF3, or all places that were looked up. */
DMG_API size_t dmg_loci_known_places(const dmg_loci *loci);

/* Fills in *missed and is true if the i-th of them, in the order of their places, is missed. */
DMG_API bool dmg_loci_missed(const dmg_loci *loci, size_t i, dmg_missed *missed);

/* Writes the missed ones as TSV with a line of names, positions 1-based. *total: how many places
 * are known; *missed: written. */
DMG_API void dmg_loci_write_missed(const dmg_loci *loci, FILE *stream, size_t *total,
                                   size_t *missed);

#ifdef __cplusplus
}
#endif

#endif
