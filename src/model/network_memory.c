/* SPDX-License-Identifier: MIT */
/* Working memory of a run: one block, laid out for the plan, that grows with the samples. */
#include "model/network_memory.h"

#include <stdlib.h>

#include "base/error.h"

static real *take(network_run *run, size_t count)
{
    return dmg_arena_take(&run->arena, count, sizeof(real));
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

dmg_status network_memory_reserve(network_run *run, bool streams, dmg_error *err)
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
