/* SPDX-License-Identifier: MIT */
/* Models of one network with the initial weights of a seed. */
#ifndef DMG_TESTS_RANDOM_MODEL_H
#define DMG_TESTS_RANDOM_MODEL_H

#include "model/model.h"
#include "unit.h"

static inline dmg_model *random_model(dmg_architecture architecture, uint64_t seed,
                                      const char *name, const char *training)
{
    network net;
    network_init(&net, &architecture);
    float *params = malloc(net.parameters * sizeof *params);
    assert_non_null(params);
    network_initial(params, &net, seed);
    dmg_model *model = NULL;
    dmg_error err;
    assert_ok(model_create(&model, &architecture, params, 1, name, training, &err), &err);
    free(params);
    return model;
}

#endif
