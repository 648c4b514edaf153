/* SPDX-License-Identifier: MIT */
/* The decoder of an LSTM autoencoder. */
#include "nn/decoder.h"

#include <stdbool.h>
#include <string.h>

#include "nn/initial.h"
#include "nn/loss.h"

decoder decoder_layout(size_t begin, size_t width, size_t units, size_t symbols)
{
    const size_t recurrent = begin + width * LSTM_GATES * units;
    const size_t bias = recurrent + units * LSTM_GATES * units;
    const size_t weight = bias + LSTM_GATES * units;
    return (decoder){
        .reader = {.inputs = width,
                   .units = units,
                   .kernel = begin,
                   .recurrent = recurrent,
                   .bias = bias},
        .speaker = {.inputs = units,
                    .units = symbols,
                    .weight = weight,
                    .bias = weight + units * symbols,
                    .activation = ACTIVATION_SOFTMAX},
        .parameters = weight + (units + 1) * symbols - begin,
    };
}

void decoder_initial(real *params, const decoder *layer, dmg_rng *rng)
{
    lstm_initial(params, &layer->reader, rng);
    dense_initial(params, &layer->speaker, rng);
}

void decoder_place(decoder_trace *trace, const decoder *layer, dmg_arena *arena, size_t steps)
{
    const size_t D = layer->reader.inputs, H = layer->reader.units;
    trace->x = dmg_arena_take(arena, steps * D, sizeof(real));
    trace->states.gates = dmg_arena_take(arena, steps * LSTM_GATES * H, sizeof(real));
    trace->states.tanh_c = dmg_arena_take(arena, steps * H, sizeof(real));
    trace->states.cell = dmg_arena_take(arena, (steps + 2) * H, sizeof(real));
    trace->states.hidden = dmg_arena_take(arena, (steps + 2) * H, sizeof(real));
    trace->states.width = H;
    trace->probabilities = dmg_arena_take(arena, steps * layer->speaker.units, sizeof(real));
    trace->dhidden = dmg_arena_take(arena, steps * H, sizeof(real));
    trace->dx = dmg_arena_take(arena, steps * D, sizeof(real));
}

/* target [V]: all 0 but for the token; false where it is not a symbol. */
static bool set_target(real *target, const decoder *layer, uint8_t token)
{
    if (token >= layer->speaker.units) return false;
    memset(target, 0, layer->speaker.units * sizeof *target);
    target[token] = 1;
    return true;
}

double decoder_forward(decoder_trace *trace, const decoder *layer, const real *params,
                       const real *vector, const uint8_t *tokens, size_t steps)
{
    const size_t D = layer->reader.inputs, H = layer->reader.units, V = layer->speaker.units;
    const real *hidden = trace->states.hidden + H; /* the first row is before the first step */
    real target[DECODER_MAX_SYMBOLS];
    double loss = 0;
    for (size_t t = 0; t < steps; t++) memcpy(trace->x + t * D, vector, D * sizeof *vector);
    lstm_forward(&trace->states, &layer->reader, params, trace->x, steps);
    for (size_t t = 0; t < steps; t++) {
        real *p = trace->probabilities + t * V;
        dense_forward(p, &layer->speaker, params, hidden + t * H);
        if (set_target(target, layer, tokens[steps - 1 - t]))
            loss += loss_value(LOSS_CROSS_ENTROPY, ACTIVATION_SOFTMAX, p, target, V);
    }
    return loss / (double)steps;
}

void decoder_backward(real *grads, real *dvector, const decoder *layer, const real *params,
                      decoder_trace *trace, const uint8_t *tokens, size_t steps, real scale)
{
    const size_t D = layer->reader.inputs, H = layer->reader.units, V = layer->speaker.units;
    real target[DECODER_MAX_SYMBOLS], da[DECODER_MAX_SYMBOLS], scratch[6 * LSTM_MAX_UNITS];
    memset(trace->dhidden, 0, steps * H * sizeof *trace->dhidden);
    for (size_t t = 0; t < steps; t++) {
        if (!set_target(target, layer, tokens[steps - 1 - t])) continue;
        loss_backward(da, LOSS_CROSS_ENTROPY, ACTIVATION_SOFTMAX, trace->probabilities + t * V,
                      target, V, scale / (real)steps);
        dense_backward(grads, trace->dhidden + t * H, &layer->speaker, params,
                       trace->states.hidden + (t + 1) * H, da);
    }
    memset(trace->dx, 0, steps * D * sizeof *trace->dx);
    lstm_backward(grads, trace->dx, &layer->reader, params, trace->x, steps, &trace->states,
                  trace->dhidden, scratch);
    memset(dvector, 0, D * sizeof *dvector);
    for (size_t t = 0; t < steps; t++)
        for (size_t i = 0; i < D; i++) dvector[i] += trace->dx[t * D + i];
}
