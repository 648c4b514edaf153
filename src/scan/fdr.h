/* SPDX-License-Identifier: MIT */
/* False discovery rates from scores of loci and of decoy loci. */
#ifndef DMG_SCAN_FDR_H
#define DMG_SCAN_FDR_H

#include <stddef.h>

/* Sorts both, the highest first. */
void fdr_sort(float *scores, size_t count);

/* For scores[0 .. count) and decoys[0 .. decoy_count), both sorted: q[i] is the least of
 * (D + 1) / (ratio T), at most 1, over all thresholds that keep scores[i], where T scores and D
 * decoys are at or above the threshold; `ratio` decoy bases for each letter, > 0. */
void fdr_q_values(double *q, const float *scores, size_t count, const float *decoys,
                  size_t decoy_count, double ratio);

/* How many of decoys[0 .. count), sorted, are at or above the score. */
size_t fdr_decoys_from(const float *decoys, size_t count, float score);

#endif
