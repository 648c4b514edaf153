/* SPDX-License-Identifier: MIT */
/* Time of folding, sequence by sequence on one thread, at every level of instructions.
 *
 *     bench_fold [--length N] [--count N] [--seed N] [--repeat N] [--cpu LEVEL] [FILE.fa]
 *
 * Folds the sequences of the file, or COUNT random ones of LENGTH nucleotides, REPEAT times after
 * one round that is not counted, and prints one JSON object a level: processor time in microseconds
 * a sequence, as the median, least and greatest of the rounds. "checksum" depends on all energies
 * and structures, and has to be the same for all levels.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/rng.h"
#include "deepmirgene/fold.h"
#include "deepmirgene/seqio.h"

#define MOST_ROUNDS 1000

typedef struct settings {
    size_t length, count, seed, rounds;
    dmg_cpu first, last; /* levels */
    const char *path;    /* NULL: random sequences */
} settings;

static void stop(const char *message)
{
    fprintf(stderr, "bench_fold: %s\n", message);
    exit(2);
}

static size_t parse_number(const char *text)
{
    char *end;
    const unsigned long value = strtoul(text, &end, 10);
    if (*text == '\0' || *end != '\0') stop("a number is expected");
    return value;
}

static settings parse(int argc, char **argv)
{
    settings s = {.length = 110,
                  .count = 500,
                  .seed = 1,
                  .rounds = 5,
                  .first = DMG_CPU_SCALAR,
                  .last = DMG_CPU_AVX2};
    dmg_error err;
    for (int i = 1; i < argc; i++) {
        const char *const name = argv[i], *const value = i + 1 < argc ? argv[i + 1] : "";
        if (name[0] != '-') {
            s.path = name;
            continue;
        }
        i++;
        if (!strcmp(name, "--length"))
            s.length = parse_number(value);
        else if (!strcmp(name, "--count"))
            s.count = parse_number(value);
        else if (!strcmp(name, "--seed"))
            s.seed = parse_number(value);
        else if (!strcmp(name, "--repeat"))
            s.rounds = parse_number(value);
        else if (!strcmp(name, "--cpu") && dmg_cpu_parse(&s.first, value, &err) == DMG_OK)
            s.last = s.first;
        else
            stop("[--length N] [--count N] [--seed N] [--repeat N] [--cpu LEVEL] [FILE.fa]");
    }
    if (s.rounds < 1 || s.rounds > MOST_ROUNDS) stop("--repeat takes 1 to 1000");
    return s;
}

static void *allocate(size_t count, size_t size)
{
    void *const block = calloc(count + 1, size);
    if (!block) stop("out of memory");
    return block;
}

static void free_tasks(dmg_fold_task *tasks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free((void *)(uintptr_t)tasks[i].sequence);
        free(tasks[i].structure);
    }
    free(tasks);
}

/* Random tasks. */
static dmg_fold_task *make_random(const settings *s)
{
    dmg_fold_task *const tasks = allocate(s->count, sizeof *tasks);
    dmg_rng rng;
    dmg_rng_init(&rng, s->seed, 0);
    for (size_t i = 0; i < s->count; i++) {
        char *const sequence = allocate(s->length, 1);
        for (size_t k = 0; k < s->length; k++) sequence[k] = "ACGU"[dmg_rng_below(&rng, 4)];
        tasks[i] = (dmg_fold_task){
            .sequence = sequence, .length = s->length, .structure = allocate(s->length + 1, 1)};
    }
    return tasks;
}

static dmg_fold_task *read_tasks(size_t *count, const char *path)
{
    dmg_error err;
    dmg_reader *reader = NULL;
    dmg_batch *batch = NULL;
    if (dmg_reader_open(&reader, path, &err) != DMG_OK ||
        dmg_batch_create(&batch, &err) != DMG_OK ||
        dmg_reader_next(reader, batch, SIZE_MAX, SIZE_MAX, &err) != DMG_OK)
        stop(err.message);
    *count = dmg_batch_count(batch);
    dmg_fold_task *const tasks = allocate(*count, sizeof *tasks);
    for (size_t i = 0; i < *count; i++) {
        const dmg_record *const record = &dmg_batch_records(batch)[i];
        char *const sequence = allocate(record->length, 1);
        memcpy(sequence, record->sequence, record->length);
        tasks[i] = (dmg_fold_task){.sequence = sequence,
                                   .length = record->length,
                                   .structure = allocate(record->length + 1, 1)};
    }
    dmg_batch_destroy(batch);
    dmg_reader_close(reader);
    return tasks;
}

static double processor_time(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* FNV-1a over the answers. */
static uint64_t checksum(const dmg_fold_task *tasks, size_t count)
{
    uint64_t sum = 14695981039346656037u;
    for (size_t i = 0; i < count; i++) {
        sum = (sum ^ (uint64_t)(uint32_t)tasks[i].energy) * 1099511628211u;
        for (const char *c = tasks[i].structure; *c; c++)
            sum = (sum ^ (uint64_t)(unsigned char)*c) * 1099511628211u;
    }
    return sum;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* One level: false if this processor lacks it. */
static bool measure(const settings *s, dmg_fold_task *tasks, size_t count, dmg_cpu cpu)
{
    dmg_error err;
    dmg_folder *folder = NULL;
    if (dmg_folder_create(&folder, 1, cpu, &err) != DMG_OK) return false;
    double times[MOST_ROUNDS];
    for (size_t round = 0; round <= s->rounds; round++) {
        const double start = processor_time();
        if (dmg_fold(folder, tasks, count, &err) != DMG_OK) stop(err.message);
        const double used = processor_time() - start;
        if (round > 0) times[round - 1] = 1e6 * used / (double)(count ? count : 1);
    }
    dmg_folder_destroy(folder);
    qsort(times, s->rounds, sizeof *times, compare);
    size_t letters = 0;
    for (size_t i = 0; i < count; i++) letters += tasks[i].length;
    printf("{\"bench\": \"fold\", \"cpu\": \"%s\", \"sequences\": %zu, \"nucleotides\": %zu, "
           "\"rounds\": %zu, \"us_median\": %.2f, \"us_min\": %.2f, \"us_max\": %.2f, "
           "\"checksum\": \"%016llx\"}\n",
           dmg_cpu_name(cpu), count, letters, s->rounds, times[s->rounds / 2], times[0],
           times[s->rounds - 1], (unsigned long long)checksum(tasks, count));
    return true;
}

int main(int argc, char **argv)
{
    const settings s = parse(argc, argv);
    size_t count = s.count;
    dmg_fold_task *const tasks = s.path ? read_tasks(&count, s.path) : make_random(&s);
    for (int cpu = (int)s.first; cpu <= (int)s.last; cpu++)
        if (!measure(&s, tasks, count, (dmg_cpu)cpu)) break;
    free_tasks(tasks, count);
    return fflush(stdout) ? 1 : 0;
}
