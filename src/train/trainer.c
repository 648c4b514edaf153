/* SPDX-License-Identifier: MIT */
/* Training, as the paper does it (algorithm 1, step 2): for each epoch, mini-batches drawn at
 * random; for each batch the mean loss, its gradient, and a step of Adam.
 *
 * A batch is sorted by length and cut into chunks, each of which goes through the network as one
 * group. Each chunk has a gradient of its own, and the chunks are summed in order: so the sum does
 * not depend on which thread took which chunk.
 *
 * Nothing random is carried from one epoch to the next: every epoch's shuffle and every sample's
 * dropout mask has a random stream of its own, so a resumed training goes on as if never stopped.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "deepmirgene/train.h"
#include "model/model.h"
#include "model/network_features.h"
#include "model/network_group.h"
#include "model/network_head.h"
#include "model/sample.h"
#include "nn/adam.h"
#include "nn/loss.h"
#include "train/checkpoint.h"
#include "train/dataset.h"
#include "train/options.h"
#include "train/pretrain.h"

enum { CHUNK = NETWORK_GROUP };

static const double decision_threshold = 0.5;

/* What one chunk of a batch contributes. */
typedef struct chunk_sum {
    float *gradient; /* [Q], as the network's groups add it up */
    double loss;     /* summed over its samples */
} chunk_sum;

typedef struct trainer {
    const dmg_train_options *options;
    dmg_cpu cpu; /* resolved */
    network net;
    training_state state;
    adam_options adam; /* of the present epoch */
    loss_kind loss;
    double class_weight[2]; /* [positive], of a record's loss */

    size_t count;            /* records of the dataset */
    network_sample *samples; /* [count] */
    sample_buffer *buffers;  /* [count], their tokens */
    bool *labels;            /* [count] */
    float *taught;           /* [count] p_mirna by the teacher; NULL: the labels are learned */
    size_t *lengths;         /* [count] */

    size_t training_count, validation_count;
    size_t *training;         /* [training_count] records to learn from, ascending */
    size_t *validation;       /* [validation_count] records to judge by, ascending */
    network_waiting *judging; /* [validation_count] places in `validation`, sorted */
    size_t *order;            /* [training_count], this epoch's */
    float *scores;            /* [validation_count] */
    bool *score_labels;       /* [validation_count] */
    double *losses;           /* [validation_count] */

    dmg_team *team;
    network_weights *weights;
    network_group **groups; /* [threads] */
    size_t chunks;          /* of a full batch */
    chunk_sum *sums;        /* [chunks] */
    double *total;          /* [Q], over the chunks of a batch */
    float *total_rounded;   /* [Q] */
    float *gradient;        /* [P], of the whole batch */

    network_waiting *batch; /* the records of the batch under way, sorted */
    size_t batch_size;

    /* For a network that normalises over batches; else NULL. E is network_ends_width. */
    network_head *head;
    float *ends, *dends;           /* [batch][E] each: of the streams of the batch under way */
    float (*outputs)[DMG_OUTPUTS]; /* [batch] */
    float (*da)[DMG_OUTPUTS];
    dmg_rng *masks;       /* [batch] */
    float *head_gradient; /* [P], of the dense layers */

    pretraining *pretraining; /* NULL where there is none */

    struct timespec saved; /* when the last checkpoint was, monotonic; all zero: none yet */
    bool unsaved;          /* epochs have ended since */
} trainer;

/* --- one batch --- */

static void set_target(float target[DMG_OUTPUTS], float p_mirna)
{
    target[0] = p_mirna;
    target[1] = 1 - p_mirna; /* p_other */
}

/* The masks of a record are the same whatever batch it is in. */
static dmg_rng dropout_of(const trainer *t, size_t record)
{
    dmg_rng rng;
    const uint64_t draw = (uint64_t)t->state.epochs * t->count + record;
    dmg_rng_init_for(&rng, t->options->seed, DMG_RNG_DROPOUT, draw);
    return rng;
}

static size_t chunk_size(size_t chunk, size_t count)
{
    const size_t left = count - chunk * CHUNK;
    return left < CHUNK ? left : CHUNK;
}

/* The loss of a record of the batch under way, and its part in the gradient. */
static double record_loss(float da[DMG_OUTPUTS], const trainer *t, size_t record,
                          const float output[DMG_OUTPUTS])
{
    const activation kind = network_output(&t->net);
    float target[DMG_OUTPUTS];
    set_target(target, t->taught ? t->taught[record] : (float)t->labels[record]);
    const double weight = t->class_weight[t->labels[record]];
    loss_backward(da, t->loss, kind, output, target, DMG_OUTPUTS,
                  (float)weight / (float)t->batch_size);
    return weight * loss_value(t->loss, kind, output, target, DMG_OUTPUTS);
}

static dmg_status learn_chunk(void *context, int worker, size_t chunk, dmg_error *err)
{
    trainer *t = context;
    chunk_sum *sum = &t->sums[chunk];
    const network_waiting *waiting = t->batch + chunk * CHUNK;
    const size_t count = chunk_size(chunk, t->batch_size);
    network_sample samples[CHUNK] = {0};
    dmg_rng dropout[CHUNK];
    float outputs[CHUNK][DMG_OUTPUTS], da[CHUNK][DMG_OUTPUTS];
    for (size_t k = 0; k < count; k++) {
        samples[k] = t->samples[waiting[k].index];
        dropout[k] = dropout_of(t, waiting[k].index);
    }
    const dmg_status st =
        network_group_forward(outputs, t->groups[worker], samples, count, dropout, err);
    if (st != DMG_OK) return st;
    sum->loss = 0;
    for (size_t k = 0; k < count; k++)
        sum->loss += record_loss(da[k], t, waiting[k].index, outputs[k]);
    memset(sum->gradient, 0, network_weights_sums(t->weights) * sizeof *sum->gradient);
    network_group_backward(sum->gradient, t->groups[worker], samples, count,
                           (const float(*)[DMG_OUTPUTS])da);
    return DMG_OK;
}

/* --- one batch, normalised over all its records --- */

/* Streams of a chunk, forward: all that the dense layers need before they can begin. */
static dmg_status read_chunk(void *context, int worker, size_t chunk, dmg_error *err)
{
    trainer *t = context;
    const network_waiting *waiting = t->batch + chunk * CHUNK;
    const size_t count = chunk_size(chunk, t->batch_size);
    network_sample samples[CHUNK] = {0};
    for (size_t k = 0; k < count; k++) samples[k] = t->samples[waiting[k].index];
    return network_group_streams_forward(t->ends + chunk * CHUNK * network_ends_width(&t->net),
                                         t->groups[worker], samples, count, false, err);
}

/* The same once more, which costs less than to keep the states of a whole batch, and backward. */
static dmg_status carry_chunk_back(void *context, int worker, size_t chunk, dmg_error *err)
{
    trainer *t = context;
    float *gradient = t->sums[chunk].gradient;
    const network_waiting *waiting = t->batch + chunk * CHUNK;
    const size_t count = chunk_size(chunk, t->batch_size);
    const size_t begin = chunk * CHUNK * network_ends_width(&t->net);
    network_sample samples[CHUNK] = {0};
    for (size_t k = 0; k < count; k++) samples[k] = t->samples[waiting[k].index];
    const dmg_status st = network_group_streams_forward(t->ends + begin, t->groups[worker], samples,
                                                        count, true, err);
    if (st != DMG_OK) return st;
    memset(gradient, 0, network_weights_sums(t->weights) * sizeof *gradient);
    network_group_streams_backward(gradient, t->groups[worker], samples, count, t->dends + begin);
    return DMG_OK;
}

/* The dense layers, forward and backward, over the whole batch. */
static void learn_head(trainer *t)
{
    const size_t count = t->batch_size;
    for (size_t k = 0; k < count; k++) t->masks[k] = dropout_of(t, t->batch[k].index);
    network_head_forward(t->outputs, t->head, t->state.params, t->ends, count, t->masks);
    for (size_t k = 0; k < count; k++) {
        double *loss = &t->sums[k / CHUNK].loss;
        if (k % CHUNK == 0) *loss = 0;
        *loss += record_loss(t->da[k], t, t->batch[k].index, t->outputs[k]);
    }
    memset(t->head_gradient, 0, t->net.parameters * sizeof *t->head_gradient);
    network_head_backward(t->head_gradient, t->dends, t->head, t->state.params,
                          (const float(*)[DMG_OUTPUTS])t->da);
}

static dmg_status learn_chunks_normalised(trainer *t, size_t chunks, dmg_error *err)
{
    const dmg_status st = dmg_team_for(t->team, chunks, read_chunk, t, err);
    if (st != DMG_OK) return st;
    learn_head(t);
    return dmg_team_for(t->team, chunks, carry_chunk_back, t, err);
}

/* --- the step --- */

/* The gradient of the batch from those of its chunks. */
static void add_chunks(trainer *t, size_t chunks)
{
    const size_t Q = network_weights_sums(t->weights);
    memset(t->total, 0, Q * sizeof *t->total);
    for (size_t c = 0; c < chunks; c++)
        for (size_t q = 0; q < Q; q++) t->total[q] += (double)t->sums[c].gradient[q];
    for (size_t q = 0; q < Q; q++) t->total_rounded[q] = (float)t->total[q];
    network_weights_gradient(t->gradient, t->weights, t->total_rounded);
    if (!t->head) return;
    for (size_t p = 0; p < t->net.parameters; p++) t->gradient[p] += t->head_gradient[p];
}

/* What AdamW does beside Adam's own step, which does not look at the parameters. */
static void decay_weights(trainer *t)
{
    const float kept = (float)(1 - t->adam.learning_rate * t->options->weight_decay);
    if (t->options->weight_decay == 0) return;
    for (size_t i = 0; i < t->net.tensor_count; i++) {
        const network_tensor *tensor = &t->net.tensors[i];
        if (tensor->rank != 2) continue;
        float *values = t->state.params + tensor->offset;
        for (size_t k = 0; k < tensor->shape[0] * tensor->shape[1]; k++) values[k] *= kept;
    }
}

/* One step of Adam on records [batch_size]; adds their losses to *loss. */
static dmg_status learn_batch(trainer *t, const size_t *records, uint64_t step, double *loss,
                              dmg_error *err)
{
    const size_t chunks = (t->batch_size + CHUNK - 1) / CHUNK;
    for (size_t k = 0; k < t->batch_size; k++)
        t->batch[k] = (network_waiting){t->lengths[records[k]], records[k]};
    network_group_sort(t->batch, t->batch_size);
    network_weights_set(t->weights, t->state.params);
    const dmg_status st = t->head ? learn_chunks_normalised(t, chunks, err)
                                  : dmg_team_for(t->team, chunks, learn_chunk, t, err);
    if (st != DMG_OK) return st;
    add_chunks(t, chunks);
    decay_weights(t);
    adam_update(t->state.params, t->state.first, t->state.second, t->gradient, t->net.parameters,
                step, &t->adam);
    if (t->head) network_head_average(t->state.params, t->head);
    for (size_t c = 0; c < chunks; c++) *loss += t->sums[c].loss;
    return DMG_OK;
}

/* --- one epoch --- */

/* Within an epoch. One that follows unsaved ones is short, and its end can be awaited: there the
 * weights are those of whole epochs. */
static bool stop_asked(const trainer *t)
{
    return t->options->stop && *t->options->stop && !t->unsaved;
}

/* The status of an epoch that left the finite numbers. */
static dmg_status diverged(const trainer *t, dmg_error *err)
{
    return dmg_error_set(err, DMG_RANGE,
                         "loss or parameters of epoch %zu are not finite; try a smaller learning "
                         "rate",
                         t->state.epochs + 1);
}

static bool all_finite(const float *values, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (!isfinite(values[k])) return false;
    return true;
}

/* Of the epoch under way. */
static double learning_rate(const trainer *t)
{
    const double first = t->options->learning_rate, last = t->options->final_learning_rate;
    if (last == 0 || t->options->epochs == 1) return first;
    const double part = (double)t->state.epochs / (t->options->epochs - 1);
    return last + (first - last) * (1 + cos(M_PI * part)) / 2;
}

/* This epoch's order of the records. */
static void shuffle_records(trainer *t, dmg_rng_use use, size_t epoch)
{
    dmg_rng rng;
    dmg_rng_init_for(&rng, t->options->seed, use, epoch);
    memcpy(t->order, t->training, t->training_count * sizeof *t->order);
    dmg_rng_shuffle(&rng, t->order, t->training_count);
}

/* *loss is the mean over all samples, each as its batch saw it. */
static dmg_status learn_epoch(trainer *t, double *loss, dmg_error *err)
{
    const size_t batch = (size_t)t->options->batch;
    const size_t batches = (t->training_count + batch - 1) / batch;
    double sum = 0;
    shuffle_records(t, DMG_RNG_SHUFFLE, t->state.epochs);
    t->adam.learning_rate = learning_rate(t);
    for (size_t b = 0; b < batches; b++) {
        if (stop_asked(t)) return dmg_error_set(err, DMG_STOPPED, "stopped on request");
        t->batch_size = b + 1 < batches ? batch : t->training_count - b * batch;
        const uint64_t step = (uint64_t)t->state.epochs * batches + b + 1;
        const dmg_status st = learn_batch(t, t->order + b * batch, step, &sum, err);
        if (st != DMG_OK) return st;
    }
    *loss = sum / (double)t->training_count;
    /* The last step may spoil parameters that no loss has seen yet. */
    if (isfinite(*loss) && all_finite(t->state.params, t->net.parameters)) return DMG_OK;
    return diverged(t, err);
}

/* One epoch of pre-training; *loss as learn_epoch. */
static dmg_status pretrain_epoch(trainer *t, double *loss, dmg_error *err)
{
    training_state *state = &t->state;
    const size_t batch = (size_t)t->options->batch;
    const size_t batches = (t->training_count + batch - 1) / batch;
    double sum = 0;
    shuffle_records(t, DMG_RNG_PRETRAIN_SHUFFLE, state->pretrained);
    for (size_t b = 0; b < batches; b++) {
        if (stop_asked(t)) return dmg_error_set(err, DMG_STOPPED, "stopped on request");
        const size_t count = b + 1 < batches ? batch : t->training_count - b * batch;
        const uint64_t step = (uint64_t)state->pretrained * batches + b + 1;
        const dmg_status st =
            pretraining_step(state->params, state->first, state->second, &sum, t->pretraining,
                             t->order + b * batch, count, step, err);
        if (st != DMG_OK) return st;
    }
    *loss = sum / (double)t->training_count;
    if (isfinite(*loss) && all_finite(state->params, state->parameters)) return DMG_OK;
    return dmg_error_set(err, DMG_RANGE,
                         "loss or parameters of pre-training are not finite; try a smaller "
                         "learning rate");
}

/* Leaves the encoders, from which training begins as from initial weights. */
static void forget_decoders(training_state *state, size_t parameters)
{
    const size_t decoders = state->parameters - parameters;
    memset(state->params + parameters, 0, decoders * sizeof *state->params);
    memset(state->first, 0, state->parameters * sizeof *state->first);
    memset(state->second, 0, state->parameters * sizeof *state->second);
}

static dmg_status judge_chunk(void *context, int worker, size_t chunk, dmg_error *err)
{
    trainer *t = context;
    const network_waiting *waiting = t->judging + chunk * CHUNK;
    const size_t count = chunk_size(chunk, t->validation_count);
    network_sample samples[CHUNK] = {0};
    float outputs[CHUNK][DMG_OUTPUTS], target[DMG_OUTPUTS];
    for (size_t k = 0; k < count; k++) samples[k] = t->samples[t->validation[waiting[k].index]];
    const dmg_status st =
        network_group_forward(outputs, t->groups[worker], samples, count, NULL, err);
    for (size_t k = 0; st == DMG_OK && k < count; k++) {
        const size_t i = waiting[k].index;
        set_target(target, (float)t->score_labels[i]);
        t->scores[i] = outputs[k][0];
        t->losses[i] =
            loss_value(t->loss, network_output(&t->net), outputs[k], target, DMG_OUTPUTS);
    }
    return st;
}

/* Fills in what the held-out records say of the present parameters. */
static dmg_status judge_epoch(trainer *t, dmg_epoch *epoch, dmg_error *err)
{
    const size_t count = t->validation_count, chunks = (count + CHUNK - 1) / CHUNK;
    network_weights_set(t->weights, t->state.params);
    const dmg_status st = dmg_team_for(t->team, chunks, judge_chunk, t, err);
    if (st != DMG_OK) return st;
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += t->losses[i];
    if (!isfinite(sum)) return diverged(t, err); /* of finite parameters, but too large */
    epoch->validation_loss = count > 0 ? sum / (double)count : NAN;
    epoch->calls = dmg_metrics_calls(
        dmg_metrics_confusion(t->scores, t->score_labels, count, decision_threshold));
    return dmg_metrics_ranks(&epoch->ranks, t->scores, t->score_labels, count, err);
}

/* --- setting up --- */

static void trainer_clear(trainer *t)
{
    for (size_t i = 0; t->buffers && i < t->count; i++) sample_clear(&t->buffers[i]);
    dmg_team_destroy(t->team);
    for (int w = 0; t->groups && w < t->options->threads; w++) network_group_destroy(t->groups[w]);
    network_weights_destroy(t->weights);
    network_head_destroy(t->head);
    pretraining_destroy(t->pretraining);
    for (size_t c = 0; t->sums && c < t->chunks; c++) free(t->sums[c].gradient);
    void *const blocks[] = {
        t->state.params, t->state.average, t->state.first,
        t->state.second, t->state.history, t->samples,
        t->buffers,      t->labels,        t->taught,
        t->training,     t->validation,    t->order,
        t->scores,       t->score_labels,  t->losses,
        t->groups,       t->sums,          t->gradient,
        t->lengths,      t->judging,       t->batch,
        t->total,        t->total_rounded, t->ends,
        t->dends,        t->outputs,       t->da,
        t->masks,        t->head_gradient, t->state.pretrain_loss,
    };
    for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++) free(blocks[b]);
}

static bool trainer_alloc(trainer *t)
{
    const size_t P = t->net.parameters, n = t->count;
    const size_t asked = (size_t)t->options->batch, batch = asked < n ? asked : n;
    t->state.pretrain_epochs = (size_t)t->options->pretrain;
    t->state.parameters = P;
    if (t->options->pretrain > 0) t->state.parameters += pretrain_layout(&t->net).parameters;
    const size_t all = t->state.parameters;
    t->state.history_capacity = (size_t)t->options->epochs;
    t->chunks = (batch + CHUNK - 1) / CHUNK;
    const size_t Q = network_weights_sums(t->weights);
    bool ok = (t->state.params = dmg_alloc_zero(all, sizeof(float))) &&
              (t->state.first = dmg_alloc_zero(all, sizeof(float))) &&
              (t->state.second = dmg_alloc_zero(all, sizeof(float))) &&
              (t->options->average_weights == 0 ||
               (t->state.average = dmg_alloc_zero(all, sizeof(float)))) &&
              (t->state.pretrain_loss = dmg_alloc_zero(t->state.pretrain_epochs, sizeof(double))) &&
              (t->state.history = dmg_alloc_zero(t->state.history_capacity, sizeof(dmg_epoch))) &&
              (t->samples = dmg_alloc_zero(n, sizeof *t->samples)) &&
              (t->buffers = dmg_alloc_zero(n, sizeof *t->buffers)) &&
              (t->labels = dmg_alloc(n, sizeof *t->labels)) &&
              (t->training = dmg_alloc(n, sizeof *t->training)) &&
              (t->validation = dmg_alloc(n, sizeof *t->validation)) &&
              (t->order = dmg_alloc(n, sizeof *t->order)) &&
              (t->scores = dmg_alloc(n, sizeof *t->scores)) &&
              (t->score_labels = dmg_alloc(n, sizeof *t->score_labels)) &&
              (t->losses = dmg_alloc(n, sizeof *t->losses)) &&
              (t->lengths = dmg_alloc(n, sizeof *t->lengths)) &&
              (t->judging = dmg_alloc(n, sizeof *t->judging)) &&
              (t->batch = dmg_alloc(batch, sizeof *t->batch)) &&
              (t->groups = dmg_alloc_zero((size_t)t->options->threads, sizeof(network_group *))) &&
              (t->total = dmg_alloc(Q, sizeof *t->total)) &&
              (t->total_rounded = dmg_alloc(Q, sizeof *t->total_rounded)) &&
              (t->sums = dmg_alloc_zero(t->chunks, sizeof *t->sums)) &&
              (t->gradient = dmg_alloc(P, sizeof(float)));
    for (size_t c = 0; ok && c < t->chunks; c++)
        ok = (t->sums[c].gradient = dmg_alloc(Q, sizeof(float))) != NULL;
    return ok;
}

/* What only a network that normalises needs. */
static dmg_status trainer_add_head(trainer *t, dmg_error *err)
{
    const size_t E = network_ends_width(&t->net), P = t->net.parameters;
    const size_t batch = t->chunks * CHUNK;
    if (t->net.averages == 0) return DMG_OK;
    const bool ok = (t->ends = dmg_alloc(batch, E * sizeof(float))) &&
                    (t->dends = dmg_alloc(batch, E * sizeof(float))) &&
                    (t->outputs = dmg_alloc(batch, sizeof *t->outputs)) &&
                    (t->da = dmg_alloc(batch, sizeof *t->da)) &&
                    (t->masks = dmg_alloc(batch, sizeof *t->masks)) &&
                    (t->head_gradient = dmg_alloc(P, sizeof(float)));
    if (!ok) return dmg_error_nomem(err, "training");
    return network_head_create(&t->head, &t->net, batch, err);
}

/* What only pre-training needs; the decoders begin anew whenever it does. */
static dmg_status trainer_add_pretraining(trainer *t, dmg_error *err)
{
    if (t->options->pretrain == 0) return DMG_OK;
    if (t->state.parameters == t->net.parameters)
        return dmg_error_set(err, DMG_UNSUPPORTED,
                             "architecture '%s' has no LSTM to pre-train as an encoder",
                             t->options->architecture.id);
    const pretrain_setup setup = {
        .net = &t->net,
        .samples = t->samples,
        .lengths = t->lengths,
        .batch = t->chunks * CHUNK,
        .threads = t->options->threads,
        .team = t->team,
        .weights = t->weights,
        .groups = t->groups,
        .adam = t->adam,
    };
    const dmg_status st = pretraining_create(&t->pretraining, &setup, err);
    if (st == DMG_OK) pretraining_initial(t->state.params, t->pretraining, t->options->seed);
    return st;
}

/* What the teacher says of all records. */
static dmg_status ask_teacher(trainer *t, const dmg_dataset *dataset, dmg_error *err)
{
    const dmg_train_options *options = t->options;
    if (!options->teacher) return DMG_OK;
    if (options->balanced)
        return dmg_error_set(
            err, DMG_UNSUPPORTED,
            "classes are balanced by labels, which are not learned from a teacher");
    t->taught = dmg_alloc(t->count, sizeof *t->taught);
    if (!t->taught) return dmg_error_nomem(err, "training");
    return dmg_dataset_predict(t->taught, dataset, NULL, options->teacher, options->threads, t->cpu,
                               err);
}

/* Encodes all records and gives every thread its workspace. */
static dmg_status encode_records(trainer *t, const dmg_dataset *dataset, dmg_error *err)
{
    dmg_status st = DMG_OK;
    for (int w = 0; st == DMG_OK && w < t->options->threads; w++)
        st = network_group_create(&t->groups[w], t->weights, err);
    for (size_t i = 0; st == DMG_OK && i < t->count; i++) {
        const dmg_dataset_record record = dmg_dataset_get(dataset, i);
        t->labels[i] = record.positive;
        t->lengths[i] = record.length;
        if (!record.structure)
            return dmg_error_set(err, DMG_RANGE, "record '%.80s' is not folded", record.id);
        if (record.unlabelled && !t->options->teacher)
            return dmg_error_set(err, DMG_RANGE,
                                 "record '%.80s' has no label: only a teacher can tell what to "
                                 "learn from it",
                                 record.id);
        if (record.unlabelled && t->options->held_out && t->options->held_out[i])
            return dmg_error_set(err, DMG_RANGE, "record '%.80s' has no label to be judged by",
                                 record.id);
        st = sample_encode(&t->samples[i], &t->buffers[i], &t->options->architecture,
                           record.sequence, record.structure, record.length, record.energy, err);
    }
    return st;
}

static void weigh_classes(trainer *t, size_t positives)
{
    const double all = (double)t->training_count, members = (double)positives;
    t->class_weight[true] = t->options->balanced ? all / (2 * members) : 1;
    t->class_weight[false] = t->options->balanced ? all / (2 * (all - members)) : 1;
}

static dmg_status divide_records(trainer *t, dmg_error *err)
{
    size_t positives = 0;
    for (size_t i = 0; i < t->count; i++) {
        if (t->options->held_out && t->options->held_out[i]) {
            t->score_labels[t->validation_count] = t->labels[i];
            t->judging[t->validation_count] = (network_waiting){t->lengths[i], t->validation_count};
            t->validation[t->validation_count++] = i;
        } else {
            positives += t->labels[i];
            t->training[t->training_count++] = i;
        }
    }
    network_group_sort(t->judging, t->validation_count);
    weigh_classes(t, positives);
    if (positives > 0 && positives < t->training_count) return DMG_OK;
    return dmg_error_set(err, DMG_RANGE,
                         "there is nothing to tell apart: of %zu records to train on %zu are "
                         "positive",
                         t->training_count, positives);
}

static loss_kind loss_of(dmg_loss loss)
{
    return loss == DMG_LOSS_CROSS_ENTROPY ? LOSS_CROSS_ENTROPY : LOSS_SQUARED_ERROR;
}

static dmg_status trainer_init(trainer *t, const dmg_dataset *dataset,
                               const dmg_train_options *options, dmg_error *err)
{
    t->options = options;
    t->count = dmg_dataset_count(dataset);
    t->adam = adam_options_defaults();
    t->adam.learning_rate = options->learning_rate;
    t->loss = loss_of(options->loss);
    network_init(&t->net, &options->architecture);
    t->cpu = options->cpu;
    dmg_status st = dmg_cpu_resolve(&t->cpu, err);
    if (st == DMG_OK) st = dmg_team_create(&t->team, options->threads, err);
    if (st == DMG_OK) st = network_weights_create(&t->weights, &t->net, t->cpu, err);
    if (st != DMG_OK) return st;
    if (!trainer_alloc(t)) return dmg_error_nomem(err, "training");
    network_initial(t->state.params, &t->net, options->seed);
    st = trainer_add_head(t, err);
    if (st == DMG_OK) st = trainer_add_pretraining(t, err);
    if (st == DMG_OK) st = encode_records(t, dataset, err);
    if (st == DMG_OK) st = divide_records(t, err);
    if (st == DMG_OK) st = ask_teacher(t, dataset, err);
    if (st == DMG_OK)
        st = network_features_fit(t->state.params, &t->net, t->samples, t->training,
                                  t->training_count, err);
    return st;
}

/* --- the whole training --- */

/* Which training this is, but for the number of epochs: a checkpoint may be carried further. */
static json_t *describe_training(const trainer *t, const dmg_dataset *dataset)
{
    uint64_t digest = DMG_HASH_START; /* of the held-out samples */
    for (size_t i = 0; i < t->validation_count; i++)
        digest = dmg_hash_number(digest, t->validation[i]);
    char held_out[32];
    snprintf(held_out, sizeof held_out, "%zu:%016" PRIx64, t->validation_count, digest);
    char *text = dmg_architecture_print(&t->options->architecture);
    json_t *architecture = text ? json_loads(text, 0, NULL) : NULL;
    free(text);
    json_t *description =
        json_pack("{s:s, s:o, s:o, s:s, s:I, s:i, s:f, s:s}", "program", "deepmirgene " DMG_VERSION,
                  "data", dataset_describe(dataset), "architecture", architecture, "held_out",
                  held_out, "seed", (json_int_t)t->options->seed, "batch", t->options->batch,
                  "learning_rate", t->options->learning_rate, "cpu", dmg_cpu_name(t->cpu));
    bool ok = description && train_options_describe(description, t->options);
    if (ok && t->options->teacher)
        ok = json_object_set_new(description, "teacher", model_describe(t->options->teacher)) == 0;
    if (ok) return description;
    json_decref(description);
    return NULL;
}

static char *print_description(json_t *description)
{
    return description ? json_dumps(description, JSON_COMPACT | JSON_REAL_PRECISION(15)) : NULL;
}

/* Takes the state from the checkpoint where there is one and it is wanted. */
static dmg_status restore(trainer *t, const char *description, dmg_error *err)
{
    const char *path = t->options->checkpoint;
    if (!path || access(path, F_OK) != 0) return DMG_OK;
    if (!t->options->resume)
        return dmg_error_set(err, DMG_IO,
                             "%s: there is a checkpoint of an earlier training: resume it, or "
                             "remove the file",
                             path);
    return checkpoint_load(&t->state, description, path, err);
}

static dmg_status report_progress(trainer *t, size_t restored, dmg_error *err)
{
    if (!t->options->progress) return DMG_OK;
    return t->options->progress(t->options->progress_context, t->state.history, t->state.epochs,
                                restored, err);
}

static dmg_status save_checkpoint(trainer *t, const char *description, dmg_error *err)
{
    const dmg_status st = checkpoint_save(&t->state, description, t->options->checkpoint, err);
    clock_gettime(CLOCK_MONOTONIC, &t->saved);
    t->unsaved = false;
    return st;
}

/* After an epoch. A checkpoint waits for the disk, so that a power cut leaves it whole; of short
 * epochs that would take most of the time, so it is written at most once a second. */
static dmg_status save_if_due(trainer *t, bool last, const char *description, dmg_error *err)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    const bool first = t->saved.tv_sec == 0 && t->saved.tv_nsec == 0;
    const double waited =
        (double)(now.tv_sec - t->saved.tv_sec) + 1e-9 * (double)(now.tv_nsec - t->saved.tv_nsec);
    if (!t->options->checkpoint) return DMG_OK;
    if (first || last || waited >= 1) return save_checkpoint(t, description, err);
    t->unsaved = true;
    return DMG_OK;
}

/* Between epochs. */
static dmg_status stop_if_asked(trainer *t, const char *description, dmg_error *err)
{
    if (!t->options->stop || !*t->options->stop) return DMG_OK;
    const dmg_status st = t->unsaved ? save_checkpoint(t, description, err) : DMG_OK;
    return st == DMG_OK ? dmg_error_set(err, DMG_STOPPED, "stopped on request") : st;
}

static dmg_status pretrain_epochs(trainer *t, const char *description, dmg_error *err)
{
    training_state *state = &t->state;
    dmg_status st = DMG_OK;
    while (st == DMG_OK && state->pretrained < state->pretrain_epochs) {
        double loss = 0;
        st = stop_if_asked(t, description, err);
        if (st == DMG_OK) st = pretrain_epoch(t, &loss, err);
        if (st != DMG_OK) break;
        state->pretrain_loss[state->pretrained++] = loss;
        if (state->pretrained == state->pretrain_epochs) forget_decoders(state, t->net.parameters);
        st = save_if_due(t, state->pretrained == state->pretrain_epochs, description, err);
        if (st == DMG_OK && t->options->pretrain_progress)
            t->options->pretrain_progress(t->options->progress_context, state->pretrained, loss);
    }
    return st;
}

/* Takes the weights after an epoch into their mean, from the first epoch on that counts. */
static void average_weights(trainer *t)
{
    const size_t epochs = (size_t)t->options->epochs, asked = (size_t)t->options->average_weights;
    const size_t first = asked < epochs ? epochs - asked : 0;
    if (!t->state.average || t->state.epochs <= first) return;
    const float part = 1 / (float)(t->state.epochs - first);
    for (size_t k = 0; k < t->net.parameters; k++)
        t->state.average[k] += part * (t->state.params[k] - t->state.average[k]);
}

static dmg_status train_epochs(trainer *t, const char *description, dmg_error *err)
{
    const size_t restored = t->state.epochs, epochs = (size_t)t->options->epochs;
    dmg_status st = restored > 0 ? report_progress(t, restored, err) : DMG_OK;
    while (st == DMG_OK && t->state.epochs < epochs) {
        dmg_epoch epoch = {.epoch = (double)t->state.epochs + 1};
        st = stop_if_asked(t, description, err);
        if (st == DMG_OK) st = learn_epoch(t, &epoch.loss, err);
        if (st == DMG_OK) st = judge_epoch(t, &epoch, err);
        if (st != DMG_OK) break;
        t->state.history[t->state.epochs++] = epoch;
        average_weights(t);
        st = save_if_due(t, t->state.epochs == epochs, description, err);
        if (st == DMG_OK) st = report_progress(t, restored, err);
    }
    return st;
}

/* The finished model; its description says the epochs, too. */
static dmg_status finish(dmg_model **out, const trainer *t, json_t *description, dmg_error *err)
{
    char *text = NULL;
    if (json_object_set_new(description, "epochs", json_integer(t->options->epochs)) == 0)
        text = print_description(description);
    if (!text) return dmg_error_nomem(err, "a model");
    const float *params = t->state.average ? t->state.average : t->state.params;
    const dmg_status st =
        model_create(out, &t->options->architecture, params, t->options->name, text, err);
    free(text);
    return st;
}

dmg_status dmg_train(dmg_model **out, const dmg_dataset *dataset, const dmg_train_options *options,
                     dmg_error *err)
{
    trainer t = {0};
    json_t *description = NULL;
    char *text = NULL;
    dmg_status st = model_check_name(options->name, err);
    if (st == DMG_OK) st = trainer_init(&t, dataset, options, err);
    if (st == DMG_OK) {
        description = describe_training(&t, dataset);
        text = print_description(description);
        if (!text) st = dmg_error_nomem(err, "training");
    }
    if (st == DMG_OK) st = restore(&t, text, err);
    if (st == DMG_OK) st = pretrain_epochs(&t, text, err);
    if (st == DMG_OK) st = train_epochs(&t, text, err);
    if (st == DMG_OK) st = finish(out, &t, description, err);
    free(text);
    json_decref(description);
    trainer_clear(&t);
    return st;
}
