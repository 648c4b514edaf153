/* SPDX-License-Identifier: MIT */
/* Scores long records by their hairpins. */
#include "classify/long_record.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "classify/result.h"

enum {
    SPAN = 400,       /* bases of a candidate at most: hairpins of plants */
    PLACE = 25,       /* bases of a record that are one place for a precursor, at least */
    CANDIDATES = 256, /* scored together */
};

typedef struct long_candidate {
    size_t start, end;
    int energy;
    const char *structure;
} long_candidate;

/* One record on its way. */
typedef struct long_run {
    long_scorer *scorer;
    dmg_predictor *predictor;
    dmg_result *result;
    char *structure; /* of the record */
    size_t count;    /* candidates that wait to be scored */
    size_t found;    /* of the record */
    double odds, best;
} long_run;

void long_scorer_clear(long_scorer *scorer)
{
    dmg_hairpin_finder_destroy(scorer->finder);
    free(scorer->candidates);
    free(scorer->tasks);
    free(scorer->text);
    *scorer = (long_scorer){.model = scorer->model};
}

static dmg_hairpin_options candidates_of(const dmg_model *model)
{
    dmg_hairpin_options options = dmg_hairpin_defaults();
    if (dmg_model_long_from(model) == SIZE_MAX)
        options.span = SPAN;
    else
        options.long_span = SPAN;
    return options;
}

static dmg_status prepare(long_scorer *scorer, dmg_cpu cpu, dmg_error *err)
{
    if (scorer->finder) return DMG_OK;
    const dmg_hairpin_options options = candidates_of(scorer->model);
    scorer->candidates = dmg_alloc(CANDIDATES, sizeof *scorer->candidates);
    scorer->tasks = dmg_alloc(CANDIDATES, sizeof *scorer->tasks);
    scorer->text = dmg_alloc(CANDIDATES, (size_t)2 * (SPAN + 1));
    if (!scorer->candidates || !scorer->tasks || !scorer->text) {
        long_scorer_clear(scorer);
        return dmg_error_nomem(err, "a long record");
    }
    return dmg_hairpin_finder_create(&scorer->finder, &options, cpu, err);
}

/* The best hairpin so far becomes that of the result. */
static void take_best(long_run *run, const long_candidate *candidate, double p)
{
    dmg_result *const result = run->result;
    run->best = p;
    memset(run->structure + result->hairpin_start, '.',
           result->hairpin_end - result->hairpin_start);
    memcpy(run->structure + candidate->start, candidate->structure,
           candidate->end - candidate->start);
    result->hairpin_start = candidate->start;
    result->hairpin_end = candidate->end;
    result_set_energy(result, candidate->energy);
}

static dmg_status score_candidates(long_run *run, dmg_error *err)
{
    static const double least = 1e-7; /* of 1 - p, which a float may round to 0 */
    const dmg_predict_task *const tasks = run->scorer->tasks;
    const dmg_status st = dmg_predict(run->predictor, run->scorer->tasks, run->count, err);
    if (st != DMG_OK) return st;
    for (size_t i = 0; i < run->count; i++) {
        const double p = (double)tasks[i].p_mirna;
        run->odds += p / (1 - p > least ? 1 - p : least);
        if (p > run->best) take_best(run, &run->scorer->candidates[i], p);
    }
    run->count = 0;
    return DMG_OK;
}

static dmg_status take_candidate(void *context, const dmg_hairpin *hairpin, dmg_error *err)
{
    long_run *const run = context;
    long_scorer *const scorer = run->scorer;
    const size_t length = hairpin->end - hairpin->start;
    char *const sequence = scorer->text + run->count * 2 * (SPAN + 1);
    char *const structure = sequence + SPAN + 1;
    memcpy(sequence, hairpin->sequence, length + 1);
    memcpy(structure, hairpin->structure, length + 1);
    scorer->candidates[run->count] =
        (long_candidate){hairpin->start, hairpin->end, hairpin->energy, structure};
    scorer->tasks[run->count] = (dmg_predict_task){
        .sequence = sequence, .structure = structure, .length = length, .energy = hairpin->energy};
    run->count++;
    run->found++;
    return run->count == CANDIDATES ? score_candidates(run, err) : DMG_OK;
}

/* The score of the record from the odds of its candidates. */
static void finish(long_run *run, double threshold)
{
    dmg_result *const result = run->result;
    const size_t places = result->length / PLACE;
    const double odds = run->odds / (double)(run->found > places ? run->found : places);
    result_set_score(result, (float)(odds / (1 + odds)), threshold);
    if (run->found == 0) {
        result->flags |= DMG_FLAG_NO_HAIRPIN;
        result_set_energy(result, 0);
    }
}

dmg_status long_record_score(dmg_result *result, char *structure, long_scorer *scorer,
                             dmg_predictor *predictor, double threshold, dmg_cpu cpu,
                             dmg_error *err)
{
    long_run run = {.scorer = scorer,
                    .predictor = predictor,
                    .result = result,
                    .structure = structure,
                    .best = -1};
    dmg_status st = prepare(scorer, cpu, err);
    if (st != DMG_OK) return st;
    memset(structure, '.', result->length);
    structure[result->length] = '\0';
    result->structure = structure;
    dmg_predictor_use_long(predictor, true);
    st = dmg_hairpins_find(scorer->finder, result->sequence, result->length, DMG_STRAND_PLUS,
                           take_candidate, &run, err);
    if (st == DMG_OK) st = score_candidates(&run, err);
    dmg_predictor_use_long(predictor, false);
    if (st == DMG_OK) finish(&run, threshold);
    return st;
}
