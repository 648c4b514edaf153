/* SPDX-License-Identifier: MIT */
#include "features/tree_graph.h"

#include "base/pair_table.h"

/* Eigenvalues of the Laplacian below x: the negative pivots when the matrix is eliminated from the
 * leaves to the root (Jacobs & Trevisan 2011, Linear Algebra Appl 434:81). A pivot of zero is taken
 * for a tiny one. */
static size_t count_below(const size_t *parents, size_t count, double x, double *pivots)
{
    size_t below = 0;
    for (size_t v = 0; v < count; v++) pivots[v] = (v > 0) - x;
    for (size_t v = 1; v < count; v++) pivots[parents[v]]++;
    for (size_t v = count; v-- > 0;) {
        if (pivots[v] == 0) pivots[v] = 1e-300;
        below += pivots[v] < 0;
        if (v > 0) pivots[parents[v]] -= 1 / pivots[v];
    }
    return below;
}

double tree_connectivity(const size_t *parents, size_t count, double *pivots)
{
    double low = 0, high = 4; /* 2 for two vertices, at most 1 for more */
    if (count < 2) return 0;
    for (int step = 0; step < 60; step++) {
        const double middle = (low + high) / 2;
        if (count_below(parents, count, middle, pivots) >= 2)
            high = middle;
        else
            low = middle;
    }
    return (low + high) / 2;
}

/* The pair that continues the helix of (i, partner[i]) inwards, across at most one unpaired base;
 * DMG_UNPAIRED where the helix ends. */
static size_t next_in_helix(const size_t *partner, size_t i)
{
    const dmg_loop loop = dmg_loop_closed_by(partner, i);
    if (loop.branches != 1) return DMG_UNPAIRED;
    return (loop.p - i - 1) + (loop.j - loop.q - 1) <= 1 ? loop.p : DMG_UNPAIRED;
}

/* Gives all pairs of the helix that begins with i the vertex inside of it, which is a new one
 * unless the pair is alone. */
static void enter_helix(tree_graph *tree, const size_t *partner, size_t i, size_t outside)
{
    size_t inside = outside;
    if (next_in_helix(partner, i) != DMG_UNPAIRED) {
        inside = tree->count++;
        tree->parents[inside] = outside;
    }
    for (; i != DMG_UNPAIRED; i = next_in_helix(partner, i)) tree->inside[i] = inside;
}

double tree_graph_connectivity(tree_graph *tree, const size_t *partner, size_t length)
{
    size_t around = DMG_UNPAIRED; /* the innermost pair around i */
    tree->count = 1;
    for (size_t i = 0; i < length; i++) tree->inside[i] = DMG_UNPAIRED;
    for (size_t i = 0; i < length; i++) {
        if (partner[i] == DMG_UNPAIRED) continue;
        if (partner[i] < i) {
            around = tree->around[partner[i]];
            continue;
        }
        if (tree->inside[i] == DMG_UNPAIRED)
            enter_helix(tree, partner, i, around == DMG_UNPAIRED ? 0 : tree->inside[around]);
        tree->around[i] = around;
        around = i;
    }
    return tree_connectivity(tree->parents, tree->count, tree->pivots);
}
