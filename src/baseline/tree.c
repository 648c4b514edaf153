/* SPDX-License-Identifier: MIT */
#include "baseline/tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

/* --- bins --- */

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Edges between the distinct values of sorted[count], which it packs; returns how many bins. */
static int cut(double *edges, double *sorted, size_t count)
{
    size_t distinct = 0;
    for (size_t i = 0; i < count; i++)
        if (i == 0 || sorted[i] > sorted[i - 1]) distinct++;
    if (distinct <= TREE_BINS) {
        int bins = 0;
        for (size_t i = 1; i < count; i++)
            if (sorted[i] > sorted[i - 1]) edges[bins++] = (sorted[i - 1] + sorted[i]) / 2;
        return bins + 1;
    }
    int bins = 0;
    for (size_t k = 1; k < TREE_BINS; k++) {
        const size_t i = k * count / TREE_BINS;
        const double edge = (sorted[i - 1] + sorted[i]) / 2;
        if (sorted[i] > sorted[i - 1] && (bins == 0 || edge > edges[bins - 1]))
            edges[bins++] = edge;
    }
    return bins + 1;
}

/* The first bin whose edge is not below the value. */
static int find_bin(const double *edges, int bins, double value)
{
    int low = 0, high = bins - 1;
    while (low < high) {
        const int middle = (low + high) / 2;
        if (value <= edges[middle])
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

dmg_status binned_init(binned_samples *out, const samples *set, dmg_error *err)
{
    double *column = dmg_alloc(set->count, sizeof *column);
    out->count = set->count;
    out->columns = set->columns;
    out->bins = dmg_alloc(set->count * set->columns, 1);
    out->edges = dmg_alloc(set->columns * TREE_BINS, sizeof *out->edges);
    out->bin_counts = dmg_alloc(set->columns, sizeof *out->bin_counts);
    if (!column || !out->bins || !out->edges || !out->bin_counts) {
        free(column);
        return dmg_error_nomem(err, "the bins of trees");
    }
    for (size_t k = 0; k < set->columns; k++) {
        double *const edges = out->edges + k * TREE_BINS;
        for (size_t i = 0; i < set->count; i++) column[i] = samples_row(set, i)[k];
        qsort(column, set->count, sizeof *column, by_value);
        out->bin_counts[k] = cut(edges, column, set->count);
        for (size_t i = 0; i < set->count; i++)
            out->bins[k * set->count + i] =
                (uint8_t)find_bin(edges, out->bin_counts[k], samples_row(set, i)[k]);
    }
    free(column);
    return DMG_OK;
}

void binned_clear(binned_samples *binned)
{
    free(binned->bins);
    free(binned->edges);
    free(binned->bin_counts);
    *binned = (binned_samples){0};
}

/* --- splits --- */

typedef struct sums {
    double g, h;
} sums;

typedef struct split {
    int column; /* -1: none is worth it */
    int bin;    /* that and those below go left */
    double gain;
} split;

/* What a node to be split is, and the tree that it is of. */
typedef struct growth {
    tree *out;
    const binned_samples *binned;
    const double *g, *h;
    const tree_limits *limits;
    dmg_rng *rng;
    size_t *order; /* [columns], in the order in which they were drawn last */
} growth;

typedef struct task {
    size_t node, *rows, count;
    int depth; /* splits that are still allowed */
} task;

static double score(sums s, double shrinkage)
{
    return s.g * s.g / (s.h + shrinkage);
}

/* The best split of the node's rows by one column, if it is better than *best. */
static void try_column(split *best, const growth *own, const task *node, sums total, size_t column)
{
    sums bins[TREE_BINS] = {{0, 0}}, left = {0, 0};
    const uint8_t *const bin_of = own->binned->bins + column * own->binned->count;
    const double shrinkage = own->limits->shrinkage;
    for (size_t i = 0; i < node->count; i++) {
        const size_t row = node->rows[i];
        bins[bin_of[row]].g += own->g[row];
        bins[bin_of[row]].h += own->h[row];
    }
    for (int b = 0; b + 1 < own->binned->bin_counts[column]; b++) {
        left.g += bins[b].g;
        left.h += bins[b].h;
        const sums right = {total.g - left.g, total.h - left.h};
        if (bins[b].h == 0 || left.h < own->limits->least || right.h < own->limits->least) continue;
        const double gain =
            score(left, shrinkage) + score(right, shrinkage) - score(total, shrinkage);
        if (gain > best->gain) *best = (split){(int)column, b, gain};
    }
}

/* Draws columns without return, until as many have been tried. */
static split find_split(growth *own, const task *node, sums total)
{
    split best = {.column = -1, .gain = 1e-9 * (1 + total.h)};
    const size_t columns = own->binned->columns;
    const size_t tried = own->limits->columns > 0 ? own->limits->columns : columns;
    for (size_t k = 0; k < tried && k < columns; k++) {
        const size_t drawn = k + dmg_rng_below(own->rng, columns - k), column = own->order[drawn];
        own->order[drawn] = own->order[k];
        own->order[k] = column;
        try_column(&best, own, node, total, column);
    }
    return best;
}

/* Puts the rows that go left first; returns how many. */
static size_t divide(const growth *own, const task *node, const split *s)
{
    const uint8_t *const bin_of = own->binned->bins + (size_t)s->column * own->binned->count;
    size_t left = 0;
    for (size_t i = 0; i < node->count; i++) {
        const size_t row = node->rows[i];
        if (bin_of[row] > s->bin) continue;
        node->rows[i] = node->rows[left];
        node->rows[left++] = row;
    }
    return left;
}

/* Fills in a node: a leaf, or a split with two nodes more, whose tasks it writes to `next`. */
static dmg_status make_node(task *next, size_t *added, growth *own, const task *node,
                            dmg_error *err)
{
    sums total = {0, 0};
    split s = {.column = -1};
    for (size_t i = 0; i < node->count; i++) {
        total.g += own->g[node->rows[i]];
        total.h += own->h[node->rows[i]];
    }
    if (node->depth > 0 && node->count > 1) s = find_split(own, node, total);
    tree *const out = own->out;
    *added = 0;
    if (s.column < 0) {
        out->nodes[node->node] =
            (tree_node){.column = -1, .value = total.g / (total.h + own->limits->shrinkage)};
        return DMG_OK;
    }
    if (!dmg_grow(&out->nodes, &out->capacity, out->count + 2, sizeof *out->nodes))
        return dmg_error_nomem(err, "a tree");
    const size_t left = divide(own, node, &s);
    out->nodes[node->node] = (tree_node){
        .column = s.column,
        .threshold = own->binned->edges[(size_t)s.column * TREE_BINS + (size_t)s.bin],
        .left = out->count,
        .right = out->count + 1,
    };
    next[0] = (task){out->count, node->rows, left, node->depth - 1};
    next[1] = (task){out->count + 1, node->rows + left, node->count - left, node->depth - 1};
    out->count += *added = 2;
    return DMG_OK;
}

/* --- trees --- */

dmg_status tree_grow(tree *out, const binned_samples *binned, size_t *rows, size_t count,
                     const double *g, const double *h, const tree_limits *limits, dmg_rng *rng,
                     dmg_error *err)
{
    growth own = {out, binned, g, h, limits, rng, dmg_alloc(binned->columns, sizeof *own.order)};
    task *tasks = NULL; /* of nodes that are still to be made */
    size_t waiting = 1, capacity = 0, added = 0;
    const bool room = own.order && dmg_grow(&tasks, &capacity, 1, sizeof *tasks) &&
                      dmg_grow(&out->nodes, &out->capacity, 1, sizeof *out->nodes);
    dmg_status st = room ? DMG_OK : dmg_error_nomem(err, "a tree");
    if (room) {
        for (size_t k = 0; k < binned->columns; k++) own.order[k] = k;
        tasks[0] = (task){0, rows, count, limits->depth};
        out->count = 1;
    }
    while (st == DMG_OK && waiting > 0) {
        const task node = tasks[--waiting];
        if (dmg_grow(&tasks, &capacity, waiting + 2, sizeof *tasks))
            st = make_node(tasks + waiting, &added, &own, &node, err);
        else
            st = dmg_error_nomem(err, "a tree");
        if (st == DMG_OK) waiting += added;
    }
    free(own.order);
    free(tasks);
    return st;
}

void tree_clear(tree *t)
{
    free(t->nodes);
    *t = (tree){0};
}

double tree_value(const tree *t, const double *row)
{
    const tree_node *node = t->nodes;
    while (node->column >= 0)
        node = &t->nodes[row[node->column] <= node->threshold ? node->left : node->right];
    return node->value;
}
