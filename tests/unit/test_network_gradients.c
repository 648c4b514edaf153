/* SPDX-License-Identifier: MIT */
/* The whole network, built in double precision: its gradient against finite differences for every
 * shape an architecture can have. */
#include "architectures.h"
#include "gradient.h"
#include "model/network.h"
#include "nn/loss.h"
#include "one_sample.h"

enum { SEED = 20160518, MAX_STEPS = 16, PIXELS = 8 * 8 * DMG_CONTACT_COLOURS };

/* Uniform in +-0.9, the weights leave most gates between their kinks and some beyond. */
static const double weight_scale = 0.9;

typedef struct network_case {
    network net;
    one_sample runner;
    real *params, *grads;
    uint8_t tokens[DMG_STREAM_KINDS][PIXELS];
    network_sample sample;
    real target[DMG_OUTPUTS], output[DMG_OUTPUTS];
    loss_kind loss;
    bool dropout;
    dmg_rng masks; /* the generator as it stands before each forward pass */
} network_case;

static void run_forward(network_case *c)
{
    dmg_rng masks = c->masks;
    one_forward(c->output, &c->runner, c->params, &c->sample, c->dropout ? &masks : NULL);
}

/* Mixes in at which step each unit of the top layer is largest, where that counts. */
static uint64_t mix_largest(uint64_t regime, const network_case *c, int s)
{
    const network_stream *stream = &c->net.streams[s];
    if (!(stream->pool.kinds & DMG_POOL_MAX)) return regime;
    for (size_t d = 0; d < stream->directions; d++) {
        const size_t H = stream->lstms[stream->layers - 1][d].units, W = stream->pool.width;
        const real *hidden = network_run_trace(c->runner.run, s, stream->layers - 1, d).hidden;
        for (size_t u = 0; u < H; u++) {
            size_t largest = 0;
            for (size_t t = 1; t < c->sample.steps[s]; t++)
                if (hidden[(t + 1) * W + u] > hidden[(largest + 1) * W + u]) largest = t;
            regime = (regime ^ largest) * 0x100000001b3u;
        }
    }
    return regime;
}

static measurement measure_network(void *context)
{
    network_case *c = context;
    run_forward(c);
    uint64_t regime = 0;
    for (int s = 0; s < c->net.architecture.stream_count; s++) {
        const network_stream *stream = &c->net.streams[s];
        for (size_t l = 0; l < network_lstm_layers(stream); l++)
            for (size_t d = 0; d < stream->directions; d++)
                regime = mix_regime(regime, network_run_trace(c->runner.run, s, l, d),
                                    c->sample.steps[s], stream->lstms[l][d].units);
        if (c->sample.steps[s] > 0) regime = mix_largest(regime, c, s);
    }
    /* On which side of its kink each rectified unit stands. */
    for (int d = 0; d < c->net.architecture.dense_count; d++)
        if (c->net.dense[d].activation == ACTIVATION_RELU)
            for (size_t o = 0; o < c->net.dense[d].units; o++)
                regime = 2 * regime +
                         (network_run_activation(c->runner.run,
                                                 c->net.architecture.stream_count + d)[o] > 0);
    const double loss =
        loss_value(c->loss, network_output(&c->net), c->output, c->target, DMG_OUTPUTS);
    return (measurement){.loss = loss, .regime = regime};
}

/* Random tokens, among them some that are not symbols. */
static void draw_tokens(network_case *c, const size_t steps[], dmg_rng *rng)
{
    for (int s = 0; s < c->net.architecture.stream_count; s++) {
        const bool map = c->net.streams[s].kind == DMG_STREAM_CONTACT_MAP;
        const uint64_t symbols =
            map ? UINT8_MAX : (uint64_t)dmg_encode_symbols(c->net.streams[s].kind);
        assert_true(steps[s] <= (map ? PIXELS : MAX_STEPS));
        for (size_t t = 0; t < steps[s]; t++)
            c->tokens[s][t] = (uint8_t)dmg_rng_below(rng, symbols + 1);
        c->sample.tokens[s] = c->tokens[s];
        c->sample.steps[s] = steps[s];
    }
    for (int f = 0; f < c->net.architecture.feature_count; f++)
        c->sample.features[f] = f == 1 ? NAN : (float)dmg_rng_uniform(rng);
}

static void network_case_init(network_case *c, const dmg_architecture *architecture,
                              const size_t steps[])
{
    dmg_rng rng;
    *c = (network_case){.target = {0.9, 0.2}};
    dmg_rng_init(&rng, SEED, 1);
    dmg_rng_init(&c->masks, SEED, 2);
    network_init(&c->net, architecture);
    c->params = malloc(c->net.parameters * sizeof *c->params);
    c->grads = malloc(c->net.parameters * sizeof *c->grads);
    assert_true(c->params && c->grads);
    fill_uniform(c->params, c->net.parameters, weight_scale, &rng);
    fill_constant(c->params + c->net.feature_deviation, (size_t)c->net.architecture.feature_count,
                  0.5);
    draw_tokens(c, steps, &rng);
    c->runner = one_open(&c->net);
}

static void network_case_clear(network_case *c)
{
    one_close(&c->runner);
    free(c->params);
    free(c->grads);
}

/* Leaves the gradient of the whole block in grads, to which the backward pass must have added. */
static void run_backward(network_case *c)
{
    const real held_before = 0.25;
    real da[DMG_OUTPUTS];
    run_forward(c);
    loss_backward(da, c->loss, network_output(&c->net), c->output, c->target, DMG_OUTPUTS, 1);
    fill_constant(c->grads, c->net.parameters, held_before);
    one_backward(c->grads, &c->runner, da);
    subtract_constant(c->grads, c->net.parameters, held_before);
}

static void check_case(const char *what, network_case *c)
{
    const size_t features = network_features_fitted(&c->net.architecture);
    const size_t trained =
        c->net.parameters - features; /* what features are fitted by comes last */
    run_backward(c);
    check_gradient(what, c->params, c->grads, trained, measure_network, c);
    for (size_t k = trained; k < c->net.parameters; k++) assert_true(c->grads[k] == 0);
}

static void check_network(const char *what, const dmg_architecture *architecture,
                          const size_t steps[], bool dropout)
{
    network_case c;
    network_case_init(&c, architecture, steps);
    c.dropout = dropout;
    check_case(what, &c);
    network_case_clear(&c);
}

#define STEPS(...) ((const size_t[DMG_STREAM_KINDS]){__VA_ARGS__})

static void the_2016_network(void **state)
{
    (void)state;
    const dmg_architecture a = architecture_2016();
    check_network("2016", &a, STEPS(15, 8, 7), false);
}

static void the_2016_network_with_dropout(void **state)
{
    (void)state;
    dmg_architecture a = architecture_2016();
    check_network("2016, dropout 0.2", &a, STEPS(9, 4, 5), true);
    for (int d = 0; d < a.dense_count; d++) a.dense[d].dropout = 0.5;
    check_network("2016, dropout 0.5", &a, STEPS(9, 4, 5), true);
}

static void sequence_only(void **state)
{
    (void)state;
    dmg_architecture a = {0};
    add_stream(&a, DMG_STREAM_SEQUENCE, 4, UNITS(6), false);
    add_dense(&a, "output", INPUTS(0), 2, 0.2);
    check_network("sequence only", &a, STEPS(12), false);
}

static void unsplit_structure(void **state)
{
    (void)state;
    dmg_architecture a = {0};
    add_stream(&a, DMG_STREAM_SEQUENCE, 4, UNITS(4), false);
    add_stream(&a, DMG_STREAM_STRUCTURE, 3, UNITS(5), false);
    add_dense(&a, "output", INPUTS(0, 1), 2, 0.2);
    check_network("unsplit structure", &a, STEPS(12, 12), false);
}

static dmg_architecture one_stream(int width, const int units[], bool bidirectional)
{
    dmg_architecture a = {0};
    add_stream(&a, DMG_STREAM_STRUCTURE, width, units, bidirectional);
    add_dense(&a, "output", INPUTS(0), 2, 0.2);
    return a;
}

static void stacked_layers(void **state)
{
    (void)state;
    const dmg_architecture widening = one_stream(2, UNITS(3, 5), false);
    check_network("stacked, widening", &widening, STEPS(11), false);
    const dmg_architecture narrowing = one_stream(7, UNITS(4, 2), false);
    check_network("stacked, narrowing", &narrowing, STEPS(11), false);
}

static void as_many_layers_as_may_be(void **state)
{
    (void)state;
    const dmg_architecture a = one_stream(3, UNITS(2, 3, 2, 1, 2, 3, 2, 3), true);
    assert_int_equal(a.streams[0].layers, DMG_MAX_LAYERS);
    check_network("8 layers", &a, STEPS(4), false);
}

static void bidirectional_layers(void **state)
{
    (void)state;
    const dmg_architecture a = one_stream(3, UNITS(5), true);
    check_network("bidirectional", &a, STEPS(11), false);
    const dmg_architecture wide = one_stream(9, UNITS(2), true);
    check_network("bidirectional, wide embedding", &wide, STEPS(11), false);
}

static void stacked_bidirectional_layers(void **state)
{
    (void)state;
    const dmg_architecture a = one_stream(3, UNITS(4, 3), true);
    check_network("stacked, bidirectional", &a, STEPS(11), false);
    check_network("stacked, bidirectional, dropout", &a, STEPS(11), true);
}

static void everything_at_once(void **state)
{
    (void)state;
    const dmg_architecture a = architecture_variant();
    check_network("variant", &a, STEPS(8, 3, 5, 8), false);
    check_network("variant, dropout", &a, STEPS(8, 3, 5, 8), true);
}

static void activations_and_losses(void **state)
{
    (void)state;
    dmg_architecture a = architecture_beyond();
    check_network("beyond, softmax", &a, STEPS(8, 5, 6), true);
    check_network("beyond, one step and none", &a, STEPS(1, 0, 1), true);
    network_case c;
    network_case_init(&c, &a, STEPS(8, 5, 4));
    c.loss = LOSS_CROSS_ENTROPY;
    check_case("beyond, softmax, cross-entropy", &c);
    network_case_clear(&c);
    set_output(&a, DMG_ACTIVATION_SIGMOID);
    network_case_init(&c, &a, STEPS(7, 6, 5));
    c.loss = LOSS_CROSS_ENTROPY;
    check_case("beyond, sigmoids, cross-entropy", &c);
    network_case_clear(&c);
}

static void a_source_read_twice_by_one_layer(void **state)
{
    (void)state;
    dmg_architecture a = {0};
    add_stream(&a, DMG_STREAM_SEQUENCE, 2, UNITS(3), false);
    add_dense(&a, "output", INPUTS(0, 0), 2, 0.2);
    check_network("source read twice", &a, STEPS(7), true);
}

static void sequences_of_length_1(void **state)
{
    (void)state;
    const dmg_architecture a = architecture_2016(), variant = architecture_variant();
    check_network("2016, length 1", &a, STEPS(1, 1, 1), false);
    check_network("variant, length 1", &variant, STEPS(1, 1, 1, 1), false);
}

static void empty_streams(void **state)
{
    (void)state;
    const dmg_architecture a = architecture_2016(), variant = architecture_variant();
    check_network("2016, length 1 as it is split", &a, STEPS(1, 0, 1), false);
    check_network("2016, nothing to read", &a, STEPS(0, 0, 0), false);
    check_network("variant, all but one stream empty", &variant, STEPS(0, 0, 4, 0), true);
}

/* Which of four places a convolution passes on is not part of the regime here (test_nn.c has it):
 * the seed is one where no quotient crosses from one to another. */
static void a_contact_map_beside_a_stream(void **state)
{
    (void)state;
    const dmg_architecture a = architecture_contact_map();
    check_network("contact map", &a, STEPS(5, PIXELS), false);
}

/* After a training pass the workspace holds masks, and after a longer sample states, that must not
 * reach the next sample's gradient. */
static void after_another_sample_with_dropout(void **state)
{
    (void)state;
    const dmg_architecture a = architecture_variant();
    const size_t shorter[] = {3, 1, 2, 3};
    network_case c;
    network_case_init(&c, &a, STEPS(9, 5, 4, 9));
    c.dropout = true;
    run_backward(&c);
    c.dropout = false;
    memcpy(c.sample.steps, shorter, sizeof shorter);
    check_case("variant, after dropout", &c);
    network_case_clear(&c);
}

/* --- whole batches, normalised --- */

enum { BATCH = 4 };

typedef struct batch_case {
    network_case one; /* whose sample takes the place of each */
    network_weights *weights;
    network_run *run; /* of the whole batch */
    uint8_t tokens[BATCH][DMG_STREAM_KINDS][MAX_STEPS];
    network_sample samples[BATCH];
    real *stream_outputs, *dstream_outputs;
    real outputs[BATCH][DMG_OUTPUTS];
} batch_case;

static uint64_t mix_sample(uint64_t regime, network_case *one, const network_sample *sample)
{
    real output[DMG_OUTPUTS];
    one_forward(output, &one->runner, one->params, sample, NULL);
    for (int s = 0; s < one->net.architecture.stream_count; s++) {
        const network_stream *stream = &one->net.streams[s];
        for (size_t l = 0; l < network_lstm_layers(stream); l++)
            for (size_t d = 0; d < stream->directions; d++)
                regime = mix_regime(regime, network_run_trace(one->runner.run, s, l, d),
                                    sample->steps[s], stream->lstms[l][d].units);
    }
    return regime;
}

/* In two halves, as training does it. */
static measurement measure_batch(void *context)
{
    batch_case *c = context;
    network_case *one = &c->one;
    dmg_error err;
    dmg_rng masks[BATCH];
    measurement m = {0};
    for (size_t k = 0; k < BATCH; k++) {
        dmg_rng_init(&masks[k], SEED, 10 + k);
        m.regime = mix_sample(m.regime, one, &c->samples[k]);
    }
    network_weights_set(c->weights, one->params);
    assert_ok(network_run_streams_forward(c->stream_outputs, c->run, c->samples, BATCH, true, &err),
              &err);
    assert_ok(network_run_dense_forward(c->outputs, c->run, c->stream_outputs, BATCH, masks, &err),
              &err);
    for (size_t k = 0; k < BATCH; k++) {
        const real target[DMG_OUTPUTS] = {k % 2 ? 1 : 0, k % 2 ? 0 : 1};
        m.loss += squared_error(c->outputs[k], target, DMG_OUTPUTS) / BATCH;
    }
    return m;
}

static void run_batch_backward(batch_case *c)
{
    network_case *one = &c->one;
    dmg_error err;
    real da[BATCH][DMG_OUTPUTS];
    measure_batch(c);
    for (size_t k = 0; k < BATCH; k++) {
        const real target[DMG_OUTPUTS] = {k % 2 ? 1 : 0, k % 2 ? 0 : 1};
        loss_backward(da[k], LOSS_SQUARED_ERROR, network_output(&one->net), c->outputs[k], target,
                      DMG_OUTPUTS, 1.0 / BATCH);
    }
    fill_constant(one->grads, one->net.parameters, 0);
    network_run_dense_backward(one->grads, c->dstream_outputs, c->run,
                               (const real(*)[DMG_OUTPUTS])da);
    assert_ok(network_run_streams_forward(c->stream_outputs, c->run, c->samples, BATCH, true, &err),
              &err);
    network_run_streams_backward(one->grads, c->run, c->dstream_outputs);
}

static void draw_batch(batch_case *c)
{
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 3);
    for (size_t k = 0; k < BATCH; k++)
        for (int s = 0; s < DMG_STREAM_KINDS; s++) {
            c->samples[k].tokens[s] = c->tokens[k][s];
            c->samples[k].steps[s] = k + (size_t)dmg_rng_below(&rng, 6);
            for (size_t t = 0; t < MAX_STEPS; t++)
                c->tokens[k][s][t] = (uint8_t)dmg_rng_below(&rng, 4);
        }
}

static void check_batch(const char *what, const dmg_architecture *architecture)
{
    batch_case c = {0};
    dmg_error err;
    const size_t longest[DMG_STREAM_KINDS] = {9, 9, 9, 9, 9, 9, 9};
    network_case_init(&c.one, architecture, longest);
    draw_batch(&c);
    const size_t values = BATCH * network_stream_outputs_width(&c.one.net);
    c.stream_outputs = malloc(values * sizeof *c.stream_outputs);
    c.dstream_outputs = malloc(values * sizeof *c.dstream_outputs);
    assert_true(c.stream_outputs && c.dstream_outputs);
    assert_ok(network_weights_create(&c.weights, &c.one.net, DMG_CPU_SCALAR, &err), &err);
    assert_ok(network_run_create(&c.run, c.weights, BATCH, &err), &err);
    run_batch_backward(&c);
    check_gradient(what, c.one.params, c.one.grads, c.one.net.parameters, measure_batch, &c);
    network_run_destroy(c.run);
    network_weights_destroy(c.weights);
    network_case_clear(&c.one);
    free(c.stream_outputs);
    free(c.dstream_outputs);
}

static void batches_normalised(void **state)
{
    (void)state;
    dmg_architecture a = architecture_2016(), variant = architecture_variant();
    a.dense[0].batch_norm = a.dense[1].batch_norm = true;
    check_batch("2016, normalised and dropped out", &a);
    a.dense[0].dropout = a.dense[1].dropout = 0;
    a.dense[2].batch_norm = true;
    check_batch("2016, normalised everywhere", &a);
    variant.dense[1].batch_norm = true;
    check_batch("variant, one layer normalised", &variant);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_2016_network),
        cmocka_unit_test(the_2016_network_with_dropout),
        cmocka_unit_test(sequence_only),
        cmocka_unit_test(unsplit_structure),
        cmocka_unit_test(stacked_layers),
        cmocka_unit_test(as_many_layers_as_may_be),
        cmocka_unit_test(bidirectional_layers),
        cmocka_unit_test(stacked_bidirectional_layers),
        cmocka_unit_test(everything_at_once),
        cmocka_unit_test(activations_and_losses),
        cmocka_unit_test(a_source_read_twice_by_one_layer),
        cmocka_unit_test(sequences_of_length_1),
        cmocka_unit_test(empty_streams),
        cmocka_unit_test(a_contact_map_beside_a_stream),
        cmocka_unit_test(after_another_sample_with_dropout),
        cmocka_unit_test(batches_normalised),
    };
    print_message("seed %d\n", SEED);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
