/* SPDX-License-Identifier: MIT */
/* The network applied to one sample at a time by the C kernels: what other levels, batches and
 * finite differences are compared with. */
#ifndef DMG_TESTS_ONE_SAMPLE_H
#define DMG_TESTS_ONE_SAMPLE_H

#include "model/network_run.h"
#include "unit.h"

typedef struct one_sample {
    network_weights *weights;
    network_run *run;
} one_sample;

static inline one_sample one_open(const network *net)
{
    one_sample a;
    dmg_error err;
    assert_ok(network_weights_create(&a.weights, net, DMG_CPU_SCALAR, &err), &err);
    assert_ok(network_run_create(&a.run, a.weights, 1, &err), &err);
    return a;
}

static inline void one_close(one_sample *a)
{
    network_run_destroy(a->run);
    network_weights_destroy(a->weights);
}

/* output [DMG_OUTPUTS] */
static inline void one_forward(real *output, one_sample *a, const real *params,
                               const network_sample *sample, dmg_rng *dropout)
{
    real outputs[1][DMG_OUTPUTS];
    dmg_error err;
    network_weights_set(a->weights, params);
    assert_ok(network_run_forward(outputs, a->run, sample, 1, true, dropout, &err), &err);
    memcpy(output, outputs[0], sizeof outputs[0]);
}

/* After it: adds to grads. */
static inline void one_backward(real *grads, one_sample *a, const real *da)
{
    real das[1][DMG_OUTPUTS];
    memcpy(das[0], da, sizeof das[0]);
    network_run_backward(grads, a->run, (const real(*)[DMG_OUTPUTS])das);
}

#endif
