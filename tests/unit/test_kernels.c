/* SPDX-License-Identifier: MIT */
/* Each kernel of each level against C: sizes around the tiles, lanes of any length, buffers at any
 * alignment between guards. With --bench the same cases are timed instead:
 *
 *     test_kernels --bench
 *
 * prints one JSON object for each kernel and level, with nanoseconds for a sample (of an LSTM, for
 * a step of a sample).
 */
#include <float.h>
#include <math.h>
#include <time.h>

#include "base/rng.h"
#include "nn/kernels/kernels.h"
#include "unit.h"

enum { SEED = 20160521, CASES = 200, GUARD = 16, MOST_BLOCKS = 256, MOST_STEPS = 150 };

static const dmg_cpu fast_levels[] = {DMG_CPU_V128, DMG_CPU_AVX2, DMG_CPU_AVX512};

enum { FAST_LEVELS = sizeof fast_levels / sizeof *fast_levels };

/* --- what cases are made of --- */

static size_t draw(dmg_rng *rng, size_t from, size_t to)
{
    return from + (size_t)dmg_rng_below(rng, to - from + 1);
}

/* Blocks between guards; all that was taken is checked and freed at the end of a case. */
static struct {
    float *memory;
    size_t begin, end; /* between them the caller's */
} blocks[MOST_BLOCKS];

static size_t block_count;

static const float guard = 12345.678F;

/* n floats, none of them a number, at any alignment of a float. */
static float *take(size_t n, dmg_rng *rng)
{
    assert_true(block_count < MOST_BLOCKS);
    const size_t begin = GUARD + draw(rng, 0, GUARD - 1), all = begin + n + GUARD;
    float *memory = malloc(all * sizeof *memory);
    assert_non_null(memory);
    for (size_t k = 0; k < all; k++) memory[k] = k < begin || k >= begin + n ? guard : NAN;
    blocks[block_count].memory = memory;
    blocks[block_count].begin = begin;
    blocks[block_count++].end = begin + n;
    return memory + begin;
}

static float *take_random(size_t n, double scale, dmg_rng *rng)
{
    float *x = take(n, rng);
    for (size_t k = 0; k < n; k++) x[k] = (float)(scale * (2 * dmg_rng_uniform(rng) - 1));
    return x;
}

static float *take_zero(size_t n, dmg_rng *rng)
{
    return take_random(n, 0, rng);
}

static float *take_copy(const float *from, size_t n, dmg_rng *rng)
{
    float *x = take(n, rng);
    memcpy(x, from, n * sizeof *x);
    return x;
}

static void finish(void)
{
    while (block_count > 0) {
        block_count--;
        const float *memory = blocks[block_count].memory;
        for (size_t k = 0; k < GUARD; k++) {
            assert_true(memory[blocks[block_count].begin - 1 - k] == guard);
            assert_true(memory[blocks[block_count].end + k] == guard);
        }
        free(blocks[block_count].memory);
    }
}

/* Lane b of x [n][lanes]. */
static void lane_of(float *own, const float *x, size_t n, size_t lanes, size_t b)
{
    for (size_t k = 0; k < n; k++) own[k] = x[k * lanes + b];
}

/* The largest |a - b| over the largest |b|, or over 1 if that is less. */
static double difference(const float *a, const float *b, size_t n)
{
    double worst = 0, largest = 1;
    for (size_t k = 0; k < n; k++) {
        if (!isfinite(a[k])) return INFINITY;
        worst = fmax(worst, fabs((double)a[k] - (double)b[k]));
        largest = fmax(largest, fabs((double)b[k]));
    }
    return worst / largest;
}

static void assert_close(const char *what, const float *a, const float *b, size_t n, double bound)
{
    const double d = difference(a, b, n);
    if (!(d <= bound)) fail_msg("%s differs by %.1e", what, d);
}

/* Sums of `lanes` samples are those of units, `n` floats each. */
static size_t units_of(size_t lanes)
{
    return (lanes + SUM_UNIT - 1) / SUM_UNIT;
}

typedef void kernel_check(const network_kernels *kernels, dmg_rng *rng);

static void for_levels(kernel_check *check)
{
    for (int k = 0; k < FAST_LEVELS; k++) {
        dmg_cpu cpu = fast_levels[k];
        if (dmg_cpu_resolve(&cpu, NULL) != DMG_OK) {
            print_message("skipped: this processor has no %s\n", dmg_cpu_name(fast_levels[k]));
            continue;
        }
        const network_kernels kernels = network_kernels_for(cpu);
        for (uint64_t c = 0; c < CASES; c++) {
            dmg_rng rng;
            dmg_rng_init(&rng, SEED, c);
            check(&kernels, &rng);
            finish();
        }
    }
}

/* --- LSTM --- */

typedef struct lstm_case {
    lstm layer;
    embedding embed;
    bool first;     /* reads tokens */
    bool last_only; /* the gradient is that of the last step */
    size_t lanes, steps, parameters, width, column;
    size_t lengths[MAX_LANES];
    lstm_weights weights;
    dmg_arena arena;
    size_t sums;                  /* length of a block of sums */
    uint8_t *tokens;              /* [T][lanes] */
    float *params, *x, *dhidden;  /* x [T][I][lanes], dhidden [T][width][lanes] */
    float *gates, *tanh_c, *cell; /* of the trace */
    float *hidden, *dx, *gradient, *scratch;
} lstm_case;

static void draw_lstm(lstm_case *c, size_t lanes, size_t units, size_t steps, dmg_rng *rng)
{
    const size_t V = draw(rng, 0, 1) ? 4 : 16, E = draw(rng, 1, 6);
    *c = (lstm_case){.first = draw(rng, 0, 1), .lanes = lanes, .steps = steps};
    const size_t I = c->first ? E : draw(rng, 1, 12), G = LSTM_GATES * units;
    c->embed = (embedding){.symbols = V, .plain = V - 1, .size = E};
    c->layer = (lstm){
        .inputs = I,
        .units = units,
        .kernel = V * E,
        .recurrent = V * E + I * G,
        .bias = V * E + (I + units) * G,
        .reversed = draw(rng, 0, 1),
    };
    c->parameters = V * E + (I + units + 1) * G;
    c->width = units + (draw(rng, 0, 1) ? draw(rng, 1, 5) : 0);
    c->column = draw(rng, 0, c->width - units);
    c->params = take_random(c->parameters, 1.5 / sqrt((double)(I + units)), rng);
    if (draw(rng, 0, 3) == 0) /* some gates are held at 0 or 1 */
        for (size_t g = 0; g < G; g++)
            c->params[c->layer.bias + g] += 6 * ((float)draw(rng, 0, 2) - 1);
}

static void draw_tokens(lstm_case *c, dmg_rng *rng)
{
    const size_t V = c->embed.symbols, T = c->steps, L = c->lanes;
    const bool any = draw(rng, 0, 1);
    c->tokens = malloc(T * L);
    assert_non_null(c->tokens);
    memset(c->tokens, lstm_no_token(V), T * L);
    for (size_t b = 0; b < L; b++) {
        c->lengths[b] = b == 0 ? T : draw(rng, 0, T); /* one is as long as the pass */
        for (size_t t = T - c->lengths[b]; t < T; t++)
            c->tokens[t * L + b] = (uint8_t)draw(rng, 0, V - (any ? 0 : 1));
    }
}

static lstm_case *lstm_open(size_t lanes, size_t units, size_t steps, dmg_rng *rng)
{
    lstm_case *c = malloc(sizeof *c);
    assert_non_null(c);
    draw_lstm(c, lanes, units, steps, rng);
    draw_tokens(c, rng);
    const size_t I = c->layer.inputs, H = units, T = steps, L = lanes;
    c->sums = c->parameters;
    for (int round = 0; round < 2; round++) {
        size_t sums = c->parameters;
        lstm_packed_place(&c->weights.packed, &c->layer, &c->embed, c->first, &sums, &c->arena);
        if (round == 0) assert_true(dmg_arena_alloc(&c->arena));
        c->sums = sums;
    }
    lstm_packed_set(&c->weights.packed, &c->layer, &c->embed, c->params);
    c->weights.layer = &c->layer;
    c->weights.params = c->params;
    c->x = take_random(T * I * L, 1, rng);
    c->dhidden = take_random(T * c->width * L, 1, rng);
    c->gates = take(T * LSTM_GATES * H * L, rng);
    c->tanh_c = take(T * H * L, rng);
    c->cell = take((T + 2) * H * L, rng);
    c->hidden = take((T + 2) * c->width * L, rng);
    c->dx = take_zero(T * I * L, rng);
    c->gradient = take_zero(units_of(L) * c->sums, rng);
    c->scratch = take(lstm_scratch(&c->weights, L), rng);
    return c;
}

static void lstm_close(lstm_case *c)
{
    dmg_arena_clear(&c->arena);
    free(c->tokens);
    free(c);
}

static lstm_trace lstm_case_trace(const lstm_case *c)
{
    return (lstm_trace){c->gates, c->tanh_c, c->cell, c->hidden + c->column * c->lanes, c->width};
}

static lstm_input lstm_case_input(const lstm_case *c)
{
    return (lstm_input){.steps = c->steps,
                        .x = c->x,
                        .tokens = c->tokens,
                        .symbols = c->embed.symbols + 1,
                        .last_only = c->last_only};
}

static void lstm_case_forward(const lstm_case *c, const network_kernels *kernels, bool keep)
{
    const lstm_trace trace = lstm_case_trace(c);
    const lstm_input input = lstm_case_input(c);
    kernels->lstm_forward(&trace, &c->weights, &input, keep);
}

static void lstm_case_backward(const lstm_case *c, const network_kernels *kernels)
{
    const lstm_trace trace = lstm_case_trace(c);
    const lstm_input input = lstm_case_input(c);
    kernels->lstm_backward(c->gradient, c->sums, c->first ? NULL : c->dx, &c->weights, &input,
                           &trace, c->dhidden + c->column * c->lanes, c->scratch);
}

/* What C makes of one lane, alone. */
typedef struct lstm_lane {
    size_t length;
    float *x, *dhidden, *dx; /* [length][I], [length][H], [length][I] */
    lstm_trace trace;
} lstm_lane;

static lstm_lane lstm_lane_forward(const lstm_case *c, size_t b, dmg_rng *rng)
{
    const size_t I = c->layer.inputs, H = c->layer.units, L = c->lanes, T = c->lengths[b];
    const size_t begin = c->steps - T;
    lstm_lane lane = {.length = T, .x = take(T * I, rng), .dhidden = take(T * H, rng)};
    uint8_t tokens[MOST_STEPS];
    for (size_t t = 0; t < T; t++) {
        tokens[t] = c->tokens[(begin + t) * L + b];
        lane_of(lane.x + t * I, c->x + (begin + t) * I * L, I, L, b);
        lane_of(lane.dhidden + t * H, c->dhidden + ((begin + t) * c->width + c->column) * L, H, L,
                b);
    }
    if (c->first) embedding_forward(lane.x, &c->embed, c->params, tokens, T);
    lane.dx = take_zero(T * I, rng);
    lane.trace = (lstm_trace){take(T * LSTM_GATES * H, rng), take(T * H, rng),
                              take((T + 2) * H, rng), take((T + 2) * H, rng), H};
    lstm_forward(&lane.trace, &c->layer, c->params, lane.x, T);
    return lane;
}

/* Hidden states of a lane; before it begins they are zero to the bit. */
static void check_hidden(const lstm_case *c, size_t b, const lstm_lane *lane)
{
    const size_t H = c->layer.units, L = c->lanes, begin = c->steps - lane->length;
    float own[LSTM_MAX_UNITS];
    for (size_t row = 0; row < c->steps + 2; row++) {
        lane_of(own, c->hidden + (row * c->width + c->column) * L, H, L, b);
        const bool zero = row <= begin || row == c->steps + 1;
        for (size_t u = 0; u < H; u++) assert_true(!zero || own[u] == 0);
        if (!zero) assert_close("hidden", own, lane->trace.hidden + (row - begin) * H, H, 3e-6);
    }
}

/* Adds the lane's gradient by C to grads and checks what the layer below gets. */
static void check_lane_backward(float *grads, const lstm_case *c, size_t b, lstm_lane *lane,
                                dmg_rng *rng)
{
    const size_t I = c->layer.inputs, L = c->lanes, T = lane->length, begin = c->steps - T;
    const uint8_t any = (uint8_t)c->embed.symbols;
    uint8_t tokens[MOST_STEPS];
    lstm_backward(grads, lane->dx, &c->layer, c->params, lane->x, T, &lane->trace, lane->dhidden,
                  take(6 * c->layer.units, rng));
    for (size_t t = 0; t < T; t++) tokens[t] = c->tokens[(begin + t) * L + b];
    for (size_t t = 0; t < T; t++) assert_true(tokens[t] <= any);
    if (c->first) {
        embedding_backward(grads, &c->embed, lane->dx, tokens, T);
        return;
    }
    float own[LSTM_MAX_UNITS];
    for (size_t t = 0; t < c->steps; t++) {
        lane_of(own, c->dx + t * I * L, I, L, b);
        for (size_t i = 0; i < I; i++) assert_true(t >= begin || own[i] == 0);
        if (t >= begin) assert_close("dx", own, lane->dx + (t - begin) * I, I, 3e-5);
    }
}

static void check_lstm(const network_kernels *kernels, dmg_rng *rng)
{
    const size_t units = draw(rng, 0, 4) ? draw(rng, 1, 12) : draw(rng, 13, 37);
    const size_t steps = draw(rng, 0, 4) ? draw(rng, 1, 20) : draw(rng, 21, MOST_STEPS);
    lstm_case *c = lstm_open(kernels->lanes, units, steps, rng);
    float *grads = take(c->parameters, rng);
    lstm_case_forward(c, kernels, false);
    const size_t values = (steps + 2) * c->width * c->lanes;
    const float *unkept = take_copy(c->hidden, values, rng);
    lstm_case_forward(c, kernels, true);
    assert_memory_equal(c->hidden, unkept, values * sizeof *unkept);
    lstm_case_backward(c, kernels);
    for (size_t unit = 0; unit < units_of(c->lanes); unit++) {
        float *expected = take_zero(c->parameters, rng);
        for (size_t b = unit * SUM_UNIT; b < c->lanes && b < (unit + 1) * SUM_UNIT; b++) {
            const size_t before = block_count;
            lstm_lane lane = lstm_lane_forward(c, b, rng);
            check_hidden(c, b, &lane);
            check_lane_backward(expected, c, b, &lane, rng);
            assert_true(block_count > before);
        }
        const float *sums = c->gradient + unit * c->sums;
        memcpy(grads, sums, c->parameters * sizeof *grads);
        lstm_packed_gradient(grads, &c->weights.packed, &c->layer, &c->embed, c->params, sums);
        assert_close("gradient", grads, expected, c->parameters, 3e-5);
    }
    lstm_close(c);
}

static void lstms_are_those_of_c(void **state)
{
    (void)state;
    for_levels(check_lstm);
}

/* Steps before all lanes begin change no bit, neither of the states nor of the sums. */
static void check_padding(const network_kernels *kernels, dmg_rng *rng)
{
    const size_t T = draw(rng, 1, 80), more = draw(rng, 1, 70), L = kernels->lanes;
    lstm_case *c = lstm_open(L, draw(rng, 1, 12), T, rng);
    const size_t I = c->layer.inputs, S = units_of(L) * c->sums;
    lstm_case_forward(c, kernels, true);
    lstm_case_backward(c, kernels);
    lstm_case longer = *c;
    longer.steps = T + more;
    longer.tokens = malloc(longer.steps * L);
    assert_non_null(longer.tokens);
    memset(longer.tokens, lstm_no_token(c->embed.symbols), more * L);
    memcpy(longer.tokens + more * L, c->tokens, T * L);
    longer.x = take_zero(longer.steps * I * L, rng);
    longer.dhidden = take_zero(longer.steps * c->width * L, rng);
    memcpy(longer.x + more * I * L, c->x, T * I * L * sizeof(float));
    memcpy(longer.dhidden + more * c->width * L, c->dhidden, T * c->width * L * sizeof(float));
    longer.gates = take(longer.steps * LSTM_GATES * c->layer.units * L, rng);
    longer.tanh_c = take(longer.steps * c->layer.units * L, rng);
    longer.cell = take((longer.steps + 2) * c->layer.units * L, rng);
    longer.hidden = take((longer.steps + 2) * c->width * L, rng);
    longer.dx = take_zero(longer.steps * I * L, rng);
    longer.gradient = take_zero(S, rng);
    lstm_case_forward(&longer, kernels, true);
    lstm_case_backward(&longer, kernels);
    for (size_t t = 0; t < T; t++)
        assert_memory_equal(longer.hidden + ((1 + more + t) * c->width + c->column) * L,
                            c->hidden + ((1 + t) * c->width + c->column) * L,
                            c->layer.units * L * sizeof(float));
    for (size_t k = 0; k < S; k++) assert_true(longer.gradient[k] == c->gradient[k]);
    free(longer.tokens);
    lstm_close(c);
}

static void padding_changes_no_bit(void **state)
{
    (void)state;
    for_levels(check_padding);
}

/* Of a gradient that only the last step has, no other row is read, and no bit changes. */
static void check_last_only(const network_kernels *kernels, dmg_rng *rng)
{
    const size_t T = draw(rng, 1, 80), L = kernels->lanes;
    lstm_case *c = lstm_open(L, draw(rng, 1, 12), T, rng);
    const size_t row = c->width * L, S = units_of(L) * c->sums, dx = T * c->layer.inputs * L;
    const size_t last = c->layer.reversed ? 0 : T - 1;
    for (size_t k = 0; k < T * row; k++)
        if (k / row != last) c->dhidden[k] = 0;
    lstm_case_forward(c, kernels, true);
    lstm_case_backward(c, kernels);
    lstm_case other = *c;
    other.last_only = true;
    other.gradient = take_zero(S, rng);
    other.dx = take_zero(dx, rng);
    for (size_t k = 0; k < T * row; k++)
        if (k / row != last) other.dhidden[k] = NAN;
    lstm_case_forward(&other, kernels, true);
    lstm_case_backward(&other, kernels);
    for (size_t k = 0; k < S; k++) assert_true(other.gradient[k] == c->gradient[k]);
    for (size_t k = 0; k < dx; k++) assert_true(other.dx[k] == c->dx[k]);
    lstm_close(c);
}

static void gradients_of_the_last_step_alone(void **state)
{
    (void)state;
    for_levels(check_last_only);
}

/* --- pooling --- */

static void check_pooling(const network_kernels *kernels, dmg_rng *rng)
{
    const size_t L = kernels->lanes, T = draw(rng, 0, 30), directions = draw(rng, 1, 2);
    const size_t W = directions * draw(rng, 1, 13);
    const pooling layer = {
        .kinds = (unsigned)draw(rng, 1, 15), .width = W, .directions = directions};
    const size_t P = pooling_width(&layer);
    int32_t begin[MAX_LANES];
    float *hidden = take_random(T * W * L, 1, rng), *query = take_random(W, 1, rng);
    for (size_t b = 0; b < L; b++) {
        begin[b] = (int32_t)draw(rng, 0, T);
        for (size_t k = 0; k < (size_t)begin[b] * W; k++) hidden[k * L + b] = 0;
    }
    if (draw(rng, 0, 1)) /* so that several steps have the largest state */
        for (size_t k = 0; k < T * W * L; k++) hidden[k] = roundf(2 * hidden[k]) / 2;
    const pooling_input input = {T, begin, hidden, take(T * L, rng)};
    float *pooled = take(P * L, rng), *dpooled = take_random(P * L, 1, rng);
    float *dhidden = take_zero(T * W * L, rng), *sums = take_zero(units_of(L) * W, rng);
    kernels->pooling_forward(pooled, &layer, query, &input);
    if (T > 0) kernels->pooling_backward(sums, W, dhidden, &layer, query, &input, pooled, dpooled);
    float *expected = take_zero(units_of(L) * W, rng);
    float *own = take(T * W, rng), *out = take(P, rng), *attended = take(T, rng);
    float *dout = take(P, rng), *dh = take(T * W, rng), *fast = take(T * W, rng);
    float *fast_pooled = take(P, rng);
    for (size_t b = 0; b < L; b++) {
        const size_t from = (size_t)begin[b], steps = T - from;
        lane_of(own, hidden + from * W * L, steps * W, L, b);
        lane_of(dout, dpooled, P, L, b);
        for (size_t k = 0; k < steps * W; k++) dh[k] = 0;
        pooling_forward(out, attended, &layer, query, own, steps);
        pooling_backward(expected + b / SUM_UNIT * W, dh, &layer, query, own, steps, out, attended,
                         dout);
        lane_of(fast_pooled, pooled, P, L, b);
        assert_close("pooled", fast_pooled, out, P, 1e-6);
        lane_of(fast, dhidden + from * W * L, steps * W, L, b);
        assert_close("dhidden", fast, dh, steps * W, 3e-6);
    }
    assert_close("dquery", sums, expected, units_of(L) * W, 1e-5);
}

static void pools_are_those_of_c(void **state)
{
    (void)state;
    for_levels(check_pooling);
}

/* --- dense layers and activations --- */

typedef struct dense_case {
    dense layer;
    size_t lanes, parameters;
    float *params, *x, *y, *da, *dx, *sums;
} dense_case;

static dense_case draw_dense(size_t lanes, size_t inputs, size_t units, dmg_rng *rng)
{
    const size_t P = (inputs + 1) * units;
    return (dense_case){
        .layer = {.inputs = inputs,
                  .units = units,
                  .weight = units,
                  .activation = (activation)draw(rng, 0, 3)},
        .lanes = lanes,
        .parameters = P,
        .params = take_random(P, 1, rng),
        .x = take_random(inputs * lanes, 1, rng),
        .y = take(units * lanes, rng),
        .da = take_random(units * lanes, 1, rng),
        .dx = take(inputs * lanes, rng),
        .sums = take_zero(units_of(lanes) * P, rng),
    };
}

static void check_dense(const network_kernels *kernels, dmg_rng *rng)
{
    const size_t L = kernels->lanes, I = draw(rng, 1, 40), O = draw(rng, 1, 20);
    dense_case c = draw_dense(L, I, O, rng);
    kernels->dense_forward(c.y, &c.layer, c.params, c.x);
    kernels->activation_backward(c.da, c.layer.activation, c.y, O);
    kernels->dense_backward(c.sums, c.parameters, c.dx, &c.layer, c.params, c.x, c.da);
    float *expected = take_zero(units_of(L) * c.parameters, rng);
    float *x = take(I, rng), *y = take(O, rng), *fast = take(O, rng), *da = take(O, rng);
    float *dx = take(I, rng), *fast_dx = take(I, rng);
    for (size_t b = 0; b < L; b++) {
        lane_of(x, c.x, I, L, b);
        lane_of(fast, c.y, O, L, b);
        dense_forward(y, &c.layer, c.params, x);
        assert_close("y", fast, y, O, 1e-6);
        lane_of(da, c.da, O, L, b);
        dense_backward(expected + b / SUM_UNIT * c.parameters, dx, &c.layer, c.params, x, da);
        lane_of(fast_dx, c.dx, I, L, b);
        assert_close("dx", fast_dx, dx, I, 3e-6);
    }
    assert_close("sums", c.sums, expected, units_of(L) * c.parameters, 3e-6);
}

static void dense_layers_are_those_of_c(void **state)
{
    (void)state;
    for_levels(check_dense);
}

static void check_activation_backward(const network_kernels *kernels, dmg_rng *rng)
{
    const size_t L = kernels->lanes, n = draw(rng, 1, 20);
    const activation kind = (activation)draw(rng, 0, 3);
    const float *y = take_random(n * L, 1, rng);
    float *dy = take_random(n * L, 1, rng), *before = take_copy(dy, n * L, rng);
    float *own = take(n, rng), *expected = take(n, rng), *fast = take(n, rng);
    kernels->activation_backward(dy, kind, y, n);
    for (size_t b = 0; b < L; b++) {
        lane_of(own, y, n, L, b);
        lane_of(expected, before, n, L, b);
        activation_backward(expected, kind, own, n);
        lane_of(fast, dy, n, L, b);
        assert_close("dy", fast, expected, n, 1e-6);
    }
}

static void activations_go_back_as_those_of_c(void **state)
{
    (void)state;
    for_levels(check_activation_backward);
}

/* y [lanes] of x [lanes] by a dense layer that does nothing else. */
static void activate(float *y, const network_kernels *kernels, activation kind, const float *x)
{
    const float params[] = {1, 0};
    const dense layer = {.inputs = 1, .units = 1, .bias = 1, .activation = kind};
    kernels->dense_forward(y, &layer, params, x);
}

/* |y - exact| in units of the last place of the exact value as a float. */
static double ulps(float y, double exact)
{
    const float rounded = (float)exact;
    const double unit = (double)nextafterf(fabsf(rounded), 2 * FLT_MAX) - fabs((double)rounded);
    return fabs((double)y - exact) / unit;
}

static void check_tanh(const network_kernels *kernels, dmg_rng *rng)
{
    float x[MAX_LANES], y[MAX_LANES];
    for (int round = 0; round < 2000; round++) {
        const float start = (float)pow(10, -30 + 31.08 * dmg_rng_uniform(rng)); /* to 12 */
        for (size_t b = 0; b < kernels->lanes; b++)
            x[b] = (b % 2 ? -start : start) * (1 + (float)b * 8e-6F);
        activate(y, kernels, ACTIVATION_TANH, x);
        for (size_t b = 0; b < kernels->lanes; b++) {
            assert_true(ulps(y[b], tanh((double)x[b])) <= 8); /* 5 with multiply-adds */
            assert_true(fabsf(y[b]) <= 1 + 2 * FLT_EPSILON);
        }
    }
}

static void tanh_is_exact_to_eight_units(void **state)
{
    (void)state;
    for_levels(check_tanh);
}

static void check_extremes(const network_kernels *kernels, dmg_rng *rng)
{
    (void)rng;
    const float x[MAX_LANES] = {0, -0.0F, INFINITY, -INFINITY, FLT_MAX, -FLT_MAX, NAN, FLT_MIN};
    float y[MAX_LANES], tanh_of[MAX_LANES];
    activate(tanh_of, kernels, ACTIVATION_TANH, x);
    assert_true(tanh_of[0] == 0 && tanh_of[1] == 0);
    for (int b = 2; b < 6; b++)
        assert_true(fabsf(tanh_of[b] - (x[b] > 0 ? 1.0F : -1.0F)) <= 2 * FLT_EPSILON);
    assert_true(isnan(tanh_of[6])); /* a training that went astray must be seen */
    assert_true(ulps(tanh_of[7], (double)x[7]) <= 1);
    activate(y, kernels, ACTIVATION_SIGMOID, x);
    assert_true(y[0] == 0.5F && y[2] == 1 && y[3] == 0 && y[4] == 1 && y[5] == 0);
    assert_true(isnan(y[6]));
    activate(y, kernels, ACTIVATION_RELU, x);
    assert_true(y[0] == 0 && y[3] == 0 && y[4] == FLT_MAX && y[5] == 0 && isnan(y[6]));
}

static void extremes_stay_extremes(void **state)
{
    (void)state;
    for_levels(check_extremes);
}

static void check_saturation(const network_kernels *kernels, dmg_rng *rng)
{
    float x[MAX_LANES], y[MAX_LANES];
    for (size_t b = 0; b < kernels->lanes; b++)
        x[b] = (float)((b % 2 ? -1 : 1) * (5 + 95 * dmg_rng_uniform(rng)));
    activate(y, kernels, ACTIVATION_SIGMOID, x);
    for (size_t b = 0; b < kernels->lanes; b++) {
        assert_true(y[b] >= 0 && y[b] <= 1);
        assert_true(fabs((double)y[b] - 1 / (1 + exp(-(double)x[b]))) <= 3e-7);
    }
}

static void saturated_outputs_are_0_and_1(void **state)
{
    (void)state;
    for_levels(check_saturation);
}

/* --- times --- */

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* The least of several rounds of `call`, in nanoseconds for each of `parts`. */
#define print_time(what, cpu, parts, call)                                                         \
    do {                                                                                           \
        double best = INFINITY;                                                                    \
        for (int round = 0; round < 20; round++) {                                                 \
            const double start = seconds();                                                        \
            for (int k = 0; k < 200; k++) call;                                                    \
            best = fmin(best, seconds() - start);                                                  \
        }                                                                                          \
        printf("{\"kernel\": \"%s\", \"cpu\": \"%s\", \"nanoseconds\": %.2f}\n", what,             \
               dmg_cpu_name(cpu), 1e9 * best / (200 * (double)(parts)));                           \
    } while (0)

static void time_level(dmg_cpu cpu)
{
    const network_kernels kernels = network_kernels_for(cpu);
    const size_t L = kernels.lanes, T = 94;
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 0);
    lstm_case *c = lstm_open(L, 10, T, &rng);
    print_time("lstm forward", cpu, T * L, lstm_case_forward(c, &kernels, true));
    print_time("lstm forward and backward", cpu, T * L,
               (lstm_case_forward(c, &kernels, true), lstm_case_backward(c, &kernels)));
    dense_case d = draw_dense(L, 100, 10, &rng);
    print_time("dense forward", cpu, L, kernels.dense_forward(d.y, &d.layer, d.params, d.x));
    print_time("dense backward", cpu, L,
               kernels.dense_backward(d.sums, d.parameters, d.dx, &d.layer, d.params, d.x, d.da));
    int32_t begin[MAX_LANES] = {0};
    const pooling layer = {.kinds = 15, .width = 20, .directions = 2};
    const pooling_input input = {T, begin, take_random(T * 20 * L, 1, &rng), take(T * L, &rng)};
    float *pooled = take(80 * L, &rng), *dhidden = take_zero(T * 20 * L, &rng);
    print_time("pooling forward", cpu, L,
               kernels.pooling_forward(pooled, &layer, d.params, &input));
    print_time("pooling backward", cpu, L,
               kernels.pooling_backward(d.sums, d.parameters, dhidden, &layer, d.params, &input,
                                        pooled, pooled));
    lstm_close(c);
    finish();
}

static void time_all(void)
{
    time_level(DMG_CPU_SCALAR);
    for (int k = 0; k < FAST_LEVELS; k++) {
        dmg_cpu cpu = fast_levels[k];
        if (dmg_cpu_resolve(&cpu, NULL) == DMG_OK) time_level(cpu);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lstms_are_those_of_c),
        cmocka_unit_test(padding_changes_no_bit),
        cmocka_unit_test(gradients_of_the_last_step_alone),
        cmocka_unit_test(pools_are_those_of_c),
        cmocka_unit_test(dense_layers_are_those_of_c),
        cmocka_unit_test(activations_go_back_as_those_of_c),
        cmocka_unit_test(tanh_is_exact_to_eight_units),
        cmocka_unit_test(extremes_stay_extremes),
        cmocka_unit_test(saturated_outputs_are_0_and_1),
    };
    if (argc > 1 && strcmp(argv[1], "--bench") == 0) {
        time_all();
        return 0;
    }
    print_message("seed %d\n", SEED);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
