/* SPDX-License-Identifier: MIT */
/* What the units of a network's LSTMs have to do with letters, structure and classes, over many
 * sequences.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/nucleotide.h"
#include "base/pair_table.h"
#include "deepmirgene/encode.h"
#include "deepmirgene/explain.h"
#include "deepmirgene/metrics.h"
#include "model/model.h"
#include "model/network_run.h"
#include "model/sample.h"

/* What a nucleotide may be, to be correlated with. */
enum { IS_GC, IS_STEM, IS_LOOP, IS_BULGE, TRAITS };

/* Sums over all positions of all sequences, of a cell state c and of traits x, 0 or 1. */
typedef struct unit_sums {
    double c, cc;
    double x[TRAITS], cx[TRAITS];
    double steps;
} unit_sums;

struct dmg_unit_study {
    const dmg_model *model;
    network_weights *weights;
    network_run *run;
    sample_buffer buffer;
    size_t units;
    unit_sums *sums;          /* [units] of all layers */
    size_t records, capacity; /* of the following, in records */
    float *final;             /* [records][units] hidden states that the layers end on */
    bool *labels;             /* [records] */
    size_t label_capacity;
    size_t trait_capacity;
    unsigned char *traits; /* [length] bits 1 << IS_... */
};

/* --- making --- */

static size_t count_units(const network *net)
{
    size_t units = 0;
    for (int s = 0; s < net->architecture.stream_count; s++)
        for (size_t l = 0; l < network_lstm_layers(&net->streams[s]); l++)
            units += net->streams[s].directions * net->streams[s].lstms[l][0].units;
    return units;
}

dmg_status dmg_unit_study_create(dmg_unit_study **out, const dmg_model *model, dmg_error *err)
{
    if (dmg_model_members(model) > 1)
        return dmg_error_set(
            err, DMG_UNSUPPORTED,
            "the networks of the model do not share units; choose one network (explain --member)");
    dmg_unit_study *study = dmg_alloc_zero(1, sizeof *study);
    if (!study) return dmg_error_nomem(err, "the units");
    study->model = model;
    study->units = count_units(model_network(model));
    study->sums = dmg_alloc_zero(study->units, sizeof *study->sums);
    dmg_status st = study->sums ? DMG_OK : dmg_error_nomem(err, "the units");
    if (st == DMG_OK)
        st = network_weights_create(&study->weights, model_network(model), DMG_CPU_SCALAR, err);
    if (st == DMG_OK) st = network_run_create(&study->run, study->weights, 1, err);
    if (st == DMG_OK) network_weights_set(study->weights, model_params(model, 0));
    if (st == DMG_OK)
        *out = study;
    else
        dmg_unit_study_destroy(study);
    return st;
}

void dmg_unit_study_destroy(dmg_unit_study *study)
{
    if (!study) return;
    network_run_destroy(study->run);
    network_weights_destroy(study->weights);
    sample_clear(&study->buffer);
    free(study->sums);
    free(study->final);
    free(study->labels);
    free(study->traits);
    free(study);
}

/* --- adding a sequence --- */

/* The unpaired bases of the loop that a pair closes: those of a hairpin loop, or of a bulge, an
 * interior loop or a multiloop. */
static void find_loop_traits(unsigned char *traits, const size_t *partner, size_t closing)
{
    const dmg_loop loop = dmg_loop_closed_by(partner, closing);
    const int trait = loop.branches == 0 ? IS_LOOP : IS_BULGE;
    for (size_t k = loop.i + 1; k < loop.j; k++)
        if (partner[k] == DMG_UNPAIRED)
            traits[k] |= (unsigned char)(1 << trait);
        else
            k = partner[k];
}

/* The unpaired bases outside of all pairs are of no kind. */
static void find_traits(unsigned char *traits, const char *sequence, const size_t *partner,
                        size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const int base = dmg_base_code(sequence[i]);
        traits[i] = base == BASE_G || base == BASE_C ? 1 << IS_GC : 0;
        if (partner[i] != DMG_UNPAIRED) traits[i] |= 1 << IS_STEM;
    }
    for (size_t i = 0; i < length; i++)
        if (partner[i] != DMG_UNPAIRED && partner[i] > i) find_loop_traits(traits, partner, i);
}

static void add_step(unit_sums *sums, double c, unsigned traits)
{
    sums->c += c;
    sums->cc += c * c;
    sums->steps++;
    for (int k = 0; k < TRAITS; k++)
        if (traits >> k & 1) {
            sums->x[k]++;
            sums->cx[k] += c;
        }
}

/* One LSTM over one sequence; `final` gets the hidden state that it ends on. */
static void add_layer(dmg_unit_study *study, unit_sums *sums, float *final, const lstm *layer,
                      const lstm_trace *trace, dmg_stream_kind kind, size_t T, size_t length)
{
    const size_t H = layer->units;
    for (size_t u = 0; u < H; u++) {
        for (size_t t = 0; t < T; t++)
            add_step(&sums[u], (double)trace->cell[(t + 1) * H + u],
                     study->traits[dmg_encode_position(kind, t, length)]);
        final[u] = T > 0 ? trace->hidden[(layer->reversed ? 1 : T) * trace->width + u] : 0;
    }
}

static dmg_status reserve(dmg_unit_study *study, size_t length, dmg_error *err)
{
    size_t capacity = study->capacity * study->units;
    if (!dmg_grow(&study->traits, &study->trait_capacity, length, 1) ||
        !dmg_grow(&study->labels, &study->label_capacity, study->records + 1, sizeof(bool)) ||
        !dmg_grow(&study->final, &capacity, (study->records + 1) * study->units,
                  sizeof *study->final))
        return dmg_error_nomem(err, "the units");
    study->capacity = study->units > 0 ? capacity / study->units : 0;
    return DMG_OK;
}

dmg_status dmg_unit_study_add(dmg_unit_study *study, const char *sequence, const char *structure,
                              size_t length, int energy, bool positive, dmg_error *err)
{
    const network *net = model_network(study->model);
    network_sample sample;
    dmg_status st = reserve(study, length, err);
    if (st == DMG_OK)
        st = sample_encode(&sample, &study->buffer, &net->architecture, sequence, structure, length,
                           energy, err);
    real output[1][DMG_OUTPUTS];
    if (st == DMG_OK) st = network_run_forward(output, study->run, &sample, 1, false, NULL, err);
    if (st != DMG_OK) return st;
    find_traits(study->traits, sequence, study->buffer.partner, length);
    size_t unit = 0;
    float *final = study->final + study->records * study->units;
    for (int s = 0; s < net->architecture.stream_count; s++)
        for (size_t l = 0; l < network_lstm_layers(&net->streams[s]); l++)
            for (size_t d = 0; d < net->streams[s].directions; d++) {
                const lstm *layer = &net->streams[s].lstms[l][d];
                const lstm_trace trace = network_run_trace(study->run, s, l, d);
                add_layer(study, study->sums + unit, final + unit, layer, &trace,
                          net->streams[s].kind, sample.steps[s], length);
                unit += layer->units;
            }
    study->labels[study->records++] = positive;
    return DMG_OK;
}

/* --- what it comes to --- */

static double variance_of(const unit_sums *s)
{
    return fmax(0, s->cc / s->steps - s->c / s->steps * (s->c / s->steps));
}

/* Pearson's, of the cell state with a trait; NaN where one of them is always the same. */
static double correlation(const unit_sums *s, int trait)
{
    const double n = s->steps, share = s->x[trait] / n;
    const double spread = sqrt(variance_of(s) * share * (1 - share));
    return spread > 0 ? (s->cx[trait] / n - s->c / n * share) / spread : NAN;
}

/* A layer's units change by so much on average. */
static double mean_variance(const unit_sums *sums, size_t units)
{
    double sum = 0;
    for (size_t u = 0; u < units; u++) sum += variance_of(&sums[u]);
    return sum / (double)units;
}

static dmg_status auroc_of(double *auroc, const dmg_unit_study *study, float *scores, size_t unit,
                           dmg_error *err)
{
    for (size_t i = 0; i < study->records; i++) scores[i] = study->final[i * study->units + unit];
    dmg_rank_metrics ranks;
    const dmg_status st = dmg_metrics_ranks(&ranks, scores, study->labels, study->records, err);
    if (st == DMG_OK) *auroc = ranks.auroc;
    return st;
}

dmg_status dmg_unit_study_finish(dmg_unit_summary **out, size_t *count, const dmg_unit_study *study,
                                 dmg_error *err)
{
    const network *net = model_network(study->model);
    dmg_unit_summary *all = dmg_alloc_zero(study->units, sizeof *all);
    float *scores = dmg_alloc(study->records, sizeof *scores);
    dmg_status st = all && scores ? DMG_OK : dmg_error_nomem(err, "the units");
    size_t unit = 0;
    for (int s = 0; s < net->architecture.stream_count; s++)
        for (size_t l = 0; l < network_lstm_layers(&net->streams[s]); l++)
            for (size_t d = 0; d < net->streams[s].directions; d++) {
                const size_t H = net->streams[s].lstms[l][d].units;
                const double mean = mean_variance(study->sums + unit, H);
                for (size_t u = 0; st == DMG_OK && u < H; u++, unit++) {
                    const unit_sums *sums = &study->sums[unit];
                    all[unit] = (dmg_unit_summary){
                        .stream = net->streams[s].kind,
                        .layer = l,
                        .reversed = d == 1,
                        .unit = u,
                        .variance = variance_of(sums),
                        .gc = correlation(sums, IS_GC),
                        .stem = correlation(sums, IS_STEM),
                        .loop = correlation(sums, IS_LOOP),
                        .bulge = correlation(sums, IS_BULGE),
                        .still = variance_of(sums) < DMG_UNIT_STILL * mean,
                    };
                    st = auroc_of(&all[unit].auroc, study, scores, unit, err);
                }
            }
    free(scores);
    if (st == DMG_OK) {
        *out = all;
        *count = study->units;
    } else {
        free(all);
    }
    return st;
}
