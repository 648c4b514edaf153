/* SPDX-License-Identifier: MIT */
/* Time of the LSTMs alone of deepmirgene-2016 in oneDNN, as bench_network times an epoch.
 *
 *     bench_onednn POS.fa NEG.fa
 *
 * A batch of 128 records goes through the three LSTMs forward and backward, on one thread. oneDNN
 * is given every advantage: records are sorted by length and padded to the longest of their batch,
 * the inputs are embedded, the weights in the order it likes, and dense layers, losses and Adam
 * left out. Its gates are sigmoid where the paper has a hard sigmoid. Only lengths matter for time,
 * so the inputs are zeros. Prints one JSON object, with the median of three epochs' processor time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <dnnl.h>

enum { BATCH = 128, UNITS = 10, ROUNDS = 3, MOST_LENGTH = 1000, STREAMS = 3, MOST_ARGUMENTS = 24 };

static void stop(const char *message)
{
    fprintf(stderr, "bench_onednn: %s\n", message);
    exit(2);
}

static void check(dnnl_status_t status)
{
    if (status != dnnl_success) stop("oneDNN refuses");
}

static void *allocate(size_t count, size_t size)
{
    void *const block = calloc(count, size);
    if (!block) stop("out of memory");
    return block;
}

/* --- records --- */

/* How many records have each length. */
static void count_lengths(size_t *counts, const char *path)
{
    FILE *const file = fopen(path, "r");
    if (!file) stop("a file cannot be opened");
    size_t length = 0;
    int letter, header = 0;
    while ((letter = getc(file)) != EOF) {
        if (letter == '>' || letter == '\n') header = letter == '>';
        if (letter == '>' && length) counts[length]++;
        if (letter == '>') length = 0;
        if (!header && letter != '\n' && ++length >= MOST_LENGTH) stop("a record is too long");
    }
    if (length) counts[length]++;
    fclose(file);
}

/* The longest record of each batch, shortest first; returns the number of batches. The last batch
 * may be smaller than the others, and is counted as one of BATCH. */
static size_t cut_batches(int *longest, const size_t *counts)
{
    size_t records = 0, batches = 0;
    for (int length = 0; length < MOST_LENGTH; length++)
        for (size_t k = 0; k < counts[length]; k++) {
            if (records++ % BATCH == 0) batches++;
            longest[batches - 1] = length;
        }
    return batches;
}

/* --- an LSTM --- */

typedef struct pass {
    dnnl_primitive_desc_t description;
    dnnl_primitive_t primitive;
    dnnl_exec_arg_t arguments[MOST_ARGUMENTS];
    int count;
} pass;

typedef struct lstm {
    int steps, inputs;
    pass forward, backward;
} lstm;

static dnnl_memory_desc_t describe(int rank, const dnnl_dims_t sizes, dnnl_format_tag_t order)
{
    dnnl_memory_desc_t description;
    check(dnnl_memory_desc_init_by_tag(&description, rank, sizes, dnnl_f32, order));
    return description;
}

static dnnl_memory_t find_argument(const pass *p, int argument)
{
    for (int k = 0; k < p->count; k++)
        if (p->arguments[k].arg == argument) return p->arguments[k].memory;
    return NULL;
}

/* What the pass asks for under this name: shared with `other`, if that has it, else zeros. */
static void add_argument(pass *p, const pass *other, int argument, dnnl_engine_t engine)
{
    const dnnl_memory_desc_t *const wanted =
        dnnl_primitive_desc_query_md(p->description, dnnl_query_exec_arg_md, argument);
    const size_t size = wanted ? dnnl_memory_desc_get_size(wanted) : 0;
    if (size == 0) return;
    dnnl_memory_t memory = other ? find_argument(other, argument) : NULL;
    const dnnl_memory_desc_t *found = NULL;
    if (memory) check(dnnl_memory_get_memory_desc(memory, &found));
    /* Weights lie in another order for the way back. */
    if (!memory || !dnnl_memory_desc_equal(found, wanted)) {
        check(dnnl_memory_create(&memory, wanted, engine, DNNL_MEMORY_ALLOCATE));
        void *data;
        check(dnnl_memory_get_data_handle(memory, &data));
        memset(data, 0, size);
    }
    p->arguments[p->count++] = (dnnl_exec_arg_t){argument, memory};
}

static void add_arguments(pass *p, const pass *other, dnnl_engine_t engine)
{
    static const int arguments[] = {
        DNNL_ARG_SRC_LAYER,      DNNL_ARG_WEIGHTS_LAYER,      DNNL_ARG_WEIGHTS_ITER,
        DNNL_ARG_BIAS,           DNNL_ARG_DST_LAYER,          DNNL_ARG_WORKSPACE,
        DNNL_ARG_DIFF_SRC_LAYER, DNNL_ARG_DIFF_WEIGHTS_LAYER, DNNL_ARG_DIFF_WEIGHTS_ITER,
        DNNL_ARG_DIFF_BIAS,      DNNL_ARG_DIFF_DST_LAYER,     DNNL_ARG_SCRATCHPAD,
    };
    for (size_t k = 0; k < sizeof arguments / sizeof *arguments; k++)
        add_argument(p, other, arguments[k], engine);
    check(dnnl_primitive_create(&p->primitive, p->description));
}

static lstm *make_lstm(int steps, int inputs, dnnl_engine_t engine)
{
    lstm *const made = allocate(1, sizeof *made);
    *made = (lstm){.steps = steps, .inputs = inputs};
    const dnnl_memory_desc_t in = describe(3, (dnnl_dims_t){steps, BATCH, inputs}, dnnl_tnc),
                             out = describe(3, (dnnl_dims_t){steps, BATCH, UNITS}, dnnl_tnc),
                             kernel = describe(5, (dnnl_dims_t){1, 1, inputs, 4, UNITS},
                                               dnnl_format_tag_any),
                             recurrent = describe(5, (dnnl_dims_t){1, 1, UNITS, 4, UNITS},
                                                  dnnl_format_tag_any),
                             bias = describe(4, (dnnl_dims_t){1, 1, 4, UNITS}, dnnl_ldgo);
    dnnl_rnn_desc_t d;
    check(dnnl_lstm_forward_desc_init(&d, dnnl_forward_training, dnnl_unidirectional_left2right,
                                      &in, NULL, NULL, &kernel, &recurrent, &bias, &out, NULL, NULL,
                                      0));
    check(dnnl_primitive_desc_create(&made->forward.description, &d, NULL, engine, NULL));
    add_arguments(&made->forward, NULL, engine);
    check(dnnl_lstm_backward_desc_init(
        &d, dnnl_backward, dnnl_unidirectional_left2right, &in, NULL, NULL, &kernel, &recurrent,
        &bias, &out, NULL, NULL, &in, NULL, NULL, &kernel, &recurrent, &bias, &out, NULL, NULL, 0));
    check(dnnl_primitive_desc_create(&made->backward.description, &d, NULL, engine,
                                     made->forward.description));
    add_arguments(&made->backward, &made->forward, engine);
    return made;
}

/* Batches of the same shape share one. */
static lstm *find_lstm(lstm **known, size_t *count, int steps, int inputs, dnnl_engine_t engine)
{
    for (size_t k = 0; k < *count; k++)
        if (known[k]->steps == steps && known[k]->inputs == inputs) return known[k];
    return known[(*count)++] = make_lstm(steps, inputs, engine);
}

static void run(const pass *p, dnnl_stream_t stream)
{
    check(dnnl_primitive_execute(p->primitive, stream, p->count, p->arguments));
    check(dnnl_stream_wait(stream));
}

/* --- the clock --- */

static double processor_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double time_epoch(lstm *const *lstms, size_t count, dnnl_stream_t stream)
{
    const double start = processor_seconds();
    for (size_t k = 0; k < count; k++) {
        run(&lstms[k]->forward, stream);
        run(&lstms[k]->backward, stream);
    }
    return processor_seconds() - start;
}

static int compare_numbers(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

int main(int argc, char **argv)
{
    size_t counts[MOST_LENGTH] = {0}, records = 0, known_count = 0, count = 0;
    if (argc < 2) stop("FILE.fa ...");
    for (int k = 1; k < argc; k++) count_lengths(counts, argv[k]);
    for (size_t length = 0; length < MOST_LENGTH; length++) records += counts[length];
    int *const longest = allocate(records / BATCH + 1, sizeof *longest);
    const size_t batches = cut_batches(longest, counts);
    dnnl_engine_t engine;
    dnnl_stream_t stream;
    check(dnnl_engine_create(&engine, dnnl_cpu, 0));
    check(dnnl_stream_create(&stream, engine, dnnl_stream_default_flags));
    lstm **const known = allocate(STREAMS * batches, sizeof(lstm *)),
                 **const lstms = allocate(STREAMS * batches, sizeof(lstm *));
    for (size_t k = 0; k < batches; k++) {
        const int half = longest[k] / 2;
        lstms[count++] = find_lstm(known, &known_count, longest[k], 4, engine);
        lstms[count++] = find_lstm(known, &known_count, half, 3, engine);
        lstms[count++] = find_lstm(known, &known_count, longest[k] - half, 3, engine);
    }
    double times[ROUNDS + 1];
    for (int round = 0; round <= ROUNDS; round++) times[round] = time_epoch(lstms, count, stream);
    qsort(times + 1, ROUNDS, sizeof *times, compare_numbers); /* the first warms up */
    const dnnl_version_t *const version = dnnl_version();
    printf("{\"what\": \"epoch\", \"oneDNN\": \"%d.%d\", \"seconds\": %.5f}\n", version->major,
           version->minor, times[1 + ROUNDS / 2]);
    return 0;
}
