/* SPDX-License-Identifier: MIT */
/* libsvm's own cross-validation and probabilities draw from rand(), which all threads share;
 * neither is used, so the same samples and seed give the same machine. libsvm does not check for
 * memory. */
#include "baseline/svm.h"

#include <libsvm/svm.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/parallel.h"

enum { FOLDS = 3 }; /* of the inner cross-validation */

/* The grid, in steps of four. */
static const double costs[] = {2, 8, 32, 128};
static const double gammas[] = {0.03125, 0.125, 0.5};
enum { COSTS = sizeof costs / sizeof *costs, GAMMAS = sizeof gammas / sizeof *gammas };
enum { CELLS = COSTS * GAMMAS };

struct machine {
    size_t columns;
    double *scales;          /* [columns] */
    double *labels;          /* [count], 1 for precursors, -1 for others */
    struct svm_node *room;   /* [count * (columns + 1)], which the model points into */
    struct svm_node **rows;  /* [count] */
    struct svm_model *model; /* libsvm's */
};

/* --- rows --- */

/* Writes the scaled values that are not 0, as libsvm keeps vectors. */
static void write_row(struct svm_node *row, const machine *m, const double *values)
{
    for (size_t k = 0; k < m->columns; k++) {
        const double value = values[k] * m->scales[k];
        if (value != 0) *row++ = (struct svm_node){.index = (int)k + 1, .value = value};
    }
    row->index = -1;
}

/* Makes every column range over 1. It may begin anywhere, because a radial kernel sees differences
 * only. A column that never changes says nothing, and gets scale 0. */
static void find_scales(double *scales, const samples *set)
{
    for (size_t k = 0; k < set->columns; k++) {
        double low = set->values[k], high = low;
        for (size_t i = 1; i < set->count; i++) {
            low = fmin(low, samples_row(set, i)[k]);
            high = fmax(high, samples_row(set, i)[k]);
        }
        scales[k] = high > low ? 1 / (high - low) : 0;
    }
}

static dmg_status fill_rows(machine *m, const samples *set, dmg_error *err)
{
    m->columns = set->columns;
    m->scales = dmg_alloc(set->columns, sizeof *m->scales);
    m->labels = dmg_alloc(set->count, sizeof *m->labels);
    m->room = dmg_alloc(set->count * (set->columns + 1), sizeof *m->room);
    m->rows = dmg_alloc(set->count, sizeof *m->rows);
    if (!m->scales || !m->labels || !m->room || !m->rows)
        return dmg_error_nomem(err, "a support vector machine");
    find_scales(m->scales, set);
    for (size_t i = 0; i < set->count; i++) {
        m->rows[i] = m->room + i * (set->columns + 1);
        m->labels[i] = set->labels[i] ? 1 : -1;
        write_row(m->rows[i], m, samples_row(set, i));
    }
    return DMG_OK;
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
static struct svm_model *train_model(struct svm_problem *problem, machine_parameters chosen)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    int labels[2] = {-1, 1};
    double weights[2], positives = 0;
    pthread_once(&once, silence_libsvm);
    for (int i = 0; i < problem->l; i++) positives += problem->y[i] > 0;
    weights[0] = problem->l / (2 * (problem->l - positives));
    weights[1] = problem->l / (2 * positives);
    const struct svm_parameter parameter = {
        .svm_type = C_SVC,
        .kernel_type = RBF,
        .gamma = chosen.gamma,
        .cache_size = 100, /* MB */
        .eps = 1e-3,
        .C = chosen.cost,
        .nr_weight = 2,
        .weight_label = labels,
        .weight = weights,
        .shrinking = 1,
    };
    struct svm_model *model = svm_train(problem, &parameter);
    /* These live in this function only. */
    model->param.nr_weight = 0;
    model->param.weight_label = NULL;
    model->param.weight = NULL;
    return model;
}

/* The decision value of one vector: libsvm takes the class labelled 1 for the positive one,
 * whichever comes first (since 3.17). */
static double decide(const struct svm_model *model, const struct svm_node *row)
{
    double value;
    svm_predict_values(model, row, &value);
    return value;
}

/* --- the grid --- */

typedef struct hits {
    size_t right[2]; /* correct calls, [precursor] */
} hits;

typedef struct grid_job {
    const machine *rows; /* of all samples */
    const int *fold_of;
    size_t count;
    hits hits[CELLS * FOLDS]; /* of each cell's folds */
} grid_job;

static machine_parameters cell_parameters(size_t cell)
{
    return (machine_parameters){costs[cell / GAMMAS], gammas[cell % GAMMAS]};
}

/* Collects the samples of all inner folds but one; labels and rows are [count]. */
static struct svm_problem leave_out(const grid_job *job, int fold, double *labels,
                                    struct svm_node **rows)
{
    struct svm_problem problem = {.y = labels, .x = rows};
    for (size_t i = 0; i < job->count; i++) {
        if (job->fold_of[i] == fold) continue;
        labels[problem.l] = job->rows->labels[i];
        rows[problem.l++] = job->rows->rows[i];
    }
    return problem;
}

static hits test_fold(const grid_job *job, int fold, const struct svm_model *model)
{
    hits h = {{0}};
    for (size_t i = 0; i < job->count; i++) {
        if (job->fold_of[i] != fold) continue;
        const bool positive = job->rows->labels[i] > 0;
        h.right[positive] += (decide(model, job->rows->rows[i]) >= 0) == positive;
    }
    return h;
}

/* One fold of one cell of the grid. */
static dmg_status try_cell(void *context, int worker, size_t i, dmg_error *err)
{
    (void)worker;
    grid_job *const job = context;
    const int fold = (int)(i % FOLDS);
    double *const labels = dmg_alloc(job->count, sizeof *labels);
    struct svm_node **const rows = dmg_alloc(job->count, sizeof *rows);
    dmg_status st = DMG_OK;
    if (labels && rows) {
        struct svm_problem problem = leave_out(job, fold, labels, rows);
        struct svm_model *model = train_model(&problem, cell_parameters(i / FOLDS));
        job->hits[i] = test_fold(job, fold, model);
        svm_free_and_destroy_model(&model);
    } else {
        st = dmg_error_nomem(err, "the grid search of a support vector machine");
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

dmg_status machine_search(machine_parameters *out, const samples *set, uint64_t seed, int threads,
                          dmg_error *err)
{
    machine rows = {0};
    int *const fold_of = dmg_alloc(set->count, sizeof *fold_of);
    grid_job job = {.rows = &rows, .fold_of = fold_of, .count = set->count};
    dmg_status st = fold_of ? DMG_OK : dmg_error_nomem(err, "drawing inner folds");
    if (st == DMG_OK) st = samples_deal(fold_of, set, FOLDS, DMG_RNG_SVM_FOLDS, seed, err);
    if (st == DMG_OK) st = fill_rows(&rows, set, err);
    if (st == DMG_OK) st = dmg_parallel_for(CELLS * FOLDS, threads, try_cell, &job, err);
    if (st == DMG_OK) *out = cell_parameters(best_cell(&job));
    free(rows.scales);
    free(rows.labels);
    free(rows.room);
    free(rows.rows);
    free(fold_of);
    return st;
}

/* --- machines --- */

dmg_status machine_train(machine **out, const samples *set, machine_parameters parameters,
                         dmg_error *err)
{
    machine *m = dmg_alloc_zero(1, sizeof *m);
    if (!m) return dmg_error_nomem(err, "a support vector machine");
    const dmg_status st = fill_rows(m, set, err);
    if (st != DMG_OK) {
        machine_destroy(m);
        return st;
    }
    struct svm_problem problem = {.l = (int)set->count, .y = m->labels, .x = m->rows};
    m->model = train_model(&problem, parameters);
    *out = m;
    return DMG_OK;
}

void machine_destroy(machine *m)
{
    if (!m) return;
    if (m->model) svm_free_and_destroy_model(&m->model);
    free(m->scales);
    free(m->labels);
    free(m->room);
    free(m->rows);
    free(m);
}

dmg_status machine_decide(double *value, const machine *m, const double *row, dmg_error *err)
{
    struct svm_node *nodes = dmg_alloc(m->columns + 1, sizeof *nodes);
    if (!nodes) return dmg_error_nomem(err, "a score");
    write_row(nodes, m, row);
    *value = decide(m->model, nodes);
    free(nodes);
    return DMG_OK;
}
