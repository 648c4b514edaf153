/* SPDX-License-Identifier: MIT */
/* Layers over eight sequences at once, for AVX2 with FMA (kernels.h says what they do).
 *
 * Dimensions: T steps, I inputs, H units, G = 4H gates. A vector holds one value of all lanes.
 *
 * Nearly all the work are products of small matrices. Their sums are kept in registers, in tiles
 * whose size is known at compile time: functions that take such a size are inlined into callers
 * that name it. A tile has enough sums not to wait for one another, and no more than registers
 * hold.
 */
#include "nn/kernels/kernels.h"

#include <string.h>

#include "nn/kernels/pooling_avx2.h"
#include "nn/kernels/vector_avx2.h"

enum { GATES = LSTM_GATES, TILE_MOST = 10, DENSE_TILE = 8 };

/* --- activations --- */

/* Minimax approximation of tanh(x) / x by a quotient of polynomials in x^2 on [0, 9], relative
 * error 2.1e-8 (Remez exchange in 40 digits); beyond 9 tanh is 1 to within half a unit of float. */
ALWAYS_INLINE vector tanh_lanes(vector x)
{
    const vector a = clip(x, -9, 9), z = a * a;
    vector p = fill(1.33545684559e-8F);
    p = multiply_add(p, z, fill(2.06090124673e-5F));
    p = multiply_add(p, z, fill(3.49558376629e-3F));
    p = multiply_add(p, z, fill(0.133810219258F));
    p = multiply_add(p, z, fill(0.999999979451F));
    vector q = fill(7.77651941473e-7F);
    q = multiply_add(q, z, fill(3.28562776912e-4F));
    q = multiply_add(q, z, fill(2.58769654809e-2F));
    q = multiply_add(q, z, fill(0.467143375163F));
    q = multiply_add(q, z, fill(1));
    return a * p / q;
}

/* 1 / (1 + exp(-x)) = (1 + tanh(x / 2)) / 2, clipped because the quotient may pass 1 by half a
 * unit. */
ALWAYS_INLINE vector sigmoid_lanes(vector x)
{
    const vector y = multiply_add(fill(0.5F), tanh_lanes(fill(0.5F) * x), fill(0.5F));
    return clip(y, 0, 1);
}

/* What a hard sigmoid, clipped to 0 .. 1, lets through of `gradient`. */
ALWAYS_INLINE vector unless_clipped(vector gradient, vector value)
{
    const vector inside = _mm256_and_ps(_mm256_cmp_ps(value, fill(0), _CMP_GT_OQ),
                                        _mm256_cmp_ps(value, fill(1), _CMP_LT_OQ));
    return _mm256_and_ps(gradient, inside);
}

/* --- products --- */

/* sum[n] += x [inputs][LANES] weight[.][n], n < N; `stride` floats from row to row of weight. */
ALWAYS_INLINE void add_products(vector *sum, const float *x, const float *weight, size_t inputs,
                                size_t stride, int N)
{
    for (size_t i = 0; i < inputs; i++) {
        const vector value = load(x + i * LANES);
        for (int n = 0; n < N; n++)
            sum[n] = multiply_add(value, fill(weight[i * stride + (size_t)n]), sum[n]);
    }
}

/* y[n] = base[n] + da [G][LANES] transposed[.][n], n < N */
ALWAYS_INLINE void back_tile(float *y, const float *base, const float *da, const float *transposed,
                             size_t G, size_t stride, int N)
{
    vector sum[TILE_MOST];
    for (int n = 0; n < N; n++) sum[n] = load(base + n * LANES);
    add_products(sum, da, transposed, G, stride, N);
    for (int n = 0; n < N; n++) store(y + n * LANES, sum[n]);
}

/* Of `count` columns left, how many the next tile takes: tiles of at most `most`, as equal as can
 * be. */
static inline size_t tile_size(size_t count, size_t most)
{
    const size_t tiles = (count + most - 1) / most;
    return (count + tiles - 1) / tiles;
}

/* y [outputs][LANES] = base [outputs][LANES] + da [G][LANES] transposed [G][stride] */
static void back_products(float *y, const float *base, const float *da, const float *transposed,
                          size_t G, size_t stride, size_t outputs)
{
    for (size_t n = 0, N; n < outputs; n += N) {
        float *to = y + n * LANES;
        const float *from = base + n * LANES, *weight = transposed + n;
        N = tile_size(outputs - n, 10);
        switch (N) {
        case 1: back_tile(to, from, da, weight, G, stride, 1); break;
        case 2: back_tile(to, from, da, weight, G, stride, 2); break;
        case 3: back_tile(to, from, da, weight, G, stride, 3); break;
        case 4: back_tile(to, from, da, weight, G, stride, 4); break;
        case 5: back_tile(to, from, da, weight, G, stride, 5); break;
        case 6: back_tile(to, from, da, weight, G, stride, 6); break;
        case 7: back_tile(to, from, da, weight, G, stride, 7); break;
        case 8: back_tile(to, from, da, weight, G, stride, 8); break;
        case 9: back_tile(to, from, da, weight, G, stride, 9); break;
        default: back_tile(to, from, da, weight, G, stride, 10); break;
        }
    }
}

/* One value a step for each of `width` rows or columns, [T][width][LANES], and how many floats lie
 * between steps. */
typedef struct series {
    const float *values;
    size_t step;
} series;

/* sums[r][c] += sum over T steps of row[t][r] column[t][c], r < R, c < 4; G sums in a row. */
ALWAYS_INLINE void outer_tile(float *sums, series row, series column, size_t T, size_t G, int R)
{
    vector sum[3][GATES];
    for (int r = 0; r < R; r++)
        for (int c = 0; c < GATES; c++)
            sum[r][c] = load(sums + ((size_t)r * G + (size_t)c) * LANES);
    for (size_t t = 0; t < T; t++) {
        vector factor[3];
        for (int r = 0; r < R; r++) factor[r] = load(row.values + t * row.step + r * LANES);
        for (int c = 0; c < GATES; c++) {
            const vector value = load(column.values + t * column.step + c * LANES);
            for (int r = 0; r < R; r++) sum[r][c] = multiply_add(factor[r], value, sum[r][c]);
        }
    }
    for (int r = 0; r < R; r++)
        for (int c = 0; c < GATES; c++)
            store(sums + ((size_t)r * G + (size_t)c) * LANES, sum[r][c]);
}

ALWAYS_INLINE void outer_tiles(float *sums, series row, series column, size_t T, size_t G, int R)
{
    for (size_t c = 0; c < G; c += GATES) {
        const series unit = {column.values + c * LANES, column.step};
        outer_tile(sums + c * LANES, row, unit, T, G, R);
    }
}

/* sums [rows][G][LANES] += sum over T steps of the outer products of row and column. */
static void add_outer_products(float *sums, series row, series column, size_t T, size_t rows,
                               size_t G)
{
    for (size_t r = 0, R; r < rows; r += R) {
        const series from = {row.values + r * LANES, row.step};
        float *to = sums + r * G * LANES;
        R = tile_size(rows - r, 3);
        switch (R) {
        case 1: outer_tiles(to, from, column, T, G, 1); break;
        case 2: outer_tiles(to, from, column, T, G, 2); break;
        default: outer_tiles(to, from, column, T, G, 3); break;
        }
    }
}

/* sums [n] += the sums over the lanes of values [n][LANES]; n is a multiple of 4. */
static void add_lanes(float *sums, size_t stride, const float *values, size_t n)
{
    (void)stride;
    for (size_t k = 0; k < n; k += 4) {
        const float *v = values + k * LANES;
        const vector first = _mm256_hadd_ps(load(v), load(v + LANES));
        const vector second = _mm256_hadd_ps(load(v + 2 * LANES), load(v + 3 * LANES));
        const vector halves = _mm256_hadd_ps(first, second);
        const __m128 all =
            _mm_add_ps(_mm256_castps256_ps128(halves), _mm256_extractf128_ps(halves, 1));
        _mm_storeu_ps(sums + k, _mm_add_ps(_mm_loadu_ps(sums + k), all));
    }
}

/* --- LSTM forward --- */

/* One step of a layer: where its numbers lie. */
typedef struct forward_step {
    __m256i token;                 /* of each lane */
    const float *x, *h_before;     /* [I][LANES], [H][LANES] */
    const float *c_before;         /* [H][LANES] */
    float *gates, *tanh_c, *c, *h; /* [H][4][LANES], [H][LANES] each */
} forward_step;

/* Of 8 entries, or of 24: the lowest three bits of a token choose in each eight, the next two the
 * eight, as sign bits of the lanes. */
ALWAYS_INLINE vector table_row(const float *entries, __m256i token, bool wide)
{
    const vector first = _mm256_permutevar8x32_ps(load(entries), token);
    if (!wide) return first;
    const vector second = _mm256_permutevar8x32_ps(load(entries + 8), token);
    const vector third = _mm256_permutevar8x32_ps(load(entries + 16), token);
    const vector bit3 = _mm256_castsi256_ps(_mm256_slli_epi32(token, 28));
    const vector bit4 = _mm256_castsi256_ps(_mm256_slli_epi32(token, 27));
    return _mm256_blendv_ps(_mm256_blendv_ps(first, second, bit3), third, bit4);
}

/* N units from u on. */
ALWAYS_INLINE void units_forward(const forward_step *step, const lstm_packed *layer, size_t u,
                                 int N, bool keep, bool wide)
{
    const size_t I = layer->inputs, H = layer->units, G = GATES * H;
    const size_t tokens = wide ? TABLE_TOKENS_WIDE : TABLE_TOKENS;
    vector a[GATES * 3];
    for (int n = 0; n < GATES * N; n++)
        a[n] = table_row(layer->table + (GATES * u + (size_t)n) * tokens, step->token, wide);
    const float *weight = layer->weight + GATES * u;
    add_products(a, step->x, weight, I, G, GATES * N);
    add_products(a, step->h_before, weight + I * G, H, G, GATES * N);
    for (int n = 0; n < N; n++) {
        const size_t at = (u + (size_t)n) * LANES;
        const vector i = clip(a[GATES * n + LSTM_INPUT], 0, 1);
        const vector f = clip(a[GATES * n + LSTM_FORGET], 0, 1);
        const vector g = tanh_lanes(a[GATES * n + LSTM_CANDIDATE]);
        const vector o = clip(a[GATES * n + LSTM_OUTPUT], 0, 1);
        const vector c = multiply_add(f, load(step->c_before + at), i * g);
        const vector tanh_c = tanh_lanes(c);
        store(step->c + at, c);
        store(step->h + at, o * tanh_c);
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
        const __m128i tokens = _mm_loadl_epi64((const void *)(input->tokens + t * LANES));
        const forward_step step = {
            .token = _mm256_cvtepu8_epi32(tokens),
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

static void lstm_forward_avx2(const lstm_trace *trace, const lstm_weights *weights,
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

/* --- LSTM backward --- */

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
        const vector slope = _mm256_fnmadd_ps(s, s, fill(1));
        const vector dcell = multiply_add(dhidden * o, slope, load(dc + u * LANES));
        const vector di = dcell * g, df = dcell * load(c_before + u * LANES);
        const vector dg = dcell * i * _mm256_fnmadd_ps(g, g, fill(1));
        store(gate + LSTM_INPUT * LANES, unless_clipped(di, i));
        store(gate + LSTM_FORGET * LANES, unless_clipped(df, f));
        store(gate + LSTM_CANDIDATE * LANES, dg);
        store(gate + LSTM_OUTPUT * LANES, unless_clipped(dhidden * s, o));
        store(dc + u * LANES, dcell * f);
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
static void steps_backward(float *dx, float *dh, float *dc, const lstm_packed *layer, size_t T,
                           const lstm_trace *trace, const float *dhidden, size_t begin, size_t end)
{
    const size_t I = layer->inputs, H = layer->units, G = GATES * H;
    for (size_t k = end; k-- > begin;) {
        const size_t t = step_at(layer, k, T);
        const size_t before = layer->reversed ? t + 2 : t; /* rows t + 1 hold step t */
        float *da = trace->gates + t * G * LANES, *dx_t = dx + t * I * LANES;
        gates_backward(da, dc, dh, trace->tanh_c + t * H * LANES, trace->cell + before * H * LANES,
                       H);
        if (I > 0) back_products(dx_t, dx_t, da, layer->transposed, G, I + H, I);
        if (k == 0) return;
        const float *base = dhidden + step_at(layer, k - 1, T) * trace->width * LANES;
        back_products(dh, base, da, layer->transposed + I, G, I + H, H);
    }
}

/* rows [count][S][LANES]: 1 where a step carries that token. */
static void mark_tokens(float *rows, const uint8_t *tokens, size_t count, size_t S)
{
    for (size_t t = 0; t < count; t++) {
        const __m128i bytes = _mm_loadl_epi64((const void *)(tokens + t * LANES));
        const __m256i token = _mm256_cvtepu8_epi32(bytes);
        for (size_t s = 0; s < S; s++) {
            const __m256i same = _mm256_cmpeq_epi32(token, _mm256_set1_epi32((int)s));
            store(rows + (t * S + s) * LANES, _mm256_and_ps(_mm256_castsi256_ps(same), fill(1)));
        }
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

static void lstm_backward_avx2(float *sums, size_t stride, float *dx, const lstm_weights *weights,
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
        steps_backward(dx, dh, dc, layer, T, trace, dhidden, begin, end);
        weights_backward(&own, layer, input, trace, layer->reversed ? T - end : begin, end - begin);
    }
    add_lanes(sums + layer->sums.table, stride, own.dtable, S * G);
    add_lanes(sums + layer->sums.weight, stride, own.dweight, rows * G);
}

/* --- dense layers --- */

/* A lane's softmax is the scalar one: there are few of them, and small probabilities keep all their
 * digits. */
static void softmax_lanes(float *y, size_t n)
{
    float own[LSTM_MAX_UNITS];
    for (size_t b = 0; b < LANES; b++) {
        for (size_t o = 0; o < n; o++) own[o] = y[o * LANES + b];
        activation_forward(own, ACTIVATION_SOFTMAX, n);
        for (size_t o = 0; o < n; o++) y[o * LANES + b] = own[o];
    }
}

static void activate(float *y, activation kind, size_t n)
{
    const size_t end = n * LANES;
    switch (kind) {
    case ACTIVATION_SIGMOID:
        for (size_t k = 0; k < end; k += LANES) store(y + k, sigmoid_lanes(load(y + k)));
        break;
    case ACTIVATION_TANH:
        for (size_t k = 0; k < end; k += LANES) store(y + k, tanh_lanes(load(y + k)));
        break;
    case ACTIVATION_RELU: /* of 0 and NaN the second is taken, as by the scalar code */
        for (size_t k = 0; k < end; k += LANES) store(y + k, _mm256_max_ps(fill(0), load(y + k)));
        break;
    case ACTIVATION_SOFTMAX: softmax_lanes(y, n); break;
    }
}

static void softmax_backward(float *dy, const float *y, size_t n)
{
    vector along = fill(0);
    for (size_t k = 0; k < n * LANES; k += LANES)
        along = multiply_add(load(dy + k), load(y + k), along);
    for (size_t k = 0; k < n * LANES; k += LANES)
        store(dy + k, load(y + k) * (load(dy + k) - along));
}

static void activation_backward_avx2(float *dy, activation kind, const float *y, size_t n)
{
    const size_t end = n * LANES;
    if (kind == ACTIVATION_SOFTMAX) {
        softmax_backward(dy, y, n);
        return;
    }
    for (size_t k = 0; k < end; k += LANES) {
        const vector value = load(y + k), gradient = load(dy + k);
        switch (kind) {
        case ACTIVATION_SIGMOID: store(dy + k, gradient * value * (fill(1) - value)); break;
        case ACTIVATION_TANH:
            store(dy + k, gradient * _mm256_fnmadd_ps(value, value, fill(1)));
            break;
        case ACTIVATION_RELU:
            store(dy + k, _mm256_and_ps(gradient, _mm256_cmp_ps(value, fill(0), _CMP_GT_OQ)));
            break;
        case ACTIVATION_SOFTMAX: break;
        }
    }
}

/* y[n] = bias[n] + x [inputs][LANES] weight[.][n], n < N */
ALWAYS_INLINE void dense_tile(float *y, const float *weight, const float *bias, const float *x,
                              size_t inputs, size_t units, int N)
{
    vector sum[DENSE_TILE];
    for (int n = 0; n < N; n++) sum[n] = fill(bias[n]);
    add_products(sum, x, weight, inputs, units, N);
    for (int n = 0; n < N; n++) store(y + n * LANES, sum[n]);
}

static void dense_forward_avx2(float *y, const dense *layer, const float *params, const float *x)
{
    const size_t I = layer->inputs, O = layer->units;
    const float *weight = params + layer->weight, *bias = params + layer->bias;
    size_t o = 0;
    for (; o + DENSE_TILE <= O; o += DENSE_TILE)
        dense_tile(y + o * LANES, weight + o, bias + o, x, I, O, DENSE_TILE);
    for (; o < O; o++) dense_tile(y + o * LANES, weight + o, bias + o, x, I, O, 1);
    activate(y, layer->activation, O);
}

static void dense_backward_avx2(float *sums, size_t stride, float *dx, const dense *layer,
                                const float *params, const float *x, const float *da)
{
    const size_t I = layer->inputs, O = layer->units;
    const float *weight = params + layer->weight;
    float *dweight = sums + layer->weight;
    for (size_t o = 0; o < O; o++) add_sum(sums + layer->bias + o, stride, load(da + o * LANES));
    for (size_t i = 0; i < I; i++) {
        const vector xi = load(x + i * LANES);
        vector sum = fill(0);
        for (size_t o = 0; o < O; o++) {
            const vector gradient = load(da + o * LANES);
            add_sum(dweight + i * O + o, stride, xi * gradient);
            sum = multiply_add(gradient, fill(weight[i * O + o]), sum);
        }
        store(dx + i * LANES, sum);
    }
}

void network_kernels_set_avx2(network_kernels *kernels)
{
    *kernels = (network_kernels){
        .lanes = LANES,
        .packed = true,
        .lstm_forward = lstm_forward_avx2,
        .lstm_backward = lstm_backward_avx2,
        .pooling_forward = pooling_forward_avx2,
        .pooling_backward = pooling_backward_avx2,
        .dense_forward = dense_forward_avx2,
        .dense_backward = dense_backward_avx2,
        .activation_backward = activation_backward_avx2,
    };
}
