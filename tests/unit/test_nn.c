/* SPDX-License-Identifier: MIT */
/* The layers, built in double precision: every gradient against finite differences, and values
 * worked out by hand. */
#include "gradient.h"
#include "nn/adam.h"
#include "nn/batch_norm.h"
#include "nn/conv.h"
#include "nn/decoder.h"
#include "nn/dense.h"
#include "nn/dropout.h"
#include "nn/embedding.h"
#include "nn/initial.h"
#include "nn/loss.h"

enum { SEED = 20160517 };

/* Parameter blocks begin and end with some that belong to no layer: their gradient must be 0. */
enum { PAD = 3 };

/* What `grads` holds before a backward pass, which must add to it. */
static const real held_before = 0.25;

static double weighted_sum(const real *weight, const real *x, size_t n)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++) sum += weight[k] * x[k];
    return sum;
}

static void assert_same(const real *a, const real *b, size_t n)
{
    assert_memory_equal(a, b, n * sizeof *a);
}

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance)) fail_msg("%.17g instead of %.17g", value, expected);
}

/* --- embedding --- */

enum { EMBED_V = 4, EMBED_E = 3, EMBED_T = 9, EMBED_PARAMETERS = 2 * PAD + EMBED_V * EMBED_E };

typedef struct embedding_case {
    embedding layer;
    uint8_t tokens[EMBED_T];
    real params[EMBED_PARAMETERS];
    real weight[EMBED_T * EMBED_E]; /* of the loss, a weighted sum of x */
    real x[EMBED_T * EMBED_E];
} embedding_case;

static measurement measure_embedding(void *context)
{
    embedding_case *c = context;
    embedding_forward(c->x, &c->layer, c->params, c->tokens, EMBED_T);
    return (measurement){.loss = weighted_sum(c->weight, c->x, EMBED_T * EMBED_E)};
}

static void embedding_gradient_matches_finite_differences(void **state)
{
    (void)state;
    embedding_case c = {
        .layer = {.symbols = EMBED_V, .plain = 2, .size = EMBED_E, .table = PAD},
        .tokens = {0, 3, 1, 1, EMBED_V, 255, 2, 0, EMBED_V}, /* three are not symbols */
    };
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 1);
    fill_uniform(c.params, EMBED_PARAMETERS, 1, &rng);
    fill_uniform(c.weight, EMBED_T * EMBED_E, 1, &rng);
    real grads[EMBED_PARAMETERS];
    fill_constant(grads, EMBED_PARAMETERS, held_before);
    embedding_backward(grads, &c.layer, c.weight, c.tokens, EMBED_T);
    subtract_constant(grads, EMBED_PARAMETERS, held_before);
    check_gradient("embedding", c.params, grads, EMBED_PARAMETERS, measure_embedding, &c);
}

static void embedding_of_no_symbol_is_the_mean_of_all_rows(void **state)
{
    (void)state;
    const embedding layer = {.symbols = 4, .plain = 4, .size = 2, .table = 0};
    const real table[] = {1, 10, 2, 20, 3, 30, 6, 60};
    const uint8_t tokens[] = {2, 4, 255};
    const real expected[] = {3, 30, 3, 30, 3, 30};
    real x[6];
    embedding_forward(x, &layer, table, tokens, 2);
    assert_same(x, expected, 4);
    embedding_forward(x, &layer, table, tokens + 2, 1);
    assert_same(x, expected, 2);
}

/* --- LSTM --- */

enum {
    LSTM_T = 9,
    LSTM_I = 4,
    LSTM_H = 5,
    LSTM_G = LSTM_GATES * LSTM_H,
    LSTM_PARAMETERS = 2 * PAD + (LSTM_I + LSTM_H + 1) * LSTM_G,
};

/* One layer with its input; sizes up to those above. */
typedef struct lstm_case {
    lstm layer;
    size_t steps, parameters;
    real params[LSTM_PARAMETERS];
    real x[LSTM_T * LSTM_I];
    real weight[LSTM_T * LSTM_H]; /* of the loss, a weighted sum of all hidden states */
    real gates[LSTM_T * LSTM_G], tanh_c[LSTM_T * LSTM_H];
    real cell[(LSTM_T + 2) * LSTM_H], hidden[(LSTM_T + 2) * LSTM_H];
} lstm_case;

static lstm_trace trace_of(lstm_case *c)
{
    return (lstm_trace){.gates = c->gates,
                        .tanh_c = c->tanh_c,
                        .cell = c->cell,
                        .hidden = c->hidden,
                        .width = c->layer.units};
}

static measurement measure_lstm(void *context)
{
    lstm_case *c = context;
    lstm_trace trace = trace_of(c);
    lstm_forward(&trace, &c->layer, c->params, c->x, c->steps);
    return (measurement){
        .loss = weighted_sum(c->weight, c->hidden + c->layer.units, c->steps * c->layer.units),
        .regime = mix_regime(0, trace, c->steps, c->layer.units),
    };
}

static lstm lay_out(size_t I, size_t H, bool reversed)
{
    const size_t G = LSTM_GATES * H;
    return (lstm){
        .inputs = I,
        .units = H,
        .kernel = PAD,
        .recurrent = PAD + I * G,
        .bias = PAD + (I + H) * G,
        .reversed = reversed,
    };
}

static void lstm_case_init(lstm_case *c, const lstm *layer, size_t steps, double scale,
                           dmg_rng *rng)
{
    c->layer = *layer;
    c->steps = steps;
    c->parameters = layer->bias + LSTM_GATES * layer->units + PAD;
    fill_uniform(c->params, c->parameters, scale, rng);
    fill_uniform(c->x, steps * layer->inputs, 1, rng);
    fill_uniform(c->weight, steps * layer->units, 1, rng);
    measure_lstm(c);
}

/* grads [parameters] and dx [T][I] of the case as it was measured last. */
static void lstm_case_backward(real *grads, real *dx, lstm_case *c)
{
    real scratch[6 * LSTM_H];
    const lstm_trace trace = trace_of(c);
    fill_constant(grads, c->parameters, held_before);
    if (dx) fill_constant(dx, c->steps * c->layer.inputs, held_before);
    fill_constant(scratch, 6 * LSTM_H, NAN);
    lstm_backward(grads, dx, &c->layer, c->params, c->x, c->steps, &trace, c->weight, scratch);
    subtract_constant(grads, c->parameters, held_before);
    if (dx) subtract_constant(dx, c->steps * c->layer.inputs, held_before);
}

static void check_lstm(lstm_case *c)
{
    real grads[LSTM_PARAMETERS], dx[LSTM_T * LSTM_I];
    char what[100];
    lstm_case_backward(grads, dx, c);
    snprintf(what, sizeof what, "lstm %zu -> %zu, %zu steps%s", c->layer.inputs, c->layer.units,
             c->steps, c->layer.reversed ? ", reversed" : "");
    check_gradient(what, c->params, grads, c->parameters, measure_lstm, c);
    check_gradient(what, c->x, dx, c->steps * c->layer.inputs, measure_lstm, c);
}

static void lstm_gradients_match_finite_differences(void **state)
{
    (void)state;
    static const size_t inputs[] = {1, LSTM_I}, units[] = {1, LSTM_H}, steps[] = {1, 2, LSTM_T};
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 2);
    for (int i = 0; i < 2; i++)
        for (int h = 0; h < 2; h++)
            for (int t = 0; t < 3; t++)
                for (int reversed = 0; reversed < 2; reversed++) {
                    const lstm layer = lay_out(inputs[i], units[h], reversed);
                    lstm_case c;
                    lstm_case_init(&c, &layer, steps[t], 0.8, &rng);
                    check_lstm(&c);
                }
}

/* How many of the hard gates are clipped at 0, at 1, and how many are not. */
static void count_regimes(size_t counts[3], const lstm_case *c)
{
    const size_t H = c->layer.units;
    memset(counts, 0, 3 * sizeof *counts);
    for (size_t k = 0; k < c->steps * LSTM_GATES * H; k++)
        if (is_hard_gate(k / H % LSTM_GATES))
            counts[c->gates[k] <= 0 ? 0 : c->gates[k] >= 1 ? 1 : 2]++;
}

static void lstm_gradients_match_where_many_gates_are_saturated(void **state)
{
    (void)state;
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 3);
    for (int reversed = 0; reversed < 2; reversed++) {
        const lstm layer = lay_out(LSTM_I, LSTM_H, reversed);
        lstm_case c;
        size_t counts[3];
        lstm_case_init(&c, &layer, LSTM_T, 3, &rng);
        count_regimes(counts, &c);
        print_message("gates at 0: %zu, at 1: %zu, between: %zu\n", counts[0], counts[1],
                      counts[2]);
        for (int k = 0; k < 3; k++) assert_true(counts[k] >= 10);
        check_lstm(&c);
    }
}

static void hard_sigmoid_is_clipped_and_flat_outside(void **state)
{
    (void)state;
    static const struct {
        real a, value, slope;
    } points[] = {
        {-1e300, 0, 0}, {-100, 0, 0},    {-2.6, 0, 0},   {-2.5, 0, 0},  {-2, 0.1, 0.2},
        {0, 0.5, 0.2},  {0.5, 0.6, 0.2}, {2, 0.9, 0.2},  {2.5, 1, 0},   {2.6, 1, 0},
        {100, 1, 0},    {1e300, 1, 0},   {-1, 0.3, 0.2}, {1, 0.7, 0.2},
    };
    for (size_t k = 0; k < sizeof points / sizeof *points; k++) {
        const real value = hard_sigmoid(points[k].a);
        assert_near(value, points[k].value, 1e-15);
        assert_true(hard_sigmoid_slope(value) == points[k].slope);
    }
    assert_true(isnan(hard_sigmoid(NAN))); /* a broken weight shows instead of passing for a gate */
}

/* Gate `gate` is driven to `bias` and so out of the linear piece. */
static void check_saturated_gate(size_t gate, real bias, dmg_rng *rng)
{
    const lstm layer = lay_out(LSTM_I, LSTM_H, false);
    const size_t G = LSTM_G;
    lstm_case c;
    real grads[LSTM_PARAMETERS];
    lstm_case_init(&c, &layer, LSTM_T, 0.3, rng);
    fill_constant(c.params + layer.bias + gate * LSTM_H, LSTM_H, bias);
    measure_lstm(&c);
    lstm_case_backward(grads, NULL, &c);
    for (size_t row = 0; row < LSTM_I + LSTM_H + 1; row++) /* kernel, recurrent, bias */
        for (size_t u = 0; u < LSTM_H; u++)
            assert_true(grads[layer.kernel + row * G + gate * LSTM_H + u] == 0);
}

static void a_saturated_gate_gets_no_gradient(void **state)
{
    (void)state;
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 4);
    for (size_t gate = 0; gate < LSTM_GATES; gate++) {
        if (!is_hard_gate(gate)) continue;
        check_saturated_gate(gate, 20, &rng);
        check_saturated_gate(gate, -20, &rng);
    }
}

static void lstm_states_match_two_steps_by_hand(void **state)
{
    (void)state;
    /* Rows: kernel, recurrent, bias; columns i f g o, of one input and one unit. */
    static const real params[] = {0.5, -1, 1, 2, 1, 0.5, -1, -0.5, 0, 1, 0.25, -0.5};
    static const real x[] = {1, -0.5};
    const lstm layer = {.inputs = 1, .units = 1, .recurrent = 4, .bias = 8};
    real gates[8], tanh_c[2], cell[4], hidden[4];
    const lstm_trace trace = {
        .gates = gates, .tanh_c = tanh_c, .cell = cell, .hidden = hidden, .width = 1};
    lstm_forward(&trace, &layer, params, x, 2);
    /* Step 0: pre-activations .5, 0, 1.25, 1.5; the forget gate has nothing to forget. */
    const double c0 = 0.6 * tanh(1.25), h0 = 0.8 * tanh(c0);
    /* Step 1: i -.25 + h0, f .5 + 1 + h0/2, g -.5 + .25 - h0, o -1 - .5 - h0/2. */
    const double i = 0.2 * (h0 - 0.25) + 0.5, f = 0.2 * (1.5 + h0 / 2) + 0.5;
    const double g = tanh(-0.25 - h0), o = 0.2 * (-1.5 - h0 / 2) + 0.5;
    const double c1 = f * c0 + i * g, h1 = o * tanh(c1);
    const double expected[] = {0.6, 0.5, tanh(1.25), 0.8, i, f, g, o};
    for (int k = 0; k < 8; k++) assert_near(gates[k], expected[k], 1e-15);
    assert_near(cell[1], c0, 1e-15);
    assert_near(cell[2], c1, 1e-15);
    assert_near(tanh_c[1], tanh(c1), 1e-15);
    assert_near(hidden[1], h0, 1e-15);
    assert_near(hidden[2], h1, 1e-15);
    assert_true(cell[0] == 0 && cell[3] == 0 && hidden[0] == 0 && hidden[3] == 0);
}

static void a_reversed_lstm_is_a_forward_one_on_the_reversed_input(void **state)
{
    (void)state;
    const lstm forward = lay_out(LSTM_I, LSTM_H, false), reversed = lay_out(LSTM_I, LSTM_H, true);
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 5);
    lstm_case a;
    lstm_case_init(&a, &forward, LSTM_T, 1, &rng);
    lstm_case b = a;
    b.layer = reversed;
    for (size_t t = 0; t < LSTM_T; t++)
        memcpy(b.x + t * LSTM_I, a.x + (LSTM_T - 1 - t) * LSTM_I, LSTM_I * sizeof *b.x);
    measure_lstm(&b);
    for (size_t t = 0; t < LSTM_T; t++) {
        const size_t mirrored = LSTM_T - 1 - t;
        assert_same(b.hidden + (mirrored + 1) * LSTM_H, a.hidden + (t + 1) * LSTM_H, LSTM_H);
        assert_same(b.cell + (mirrored + 1) * LSTM_H, a.cell + (t + 1) * LSTM_H, LSTM_H);
        assert_same(b.gates + mirrored * LSTM_G, a.gates + t * LSTM_G, LSTM_G);
    }
}

static void lstm_weights_get_the_same_gradient_without_dx(void **state)
{
    (void)state;
    const lstm layer = lay_out(LSTM_I, LSTM_H, false);
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 6);
    lstm_case c;
    real with[LSTM_PARAMETERS], without[LSTM_PARAMETERS], dx[LSTM_T * LSTM_I];
    lstm_case_init(&c, &layer, LSTM_T, 1, &rng);
    lstm_case_backward(with, dx, &c);
    lstm_case_backward(without, NULL, &c);
    assert_same(with, without, c.parameters);
}

/* --- dense --- */

enum { DENSE_I = 5, DENSE_O = 3, DENSE_PARAMETERS = 2 * PAD + (DENSE_I + 1) * DENSE_O };

typedef struct dense_case {
    dense layer;
    size_t parameters;
    real params[DENSE_PARAMETERS];
    real x[DENSE_I], y[DENSE_O];
    real weight[DENSE_O]; /* of the loss, a weighted sum of y */
} dense_case;

static measurement measure_dense(void *context)
{
    dense_case *c = context;
    dense_forward(c->y, &c->layer, c->params, c->x);
    uint64_t regime = 0; /* which rectified sums pass */
    for (size_t o = 0; c->layer.activation == ACTIVATION_RELU && o < c->layer.units; o++)
        regime = 2 * regime + (c->y[o] > 0);
    return (measurement){.loss = weighted_sum(c->weight, c->y, c->layer.units), .regime = regime};
}

static const activation activations[] = {ACTIVATION_SIGMOID, ACTIVATION_TANH, ACTIVATION_RELU,
                                         ACTIVATION_SOFTMAX};

static void check_dense(size_t I, size_t O, activation kind, dmg_rng *rng)
{
    const dense layer = {
        .inputs = I, .units = O, .weight = PAD, .bias = PAD + I * O, .activation = kind};
    dense_case c = {.layer = layer, .parameters = 2 * PAD + (I + 1) * O};
    real grads[DENSE_PARAMETERS], dx[DENSE_I];
    fill_uniform(c.params, c.parameters, 2, rng);
    fill_uniform(c.x, I, 2, rng);
    fill_uniform(c.weight, O, 1, rng);
    fill_constant(grads, c.parameters, held_before);
    fill_constant(dx, I, NAN); /* is written, not added to */
    measure_dense(&c);
    real da[DENSE_O];
    memcpy(da, c.weight, sizeof da);
    activation_backward(da, kind, c.y, O);
    dense_backward(grads, dx, &c.layer, c.params, c.x, da);
    subtract_constant(grads, c.parameters, held_before);
    check_gradient("dense weights", c.params, grads, c.parameters, measure_dense, &c);
    check_gradient("dense input", c.x, dx, I, measure_dense, &c);
}

static void dense_gradients_match_finite_differences(void **state)
{
    (void)state;
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 7);
    for (int k = 0; k < 4; k++) {
        check_dense(1, 1, activations[k], &rng);
        check_dense(1, DENSE_O, activations[k], &rng);
        check_dense(DENSE_I, 1, activations[k], &rng);
        check_dense(DENSE_I, DENSE_O, activations[k], &rng);
    }
}

static void dense_outputs_match_hand_computation(void **state)
{
    (void)state;
    const dense layer = {.inputs = 2, .units = 2, .weight = 0, .bias = 4};
    static const real params[] = {1, -2, 0.5, 3, -0.25, 0.75}; /* [2][2], then the bias */
    static const real x[] = {0.5, -1};
    real y[2];
    dense_forward(y, &layer, params, x); /* .5 - .5 - .25, -1 - 3 + .75 */
    assert_near(y[0], 1 / (1 + exp(0.25)), 1e-15);
    assert_near(y[1], 1 / (1 + exp(3.25)), 1e-15);
}

static void dense_outputs_stay_finite_far_out(void **state)
{
    (void)state;
    const dense layer = {.inputs = 1, .units = 2, .weight = 0, .bias = 2};
    static const real params[] = {1e6, -1e6, 0, 0}, x[] = {1e3};
    real y[2], da[2] = {1, 1}, grads[4] = {0}, dx[1];
    dense_forward(y, &layer, params, x);
    assert_true(y[0] == 1 && y[1] == 0);
    activation_backward(da, layer.activation, y, 2);
    dense_backward(grads, dx, &layer, params, x, da);
    assert_true(dx[0] == 0);
}

static void activations_match_hand_computation(void **state)
{
    (void)state;
    real tanh_of[] = {0.5, -2}, relu[] = {0.5, -2, 0}, large[] = {1e6, 1e6, -1e6};
    real softmax[] = {0, log(3)}, broken[] = {NAN};
    activation_forward(tanh_of, ACTIVATION_TANH, 2);
    assert_near(tanh_of[0], tanh(0.5), 1e-15);
    assert_near(tanh_of[1], tanh(-2), 1e-15);
    activation_forward(relu, ACTIVATION_RELU, 3);
    assert_true(relu[0] == 0.5 && relu[1] == 0 && relu[2] == 0);
    activation_forward(broken, ACTIVATION_RELU, 1);
    assert_true(isnan(broken[0]));
    activation_forward(softmax, ACTIVATION_SOFTMAX, 2);
    assert_near(softmax[0], 0.25, 1e-15);
    assert_near(softmax[1], 0.75, 1e-15);
    activation_forward(large, ACTIVATION_SOFTMAX, 3);
    assert_true(large[0] == 0.5 && large[1] == 0.5 && large[2] == 0);
}

/* --- convolution --- */

enum {
    CONV_S = 6,
    CONV_C = 2,
    CONV_F = 3,
    CONV_X = CONV_S * CONV_S * CONV_C,
    CONV_Y = CONV_S / 2 * (CONV_S / 2) * CONV_F,
    CONV_BIAS = PAD + 9 * CONV_C * CONV_F,
    CONV_PARAMETERS = CONV_BIAS + CONV_F + PAD,
};

typedef struct conv_case {
    conv layer;
    real params[CONV_PARAMETERS], x[CONV_X], y[CONV_Y], weight[CONV_Y];
    real scratch[4 * CONV_Y];
    uint8_t chosen[CONV_Y];
} conv_case;

static const conv conv_layer = {
    .side = CONV_S, .inputs = CONV_C, .filters = CONV_F, .kernel = PAD, .bias = CONV_BIAS};

static conv_trace conv_trace_of(conv_case *c)
{
    return (conv_trace){.output = c->y, .chosen = c->chosen};
}

/* The regime: which of its four each output is. */
static measurement measure_conv(void *context)
{
    conv_case *c = context;
    conv_trace trace = conv_trace_of(c);
    conv_forward(&trace, &c->layer, c->params, c->x, c->scratch);
    measurement m = {.loss = weighted_sum(c->weight, c->y, CONV_Y)};
    for (size_t k = 0; k < CONV_Y; k++) m.regime = (m.regime ^ c->chosen[k]) * 0x100000001b3u;
    return m;
}

static void conv_case_init(conv_case *c, uint64_t stream)
{
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, stream);
    *c = (conv_case){.layer = conv_layer};
    fill_uniform(c->params, CONV_PARAMETERS, 1, &rng);
    fill_uniform(c->x, CONV_X, 1, &rng);
    fill_uniform(c->weight, CONV_Y, 1, &rng);
}

static void conv_gradients_match_finite_differences(void **state)
{
    (void)state;
    conv_case c;
    conv_case_init(&c, 21);
    conv_trace trace = conv_trace_of(&c);
    real grads[CONV_PARAMETERS], again[CONV_PARAMETERS], dx[CONV_X];
    measure_conv(&c);
    fill_constant(grads, CONV_PARAMETERS, held_before);
    fill_constant(dx, CONV_X, held_before);
    conv_backward(grads, dx, &c.layer, c.params, c.x, &trace, c.weight);
    fill_constant(again, CONV_PARAMETERS, held_before);
    conv_backward(again, NULL, &c.layer, c.params, c.x, &trace, c.weight);
    assert_same(again, grads, CONV_PARAMETERS);
    subtract_constant(grads, CONV_PARAMETERS, held_before);
    subtract_constant(dx, CONV_X, held_before);
    check_gradient("conv, parameters", c.params, grads, CONV_PARAMETERS, measure_conv, &c);
    check_gradient("conv, x", c.x, dx, CONV_X, measure_conv, &c);
}

/* y of the header, output by output. */
static void conv_outputs_match_the_definition(void **state)
{
    (void)state;
    conv_case c;
    conv_case_init(&c, 22);
    for (size_t k = 0; k < CONV_X; k += 3) c.x[k] = 0;
    measure_conv(&c);
    size_t silent = 0;
    for (int r = 0; r < CONV_S / 2; r++)
        for (int column = 0; column < CONV_S / 2; column++)
            for (int f = 0; f < CONV_F; f++) {
                double expected = 0;
                for (int q = 0; q < 4; q++) {
                    double a = c.params[CONV_BIAS + f];
                    for (int i = -1; i <= 1; i++)
                        for (int j = -1; j <= 1; j++)
                            for (int k = 0; k < CONV_C; k++) {
                                const int y = 2 * r + q / 2 + i, x = 2 * column + q % 2 + j;
                                if (y < 0 || x < 0 || y >= CONV_S || x >= CONV_S) continue;
                                const int at = ((3 * (i + 1) + j + 1) * CONV_C + k) * CONV_F + f;
                                a += c.x[(y * CONV_S + x) * CONV_C + k] * c.params[PAD + at];
                            }
                    expected = fmax(expected, a);
                }
                assert_near(c.y[(r * (CONV_S / 2) + column) * CONV_F + f], expected, 1e-14);
                silent += expected == 0;
            }
    assert_in_range(silent, 1, CONV_Y - 1); /* the rectifier had something to do */
}

/* --- decoder --- */

enum { DECODER_D = 3, DECODER_H = 2, DECODER_V = 3, DECODER_T = 6 };

typedef struct decoder_case {
    decoder layer;
    size_t parameters; /* of the whole block */
    real params[128], vector[DECODER_D];
    dmg_arena arena; /* of the trace */
    decoder_trace trace;
} decoder_case;

static const uint8_t decoder_tokens[DECODER_T] = {0, 2, 1, 1, 255, 2}; /* one is not a symbol */

static measurement measure_decoder(void *context)
{
    decoder_case *c = context;
    measurement m = {.loss = decoder_forward(&c->trace, &c->layer, c->params, c->vector,
                                             decoder_tokens, DECODER_T)};
    m.regime = mix_regime(0, c->trace.states, DECODER_T, DECODER_H);
    return m;
}

static void decoder_case_init(decoder_case *c)
{
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 23);
    *c = (decoder_case){.layer = decoder_layout(PAD, DECODER_D, DECODER_H, DECODER_V)};
    c->parameters = c->layer.parameters + 2 * PAD;
    assert_true(c->parameters <= sizeof c->params / sizeof *c->params);
    decoder_place(&c->trace, &c->layer, &c->arena, DECODER_T);
    assert_true(dmg_arena_alloc(&c->arena));
    decoder_place(&c->trace, &c->layer, &c->arena, DECODER_T);
    fill_uniform(c->params, c->parameters, 0.9, &rng);
    fill_uniform(c->vector, DECODER_D, 1, &rng);
}

static void decoder_gradients_match_finite_differences(void **state)
{
    (void)state;
    decoder_case c;
    decoder_case_init(&c);
    real grads[128], dvector[DECODER_D];
    measure_decoder(&c);
    fill_constant(grads, c.parameters, held_before);
    decoder_backward(grads, dvector, &c.layer, c.params, &c.trace, decoder_tokens, DECODER_T, 1);
    subtract_constant(grads, c.parameters, held_before);
    check_gradient("decoder, parameters", c.params, grads, c.parameters, measure_decoder, &c);
    check_gradient("decoder, vector", c.vector, dvector, DECODER_D, measure_decoder, &c);
    dmg_arena_clear(&c.arena);
}

/* With all weights 0 each symbol has its softmax of the biases, and the last token comes first. */
static void decoder_loss_matches_hand_computation(void **state)
{
    (void)state;
    decoder_case c;
    decoder_case_init(&c);
    fill_constant(c.params, c.parameters, 0);
    assert_near(measure_decoder(&c).loss, 5 * log(3) / 6, 1e-14);
    c.params[c.layer.speaker.bias + 2] = 1;
    const double sum = 2 + exp(1);
    assert_near(measure_decoder(&c).loss, (5 * log(sum) - 2) / 6, 1e-14);
    assert_near(c.trace.probabilities[0 * DECODER_V + 2], exp(1) / sum, 1e-14);
    /* The first step alone says 1 for sure: it is the last token, a 2, that it gets wrong. */
    fill_constant(c.params, c.parameters, 0);
    const uint8_t two_last[2] = {1, 2};
    c.params[c.layer.speaker.weight + 1] = 10; /* says 1 the more, the larger h[0] is */
    c.params[c.layer.reader.bias + LSTM_CANDIDATE * DECODER_H] = 9;
    c.params[c.layer.reader.bias + LSTM_FORGET * DECODER_H] = -9;
    const double grows = decoder_forward(&c.trace, &c.layer, c.params, c.vector, two_last, 2);
    assert_true(c.trace.probabilities[1] > 0.5);
    assert_near(grows,
                -(log(c.trace.probabilities[2]) + log(c.trace.probabilities[DECODER_V + 1])) / 2,
                1e-14);
    dmg_arena_clear(&c.arena);
}

/* --- batch normalisation --- */

enum { NORM_I = 3, NORM_N = 5, NORM_PARAMETERS = 2 * PAD + 4 * NORM_I };

typedef struct norm_case {
    batch_norm layer;
    real params[NORM_PARAMETERS];
    real x[NORM_N * NORM_I], y[NORM_N * NORM_I], weight[NORM_N * NORM_I];
    real normal[NORM_N * NORM_I], mean[NORM_I], variance[NORM_I];
} norm_case;

static const batch_norm norm_layer = {
    .width = NORM_I,
    .scale = PAD,
    .shift = PAD + NORM_I,
    .mean = PAD + 2 * NORM_I,
    .variance = PAD + 3 * NORM_I,
};

static batch_norm_trace norm_trace(norm_case *c)
{
    return (batch_norm_trace){.normal = c->normal, .mean = c->mean, .variance = c->variance};
}

static measurement measure_norm(void *context)
{
    norm_case *c = context;
    batch_norm_trace trace = norm_trace(c);
    batch_norm_forward(c->y, &trace, &c->layer, c->params, c->x, NORM_N);
    return (measurement){.loss = weighted_sum(c->weight, c->y, NORM_N * NORM_I)};
}

static void batch_norm_gradients_match_finite_differences(void **state)
{
    (void)state;
    norm_case c = {.layer = norm_layer};
    batch_norm_trace trace = norm_trace(&c);
    real grads[NORM_PARAMETERS], dx[NORM_N * NORM_I];
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 20);
    fill_uniform(c.params, NORM_PARAMETERS, 1, &rng);
    fill_uniform(c.x, NORM_N * NORM_I, 2, &rng);
    fill_uniform(c.weight, NORM_N * NORM_I, 1, &rng);
    measure_norm(&c);
    fill_constant(grads, NORM_PARAMETERS, held_before);
    batch_norm_backward(grads, dx, &c.layer, c.params, &trace, c.weight, NORM_N);
    subtract_constant(grads, NORM_PARAMETERS, held_before);
    check_gradient("batch norm, parameters", c.params, grads, NORM_PARAMETERS, measure_norm, &c);
    check_gradient("batch norm, x", c.x, dx, NORM_N * NORM_I, measure_norm, &c);
}

/* One feature over 1, 2, 6: mean 3, variance 14/3, of a sample 7. */
static void batch_norm_matches_hand_computation(void **state)
{
    (void)state;
    const batch_norm layer = {.width = 1, .scale = 0, .shift = 1, .mean = 2, .variance = 3};
    const real x[] = {1, 2, 6};
    real params[4], y[3], normal[3], mean, variance, slope, offset;
    batch_norm_trace trace = {.normal = normal, .mean = &mean, .variance = &variance};
    batch_norm_initial(params, &layer);
    params[0] = 2;
    params[1] = -1;
    batch_norm_forward(y, &trace, &layer, params, x, 3);
    for (int k = 0; k < 3; k++)
        assert_near(y[k], 2 * (x[k] - 3) / sqrt(14.0 / 3 + 0.001) - 1, 1e-14);
    batch_norm_average(params, &layer, &trace, 3);
    assert_near(params[2], 0.01 * 3, 1e-15);
    assert_near(params[3], 0.99 + 0.01 * 7, 1e-15);
    batch_norm_line(&slope, &offset, &layer, params, 0);
    assert_near(slope, 2 / sqrt(1.06 + 0.001), 1e-14);
    assert_near(slope * 0.03 + offset, -1, 1e-14); /* the mean goes to the shift */
}

static void a_batch_of_one_is_all_shift(void **state)
{
    (void)state;
    norm_case c = {.layer = norm_layer};
    batch_norm_trace trace = norm_trace(&c);
    real grads[NORM_PARAMETERS] = {0}, dx[NORM_I];
    const real x[NORM_I] = {7, -8, 0}, dy[NORM_I] = {1, 1, 1};
    batch_norm_initial(c.params, &c.layer);
    batch_norm_forward(c.y, &trace, &c.layer, c.params, x, 1);
    batch_norm_backward(grads, dx, &c.layer, c.params, &trace, dy, 1);
    batch_norm_average(c.params, &c.layer, &trace, 1);
    for (size_t i = 0; i < NORM_I; i++) {
        assert_true(c.y[i] == 0 && dx[i] == 0);
        assert_near(c.params[norm_layer.variance + i], 0.99, 1e-15);
    }
}

/* --- dropout --- */

enum { DROPPED = 6 };

/* Loss: squared error of x after a fixed mask. */
typedef struct dropout_case {
    real x[DROPPED], mask[DROPPED], target[DROPPED], y[DROPPED];
} dropout_case;

static measurement measure_dropout(void *context)
{
    dropout_case *c = context;
    memcpy(c->y, c->x, sizeof c->y);
    dropout_apply(c->y, c->mask, DROPPED);
    return (measurement){.loss = squared_error(c->y, c->target, DROPPED)};
}

static void dropout_gradient_matches_finite_differences(void **state)
{
    (void)state;
    dropout_case c = {.mask = {0, 2, 2, 0, 2, 0}};
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 8);
    fill_uniform(c.x, DROPPED, 1, &rng);
    fill_uniform(c.target, DROPPED, 1, &rng);
    real dx[DROPPED];
    measure_dropout(&c);
    squared_error_backward(dx, c.y, c.target, DROPPED, 1);
    dropout_apply(dx, c.mask, DROPPED);
    check_gradient("dropout", c.x, dx, DROPPED, measure_dropout, &c);
}

static void dropout_drops_its_rate_and_scales_the_rest(void **state)
{
    (void)state;
    enum { N = 100000 };
    static const double rates[] = {0.2, 0.5, 0.9};
    static real mask[N];
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 9);
    for (int r = 0; r < 3; r++) {
        size_t dropped = 0;
        dropout_mask(mask, N, rates[r], &rng);
        for (size_t k = 0; k < N; k++) {
            assert_true(mask[k] == 0 || mask[k] == 1 / (1 - rates[r]));
            dropped += mask[k] == 0;
        }
        const double deviation = sqrt(N * rates[r] * (1 - rates[r]));
        assert_near((double)dropped, N * rates[r], 5 * deviation);
    }
}

static void dropout_at_rate_0_is_the_identity(void **state)
{
    (void)state;
    enum { N = 1000 };
    real mask[N], x[N], before[N];
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 10);
    fill_uniform(x, N, 1, &rng);
    memcpy(before, x, sizeof x);
    dropout_mask(mask, N, 0, &rng);
    dropout_apply(x, mask, N);
    assert_same(x, before, N);
}

/* --- loss --- */

static void squared_error_matches_hand_computation(void **state)
{
    (void)state;
    static const real y[] = {0.75, 0.5}, target[] = {1, 0};
    real dy[2];
    /* (1/16 + 1/4) / 2 */
    assert_true(squared_error(y, target, 2) == 0.15625);
    assert_true(squared_error(y, y, 2) == 0);
    squared_error_backward(dy, y, target, 2, 1);
    assert_true(dy[0] == -0.25 && dy[1] == 0.5);
    squared_error_backward(dy, y, target, 2, 0.125); /* a batch of eight */
    assert_true(dy[0] == -0.03125 && dy[1] == 0.0625);
}

enum { LOSS_OUTPUTS = 3 };

typedef struct loss_case {
    real y[LOSS_OUTPUTS], target[LOSS_OUTPUTS];
} loss_case;

static measurement measure_loss(void *context)
{
    const loss_case *c = context;
    return (measurement){.loss = squared_error(c->y, c->target, LOSS_OUTPUTS)};
}

static void loss_gradient_matches_finite_differences(void **state)
{
    (void)state;
    loss_case c;
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 11);
    fill_uniform(c.y, LOSS_OUTPUTS, 1, &rng);
    fill_uniform(c.target, LOSS_OUTPUTS, 1, &rng);
    real dy[LOSS_OUTPUTS];
    squared_error_backward(dy, c.y, c.target, LOSS_OUTPUTS, 1);
    check_gradient("squared error", c.y, dy, LOSS_OUTPUTS, measure_loss, &c);
}

static void cross_entropy_matches_hand_computation(void **state)
{
    (void)state;
    static const real y[] = {0.25, 0.75}, target[] = {1, 0}, sure[] = {0, 1};
    real da[2];
    const double of_softmax = loss_value(LOSS_CROSS_ENTROPY, ACTIVATION_SOFTMAX, y, target, 2);
    const double of_sigmoids = loss_value(LOSS_CROSS_ENTROPY, ACTIVATION_SIGMOID, y, target, 2);
    assert_near(of_softmax, log(4), 1e-15);
    assert_near(of_sigmoids, log(4), 1e-15); /* (log 4 + log 4) / 2 */
    loss_backward(da, LOSS_CROSS_ENTROPY, ACTIVATION_SOFTMAX, y, target, 2, 0.5);
    assert_true(da[0] == -0.375 && da[1] == 0.375);
    loss_backward(da, LOSS_CROSS_ENTROPY, ACTIVATION_SIGMOID, y, target, 2, 1);
    assert_true(da[0] == -0.375 && da[1] == 0.375);
    /* Altogether wrong, and sure of it: a finite loss, and the steepest slope there is. */
    assert_near(loss_value(LOSS_CROSS_ENTROPY, ACTIVATION_SOFTMAX, sure, target, 2), log(1e7),
                1e-12);
    loss_backward(da, LOSS_CROSS_ENTROPY, ACTIVATION_SOFTMAX, sure, target, 2, 1);
    assert_true(da[0] == -1 && da[1] == 1);
}

/* A loss as a function of the sums before the output's activation. */
typedef struct output_case {
    loss_kind loss;
    activation output;
    real a[LOSS_OUTPUTS], y[LOSS_OUTPUTS], target[LOSS_OUTPUTS];
} output_case;

static measurement measure_output(void *context)
{
    output_case *c = context;
    memcpy(c->y, c->a, sizeof c->y);
    activation_forward(c->y, c->output, LOSS_OUTPUTS);
    return (measurement){.loss = loss_value(c->loss, c->output, c->y, c->target, LOSS_OUTPUTS)};
}

static void output_gradients_match_finite_differences(void **state)
{
    (void)state;
    static const activation outputs[] = {ACTIVATION_SIGMOID, ACTIVATION_SOFTMAX};
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 12);
    for (int k = 0; k < 2; k++)
        for (loss_kind loss = LOSS_SQUARED_ERROR; loss <= LOSS_CROSS_ENTROPY; loss++) {
            output_case c = {.loss = loss, .output = outputs[k], .target = {0.125, 0.5, 0.25}};
            real da[LOSS_OUTPUTS];
            fill_uniform(c.a, LOSS_OUTPUTS, 2, &rng);
            measure_output(&c);
            loss_backward(da, loss, c.output, c.y, c.target, LOSS_OUTPUTS, 1);
            check_gradient("loss of outputs", c.a, da, LOSS_OUTPUTS, measure_output, &c);
        }
}

/* --- Adam --- */

static void adam_defaults_are_those_of_the_article(void **state)
{
    (void)state;
    const adam_options options = adam_options_defaults();
    assert_true(options.learning_rate == 1e-3 && options.beta1 == 0.9);
    assert_true(options.beta2 == 0.999 && options.epsilon == 1e-8);
}

static void adam_matches_three_steps_by_hand(void **state)
{
    (void)state;
    const adam_options options = adam_options_defaults();
    real param = 1, first = 0, second = 0, g;

    g = 0.5; /* moments .05 and .00025; without bias .5 and .25 */
    adam_update(&param, &first, &second, &g, 1, 1, &options);
    const double after1 = 1 - 1e-3 * 0.5 / (0.5 + 1e-8);
    assert_near(param, after1, 1e-15);

    g = -0.25; /* .9 * .05 - .1 * .25 = .02 and .999 * .00025 + .001 * .0625 = .00031225 */
    adam_update(&param, &first, &second, &g, 1, 2, &options);
    const double after2 = after1 - 1e-3 * (0.02 / 0.19) / (sqrt(0.00031225 / 0.001999) + 1e-8);
    assert_near(param, after2, 1e-15);

    g = 0; /* .018 and .00031193775; 1 - .9^3 = .271, 1 - .999^3 = .002997001 */
    adam_update(&param, &first, &second, &g, 1, 3, &options);
    const double after3 =
        after2 - 1e-3 * (0.018 / 0.271) / (sqrt(0.00031193775 / 0.002997001) + 1e-8);
    assert_near(param, after3, 1e-15);
    assert_near(first, 0.018, 1e-17);
    assert_near(second, 0.00031193775, 1e-18);
}

static void adam_adds_epsilon_outside_the_root(void **state)
{
    (void)state;
    const adam_options options = adam_options_defaults();
    const real g = 1e-8; /* as large as epsilon: the first step is half the rate */
    real param = 0, first = 0, second = 0;
    adam_update(&param, &first, &second, &g, 1, 1, &options);
    assert_near(param, -5e-4, 1e-15);
}

static void adam_leaves_parameters_without_gradient(void **state)
{
    (void)state;
    const adam_options options = adam_options_defaults();
    const real gradient[] = {1, 0, -1};
    real params[] = {3, 3, 3}, first[3] = {0}, second[3] = {0};
    for (uint64_t step = 1; step <= 5; step++)
        adam_update(params, first, second, gradient, 3, step, &options);
    assert_true(params[1] == 3);
    /* A steady gradient moves by the full rate each step, whatever its size. */
    assert_near(params[0], 3 - 5e-3, 1e-9);
    assert_near(params[2], 3 + 5e-3, 1e-9);
}

/* --- initial weights --- */

/* All of x lies within +-limit, and some of it close to either end. */
static void assert_uniform_within(const real *x, size_t rows, size_t columns, size_t stride,
                                  double limit)
{
    double low = 0, high = 0, sum = 0;
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++) {
            const double value = x[r * stride + c];
            low = fmin(low, value);
            high = fmax(high, value);
            sum += value;
        }
    const double n = (double)(rows * columns);
    assert_true(low >= -limit && low < -0.97 * limit);
    assert_true(high < limit && high > 0.97 * limit);
    assert_near(sum / n, 0, 5 * limit / sqrt(3 * n));
}

static void embeddings_begin_uniform_within_0_05(void **state)
{
    (void)state;
    const embedding layer = {.symbols = 4, .plain = 4, .size = 100, .table = 0};
    real params[400];
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 12);
    embedding_initial(params, &layer, &rng);
    assert_uniform_within(params, 4, 100, 100, 0.05);
}

static void dense_weights_begin_glorot_uniform(void **state)
{
    (void)state;
    const dense layer = {.inputs = 30, .units = 20, .weight = 0, .bias = 600};
    real params[620];
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 13);
    fill_constant(params, 620, NAN);
    dense_initial(params, &layer, &rng);
    assert_uniform_within(params, 30, 20, 20, sqrt(6.0 / 50));
    for (int o = 0; o < 20; o++) assert_true(params[600 + o] == 0);
}

/* Largest |Q Q^T - I| of q [n][n] with rows `stride` apart. */
static double distance_from_orthogonal(const double *q, size_t n, size_t stride)
{
    double worst = 0;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            double product = 0;
            for (size_t k = 0; k < n; k++) product += q[a * stride + k] * q[b * stride + k];
            worst = fmax(worst, fabs(product - (a == b)));
        }
    return worst;
}

/* Held tighter than the weights need: one round of orthogonalisation alone would not reach it. */
static void random_orthogonal_matrices_are_orthogonal(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 2, 3, 10, 64, 128};
    static double q[128 * 128];
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 14);
    for (int k = 0; k < 6; k++) {
        orthogonal_matrix(q, sizes[k], &rng);
        const double distance = distance_from_orthogonal(q, sizes[k], sizes[k]);
        print_message("orthogonal %zu: %.1e\n", sizes[k], distance);
        assert_true(distance < 4e-15);
    }
}

static void lstm_weights_begin_as_keras_chose_them(void **state)
{
    (void)state;
    enum { I = 20, H = 25, G = LSTM_GATES * H, PARAMETERS = (I + H + 1) * G };
    static real params[PARAMETERS];
    const lstm layer = {.inputs = I, .units = H, .recurrent = I * G, .bias = (I + H) * G};
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 15);
    fill_constant(params, PARAMETERS, NAN);
    lstm_initial(params, &layer, &rng);
    for (size_t gate = 0; gate < LSTM_GATES; gate++) {
        const size_t column = gate * H;
        assert_uniform_within(params + column, I, H, G, sqrt(6.0 / (I + H)));
        assert_true(distance_from_orthogonal(params + layer.recurrent + column, H, G) < 1e-12);
        for (size_t u = 0; u < H; u++)
            assert_true(params[layer.bias + column + u] == (gate == LSTM_FORGET));
    }
    /* The gates' matrices are not one and the same. */
    assert_true(params[0] != params[H]);
    assert_true(params[layer.recurrent] != params[layer.recurrent + H]);
}

static void initial_weights_are_decided_by_the_generator(void **state)
{
    (void)state;
    enum { PARAMETERS = (LSTM_I + LSTM_H + 1) * LSTM_G };
    const lstm layer = {
        .inputs = LSTM_I,
        .units = LSTM_H,
        .recurrent = LSTM_I * LSTM_G,
        .bias = (LSTM_I + LSTM_H) * LSTM_G,
    };
    real a[PARAMETERS], b[PARAMETERS];
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 16);
    lstm_initial(a, &layer, &rng);
    dmg_rng_init(&rng, SEED, 16);
    lstm_initial(b, &layer, &rng);
    assert_same(a, b, PARAMETERS);
    dmg_rng_init(&rng, SEED, 17);
    lstm_initial(b, &layer, &rng);
    for (size_t k = 0; k < layer.bias; k++) assert_true(a[k] != b[k]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(embedding_gradient_matches_finite_differences),
        cmocka_unit_test(embedding_of_no_symbol_is_the_mean_of_all_rows),
        cmocka_unit_test(lstm_gradients_match_finite_differences),
        cmocka_unit_test(lstm_gradients_match_where_many_gates_are_saturated),
        cmocka_unit_test(hard_sigmoid_is_clipped_and_flat_outside),
        cmocka_unit_test(a_saturated_gate_gets_no_gradient),
        cmocka_unit_test(lstm_states_match_two_steps_by_hand),
        cmocka_unit_test(a_reversed_lstm_is_a_forward_one_on_the_reversed_input),
        cmocka_unit_test(lstm_weights_get_the_same_gradient_without_dx),
        cmocka_unit_test(dense_gradients_match_finite_differences),
        cmocka_unit_test(dense_outputs_match_hand_computation),
        cmocka_unit_test(dense_outputs_stay_finite_far_out),
        cmocka_unit_test(conv_gradients_match_finite_differences),
        cmocka_unit_test(conv_outputs_match_the_definition),
        cmocka_unit_test(decoder_gradients_match_finite_differences),
        cmocka_unit_test(decoder_loss_matches_hand_computation),
        cmocka_unit_test(batch_norm_gradients_match_finite_differences),
        cmocka_unit_test(batch_norm_matches_hand_computation),
        cmocka_unit_test(a_batch_of_one_is_all_shift),
        cmocka_unit_test(dropout_gradient_matches_finite_differences),
        cmocka_unit_test(dropout_drops_its_rate_and_scales_the_rest),
        cmocka_unit_test(dropout_at_rate_0_is_the_identity),
        cmocka_unit_test(activations_match_hand_computation),
        cmocka_unit_test(squared_error_matches_hand_computation),
        cmocka_unit_test(cross_entropy_matches_hand_computation),
        cmocka_unit_test(output_gradients_match_finite_differences),
        cmocka_unit_test(loss_gradient_matches_finite_differences),
        cmocka_unit_test(adam_defaults_are_those_of_the_article),
        cmocka_unit_test(adam_matches_three_steps_by_hand),
        cmocka_unit_test(adam_adds_epsilon_outside_the_root),
        cmocka_unit_test(adam_leaves_parameters_without_gradient),
        cmocka_unit_test(embeddings_begin_uniform_within_0_05),
        cmocka_unit_test(dense_weights_begin_glorot_uniform),
        cmocka_unit_test(random_orthogonal_matrices_are_orthogonal),
        cmocka_unit_test(lstm_weights_begin_as_keras_chose_them),
        cmocka_unit_test(initial_weights_are_decided_by_the_generator),
    };
    print_message("seed %d\n", SEED);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
