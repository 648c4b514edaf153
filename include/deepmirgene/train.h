/* SPDX-License-Identifier: MIT */
/* Labelled sequences, and training a network on them: random mini-batches, Adam, dropout. Recipes
 * are named sets of options; one of them is the paper's.
 *
 * The same data, options and seed give the same model, byte for byte, for any number of threads and
 * however often the training was interrupted and resumed.
 */
#ifndef DMG_TRAIN_H
#define DMG_TRAIN_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deepmirgene/architecture.h"
#include "deepmirgene/cpu.h"
#include "deepmirgene/features.h"
#include "deepmirgene/metrics.h"
#include "deepmirgene/model.h"
#include "deepmirgene/seqio.h"
#include "deepmirgene/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- labelled sequences --- */

typedef struct dmg_dataset dmg_dataset;

/* One of its records; all pointers are the dataset's own. */
typedef struct dmg_dataset_record {
    const char *id;        /* first word of the header */
    const char *sequence;  /* [length], upper case, U, NUL after */
    const char *structure; /* [length], NUL after; NULL before dmg_dataset_fold if not given */
    size_t length;         /* 1 .. DMG_FOLD_MAX_LENGTH */
    int energy;            /* of the structure, dcal/mol; DMG_ENERGY_UNKNOWN for a given one with
                            * pairs that have none, and before dmg_dataset_fold */
    bool positive;         /* a precursor */
    bool unlabelled;       /* its class is unknown; `positive` is false */
} dmg_dataset_record;

DMG_API dmg_status dmg_dataset_create(dmg_dataset **out, dmg_error *err);
DMG_API void dmg_dataset_destroy(dmg_dataset *dataset);

/* Appends all records of a file, in order, or none of them if one is at fault. An empty or too long
 * sequence is DMG_RANGE. */
DMG_API dmg_status dmg_dataset_add(dmg_dataset *dataset, const char *path, bool positive,
                                   dmg_error *err);

/* The same for records without labels, which a training with a teacher may use; all other functions
 * that take a dataset count them as negatives. */
DMG_API dmg_status dmg_dataset_add_unlabelled(dmg_dataset *dataset, const char *path,
                                              dmg_error *err);

/* The same of records [count] in memory, with labels [count]: true for precursors. In the model's
 * description of its training, the name of their file is "memory". */
DMG_API dmg_status dmg_dataset_add_sequences(dmg_dataset *dataset, const dmg_sequence *sequences,
                                             const bool *labels, size_t count, dmg_error *err);

DMG_API size_t dmg_dataset_count(const dmg_dataset *dataset);
DMG_API dmg_dataset_record dmg_dataset_get(const dmg_dataset *dataset, size_t i);

/* The number of different sequences that carry both labels, and of their records (may be NULL).
 * With `drop` these records are removed. */
DMG_API dmg_status dmg_dataset_conflicts(dmg_dataset *dataset, bool drop, size_t *sequences,
                                         size_t *records, dmg_error *err);

/* A new dataset with copies of the records that keep [count] marks, in their order. */
DMG_API dmg_status dmg_dataset_select(dmg_dataset **out, const dmg_dataset *dataset,
                                      const bool *keep, dmg_error *err);

/* Folds the records without a structure, and evaluates the structures that were given. */
DMG_API dmg_status dmg_dataset_fold(dmg_dataset *dataset, int threads, dmg_cpu cpu, dmg_error *err);

/* Computes features of all records, which have been folded; those from before are forgotten, and so
 * are these when records are added or dropped. The values do not depend on the number of threads.
 * Errors as by dmg_describe, with the record's id; DMG_RANGE for a record that is not folded. */
DMG_API dmg_status dmg_dataset_compute_features(dmg_dataset *dataset,
                                                const dmg_feature_options *options, int threads,
                                                dmg_error *err);

/* Of the i-th record, [dmg_feature_count()] as by dmg_describe; NULL if none were computed. */
DMG_API const double *dmg_dataset_features(const dmg_dataset *dataset, size_t i);

/* p_mirna of the folded records with a mark in chosen [count] (NULL: of all), in their order. */
DMG_API dmg_status dmg_dataset_predict(float *scores, const dmg_dataset *dataset,
                                       const bool *chosen, const dmg_model *model, int threads,
                                       dmg_cpu cpu, dmg_error *err);

/* Marks about fraction (0 .. 1) of the positives and of the negatives, drawn by seed, in
 * held_out [count]; none of the records without labels. */
DMG_API dmg_status dmg_dataset_draw(bool *held_out, const dmg_dataset *dataset, double fraction,
                                    uint64_t seed, dmg_error *err);

/* Marks in held_out [count] the records whose ids are in the first column of a text file, one a
 * line; an id that no record has is DMG_FORMAT. A first line "id" is a title. */
DMG_API dmg_status dmg_dataset_draw_listed(bool *held_out, const dmg_dataset *dataset,
                                           const char *path, dmg_error *err);

/* --- training --- */

/* One epoch of the history. Without held-out records the counts are 0, and all others but epoch and
 * loss are NaN. */
typedef struct dmg_epoch {
    double epoch;           /* from 1 */
    double loss;            /* mean over the epoch's batches, dropout on */
    double validation_loss; /* after the epoch, dropout off, on the held-out records */
    dmg_confusion
        confusion; /* of these at DMG_DEFAULT_THRESHOLD; metrics.h derives the rest from it */
    dmg_rank_metrics ranks;
} dmg_epoch;

/* Called after each epoch with the whole history so far; history[0 .. restored) came from the
 * checkpoint. A status other than DMG_OK ends the training with it. */
typedef dmg_status dmg_train_progress(void *context, const dmg_epoch *history, size_t count,
                                      size_t restored, dmg_error *err);

/* The loss to minimise: the paper's mean squared error over both outputs, or cross-entropy, which
 * treats a softmax output as one distribution and sigmoid outputs as one each. */
typedef enum dmg_loss { DMG_LOSS_SQUARED_ERROR, DMG_LOSS_CROSS_ENTROPY } dmg_loss;

/* Its name in options and files: "squared-error", "cross-entropy". */
DMG_API const char *dmg_loss_name(dmg_loss loss);

/* Called after each epoch of pre-training: the mean cross entropy of a symbol, in nats. */
typedef void dmg_pretrain_progress(void *context, size_t epoch, double loss);

/* Called with a one-line notice that is not a failure, such as a truncated checkpoint. */
typedef void dmg_train_notice(void *context, const char *message);

typedef struct dmg_train_options {
    dmg_architecture architecture;
    const char *name; /* the model's name */
    int epochs;       /* >= 1 */
    int batch;        /* >= 1 */
    dmg_loss loss;
    double learning_rate; /* of Adam, > 0 */
    /* 0: the rate stays. Otherwise that of the last epoch, > 0, which the rate approaches along
     * half a cosine (Loshchilov & Hutter 2017, without restarts). */
    double final_learning_rate;
    /* Epochs, before those, in which each stream of tokens learns to be the encoder of an LSTM
     * autoencoder on the same records (Srivastava et al. 2015, Dai & Le 2015); 0: none.
     * DMG_UNSUPPORTED where there is no such stream. */
    int pretrain;
    /* Decoupled weight decay (Loshchilov & Hutter 2019), >= 0: each step takes this share times the
     * learning rate off all matrices (not off biases and other vectors). */
    double weight_decay;
    /* 0: the model has the weights of the last epoch. Otherwise it is the mean of the weights after
     * each of the last so many epochs, at most all (Izmailov et al. 2018); epochs are evaluated
     * with their own weights. */
    int average_weights;
    bool balanced; /* the losses of a class count n / (2 n of the class), not one each */
    /* NULL: the targets are the labels. Otherwise they are this model's p_mirna and 1 - p_mirna of
     * each record (Hinton, Vinyals & Dean 2015, at temperature 1). Not with `balanced`. */
    const dmg_model *teacher;
    /* NULL: training begins from random weights. Otherwise from those of this model, which has one
     * member and this architecture (DMG_UNSUPPORTED if not); how features are scaled stays as well.
     * Not with `pretrain`. */
    const dmg_model *from;
    uint64_t seed;
    int threads;            /* >= 1 */
    dmg_cpu cpu;            /* instruction set to compute with */
    const bool *held_out;   /* [records]: evaluated after each epoch, not trained on; or NULL */
    const char *checkpoint; /* file that holds the state after the last whole epoch; NULL: none */
    bool resume;            /* continue from the checkpoint where there is one */
    const volatile sig_atomic_t *stop; /* end with DMG_STOPPED when it becomes non-zero; or NULL */
    dmg_train_progress *progress;      /* or NULL */
    dmg_pretrain_progress *pretrain_progress; /* or NULL; same context */
    void *progress_context;
    dmg_train_notice *notice; /* or NULL */
    void *notice_context;
} dmg_train_options;

/* A recipe is a network and how to train it, by name: "2026", deepmirgene-2026 with cross-entropy
 * and a learning rate that falls, which is how the default model was trained; "2016", the paper's
 * deepmirgene-2016 with 500 epochs, batches of 128, squared error and a learning rate of 1e-3; and
 * "fine-tune", for a training that begins from a model, whose architecture is to be filled in.
 * Fills in all options, with seed 1 and one thread. DMG_RANGE if there is no recipe of that name.
 */
DMG_API dmg_status dmg_train_recipe(dmg_train_options *out, const char *name, dmg_error *err);

/* The i-th recipe's name, the default one first; NULL past the last. */
DMG_API const char *dmg_train_recipe_name(size_t i);

/* As the default recipe. */
DMG_API dmg_train_options dmg_train_options_defaults(void);

/* Trains on the folded records that are not held out. Records without labels need a teacher, and
 * are DMG_RANGE otherwise or when held out. With a checkpoint, at most the epoch under way is lost
 * by a stop or a crash, or the last second of shorter epochs by a crash. The checkpoint also
 * remains after a complete training: the caller removes it once the model is saved, or resumes it
 * with more epochs. A truncated checkpoint, as after a power cut, counts as missing. A checkpoint
 * of other data or options is DMG_FORMAT; one that exists without `resume` is DMG_IO. Parameters
 * that diverge are DMG_RANGE. */
DMG_API dmg_status dmg_train(dmg_model **out, const dmg_dataset *dataset,
                             const dmg_train_options *options, dmg_error *err);

/* --- calibration --- */

/* A model like `model` with a calibration (calibration.h) that is fitted to all records of the
 * folded dataset, and with prior (NaN: none) changed to another share of precursors. An existing
 * calibration of the model is replaced. DMG_RANGE as dmg_calibration_fit, and where a file of the
 * dataset is one that the model was trained on. */
DMG_API dmg_status dmg_calibrate(dmg_model **out, const dmg_model *model,
                                 const dmg_dataset *dataset, double prior, int threads, dmg_cpu cpu,
                                 dmg_error *err);

#ifdef __cplusplus
}
#endif

#endif
