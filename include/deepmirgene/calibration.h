/* SPDX-License-Identifier: MIT */
/* Calibrated probabilities: the numbers of a model mapped to observed shares of precursors, and
 * from one prevalence to another.
 *
 * A network that ranks well may still be overconfident or underconfident. Platt scaling (Platt
 * 1999, in: Advances in Large Margin Classifiers, MIT Press, 61-74) corrects this with two
 * parameters, fitted to labelled records that were not used for training:
 *
 *     p_calibrated = s(a l(p) + b)      s(x) = 1 / (1 + exp(-x)), l(p) = ln(p / (1 - p))
 *
 * The order of sequences stays, as a > 0; a = 1 / T with b = 0 is temperature scaling (Guo et al.
 * 2017, ICML, PMLR 70:1321). p is limited to 2^-126 .. 1 - 2^-24, because a p of 0 or 1 comes from
 * rounding, not from certainty.
 *
 * This holds for a share Q of precursors among the sequences, that of the fit. For a share P, if
 * precursors and negatives are each distributed as in the fit, Bayes' rule multiplies the odds
 * (Saerens, Latinne & Decaestecker 2002, Neural Comput 14:21):
 *
 *     p_P / (1 - p_P) = p_Q / (1 - p_Q) * [P / (1 - P)] / [Q / (1 - Q)]
 */
#ifndef DMG_CALIBRATION_H
#define DMG_CALIBRATION_H

#include <stdbool.h>
#include <stddef.h>

#include "deepmirgene/model.h"
#include "deepmirgene/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct dmg_calibration {
    double a;       /* > 0 */
    double b;       /* for the share below */
    double prior;   /* Q: share of precursors that p is calibrated for, 0 < Q < 1 */
    size_t records; /* of the fit, >= 2 */
} dmg_calibration;

/* Fits a and b to probabilities p [count] of labelled records (true: a precursor) by the greatest
 * likelihood of Platt's targets, (N1 + 1) / (N1 + 2) for the N1 precursors and 1 / (N0 + 2) for the
 * N0 negatives, which keep a finite where the classes do not overlap. Q is N1 / count. DMG_RANGE
 * unless both classes are present, all p are 0 .. 1, and precursors have the larger ones (a > 0).
 */
DMG_API dmg_status dmg_calibration_fit(dmg_calibration *out, const float *p, const bool *labels,
                                       size_t count, dmg_error *err);

/* The same for a share of `prior` precursors, 0 < prior < 1. */
DMG_API dmg_calibration dmg_calibration_restate(dmg_calibration calibration, double prior);

/* The calibrated probability for p, 0 .. 1. */
DMG_API double dmg_calibration_apply(const dmg_calibration *calibration, double p);

/* --- of a model --- */

/* Whether the model is calibrated; then dmg_predict gives calibrated probabilities, and *out (may
 * be NULL) says which. */
DMG_API bool dmg_model_calibration(dmg_calibration *out, const dmg_model *model);

/* A new model, like `model` but with this calibration in place of its own. With NULL it has no
 * calibration and gives the network's own numbers, which a fit needs. `data` is JSON text that
 * describes the data of the fit, or NULL. a, b and the prior are kept to 9 digits.
 */
DMG_API dmg_status dmg_model_calibrate(dmg_model **out, const dmg_model *model,
                                       const dmg_calibration *calibration, const char *data,
                                       dmg_error *err);

#ifdef __cplusplus
}
#endif

#endif
