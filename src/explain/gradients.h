/* SPDX-License-Identifier: MIT */
/* Integrated gradients (explain.h says of what). */
#ifndef DMG_EXPLAIN_GRADIENTS_H
#define DMG_EXPLAIN_GRADIENTS_H

#include "model/network_run.h"

/* Working memory; `net` must outlive it. */
typedef struct gradients gradients;

dmg_status gradients_create(gradients **out, const network *net, dmg_error *err);
void gradients_destroy(gradients *g);

/* What a sample is made of: the tokens of each stream, or its contact map as one, then the features
 * of the architecture. */
size_t gradients_inputs(const network *net, const network_sample *sample);

typedef struct gradients_result {
    double score, baseline; /* log odds of the sample and of the baseline */
    size_t steps;           /* points of the path where the gradient was taken */
    double residual;        /* what gradients did not follow, in absolute values */
    double *parts;          /* the caller's, [gradients_inputs]: they add up to score - baseline */
} gradients_result;

/* Fills in all but where `parts` points to. Fails only for want of memory. */
dmg_status gradients_integrate(gradients_result *result, gradients *g, const real *params,
                               const network_sample *sample, double tolerance, dmg_error *err);

/* What the network was run in, by C kernels: after gradients_integrate its last forward pass is
 * that of the sample itself. */
const network_run *gradients_run(const gradients *g);

#endif
