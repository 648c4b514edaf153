/* SPDX-License-Identifier: MIT */
#include "baseline/boosted_svm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/parallel.h"

enum { SELECTED = 40 }; /* columns, of which as many are kept at most */

struct boosted_machines {
    size_t columns;   /* selected */
    size_t *selected; /* [columns] */
    size_t count;
    machine *machines[BOOSTED_ROUNDS];
    double votes[BOOSTED_ROUNDS], all_votes;
};

/* --- columns --- */

typedef struct ranked_column {
    double score;
    size_t column;
} ranked_column;

static int by_score(const void *a, const void *b)
{
    const ranked_column *x = a, *y = b;
    if (x->score != y->score) return x->score < y->score ? 1 : -1;
    return (x->column > y->column) - (x->column < y->column);
}

/* How far a column sets the classes apart: the squared distances of their means from that of all,
 * over their variances (the F-score of Chen & Lin 2006). */
static double separation(const samples *set, size_t column)
{
    double sums[2] = {0}, squares[2] = {0}, means[2], variances[2];
    for (size_t i = 0; i < set->count; i++) {
        const double value = samples_row(set, i)[column];
        sums[set->labels[i]] += value;
        squares[set->labels[i]] += value * value;
    }
    for (int label = 0; label < 2; label++) {
        const double n = (double)set->class_counts[label];
        means[label] = sums[label] / n;
        variances[label] = fmax(0, (squares[label] - sums[label] * means[label]) / (n - 1));
    }
    const double all = (sums[0] + sums[1]) / (double)set->count;
    const double between = pow(means[0] - all, 2) + pow(means[1] - all, 2);
    const double within = variances[0] + variances[1];
    return within > 1e-12 ? between / within : 0;
}

static dmg_status select_columns(boosted_machines *b, const samples *set, dmg_error *err)
{
    ranked_column *ranked = dmg_alloc(set->columns, sizeof *ranked);
    b->columns = set->columns < SELECTED ? set->columns : SELECTED;
    b->selected = dmg_alloc(b->columns, sizeof *b->selected);
    if (!ranked || !b->selected) {
        free(ranked);
        return dmg_error_nomem(err, "a choice of features");
    }
    for (size_t k = 0; k < set->columns; k++) ranked[k] = (ranked_column){separation(set, k), k};
    qsort(ranked, set->columns, sizeof *ranked, by_score);
    for (size_t k = 0; k < b->columns; k++) b->selected[k] = ranked[k].column;
    free(ranked);
    return DMG_OK;
}

static void take_columns(double *out, const boosted_machines *b, const double *row)
{
    for (size_t k = 0; k < b->columns; k++) out[k] = row[b->selected[k]];
}

static dmg_status take_samples(samples *out, const boosted_machines *b, const samples *set,
                               dmg_error *err)
{
    const dmg_status st = samples_init(out, set->count, b->columns, err);
    if (st != DMG_OK) return st;
    memcpy(out->labels, set->labels, set->count * sizeof *set->labels);
    memcpy(out->class_counts, set->class_counts, sizeof set->class_counts);
    for (size_t i = 0; i < set->count; i++)
        take_columns(out->values + i * b->columns, b, samples_row(set, i));
    return DMG_OK;
}

/* --- rounds --- */

typedef struct rounds {
    const samples *set; /* of the selected columns */
    double *weights;    /* [count], whose sum is 1 */
    double *decisions;  /* [count] of the last machine */
    samples drawn;
    const machine *last;
} rounds;

static void append_sample(samples *out, const samples *set, size_t i)
{
    memcpy(out->values + out->count * set->columns, samples_row(set, i),
           set->columns * sizeof *set->values);
    out->class_counts[set->labels[i]]++;
    out->labels[out->count++] = set->labels[i];
}

/* The member of a class at which the sum of weights passes u times its whole. */
static size_t draw_weighted(const rounds *r, bool label, double u)
{
    double whole = 0, sum = 0;
    size_t last = 0;
    for (size_t i = 0; i < r->set->count; i++)
        if (r->set->labels[i] == label) whole += r->weights[i];
    for (size_t i = 0; i < r->set->count; i++) {
        if (r->set->labels[i] != label) continue;
        last = i;
        sum += r->weights[i];
        if (sum > u * whole) break;
    }
    return last;
}

/* All of the smaller class, and as many of the other one, by their weights. */
static void draw_samples(rounds *r, dmg_rng *rng)
{
    const bool smaller = r->set->class_counts[1] <= r->set->class_counts[0];
    const size_t each = r->set->class_counts[smaller];
    r->drawn.count = r->drawn.class_counts[0] = r->drawn.class_counts[1] = 0;
    for (size_t i = 0; i < r->set->count; i++)
        if (r->set->labels[i] == smaller) append_sample(&r->drawn, r->set, i);
    /* Evenly spaced from one random start, so that none is drawn much more often than it weighs. */
    const double start = dmg_rng_uniform(rng);
    for (size_t k = 0; k < each; k++)
        append_sample(&r->drawn, r->set,
                      draw_weighted(r, !smaller, ((double)k + start) / (double)each));
}

static dmg_status decide_one(void *context, int worker, size_t i, dmg_error *err)
{
    (void)worker;
    rounds *const r = context;
    return machine_decide(&r->decisions[i], r->last, samples_row(r->set, i), err);
}

static bool is_wrong(const rounds *r, size_t i)
{
    return (r->decisions[i] >= 0) != r->set->labels[i];
}

/* The vote of the last machine by its weighted error, and the weights for the next. */
static double reweigh(rounds *r)
{
    double error = 0, sum = 0;
    for (size_t i = 0; i < r->set->count; i++)
        if (is_wrong(r, i)) error += r->weights[i];
    error = fmin(fmax(error, 1e-6), 1 - 1e-6);
    const double vote = log((1 - error) / error) / 2;
    for (size_t i = 0; i < r->set->count; i++) {
        r->weights[i] *= exp(is_wrong(r, i) ? vote : -vote);
        sum += r->weights[i];
    }
    for (size_t i = 0; i < r->set->count; i++) r->weights[i] /= sum;
    return vote;
}

static dmg_status rounds_init(rounds *r, const samples *set, dmg_error *err)
{
    r->set = set;
    r->weights = dmg_alloc(set->count, sizeof *r->weights);
    r->decisions = dmg_alloc(set->count, sizeof *r->decisions);
    if (!r->weights || !r->decisions) return dmg_error_nomem(err, "boosting");
    for (size_t i = 0; i < set->count; i++)
        r->weights[i] = 1 / (2 * (double)set->class_counts[set->labels[i]]);
    return samples_init(&r->drawn, set->count, set->columns, err);
}

static void rounds_clear(rounds *r)
{
    free(r->weights);
    free(r->decisions);
    samples_clear(&r->drawn);
}

/* C and gamma are chosen once, on the first draw, in which the weights are still equal. */
static dmg_status run_rounds(boosted_machines *b, rounds *r, uint64_t seed, int threads,
                             dmg_error *err)
{
    machine_parameters parameters = {0};
    dmg_status st = DMG_OK;
    for (size_t t = 0; st == DMG_OK && t < BOOSTED_ROUNDS; t++) {
        dmg_rng rng;
        dmg_rng_init_for(&rng, seed, DMG_RNG_BOOSTED, t);
        draw_samples(r, &rng);
        if (t == 0) st = machine_search(&parameters, &r->drawn, seed, threads, err);
        if (st == DMG_OK) st = machine_train(&b->machines[t], &r->drawn, parameters, err);
        if (st != DMG_OK) break;
        b->count = t + 1;
        r->last = b->machines[t];
        st = dmg_parallel_for(r->set->count, threads, decide_one, r, err);
        if (st != DMG_OK) break;
        b->votes[t] = fmax(reweigh(r), 0);
        b->all_votes += b->votes[t];
    }
    return st;
}

dmg_status boosted_machines_train(boosted_machines **out, const samples *set, uint64_t seed,
                                  int threads, dmg_error *err)
{
    boosted_machines *b = dmg_alloc_zero(1, sizeof *b);
    samples selected = {0};
    rounds r = {0};
    if (!b) return dmg_error_nomem(err, "boosting");
    dmg_status st = select_columns(b, set, err);
    if (st == DMG_OK) st = take_samples(&selected, b, set, err);
    if (st == DMG_OK) st = rounds_init(&r, &selected, err);
    if (st == DMG_OK) st = run_rounds(b, &r, seed, threads, err);
    rounds_clear(&r);
    samples_clear(&selected);
    if (st == DMG_OK)
        *out = b;
    else
        boosted_machines_destroy(b);
    return st;
}

void boosted_machines_destroy(boosted_machines *b)
{
    if (!b) return;
    for (size_t t = 0; t < BOOSTED_ROUNDS; t++) machine_destroy(b->machines[t]);
    free(b->selected);
    free(b);
}

size_t boosted_machines_columns(const boosted_machines *b)
{
    return b->columns;
}

dmg_status boosted_machines_score(double *score, const boosted_machines *b, const double *row,
                                  dmg_error *err)
{
    double values[SELECTED], sum = 0;
    take_columns(values, b, row);
    for (size_t t = 0; t < b->count; t++) {
        double decision;
        const dmg_status st = machine_decide(&decision, b->machines[t], values, err);
        if (st != DMG_OK) return st;
        sum += decision >= 0 ? b->votes[t] : -b->votes[t];
    }
    *score = b->all_votes > 0 ? sum / b->all_votes : 0;
    return DMG_OK;
}
