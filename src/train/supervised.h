/* SPDX-License-Identifier: MIT */
/* Training proper: how far the network's outputs are from the targets, as loss and gradient of a
 * batch, and how it does on the records held out. */
#ifndef DMG_TRAIN_SUPERVISED_H
#define DMG_TRAIN_SUPERVISED_H

#include "train/batch_gradient.h"

typedef struct supervised supervised;

/* For batches of up to `batch` records; network and set must outlive it. */
dmg_status supervised_create(supervised **out, const network *net, const training_set *set,
                             const dmg_train_options *options, size_t batch, dmg_error *err);
void supervised_destroy(supervised *s);

/* Overwrites gradient [parameters] with that of records [count] in epoch `epoch` (from 0), which
 * names the masks of dropout, and adds the records' losses to *loss. */
dmg_status supervised_differentiate(float *gradient, double *loss, supervised *s,
                                    batch_gradient *batch, const float *params,
                                    const size_t *records, size_t count, size_t epoch,
                                    dmg_error *err);

/* Takes the last batch into the running averages in params, where the network normalises. */
void supervised_average(float *params, const supervised *s);

/* Fills in what the records held out say of params: loss, confusion and ranks of the epoch. A loss
 * that is not finite is left to the caller, and the rest is undefined then. */
dmg_status supervised_validate(dmg_epoch *epoch, supervised *s, batch_gradient *batch,
                               const float *params, dmg_error *err);

#endif
