/* SPDX-License-Identifier: MIT */
/* Trees together: a random forest, and boosted trees.
 *
 * The forest is that of Breiman 2001 (Machine Learning 45:5), each tree on as many precursors as
 * others, drawn with return (balanced as in Chen, Liaw & Breiman 2004); the score is the share of
 * trees that vote for a precursor. Boosting fits the logistic loss, in which both classes weigh the
 * same together (Friedman 2001, Ann Stat 29:1189); the score is the log odds.
 */
#ifndef DMG_BASELINE_FOREST_H
#define DMG_BASELINE_FOREST_H

#include "baseline/samples.h"

/* Unchanging once made. */
typedef struct forest forest;

enum { FOREST_TREES = 500 };

/* The same samples and seed give the same forest for any number of threads. */
dmg_status forest_train(forest **out, const samples *set, uint64_t seed, int threads,
                        dmg_error *err);

/* As many trees as are best for a fifth of the samples, drawn by seed, that others are held to. */
dmg_status boosted_train(forest **out, const samples *set, uint64_t seed, dmg_error *err);

void forest_destroy(forest *f);
size_t forest_size(const forest *f); /* trees */

/* The score of a row [columns]: 0 .. 1 of a forest, any number of boosted trees. */
double forest_score(const forest *f, const double *row);

#endif
