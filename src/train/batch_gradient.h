/* SPDX-License-Identifier: MIT */
/* Mini-batches through the network, and the gradients that they give.
 *
 * A batch is sorted by length and cut into chunks, as many records as a level's vectors take, each
 * of which goes through the network on whichever thread is free. Loss and gradient are summed for
 * each SUM_UNIT records, and these parts in the order of the batch: so nothing depends on the
 * number of threads or on the width of a vector.
 *
 * What is done with a chunk is the caller's: training, pre-training and validation each have a
 * function for it.
 */
#ifndef DMG_TRAIN_BATCH_GRADIENT_H
#define DMG_TRAIN_BATCH_GRADIENT_H

#include "model/network_run.h"
#include "train/training_set.h"

enum { BATCH_MAX_CHUNK = NETWORK_MAX_BATCH };

/* A part of the batch, on a thread. */
typedef struct batch_chunk {
    size_t begin;                            /* place of its first record in the batch */
    size_t count;                            /* its records, 1 .. BATCH_MAX_CHUNK */
    size_t records[BATCH_MAX_CHUNK];         /* [count], of the training set */
    network_sample samples[BATCH_MAX_CHUNK]; /* [count] */
    int worker;
    network_run *run; /* the worker's */
} batch_chunk;

/* What SUM_UNIT records of a chunk add to the batch; zeroed before. */
typedef struct batch_part {
    double loss;
    float *sums; /* gradient of the network's parameters, as its runs add it up; those of the parts
                    of a chunk lie one after the other */
    float
        *extra; /* [parameters + extra], of which the last `extra` count; NULL if there are none */
} batch_part;

/* Does what is to be done with a chunk, whose k-th record adds to parts[k / SUM_UNIT]; `parts` is
 * NULL where no gradient is asked for. */
typedef dmg_status batch_work(void *context, batch_part *parts, const batch_chunk *chunk,
                              dmg_error *err);

typedef struct batch_gradient batch_gradient;

/* For batches of up to `batch` records of the set, which must outlive it, as must the network.
 * `extra` parameters, which the network does not have, stand after its own. `cpu` is resolved. */
dmg_status batch_gradient_create(batch_gradient **out, const network *net, const training_set *set,
                                 size_t batch, size_t extra, int threads, dmg_cpu cpu,
                                 dmg_error *err);
void batch_gradient_destroy(batch_gradient *b);

/* Sorts the records of the next batch, and takes over params [parameters + extra], which must stay
 * as they are while the batch is worked on. Any number of records may come for batch_each. */
void batch_begin(batch_gradient *b, const float *params, const size_t *records, size_t count);

/* The k-th record of the batch as it is sorted. */
size_t batch_record(const batch_gradient *b, size_t k);

/* Calls `work` once for each chunk. */
dmg_status batch_each(batch_gradient *b, batch_work *work, void *context, dmg_error *err);

/* The same, with parts; then overwrites gradient [parameters + extra] with the sum
 * of their gradients, and adds their losses to *loss. */
dmg_status batch_differentiate(float *gradient, double *loss, batch_gradient *b, batch_work *work,
                               void *context, dmg_error *err);

#endif
