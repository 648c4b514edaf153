/* SPDX-License-Identifier: MIT */
/* Operations forward. */
#include <assert.h>

#include "model/network_features.h"
#include "model/network_steps.h"
#include "nn/dropout.h"

/* --- samples into lanes --- */

/* lane [.][L] from tokens [length], other letters as V; returns the largest. */
static size_t load_lane(uint8_t *lane, size_t L, const uint8_t *tokens, size_t length, size_t V)
{
    size_t largest = 0;
    for (size_t t = 0; t < length; t++) {
        const size_t token = tokens[t] < V ? tokens[t] : V;
        if (token > largest) largest = token;
        lane[t * L] = (uint8_t)token;
    }
    return largest;
}

/* Stream `s` of the samples of a pass, each aligned at its end. */
static void load_pass(network_run *run, int s, size_t pass)
{
    const size_t L = lanes_of(run), V = run->weights->net->streams[s].embed.symbols;
    const network_sample *samples = run->samples + pass * L;
    stream_memory *memory = &run->tokens[s];
    uint8_t *tokens = memory->tokens + pass * memory->capacity * L;
    int32_t *begin = memory->begin + pass * L;
    size_t T = 0;
    for (size_t b = 0; b < pass_count(run, pass); b++)
        if (samples[b].steps[s] > T) T = samples[b].steps[s];
    memory->steps[pass] = T;
    memory->symbols[pass] = V;
    memset(tokens, lstm_no_token(V), T * L);
    for (size_t b = 0; b < L; b++) {
        const size_t length = b < pass_count(run, pass) ? samples[b].steps[s] : 0;
        begin[b] = (int32_t)(T - length);
        if (length > 0 &&
            load_lane(tokens + (T - length) * L + b, L, samples[b].tokens[s], length, V) == V)
            memory->symbols[pass] = V + 1;
    }
}

void network_load_streams(network_run *run)
{
    for (int s = 0; s < run->weights->net->architecture.stream_count; s++)
        for (size_t p = 0; !run->weights->net->streams[s].contact_map && p < passes_of(run); p++)
            load_pass(run, s, p);
}

/* --- operations --- */

static void embed(network_run *run, const network_op *op, size_t pass)
{
    if (run->weights->kernels.packed) return;
    embedding_forward(states_at(run, op->output, pass), &stream_of(run, op)->embed,
                      run->weights->params, tokens_of(run, op, pass), steps_of(run, op, pass));
}

static void run_lstm(network_run *run, const network_op *op, size_t pass)
{
    if (steps_of(run, op, pass) == 0) return;
    const lstm_trace trace = trace_of(run, op, pass);
    const lstm_input input = lstm_input_of(run, op, pass);
    run->weights->kernels.lstm_forward(&trace, lstm_of(run, op), &input, run->keep);
}

static void pool(network_run *run, const network_op *op, size_t pass)
{
    const pooling_input input = pooling_input_of(run, op, pass);
    run->weights->kernels.pooling_forward(activation_at(run, op->output, pass),
                                          &stream_of(run, op)->pool, run->weights->params, &input);
}

/* A pixel of 255 is 1 to the network. */
static void load_pixels(network_run *run, const network_op *op, size_t pass)
{
    const size_t width = plan_of(run)->slots[op->output].width;
    real *map = activation_at(run, op->output, pass);
    for (size_t b = 0; b < pass_count(run, pass); b++) {
        const uint8_t *pixels = run->samples[pass * lanes_of(run) + b].tokens[op->index];
        for (size_t k = 0; k < width; k++) map[b * width + k] = (real)pixels[k] / UINT8_MAX;
    }
}

/* One sample after the other: a filter's sums fill a vector as well as samples would. */
static void convolve(network_run *run, const network_op *op, size_t pass)
{
    const size_t width = plan_of(run)->slots[op->input].width;
    const real *x = activation_at(run, op->input, pass);
    for (size_t b = 0; b < pass_count(run, pass); b++) {
        const conv_trace trace = conv_trace_of(run, op, pass, b);
        conv_forward(&trace, &stream_of(run, op)->convs[op->layer], run->weights->params,
                     x + b * width, run->scratch);
    }
}

static void flatten(network_run *run, const network_op *op, size_t pass)
{
    const size_t width = plan_of(run)->slots[op->input].width, L = lanes_of(run);
    const real *map = activation_at(run, op->input, pass);
    real *vector = activation_at(run, op->output, pass);
    memset(vector, 0, width * L * sizeof *vector);
    for (size_t b = 0; b < pass_count(run, pass); b++)
        to_lane(vector, L, b, map + b * width, width);
}

static void load_features(network_run *run, const network_op *op, size_t pass)
{
    const size_t width = plan_of(run)->slots[op->output].width, L = lanes_of(run);
    real *vector = activation_at(run, op->output, pass);
    memset(vector, 0, width * L * sizeof *vector);
    for (size_t b = 0; b < pass_count(run, pass); b++) {
        network_features_forward(run->scratch, run->weights->net, run->weights->params,
                                 &run->samples[pass * L + b]);
        to_lane(vector, L, b, run->scratch, width);
    }
}

static void gather(network_run *run, const network_op *op, size_t pass)
{
    const dmg_dense_spec *spec = &run->weights->net->architecture.dense[op->index];
    real *to = activation_at(run, op->output, pass);
    for (int k = 0; k < spec->input_count; k++) {
        const size_t values = plan_of(run)->slots[spec->inputs[k]].width * lanes_of(run);
        memcpy(to, activation_at(run, spec->inputs[k], pass), values * sizeof *to);
        to += values;
    }
}

/* By the running averages. */
static void normalise(network_run *run, const network_op *op, size_t pass)
{
    const batch_norm *norm = &run->weights->net->norms[op->index];
    const size_t L = lanes_of(run);
    real *x = activation_at(run, op->input, pass);
    for (size_t i = 0; i < norm->width; i++) {
        real slope, offset;
        batch_norm_line(&slope, &offset, norm, run->weights->params, i);
        for (size_t b = 0; b < L; b++) x[i * L + b] = slope * x[i * L + b] + offset;
    }
}

/* Over the batch, all of its passes at once. */
static void normalise_batch(network_run *run, const network_op *op)
{
    assert(lanes_of(run) == 1);
    real *x = activation_at(run, op->input, 0);
    batch_norm_forward(x, &memory_of(run, op)->norm, &run->weights->net->norms[op->index],
                       run->weights->params, x, run->count);
}

/* Each sample draws its own mask, as it would alone. */
static void drop_out(network_run *run, const network_op *op, size_t pass)
{
    if (!run->training) return;
    const double rate = run->weights->net->architecture.dense[op->index].dropout;
    const size_t I = plan_of(run)->slots[op->input].width, L = lanes_of(run);
    real *mask = memory_of(run, op)->mask + pass * I * L;
    for (size_t b = 0; b < pass_count(run, pass); b++) {
        dropout_mask(run->scratch, I, rate, &run->dropout[pass * L + b]);
        to_lane(mask, L, b, run->scratch, I);
    }
    dropout_apply(activation_at(run, op->input, pass), mask, I * L);
}

static void run_dense(network_run *run, const network_op *op, size_t pass)
{
    run->weights->kernels.dense_forward(activation_at(run, op->output, pass), dense_of(run, op),
                                        run->weights->params, activation_at(run, op->input, pass));
}

static network_step *const steps[] = {
    [NETWORK_EMBED] = embed,
    [NETWORK_LSTM] = run_lstm,
    [NETWORK_POOL] = pool,
    [NETWORK_PIXELS] = load_pixels,
    [NETWORK_CONV] = convolve,
    [NETWORK_FLATTEN] = flatten,
    [NETWORK_FEATURES] = load_features,
    [NETWORK_GATHER] = gather,
    [NETWORK_NORMALISE] = normalise,
    [NETWORK_DROP_OUT] = drop_out,
    [NETWORK_DENSE] = run_dense,
};

void network_step_forward(network_run *run, const network_op *op)
{
    if (op->kind == NETWORK_NORMALISE && run->training) {
        normalise_batch(run, op);
        return;
    }
    for (size_t p = 0; p < passes_of(run); p++) steps[op->kind](run, op, p);
}
