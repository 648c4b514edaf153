/* SPDX-License-Identifier: MIT */
/* Training and scores of triplet-SVM.
 *
 * libsvm's own cross-validation and probabilities draw from rand(), which all threads share;
 * neither is used, so the same records and seed give the same machine. libsvm does not check for
 * memory.
 */
#include "baseline/triplet_svm.h"

#include <libsvm/svm.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "features/triplets.h"

enum { FOLDS = 3 }; /* of the inner cross-validation */

/* The grid, in steps of four. */
static const double costs[] = {2, 8, 32, 128};
static const double gammas[] = {0.03125, 0.125, 0.5};
enum { COSTS = sizeof costs / sizeof *costs, GAMMAS = sizeof gammas / sizeof *gammas };
enum { CELLS = COSTS * GAMMAS };

typedef struct svm_node node_row[TRIPLET_FEATURES + 1];

struct triplet_svm {
    double scales[TRIPLET_FEATURES];
    node_row *rows; /* [records], which the machine points into */
    struct svm_model *machine;
    double cost, gamma;
};

/* The training records: what libsvm wants to see, and the inner fold of each. */
typedef struct sample_set {
    size_t count, class_counts[2];
    double *labels;         /* [count], 1 for precursors, -1 for others */
    struct svm_node **rows; /* [count] */
    int *folds;             /* [count] */
} sample_set;

/* --- features --- */

/* Writes the scaled features that are not 0, as libsvm keeps vectors. */
static void write_row(struct svm_node *row, const double *scales, const double *features)
{
    for (int k = 0; k < TRIPLET_FEATURES; k++) {
        const double value = features[k] * scales[k];
        if (value != 0) *row++ = (struct svm_node){.index = k + 1, .value = value};
    }
    row->index = -1;
}

/* Makes every feature range over 1. Where it begins is no matter, because a radial kernel sees
 * differences only. A feature that never changes says nothing, and gets scale 0. */
static void find_scales(double *scales, const double (*features)[TRIPLET_FEATURES], size_t count)
{
    for (size_t k = 0; k < TRIPLET_FEATURES; k++) {
        double low = features[0][k], high = low;
        for (size_t i = 1; i < count; i++) {
            low = fmin(low, features[i][k]);
            high = fmax(high, features[i][k]);
        }
        scales[k] = high > low ? 1 / (high - low) : 0;
    }
}

static void read_features(double *features, const dmg_dataset_record *record)
{
    triplet_features(features, record->sequence, record->structure, record->length);
}

/* Fills in labels and rows of the records that are not held out. */
static dmg_status fill_samples(triplet_svm *svm, sample_set *set, const dmg_dataset *dataset,
                               const bool *held_out, dmg_error *err)
{
    double(*features)[TRIPLET_FEATURES] = dmg_alloc(set->count, sizeof *features);
    if (!features) return dmg_error_nomem(err, "triplet features");
    size_t n = 0;
    for (size_t i = 0; i < dmg_dataset_count(dataset); i++) {
        if (held_out && held_out[i]) continue;
        const dmg_dataset_record record = dmg_dataset_get(dataset, i);
        set->labels[n] = record.positive ? 1 : -1;
        read_features(features[n++], &record);
    }
    find_scales(svm->scales, (const double(*)[TRIPLET_FEATURES])features, n);
    for (size_t i = 0; i < n; i++) {
        set->rows[i] = svm->rows[i];
        write_row(svm->rows[i], svm->scales, features[i]);
    }
    free(features);
    return DMG_OK;
}

/* --- samples --- */

static void count_samples(sample_set *set, const dmg_dataset *dataset, const bool *held_out)
{
    for (size_t i = 0; i < dmg_dataset_count(dataset); i++)
        if (!held_out || !held_out[i]) set->class_counts[dmg_dataset_get(dataset, i).positive]++;
    set->count = set->class_counts[0] + set->class_counts[1];
}

/* Deals the members of each class, shuffled by seed, to the folds in turn. */
static dmg_status draw_folds(sample_set *set, uint64_t seed, dmg_error *err)
{
    size_t *members = dmg_alloc(set->count, sizeof *members);
    if (!members) return dmg_error_nomem(err, "drawing inner folds");
    for (int label = 0; label < 2; label++) {
        size_t count = 0;
        for (size_t i = 0; i < set->count; i++)
            if ((set->labels[i] > 0) == label) members[count++] = i;
        dmg_rng rng;
        dmg_rng_init_for(&rng, seed, DMG_RNG_SVM_FOLDS, (uint64_t)label);
        dmg_rng_shuffle(&rng, members, count);
        for (size_t k = 0; k < count; k++) set->folds[members[k]] = (int)(k % FOLDS);
    }
    free(members);
    return DMG_OK;
}

static void clear_samples(sample_set *set)
{
    free(set->labels);
    free(set->rows);
    free(set->folds);
}

static dmg_status make_samples(triplet_svm *svm, sample_set *set, const dmg_dataset *dataset,
                               const bool *held_out, uint64_t seed, dmg_error *err)
{
    count_samples(set, dataset, held_out);
    if (set->class_counts[0] < 2 || set->class_counts[1] < 2)
        return dmg_error_set(
            err, DMG_RANGE,
            "triplet-svm needs at least two precursors and two other sequences, not %zu and %zu",
            set->class_counts[1], set->class_counts[0]);
    set->labels = dmg_alloc(set->count, sizeof *set->labels);
    set->rows = dmg_alloc(set->count, sizeof *set->rows);
    set->folds = dmg_alloc(set->count, sizeof *set->folds);
    svm->rows = dmg_alloc(set->count, sizeof *svm->rows);
    if (!set->labels || !set->rows || !set->folds || !svm->rows)
        return dmg_error_nomem(err, "the records of triplet-svm");
    const dmg_status st = fill_samples(svm, set, dataset, held_out, err);
    return st == DMG_OK ? draw_folds(set, seed, err) : st;
}

/* --- libsvm --- */

static void print_nothing(const char *text)
{
    (void)text;
}

/* libsvm has one print function for the whole process, standard output by default. */
static void silence_libsvm(void)
{
    svm_set_print_string_function(print_nothing);
}

/* Both classes weigh as much together as half of all records. */
static struct svm_model *train_machine(struct svm_problem *problem, double cost, double gamma)
{
    int labels[2] = {-1, 1};
    double weights[2], positives = 0;
    for (int i = 0; i < problem->l; i++) positives += problem->y[i] > 0;
    weights[0] = problem->l / (2 * (problem->l - positives));
    weights[1] = problem->l / (2 * positives);
    const struct svm_parameter parameter = {
        .svm_type = C_SVC,
        .kernel_type = RBF,
        .gamma = gamma,
        .cache_size = 100, /* MB */
        .eps = 1e-3,
        .C = cost,
        .nr_weight = 2,
        .weight_label = labels,
        .weight = weights,
        .shrinking = 1,
    };
    struct svm_model *machine = svm_train(problem, &parameter);
    /* These live in this function only. */
    machine->param.nr_weight = 0;
    machine->param.weight_label = NULL;
    machine->param.weight = NULL;
    return machine;
}

/* The decision value of one vector: libsvm takes the class labelled 1 for the positive one,
 * whichever comes first (since 3.17). */
static double decide(const struct svm_model *machine, const struct svm_node *row)
{
    double value;
    svm_predict_values(machine, row, &value);
    return value;
}

/* --- the grid --- */

typedef struct hits {
    size_t right[2]; /* correct calls, [precursor] */
} hits;

typedef struct grid_job {
    const sample_set *set;
    hits hits[CELLS * FOLDS]; /* of each cell's folds */
} grid_job;

/* Collects the records of all inner folds but one; labels and rows are [set->count]. */
static struct svm_problem leave_out(const sample_set *set, int fold, double *labels,
                                    struct svm_node **rows)
{
    struct svm_problem problem = {.y = labels, .x = rows};
    for (size_t i = 0; i < set->count; i++) {
        if (set->folds[i] == fold) continue;
        labels[problem.l] = set->labels[i];
        rows[problem.l++] = set->rows[i];
    }
    return problem;
}

static hits test_fold(const sample_set *set, int fold, const struct svm_model *machine)
{
    hits h = {{0}};
    for (size_t i = 0; i < set->count; i++) {
        if (set->folds[i] != fold) continue;
        const bool positive = set->labels[i] > 0;
        h.right[positive] += (decide(machine, set->rows[i]) >= 0) == positive;
    }
    return h;
}

/* One fold of one cell of the grid. */
static dmg_status try_cell(void *context, int worker, size_t i, dmg_error *err)
{
    (void)worker;
    grid_job *const job = context;
    const sample_set *const set = job->set;
    const size_t cell = i / FOLDS;
    const int fold = (int)(i % FOLDS);
    double *const labels = dmg_alloc(set->count, sizeof *labels);
    struct svm_node **const rows = dmg_alloc(set->count, sizeof *rows);
    dmg_status st = DMG_OK;
    if (labels && rows) {
        struct svm_problem problem = leave_out(set, fold, labels, rows);
        struct svm_model *machine =
            train_machine(&problem, costs[cell / GAMMAS], gammas[cell % GAMMAS]);
        job->hits[i] = test_fold(set, fold, machine);
        svm_free_and_destroy_model(&machine);
    } else {
        st = dmg_error_nomem(err, "the grid search of triplet-svm");
    }
    free(labels);
    free(rows);
    return st;
}

/* The cell with the largest product of sensitivity and specificity over all folds; of equals the
 * one with smaller C, then smaller gamma, which is the smoother machine. */
static size_t best_cell(const grid_job *job)
{
    size_t best = 0;
    double best_product = -1;
    for (size_t cell = 0; cell < CELLS; cell++) {
        double right[2] = {0};
        for (size_t k = cell * FOLDS; k < (cell + 1) * FOLDS; k++)
            for (int label = 0; label < 2; label++)
                right[label] += (double)job->hits[k].right[label];
        if (right[0] * right[1] <= best_product) continue;
        best_product = right[0] * right[1];
        best = cell;
    }
    return best;
}

static dmg_status search_grid(triplet_svm *svm, const sample_set *set, int threads, dmg_error *err)
{
    grid_job job = {.set = set};
    const dmg_status st = dmg_parallel_for(CELLS * FOLDS, threads, try_cell, &job, err);
    const size_t cell = best_cell(&job);
    svm->cost = costs[cell / GAMMAS];
    svm->gamma = gammas[cell % GAMMAS];
    return st;
}

/* --- the classifier --- */

dmg_status triplet_svm_train(triplet_svm **out, const dmg_dataset *dataset, const bool *held_out,
                             uint64_t seed, int threads, dmg_error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, silence_libsvm);
    triplet_svm *svm = dmg_alloc_zero(1, sizeof *svm);
    if (!svm) return dmg_error_nomem(err, "triplet-svm");
    sample_set set = {0};
    dmg_status st = make_samples(svm, &set, dataset, held_out, seed, err);
    if (st == DMG_OK) st = search_grid(svm, &set, threads, err);
    if (st == DMG_OK) {
        struct svm_problem problem = {.l = (int)set.count, .y = set.labels, .x = set.rows};
        svm->machine = train_machine(&problem, svm->cost, svm->gamma);
        *out = svm;
    } else {
        triplet_svm_destroy(svm);
    }
    clear_samples(&set);
    return st;
}

void triplet_svm_destroy(triplet_svm *svm)
{
    if (!svm) return;
    if (svm->machine) svm_free_and_destroy_model(&svm->machine);
    free(svm->rows);
    free(svm);
}

double triplet_svm_score(const triplet_svm *svm, const dmg_dataset_record *record)
{
    double features[TRIPLET_FEATURES];
    node_row row;
    read_features(features, record);
    write_row(row, svm->scales, features);
    return decide(svm->machine, row);
}

double triplet_svm_cost(const triplet_svm *svm)
{
    return svm->cost;
}

double triplet_svm_gamma(const triplet_svm *svm)
{
    return svm->gamma;
}
