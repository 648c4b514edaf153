/* SPDX-License-Identifier: MIT */
#include "baseline/cshmm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/parallel.h"
#include "features/triplets.h"

enum { BASES = BASE_CODES - 1 };
static const double fall_off = 0.8; /* of the longest loops, from one length to the next */
static const double least_likelihood = 1e-300;

/* --- counting --- */

/* A walk along one structure, from the ends to the loop. */
typedef struct walk {
    cshmm *counts;
    const char *sequence;
    int state; /* the last one; -1 at the ends */
} walk;

static void enter(walk *w, int state)
{
    if (w->state < 0)
        w->counts->start[state]++;
    else
        w->counts->next[w->state][state]++;
    w->state = state;
}

static void emit(walk *w, int state, size_t i)
{
    w->counts->bases[state][dmg_base_code(w->sequence[i])]++;
}

/* The unpaired bases [i, i_end) of the left side and [j, j_end) of the right one, opposite ones
 * first, from outside inwards. */
static void walk_gap(walk *w, size_t i, size_t i_end, size_t j, size_t j_end)
{
    while (i < i_end && j < j_end) {
        enter(w, CSHMM_BOTH);
        emit(w, CSHMM_BOTH, i++);
        emit(w, CSHMM_BOTH, --j_end);
    }
    while (i < i_end) {
        enter(w, CSHMM_LEFT);
        emit(w, CSHMM_LEFT, i++);
    }
    while (j < j_end) {
        enter(w, CSHMM_RIGHT);
        emit(w, CSHMM_RIGHT, --j_end);
    }
}

static void walk_loop(walk *w, size_t begin, size_t end)
{
    const size_t length = end - begin;
    w->counts->loop[w->state]++;
    w->counts->lengths[length < CSHMM_LONGEST_LOOP ? length : CSHMM_LONGEST_LOOP]++;
    for (size_t i = begin; i < end; i++) w->counts->loop_bases[dmg_base_code(w->sequence[i])]++;
}

/* Along the stem with most pairs; a structure without pairs says nothing. */
static void count_one(cshmm *counts, const char *sequence, const char *structure, size_t length)
{
    const hairpin_stem stem = stem_longest(structure, length);
    walk w = {counts, sequence, -1};
    size_t i = 0, j = length; /* what lies outside of [i, j) has been emitted */
    if (stem.pairs == 0) return;
    for (size_t k = 0; k < stem.pairs; k++) {
        size_t left = i < stem.left ? stem.left : i,
               right = j > stem.right_end ? stem.right_end : j;
        while (structure[left] != '(') left++;
        while (structure[right - 1] != ')') right--;
        walk_gap(&w, i, left, right, j);
        enter(&w, CSHMM_PAIR);
        counts->pairs[dmg_base_code(sequence[left])][dmg_base_code(sequence[right - 1])]++;
        i = left + 1;
        j = right - 1;
    }
    walk_loop(&w, i, j);
}

static void divide(double *values, size_t count, double by)
{
    for (size_t k = 0; k < count; k++) values[k] /= by;
}

static double sum_of(const double *values, size_t count)
{
    double sum = 0;
    for (size_t k = 0; k < count; k++) sum += values[k];
    return sum;
}

/* Counts of A C G U into probabilities over 1/4, with a pseudocount; N has 1. */
static void normalise_bases(double *bases)
{
    for (int b = 1; b < BASE_CODES; b++) bases[b]++;
    divide(bases + 1, BASES, sum_of(bases + 1, BASES) / BASES);
    bases[BASE_N] = 1;
}

static void normalise_pairs(cshmm *m)
{
    double sum = 0;
    for (int a = 1; a < BASE_CODES; a++)
        for (int b = 1; b < BASE_CODES; b++) sum += m->pairs[a][b] += 0.1;
    for (int a = 0; a < BASE_CODES; a++)
        for (int b = 0; b < BASE_CODES; b++)
            m->pairs[a][b] = a == BASE_N || b == BASE_N ? 1 : m->pairs[a][b] * BASES * BASES / sum;
}

static void normalise(cshmm *m)
{
    for (int s = 0; s < CSHMM_STATES; s++) {
        for (int t = 0; t < CSHMM_STATES; t++) m->next[s][t]++;
        m->start[s]++;
        m->loop[s] += 0.1;
        const double sum = sum_of(m->next[s], CSHMM_STATES) + m->loop[s];
        divide(m->next[s], CSHMM_STATES, sum);
        m->loop[s] /= sum;
        normalise_bases(m->bases[s]);
    }
    divide(m->start, CSHMM_STATES, sum_of(m->start, CSHMM_STATES));
    normalise_bases(m->loop_bases);
    normalise_pairs(m);
    for (size_t k = 0; k <= CSHMM_LONGEST_LOOP; k++) m->lengths[k] += 0.1;
    divide(m->lengths, CSHMM_LONGEST_LOOP + 1, sum_of(m->lengths, CSHMM_LONGEST_LOOP + 1));
}

void cshmm_count(cshmm *out, const char *const *sequences, const char *const *structures,
                 size_t count)
{
    *out = (cshmm){.threshold = 0};
    for (size_t i = 0; i < count; i++)
        count_one(out, sequences[i], structures[i], strlen(sequences[i]));
    normalise(out);
}

/* --- likelihood --- */

typedef double cell[CSHMM_STATES]; /* of the last state */

/* A sequence that is emitted: i bases on the left, k on the right. */
typedef struct emission {
    const cshmm *model;
    const uint8_t *codes; /* [length] */
    size_t length;
    double *loops; /* [length + 1] logs of the products of loop_bases before each base */
} emission;

/* The ways that end in `state` after (i, k), from those before it; NULL at the ends. */
static double step(const cshmm *m, const double *before, int state)
{
    double sum = 0;
    if (!before) return m->start[state];
    for (int s = 0; s < CSHMM_STATES; s++) sum += before[s] * m->next[s][state];
    return sum;
}

/* above: the row i - 1; own: the row i up to k - 1. */
static void fill_cell(cell *own, const cell *above, const emission *e, size_t i, size_t k)
{
    const cshmm *const m = e->model;
    const int a = i > 0 ? e->codes[i - 1] : BASE_N, b = k > 0 ? e->codes[e->length - k] : BASE_N;
    const bool first_left = i == 1 && k == 0, first_right = i == 0 && k == 1;
    const bool first_both = i == 1 && k == 1;
    double *const out = own[k];
    memset(out, 0, sizeof(cell));
    if (i > 0 && k > 0) {
        const double *const before = first_both ? NULL : above[k - 1];
        out[CSHMM_PAIR] = step(m, before, CSHMM_PAIR) * m->pairs[a][b];
        out[CSHMM_BOTH] =
            step(m, before, CSHMM_BOTH) * m->bases[CSHMM_BOTH][a] * m->bases[CSHMM_BOTH][b];
    }
    if (i > 0)
        out[CSHMM_LEFT] =
            step(m, first_left ? NULL : above[k], CSHMM_LEFT) * m->bases[CSHMM_LEFT][a];
    if (k > 0)
        out[CSHMM_RIGHT] =
            step(m, first_right ? NULL : own[k - 1], CSHMM_RIGHT) * m->bases[CSHMM_RIGHT][b];
}

/* That the rest, `length` bases from i on, is the loop. */
static double loop_odds(const emission *e, size_t i, size_t length)
{
    const size_t beyond = length > CSHMM_LONGEST_LOOP ? length - CSHMM_LONGEST_LOOP : 0;
    const double odds = e->loops[i + length] - e->loops[i];
    const double share =
        length < CSHMM_LONGEST_LOOP ? 1 : 1 - fall_off; /* of all that are longer */
    return exp(odds) * e->model->lengths[length - beyond] * share * pow(fall_off, (double)beyond);
}

static double emit_all(const emission *e, cell *rows[2])
{
    double sum = 0;
    memset(rows[1], 0, (e->length + 1) * sizeof(cell));
    for (size_t i = 0; i <= e->length; i++) {
        cell *const own = rows[i % 2], *const above = rows[1 - i % 2];
        for (size_t k = 0; i + k <= e->length; k++) {
            double ends = 0;
            if (i + k > 0)
                fill_cell(own, (const cell *)above, e, i, k);
            else
                memset(own[0], 0, sizeof(cell));
            for (int s = 0; s < CSHMM_STATES; s++) ends += own[k][s] * e->model->loop[s];
            if (ends > 0) sum += ends * loop_odds(e, i, e->length - i - k);
        }
    }
    return sum;
}

dmg_status cshmm_log_odds(double *value, const cshmm *model, const char *sequence, size_t length,
                          dmg_error *err)
{
    uint8_t *codes = dmg_alloc(length, 1);
    double *loops = dmg_alloc(length + 1, sizeof *loops);
    cell *rows[2] = {dmg_alloc(length + 1, sizeof(cell)), dmg_alloc(length + 1, sizeof(cell))};
    const bool room = codes && loops && rows[0] && rows[1];
    if (room) {
        const emission e = {model, codes, length, loops};
        loops[0] = 0;
        for (size_t i = 0; i < length; i++) {
            codes[i] = dmg_base_code(sequence[i]);
            loops[i + 1] = loops[i] + log(model->loop_bases[codes[i]]);
        }
        *value = log(fmax(emit_all(&e, rows), least_likelihood));
    }
    free(codes);
    free(loops);
    free(rows[0]);
    free(rows[1]);
    return room ? DMG_OK : dmg_error_nomem(err, "the likelihood of a hairpin");
}

dmg_status cshmm_score(double *score, const cshmm *model, const char *sequence, size_t length,
                       dmg_error *err)
{
    const dmg_status st = cshmm_log_odds(score, model, sequence, length, err);
    if (st == DMG_OK) *score = *score / (double)length - model->threshold;
    return st;
}

/* --- training --- */

typedef struct scored_record {
    double score;
    bool positive;
} scored_record;

typedef struct threshold_job {
    const cshmm *model;
    const dmg_dataset *dataset;
    const size_t *learned;  /* [count] records */
    scored_record *records; /* [count] */
} threshold_job;

static dmg_status score_learned(void *context, int worker, size_t i, dmg_error *err)
{
    (void)worker;
    const threshold_job *const job = context;
    const dmg_dataset_record record = dmg_dataset_get(job->dataset, job->learned[i]);
    job->records[i].positive = record.positive;
    return cshmm_score(&job->records[i].score, job->model, record.sequence, record.length, err);
}

static int by_score_down(const void *a, const void *b)
{
    const double x = ((const scored_record *)a)->score, y = ((const scored_record *)b)->score;
    return (x < y) - (x > y);
}

/* Between the two neighbours where sensitivity times specificity is largest. */
static double best_threshold(scored_record *records, size_t count)
{
    size_t positives = 0, tp = 0, fp = 0;
    double best = -1, threshold = 0;
    qsort(records, count, sizeof *records, by_score_down);
    for (size_t i = 0; i < count; i++) positives += records[i].positive;
    for (size_t i = 0; i + 1 < count; i++) {
        tp += records[i].positive;
        fp += !records[i].positive;
        const double product = (double)tp * (double)(count - positives - fp);
        if (records[i + 1].score == records[i].score || product <= best) continue;
        best = product;
        threshold = (records[i].score + records[i + 1].score) / 2;
    }
    return threshold;
}

static size_t list_learned(size_t *learned, size_t counts[2], const dmg_dataset *dataset,
                           const bool *held_out)
{
    size_t count = 0;
    for (size_t i = 0; i < dmg_dataset_count(dataset); i++) {
        if (held_out && held_out[i]) continue;
        counts[dmg_dataset_get(dataset, i).positive]++;
        learned[count++] = i;
    }
    return count;
}

static void count_precursors(cshmm *out, const dmg_dataset *dataset, const size_t *learned,
                             size_t count)
{
    *out = (cshmm){.threshold = 0};
    for (size_t i = 0; i < count; i++) {
        const dmg_dataset_record r = dmg_dataset_get(dataset, learned[i]);
        if (r.positive) count_one(out, r.sequence, r.structure, r.length);
    }
    normalise(out);
}

dmg_status cshmm_train(cshmm *out, const dmg_dataset *dataset, const bool *held_out, int threads,
                       dmg_error *err)
{
    size_t counts[2] = {0}, count = 0;
    size_t *learned = dmg_alloc(dmg_dataset_count(dataset), sizeof *learned);
    scored_record *records = dmg_alloc(dmg_dataset_count(dataset), sizeof *records);
    dmg_status st = learned && records ? DMG_OK : dmg_error_nomem(err, "the records of cshmm");
    if (st == DMG_OK) count = list_learned(learned, counts, dataset, held_out);
    if (st == DMG_OK && (counts[0] < 2 || counts[1] < 2))
        st = dmg_error_set(
            err, DMG_RANGE,
            "cshmm needs at least two precursors and two other sequences, not %zu and %zu",
            counts[1], counts[0]);
    if (st == DMG_OK) {
        threshold_job job = {out, dataset, learned, records};
        count_precursors(out, dataset, learned, count);
        st = dmg_parallel_for(count, threads, score_learned, &job, err);
    }
    if (st == DMG_OK) out->threshold = best_threshold(records, count);
    free(learned);
    free(records);
    return st;
}
