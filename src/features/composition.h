/* SPDX-License-Identifier: MIT */
/* Features of the letters alone. */
#ifndef DMG_FEATURES_COMPOSITION_H
#define DMG_FEATURES_COMPOSITION_H

#include <stddef.h>

/* Fills in those from FEATURE_LENGTH to FEATURE_GC. */
void composition_features(double *values, const char *sequence, size_t length);

#endif
