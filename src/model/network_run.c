/* SPDX-License-Identifier: MIT */
/* The walker over the operations of a plan.
 *
 * The memory that it walks over is in network_memory.h, the operations in network_forward.c and
 * network_backward.c.
 */
#include "model/network_run.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "model/network_steps.h"

/* --- walks --- */

static void walk_forward(network_run *run, size_t begin, size_t end)
{
    for (size_t k = begin; k < end; k++) network_step_forward(run, &plan_of(run)->ops[k]);
}

static void walk_backward(real *sums, size_t stride, network_run *run, size_t begin, size_t end)
{
    run->sums = sums;
    run->stride = stride;
    for (size_t k = end; k-- > begin;) network_step_backward(run, &plan_of(run)->ops[k]);
}

/* The gradients of the samples of a pass that a slot holds, all 0. */
static void clear_gradient(network_run *run, int slot, size_t pass)
{
    const network_slot *s = &plan_of(run)->slots[slot];
    const size_t row = s->width * lanes_of(run);
    const bool by_step = s->kind == NETWORK_STATES || s->kind == NETWORK_EMBEDDED;
    const size_t rows = by_step ? run->tokens[s->stream].steps[pass] : 1;
    const size_t kept = last_only(run, slot) && rows > 0 ? rows - 1 : 0;
    memset(gradient_at(run, slot, pass) + kept * row, 0, (rows - kept) * row * sizeof(real));
}

static void clear_gradients(network_run *run)
{
    for (int k = 0; k < plan_of(run)->slot_count; k++)
        for (size_t p = 0; run->slots[k].stride > 0 && p < passes_of(run); p++)
            clear_gradient(run, k, p);
}

static int output_slot(const network_run *run)
{
    const dmg_architecture *architecture = &run->weights->net->architecture;
    return architecture->stream_count + architecture->dense_count - 1;
}

static void take_outputs(real (*outputs)[DMG_OUTPUTS], const network_run *run)
{
    const size_t L = lanes_of(run);
    for (size_t k = 0; k < run->count; k++)
        from_lane(outputs[k], activation_at(run, output_slot(run), k / L), L, k % L, DMG_OUTPUTS);
}

static void give_gradients(network_run *run, const real (*da)[DMG_OUTPUTS])
{
    const size_t L = lanes_of(run);
    clear_gradients(run);
    for (size_t k = 0; k < run->count; k++)
        to_lane(gradient_at(run, output_slot(run), k / L), L, k % L, da[k], DMG_OUTPUTS);
}

static dmg_status begin_batch(network_run *run, const network_sample *samples, size_t count,
                              bool keep, dmg_rng *dropout, dmg_error *err)
{
    assert(count <= run->capacity);
    run->samples = samples;
    run->count = count;
    run->keep = keep;
    run->dropout = dropout;
    run->training = dropout != NULL;
    const dmg_status st = network_memory_reserve(run, samples != NULL, err);
    if (st == DMG_OK && samples) network_load_streams(run);
    return st;
}

dmg_status network_run_forward(real (*outputs)[DMG_OUTPUTS], network_run *run,
                               const network_sample *samples, size_t count, bool keep,
                               dmg_rng *dropout, dmg_error *err)
{
    const dmg_status st = begin_batch(run, samples, count, keep, dropout, err);
    if (st != DMG_OK) return st;
    walk_forward(run, 0, plan_of(run)->op_count);
    take_outputs(outputs, run);
    return DMG_OK;
}

void network_run_backward(real *sums, network_run *run, const real (*da)[DMG_OUTPUTS])
{
    give_gradients(run, da);
    walk_backward(sums, run->weights->sums, run, 0, plan_of(run)->op_count);
}

/* Slots whose values make a row of stream outputs, in their order. */
static bool is_stream_output(const network_run *run, int slot)
{
    return slot < run->weights->net->architecture.stream_count || slot == DMG_INPUT_FEATURES;
}

typedef real *slot_at(const network_run *run, int slot, size_t pass);

/* rows [count][width]: activations or gradients from their slots, and to them. */
static void take_rows(real *rows, const network_run *run, slot_at *at)
{
    const size_t L = lanes_of(run);
    for (size_t k = 0; k < run->count; k++)
        for (int slot = 0; slot < DMG_MAX_INPUTS; slot++) {
            if (!is_stream_output(run, slot)) continue;
            const size_t width = plan_of(run)->slots[slot].width;
            from_lane(rows, at(run, slot, k / L), L, k % L, width);
            rows += width;
        }
}

static void give_rows(network_run *run, const real *rows, slot_at *at)
{
    const size_t L = lanes_of(run);
    for (size_t k = 0; k < run->count; k++)
        for (int slot = 0; slot < DMG_MAX_INPUTS; slot++) {
            if (!is_stream_output(run, slot)) continue;
            const size_t width = plan_of(run)->slots[slot].width;
            to_lane(at(run, slot, k / L), L, k % L, rows, width);
            rows += width;
        }
}

dmg_status network_run_streams_forward(real *stream_outputs, network_run *run,
                                       const network_sample *samples, size_t count, bool keep,
                                       dmg_error *err)
{
    const dmg_status st = begin_batch(run, samples, count, keep, NULL, err);
    if (st != DMG_OK) return st;
    walk_forward(run, 0, plan_of(run)->dense_begin);
    take_rows(stream_outputs, run, activation_at);
    return DMG_OK;
}

void network_run_streams_backward(real *sums, network_run *run, const real *dstream_outputs)
{
    clear_gradients(run);
    give_rows(run, dstream_outputs, gradient_at);
    walk_backward(sums, run->weights->sums, run, 0, plan_of(run)->dense_begin);
}

dmg_status network_run_dense_forward(real (*outputs)[DMG_OUTPUTS], network_run *run,
                                     const real *stream_outputs, size_t count, dmg_rng *dropout,
                                     dmg_error *err)
{
    const dmg_status st = begin_batch(run, NULL, count, true, dropout, err);
    if (st != DMG_OK) return st;
    give_rows(run, stream_outputs, activation_at);
    walk_forward(run, plan_of(run)->dense_begin, plan_of(run)->op_count);
    take_outputs(outputs, run);
    return DMG_OK;
}

void network_run_dense_backward(real *sums, real *dstream_outputs, network_run *run,
                                const real (*da)[DMG_OUTPUTS])
{
    give_gradients(run, da);
    walk_backward(sums, 0, run, plan_of(run)->dense_begin, plan_of(run)->op_count);
    take_rows(dstream_outputs, run, gradient_at);
}

void network_run_average(real *params, const network_run *run)
{
    const network_plan *plan = plan_of(run);
    for (size_t k = 0; k < plan->op_count; k++)
        if (plan->ops[k].kind == NETWORK_NORMALISE)
            batch_norm_average(params, &run->weights->net->norms[plan->ops[k].index],
                               &run->ops[k].norm, run->count);
}

/* --- looking inside --- */

const real *network_run_activation(const network_run *run, int source)
{
    return activation_at(run, source, 0);
}

const real *network_run_gradient(const network_run *run, int source)
{
    return gradient_at(run, source, 0);
}

const real *network_run_embedded_gradient(const network_run *run, int s)
{
    return gradient_at(run, network_plan_find(plan_of(run), NETWORK_EMBED, s, 0, 0)->output, 0);
}

lstm_trace network_run_trace(const network_run *run, int s, size_t layer, size_t direction)
{
    return trace_of(run, network_plan_find(plan_of(run), NETWORK_LSTM, s, layer, direction), 0);
}

real network_run_log_odds(real *da, const network_run *run)
{
    const network_op *op = &plan_of(run)->ops[plan_of(run)->op_count - 1];
    dense sums = *dense_of(run, op);
    const bool softmax = sums.activation == ACTIVATION_SOFTMAX;
    const real *x = activation_at(run, op->input, 0), *params = run->weights->params;
    real a[DMG_OUTPUTS];
    for (size_t o = 0; o < DMG_OUTPUTS; o++) {
        a[o] = params[sums.bias + o];
        for (size_t i = 0; i < sums.inputs; i++)
            a[o] += x[i] * params[sums.weight + i * sums.units + o];
    }
    da[0] = 1;
    da[1] = softmax ? -1 : 0;
    return da[0] * a[0] + da[1] * a[1];
}

/* --- sorting --- */

static int compare_waiting(const void *left, const void *right)
{
    const network_waiting *a = left, *b = right;
    if (a->length != b->length) return a->length < b->length ? 1 : -1;
    return (a->index > b->index) - (a->index < b->index);
}

void network_waiting_sort(network_waiting *waiting, size_t count)
{
    /* A batch of empty records leaves nothing to sort, and then no array. */
    if (count > 0) qsort(waiting, count, sizeof *waiting, compare_waiting);
}
