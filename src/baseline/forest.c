/* SPDX-License-Identifier: MIT */
#include "baseline/forest.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/parallel.h"
#include "baseline/tree.h"

enum { FOREST_DEPTH = 64, MOST_ROUNDS = 400, PATIENCE = 40, BOOSTED_DEPTH = 4, HELD_FOLDS = 5 };
static const double learning_rate = 0.1;

struct forest {
    tree *trees; /* [count] */
    size_t count;
    bool boosted;
};

static dmg_status forest_create(forest **out, size_t count, bool boosted, dmg_error *err)
{
    forest *f = dmg_alloc_zero(1, sizeof *f);
    if (f) f->trees = dmg_alloc_zero(count, sizeof *f->trees);
    if (!f || !f->trees) {
        free(f);
        return dmg_error_nomem(err, "trees");
    }
    f->boosted = boosted;
    f->count = count;
    *out = f;
    return DMG_OK;
}

void forest_destroy(forest *f)
{
    if (!f) return;
    for (size_t t = 0; t < f->count; t++) tree_clear(&f->trees[t]);
    free(f->trees);
    free(f);
}

size_t forest_size(const forest *f)
{
    return f->count;
}

double forest_score(const forest *f, const double *row)
{
    double sum = 0;
    for (size_t t = 0; t < f->count; t++) {
        const double value = tree_value(&f->trees[t], row);
        sum += f->boosted ? learning_rate * value : value >= 0.5;
    }
    return f->boosted ? sum : sum / (double)f->count;
}

/* --- the random forest --- */

typedef struct forest_job {
    forest *out;
    const samples *set;
    const binned_samples *binned;
    const size_t *members[2]; /* rows of each class */
    const double *labels, *ones;
    uint64_t seed;
} forest_job;

/* Draws as many rows of each class as the smaller one has. */
static size_t draw_rows(size_t *rows, const forest_job *job, dmg_rng *rng)
{
    const size_t *const counts = job->set->class_counts;
    const size_t each = counts[0] < counts[1] ? counts[0] : counts[1];
    for (size_t k = 0; k < 2 * each; k++)
        rows[k] = job->members[k % 2][dmg_rng_below(rng, counts[k % 2])];
    return 2 * each;
}

static dmg_status grow_one(void *context, int worker, size_t t, dmg_error *err)
{
    (void)worker;
    forest_job *const job = context;
    const tree_limits limits = {
        .depth = FOREST_DEPTH, .columns = (size_t)sqrt((double)job->set->columns), .least = 1};
    size_t *const rows = dmg_alloc(job->set->count, sizeof *rows);
    if (!rows) return dmg_error_nomem(err, "a tree");
    dmg_rng rng;
    dmg_rng_init_for(&rng, job->seed, DMG_RNG_TREES, t);
    const size_t count = draw_rows(rows, job, &rng);
    const dmg_status st = tree_grow(&job->out->trees[t], job->binned, rows, count, job->labels,
                                    job->ones, &limits, &rng, err);
    free(rows);
    return st;
}

/* What the trees of both kinds are grown on. */
typedef struct ground {
    binned_samples binned;
    size_t *rows;                    /* [count] */
    double *labels, *g, *h, *scores; /* [count] */
} ground;

static dmg_status ground_init(ground *own, const samples *set, dmg_error *err)
{
    own->rows = dmg_alloc(set->count, sizeof *own->rows);
    own->labels = dmg_alloc(set->count, sizeof *own->labels);
    own->g = dmg_alloc(set->count, sizeof *own->g);
    own->h = dmg_alloc(set->count, sizeof *own->h);
    own->scores = dmg_alloc_zero(set->count, sizeof *own->scores);
    if (!own->rows || !own->labels || !own->g || !own->h || !own->scores)
        return dmg_error_nomem(err, "trees");
    for (size_t i = 0; i < set->count; i++) {
        own->labels[i] = set->labels[i];
        own->h[i] = 1;
    }
    return binned_init(&own->binned, set, err);
}

static void ground_clear(ground *own)
{
    binned_clear(&own->binned);
    free(own->rows);
    free(own->labels);
    free(own->g);
    free(own->h);
    free(own->scores);
}

dmg_status forest_train(forest **out, const samples *set, uint64_t seed, int threads,
                        dmg_error *err)
{
    forest *f = NULL;
    ground own = {0};
    dmg_status st = forest_create(&f, FOREST_TREES, false, err);
    if (st == DMG_OK) st = ground_init(&own, set, err);
    if (st == DMG_OK) {
        size_t ends[2] = {0, set->class_counts[0]}; /* others first, then precursors */
        for (size_t i = 0; i < set->count; i++) own.rows[ends[set->labels[i]]++] = i;
        forest_job job = {.out = f,
                          .set = set,
                          .binned = &own.binned,
                          .members = {own.rows, own.rows + set->class_counts[0]},
                          .labels = own.labels,
                          .ones = own.h,
                          .seed = seed};
        st = dmg_parallel_for(FOREST_TREES, threads, grow_one, &job, err);
    }
    ground_clear(&own);
    if (st == DMG_OK)
        *out = f;
    else
        forest_destroy(f);
    return st;
}

/* --- boosting --- */

static double class_weight(const samples *set, size_t i)
{
    return (double)set->count / (2 * (double)set->class_counts[set->labels[i]]);
}

/* The derivatives of the loss at the present scores. */
static void derive(ground *own, const samples *set)
{
    for (size_t i = 0; i < set->count; i++) {
        const double p = 1 / (1 + exp(-own->scores[i])), weight = class_weight(set, i);
        own->g[i] = weight * (own->labels[i] - p);
        own->h[i] = fmax(weight * p * (1 - p), 1e-12);
        own->rows[i] = i;
    }
}

static dmg_status add_tree(tree *out, ground *own, const samples *set, uint64_t seed, size_t round,
                           dmg_error *err)
{
    const tree_limits limits = {
        .depth = BOOSTED_DEPTH, .columns = (set->columns + 2) / 3, .least = 1, .shrinkage = 1};
    dmg_rng rng;
    dmg_rng_init_for(&rng, seed, DMG_RNG_TREES, round);
    derive(own, set);
    const dmg_status st =
        tree_grow(out, &own->binned, own->rows, set->count, own->g, own->h, &limits, &rng, err);
    for (size_t i = 0; st == DMG_OK && i < set->count; i++)
        own->scores[i] += learning_rate * tree_value(out, samples_row(set, i));
    return st;
}

static double held_loss(double *scores, const tree *added, const samples *held)
{
    double loss = 0;
    for (size_t i = 0; i < held->count; i++) {
        scores[i] += learning_rate * tree_value(added, samples_row(held, i));
        loss += class_weight(held, i) * log1p(exp(held->labels[i] ? -scores[i] : scores[i]));
    }
    return loss;
}

/* Boosts on `set` and stops when `held` has not improved for a while: the rounds that were best. */
static dmg_status find_rounds(size_t *rounds, const samples *set, const samples *held,
                              uint64_t seed, dmg_error *err)
{
    ground own = {0};
    double best = INFINITY, *scores = dmg_alloc_zero(held->count, sizeof *scores);
    dmg_status st = scores ? ground_init(&own, set, err) : dmg_error_nomem(err, "trees");
    *rounds = 1;
    for (size_t t = 0; st == DMG_OK && t < MOST_ROUNDS && t < *rounds + PATIENCE; t++) {
        tree added = {0};
        st = add_tree(&added, &own, set, seed, t, err);
        const double loss = st == DMG_OK ? held_loss(scores, &added, held) : best;
        if (loss < best) {
            best = loss;
            *rounds = t + 1;
        }
        tree_clear(&added);
    }
    ground_clear(&own);
    free(scores);
    return st;
}

static dmg_status choose_rounds(size_t *rounds, const samples *set, uint64_t seed, dmg_error *err)
{
    samples part = {0}, held = {0};
    int *const fold_of = dmg_alloc(set->count, sizeof *fold_of);
    dmg_status st = fold_of ? DMG_OK : dmg_error_nomem(err, "trees");
    if (st == DMG_OK) st = samples_deal(fold_of, set, HELD_FOLDS, DMG_RNG_SVM_FOLDS, seed, err);
    if (st == DMG_OK) st = samples_part(&part, set, fold_of, 0, false, err);
    if (st == DMG_OK) st = samples_part(&held, set, fold_of, 0, true, err);
    if (st == DMG_OK) st = find_rounds(rounds, &part, &held, seed, err);
    samples_clear(&part);
    samples_clear(&held);
    free(fold_of);
    return st;
}

dmg_status boosted_train(forest **out, const samples *set, uint64_t seed, dmg_error *err)
{
    forest *f = NULL;
    ground own = {0};
    size_t rounds = 0;
    dmg_status st = choose_rounds(&rounds, set, seed, err);
    if (st == DMG_OK) st = forest_create(&f, rounds, true, err);
    if (st == DMG_OK) st = ground_init(&own, set, err);
    for (size_t t = 0; st == DMG_OK && t < rounds; t++)
        st = add_tree(&f->trees[t], &own, set, seed, t, err);
    ground_clear(&own);
    if (st == DMG_OK)
        *out = f;
    else
        forest_destroy(f);
    return st;
}
