/* SPDX-License-Identifier: MIT */
/* Time of one LSTM, forward and backward, on as many sequences of one length as the level takes.
 *
 *     bench_lstm [--length N] [--units N] [--count N] [--repeat N]
 *
 * A network of one stream passes COUNT batches forward, and forward and backward, at every level of
 * instructions, REPEAT rounds after one that is not counted. Printed is one JSON object a level and
 * pass: processor time in nanoseconds for a step of one sequence, as the median, least and greatest
 * of the rounds; "backward" is what the way back adds.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/network_run.h"

enum { MOST_ROUNDS = 1000 };

typedef struct settings {
    size_t length, units, count, rounds;
} settings;

static void stop(const char *message)
{
    fprintf(stderr, "bench_lstm: %s\n", message);
    exit(2);
}

static void check(dmg_status st, const dmg_error *err)
{
    if (st != DMG_OK) stop(err->message);
}

static settings parse(int argc, char **argv)
{
    settings s = {.length = 94, .units = 10, .count = 500, .rounds = 9};
    for (int i = 1; i < argc; i += 2) {
        char *end = NULL;
        const char *const name = argv[i], *const text = i + 1 < argc ? argv[i + 1] : "";
        const size_t value = strtoul(text, &end, 10);
        if (*text == '\0' || *end != '\0' || value < 1) stop("a number is expected");
        if (!strcmp(name, "--length"))
            s.length = value;
        else if (!strcmp(name, "--units"))
            s.units = value;
        else if (!strcmp(name, "--count"))
            s.count = value;
        else if (!strcmp(name, "--repeat"))
            s.rounds = value;
        else
            stop("[--length N] [--units N] [--count N] [--repeat N]");
    }
    if (s.units > DMG_MAX_UNITS || s.rounds > MOST_ROUNDS) stop("that is too much");
    return s;
}

static void *allocate(size_t count, size_t size)
{
    void *const block = calloc(count, size);
    if (!block) stop("out of memory");
    return block;
}

static dmg_architecture one_stream(size_t units)
{
    return (dmg_architecture){
        .id = "bench",
        .stream_count = 1,
        .streams =
            {{.kind = DMG_STREAM_SEQUENCE, .embedding = 4, .layers = 1, .units = {(int)units}}},
        .dense_count = 1,
        .dense = {{.name = "output", .input_count = 1, .inputs = {0}, .units = DMG_OUTPUTS}},
    };
}

static double processor_time(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* One level of instructions with all that its passes need. */
typedef struct subject {
    network_weights *weights;
    network_run *run;
    float *sums;
    size_t batch; /* samples at a time */
    network_sample samples[NETWORK_MAX_BATCH];
} subject;

static void create(subject *it, const network *net, const float *params, const settings *s,
                   dmg_cpu cpu)
{
    dmg_error err;
    check(network_weights_create(&it->weights, net, cpu, &err), &err);
    it->batch = network_weights_batch(it->weights);
    check(network_run_create(&it->run, it->weights, it->batch, &err), &err);
    network_weights_set(it->weights, params);
    it->sums = allocate(it->batch / SUM_UNIT * network_weights_sums(it->weights), sizeof *it->sums);
    for (size_t k = 0; k < NETWORK_MAX_BATCH; k++) {
        uint8_t *const tokens = allocate(s->length, 1);
        for (size_t t = 0; t < s->length; t++) tokens[t] = (uint8_t)((t * (k + 3) + t / 7) % 4);
        it->samples[k] = (network_sample){.tokens = {tokens}, .steps = {s->length}};
    }
}

static void destroy(subject *it)
{
    for (size_t k = 0; k < NETWORK_MAX_BATCH; k++) {
        void *tokens;
        memcpy(&tokens, &it->samples[k].tokens[0], sizeof tokens);
        free(tokens);
    }
    free(it->sums);
    network_run_destroy(it->run);
    network_weights_destroy(it->weights);
}

/* Nanoseconds a step and sequence; forward as in training, so that the way back can follow. */
static double run(subject *it, const settings *s, bool backward)
{
    float outputs[NETWORK_MAX_BATCH][DMG_OUTPUTS], doutputs[NETWORK_MAX_BATCH][DMG_OUTPUTS];
    dmg_rng dropout[NETWORK_MAX_BATCH];
    dmg_error err;
    for (size_t k = 0; k < NETWORK_MAX_BATCH; k++)
        for (size_t o = 0; o < DMG_OUTPUTS; o++) doutputs[k][o] = 0.01F;
    const double start = processor_time();
    for (size_t i = 0; i < s->count; i++) {
        for (size_t k = 0; k < NETWORK_MAX_BATCH; k++) dmg_rng_init(&dropout[k], i, k);
        check(network_run_forward(outputs, it->run, it->samples, it->batch, true, dropout, &err),
              &err);
        if (backward)
            network_run_backward(it->sums, it->run, (const float(*)[DMG_OUTPUTS])doutputs);
    }
    return 1e9 * (processor_time() - start) / (double)(s->count * it->batch * s->length);
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_times(const char *what, dmg_cpu cpu, const settings *s, double *times)
{
    qsort(times, s->rounds, sizeof *times, compare);
    printf("{\"what\": \"%s\", \"cpu\": \"%s\", \"units\": %zu, \"length\": %zu, "
           "\"nanoseconds\": %.2f, \"least\": %.2f, \"greatest\": %.2f}\n",
           what, dmg_cpu_name(cpu), s->units, s->length, times[s->rounds / 2], times[0],
           times[s->rounds - 1]);
}

static void measure(const network *net, const float *params, const settings *s, dmg_cpu cpu)
{
    subject it;
    double forward[MOST_ROUNDS], back[MOST_ROUNDS];
    create(&it, net, params, s, cpu);
    for (size_t round = 0; round <= s->rounds; round++) {
        const double there = run(&it, s, false), both = run(&it, s, true);
        if (round == 0) continue;
        forward[round - 1] = there;
        back[round - 1] = both - there;
    }
    print_times("forward", cpu, s, forward);
    print_times("backward", cpu, s, back);
    destroy(&it);
}

int main(int argc, char **argv)
{
    const settings s = parse(argc, argv);
    const dmg_architecture architecture = one_stream(s.units);
    network net;
    network_init(&net, &architecture);
    float *const params = allocate(net.parameters, sizeof *params);
    network_initial(params, &net, 1);
    for (dmg_cpu cpu = DMG_CPU_SCALAR; cpu <= DMG_CPU_AVX512; cpu++) {
        dmg_cpu level = cpu;
        if (dmg_cpu_resolve(&level, NULL) == DMG_OK) measure(&net, params, &s, level);
    }
    free(params);
    return 0;
}
