/* SPDX-License-Identifier: MIT */
/* The memory of a network_run, and where the operations of a plan find their values in it: for the
 * files that implement network_run.h.
 *
 * Dimensions: T steps of the longest sample, E embedding, I inputs, H units; L lanes, P passes.
 */
#ifndef DMG_MODEL_NETWORK_MEMORY_H
#define DMG_MODEL_NETWORK_MEMORY_H

#include <string.h>

#include "base/alloc.h"
#include "model/network_run.h"

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

/* Makes room for the samples of the present batch; `streams`: also for their tokens and states. */
dmg_status network_memory_reserve(network_run *run, bool streams, dmg_error *err);

/* --- the operation's layer --- */

static inline const network_plan *plan_of(const network_run *run)
{
    return &run->weights->plan;
}

static inline size_t lanes_of(const network_run *run)
{
    return run->weights->kernels.lanes;
}

static inline const network_stream *stream_of(const network_run *run, const network_op *op)
{
    return &run->weights->net->streams[op->index];
}

static inline const dense *dense_of(const network_run *run, const network_op *op)
{
    return &run->weights->net->dense[op->index];
}

static inline op_memory *memory_of(network_run *run, const network_op *op)
{
    return &run->ops[op - plan_of(run)->ops];
}

/* Whether LSTMs keep whole traces. */
static inline bool traces_kept(const network_run *run)
{
    return run->kept || !run->weights->kernels.packed;
}

/* --- where values are --- */

static inline real *activation_at(const network_run *run, int slot, size_t pass)
{
    return run->slots[slot].activation + pass * run->slots[slot].stride;
}

static inline real *gradient_at(const network_run *run, int slot, size_t pass)
{
    return run->slots[slot].gradient + pass * run->slots[slot].stride;
}

/* [T][width][L], the row after the zeros. */
static inline real *states_at(const network_run *run, int slot, size_t pass)
{
    return activation_at(run, slot, pass) + plan_of(run)->slots[slot].width * lanes_of(run);
}

/* Samples of a pass. */
static inline size_t pass_count(const network_run *run, size_t pass)
{
    const size_t L = lanes_of(run), left = run->count - pass * L;
    return left < L ? left : L;
}

static inline size_t passes_of(const network_run *run)
{
    return (run->count + lanes_of(run) - 1) / lanes_of(run);
}

static inline size_t steps_of(const network_run *run, const network_op *op, size_t pass)
{
    return run->tokens[op->index].steps[pass];
}

static inline const uint8_t *tokens_of(const network_run *run, const network_op *op, size_t pass)
{
    const stream_memory *tokens = &run->tokens[op->index];
    return tokens->tokens + pass * tokens->capacity * lanes_of(run);
}

static inline const lstm_weights *lstm_of(const network_run *run, const network_op *op)
{
    return &run->weights->lstms[op - plan_of(run)->ops];
}

/* Whether the LSTM reads tokens and not states. */
static inline bool reads_tokens(const network_run *run, const network_op *op)
{
    return op->layer == 0 && run->weights->kernels.packed;
}

static inline lstm_trace trace_of(const network_run *run, const network_op *op, size_t pass)
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

/* Whether only the last step of the gradients of states is kept: the C kernels read them all. */
static inline bool last_only(const network_run *run, int slot)
{
    return plan_of(run)->slots[slot].last_only && run->weights->kernels.packed;
}

static inline lstm_input lstm_input_of(const network_run *run, const network_op *op, size_t pass)
{
    return (lstm_input){
        .steps = steps_of(run, op, pass),
        .x = reads_tokens(run, op) ? NULL : states_at(run, op->input, pass),
        .tokens = tokens_of(run, op, pass),
        .symbols = run->tokens[op->index].symbols[pass],
        .last_only = last_only(run, op->output),
    };
}

static inline pooling_input pooling_input_of(const network_run *run, const network_op *op,
                                             size_t pass)
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

static inline conv_trace conv_trace_of(const network_run *run, const network_op *op, size_t pass,
                                       size_t lane)
{
    const size_t width = plan_of(run)->slots[op->output].width;
    const op_memory *memory = &run->ops[op - plan_of(run)->ops];
    return (conv_trace){
        .output = activation_at(run, op->output, pass) + lane * width,
        .chosen = memory->chosen + (pass * lanes_of(run) + lane) * width,
    };
}

/* --- one sample in the lanes --- */

/* lanes [n][L], the lane of one sample, from and to the values [n] of that sample. */
static inline void to_lane(real *lanes, size_t L, size_t lane, const real *values, size_t n)
{
    for (size_t i = 0; i < n; i++) lanes[i * L + lane] = values[i];
}

static inline void from_lane(real *values, const real *lanes, size_t L, size_t lane, size_t n)
{
    for (size_t i = 0; i < n; i++) values[i] = lanes[i * L + lane];
}

#endif
