/* SPDX-License-Identifier: MIT */
/* Features of a sequence (encode.h) as a source of dense layers: brought to mean 0 and deviation 1
 * by what they were over the records of the training, each followed by how far it got through each
 * of its bins (architecture.h). Mean, deviation and the edges of the bins are in the parameter
 * block, where no gradient reaches them. */
#ifndef DMG_MODEL_NETWORK_FEATURES_H
#define DMG_MODEL_NETWORK_FEATURES_H

#include "model/network.h"

/* Takes what is said above into params from count > 0 samples, samples[chosen[k]]. A feature that
 * is the same in all of them, or defined in none, gets the deviation 1. */
dmg_status network_features_fit(real *params, const network *net, const network_sample *samples,
                                const size_t *chosen, size_t count, dmg_error *err);

/* value [network_features_width] of a sample. A feature that is not defined counts as the mean. */
void network_features_forward(real *value, const network *net, const real *params,
                              const network_sample *sample);

#endif
