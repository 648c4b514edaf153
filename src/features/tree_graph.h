/* SPDX-License-Identifier: MIT */
/* A structure as a tree: loops are vertices, helices are edges (Gan et al. 2003, NAR 31:2926).
 *
 * A helix has two pairs or more, and goes on across a single unpaired base; a pair that is alone is
 * part of the loop around it. The open ends are one vertex.
 */
#ifndef DMG_FEATURES_TREE_GRAPH_H
#define DMG_FEATURES_TREE_GRAPH_H

#include <stddef.h>

/* Room for structures of up to some length: [length + 1] each, the caller's. */
typedef struct tree_graph {
    size_t count;            /* vertices */
    size_t *parents;         /* parents[v] < v, for v > 0 */
    size_t *inside, *around; /* of each pair, by its first base */
    double *pivots;
} tree_graph;

/* The second smallest eigenvalue of the Laplacian of the tree, which is large for compact trees; 0
 * for a single vertex. partner [length] is a pair table. */
double tree_graph_connectivity(tree_graph *tree, const size_t *partner, size_t length);

/* The same of a tree that is given: parents[v] < v is the parent of vertex v, for v > 0. */
double tree_connectivity(const size_t *parents, size_t count, double *pivots);

#endif
