/* SPDX-License-Identifier: MIT */
/* The network over batches of samples: the levels against C, for architectures, lengths, tokens and
 * dropout masks drawn at random, and what a batch must not change. */
#include <math.h>

#include "architectures.h"
#include "model/network_run.h"
#include "nn/loss.h"
#include "unit.h"

enum {
    SEED = 20160521,
    CASES = 150,
    QUICK_CASES = 60,
    MAX_STEPS = 150,
    PIXELS = 8 * 8 * DMG_CONTACT_COLOURS
};

/* Between the levels: outputs, and gradients relative to the largest of their tensor. Random
 * networks, of up to four layers that read both ways, and pools amplify rounding more. */
static const double output_bound = 1e-6, gradient_bound = 1e-5, random_gradient_bound = 5e-5;

static const dmg_cpu fast_levels[] = {DMG_CPU_V128, DMG_CPU_AVX2, DMG_CPU_AVX512};

enum {
    FAST_LEVELS = sizeof fast_levels / sizeof *fast_levels,
    UNITS_OF_SUMS = NETWORK_MAX_BATCH / SUM_UNIT,
};

/* The k-th of the fast levels that this processor has, around and around; DMG_CPU_SCALAR, and a
 * word about it, where there is none. */
static dmg_cpu fast_level(uint64_t k)
{
    dmg_cpu found[FAST_LEVELS];
    size_t count = 0;
    for (int l = 0; l < FAST_LEVELS; l++) {
        dmg_cpu cpu = fast_levels[l];
        if (dmg_cpu_resolve(&cpu, NULL) == DMG_OK) found[count++] = cpu;
    }
    if (count > 0) return found[k % count];
    if (k == 0) print_message("skipped: this processor has no fast level\n");
    return DMG_CPU_SCALAR;
}

/* DMG_CHECK_FULL=1 asks for all. The quick ones meet every level with every kind of network. */
static uint64_t cases(void)
{
    const char *const wanted = getenv("DMG_CHECK_FULL");
    return wanted && !strcmp(wanted, "1") ? CASES : QUICK_CASES;
}

static size_t draw(dmg_rng *rng, size_t from, size_t to)
{
    return from + (size_t)dmg_rng_below(rng, to - from + 1);
}

/* --- random networks and batches --- */

/* Of a layer: small as a rule, but at times beyond every tile of the kernels. */
static int draw_units(dmg_rng *rng)
{
    return (int)(draw(rng, 0, 9) ? draw(rng, 1, 12) : draw(rng, 13, 37));
}

/* At most four layers. */
static void draw_stream(dmg_architecture *a, dmg_stream_kind kind, dmg_rng *rng)
{
    int units[5] = {0};
    const size_t layers = draw(rng, 1, 10) > 5 ? draw(rng, 2, 4) : 1;
    for (size_t l = 0; l < layers; l++) units[l] = draw_units(rng);
    const bool bidirectional = draw(rng, 0, 1); /* before the call: its arguments have no order */
    add_stream(a, kind, (int)draw(rng, 1, 6), units, bidirectional);
    a->streams[a->stream_count - 1].pooling = (unsigned)draw(rng, 0, 15);
}

static dmg_architecture draw_architecture(dmg_rng *rng)
{
    dmg_architecture a = {.id = "random"};
    for (int kind = 0; kind < DMG_STREAM_CONTACT_MAP; kind++)
        if (draw(rng, 0, 1)) draw_stream(&a, (dmg_stream_kind)kind, rng);
    if (a.stream_count == 0) draw_stream(&a, DMG_STREAM_SEQUENCE, rng);
    for (int f = 0; f < DMG_FEATURES; f++)
        if (draw(rng, 0, 3) == 0) a.features[a.feature_count++] = (dmg_feature)f;
    if (a.feature_count > 0) a.feature_bins = (int)draw(rng, 0, 3);
    const size_t layers = draw(rng, 1, 3);
    for (size_t d = 0; d < layers; d++) {
        const int sources = a.stream_count + (int)d;
        const char name[] = {'d', (char)('0' + d), '\0'};
        const int units = d + 1 < layers ? draw_units(rng) : DMG_OUTPUTS;
        add_dense(&a, name, INPUTS(sources - 1), units, 0.1 * (double)draw(rng, 0, 8));
        if (a.feature_count > 0 && draw(rng, 0, 1))
            a.dense[d].inputs[a.dense[d].input_count++] = DMG_INPUT_FEATURES;
        if (d + 1 < layers) a.dense[d].activation = (dmg_activation)draw(rng, 0, 2);
        for (size_t more = draw(rng, 0, 2); more > 0; more--) /* some of them twice */
            a.dense[d].inputs[a.dense[d].input_count++] = (int)draw(rng, 0, (size_t)sources - 1);
    }
    if (draw(rng, 0, 1)) set_output(&a, DMG_ACTIVATION_SOFTMAX);
    return a;
}

/* A network, samples of any length, and all that one level needs to compute with them. */
typedef struct level {
    dmg_cpu cpu;
    network_weights *weights;
    network_run *run;
    float *sums, *grads;
} level;

typedef struct batch_case {
    network net;
    float *params;
    size_t count;
    uint8_t tokens[NETWORK_MAX_BATCH][DMG_STREAM_KINDS][PIXELS];
    network_sample samples[NETWORK_MAX_BATCH];
    float doutputs[NETWORK_MAX_BATCH][DMG_OUTPUTS];
    level scalar, fast;
} batch_case;

static void level_open(level *l, dmg_cpu cpu, const network *net, const float *params)
{
    dmg_error err;
    *l = (level){.cpu = cpu};
    assert_ok(network_weights_create(&l->weights, net, cpu, &err), &err);
    assert_ok(network_run_create(&l->run, l->weights, NETWORK_MAX_BATCH, &err), &err);
    network_weights_set(l->weights, params);
    l->sums = calloc(UNITS_OF_SUMS * network_weights_sums(l->weights), sizeof *l->sums);
    l->grads = malloc(net->parameters * sizeof *l->grads);
    assert_true(l->sums && l->grads);
}

/* The gradient from the sums of all units. */
static void level_gradient(level *l)
{
    const size_t Q = network_weights_sums(l->weights);
    for (size_t u = 1; u < UNITS_OF_SUMS; u++)
        for (size_t q = 0; q < Q; q++) l->sums[q] += l->sums[u * Q + q];
    network_weights_gradient(l->grads, l->weights, l->sums);
}

static void level_close(level *l)
{
    network_run_destroy(l->run);
    network_weights_destroy(l->weights);
    free(l->sums);
    free(l->grads);
}

static size_t draw_length(dmg_rng *rng)
{
    switch (draw(rng, 0, 5)) {
    case 0: return draw(rng, 0, 1);
    case 1: return draw(rng, 0, MAX_STEPS); /* beyond what the kernels take back at once */
    default: return draw(rng, 0, 40);
    }
}

static void draw_sample(batch_case *c, size_t k, dmg_rng *rng)
{
    const bool any = draw(rng, 0, 1);
    for (int s = 0; s < c->net.architecture.stream_count; s++) {
        const bool map = c->net.streams[s].kind == DMG_STREAM_CONTACT_MAP;
        const uint64_t symbols =
            map ? UINT8_MAX : (uint64_t)dmg_encode_symbols(c->net.streams[s].kind);
        const size_t T = map ? PIXELS : draw_length(rng);
        for (size_t t = 0; t < T; t++)
            c->tokens[k][s][t] = (uint8_t)dmg_rng_below(rng, symbols + any);
        c->samples[k].tokens[s] = c->tokens[k][s];
        c->samples[k].steps[s] = T;
    }
    for (int f = 0; f < c->net.architecture.feature_count; f++)
        c->samples[k].features[f] = draw(rng, 0, 5) ? (float)dmg_rng_uniform(rng) : NAN;
    for (size_t o = 0; o < DMG_OUTPUTS; o++)
        c->doutputs[k][o] = (float)(2 * dmg_rng_uniform(rng) - 1);
}

static void draw_samples(batch_case *c, dmg_rng *rng)
{
    c->count = draw(rng, 1, NETWORK_MAX_BATCH);
    for (size_t k = 0; k < c->count; k++) draw_sample(c, k, rng);
}

/* Biases that hold some of the gates at exactly 0 or 1, where no gradient passes. */
static void close_gates(batch_case *c, dmg_rng *rng)
{
    for (int s = 0; s < c->net.architecture.stream_count; s++) {
        const network_stream *stream = &c->net.streams[s];
        for (size_t l = 0; l < network_lstm_layers(stream); l++)
            for (size_t d = 0; d < stream->directions; d++) {
                const lstm *layer = &stream->lstms[l][d];
                for (size_t g = 0; g < LSTM_GATES * layer->units; g++)
                    c->params[layer->bias + g] += 6 * ((float)draw(rng, 0, 2) - 1);
            }
    }
}

/* Weights as they begin, and larger ones; still larger ones make deep networks chaotic, so that
 * rounding alone changes their gradients. */
static void draw_params(batch_case *c, dmg_rng *rng)
{
    const double scale = draw(rng, 0, 1) ? 0.25 : 0.5;
    if (draw(rng, 0, 2) == 0) {
        network_initial(c->params, &c->net, draw(rng, 1, 1000));
        return;
    }
    for (size_t k = 0; k < c->net.parameters; k++)
        c->params[k] = (float)(scale * (2 * dmg_rng_uniform(rng) - 1));
    for (size_t f = 0; f < (size_t)c->net.architecture.feature_count; f++)
        c->params[c->net.feature_deviation + f] = 0.5F + (float)f;
    if (draw(rng, 0, 2) == 0) close_gates(c, rng);
}

static batch_case *case_open(const dmg_architecture *architecture, dmg_cpu fast, dmg_rng *rng)
{
    batch_case *c = calloc(1, sizeof *c);
    assert_non_null(c);
    network_init(&c->net, architecture);
    c->params = malloc(c->net.parameters * sizeof *c->params);
    assert_non_null(c->params);
    draw_params(c, rng);
    draw_samples(c, rng);
    level_open(&c->scalar, DMG_CPU_SCALAR, &c->net, c->params);
    level_open(&c->fast, fast, &c->net, c->params);
    return c;
}

static void case_close(batch_case *c)
{
    level_close(&c->scalar);
    level_close(&c->fast);
    free(c->params);
    free(c);
}

/* Runs `check` on the paper's network, on one with everything at once, and on random ones. */
static void for_random_cases(void (*check)(batch_case *c, dmg_rng *rng))
{
    for (uint64_t k = 0; k < cases() && fast_level(k) != DMG_CPU_SCALAR; k++) {
        dmg_rng rng;
        dmg_rng_init(&rng, SEED, k);
        const dmg_architecture a = k % 10 == 0   ? architecture_2016()
                                   : k % 10 == 1 ? architecture_variant()
                                   : k % 10 == 2 ? architecture_contact_map()
                                   : k % 10 == 3 ? architecture_beyond()
                                                 : draw_architecture(&rng);
        batch_case *c = case_open(&a, fast_level(k), &rng);
        check(c, &rng);
        case_close(c);
    }
}

typedef float output_row[DMG_OUTPUTS];

static void run_forward(output_row *outputs, batch_case *c, level *l, const dmg_rng *dropout)
{
    dmg_rng masks[NETWORK_MAX_BATCH];
    dmg_error err;
    if (dropout) memcpy(masks, dropout, sizeof masks);
    assert_ok(network_run_forward(outputs, l->run, c->samples, c->count, dropout != NULL,
                                  dropout ? masks : NULL, &err),
              &err);
}

static void init_masks(dmg_rng masks[NETWORK_MAX_BATCH], uint64_t stream)
{
    for (size_t k = 0; k < NETWORK_MAX_BATCH; k++) dmg_rng_init(&masks[k], SEED + k, stream);
}

/* --- fast against scalar --- */

static double worst_output;

static void assert_outputs_near(batch_case *c, const dmg_rng *dropout)
{
    output_row scalar[NETWORK_MAX_BATCH], fast[NETWORK_MAX_BATCH];
    run_forward(scalar, c, &c->scalar, dropout);
    run_forward(fast, c, &c->fast, dropout);
    for (size_t k = 0; k < c->count; k++)
        for (size_t o = 0; o < DMG_OUTPUTS; o++) {
            const double difference = fabs((double)scalar[k][o] - (double)fast[k][o]);
            worst_output = fmax(worst_output, difference);
            if (!(difference <= output_bound))
                fail_msg("sample %zu of %zu: %.8f, scalar %.8f", k, c->count, (double)fast[k][o],
                         (double)scalar[k][o]);
        }
}

static void check_outputs(batch_case *c, dmg_rng *rng)
{
    dmg_rng masks[NETWORK_MAX_BATCH];
    init_masks(masks, 1);
    assert_outputs_near(c, NULL);
    assert_outputs_near(c, masks);
    draw_samples(c, rng); /* other lengths in the same workspace, then prediction after training */
    assert_outputs_near(c, masks);
    assert_outputs_near(c, NULL);
}

static void outputs_are_those_of_the_scalar_code(void **state)
{
    (void)state;
    worst_output = 0;
    for_random_cases(check_outputs);
    print_message("outputs differ by at most %.1e\n", worst_output);
}

static size_t tensor_size(const network_tensor *tensor)
{
    return tensor->shape[0] * (tensor->rank == 2 ? tensor->shape[1] : 1);
}

static double largest_of(const float *values, size_t n)
{
    double largest = 0;
    for (size_t k = 0; k < n; k++) largest = fmax(largest, fabs((double)values[k]));
    return largest;
}

/* The largest difference of a tensor's gradients over the largest gradient; a tensor whose own are
 * but what cancelling left is measured against a tenth of the network's largest. */
static double gradient_difference(const batch_case *c, const network_tensor *tensor)
{
    const float *scalar = c->scalar.grads + tensor->offset, *fast = c->fast.grads + tensor->offset;
    const size_t n = tensor_size(tensor);
    const double whole = largest_of(c->scalar.grads, c->net.parameters);
    const double scale = fmax(largest_of(scalar, n), whole / 10);
    double worst = 0;
    for (size_t k = 0; k < n; k++) worst = fmax(worst, fabs((double)scalar[k] - (double)fast[k]));
    return scale > 0 ? worst / scale : worst;
}

static double worst_gradient;

static void run_learning(batch_case *c, level *l, const dmg_rng *masks)
{
    output_row outputs[NETWORK_MAX_BATCH];
    run_forward(outputs, c, l, masks);
    network_run_backward(l->sums, l->run, (const float(*)[DMG_OUTPUTS])c->doutputs);
}

/* Of two batches in a row, so that one must have added to the other. */
static void check_gradients(batch_case *c, dmg_rng *rng)
{
    for (uint64_t round = 0; round < 2; round++) {
        dmg_rng masks[NETWORK_MAX_BATCH];
        init_masks(masks, round);
        run_learning(c, &c->scalar, masks);
        run_learning(c, &c->fast, masks);
        draw_samples(c, rng);
    }
    level_gradient(&c->scalar);
    level_gradient(&c->fast);
    const char *id = c->net.architecture.id;
    const bool amplifies = strcmp(id, "random") == 0 || strcmp(id, "beyond") == 0;
    const double bound = amplifies ? random_gradient_bound : gradient_bound;
    for (size_t k = 0; k < c->net.tensor_count; k++) {
        const double difference = gradient_difference(c, &c->net.tensors[k]);
        worst_gradient = fmax(worst_gradient, difference);
        if (!(difference <= bound))
            fail_msg("%s differs by %.1e of its largest", c->net.tensors[k].name, difference);
    }
}

static void gradients_are_those_of_the_scalar_code(void **state)
{
    (void)state;
    worst_gradient = 0;
    for_random_cases(check_gradients);
    print_message("gradients differ by at most %.1e of their tensor's largest\n", worst_gradient);
}

/* New weights must be seen by runs made before, and nothing of the old ones left. */
static void check_new_weights(batch_case *c, dmg_rng *rng)
{
    draw_params(c, rng);
    network_weights_set(c->scalar.weights, c->params);
    network_weights_set(c->fast.weights, c->params);
    assert_outputs_near(c, NULL);
    check_gradients(c, rng);
}

static void new_weights_take_the_place_of_the_old(void **state)
{
    (void)state;
    for_random_cases(check_new_weights);
}

static void normalising_networks_predict_as_the_scalar_code(void **state)
{
    (void)state;
    for (uint64_t k = 0; k < cases() && fast_level(k) != DMG_CPU_SCALAR; k++) {
        dmg_rng rng;
        dmg_rng_init(&rng, SEED, k);
        dmg_architecture a = draw_architecture(&rng);
        for (int d = 0; d < a.dense_count; d++) a.dense[d].batch_norm = d == 0 || draw(&rng, 0, 1);
        batch_case *c = case_open(&a, fast_level(k), &rng);
        for (int d = 0; d < a.dense_count; d++)
            for (size_t i = 0; i < c->net.norms[d].width; i++)
                c->params[c->net.norms[d].variance + i] = (float)dmg_rng_uniform(&rng);
        assert_outputs_near(c, NULL);
        case_close(c);
    }
}

/* --- a batch changes nothing --- */

/* Alone in a workspace of its own, in training or prediction. */
static void run_alone(output_row output, batch_case *c, size_t k, const dmg_rng *dropout)
{
    network_run *run = NULL;
    dmg_error err;
    dmg_rng own;
    if (dropout) own = dropout[k];
    assert_ok(network_run_create(&run, c->fast.weights, 1, &err), &err);
    assert_ok(network_run_forward((output_row *)output, run, &c->samples[k], 1, dropout != NULL,
                                  dropout ? &own : NULL, &err),
              &err);
    network_run_destroy(run);
}

static void assert_alone_as_in_batch(batch_case *c, const dmg_rng *dropout)
{
    output_row together[NETWORK_MAX_BATCH], alone;
    run_forward(together, c, &c->fast, dropout);
    for (size_t k = 0; k < c->count; k++) {
        run_alone(alone, c, k, dropout);
        assert_memory_equal(alone, together[k], sizeof alone);
    }
}

static void check_alone(batch_case *c, dmg_rng *rng)
{
    dmg_rng masks[NETWORK_MAX_BATCH];
    init_masks(masks, 2);
    assert_alone_as_in_batch(c, NULL);
    assert_alone_as_in_batch(c, masks);
    draw_samples(c, rng);
    assert_alone_as_in_batch(c, NULL);
}

static void outputs_do_not_depend_on_the_batch(void **state)
{
    (void)state;
    for_random_cases(check_alone);
}

/* Samples in another order give each the same bits. */
static void check_order(batch_case *c, dmg_rng *rng)
{
    output_row before[NETWORK_MAX_BATCH], after[NETWORK_MAX_BATCH];
    size_t order[NETWORK_MAX_BATCH];
    network_sample samples[NETWORK_MAX_BATCH];
    run_forward(before, c, &c->fast, NULL);
    for (size_t k = 0; k < c->count; k++) order[k] = k;
    dmg_rng_shuffle(rng, order, c->count);
    memcpy(samples, c->samples, sizeof samples);
    for (size_t k = 0; k < c->count; k++) c->samples[k] = samples[order[k]];
    run_forward(after, c, &c->fast, NULL);
    for (size_t k = 0; k < c->count; k++)
        assert_memory_equal(after[k], before[order[k]], sizeof after[k]);
}

static void outputs_do_not_depend_on_the_lane(void **state)
{
    (void)state;
    for_random_cases(check_order);
}

/* The same batch again, after others, gives the same bits of gradient. */
static void check_repeated(batch_case *c, dmg_rng *rng)
{
    const size_t bytes = UNITS_OF_SUMS * network_weights_sums(c->fast.weights) * sizeof(float);
    float *first = malloc(bytes);
    assert_non_null(first);
    dmg_rng masks[NETWORK_MAX_BATCH];
    init_masks(masks, 3);
    run_learning(c, &c->fast, masks);
    memcpy(first, c->fast.sums, bytes);
    batch_case kept = *c;
    draw_samples(c, rng);
    run_learning(c, &c->fast, masks);
    memcpy(c->samples, kept.samples, sizeof kept.samples);
    memcpy(c->tokens, kept.tokens, sizeof kept.tokens);
    memcpy(c->doutputs, kept.doutputs, sizeof kept.doutputs);
    c->count = kept.count;
    memset(c->fast.sums, 0, bytes);
    run_learning(c, &c->fast, masks);
    assert_memory_equal(c->fast.sums, first, bytes);
    free(first);
}

static void gradients_do_not_depend_on_earlier_batches(void **state)
{
    (void)state;
    for_random_cases(check_repeated);
}

/* Two samples whose outputs carry no gradient leave nothing of themselves in the sums. */
static void check_silent(batch_case *c, dmg_rng *rng)
{
    (void)rng;
    dmg_rng masks[NETWORK_MAX_BATCH];
    init_masks(masks, 4);
    memset(c->doutputs, 0, sizeof c->doutputs);
    run_learning(c, &c->fast, masks);
    for (size_t k = 0; k < UNITS_OF_SUMS * network_weights_sums(c->fast.weights); k++)
        assert_true(c->fast.sums[k] == 0);
}

static void no_gradient_comes_from_nothing(void **state)
{
    (void)state;
    for_random_cases(check_silent);
}

/* --- the bytes of a level --- */

/* AVX2 and AVX-512 give the same bits: outputs, and the sums of each unit. */
static void wider_vectors_change_no_bit(void **state)
{
    (void)state;
    dmg_cpu wide = DMG_CPU_AVX512;
    if (dmg_cpu_resolve(&wide, NULL) != DMG_OK) {
        print_message("skipped: this processor has no avx512\n");
        return;
    }
    for (uint64_t k = 0; k < cases() / 3; k++) {
        dmg_rng rng, masks[NETWORK_MAX_BATCH];
        dmg_rng_init(&rng, SEED, k);
        const dmg_architecture a = k % 5 == 0   ? architecture_beyond()
                                   : k % 5 == 1 ? architecture_contact_map()
                                                : draw_architecture(&rng);
        batch_case *c = case_open(&a, DMG_CPU_AVX512, &rng);
        level_close(&c->scalar);
        level_open(&c->scalar, DMG_CPU_AVX2, &c->net, c->params);
        output_row narrow_outputs[NETWORK_MAX_BATCH], wide_outputs[NETWORK_MAX_BATCH];
        run_forward(narrow_outputs, c, &c->scalar, NULL);
        run_forward(wide_outputs, c, &c->fast, NULL);
        assert_memory_equal(narrow_outputs, wide_outputs, c->count * sizeof *wide_outputs);
        init_masks(masks, 5);
        run_learning(c, &c->scalar, masks);
        run_learning(c, &c->fast, masks);
        const size_t sums = UNITS_OF_SUMS * network_weights_sums(c->fast.weights);
        for (size_t q = 0; q < sums; q++) assert_true(c->scalar.sums[q] == c->fast.sums[q]);
        case_close(c);
    }
}

/* --- sorting --- */

static void the_longest_go_first(void **state)
{
    (void)state;
    network_waiting waiting[] = {{5, 0}, {9, 1}, {5, 2}, {0, 3}, {9, 4}};
    const size_t expected[] = {1, 4, 0, 2, 3};
    network_waiting_sort(waiting, 5);
    for (size_t k = 0; k < 5; k++) assert_int_equal(waiting[k].index, expected[k]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outputs_are_those_of_the_scalar_code),
        cmocka_unit_test(gradients_are_those_of_the_scalar_code),
        cmocka_unit_test(new_weights_take_the_place_of_the_old),
        cmocka_unit_test(normalising_networks_predict_as_the_scalar_code),
        cmocka_unit_test(outputs_do_not_depend_on_the_batch),
        cmocka_unit_test(outputs_do_not_depend_on_the_lane),
        cmocka_unit_test(gradients_do_not_depend_on_earlier_batches),
        cmocka_unit_test(no_gradient_comes_from_nothing),
        cmocka_unit_test(wider_vectors_change_no_bit),
        cmocka_unit_test(the_longest_go_first),
    };
    print_message("seed %d\n", SEED);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
