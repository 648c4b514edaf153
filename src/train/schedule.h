/* SPDX-License-Identifier: MIT */
/* What changes over the epochs of a training beside the gradient: learning rate, weight decay, and
 * the mean of the weights. */
#ifndef DMG_TRAIN_SCHEDULE_H
#define DMG_TRAIN_SCHEDULE_H

#include "deepmirgene/train.h"
#include "model/network.h"

/* Of an epoch, from 0. */
double schedule_learning_rate(const dmg_train_options *options, size_t epoch);

/* What AdamW does beside Adam's own step, which does not look at the parameters: takes the share
 * `decay` off all matrices. */
void schedule_decay(float *params, const network *net, double decay);

/* Takes the parameters [count] after `epochs` of training into their mean, from the first epoch on
 * that counts. */
void schedule_average(float *average, const float *params, size_t count,
                      const dmg_train_options *options, size_t epochs);

#endif
