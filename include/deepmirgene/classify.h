/* SPDX-License-Identifier: MIT */
/* Is this RNA a precursor of a microRNA? Sequences are folded and scored by a model.
 *
 *     dmg_classifier *classifier;
 *     const dmg_result *result;
 *     dmg_error err;
 *     if (dmg_classifier_create(&classifier, NULL, &err) != DMG_OK ||
 *         dmg_classify(&result, classifier, "UGGGAUGAGGUAGUAGG...", 80, &err) != DMG_OK)
 *         return fprintf(stderr, "%s\n", err.message), 1;
 *     printf("%s %.4f\n%s\n", dmg_call_name(result->call), result->p_mirna, result->structure);
 *     dmg_classifier_destroy(classifier);
 *
 * Many sequences, in memory or in files, go through a callback, in the order of the input and the
 * same for any number of threads.
 */
#ifndef DMG_CLASSIFY_H
#define DMG_CLASSIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "deepmirgene/cpu.h"
#include "deepmirgene/features.h"
#include "deepmirgene/mature.h"
#include "deepmirgene/model.h"
#include "deepmirgene/pairing.h"
#include "deepmirgene/seqio.h"
#include "deepmirgene/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- results --- */

typedef enum dmg_call {
    DMG_CALL_NONE,      /* the record could not be scored */
    DMG_CALL_OTHER,     /* p_mirna is below the threshold */
    DMG_CALL_PRECURSOR, /* p_mirna is the threshold or more */
} dmg_call;

/* "NA", "other", "pre-miRNA": a constant string. */
DMG_API const char *dmg_call_name(dmg_call call);

/* Remarks on a record; a set of bits. */
typedef enum dmg_flag {
    DMG_FLAG_EMPTY = 1 << 0,           /* no sequence: not scored */
    DMG_FLAG_TOO_LONG = 1 << 1,        /* more than DMG_CLASSIFY_MAX_LENGTH, or with fold_only
                                        * DMG_FOLD_MAX_LENGTH: neither folded nor scored */
    DMG_FLAG_AMBIGUOUS = 1 << 2,       /* letters other than A C G T U, which pair with none */
    DMG_FLAG_STRUCTURE_GIVEN = 1 << 3, /* the structure is that of the input */
    DMG_FLAG_NO_PAIR = 1 << 4,         /* the structure has no pair */
    DMG_FLAG_MULTILOOP = 1 << 5,       /* the structure has several hairpin loops */
    DMG_FLAG_LONG = 1 << 6,            /* longer than DMG_LONG_RECORD: scored by its hairpins */
    DMG_FLAG_NO_HAIRPIN = 1 << 7,      /* long, and no part of it is a hairpin */
    DMG_FLAG_TOO_SHORT = 1 << 8,       /* less than DMG_SHORTEST_PRECURSOR */
    DMG_FLAG_MALFORMED = 1 << 9,       /* not read (see `fault`): not scored */
    DMG_FLAG_NO_MEMORY = 1 << 10,      /* memory was exhausted when it was folded: not scored */
    DMG_FLAG_NOT_A_NUMBER = 1 << 11,   /* the model gives no number: not scored */
} dmg_flag;

#define DMG_SHORTEST_PRECURSOR 40 /* nucleotides; hardly any known precursor has fewer */

/* The name of the i-th flag, 1 << i: "empty", "too_long", ...; NULL past the last. */
DMG_API const char *dmg_flag_name(size_t i);

/* A longer record, in nucleotides, is scored by the hairpins of up to 400 nt that a scan would find
 * on its strand, with the model's own choice of long ones where it has one (dmg_model_long_from);
 * a structure in the input is ignored. Its p_mirna is the probability that one of them is a
 * precursor, with the prior of a single hairpin. hairpin_start and hairpin_end are those of the
 * most probable hairpin; `structure` has its pairs, and dots elsewhere; the energy is that of the
 * hairpin. Without scores (fold_only) records of any length are folded whole. */
#define DMG_LONG_RECORD 300

/* Nucleotides of a record that is scored. Of longer ones in files the letters are counted and not
 * kept: the result's `sequence` is the empty text. */
#define DMG_CLASSIFY_MAX_LENGTH (1 << 24)

/* The outcome for one record. Read-only; later versions may append members. */
typedef struct dmg_result {
    const char *id;        /* the first word of the header, or the id given */
    const char *header;    /* all of the header, as dmg_record.name */
    const char *sequence;  /* [length] and NUL, T as U */
    size_t length;         /* nucleotides */
    const char *structure; /* [length] and NUL, dot-bracket; NULL where the record is not folded */
    double mfe;            /* kcal/mol, free energy of the structure; NaN where it has none */
    int energy;            /* the same in dcal/mol; DMG_ENERGY_UNKNOWN where it has none */
    double p_mirna;        /* 0 .. 1; NaN where the record is not scored */
    dmg_call call;
    unsigned flags;   /* of dmg_flag */
    const char *path; /* of the file, as messages show it; NULL: from memory */
    uint64_t line;    /* 1-based, of the header in the file; from memory the number of the record */
    size_t hairpin_start, hairpin_end; /* what was scored, 0-based and half open: the whole record,
                                        * or the best hairpin of a long one */
    const dmg_mature *mature;          /* where Drosha and Dicer would cut; NULL unless asked for */
    const char *fault;                 /* why the record is malformed, or NULL */
    const dmg_pairing_task *pairing;   /* its ensemble, without probabilities and entropy; NULL
                                        * unless asked for, and where the structure has no energy */
    const double *features; /* [dmg_feature_count()], NaN for those that are not asked for; NULL as
                             * `pairing` */
} dmg_result;

/* The result as features of GFF3, of which "##gff-version 3" is the first line: the part that was
 * scored as a pre_miRNA and, where they were found, its mature sequences as miRNA, placed on the
 * record. Nothing unless the call is DMG_CALL_PRECURSOR. The caller checks the stream
 * (dmg_output_check). */
DMG_API void dmg_result_write_gff3(FILE *out, const dmg_result *result);

/* Takes one result, which is valid until the callback returns. Any status but DMG_OK ends the call,
 * which returns it. Calls come one at a time, in order, but on any of the classifier's threads. */
typedef dmg_status dmg_take_result(void *context, const dmg_result *result, dmg_error *err);

/* --- options --- */

/* The progress of a call. */
typedef struct dmg_classify_progress {
    size_t records; /* taken so far */
    double share;   /* of the input that is done, 0 to 1; negative if unknown */
} dmg_classify_progress;

typedef struct dmg_classify_options {
    size_t size;             /* of this struct; set by dmg_classify_defaults */
    const char *model;       /* name of a built-in model, or path of a file [general] */
    const void *model_bytes; /* [model_size] a model file in memory, in place of that; or NULL */
    size_t model_size;
    const dmg_model *loaded; /* a model in place of both: classifiers may share it, and it must
                              * outlive them; or NULL */
    bool fold_only;   /* structures and energies without scores; no model is loaded [false] */
    int threads;      /* for batches and files, >= 1 [dmg_processors()] */
    dmg_cpu cpu;      /* [DMG_CPU_AUTO] */
    double threshold; /* of the call, 0 .. 1 [0.5] */
    double prior;     /* share of precursors, see dmg_predictor_set_prior; 0: the model's own [0] */
    /* Called after every few records, as dmg_take_result is; any status but DMG_OK, as DMG_STOPPED,
     * ends the call, which returns it. Or NULL. */
    dmg_status (*progress)(void *context, const dmg_classify_progress *progress, dmg_error *err);
    void *progress_context;
    bool mature;         /* find the mature sequences, with the built-in model [false] */
    bool skip_malformed; /* a record of a file that cannot be read gives a result with a flag; else
                          * it ends the call [false] */
    bool pairing;        /* find the ensemble of each record, as by dmg_pairing_fold [false] */
    unsigned features;   /* families of features to compute, of dmg_feature_family [0] */
    int shuffles;        /* for them, as in dmg_feature_options [0] */
    uint64_t seed;       /* of the shuffles [1] */
} dmg_classify_options;

/* Fills in the first `size` bytes of *options; called by dmg_classify_defaults. */
DMG_API void dmg_classify_options_init(dmg_classify_options *options, size_t size);

/* The values in brackets above. */
static inline dmg_classify_options dmg_classify_defaults(void)
{
    dmg_classify_options options;
    dmg_classify_options_init(&options, sizeof options);
    return options;
}

/* --- classifying --- */

/* A loaded model with the working memory to fold and score. One thread at a time may use it;
 * different threads may use different classifiers. */
typedef struct dmg_classifier dmg_classifier;

/* `options` NULL: the defaults. Bytes of a model are not needed afterwards. DMG_RANGE for an option
 * outside its limits; else as dmg_model_load and dmg_predictor_create. */
DMG_API dmg_status dmg_classifier_create(dmg_classifier **out, const dmg_classify_options *options,
                                         dmg_error *err);

/* Accepts NULL. */
DMG_API void dmg_classifier_destroy(dmg_classifier *classifier);

/* The classifier's; NULL with fold_only. */
DMG_API const dmg_model *dmg_classifier_model(const dmg_classifier *classifier);

/* One sequence of `length` letters of either case, T or U. *out belongs to the classifier and lasts
 * until its next call. An empty sequence and one of more than DMG_FOLD_MAX_LENGTH are DMG_RANGE,
 * other characters than nucleotide letters (seqio.h) DMG_FORMAT. */
DMG_API dmg_status dmg_classify(const dmg_result **out, dmg_classifier *classifier,
                                const char *sequence, size_t length, dmg_error *err);

/* Sequences [count] in memory, on the classifier's threads. A structure that is given is used in
 * place of folding. Empty and too long sequences give results with a flag. Any other fault is
 * DMG_FORMAT and names the record; the callback has taken all records before it. */
DMG_API dmg_status dmg_classify_batch(dmg_classifier *classifier, const dmg_sequence *sequences,
                                      size_t count, dmg_take_result *take, void *context,
                                      dmg_error *err);

/* The records of FASTA and FASTQ files, one file after the other, as dmg_reader reads them; memory
 * does not grow with the files. Otherwise as dmg_classify_batch. */
DMG_API dmg_status dmg_classify_files(dmg_classifier *classifier, const char *const *paths,
                                      size_t count, dmg_take_result *take, void *context,
                                      dmg_error *err);

#ifdef __cplusplus
}
#endif

#endif
