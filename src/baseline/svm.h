/* SPDX-License-Identifier: MIT */
/* Support vector machines with a radial kernel on rows of numbers, by libsvm (Chang & Lin 2011, ACM
 * TIST 2:27).
 *
 * Every column is scaled to the same range over the rows that are learned from, and both classes
 * weigh the same together, however many rows they have.
 */
#ifndef DMG_BASELINE_SVM_H
#define DMG_BASELINE_SVM_H

#include <stddef.h>
#include <stdint.h>

#include "baseline/samples.h"
#include "deepmirgene/status.h"

typedef struct machine_parameters {
    double cost, gamma;
} machine_parameters;

/* Unchanging once made. */
typedef struct machine machine;

/* The parameters with the best g-mean of a stratified cross-validation inside the samples, whose
 * folds are drawn by seed; of equals the smaller. */
dmg_status machine_search(machine_parameters *out, const samples *set, uint64_t seed, int threads,
                          dmg_error *err);

dmg_status machine_train(machine **out, const samples *set, machine_parameters parameters,
                         dmg_error *err);
void machine_destroy(machine *m);

/* The decision value of a row [columns], positive for a precursor. DMG_NOMEM when there is no room
 * for it. */
dmg_status machine_decide(double *value, const machine *m, const double *row, dmg_error *err);

#endif
