/* The whole network, built in double precision: its gradient against finite differences for every
 * shape an architecture can have. */
#include "architectures.h"
#include "gradient.h"
#include "model/network.h"
#include "nn/loss.h"

enum { SEED = 20160518, MAX_STEPS = 16 };

/* Uniform in +-0.9, the weights leave most gates between their kinks and some beyond. */
static const double weight_scale = 0.9;

typedef struct network_case {
    network net;
    network_workspace *ws;
    real *params, *grads;
    uint8_t tokens[DMG_STREAM_KINDS][MAX_STEPS];
    network_sample sample;
    real target[DMG_OUTPUTS], output[DMG_OUTPUTS];
    bool dropout;
    dmg_rng masks; /* the generator as it stands before each forward pass */
} network_case;

static void run_forward(network_case *c)
{
    dmg_rng masks = c->masks;
    network_forward(c->output, c->ws, c->params, &c->sample, c->dropout ? &masks : NULL);
}

static measurement measure_network(void *context)
{
    network_case *c = context;
    run_forward(c);
    uint64_t regime = 0;
    for (int s = 0; s < c->net.architecture.stream_count; s++) {
        const network_stream *stream = &c->net.streams[s];
        for (size_t l = 0; l < stream->layers; l++)
            for (size_t d = 0; d < stream->directions; d++)
                regime = mix_regime(regime, network_trace(c->ws, (size_t)s, l, d),
                                    c->sample.steps[s], stream->lstms[l][d].units);
    }
    const double loss = squared_error(c->output, c->target, DMG_OUTPUTS);
    return (measurement){.loss = loss, .regime = regime};
}

/* Random tokens, among them some that are no symbol. */
static void draw_tokens(network_case *c, const size_t steps[], dmg_rng *rng)
{
    for (int s = 0; s < c->net.architecture.stream_count; s++) {
        const uint64_t symbols = (uint64_t)dmg_encode_symbols(c->net.streams[s].kind);
        assert_true(steps[s] <= MAX_STEPS);
        for (size_t t = 0; t < steps[s]; t++)
            c->tokens[s][t] = (uint8_t)dmg_rng_below(rng, symbols + 1);
        c->sample.tokens[s] = c->tokens[s];
        c->sample.steps[s] = steps[s];
    }
}

static void network_case_init(network_case *c, const dmg_architecture *architecture,
                              const size_t steps[])
{
    dmg_error err;
    dmg_rng rng;
    *c = (network_case){.target = {0.9, 0.2}};
    dmg_rng_init(&rng, SEED, 1);
    dmg_rng_init(&c->masks, SEED, 2);
    network_init(&c->net, architecture);
    c->params = malloc(c->net.parameters * sizeof *c->params);
    c->grads = malloc(c->net.parameters * sizeof *c->grads);
    assert_true(c->params && c->grads);
    fill_uniform(c->params, c->net.parameters, weight_scale, &rng);
    draw_tokens(c, steps, &rng);
    assert_ok(network_workspace_create(&c->ws, &c->net, &err), &err);
    assert_ok(network_workspace_reserve(c->ws, &c->sample, &err), &err);
}

static void network_case_clear(network_case *c)
{
    network_workspace_destroy(c->ws);
    free(c->params);
    free(c->grads);
}

/* Leaves the gradient of the whole block in grads, to which the backward pass must have added. */
static void run_backward(network_case *c)
{
    const real held_before = 0.25;
    real doutput[DMG_OUTPUTS];
    run_forward(c);
    squared_error_backward(doutput, c->output, c->target, DMG_OUTPUTS, 1);
    fill_constant(c->grads, c->net.parameters, held_before);
    network_backward(c->grads, c->ws, c->params, &c->sample, doutput);
    subtract_constant(c->grads, c->net.parameters, held_before);
}

static void check_case(const char *what, network_case *c)
{
    run_backward(c);
    check_gradient(what, c->params, c->grads, c->net.parameters, measure_network, c);
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
        cmocka_unit_test(a_source_read_twice_by_one_layer),
        cmocka_unit_test(sequences_of_length_1),
        cmocka_unit_test(empty_streams),
        cmocka_unit_test(after_another_sample_with_dropout),
    };
    print_message("seed %d\n", SEED);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
