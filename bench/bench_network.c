/* SPDX-License-Identifier: MIT */
/* Time of the network: an epoch of training, and inference without reading and folding.
 *
 *     bench_network [--recipe NAME] [--count N] [--repeat N] [--threads N] [--cpu LEVEL]
 *                   [POS.fa NEG.fa]
 *
 * Trains by a recipe (2016) on the records of the two files, or on COUNT made-up hairpins whose
 * lengths are distributed as those of the published human set, and predicts them with the model so
 * trained. Levels and numbers of threads take turns, REPEAT rounds after one that is not counted.
 * Each is printed as one JSON object with median, least and greatest time, by the clock on the wall
 * and of the processor; "seconds" is the median of the processor's for one thread, of the wall's
 * for several. Before them stands the rate at which one thread of this machine multiplies and adds
 * in AVX2 registers, and how long an epoch and a prediction would take if that were all they did
 * ("floor").
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/rng.h"
#include "deepmirgene/model.h"
#include "deepmirgene/train.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { MOST_ROUNDS = 1000, MOST_CONFIGURATIONS = 16, EPOCHS = 3 };

typedef struct settings {
    size_t count, rounds, threads;
    dmg_cpu cpu; /* DMG_CPU_AUTO: all */
    const char *recipe, *positives, *negatives;
} settings;

static void stop(const char *message)
{
    fprintf(stderr, "bench_network: %s\n", message);
    exit(2);
}

static void check(dmg_status st, const dmg_error *err)
{
    if (st != DMG_OK) stop(err->message);
}

static size_t parse_number(const char *text)
{
    char *end;
    const unsigned long value = strtoul(text, &end, 10);
    if (*text == '\0' || *end != '\0' || value < 1) stop("a number is expected");
    return value;
}

static settings parse(int argc, char **argv)
{
    settings s = {.count = 6628, .rounds = 5, .threads = 2, .cpu = DMG_CPU_AUTO, .recipe = "2016"};
    dmg_error err;
    for (int i = 1; i < argc; i += 2) {
        const char *const name = argv[i], *const value = i + 1 < argc ? argv[i + 1] : "";
        if (name[0] != '-') {
            s.positives = name;
            s.negatives = value;
        } else if (!strcmp(name, "--recipe")) {
            s.recipe = value;
        } else if (!strcmp(name, "--count")) {
            s.count = parse_number(value);
        } else if (!strcmp(name, "--repeat")) {
            s.rounds = parse_number(value);
        } else if (!strcmp(name, "--threads")) {
            s.threads = parse_number(value);
        } else if (!strcmp(name, "--cpu")) {
            check(dmg_cpu_parse(&s.cpu, value, &err), &err);
        } else {
            stop("[--recipe NAME] [--count N] [--repeat N] [--threads N] [--cpu LEVEL] "
                 "[POS.fa NEG.fa]");
        }
    }
    if (s.rounds > MOST_ROUNDS) stop("--repeat takes 1 to 1000");
    return s;
}

static void *allocate(size_t count, size_t size)
{
    void *const block = calloc(count, size);
    if (!block) stop("out of memory");
    return block;
}

/* --- the data --- */

/* Lengths of the human set: how many of 8,285 fall into each ten. */
static const struct {
    size_t from, records;
} human_lengths[] = {
    {50, 15},   {60, 65},  {70, 242}, {80, 2133}, {90, 5060},
    {100, 485}, {110, 90}, {130, 60}, {200, 135},
};

static size_t draw_length(dmg_rng *rng)
{
    uint64_t left = dmg_rng_below(rng, 8285);
    for (size_t k = 0; k < sizeof human_lengths / sizeof *human_lengths; k++) {
        if (left < human_lengths[k].records)
            return human_lengths[k].from + (size_t)dmg_rng_below(rng, 10);
        left -= human_lengths[k].records;
    }
    return 93;
}

/* A stem with random bulges and a loop, and letters that have nothing to do with it. */
static void write_hairpin(FILE *file, size_t number, dmg_rng *rng)
{
    char sequence[512], structure[512];
    const size_t length = draw_length(rng), half = (length - 6) / 2;
    for (size_t i = 0; i < length; i++) {
        sequence[i] = "ACGU"[dmg_rng_below(rng, 4)];
        structure[i] = '.';
    }
    for (size_t i = 0; i < half; i++)
        if (dmg_rng_below(rng, 4)) {
            structure[i] = '(';
            structure[length - 1 - i] = ')';
        }
    fprintf(file, ">%zu\n%.*s\n%.*s\n", number, (int)length, sequence, (int)length, structure);
}

static void add_made_up(dmg_dataset *dataset, size_t count, bool positive)
{
    char path[] = "/tmp/bench_networkXXXXXX";
    dmg_error err;
    dmg_rng rng;
    dmg_rng_init(&rng, 1, positive);
    const int descriptor = mkstemp(path);
    FILE *const file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    if (!file) stop("no temporary file can be made");
    for (size_t k = 0; k < count; k++) write_hairpin(file, k, &rng);
    if (fclose(file) != 0) stop("the temporary file cannot be written");
    check(dmg_dataset_add(dataset, path, positive, &err), &err);
    remove(path);
}

static dmg_dataset *make_dataset(const settings *s)
{
    dmg_dataset *dataset = NULL;
    dmg_error err;
    check(dmg_dataset_create(&dataset, &err), &err);
    if (s->positives) {
        check(dmg_dataset_add(dataset, s->positives, true, &err), &err);
        check(dmg_dataset_add(dataset, s->negatives, false, &err), &err);
    } else {
        add_made_up(dataset, s->count / 10 + 1, true);
        add_made_up(dataset, s->count - s->count / 10 - 1, false);
    }
    check(dmg_dataset_fold(dataset, (int)s->threads, DMG_CPU_AUTO, &err), &err);
    return dataset;
}

/* --- the clock --- */

typedef struct instant {
    double wall, processor;
} instant;

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static instant now(void)
{
    return (instant){seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID)};
}

static instant since(instant start)
{
    const instant end = now();
    return (instant){end.wall - start.wall, end.processor - start.processor};
}

/* --- the floor --- */

#if defined(__x86_64__)
/* Multiply-adds a second of processor time: sums that wait for nothing but themselves, enough of
 * them to keep both units busy. */
__attribute__((target("avx2,fma"))) static double multiply_add_rate(void)
{
    enum { TURNS = 4 * 1000 * 1000, LANES = 8, SUMS = 10 };
    const __m256 x = _mm256_set1_ps(0.999F), y = _mm256_set1_ps(0.001F);
    /* Different from each other, lest the compiler make one of them. */
    __m256 a = x, b = a + x, c = b + x, d = c + x, e = d + x;
    __m256 f = e + x, g = f + x, h = g + x, i = h + x, j = i + x;
    const double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (int turn = 0; turn < TURNS; turn++) {
        a = _mm256_fmadd_ps(a, x, y);
        b = _mm256_fmadd_ps(b, x, y);
        c = _mm256_fmadd_ps(c, x, y);
        d = _mm256_fmadd_ps(d, x, y);
        e = _mm256_fmadd_ps(e, x, y);
        f = _mm256_fmadd_ps(f, x, y);
        g = _mm256_fmadd_ps(g, x, y);
        h = _mm256_fmadd_ps(h, x, y);
        i = _mm256_fmadd_ps(i, x, y);
        j = _mm256_fmadd_ps(j, x, y);
    }
    const double elapsed = seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
    volatile float used = (a + b + c + d + e + f + g + h + i + j)[0];
    (void)used;
    return (double)TURNS * LANES * SUMS / elapsed;
}
#else
static double multiply_add_rate(void)
{
    return 0;
}
#endif

/* The recurrent multiply-adds of one pass over all records: the sequence is read whole, and every
 * other stream one half of it. */
static double forward_multiply_adds(const dmg_dataset *dataset, const dmg_architecture *a)
{
    double length = 0, each = 0;
    for (size_t i = 0; i < dmg_dataset_count(dataset); i++)
        length += (double)dmg_dataset_get(dataset, i).length;
    for (int k = 0; k < a->stream_count; k++) {
        const dmg_stream_spec *const stream = &a->streams[k];
        const double units = stream->units[0], readers = stream->bidirectional ? 2 : 1;
        each += (stream->kind == DMG_STREAM_SEQUENCE ? 1 : 0.5) * readers * 4 * units * units;
    }
    return length * each;
}

/* --- training and prediction --- */

typedef struct configuration {
    dmg_cpu cpu;
    int threads;
    size_t count; /* of times */
    instant epochs[MOST_ROUNDS], predictions[MOST_ROUNDS];
} configuration;

typedef struct stopwatch {
    instant start, best;
} stopwatch;

/* Keeps the shortest epoch but the first. */
static dmg_status epoch_done(void *context, const dmg_epoch *history, size_t count, size_t restored,
                             dmg_error *err)
{
    (void)history;
    (void)restored;
    (void)err;
    stopwatch *watch = context;
    const instant elapsed = since(watch->start);
    if (count == 2 || (count > 2 && elapsed.wall < watch->best.wall)) watch->best = elapsed;
    watch->start = now();
    return DMG_OK;
}

static instant time_epoch(dmg_model **model, const dmg_dataset *dataset, const settings *s,
                          const configuration *c)
{
    dmg_train_options options;
    stopwatch watch = {0};
    dmg_error err;
    check(dmg_train_recipe(&options, s->recipe, &err), &err);
    options.epochs = EPOCHS;
    options.threads = c->threads;
    options.cpu = c->cpu;
    options.progress = epoch_done;
    options.progress_context = &watch;
    check(dmg_train(model, dataset, &options, &err), &err);
    return watch.best;
}

static instant time_prediction(const dmg_dataset *dataset, const dmg_model *model,
                               const configuration *c)
{
    const size_t count = dmg_dataset_count(dataset);
    dmg_predict_task *const tasks = allocate(count, sizeof *tasks);
    dmg_predictor *predictor = NULL;
    dmg_error err;
    for (size_t i = 0; i < count; i++) {
        const dmg_dataset_record r = dmg_dataset_get(dataset, i);
        tasks[i] = (dmg_predict_task){.sequence = r.sequence,
                                      .structure = r.structure,
                                      .length = r.length,
                                      .energy = r.energy};
    }
    check(dmg_predictor_create(&predictor, model, c->threads, c->cpu, &err), &err);
    check(dmg_predict(predictor, tasks, count, &err), &err);
    const instant start = now();
    check(dmg_predict(predictor, tasks, count, &err), &err);
    const instant elapsed = since(start);
    dmg_predictor_destroy(predictor);
    free(tasks);
    return elapsed;
}

/* --- the report --- */

static int compare_numbers(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

/* {median, least, greatest} as JSON. */
static void print_spread(const char *name, double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare_numbers);
    printf(", \"%s\": {\"median\": %.5f, \"least\": %.5f, \"greatest\": %.5f}", name,
           values[count / 2], values[0], values[count - 1]);
}

static void print_times(const char *what, const configuration *c, const instant *times,
                        double records)
{
    double wall[MOST_ROUNDS], processor[MOST_ROUNDS];
    for (size_t k = 0; k < c->count; k++) {
        wall[k] = times[k].wall;
        processor[k] = times[k].processor;
    }
    printf("{\"what\": \"%s\", \"cpu\": \"%s\", \"threads\": %d", what, dmg_cpu_name(c->cpu),
           c->threads);
    print_spread("wall", wall, c->count);
    print_spread("processor", processor, c->count);
    const double median = c->threads == 1 ? processor[c->count / 2] : wall[c->count / 2];
    printf(", \"seconds\": %.5f, \"records_per_second\": %.0f}\n", median, records / median);
}

static size_t make_configurations(configuration *c, const settings *s)
{
    size_t count = 0;
    for (dmg_cpu cpu = DMG_CPU_SCALAR; cpu <= DMG_CPU_AVX512; cpu++) {
        dmg_cpu level = cpu;
        if (s->cpu != DMG_CPU_AUTO && s->cpu != cpu) continue;
        if (dmg_cpu_resolve(&level, NULL) != DMG_OK) continue;
        for (size_t threads = 1; threads <= s->threads && count < MOST_CONFIGURATIONS; threads *= 2)
            c[count++] = (configuration){.cpu = cpu, .threads = (int)threads};
    }
    return count;
}

/* One measurement of an epoch and of a prediction, kept unless `round` is the first. Returns the
 * multiply-adds of the prediction. */
static double measure(configuration *c, const dmg_dataset *dataset, const settings *s, size_t round)
{
    dmg_model *model = NULL;
    const instant epoch = time_epoch(&model, dataset, s, c);
    const instant prediction = time_prediction(dataset, model, c);
    const double work = forward_multiply_adds(dataset, dmg_model_architecture(model));
    dmg_model_destroy(model);
    if (round > 0) {
        c->epochs[c->count] = epoch;
        c->predictions[c->count++] = prediction;
    }
    return work;
}

int main(int argc, char **argv)
{
    const settings s = parse(argc, argv);
    configuration *const configurations = allocate(MOST_CONFIGURATIONS, sizeof *configurations);
    const size_t count = make_configurations(configurations, &s);
    dmg_dataset *const dataset = make_dataset(&s);
    const double records = (double)dmg_dataset_count(dataset);
    double work = 0, rate = 0; /* the best of all rounds: what the machine can do */
    for (size_t round = 0; round <= s.rounds; round++)
        for (size_t k = 0; k < count; k++) {
            const double measured = multiply_add_rate();
            if (measured > rate) rate = measured;
            work = measure(&configurations[k], dataset, &s, round);
        }
    printf("{\"what\": \"floor\", \"multiply_adds_per_second\": %.4g, \"records\": %.0f, "
           "\"epoch\": %.5f, \"predict\": %.5f}\n",
           rate, records, rate > 0 ? 3 * work / rate : 0, rate > 0 ? work / rate : 0);
    for (size_t k = 0; k < count; k++) {
        print_times("epoch", &configurations[k], configurations[k].epochs, records);
        print_times("predict", &configurations[k], configurations[k].predictions, records);
    }
    dmg_dataset_destroy(dataset);
    free(configurations);
    return 0;
}
