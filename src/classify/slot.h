/* SPDX-License-Identifier: MIT */
/* Some records on their way through a classifier, and what a thread does with them. */
#ifndef DMG_CLASSIFY_SLOT_H
#define DMG_CLASSIFY_SLOT_H

#include "classify/long_record.h"
#include "deepmirgene/classify.h"
#include "deepmirgene/fold.h"

/* What a thread works with. */
typedef struct classify_worker {
    dmg_folder *folder;
    dmg_predictor *predictor;  /* NULL: no scores are wanted */
    dmg_mature_finder *mature; /* NULL: mature sequences are not wanted */
    long_scorer long_scorer;
    dmg_cpu cpu;
    double threshold;
    dmg_describer *describer; /* NULL: features are not wanted */
    bool pairing;             /* ensembles are wanted */
} classify_worker;

typedef struct classify_slot {
    dmg_batch *batch;
    const char *path; /* of the records' file, as messages show it; NULL: from memory */
    double share;     /* of the input that ends with these records; negative: not known */
    size_t capacity;  /* of the six arrays */
    dmg_result *results;
    dmg_fold_task *fold_tasks;
    dmg_predict_task *predict_tasks;
    dmg_mature *matures;
    dmg_pairing_task *pairings;
    double *features; /* [capacity * dmg_feature_count()] */
    size_t text_capacity;
    char *text;       /* ids, and structures that were folded */
    char *structures; /* in it, the place of the next structure */
    size_t pairing_capacity;
    char *pairing_text; /* the structures of ensembles */
} classify_slot;

/* All zero before; to be cleared also after a failure. */
dmg_status slot_init(classify_slot *slot, dmg_error *err);
void slot_clear(classify_slot *slot);

/* Fills in results [dmg_batch_count] from the batch: folds and scores. */
dmg_status slot_work(classify_slot *slot, classify_worker *worker, dmg_error *err);

#endif
