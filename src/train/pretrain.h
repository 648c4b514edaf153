/* SPDX-License-Identifier: MIT */
/* Pre-training: each stream of tokens becomes the encoder of an autoencoder (Dai & Le 2015). What
 * it ends on, which is what the dense layers will read, has to tell a decoder the tokens again; the
 * decoders are thrown away in the end, and the labels are never looked at. */
#ifndef DMG_TRAIN_PRETRAIN_H
#define DMG_TRAIN_PRETRAIN_H

#include "base/parallel.h"
#include "model/network_group.h"
#include "nn/adam.h"
#include "nn/decoder.h"

/* One decoder a stream of tokens; their parameters stand behind those of the network. */
typedef struct pretrain_decoders {
    decoder decoders[DMG_STREAM_KINDS]; /* by stream; no parameters where it is a picture */
    size_t parameters;
} pretrain_decoders;

pretrain_decoders pretrain_layout(const network *net);

/* What pre-training shares with training; everything is the trainer's. */
typedef struct pretrain_setup {
    const network *net;
    const network_sample *samples; /* of the dataset */
    const size_t *lengths;         /* of the dataset */
    size_t batch;                  /* the largest that will come */
    int threads;
    dmg_team *team;
    network_weights *weights;
    network_group *const *groups; /* [threads] */
    adam_options adam;
} pretrain_setup;

typedef struct pretraining pretraining;

dmg_status pretraining_create(pretraining **out, const pretrain_setup *setup, dmg_error *err);
void pretraining_destroy(pretraining *p);

/* The decoders' part of params. */
void pretraining_initial(float *params, const pretraining *p, uint64_t seed);

/* One step of Adam on records [count] of the dataset: params, first and second moment [network
 * parameters + decoder parameters]; `step` counts from 1. Adds to *loss, for each record, the mean
 * of its streams' losses (nn/decoder.h). */
dmg_status pretraining_step(float *params, float *first, float *second, double *loss,
                            pretraining *p, const size_t *records, size_t count, uint64_t step,
                            dmg_error *err);

#endif
