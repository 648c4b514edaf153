/* SPDX-License-Identifier: MIT */
/* Records that are longer than a hairpin: scored by the hairpins in them.
 *
 * A network that is trained on hairpins knows nothing of what is longer, so such a record is cut
 * into the candidates that a scan would find on its strand (hairpins.h), and each is scored. The
 * prior of the record is shared among all places where a precursor could lie, n of them, so with
 * odds o of each candidate the odds of the record are sum(o) / n. The best candidate is the one
 * that is shown.
 *
 * A model with a network of its own for long sequences knows those candidates of a scan that have
 * an inverted repeat, and gets no other long ones.
 */
#ifndef DMG_CLASSIFY_LONG_RECORD_H
#define DMG_CLASSIFY_LONG_RECORD_H

#include "deepmirgene/classify.h"
#include "deepmirgene/hairpins.h"

/* Working memory of one thread; all zero but for the model before its first use. */
typedef struct long_scorer {
    const dmg_model *model;     /* which the predictor has */
    dmg_hairpin_finder *finder; /* made for the first long record: it takes 60 MB */
    struct long_candidate *candidates;
    dmg_predict_task *tasks;
    char *text; /* their sequences and structures */
} long_scorer;

void long_scorer_clear(long_scorer *scorer);

/* Scores a record after result_set_long: sets its score, hairpin, energy and flags, and writes its
 * structure, that of the hairpin and dots around, to structure [length + 1]. */
dmg_status long_record_score(dmg_result *result, char *structure, long_scorer *scorer,
                             dmg_predictor *predictor, double threshold, dmg_cpu cpu,
                             dmg_error *err);

#endif
