/* SPDX-License-Identifier: MIT */
/* Mini-batches: sorted, cut into chunks, summed in order. */
#include "train/batch_gradient.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/parallel.h"

struct batch_gradient {
    const training_set *set;
    size_t parameters, extra; /* P of the network, and those after them */
    int threads;
    dmg_team *team;
    network_weights *weights;
    network_run **runs;   /* [threads] */
    size_t chunk;         /* records of a full one */
    size_t parts_count;   /* of the chunks of a full batch */
    batch_part *parts;    /* [parts_count] */
    float *sums;          /* [parts_count][network_weights_sums] */
    double *total;        /* [network_weights_sums], over the parts */
    float *total_rounded; /* likewise */

    network_waiting *sorted; /* [count] the batch under way */
    size_t count;

    /* Of the work under way. */
    batch_work *work;
    void *context;
    bool with_parts;
};

/* --- setting up --- */

static bool parts_alloc(batch_gradient *b)
{
    const size_t Q = network_weights_sums(b->weights);
    bool ok = (b->total = dmg_alloc(Q, sizeof *b->total)) &&
              (b->total_rounded = dmg_alloc(Q, sizeof(float))) &&
              (b->sums = dmg_alloc(b->parts_count, Q * sizeof(float))) &&
              (b->parts = dmg_alloc_zero(b->parts_count, sizeof *b->parts));
    for (size_t k = 0; ok && k < b->parts_count; k++) {
        b->parts[k].sums = b->sums + k * Q;
        if (b->extra == 0) continue;
        ok = (b->parts[k].extra = dmg_alloc(b->parameters + b->extra, sizeof(float))) != NULL;
    }
    return ok;
}

static dmg_status create_runs(batch_gradient *b, dmg_error *err)
{
    dmg_status st = DMG_OK;
    b->runs = dmg_alloc_zero((size_t)b->threads, sizeof(network_run *));
    if (!b->runs) return dmg_error_nomem(err, "training");
    for (int w = 0; st == DMG_OK && w < b->threads; w++)
        st = network_run_create(&b->runs[w], b->weights, b->chunk, err);
    return st;
}

dmg_status batch_gradient_create(batch_gradient **out, const network *net, const training_set *set,
                                 size_t batch, size_t extra, int threads, dmg_cpu cpu,
                                 dmg_error *err)
{
    batch_gradient *b = dmg_alloc_zero(1, sizeof *b);
    if (!b) return dmg_error_nomem(err, "training");
    b->set = set;
    b->parameters = net->parameters;
    b->extra = extra;
    b->threads = threads;
    b->sorted = dmg_alloc(set->count, sizeof *b->sorted);
    dmg_status st = b->sorted ? DMG_OK : dmg_error_nomem(err, "training");
    if (st == DMG_OK) st = dmg_team_create(&b->team, threads, err);
    if (st == DMG_OK) st = network_weights_create(&b->weights, net, cpu, err);
    if (st == DMG_OK) {
        b->chunk = network_weights_batch(b->weights);
        b->parts_count = (batch + b->chunk - 1) / b->chunk * (b->chunk / SUM_UNIT);
        st = create_runs(b, err);
    }
    if (st == DMG_OK && !parts_alloc(b)) st = dmg_error_nomem(err, "training");
    if (st == DMG_OK)
        *out = b;
    else
        batch_gradient_destroy(b);
    return st;
}

void batch_gradient_destroy(batch_gradient *b)
{
    if (!b) return;
    dmg_team_destroy(b->team);
    for (int w = 0; b->runs && w < b->threads; w++) network_run_destroy(b->runs[w]);
    network_weights_destroy(b->weights);
    for (size_t k = 0; b->parts && k < b->parts_count; k++) free(b->parts[k].extra);
    void *const blocks[] = {b->runs, b->parts, b->sums, b->total, b->total_rounded, b->sorted, b};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) free(blocks[k]);
}

/* --- a batch --- */

void batch_begin(batch_gradient *b, const float *params, const size_t *records, size_t count)
{
    for (size_t k = 0; k < count; k++)
        b->sorted[k] = (network_waiting){b->set->lengths[records[k]], records[k]};
    network_waiting_sort(b->sorted, count);
    b->count = count;
    network_weights_set(b->weights, params);
}

size_t batch_record(const batch_gradient *b, size_t k)
{
    return b->sorted[k].index;
}

static size_t chunk_count(const batch_gradient *b)
{
    return (b->count + b->chunk - 1) / b->chunk;
}

/* Parts that records of the batch add to. */
static size_t part_count(const batch_gradient *b)
{
    return (b->count + SUM_UNIT - 1) / SUM_UNIT;
}

static void fill_chunk(batch_chunk *chunk, const batch_gradient *b, int worker, size_t index)
{
    const size_t begin = index * b->chunk, left = b->count - begin;
    *chunk = (batch_chunk){
        .begin = begin,
        .count = left < b->chunk ? left : b->chunk,
        .worker = worker,
        .run = b->runs[worker],
    };
    for (size_t k = 0; k < chunk->count; k++) {
        chunk->records[k] = batch_record(b, begin + k);
        chunk->samples[k] = b->set->samples[chunk->records[k]];
    }
}

static void clear_part(batch_part *part, const batch_gradient *b)
{
    part->loss = 0;
    memset(part->sums, 0, network_weights_sums(b->weights) * sizeof *part->sums);
    if (part->extra) memset(part->extra, 0, (b->parameters + b->extra) * sizeof *part->extra);
}

static dmg_status work_on_chunk(void *context, int worker, size_t index, dmg_error *err)
{
    batch_gradient *b = context;
    const size_t units = b->chunk / SUM_UNIT;
    batch_part *parts = b->with_parts ? &b->parts[index * units] : NULL;
    batch_chunk chunk;
    fill_chunk(&chunk, b, worker, index);
    for (size_t u = 0; parts && u < units; u++) clear_part(&parts[u], b);
    return b->work(b->context, parts, &chunk, err);
}

static dmg_status work_on_batch(batch_gradient *b, bool with_parts, batch_work *work, void *context,
                                dmg_error *err)
{
    b->with_parts = with_parts;
    b->work = work;
    b->context = context;
    return dmg_team_for(b->team, chunk_count(b), work_on_chunk, b, err);
}

dmg_status batch_each(batch_gradient *b, batch_work *work, void *context, dmg_error *err)
{
    return work_on_batch(b, false, work, context, err);
}

/* Sums of the parts, in double and in their order. */
static void add_parts(float *gradient, batch_gradient *b)
{
    const size_t Q = network_weights_sums(b->weights), P = b->parameters, parts = part_count(b);
    memset(b->total, 0, Q * sizeof *b->total);
    for (size_t k = 0; k < parts; k++)
        for (size_t q = 0; q < Q; q++) b->total[q] += (double)b->parts[k].sums[q];
    for (size_t q = 0; q < Q; q++) b->total_rounded[q] = (float)b->total[q];
    network_weights_gradient(gradient, b->weights, b->total_rounded);
    for (size_t p = P; p < P + b->extra; p++) {
        double sum = 0;
        for (size_t k = 0; k < parts; k++) sum += (double)b->parts[k].extra[p];
        gradient[p] = (float)sum;
    }
}

dmg_status batch_differentiate(float *gradient, double *loss, batch_gradient *b, batch_work *work,
                               void *context, dmg_error *err)
{
    assert(part_count(b) <= b->parts_count);
    const dmg_status st = work_on_batch(b, true, work, context, err);
    if (st != DMG_OK) return st;
    add_parts(gradient, b);
    for (size_t k = 0; k < part_count(b); k++) *loss += b->parts[k].loss;
    return DMG_OK;
}
