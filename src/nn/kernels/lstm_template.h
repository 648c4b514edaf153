/* SPDX-License-Identifier: MIT */
/* LSTMs over LANES sequences at once (kernels.h says what the functions do). A template: a
 * vector_*.h is included first.
 *
 * Dimensions: T steps, I inputs, H units, G = 4H gates. A vector holds one value of all lanes.
 */
#ifndef DMG_NN_LSTM_TEMPLATE_H
#define DMG_NN_LSTM_TEMPLATE_H

#include <string.h>

#include "nn/kernels/activation_template.h"
#include "nn/kernels/kernels.h"
#include "nn/kernels/products_template.h"

/* --- forward --- */

/* One step of a layer: where its numbers lie. */
typedef struct forward_step {
    token_lanes token;             /* of each lane */
    const float *x, *h_before;     /* [I][LANES], [H][LANES] */
    const float *c_before;         /* [H][LANES] */
    float *gates, *tanh_c, *c, *h; /* [H][4][LANES], [H][LANES] each */
} forward_step;

/* N units from u on. */
ALWAYS_INLINE void units_forward(const forward_step *step, const lstm_packed *layer, size_t u,
                                 int N, bool keep, bool wide)
{
    const size_t I = layer->inputs, H = layer->units, G = GATES * H;
    const size_t tokens = wide ? TABLE_TOKENS_WIDE : TABLE_TOKENS;
    vector a[GATES * 3];
    for (int n = 0; n < GATES * N; n++)
        a[n] = lookup(layer->table + (GATES * u + (size_t)n) * tokens, step->token, wide);
    const float *weight = layer->weight + GATES * u;
    add_products(a, step->x, weight, I, G, GATES * N);
    add_products(a, step->h_before, weight + I * G, H, G, GATES * N);
    for (int n = 0; n < N; n++) {
        const size_t at = (u + (size_t)n) * LANES;
        const vector i = clip(a[GATES * n + LSTM_INPUT], 0, 1);
        const vector f = clip(a[GATES * n + LSTM_FORGET], 0, 1);
        const vector g = tanh_lanes(a[GATES * n + LSTM_CANDIDATE]);
        const vector o = clip(a[GATES * n + LSTM_OUTPUT], 0, 1);
        const vector c = multiply_add(f, load(step->c_before + at), multiply(i, g));
        const vector tanh_c = tanh_lanes(c);
        store(step->c + at, c);
        store(step->h + at, multiply(o, tanh_c));
        if (!keep) continue;
        store(step->tanh_c + at, tanh_c);
        store(step->gates + GATES * at + LSTM_INPUT * LANES, i);
        store(step->gates + GATES * at + LSTM_FORGET * LANES, f);
        store(step->gates + GATES * at + LSTM_CANDIDATE * LANES, g);
        store(step->gates + GATES * at + LSTM_OUTPUT * LANES, o);
    }
}

ALWAYS_INLINE void step_forward(const forward_step *step, const lstm_packed *layer, bool keep,
                                bool wide)
{
    const size_t H = layer->units;
    size_t u = 0;
    for (; u + 2 <= H; u += 2) units_forward(step, layer, u, 2, keep, wide);
    if (u < H) units_forward(step, layer, u, 1, keep, wide);
}

/* The k-th step in reading order. */
ALWAYS_INLINE size_t step_at(const lstm_packed *layer, size_t k, size_t T)
{
    return layer->reversed ? T - 1 - k : k;
}

static void clear_row(float *rows, size_t t, size_t width, size_t H)
{
    memset(rows + t * width * LANES, 0, H * LANES * sizeof *rows);
}

/* Without `keep` the cell stays in row 0, where each step finds and leaves it. */
ALWAYS_INLINE void steps_forward(const lstm_trace *trace, const lstm_packed *layer,
                                 const lstm_input *input, bool keep, bool wide)
{
    const size_t T = input->steps, I = layer->inputs, H = layer->units;
    const size_t cell_step = keep ? H * LANES : 0, hidden_step = trace->width * LANES;
    for (size_t k = 0; k < T; k++) {
        const size_t t = step_at(layer, k, T);
        const size_t before = layer->reversed ? t + 2 : t; /* rows t + 1 hold step t */
        const forward_step step = {
            .token = load_tokens(input->tokens + t * LANES),
            .x = I > 0 ? input->x + t * I * LANES : NULL,
            .h_before = trace->hidden + before * hidden_step,
            .c_before = trace->cell + before * cell_step,
            .gates = keep ? trace->gates + t * GATES * H * LANES : NULL,
            .tanh_c = keep ? trace->tanh_c + t * H * LANES : NULL,
            .c = trace->cell + (t + 1) * cell_step,
            .h = trace->hidden + (t + 1) * hidden_step,
        };
        step_forward(&step, layer, keep, wide);
    }
}

static void lstm_forward_lanes(const lstm_trace *trace, const lstm_weights *weights,
                               const lstm_input *input, bool keep)
{
    const lstm_packed *layer = &weights->packed;
    const size_t T = input->steps, H = layer->units;
    const bool wide = layer->tokens == TABLE_TOKENS_WIDE;
    clear_row(trace->hidden, 0, trace->width, H);
    clear_row(trace->hidden, T + 1, trace->width, H);
    clear_row(trace->cell, 0, H, H);
    if (keep) {
        clear_row(trace->cell, T + 1, H, H);
        if (wide)
            steps_forward(trace, layer, input, true, true);
        else
            steps_forward(trace, layer, input, true, false);
    } else {
        if (wide)
            steps_forward(trace, layer, input, false, true);
        else
            steps_forward(trace, layer, input, false, false);
    }
}

/* --- backward --- */

/* Turns the gates [H][4][LANES] of a step into the gradients of their pre-activations (of the
 * scaled ones, where weights are scaled), and leaves in dc [H][LANES] what reaches the cell of the
 * step before. */
ALWAYS_INLINE void gates_backward(float *gates, float *dc, const float *dh, const float *tanh_c,
                                  const float *c_before, size_t H)
{
    for (size_t u = 0; u < H; u++) {
        float *gate = gates + u * GATES * LANES;
        const vector i = load(gate + LSTM_INPUT * LANES), f = load(gate + LSTM_FORGET * LANES);
        const vector g = load(gate + LSTM_CANDIDATE * LANES);
        const vector o = load(gate + LSTM_OUTPUT * LANES);
        const vector dhidden = load(dh + u * LANES), s = load(tanh_c + u * LANES);
        const vector slope = multiply_subtract_from(s, s, fill(1));
        const vector dcell = multiply_add(multiply(dhidden, o), slope, load(dc + u * LANES));
        const vector di = multiply(dcell, g);
        const vector df = multiply(dcell, load(c_before + u * LANES));
        const vector dg = multiply(multiply(dcell, i), multiply_subtract_from(g, g, fill(1)));
        store(gate + LSTM_INPUT * LANES, unless_clipped(di, i));
        store(gate + LSTM_FORGET * LANES, unless_clipped(df, f));
        store(gate + LSTM_CANDIDATE * LANES, dg);
        store(gate + LSTM_OUTPUT * LANES, unless_clipped(multiply(dhidden, s), o));
        store(dc + u * LANES, multiply(dcell, f));
    }
}

/* So many steps are taken back before their part of the weights' gradient is added: few enough
 * to be in the cache still, many enough that loading the sums does not count. */
enum { BACK_STEPS = 64 };

/* Where the gradients of a layer are added up, for each lane by itself. */
typedef struct lane_sums {
    size_t symbols; /* S: tokens 0 .. S-1 have a row each; 1: the same row for all steps */
    float *dtable;  /* [S][H][4][LANES] */
    float *dweight; /* [I + H][H][4][LANES] */
} lane_sums;

/* Steps [begin, end) in reading order, last to first. dh and dc [H][LANES] come from the step after
 * and go to the step before. */
static void steps_backward(float *dx, float *dh, float *dc, const lstm_packed *layer,
                           const lstm_input *input, const lstm_trace *trace, const float *dhidden,
                           size_t begin, size_t end)
{
    static const float zeros[LSTM_MAX_UNITS * LANES];
    const size_t T = input->steps;
    const size_t I = layer->inputs, H = layer->units, G = GATES * H;
    for (size_t k = end; k-- > begin;) {
        const size_t t = step_at(layer, k, T);
        const size_t before = layer->reversed ? t + 2 : t; /* rows t + 1 hold step t */
        float *da = trace->gates + t * G * LANES, *dx_t = dx + t * I * LANES;
        gates_backward(da, dc, dh, trace->tanh_c + t * H * LANES, trace->cell + before * H * LANES,
                       H);
        if (I > 0) back_products(dx_t, dx_t, da, layer->transposed, G, I + H, I);
        if (k == 0) return;
        const float *base =
            input->last_only ? zeros : dhidden + step_at(layer, k - 1, T) * trace->width * LANES;
        back_products(dh, base, da, layer->transposed + I, G, I + H, H);
    }
}

/* rows [count][S][LANES]: 1 where a step carries that token. */
static void mark_tokens(float *rows, const uint8_t *all, size_t count, size_t S)
{
    for (size_t t = 0; t < count; t++) {
        const token_lanes token = load_tokens(all + t * LANES);
        for (size_t s = 0; s < S; s++)
            store(rows + (t * S + s) * LANES, only(is_token(token, s), fill(1)));
    }
}

/* Adds what the pre-activations of `count` steps from t on say of the token table. */
static void table_backward(const lane_sums *sums, const lstm_input *input, series da, size_t t,
                           size_t count, size_t G)
{
    float marks[BACK_STEPS * TABLE_TOKENS_WIDE * LANES];
    const size_t S = sums->symbols;
    if (S == 1) {
        store(marks, fill(1)); /* of the steps before a lane begins the gradient is 0 */
        add_outer_products(sums->dtable, (series){marks, 0}, da, count, S, G);
    } else {
        mark_tokens(marks, input->tokens + t * LANES, count, S);
        add_outer_products(sums->dtable, (series){marks, S * LANES}, da, count, S, G);
    }
}

/* The same of all weights. */
static void weights_backward(const lane_sums *sums, const lstm_packed *layer,
                             const lstm_input *input, const lstm_trace *trace, size_t t,
                             size_t count)
{
    const size_t I = layer->inputs, H = layer->units, G = GATES * H;
    const size_t before = layer->reversed ? t + 2 : t; /* rows t + 1 hold step t */
    const size_t hidden_step = trace->width * LANES;
    const series da = {trace->gates + t * G * LANES, G * LANES};
    const series h_before = {trace->hidden + before * hidden_step, hidden_step};
    table_backward(sums, input, da, t, count, G);
    add_outer_products(sums->dweight + I * G * LANES, h_before, da, count, H, G);
    if (I == 0) return;
    const series x = {input->x + t * I * LANES, I * LANES};
    add_outer_products(sums->dweight, x, da, count, I, G);
}

/* sums [n] += the sums over the lanes of values [n][LANES]; n is a multiple of 4. */
static void add_lanes(float *sums, size_t stride, const float *values, size_t n)
{
    for (size_t k = 0; k < n; k += 4) add_four_sums(sums + k, stride, values + k * LANES);
}

static void lstm_backward_lanes(float *sums, size_t stride, float *dx, const lstm_weights *weights,
                                const lstm_input *input, const lstm_trace *trace,
                                const float *dhidden, float *scratch)
{
    const lstm_packed *layer = &weights->packed;
    const size_t T = input->steps, H = layer->units, G = GATES * H, rows = layer->inputs + H;
    const size_t S = layer->inputs == 0 ? input->symbols : 1;
    float *dh = scratch, *dc = dh + H * LANES; /* [H][LANES] each */
    const lane_sums own = {S, dc + H * LANES, dc + H * LANES + S * G * LANES};
    memcpy(dh, dhidden + step_at(layer, T - 1, T) * trace->width * LANES, H * LANES * sizeof *dh);
    memset(dc, 0, (H + (S + rows) * G) * LANES * sizeof *dc);
    /* Blocks are counted from the end, where all lanes are: the order of a lane's sums does not
     * depend on T. */
    for (size_t end = T, begin; end > 0; end = begin) {
        begin = end > BACK_STEPS ? end - BACK_STEPS : 0;
        steps_backward(dx, dh, dc, layer, input, trace, dhidden, begin, end);
        weights_backward(&own, layer, input, trace, layer->reversed ? T - end : begin, end - begin);
    }
    add_lanes(sums + layer->sums.table, stride, own.dtable, S * G);
    add_lanes(sums + layer->sums.weight, stride, own.dweight, rows * G);
}

#endif
