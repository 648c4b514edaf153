/* SPDX-License-Identifier: MIT */
/* One sequence explained: states, attributions, mutations. */
#include "deepmirgene/explain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/nucleotide.h"
#include "base/pair_table.h"
#include "deepmirgene/encode.h"
#include "deepmirgene/fold.h"
#include "deepmirgene/pairing.h"
#include "explain/gradients.h"
#include "model/model.h"
#include "model/sample.h"

enum {
    MAX_LAYERS = DMG_STREAM_KINDS * DMG_MAX_LAYERS * DIRECTIONS,
    BASES = BASE_CODES - 1,
};

struct dmg_explainer {
    const dmg_model *model;
    dmg_explain_options options;
    sample_buffer buffer;
    gradients *gradients;
    dmg_predictor *predictor;
    dmg_folder *folder;

    size_t state_capacity, part_capacity, value_capacity, mutation_capacity, task_capacity,
        text_capacity, pair_capacity, partner_capacity, probability_capacity;
    float *states;  /* of all layers */
    double *parts;  /* attributions of all inputs of the network */
    double *values; /* [attributions + 1][length] by nucleotide */
    float *mutations;
    dmg_fold_task *folds;
    dmg_predict_task *tasks;
    char *text;    /* mutants and their structures, or the structures of the ensemble */
    double *pairs; /* the ensemble's, in a triangle */
    size_t *partner;
    double *probabilities; /* [length] */

    dmg_layer_states layers[MAX_LAYERS];
    dmg_attribution attributions[DMG_STREAM_KINDS + DMG_FEATURES];
    dmg_explanation explanation;
};

const char *dmg_state_name(dmg_state state)
{
    static const char *const names[DMG_STATES] = {"cell", "hidden", "input", "forget", "output"};
    return names[state];
}

dmg_explain_options dmg_explain_options_defaults(void)
{
    return (dmg_explain_options){
        .mutations = 400, .tolerance = 0.01, .threads = 1, .cpu = DMG_CPU_AUTO};
}

dmg_status dmg_explainer_create(dmg_explainer **out, const dmg_model *model,
                                const dmg_explain_options *options, dmg_error *err)
{
    const network *net = model_network(model);
    if (dmg_model_members(model) > 1)
        return dmg_error_set(err, DMG_UNSUPPORTED,
                             "the model has %zu members, and only one network can be explained at "
                             "a time: choose one (explain --member)",
                             dmg_model_members(model));
    dmg_explainer *e = dmg_alloc_zero(1, sizeof *e);
    if (!e) return dmg_error_nomem(err, "the explainer");
    e->model = model;
    e->options = *options;
    dmg_status st = gradients_create(&e->gradients, net, err);
    if (st == DMG_OK)
        st = dmg_predictor_create(&e->predictor, model, options->threads, options->cpu, err);
    if (st == DMG_OK) st = dmg_folder_create(&e->folder, options->threads, options->cpu, err);
    if (st == DMG_OK)
        *out = e;
    else
        dmg_explainer_destroy(e);
    return st;
}

void dmg_explainer_destroy(dmg_explainer *e)
{
    if (!e) return;
    sample_clear(&e->buffer);
    gradients_destroy(e->gradients);
    dmg_folder_destroy(e->folder);
    dmg_predictor_destroy(e->predictor);
    free(e->states);
    free(e->parts);
    free(e->values);
    free(e->mutations);
    free(e->folds);
    free(e->tasks);
    free(e->text);
    free(e->pairs);
    free(e->partner);
    free(e->probabilities);
    free(e);
}

/* --- states --- */

/* Values [T][H] of one state. */
static void copy_state(float *to, dmg_state state, const lstm_trace *trace, size_t T, size_t H)
{
    static const size_t gates[DMG_STATES] = {[DMG_STATE_INPUT] = LSTM_INPUT,
                                             [DMG_STATE_FORGET] = LSTM_FORGET,
                                             [DMG_STATE_OUTPUT] = LSTM_OUTPUT};
    for (size_t t = 0; t < T; t++)
        for (size_t u = 0; u < H; u++)
            to[t * H + u] = state == DMG_STATE_CELL ? trace->cell[(t + 1) * H + u]
                            : state == DMG_STATE_HIDDEN
                                ? trace->hidden[(t + 1) * trace->width + u]
                                : trace->gates[(t * LSTM_GATES + gates[state]) * H + u];
}

/* Copies what the last forward pass left of all LSTMs. */
static dmg_status take_states(dmg_explainer *e, const network_sample *sample, dmg_error *err)
{
    const network *net = model_network(e->model);
    size_t needed = 0, used = 0, count = 0;
    for (int s = 0; s < net->architecture.stream_count; s++)
        for (size_t l = 0; l < network_lstm_layers(&net->streams[s]); l++)
            needed += DMG_STATES * net->streams[s].directions * net->streams[s].lstms[l][0].units *
                      sample->steps[s];
    if (!dmg_grow(&e->states, &e->state_capacity, needed, sizeof *e->states))
        return dmg_error_nomem(err, "the states of the network");
    for (int s = 0; s < net->architecture.stream_count; s++)
        for (size_t l = 0; l < network_lstm_layers(&net->streams[s]); l++)
            for (size_t d = 0; d < net->streams[s].directions; d++) {
                const lstm *reader = &net->streams[s].lstms[l][d];
                const lstm_trace trace = network_run_trace(gradients_run(e->gradients), s, l, d);
                dmg_layer_states *layer = &e->layers[count++];
                *layer = (dmg_layer_states){.stream = net->streams[s].kind,
                                            .layer = l,
                                            .reversed = reader->reversed,
                                            .units = reader->units,
                                            .steps = sample->steps[s]};
                for (int k = 0; k < DMG_STATES; k++) {
                    layer->values[k] = e->states + used;
                    copy_state(e->states + used, (dmg_state)k, &trace, layer->steps, layer->units);
                    used += layer->units * layer->steps;
                }
            }
    e->explanation.layers = e->layers;
    e->explanation.layer_count = count;
    return DMG_OK;
}

/* --- attributions --- */

/* From the tokens of stream s to the bases that they are about. */
static void place_tokens(double *values, double *sum, dmg_stream_kind kind, const double *parts,
                         size_t steps, size_t length)
{
    for (size_t t = 0; t < steps; t++) {
        const size_t i = dmg_encode_position(kind, t, length);
        values[i] = parts[t];
        sum[i] += parts[t];
    }
}

static double sum_of(const double *values, size_t count)
{
    double sum = 0;
    for (size_t k = 0; k < count; k++) sum += values[k];
    return sum;
}

/* From the inputs of the network, which `parts` are about, to streams, bases and features. */
static void place_parts(dmg_explainer *e, const double *parts, const network_sample *sample)
{
    const network *net = model_network(e->model);
    const size_t length = e->explanation.length;
    const size_t streams = (size_t)net->architecture.stream_count;
    double *sum = e->values + streams * length;
    memset(e->values, 0, (streams + 1) * length * sizeof *e->values);
    dmg_attribution *next = e->attributions;
    for (size_t s = 0; s < streams; s++) {
        const dmg_stream_kind kind = net->streams[s].kind;
        const bool tokens = !net->streams[s].contact_map;
        const size_t steps = tokens ? sample->steps[s] : 1;
        double *values = e->values + s * length;
        if (tokens) place_tokens(values, sum, kind, parts, steps, length);
        *next++ = (dmg_attribution){.name = dmg_encode_stream_name(kind),
                                    .values = tokens ? values : NULL,
                                    .total = sum_of(parts, steps)};
        parts += steps;
    }
    for (int f = 0; f < net->architecture.feature_count; f++)
        *next++ = (dmg_attribution){.name = dmg_encode_feature_name(net->architecture.features[f]),
                                    .total = *parts++};
    e->explanation.attributions = e->attributions;
    e->explanation.attribution_count = (size_t)(next - e->attributions);
    e->explanation.attribution = sum;
}

static dmg_status attribute(dmg_explainer *e, const network_sample *sample, dmg_error *err)
{
    const network *net = model_network(e->model);
    const size_t inputs = gradients_inputs(net, sample);
    const size_t values = (size_t)(net->architecture.stream_count + 1) * e->explanation.length;
    if (!dmg_grow(&e->parts, &e->part_capacity, inputs, sizeof *e->parts) ||
        !dmg_grow(&e->values, &e->value_capacity, values, sizeof *e->values))
        return dmg_error_nomem(err, "the attributions");
    gradients_result result = {.parts = e->parts};
    const dmg_status st = gradients_integrate(&result, e->gradients, model_params(e->model, 0),
                                              sample, e->options.tolerance, err);
    if (st != DMG_OK) return st;
    e->explanation.score = result.score;
    e->explanation.baseline_score = result.baseline;
    e->explanation.steps = result.steps;
    e->explanation.residual = result.residual;
    place_parts(e, e->parts, sample);
    return DMG_OK;
}

/* --- mutations --- */

/* The base of cell m of the map, which has rows of A, C, G, U. */
static int mutant_base(size_t m)
{
    return BASE_A + (int)(m % BASES);
}

static dmg_status reserve_mutants(dmg_explainer *e, size_t length, dmg_error *err)
{
    const size_t count = BASES * length + 1;
    size_t capacity = e->task_capacity; /* of both kinds of tasks */
    if (dmg_grow(&e->folds, &capacity, count, sizeof *e->folds) &&
        dmg_grow(&e->tasks, &e->task_capacity, count, sizeof *e->tasks) &&
        dmg_grow(&e->text, &e->text_capacity, count * (2 * length + 1), 1) &&
        dmg_grow(&e->mutations, &e->mutation_capacity, BASES * length, sizeof *e->mutations))
        return DMG_OK;
    return dmg_error_nomem(err, "the mutants");
}

/* The sequence itself, then its mutants in the order of the map, as tasks for the folder. */
static size_t write_mutants(dmg_explainer *e)
{
    const char *sequence = e->explanation.sequence;
    const size_t n = e->explanation.length;
    char *next = e->text;
    size_t count = 0;
    for (size_t m = 0; m <= BASES * n; m++) {
        if (m > 0 && dmg_base_code(sequence[(m - 1) / BASES]) == mutant_base(m - 1)) continue;
        memcpy(next, sequence, n);
        if (m > 0) next[(m - 1) / BASES] = dmg_base_letter(mutant_base(m - 1));
        e->folds[count++] = (dmg_fold_task){.sequence = next, .length = n, .structure = next + n};
        next += 2 * n + 1;
    }
    return count;
}

static dmg_status map_mutations(dmg_explainer *e, dmg_error *err)
{
    const size_t n = e->explanation.length;
    if (n > e->options.mutations) return DMG_OK;
    dmg_status st = reserve_mutants(e, n, err);
    if (st != DMG_OK) return st;
    const size_t count = write_mutants(e);
    st = dmg_fold(e->folder, e->folds, count, err);
    if (st != DMG_OK) return st;
    for (size_t k = 0; k < count; k++)
        e->tasks[k] = (dmg_predict_task){.sequence = e->folds[k].sequence,
                                         .structure = e->folds[k].structure,
                                         .length = n,
                                         .energy = e->folds[k].energy};
    st = dmg_predict(e->predictor, e->tasks, count, err);
    if (st != DMG_OK) return st;
    e->explanation.refolded_p = (double)e->tasks[0].p_mirna;
    for (size_t m = 0, k = 1; m < BASES * n; m++)
        e->mutations[m] = dmg_base_code(e->explanation.sequence[m / BASES]) == mutant_base(m)
                              ? NAN
                              : e->tasks[k++].p_mirna;
    e->explanation.mutations = e->mutations;
    return DMG_OK;
}

/* --- the ensemble --- */

enum { ENSEMBLE_STRUCTURES = 3 }; /* which dmg_pairing_fold writes */

static dmg_status reserve_ensemble(dmg_explainer *e, size_t n, dmg_error *err)
{
    const size_t pairs = n * (n - 1) / 2 + 1;
    if (dmg_grow(&e->text, &e->text_capacity, ENSEMBLE_STRUCTURES * (n + 1), 1) &&
        dmg_grow(&e->pairs, &e->pair_capacity, pairs, sizeof *e->pairs) &&
        dmg_grow(&e->partner, &e->partner_capacity, n, sizeof *e->partner) &&
        dmg_grow(&e->probabilities, &e->probability_capacity, n, sizeof *e->probabilities))
        return DMG_OK;
    return dmg_error_nomem(err, "the probabilities of pairs");
}

/* Each nucleotide's probability of being as the structure has it. */
static void take_probabilities(dmg_explainer *e)
{
    const size_t n = e->explanation.length;
    const double *pair = e->pairs; /* (0, 1), (0, 2), ..., (1, 2), ... */
    for (size_t i = 0; i < n; i++) e->probabilities[i] = e->partner[i] == DMG_UNPAIRED;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++, pair++) {
            if (e->partner[i] == j) e->probabilities[i] = e->probabilities[j] = *pair;
            if (e->partner[i] == DMG_UNPAIRED) e->probabilities[i] -= *pair;
            if (e->partner[j] == DMG_UNPAIRED) e->probabilities[j] -= *pair;
        }
    for (size_t i = 0; i < n; i++) e->probabilities[i] = fmax(e->probabilities[i], 0);
    e->explanation.pair_probability = e->probabilities;
}

static dmg_status find_probabilities(dmg_explainer *e, dmg_error *err)
{
    const size_t n = e->explanation.length;
    dmg_status st = reserve_ensemble(e, n, err);
    if (st != DMG_OK) return st;
    dmg_pairing_task task = {.sequence = e->explanation.sequence,
                             .length = n,
                             .structure = e->text,
                             .pairing = e->text + (n + 1),
                             .centroid = e->text + 2 * (n + 1),
                             .probabilities = e->pairs};
    st = dmg_pairing_fold(e->folder, &task, 1, err);
    if (st == DMG_OK) st = dmg_pair_table(e->partner, e->explanation.structure, n, err);
    if (st == DMG_OK) take_probabilities(e);
    return st;
}

/* --- the whole --- */

/* The very number that predict gives. */
static dmg_status predict(dmg_explainer *e, int energy, dmg_error *err)
{
    dmg_predict_task task = {.sequence = e->explanation.sequence,
                             .structure = e->explanation.structure,
                             .length = e->explanation.length,
                             .energy = energy};
    const dmg_status st = dmg_predict(e->predictor, &task, 1, err);
    e->explanation.p_mirna = (double)task.p_mirna;
    return st;
}

dmg_status dmg_explain(const dmg_explanation **out, dmg_explainer *e, const char *sequence,
                       const char *structure, size_t length, int energy, dmg_error *err)
{
    if (length == 0 || length > DMG_EXPLAIN_MAX_LENGTH)
        return dmg_error_set(err, DMG_RANGE, "a sequence of %zu nucleotides; 1 to %d are explained",
                             length, DMG_EXPLAIN_MAX_LENGTH);
    e->explanation =
        (dmg_explanation){.sequence = sequence, .structure = structure, .length = length};
    e->explanation.split = dmg_encode_split(structure, length, &e->explanation.loops);
    network_sample sample;
    dmg_status st = sample_encode(&sample, &e->buffer, dmg_model_architecture(e->model), sequence,
                                  structure, length, energy, err);
    if (st == DMG_OK) st = predict(e, energy, err);
    if (st == DMG_OK) st = attribute(e, &sample, err);
    if (st == DMG_OK) st = take_states(e, &sample, err);
    if (st == DMG_OK) st = find_probabilities(e, err);
    if (st == DMG_OK) st = map_mutations(e, err);
    if (st == DMG_OK) *out = &e->explanation;
    return st;
}
