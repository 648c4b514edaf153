/* SPDX-License-Identifier: MIT */
/* The network against PyTorch (tests/fixtures/make-network-fixture.py says how the numbers were
 * made), its layout, and that nothing of one sample reaches another. Built in float, as it ships,
 * and in double, where the tolerances are those of the digits in the fixture. */
#include <jansson.h>
#include <math.h>

#include "architectures.h"
#include "model/network.h"
#include "nn/adam.h"
#include "nn/loss.h"
#include "one_sample.h"
#include "strands.h"
#include "unit.h"

enum { SEED = 20160520, MAX_STEPS = 64, MAX_SAMPLES = 16, ADAM_STEPS = 10 };

#ifdef DMG_NN_DOUBLE
static const double output_tolerance = 1e-9, gradient_tolerance = 1e-8, weight_tolerance = 2e-9;
#else
static const double output_tolerance = 1e-6, gradient_tolerance = 1e-4, weight_tolerance = 1e-6;
#endif

/* --- fixture --- */

typedef struct fixture {
    json_t *root;
    network net;
    one_sample runner;
    real *params, *grads;
    size_t sample_count;
    uint8_t tokens[MAX_SAMPLES][DMG_STREAM_KINDS][MAX_STEPS];
    network_sample samples[MAX_SAMPLES];
    real targets[MAX_SAMPLES][DMG_OUTPUTS];
} fixture;

static json_t *get(json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    if (!value) fail_msg("no \"%s\" in the fixture", key);
    return value;
}

static double number(json_t *array, size_t index)
{
    assert_true(json_is_number(json_array_get(array, index)));
    return json_number_value(json_array_get(array, index));
}

/* Values of a tensor, [count]; `what` is initial, gradient or final. */
static json_t *tensor_values(const fixture *f, const network_tensor *tensor, const char *what)
{
    return get(get(get(f->root, "tensors"), tensor->name), what);
}

static size_t tensor_size(const network_tensor *tensor)
{
    return tensor->shape[0] * (tensor->rank == 2 ? tensor->shape[1] : 1);
}

static void read_parameters(fixture *f)
{
    for (size_t k = 0; k < f->net.tensor_count; k++) {
        const network_tensor *tensor = &f->net.tensors[k];
        json_t *values = tensor_values(f, tensor, "initial");
        assert_int_equal(json_array_size(values), tensor_size(tensor));
        for (size_t i = 0; i < tensor_size(tensor); i++)
            f->params[tensor->offset + i] = (real)(float)number(values, i); /* as PyTorch had it */
    }
}

static void read_sample(fixture *f, size_t n, json_t *json)
{
    for (int s = 0; s < f->net.architecture.stream_count; s++) {
        const char *name = dmg_encode_stream_name(f->net.streams[s].kind);
        json_t *tokens = get(get(json, "tokens"), name);
        const size_t T = json_array_size(tokens);
        assert_true(T <= MAX_STEPS);
        for (size_t t = 0; t < T; t++) f->tokens[n][s][t] = (uint8_t)number(tokens, t);
        f->samples[n].tokens[s] = f->tokens[n][s];
        f->samples[n].steps[s] = T;
    }
    for (size_t o = 0; o < DMG_OUTPUTS; o++)
        f->targets[n][o] = (real)number(get(json, "target"), o);
}

static void fixture_open(fixture *f, const char *name, const dmg_architecture *architecture)
{
    char path[4096];
    json_error_t fault;
    *f = (fixture){.root = json_load_file(source_path(path, name), 0, &fault)};
    if (!f->root) fail_msg("%s: %s", path, fault.text);
    network_init(&f->net, architecture);
    f->params = calloc(f->net.parameters, sizeof *f->params);
    f->grads = calloc(f->net.parameters, sizeof *f->grads);
    assert_true(f->params && f->grads);
    read_parameters(f);
    f->sample_count = json_array_size(get(f->root, "samples"));
    assert_true(f->sample_count > 0 && f->sample_count <= MAX_SAMPLES);
    f->runner = one_open(&f->net);
    for (size_t n = 0; n < f->sample_count; n++) {
        read_sample(f, n, json_array_get(get(f->root, "samples"), n));
    }
}

static void fixture_close(fixture *f)
{
    one_close(&f->runner);
    free(f->params);
    free(f->grads);
    json_decref(f->root);
}

/* Runs `check` on both fixtures. */
static void for_both(void (*check)(fixture *f))
{
    const dmg_architecture architectures[] = {architecture_2016(), architecture_variant()};
    static const char *const names[] = {
        "tests/fixtures/network-2016.json",
        "tests/fixtures/network-variant.json",
    };
    for (int k = 0; k < 2; k++) {
        fixture f;
        fixture_open(&f, names[k], &architectures[k]);
        check(&f);
        fixture_close(&f);
    }
}

static const char *fixture_id(const fixture *f)
{
    return f->net.architecture.id;
}

/* --- against PyTorch --- */

static void check_tensor_table(fixture *f)
{
    assert_int_equal(json_object_size(get(f->root, "tensors")), f->net.tensor_count);
    for (size_t k = 0; k < f->net.tensor_count; k++) {
        const network_tensor *tensor = &f->net.tensors[k];
        json_t *shape = tensor_values(f, tensor, "shape");
        assert_int_equal(json_array_size(shape), tensor->rank);
        for (size_t axis = 0; axis < json_array_size(shape); axis++)
            assert_true(number(shape, axis) == (double)tensor->shape[axis]);
    }
}

static void tensors_have_the_names_and_shapes_of_the_fixture(void **state)
{
    (void)state;
    for_both(check_tensor_table);
}

#ifndef DMG_NN_DOUBLE /* the double build leaves out what reads architectures */
static void assert_same_layout(const network *net, const dmg_architecture *architecture)
{
    network other;
    network_init(&other, architecture);
    assert_int_equal(other.tensor_count, net->tensor_count);
    for (size_t k = 0; k < net->tensor_count; k++) {
        assert_string_equal(other.tensors[k].name, net->tensors[k].name);
        assert_int_equal(other.tensors[k].offset, net->tensors[k].offset);
        assert_memory_equal(other.tensors[k].shape, net->tensors[k].shape,
                            sizeof other.tensors[k].shape);
    }
    for (int d = 0; d < architecture->dense_count; d++) {
        const dmg_dense_spec *a = &architecture->dense[d], *b = &net->architecture.dense[d];
        assert_int_equal(a->input_count, b->input_count);
        assert_memory_equal(a->inputs, b->inputs, (size_t)a->input_count * sizeof *a->inputs);
    }
}

static void check_architecture(fixture *f)
{
    dmg_architecture read;
    dmg_error err;
    char *json = json_dumps(get(f->root, "architecture"), 0);
    assert_non_null(json);
    assert_ok(dmg_architecture_parse(&read, json, &err), &err);
    assert_same_layout(&f->net, &read);
    free(json);
}

static void architectures_built_by_hand_are_those_of_the_fixture(void **state)
{
    (void)state;
    for_both(check_architecture);
}

static void the_2016_architecture_is_known_by_name(void **state)
{
    (void)state;
    const dmg_architecture by_hand = architecture_2016();
    dmg_architecture by_name;
    dmg_error err;
    network net;
    network_init(&net, &by_hand);
    assert_ok(dmg_architecture_load(&by_name, "deepmirgene-2016", &err), &err);
    assert_same_layout(&net, &by_name);
    for (int d = 0; d < by_hand.dense_count; d++)
        assert_true(by_name.dense[d].dropout == by_hand.dense[d].dropout);
}
#endif

static void check_encoding(fixture *f)
{
    for (size_t n = 0; n < f->sample_count; n++) {
        json_t *json = json_array_get(get(f->root, "samples"), n);
        const char *sequence = json_string_value(get(json, "sequence"));
        const char *structure = json_string_value(get(json, "structure"));
        for (int s = 0; s < f->net.architecture.stream_count; s++) {
            uint8_t tokens[MAX_STEPS];
            const size_t T = encode_one(tokens, f->net.streams[s].kind, sequence, structure,
                                        strlen(structure), 0);
            assert_int_equal(T, f->samples[n].steps[s]);
            assert_memory_equal(tokens, f->tokens[n][s], T);
        }
    }
}

static void samples_encode_to_the_tokens_of_the_fixture(void **state)
{
    (void)state;
    for_both(check_encoding);
}

static void check_outputs(fixture *f)
{
    double worst = 0;
    for (size_t n = 0; n < f->sample_count; n++) {
        json_t *expected = get(json_array_get(get(f->root, "samples"), n), "output");
        real output[DMG_OUTPUTS];
        one_forward(output, &f->runner, f->params, &f->samples[n], NULL);
        for (size_t o = 0; o < DMG_OUTPUTS; o++)
            worst = fmax(worst, fabs((double)output[o] - number(expected, o)));
    }
    print_message("%s: outputs differ by at most %.1e\n", fixture_id(f), worst);
    assert_true(worst <= output_tolerance);
}

static void outputs_match_pytorch(void **state)
{
    (void)state;
    for_both(check_outputs);
}

/* Mean loss over all samples; leaves its gradient in grads. */
static double run_batch(fixture *f)
{
    const real scale = 1 / (real)f->sample_count;
    double loss = 0;
    memset(f->grads, 0, f->net.parameters * sizeof *f->grads);
    for (size_t n = 0; n < f->sample_count; n++) {
        real output[DMG_OUTPUTS], da[DMG_OUTPUTS];
        one_forward(output, &f->runner, f->params, &f->samples[n], NULL);
        loss += squared_error(output, f->targets[n], DMG_OUTPUTS);
        loss_backward(da, LOSS_SQUARED_ERROR, network_output(&f->net), output, f->targets[n],
                      DMG_OUTPUTS, scale);
        one_backward(f->grads, &f->runner, da);
    }
    return loss / (double)f->sample_count;
}

/* The largest relative error; what rounding leaves of values far below their tensor's largest is
 * measured against a hundredth of that. */
static double relative_error(const fixture *f, const network_tensor *tensor)
{
    json_t *expected = tensor_values(f, tensor, "gradient");
    const real *gradient = f->grads + tensor->offset;
    double largest = 0, worst = 0;
    for (size_t i = 0; i < tensor_size(tensor); i++)
        largest = fmax(largest, fabs(number(expected, i)));
    for (size_t i = 0; i < tensor_size(tensor); i++) {
        const double value = number(expected, i), error = fabs((double)gradient[i] - value);
        if (error > 0) worst = fmax(worst, error / fmax(fabs(value), 1e-2 * largest));
    }
    return worst;
}

static void check_gradients(fixture *f)
{
    double worst = 0;
    run_batch(f);
    for (size_t k = 0; k < f->net.tensor_count; k++) {
        const double error = relative_error(f, &f->net.tensors[k]);
        if (!(error <= gradient_tolerance))
            fail_msg("%s: %s differs by %.1e", fixture_id(f), f->net.tensors[k].name, error);
        worst = fmax(worst, error);
    }
    print_message("%s: gradients differ by at most %.1e of their size\n", fixture_id(f), worst);
}

static void gradients_match_pytorch(void **state)
{
    (void)state;
    for_both(check_gradients);
}

#ifndef DMG_NN_DOUBLE
/* All samples in batches at one level, dropout at rate 0: leaves the gradient of their mean
 * loss in grads and returns the largest difference of the outputs. */
static double run_batches(fixture *f, dmg_cpu cpu)
{
    network_weights *weights = NULL;
    network_run *run = NULL;
    dmg_error err;
    double worst = 0;
    assert_ok(network_weights_create(&weights, &f->net, cpu, &err), &err);
    assert_ok(network_run_create(&run, weights, NETWORK_MAX_BATCH, &err), &err);
    network_weights_set(weights, f->params);
    const size_t Q = network_weights_sums(weights), units = NETWORK_MAX_BATCH / SUM_UNIT;
    float *sums = calloc(units * Q, sizeof *sums);
    assert_non_null(sums);
    for (size_t begin = 0; begin < f->sample_count; begin += NETWORK_MAX_BATCH) {
        const size_t left = f->sample_count - begin;
        const size_t count = left < NETWORK_MAX_BATCH ? left : NETWORK_MAX_BATCH;
        float outputs[NETWORK_MAX_BATCH][DMG_OUTPUTS], da[NETWORK_MAX_BATCH][DMG_OUTPUTS];
        dmg_rng dropout[NETWORK_MAX_BATCH];
        for (size_t k = 0; k < count; k++) dmg_rng_init(&dropout[k], SEED, k);
        assert_ok(network_run_forward(outputs, run, f->samples + begin, count, true, dropout, &err),
                  &err);
        for (size_t k = 0; k < count; k++) {
            json_t *expected = get(json_array_get(get(f->root, "samples"), begin + k), "output");
            for (size_t o = 0; o < DMG_OUTPUTS; o++)
                worst = fmax(worst, fabs((double)outputs[k][o] - number(expected, o)));
            loss_backward(da[k], LOSS_SQUARED_ERROR, network_output(&f->net), outputs[k],
                          f->targets[begin + k], DMG_OUTPUTS, 1 / (float)f->sample_count);
        }
        network_run_backward(sums, run, (const float(*)[DMG_OUTPUTS])da);
    }
    for (size_t u = 1; u < units; u++)
        for (size_t q = 0; q < Q; q++) sums[q] += sums[u * Q + q];
    network_weights_gradient(f->grads, weights, sums);
    network_run_destroy(run);
    network_weights_destroy(weights);
    free(sums);
    return worst;
}

static void check_batches(fixture *f)
{
    for (int d = 0; d < f->net.architecture.dense_count; d++)
        f->net.architecture.dense[d].dropout = 0;
    for (dmg_cpu cpu = DMG_CPU_SCALAR; cpu <= DMG_CPU_AVX512; cpu++) {
        dmg_cpu level = cpu;
        if (dmg_cpu_resolve(&level, NULL) != DMG_OK) continue;
        const double worst = run_batches(f, cpu);
        print_message("%s, %s: outputs differ by at most %.1e\n", fixture_id(f), dmg_cpu_name(cpu),
                      worst);
        assert_true(worst <= output_tolerance);
        for (size_t k = 0; k < f->net.tensor_count; k++) {
            const double error = relative_error(f, &f->net.tensors[k]);
            if (!(error <= gradient_tolerance))
                fail_msg("%s, %s: %s differs by %.1e", fixture_id(f), dmg_cpu_name(cpu),
                         f->net.tensors[k].name, error);
        }
    }
}

static void batches_match_pytorch_at_every_level(void **state)
{
    (void)state;
    for_both(check_batches);
}
#endif

static double worst_final_parameter(const fixture *f)
{
    double worst = 0;
    for (size_t k = 0; k < f->net.tensor_count; k++) {
        const network_tensor *tensor = &f->net.tensors[k];
        json_t *expected = tensor_values(f, tensor, "final");
        for (size_t i = 0; i < tensor_size(tensor); i++) {
            const double value = (double)f->params[tensor->offset + i];
            worst = fmax(worst, fabs(value - number(expected, i)));
        }
    }
    return worst;
}

static void check_training(fixture *f)
{
    const adam_options options = adam_options_defaults();
    const size_t n = f->net.parameters;
    real *moments = calloc(2 * n, sizeof *moments);
    double worst = 0;
    assert_non_null(moments);
    for (uint64_t step = 0; step <= ADAM_STEPS; step++) {
        const double expected = number(get(f->root, "losses"), step);
        worst = fmax(worst, fabs(run_batch(f) - expected));
        if (step == ADAM_STEPS) break;
        adam_update(f->params, moments, moments + n, f->grads, n, step + 1, &options);
    }
    free(moments);
    const double parameter = worst_final_parameter(f);
    print_message("%s: losses differ by at most %.1e, parameters in the end by %.1e\n",
                  fixture_id(f), worst, parameter);
    assert_true(worst <= output_tolerance);
    assert_true(parameter <= weight_tolerance);
}

static void ten_steps_of_adam_match_pytorch(void **state)
{
    (void)state;
    for_both(check_training);
}

/* --- samples do not touch each other --- */

static void predict_alone(real *output, fixture *f, size_t n)
{
    one_sample runner = one_open(&f->net);
    one_forward(output, &runner, f->params, &f->samples[n], NULL);
    one_close(&runner);
}

/* Every sample in random order in one workspace that grows on the way, with training passes in
 * between, gives the bits that it gives alone. */
static void check_order(fixture *f)
{
    real alone[MAX_SAMPLES][DMG_OUTPUTS], output[DMG_OUTPUTS], doutput[DMG_OUTPUTS] = {1, -1};
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 1);
    for (size_t n = 0; n < f->sample_count; n++) predict_alone(alone[n], f, n);
    one_sample runner = one_open(&f->net);
    for (int round = 0; round < 100; round++) {
        const size_t n = (size_t)dmg_rng_below(&rng, f->sample_count);
        const bool training = dmg_rng_below(&rng, 3) == 0;
        one_forward(output, &runner, f->params, &f->samples[n], training ? &rng : NULL);
        if (training)
            one_backward(f->grads, &runner, doutput);
        else
            assert_memory_equal(output, alone[n], sizeof output);
    }
    one_close(&runner);
}

static void outputs_do_not_depend_on_earlier_samples(void **state)
{
    (void)state;
    for_both(check_order);
}

/* Gradients of the shortest sample alone, and after the longest: the same bits. */
static void check_gradient_after_longer(fixture *f)
{
    const size_t shortest = 0, longest = f->sample_count - 1;
    const size_t bytes = f->net.parameters * sizeof *f->grads;
    const real doutput[DMG_OUTPUTS] = {1, -1};
    real output[DMG_OUTPUTS], *alone = malloc(bytes);
    assert_non_null(alone);
    one_forward(output, &f->runner, f->params, &f->samples[shortest], NULL);
    memset(f->grads, 0, bytes);
    one_backward(f->grads, &f->runner, doutput);
    memcpy(alone, f->grads, bytes);
    one_forward(output, &f->runner, f->params, &f->samples[longest], NULL);
    one_backward(f->grads, &f->runner, doutput);
    one_forward(output, &f->runner, f->params, &f->samples[shortest], NULL);
    memset(f->grads, 0, bytes);
    one_backward(f->grads, &f->runner, doutput);
    assert_memory_equal(f->grads, alone, bytes);
    free(alone);
}

static void gradients_do_not_depend_on_earlier_samples(void **state)
{
    (void)state;
    for_both(check_gradient_after_longer);
}

/* --- dropout --- */

static void set_dropout(fixture *f, double rate)
{
    for (int d = 0; d < f->net.architecture.dense_count; d++)
        f->net.architecture.dense[d].dropout = rate;
}

static void check_dropout(fixture *f)
{
    real predicted[DMG_OUTPUTS], output[DMG_OUTPUTS], again[DMG_OUTPUTS];
    const network_sample *sample = &f->samples[f->sample_count - 1];
    dmg_rng rng;
    one_forward(predicted, &f->runner, f->params, sample, NULL);

    dmg_rng_init(&rng, SEED, 2);
    one_forward(output, &f->runner, f->params, sample, &rng);
    assert_memory_not_equal(output, predicted, sizeof output);
    dmg_rng_init(&rng, SEED, 2);
    one_forward(again, &f->runner, f->params, sample, &rng);
    assert_memory_equal(output, again, sizeof output);
    one_forward(again, &f->runner, f->params, sample, &rng); /* draws other masks */
    assert_memory_not_equal(output, again, sizeof output);

    set_dropout(f, 0);
    one_forward(output, &f->runner, f->params, sample, &rng);
    assert_memory_equal(output, predicted, sizeof output);
}

static void dropout_is_for_training_and_decided_by_the_generator(void **state)
{
    (void)state;
    for_both(check_dropout);
}

/* --- layout and initial weights --- */

static void check_layout(const dmg_architecture *architecture)
{
    network net;
    network_init(&net, architecture);
    size_t next = 0;
    for (size_t k = 0; k < net.tensor_count; k++) {
        assert_int_equal(net.tensors[k].offset, next); /* neither gap nor overlap */
        assert_true(tensor_size(&net.tensors[k]) > 0);
        next += tensor_size(&net.tensors[k]);
        for (size_t other = 0; other < k; other++)
            assert_string_not_equal(net.tensors[k].name, net.tensors[other].name);
    }
    assert_int_equal(net.parameters, next);
}

/* As large as an architecture may be. */
static dmg_architecture largest_architecture(bool normalised)
{
    dmg_architecture a = {0};
    const int most = DMG_MAX_UNITS;
    for (int kind = 0; kind < DMG_STREAM_CONTACT_MAP; kind++)
        add_stream(&a, (dmg_stream_kind)kind, most,
                   UNITS(most, most, most, most, most, most, most, most), true);
    for (int s = 0; s < a.stream_count; s++)
        a.streams[s].pooling = DMG_POOL_LAST | DMG_POOL_ATTENTION | DMG_POOL_MEAN | DMG_POOL_MAX;
    add_contact_map(&a, DMG_MAX_GRID, UNITS(most, most, most, most, most, most));
    for (int d = 0; d < DMG_MAX_DENSE; d++) {
        char name[DMG_NAME_CAPACITY];
        memset(name, 'n', sizeof name - 1);
        name[0] = (char)('a' + d);
        name[sizeof name - 1] = '\0';
        add_dense(&a, name, INPUTS(0), d == DMG_MAX_DENSE - 1 ? DMG_OUTPUTS : most, 0.5);
        a.dense[d].batch_norm = normalised;
        for (int source = 1; source < DMG_STREAM_KINDS + d; source++)
            a.dense[d].inputs[a.dense[d].input_count++] = source;
        a.dense[d].inputs[a.dense[d].input_count++] = DMG_INPUT_FEATURES;
    }
    while (a.feature_count < DMG_FEATURES) {
        a.features[a.feature_count] = (dmg_feature)a.feature_count;
        a.feature_count++;
    }
    a.feature_bins = DMG_MAX_FEATURE_BINS;
    return a;
}

static void tensors_cover_the_block_once_under_names_of_their_own(void **state)
{
    (void)state;
    const dmg_architecture a = architecture_2016(), variant = architecture_variant();
    const dmg_architecture largest = largest_architecture(true);
    network net;
    check_layout(&a);
    check_layout(&variant);
    check_layout(&largest);
    network_init(&net, &largest);
    const size_t convolutions = net.streams[DMG_STREAM_CONTACT_MAP].layers;
    const size_t if_lstms =
        2 + 3 * DIRECTIONS * DMG_MAX_LAYERS; /* tensors of the contact map's stream */
    assert_int_equal(net.tensor_count, NETWORK_MAX_TENSORS - if_lstms + 2 * convolutions);
    assert_int_equal(strlen(net.tensors[net.tensor_count - 4].name),
                     DMG_NAME_CAPACITY - 1 + strlen(".bias"));
}

static void the_largest_network_fits_its_workspace(void **state)
{
    (void)state;
    const dmg_architecture largest = largest_architecture(false);
    static const uint8_t tokens[DMG_MAX_GRID * DMG_MAX_GRID * DMG_CONTACT_COLOURS] = {0, 1, 2};
    const network_sample sample = {
        .tokens = {tokens, tokens, tokens, tokens, tokens, tokens, tokens, tokens},
        .steps = {3, 1, 2, 3, 3, 1, 2, sizeof tokens},
    };
    const real doutput[DMG_OUTPUTS] = {1, 1};
    network net;
    dmg_rng rng;
    network_init(&net, &largest);
    real *params = malloc(net.parameters * sizeof *params);
    real *grads = calloc(net.parameters, sizeof *grads), output[DMG_OUTPUTS];
    assert_true(params && grads);
    network_initial(params, &net, SEED);
    dmg_rng_init(&rng, SEED, 3);
    one_sample runner = one_open(&net);
    one_forward(output, &runner, params, &sample, &rng);
    one_backward(grads, &runner, doutput);
    for (size_t o = 0; o < DMG_OUTPUTS; o++) assert_true(output[o] > 0 && output[o] < 1);
    for (size_t k = 0; k < net.parameters; k++) assert_true(isfinite(grads[k]));
    one_close(&runner);
    free(params);
    free(grads);
}

static void the_2016_network_has_1828_parameters(void **state)
{
    (void)state;
    const dmg_architecture a = architecture_2016();
    network net;
    network_init(&net, &a);
    const size_t embeddings = 4 * 4 + 3 * 3 + 3 * 3; /* 34 */
    const size_t sequence = 4 * 40 + 10 * 40 + 40;   /* 600: kernel, recurrent, bias */
    const size_t arm = 3 * 40 + 10 * 40 + 40;        /* 560 */
    const size_t layers = (10 * 2 + 2) + (20 * 2 + 2) + (4 * 2 + 2); /* 74 */
    assert_int_equal(net.parameters, embeddings + sequence + 2 * arm + layers);
    assert_int_equal(net.parameters, 1828);
    assert_int_equal(net.tensor_count, 3 + 3 * 3 + 3 * 2);
    assert_string_equal(net.tensors[0].name, "sequence.embedding");
    assert_string_equal(net.tensors[1].name, "sequence.lstm.0.kernel");
    assert_string_equal(net.tensors[17].name, "output.bias");
}

static void reversed_layers_are_named_so(void **state)
{
    (void)state;
    dmg_architecture a = {0};
    add_stream(&a, DMG_STREAM_STRUCTURE, 3, UNITS(2, 2), true);
    add_dense(&a, "output", INPUTS(0), 2, 0);
    network net;
    network_init(&net, &a);
    assert_string_equal(net.tensors[3].name, "structure.lstm.0.bias");
    assert_string_equal(net.tensors[4].name, "structure.lstm.0.reversed.kernel");
    assert_string_equal(net.tensors[12].name, "structure.lstm.1.reversed.bias");
}

static void a_bidirectional_stream_ends_on_both_ends(void **state)
{
    (void)state;
    enum { H = 2, T = 5 };
    dmg_architecture a = {0};
    add_stream(&a, DMG_STREAM_STRUCTURE, 3, UNITS(3, H), true);
    add_dense(&a, "output", INPUTS(0), 2, 0);
    network net;
    const uint8_t tokens[T] = {0, 0, 1, 2, 1};
    const network_sample sample = {.tokens = {tokens}, .steps = {T}};
    network_init(&net, &a);
    real *params = malloc(net.parameters * sizeof *params), output[DMG_OUTPUTS];
    assert_non_null(params);
    network_initial(params, &net, SEED);
    /* The outputs show one unit of each direction: rows of the weight are [direction][unit]. */
    memset(params + net.dense[0].weight, 0, net.dense[0].inputs * 2 * sizeof *params);
    params[net.dense[0].weight + 1 * DMG_OUTPUTS + 0] = 1;
    params[net.dense[0].weight + (H + 1) * DMG_OUTPUTS + 1] = 1;
    one_sample runner = one_open(&net);
    one_forward(output, &runner, params, &sample, NULL);
    const double last = (double)network_run_trace(runner.run, 0, 1, 0).hidden[T * 2 * H + 1];
    const double first = (double)network_run_trace(runner.run, 0, 1, 1).hidden[2 * H + 1];
    assert_true(fabs((double)output[0] - 1 / (1 + exp(-last))) < 1e-6);
    assert_true(fabs((double)output[1] - 1 / (1 + exp(-first))) < 1e-6);
    assert_true(fabs(last - first) > 1e-4); /* or the comparison says nothing */
    one_close(&runner);
    free(params);
}

static bool same_values(const real *a, const real *b, size_t n)
{
    return memcmp(a, b, n * sizeof *a) == 0;
}

static void initial_weights_are_decided_by_the_seed(void **state)
{
    (void)state;
    const dmg_architecture a = architecture_2016();
    network net;
    network_init(&net, &a);
    real *first = malloc(net.parameters * sizeof *first);
    real *second = malloc(net.parameters * sizeof *second);
    assert_true(first && second);
    for (size_t k = 0; k < net.parameters; k++) first[k] = (real)NAN;
    network_initial(first, &net, 1);
    for (size_t k = 0; k < net.parameters; k++) assert_true(isfinite(first[k]));
    network_initial(second, &net, 1);
    assert_true(same_values(first, second, net.parameters));
    network_initial(second, &net, 2);
    for (int s = 0; s < a.stream_count; s++) {
        const size_t kernel = net.streams[s].lstms[0][0].kernel;
        assert_false(same_values(first + kernel, second + kernel, 10));
    }
    free(first);
    free(second);
}

static void layers_of_one_shape_begin_differently(void **state)
{
    (void)state;
    const dmg_architecture a = architecture_variant(), paper = architecture_2016();
    network net;
    network_init(&net, &paper);
    real params[4096];
    assert_true(net.parameters <= 4096);
    network_initial(params, &net, SEED);
    const network_stream *forward = &net.streams[1], *backward = &net.streams[2];
    assert_false(same_values(params + forward->embed.table, params + backward->embed.table, 9));
    assert_false(same_values(params + forward->lstms[0][0].kernel,
                             params + backward->lstms[0][0].kernel, 3));
    network_init(&net, &a);
    assert_true(net.parameters <= 4096);
    network_initial(params, &net, SEED);
    const lstm *directions = net.streams[0].lstms[0];
    assert_false(same_values(params + directions[0].kernel, params + directions[1].kernel, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tensors_have_the_names_and_shapes_of_the_fixture),
#ifndef DMG_NN_DOUBLE
        cmocka_unit_test(architectures_built_by_hand_are_those_of_the_fixture),
        cmocka_unit_test(the_2016_architecture_is_known_by_name),
#endif
        cmocka_unit_test(samples_encode_to_the_tokens_of_the_fixture),
        cmocka_unit_test(outputs_match_pytorch),
        cmocka_unit_test(gradients_match_pytorch),
#ifndef DMG_NN_DOUBLE
        cmocka_unit_test(batches_match_pytorch_at_every_level),
#endif
        cmocka_unit_test(ten_steps_of_adam_match_pytorch),
        cmocka_unit_test(outputs_do_not_depend_on_earlier_samples),
        cmocka_unit_test(gradients_do_not_depend_on_earlier_samples),
        cmocka_unit_test(dropout_is_for_training_and_decided_by_the_generator),
        cmocka_unit_test(tensors_cover_the_block_once_under_names_of_their_own),
        cmocka_unit_test(the_largest_network_fits_its_workspace),
        cmocka_unit_test(the_2016_network_has_1828_parameters),
        cmocka_unit_test(reversed_layers_are_named_so),
        cmocka_unit_test(a_bidirectional_stream_ends_on_both_ends),
        cmocka_unit_test(initial_weights_are_decided_by_the_seed),
        cmocka_unit_test(layers_of_one_shape_begin_differently),
    };
    print_message("seed %d\n", SEED);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
