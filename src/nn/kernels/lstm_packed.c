/* SPDX-License-Identifier: MIT */
/* Packed parameters of an LSTM.
 *
 * Dimensions: V symbols, E embedding, I inputs besides the table, H units, G = 4H.
 */
#include "nn/kernels/lstm_packed.h"

#include <string.h>

/* A hard sigmoid clips 0.2 a + 0.5; packed is that, and for the candidate a itself. */
static real gate_slope(size_t gate)
{
    return gate == LSTM_CANDIDATE ? 1 : (real)0.2;
}

static real gate_offset(size_t gate)
{
    return gate == LSTM_CANDIDATE ? 0 : (real)0.5;
}

/* Closes the input and the output gate, whatever is added. */
static const real closed = (real)-1e30;

void lstm_packed_place(lstm_packed *packed, const lstm *layer, const embedding *embed, bool first,
                       size_t *sums, dmg_arena *arena)
{
    const size_t H = layer->units, G = LSTM_GATES * H, I = first ? 0 : layer->inputs;
    const size_t tokens = lstm_no_token(embed->symbols) + 1U;
    *packed = (lstm_packed){
        .inputs = I,
        .units = H,
        .reversed = layer->reversed,
        .tokens = tokens,
        .table = dmg_arena_take(arena, G * tokens, sizeof(real)),
        .weight = dmg_arena_take(arena, (I + H) * G, sizeof(real)),
        .transposed = dmg_arena_take(arena, (I + H) * G, sizeof(real)),
        .sums = {.symbols = first ? embed->symbols + 1 : 1, .table = *sums},
    };
    packed->sums.weight = *sums + packed->sums.symbols * G;
    *sums = packed->sums.weight + (I + H) * G;
}

/* --- from parameters --- */

/* rows [count][gate][unit] into weight [count][unit][gate] and its transpose, `width` rows wide. */
static void set_rows(real *weight, real *transposed, const real *rows, size_t count, size_t H,
                     size_t width)
{
    const size_t G = LSTM_GATES * H;
    for (size_t i = 0; i < count; i++)
        for (size_t gate = 0; gate < LSTM_GATES; gate++)
            for (size_t u = 0; u < H; u++) {
                const real value = gate_slope(gate) * rows[i * G + gate * H + u];
                weight[i * G + u * LSTM_GATES + gate] = value;
                transposed[(u * LSTM_GATES + gate) * width + i] = value;
            }
}

/* x [E]: what a token is embedded as. */
static void embed_token(real *x, const embedding *embed, const real *params, size_t token)
{
    const uint8_t symbol = (uint8_t)(token < embed->symbols ? token : embed->symbols);
    embedding_forward(x, embed, params, &symbol, 1);
}

/* The pre-activation a [G] that a token brings: bias + x kernel. */
static void token_part(real *a, const lstm *layer, const embedding *embed, const real *params,
                       size_t token)
{
    const size_t G = LSTM_GATES * layer->units;
    real x[LSTM_MAX_UNITS];
    memcpy(a, params + layer->bias, G * sizeof *a);
    embed_token(x, embed, params, token);
    for (size_t i = 0; i < layer->inputs; i++)
        for (size_t g = 0; g < G; g++) a[g] += x[i] * params[layer->kernel + i * G + g];
}

static void set_column(const lstm_packed *packed, size_t token, const real *a)
{
    const size_t H = packed->units;
    for (size_t gate = 0; gate < LSTM_GATES; gate++)
        for (size_t u = 0; u < H; u++)
            packed->table[(u * LSTM_GATES + gate) * packed->tokens + token] =
                gate_slope(gate) * a[gate * H + u] + gate_offset(gate);
}

static void set_no_token(const lstm_packed *packed)
{
    for (size_t u = 0; u < packed->units; u++)
        for (size_t gate = 0; gate < LSTM_GATES; gate++)
            packed->table[(u * LSTM_GATES + gate) * packed->tokens + packed->tokens - 1] =
                gate == LSTM_INPUT || gate == LSTM_OUTPUT ? closed : 0;
}

void lstm_packed_set(const lstm_packed *packed, const lstm *layer, const embedding *embed,
                     const real *params)
{
    const size_t H = packed->units, G = LSTM_GATES * H, I = packed->inputs, width = I + H;
    real a[LSTM_GATES * LSTM_MAX_UNITS];
    for (size_t token = 0; token + 1 < packed->tokens; token++) {
        if (I == 0)
            token_part(a, layer, embed, params, token);
        else
            memcpy(a, params + layer->bias, G * sizeof *a);
        set_column(packed, token, a);
    }
    set_no_token(packed);
    set_rows(packed->weight, packed->transposed, params + layer->kernel, I, H, width);
    set_rows(packed->weight + I * G, packed->transposed + I, params + layer->recurrent, H, H,
             width);
}

/* --- from sums to gradients --- */

/* grads [count][gate][unit] += sums [count][unit][gate], whose gates were scaled. */
static void add_rows(real *grads, const real *sums, size_t count, size_t H)
{
    const size_t G = LSTM_GATES * H;
    for (size_t i = 0; i < count; i++)
        for (size_t gate = 0; gate < LSTM_GATES; gate++)
            for (size_t u = 0; u < H; u++)
                grads[i * G + gate * H + u] +=
                    gate_slope(gate) * sums[i * G + u * LSTM_GATES + gate];
}

/* The kernel and the embedding, from the gradient da [G] of what a token brings. */
static void token_gradient(real *grads, const lstm *layer, const embedding *embed,
                           const real *params, size_t token, const real *da)
{
    const size_t E = layer->inputs, G = LSTM_GATES * layer->units;
    const real *kernel = params + layer->kernel; /* [E][G] */
    const uint8_t symbol = (uint8_t)token;
    real x[LSTM_MAX_UNITS], dx[LSTM_MAX_UNITS] = {0};
    embed_token(x, embed, params, token);
    for (size_t e = 0; e < E; e++)
        for (size_t g = 0; g < G; g++) {
            grads[layer->kernel + e * G + g] += x[e] * da[g];
            dx[e] += kernel[e * G + g] * da[g];
        }
    embedding_backward(grads, embed, dx, &symbol, 1);
}

void lstm_packed_gradient(real *grads, const lstm_packed *packed, const lstm *layer,
                          const embedding *embed, const real *params, const real *sums)
{
    const size_t H = packed->units, G = LSTM_GATES * H, I = packed->inputs;
    for (size_t v = 0; v < packed->sums.symbols; v++) {
        real da[LSTM_GATES * LSTM_MAX_UNITS] = {0};
        add_rows(da, sums + packed->sums.table + v * G, 1, H);
        for (size_t g = 0; g < G; g++) grads[layer->bias + g] += da[g];
        if (I == 0) token_gradient(grads, layer, embed, params, v, da);
    }
    add_rows(grads + layer->kernel, sums + packed->sums.weight, I, H);
    add_rows(grads + layer->recurrent, sums + packed->sums.weight + I * G, H, H);
}
