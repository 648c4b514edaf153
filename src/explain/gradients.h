/* SPDX-License-Identifier: MIT */
/* Integrated gradients (explain.h says of what). */
#ifndef DMG_EXPLAIN_GRADIENTS_H
#define DMG_EXPLAIN_GRADIENTS_H

#include "model/network_run.h"

/* Working memory; `net` must outlive it. */
typedef struct gradients gradients;

dmg_status gradients_create(gradients **out, const network *net, dmg_error *err);
void gradients_destroy(gradients *g);

typedef struct gradients_result {
    double score, baseline;           /* log odds of the sample and of the baseline */
    size_t steps;                     /* points of the way that were looked at */
    double *tokens[DMG_STREAM_KINDS]; /* of each stream [steps of the sample], or NULL: a
                                         contact map */
    double total[DMG_STREAM_KINDS];   /* of each stream */
    double features[DMG_FEATURES];    /* of each feature, in the order of the architecture */
} gradients_result;

/* Fills in all but `tokens`, where the caller has room for each stream's steps. Fails
 * only for want of memory. */
dmg_status gradients_integrate(gradients_result *result, gradients *g, const real *params,
                               const network_sample *sample, double tolerance, dmg_error *err);

/* What the network was run in, by C kernels: after gradients_integrate its last forward pass is
 * that of the sample itself. */
const network_run *gradients_run(const gradients *g);

#endif
