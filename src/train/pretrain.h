/* SPDX-License-Identifier: MIT */
/* Pre-training: each stream of tokens becomes the encoder of an autoencoder (Dai & Le 2015). From
 * its output, which is what the dense layers will read, a decoder has to predict the tokens again;
 * the decoders are thrown away in the end, and the labels are never looked at. */
#ifndef DMG_TRAIN_PRETRAIN_H
#define DMG_TRAIN_PRETRAIN_H

#include "nn/decoder.h"
#include "train/batch_gradient.h"

/* Parameters of the decoders, one for each stream of tokens; they stand after those of the network.
 * 0: the network has no such stream. */
size_t pretrain_parameters(const network *net);

typedef struct pretraining pretraining;

/* The network must outlive it. */
dmg_status pretraining_create(pretraining **out, const network *net, int threads, dmg_error *err);
void pretraining_destroy(pretraining *p);

/* The decoders' part of params. */
void pretraining_initial(float *params, const pretraining *p, uint64_t seed);

/* Overwrites gradient [network parameters + decoder parameters] with that of records [count], and
 * adds to *loss, for each record, the mean of its streams' losses (nn/decoder.h). */
dmg_status pretraining_differentiate(float *gradient, double *loss, pretraining *p,
                                     batch_gradient *batch, const float *params,
                                     const size_t *records, size_t count, dmg_error *err);

#endif
