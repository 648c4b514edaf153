/* SPDX-License-Identifier: MIT */
/* Regression trees on columns that are cut into bins, for forests and boosting.
 *
 * A tree minimises the sum over samples of h (value - g / h)^2: with h = 1 and g the label it is a
 * tree of the CART kind, whose gain is that of the Gini index; with g and h the derivatives of a
 * loss it is a step of boosting (Friedman 2001, Ann Stat 29:1189; Chen & Guestrin 2016, KDD).
 */
#ifndef DMG_BASELINE_TREE_H
#define DMG_BASELINE_TREE_H

#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"
#include "baseline/samples.h"

enum { TREE_BINS = 256 };

/* Samples with each value replaced by its bin. */
typedef struct binned_samples {
    size_t count, columns;
    uint8_t *bins;   /* [columns * count] */
    double *edges;   /* [columns * TREE_BINS]: bin b holds the values up to edges[b] */
    int *bin_counts; /* [columns] */
} binned_samples;

/* Cuts each column between its distinct values, or if there are too many at quantiles. All zero
 * before; to be cleared also after a failure. */
dmg_status binned_init(binned_samples *out, const samples *set, dmg_error *err);
void binned_clear(binned_samples *binned);

typedef struct tree_node {
    int column;         /* -1 in a leaf */
    double threshold;   /* larger values go right */
    size_t left, right; /* of the nodes */
    double value;       /* of a leaf */
} tree_node;

typedef struct tree {
    tree_node *nodes; /* [count], of which the first is the root */
    size_t count, capacity;
} tree;

typedef struct tree_limits {
    int depth;               /* most splits above a leaf */
    size_t columns;          /* drawn for each split; 0: all */
    double least, shrinkage; /* least sum of h in a leaf; added to it in a leaf's value g / h */
} tree_limits;

/* Grows a tree on rows [count], which are put into another order; a row may be there several times.
 * g and h are by row of the samples. All of the tree is zero before; to be cleared also after a
 * failure. */
dmg_status tree_grow(tree *out, const binned_samples *binned, size_t *rows, size_t count,
                     const double *g, const double *h, const tree_limits *limits, dmg_rng *rng,
                     dmg_error *err);
void tree_clear(tree *t);

/* The value of a row [columns] of numbers. */
double tree_value(const tree *t, const double *row);

#endif
