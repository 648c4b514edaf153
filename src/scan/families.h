/* SPDX-License-Identifier: MIT */
/* Families of near-identical sequences. */
#ifndef DMG_SCAN_FAMILIES_H
#define DMG_SCAN_FAMILIES_H

#include "scan/sketch.h"

/* Goes through the sketches in their order: each joins the family of the first one that founded a
 * family and is near-identical to it, or founds one. family[i] is the index of the founder of i, so
 * that family[i] == i for founders. Memory: some 70 bytes for each sketch, and as much again for
 * each founder. False when memory is out. */
bool families_find(size_t *family, const sketch *sketches, size_t count);

#endif
