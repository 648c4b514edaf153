/* SPDX-License-Identifier: MIT */
/* The walker over the operations of a plan.
 *
 * Contents: memory, samples into lanes, operations forward, operations backward, walks, looking
 * inside, sorting.
 *
 * Dimensions: T steps of the longest sample, E embedding, I inputs, H units; L lanes, P passes.
 */
#include "model/network_run.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/network_features.h"
#include "nn/dropout.h"

/* The values of a slot, `stride` from pass to pass. */
typedef struct slot_memory {
    real *activation, *gradient;
    size_t stride;
} slot_memory;

/* What an operation remembers from its forward pass; each has some of these. */
typedef struct op_memory {
    real *gates, *tanh_c, *cell; /* lstm_trace, P times */
    real *attended;              /* [P][T][L] */
    uint8_t *chosen;             /* conv_trace, [P][L][width] */
    real *mask;                  /* [P][I][L] */
    batch_norm_trace norm;
} op_memory;

/* The tokens of a stream. */
typedef struct stream_memory {
    size_t capacity; /* T at most */
    size_t *steps;   /* [P] T of each pass */
    size_t *symbols; /* [P] all tokens are below */
    int32_t *begin;  /* [P][L] first step of each lane */
    uint8_t *tokens; /* [P][capacity][L] */
} stream_memory;

struct network_run {
    const network_weights *weights;
    size_t capacity, passes; /* of samples, and how many passes that takes */

    /* Memory, laid out for streams or for dense layers alone, with or without a backward pass. */
    bool streams, kept;
    dmg_arena arena;
    slot_memory slots[NETWORK_MAX_SLOTS];
    op_memory ops[NETWORK_MAX_OPS];
    stream_memory tokens[DMG_STREAM_KINDS];
    real *scratch;

    /* The present batch. */
    const network_sample *samples;
    size_t count;
    bool keep;
    dmg_rng *dropout; /* [count]; NULL in prediction */
    bool training;    /* the last forward pass had dropout */
    real *sums;       /* of gradients; from one unit of samples to the next, `stride` further */
    size_t stride;
};

/* --- memory --- */

static const network_plan *plan_of(const network_run *run)
{
    return &run->weights->plan;
}

static size_t lanes_of(const network_run *run)
{
    return run->weights->kernels.lanes;
}

static const network_stream *stream_of(const network_run *run, const network_op *op)
{
    return &run->weights->net->streams[op->index];
}

static const dense *dense_of(const network_run *run, const network_op *op)
{
    return &run->weights->net->dense[op->index];
}

static op_memory *memory_of(network_run *run, const network_op *op)
{
    return &run->ops[op - plan_of(run)->ops];
}

static real *take(network_run *run, size_t count)
{
    return dmg_arena_take(&run->arena, count, sizeof(real));
}

/* Whether LSTMs keep whole traces. */
static bool traces_kept(const network_run *run)
{
    return run->kept || !run->weights->kernels.packed;
}

/* Reals of a slot in one pass. */
static size_t slot_size(const network_run *run, const network_slot *slot)
{
    const size_t values = slot->width * lanes_of(run);
    if (slot->kind == NETWORK_VECTOR) return values;
    if (!run->streams) return 0;
    if (slot->kind == NETWORK_MAP) return values;
    if (slot->kind == NETWORK_EMBEDDED && run->weights->kernels.packed) return 0;
    return (run->tokens[slot->stream].capacity + 2) * values;
}

static void place_slots(network_run *run)
{
    for (int k = 0; k < plan_of(run)->slot_count; k++) {
        const size_t size = slot_size(run, &plan_of(run)->slots[k]);
        run->slots[k] = (slot_memory){
            .activation = take(run, run->passes * size),
            .gradient = take(run, run->kept ? run->passes * size : 0),
            .stride = size,
        };
    }
}

static void place_tokens(network_run *run, stream_memory *tokens)
{
    const size_t P = run->passes, L = lanes_of(run);
    tokens->steps = dmg_arena_take(&run->arena, P, sizeof *tokens->steps);
    tokens->symbols = dmg_arena_take(&run->arena, P, sizeof *tokens->symbols);
    tokens->begin = dmg_arena_take(&run->arena, P * L, sizeof *tokens->begin);
    tokens->tokens = dmg_arena_take(&run->arena, P * tokens->capacity * L, 1);
}

/* Returns how many reals of scratch the operation needs. */
static size_t place_lstm(network_run *run, const network_op *op)
{
    const lstm_weights *weights = &run->weights->lstms[op - plan_of(run)->ops];
    const size_t T = run->tokens[op->index].capacity, H = weights->layer->units;
    const size_t each = run->passes * H * lanes_of(run), steps = traces_kept(run) ? T : 0;
    op_memory *memory = memory_of(run, op);
    memory->gates = take(run, each * LSTM_GATES * steps);
    memory->tanh_c = take(run, each * steps);
    memory->cell = take(run, each * (traces_kept(run) ? T + 2 : 1));
    return run->kept ? lstm_scratch(weights, lanes_of(run)) : 0;
}

static size_t place_dense(network_run *run, const network_op *op)
{
    const size_t I = dense_of(run, op)->inputs, values = run->passes * I * lanes_of(run);
    op_memory *memory = memory_of(run, op);
    if (op->kind == NETWORK_DROP_OUT) memory->mask = take(run, run->kept ? values : 0);
    if (op->kind == NETWORK_NORMALISE)
        memory->norm = (batch_norm_trace){
            .normal = take(run, run->kept ? values : 0),
            .mean = take(run, I),
            .variance = take(run, I),
        };
    return I;
}

static size_t place_op(network_run *run, const network_op *op)
{
    const size_t samples = run->passes * lanes_of(run), T = run->tokens[op->index].capacity;
    switch (op->kind) {
    case NETWORK_LSTM: return place_lstm(run, op);
    case NETWORK_POOL: memory_of(run, op)->attended = take(run, samples * T); return 0;
    case NETWORK_CONV: {
        const size_t width = conv_outputs(&stream_of(run, op)->convs[op->layer]);
        memory_of(run, op)->chosen = dmg_arena_take(&run->arena, samples * width, 1);
        return 4 * width;
    }
    case NETWORK_FEATURES: return plan_of(run)->slots[op->output].width;
    case NETWORK_NORMALISE:
    case NETWORK_DROP_OUT: return place_dense(run, op);
    default: return 0;
    }
}

static void place(network_run *run)
{
    const network_plan *plan = plan_of(run);
    const int streams = run->weights->net->architecture.stream_count;
    size_t scratch = 0;
    place_slots(run);
    for (int s = 0; run->streams && s < streams; s++) place_tokens(run, &run->tokens[s]);
    for (size_t k = run->streams ? 0 : plan->dense_begin; k < plan->op_count; k++) {
        const size_t needed = place_op(run, &plan->ops[k]);
        if (needed > scratch) scratch = needed;
    }
    run->scratch = take(run, scratch);
}

/* Makes room for the samples of the present batch. */
static dmg_status reserve(network_run *run, bool streams, dmg_error *err)
{
    bool fits = run->arena.memory && run->streams >= streams && run->kept >= run->keep;
    for (int s = 0; streams && s < run->weights->net->architecture.stream_count; s++) {
        size_t T = 0;
        for (size_t k = 0; k < run->count && !run->weights->net->streams[s].contact_map; k++)
            if (run->samples[k].steps[s] > T) T = run->samples[k].steps[s];
        if (T <= run->tokens[s].capacity) continue;
        run->tokens[s].capacity = T + T / 2;
        fits = false;
    }
    if (fits) return DMG_OK;
    run->streams |= streams;
    run->kept |= run->keep;
    dmg_arena_clear(&run->arena);
    place(run);
    if (!dmg_arena_alloc_zero(&run->arena)) return dmg_error_nomem(err, "the network's workspace");
    place(run);
    return DMG_OK;
}

dmg_status network_run_create(network_run **out, const network_weights *weights, size_t capacity,
                              dmg_error *err)
{
    network_run *run = dmg_alloc_zero(1, sizeof *run);
    if (!run) return dmg_error_nomem(err, "the network's workspace");
    run->weights = weights;
    run->capacity = capacity;
    run->passes = (capacity + lanes_of(run) - 1) / lanes_of(run);
    *out = run;
    return DMG_OK;
}

void network_run_destroy(network_run *run)
{
    if (!run) return;
    dmg_arena_clear(&run->arena);
    free(run);
}

void network_run_use(network_run *run, const network_weights *weights)
{
    run->weights = weights;
}

/* --- where things are --- */

static real *activation_at(const network_run *run, int slot, size_t pass)
{
    return run->slots[slot].activation + pass * run->slots[slot].stride;
}

static real *gradient_at(const network_run *run, int slot, size_t pass)
{
    return run->slots[slot].gradient + pass * run->slots[slot].stride;
}

/* [T][width][L], the row after the zeros. */
static real *states_at(const network_run *run, int slot, size_t pass)
{
    return activation_at(run, slot, pass) + plan_of(run)->slots[slot].width * lanes_of(run);
}

/* Samples of a pass. */
static size_t pass_count(const network_run *run, size_t pass)
{
    const size_t L = lanes_of(run), left = run->count - pass * L;
    return left < L ? left : L;
}

static size_t passes_of(const network_run *run)
{
    return (run->count + lanes_of(run) - 1) / lanes_of(run);
}

static size_t steps_of(const network_run *run, const network_op *op, size_t pass)
{
    return run->tokens[op->index].steps[pass];
}

static const uint8_t *tokens_of(const network_run *run, const network_op *op, size_t pass)
{
    const stream_memory *tokens = &run->tokens[op->index];
    return tokens->tokens + pass * tokens->capacity * lanes_of(run);
}

static const lstm_weights *lstm_of(const network_run *run, const network_op *op)
{
    return &run->weights->lstms[op - plan_of(run)->ops];
}

/* Whether the LSTM reads tokens and not states. */
static bool reads_tokens(const network_run *run, const network_op *op)
{
    return op->layer == 0 && run->weights->kernels.packed;
}

static lstm_trace trace_of(const network_run *run, const network_op *op, size_t pass)
{
    const op_memory *memory = &run->ops[op - plan_of(run)->ops];
    const size_t T = run->tokens[op->index].capacity, L = lanes_of(run);
    const size_t H = lstm_of(run, op)->layer->units, steps = traces_kept(run) ? T : 0;
    return (lstm_trace){
        .gates = memory->gates + pass * steps * LSTM_GATES * H * L,
        .tanh_c = memory->tanh_c + pass * steps * H * L,
        .cell = memory->cell + pass * (traces_kept(run) ? T + 2 : 1) * H * L,
        .hidden = activation_at(run, op->output, pass) + op->direction * H * L,
        .width = plan_of(run)->slots[op->output].width,
    };
}

static lstm_input lstm_input_of(const network_run *run, const network_op *op, size_t pass)
{
    return (lstm_input){
        .steps = steps_of(run, op, pass),
        .x = reads_tokens(run, op) ? NULL : states_at(run, op->input, pass),
        .tokens = tokens_of(run, op, pass),
        .symbols = run->tokens[op->index].symbols[pass],
    };
}

static pooling_input pooling_input_of(const network_run *run, const network_op *op, size_t pass)
{
    const size_t L = lanes_of(run);
    const op_memory *memory = &run->ops[op - plan_of(run)->ops];
    return (pooling_input){
        .steps = steps_of(run, op, pass),
        .begin = run->tokens[op->index].begin + pass * L,
        .hidden = states_at(run, op->input, pass),
        .attended = memory->attended + pass * run->tokens[op->index].capacity * L,
    };
}

static conv_trace conv_trace_of(const network_run *run, const network_op *op, size_t pass,
                                size_t lane)
{
    const size_t width = plan_of(run)->slots[op->output].width;
    const op_memory *memory = &run->ops[op - plan_of(run)->ops];
    return (conv_trace){
        .output = activation_at(run, op->output, pass) + lane * width,
        .chosen = memory->chosen + (pass * lanes_of(run) + lane) * width,
    };
}

/* --- samples into lanes --- */

/* lane [.][L] from tokens [length], those that are no symbol as V; returns the largest. */
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

static void load_streams(network_run *run)
{
    for (int s = 0; s < run->weights->net->architecture.stream_count; s++)
        for (size_t p = 0; !run->weights->net->streams[s].contact_map && p < passes_of(run); p++)
            load_pass(run, s, p);
}

/* lanes [n][L], the lane of one sample, from and to the values [n] of that sample. */
static void to_lane(real *lanes, size_t L, size_t lane, const real *values, size_t n)
{
    for (size_t i = 0; i < n; i++) lanes[i * L + lane] = values[i];
}

static void from_lane(real *values, const real *lanes, size_t L, size_t lane, size_t n)
{
    for (size_t i = 0; i < n; i++) values[i] = lanes[i * L + lane];
}

/* --- operations forward --- */

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

/* --- operations backward --- */

/* The block of sums that lane b of a pass belongs to. */
static real *sums_of(const network_run *run, size_t pass, size_t b)
{
    return run->sums + (pass * lanes_of(run) + b) / SUM_UNIT * run->stride;
}

static void embed_backward(network_run *run, const network_op *op, size_t pass)
{
    if (run->weights->kernels.packed) return;
    embedding_backward(sums_of(run, pass, 0), &stream_of(run, op)->embed,
                       gradient_at(run, op->output, pass), tokens_of(run, op, pass),
                       steps_of(run, op, pass));
}

static void run_lstm_backward(network_run *run, const network_op *op, size_t pass)
{
    if (steps_of(run, op, pass) == 0) return;
    const lstm_trace trace = trace_of(run, op, pass);
    const lstm_input input = lstm_input_of(run, op, pass);
    const size_t own = op->direction * lstm_of(run, op)->layer->units * lanes_of(run);
    real *dx = reads_tokens(run, op) ? NULL : gradient_at(run, op->input, pass);
    run->weights->kernels.lstm_backward(sums_of(run, pass, 0), run->stride, dx, lstm_of(run, op),
                                        &input, &trace, gradient_at(run, op->output, pass) + own,
                                        run->scratch);
}

static void pool_backward(network_run *run, const network_op *op, size_t pass)
{
    if (steps_of(run, op, pass) == 0) return;
    const pooling_input input = pooling_input_of(run, op, pass);
    run->weights->kernels.pooling_backward(
        sums_of(run, pass, 0), run->stride, gradient_at(run, op->input, pass),
        &stream_of(run, op)->pool, run->weights->params, &input,
        activation_at(run, op->output, pass), gradient_at(run, op->output, pass));
}

static void convolve_backward(network_run *run, const network_op *op, size_t pass)
{
    const size_t I = plan_of(run)->slots[op->input].width;
    const size_t O = plan_of(run)->slots[op->output].width;
    for (size_t b = 0; b < pass_count(run, pass); b++) {
        const conv_trace trace = conv_trace_of(run, op, pass, b);
        real *dx = op->layer > 0 ? gradient_at(run, op->input, pass) + b * I : NULL;
        conv_backward(sums_of(run, pass, b), dx, &stream_of(run, op)->convs[op->layer],
                      run->weights->params, activation_at(run, op->input, pass) + b * I, &trace,
                      gradient_at(run, op->output, pass) + b * O);
    }
}

static void flatten_backward(network_run *run, const network_op *op, size_t pass)
{
    const size_t width = plan_of(run)->slots[op->input].width, L = lanes_of(run);
    for (size_t b = 0; b < pass_count(run, pass); b++)
        from_lane(gradient_at(run, op->input, pass) + b * width, gradient_at(run, op->output, pass),
                  L, b, width);
}

static void gather_backward(network_run *run, const network_op *op, size_t pass)
{
    const dmg_dense_spec *spec = &run->weights->net->architecture.dense[op->index];
    const real *from = gradient_at(run, op->output, pass);
    for (int k = 0; k < spec->input_count; k++) {
        const size_t values = plan_of(run)->slots[spec->inputs[k]].width * lanes_of(run);
        real *to = gradient_at(run, spec->inputs[k], pass);
        for (size_t i = 0; i < values; i++) to[i] += from[i];
        from += values;
    }
}

static void normalise_backward(network_run *run, const network_op *op, size_t pass)
{
    const batch_norm *norm = &run->weights->net->norms[op->index];
    const size_t L = lanes_of(run);
    real *gradient = gradient_at(run, op->input, pass);
    for (size_t i = 0; i < norm->width; i++) {
        real slope, offset;
        batch_norm_line(&slope, &offset, norm, run->weights->params, i);
        for (size_t b = 0; b < L; b++) gradient[i * L + b] *= slope;
    }
}

static void normalise_batch_backward(network_run *run, const network_op *op)
{
    real *gradient = gradient_at(run, op->input, 0);
    batch_norm_backward(run->sums, gradient, &run->weights->net->norms[op->index],
                        run->weights->params, &memory_of(run, op)->norm, gradient, run->count);
}

static void drop_out_backward(network_run *run, const network_op *op, size_t pass)
{
    const size_t values = plan_of(run)->slots[op->input].width * lanes_of(run);
    if (run->training)
        dropout_apply(gradient_at(run, op->input, pass), memory_of(run, op)->mask + pass * values,
                      values);
}

/* The gradient of the output layer is that before its activation already. */
static void run_dense_backward(network_run *run, const network_op *op, size_t pass)
{
    const network_kernels *kernels = &run->weights->kernels;
    const dense *layer = dense_of(run, op);
    real *da = gradient_at(run, op->output, pass);
    if (op->index + 1 < run->weights->net->architecture.dense_count)
        kernels->activation_backward(da, layer->activation, activation_at(run, op->output, pass),
                                     layer->units);
    kernels->dense_backward(sums_of(run, pass, 0), run->stride, gradient_at(run, op->input, pass),
                            layer, run->weights->params, activation_at(run, op->input, pass), da);
}

/* --- walks --- */

/* Pixels and features have no gradient to pass on. */
static const struct {
    void (*forward)(network_run *run, const network_op *op, size_t pass);
    void (*backward)(network_run *run, const network_op *op, size_t pass);
} operations[] = {
    [NETWORK_EMBED] = {embed, embed_backward},
    [NETWORK_LSTM] = {run_lstm, run_lstm_backward},
    [NETWORK_POOL] = {pool, pool_backward},
    [NETWORK_PIXELS] = {load_pixels, NULL},
    [NETWORK_CONV] = {convolve, convolve_backward},
    [NETWORK_FLATTEN] = {flatten, flatten_backward},
    [NETWORK_FEATURES] = {load_features, NULL},
    [NETWORK_GATHER] = {gather, gather_backward},
    [NETWORK_NORMALISE] = {normalise, normalise_backward},
    [NETWORK_DROP_OUT] = {drop_out, drop_out_backward},
    [NETWORK_DENSE] = {run_dense, run_dense_backward},
};

static void walk_forward(network_run *run, size_t begin, size_t end)
{
    for (size_t k = begin; k < end; k++) {
        const network_op *op = &plan_of(run)->ops[k];
        if (op->kind == NETWORK_NORMALISE && run->training)
            normalise_batch(run, op);
        else
            for (size_t p = 0; p < passes_of(run); p++) operations[op->kind].forward(run, op, p);
    }
}

static void walk_backward(real *sums, size_t stride, network_run *run, size_t begin, size_t end)
{
    run->sums = sums;
    run->stride = stride;
    for (size_t k = end; k-- > begin;) {
        const network_op *op = &plan_of(run)->ops[k];
        if (op->kind == NETWORK_NORMALISE && run->training)
            normalise_batch_backward(run, op);
        else if (operations[op->kind].backward)
            for (size_t p = 0; p < passes_of(run); p++) operations[op->kind].backward(run, op, p);
    }
}

/* Values of a slot that the samples of a pass fill, from its first row of steps on. */
static size_t values_of(const network_run *run, int slot, size_t pass)
{
    const network_slot *s = &plan_of(run)->slots[slot];
    const bool steps = s->kind == NETWORK_STATES || s->kind == NETWORK_EMBEDDED;
    return s->width * lanes_of(run) * (steps ? run->tokens[s->stream].steps[pass] : 1);
}

static void clear_gradients(network_run *run)
{
    for (int k = 0; k < plan_of(run)->slot_count; k++)
        for (size_t p = 0; run->slots[k].stride > 0 && p < passes_of(run); p++)
            memset(gradient_at(run, k, p), 0, values_of(run, k, p) * sizeof(real));
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
    const dmg_status st = reserve(run, samples != NULL, err);
    if (st == DMG_OK && samples) load_streams(run);
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
