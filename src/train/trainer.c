/* SPDX-License-Identifier: MIT */
/* Training, as the paper does it (algorithm 1, step 2): for each epoch, mini-batches drawn at
 * random; for each batch the mean loss, its gradient, and a step of Adam.
 *
 * The pieces have files of their own: the records (training_set.h), what a batch does to the
 * network (batch_gradient.h) by targets (supervised.h) or without (pretrain.h), what changes over
 * the epochs (schedule.h), and the state that a stop leaves behind (checkpoint.h).
 *
 * Nothing random is carried from one epoch to the next: every epoch's shuffle and every sample's
 * dropout mask has a random stream of its own, so a resumed training goes on as if never stopped.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "deepmirgene/train.h"
#include "model/model.h"
#include "model/network_features.h"
#include "nn/adam.h"
#include "train/checkpoint.h"
#include "train/description.h"
#include "train/pretrain.h"
#include "train/schedule.h"
#include "train/supervised.h"

typedef struct trainer {
    const dmg_train_options *options;
    network net;
    training_set set;
    training_state state;
    json_t *description; /* which training this is */
    char *identity;      /* the same as text, for the checkpoint */
    checkpoint_writer checkpoint;
    batch_gradient *batch;
    supervised *supervised;
    pretraining *pretraining; /* NULL: there is none */
    size_t *order;            /* [training_count], the epoch's */
    float *gradient;          /* [state.parameters], of a batch */
} trainer;

/* --- an epoch --- */

static bool stop_asked(const trainer *t)
{
    return t->options->stop && *t->options->stop;
}

static dmg_status stopped(dmg_error *err)
{
    return dmg_error_set(err, DMG_STOPPED, "stopped on request");
}

static dmg_status diverged(const char *what, size_t epoch, dmg_error *err)
{
    return dmg_error_set(err, DMG_RANGE,
                         "loss or parameters of %s %zu are not finite, or too large; try a smaller "
                         "learning rate",
                         what, epoch);
}

/* One step of Adam on records [count]; `step` counts from 1. Adds their losses to *loss. */
typedef dmg_status batch_step(trainer *t, const size_t *records, size_t count, uint64_t step,
                              double *loss, dmg_error *err);

static dmg_status supervised_step(trainer *t, const size_t *records, size_t count, uint64_t step,
                                  double *loss, dmg_error *err)
{
    training_state *state = &t->state;
    adam_options adam = adam_options_defaults();
    adam.learning_rate = schedule_learning_rate(t->options, state->epochs);
    const dmg_status st =
        supervised_differentiate(t->gradient, loss, t->supervised, t->batch, state->params, records,
                                 count, state->epochs, err);
    if (st != DMG_OK) return st;
    schedule_decay(state->params, &t->net, adam.learning_rate * t->options->weight_decay);
    adam_update(state->params, state->first, state->second, t->gradient, t->net.parameters, step,
                &adam);
    supervised_average(state->params, t->supervised);
    return DMG_OK;
}

static dmg_status pretraining_step(trainer *t, const size_t *records, size_t count, uint64_t step,
                                   double *loss, dmg_error *err)
{
    training_state *state = &t->state;
    adam_options adam = adam_options_defaults();
    adam.learning_rate = t->options->learning_rate;
    const dmg_status st = pretraining_differentiate(t->gradient, loss, t->pretraining, t->batch,
                                                    state->params, records, count, err);
    if (st == DMG_OK)
        adam_update(state->params, state->first, state->second, t->gradient, state->parameters,
                    step, &adam);
    return st;
}

/* Goes through the records once, in an order drawn for the epoch (from 0); *loss is the mean over
 * them, each as its batch saw it. A stop ends it at once, unless earlier epochs wait to be saved:
 * these were short, and only between epochs are the parameters those of whole ones. */
static dmg_status run_epoch(trainer *t, double *loss, batch_step *step, dmg_rng_use order,
                            size_t epoch, dmg_error *err)
{
    const size_t records = t->set.training_count, batch = (size_t)t->options->batch;
    const size_t batches = (records + batch - 1) / batch;
    double sum = 0;
    dmg_rng rng;
    dmg_rng_init_for(&rng, t->options->seed, order, epoch);
    memcpy(t->order, t->set.training, records * sizeof *t->order);
    dmg_rng_shuffle(&rng, t->order, records);
    for (size_t b = 0; b < batches; b++) {
        if (!t->checkpoint.unsaved && stop_asked(t)) return stopped(err);
        const size_t count = b + 1 < batches ? batch : records - b * batch;
        const uint64_t number = (uint64_t)epoch * batches + b + 1;
        const dmg_status st = step(t, t->order + b * batch, count, number, &sum, err);
        if (st != DMG_OK) return st;
    }
    *loss = sum / (double)records;
    return DMG_OK;
}

/* --- the protocol --- */

/* Between epochs. */
static dmg_status stop_if_asked(trainer *t, dmg_error *err)
{
    if (!stop_asked(t)) return DMG_OK;
    const dmg_status st = checkpoint_flush(&t->checkpoint, &t->state, err);
    return st == DMG_OK ? stopped(err) : st;
}

/* The encoders stay; training begins from them as from initial weights. */
static void drop_decoders(training_state *state, size_t parameters)
{
    const size_t decoders = state->parameters - parameters;
    memset(state->params + parameters, 0, decoders * sizeof *state->params);
    memset(state->first, 0, state->parameters * sizeof *state->first);
    memset(state->second, 0, state->parameters * sizeof *state->second);
}

static dmg_status pretrain_epochs(trainer *t, dmg_error *err)
{
    training_state *state = &t->state;
    dmg_status st = DMG_OK;
    while (st == DMG_OK && state->pretrained < state->pretrain_epochs) {
        double loss = 0;
        st = stop_if_asked(t, err);
        if (st == DMG_OK)
            st = run_epoch(t, &loss, pretraining_step, DMG_RNG_PRETRAIN_SHUFFLE, state->pretrained,
                           err);
        if (st != DMG_OK) break;
        state->pretrain_loss[state->pretrained++] = loss;
        if (!isfinite(loss) || !model_values_usable(state->params, state->parameters))
            return diverged("epoch of pre-training", state->pretrained, err);
        const bool last = state->pretrained == state->pretrain_epochs;
        if (last) drop_decoders(state, t->net.parameters);
        st = checkpoint_after_epoch(&t->checkpoint, state, last, err);
        if (st == DMG_OK && t->options->pretrain_progress)
            t->options->pretrain_progress(t->options->progress_context, state->pretrained, loss);
    }
    return st;
}

static dmg_status report_progress(const trainer *t, size_t restored, dmg_error *err)
{
    if (!t->options->progress) return DMG_OK;
    return t->options->progress(t->options->progress_context, t->state.history, t->state.epochs,
                                restored, err);
}

/* Trains for one epoch and sees how the records held out fare. */
static dmg_status train_epoch(trainer *t, dmg_epoch *epoch, dmg_error *err)
{
    training_state *state = &t->state;
    *epoch = (dmg_epoch){.epoch = (double)state->epochs + 1};
    dmg_status st =
        run_epoch(t, &epoch->loss, supervised_step, DMG_RNG_SHUFFLE, state->epochs, err);
    if (st != DMG_OK) return st;
    /* The last step may spoil parameters that no loss has seen yet, and finite ones may be too
     * large for a finite loss. */
    bool finite = isfinite(epoch->loss) && model_values_usable(state->params, t->net.parameters);
    if (finite) st = supervised_validate(epoch, t->supervised, t->batch, state->params, err);
    if (st != DMG_OK) return st;
    if (t->set.validation_count > 0) finite = finite && isfinite(epoch->validation_loss);
    return finite ? DMG_OK : diverged("epoch", state->epochs + 1, err);
}

static dmg_status train_epochs(trainer *t, dmg_error *err)
{
    training_state *state = &t->state;
    const size_t restored = state->epochs, epochs = (size_t)t->options->epochs;
    dmg_status st = restored > 0 ? report_progress(t, restored, err) : DMG_OK;
    while (st == DMG_OK && state->epochs < epochs) {
        dmg_epoch epoch;
        st = stop_if_asked(t, err);
        if (st == DMG_OK) st = train_epoch(t, &epoch, err);
        if (st != DMG_OK) break;
        state->history[state->epochs++] = epoch;
        schedule_average(state->average, state->params, t->net.parameters, t->options,
                         state->epochs);
        st = checkpoint_after_epoch(&t->checkpoint, state, state->epochs == epochs, err);
        if (st == DMG_OK) st = report_progress(t, restored, err);
    }
    return st;
}

static void notice_cut_off(const dmg_train_options *options)
{
    char message[DMG_ERROR_CAPACITY];
    if (!options->notice) return;
    snprintf(message, sizeof message,
             "%.900s: this checkpoint is cut off; the training begins from the start",
             options->checkpoint);
    options->notice(options->notice_context, message);
}

/* Takes the state from the checkpoint where there is one and it is wanted. */
static dmg_status restore(trainer *t, dmg_error *err)
{
    const char *path = t->options->checkpoint;
    if (!path || access(path, F_OK) != 0) return DMG_OK;
    if (!t->options->resume)
        return dmg_error_set(err, DMG_IO,
                             "%s: checkpoint of an earlier training; resume it, or remove the file",
                             path);
    bool cut_off;
    const dmg_status st = checkpoint_load(&t->state, &cut_off, t->identity, path, err);
    if (st == DMG_OK && cut_off) notice_cut_off(t->options);
    return st;
}

/* --- setting up --- */

static void trainer_clear(trainer *t)
{
    batch_gradient_destroy(t->batch);
    supervised_destroy(t->supervised);
    pretraining_destroy(t->pretraining);
    training_set_clear(&t->set);
    training_state_clear(&t->state);
    json_decref(t->description);
    free(t->identity);
    free(t->order);
    free(t->gradient);
}

/* Makes what a batch needs; the parameters get their initial values. */
static dmg_status prepare_batches(trainer *t, dmg_cpu cpu, dmg_error *err)
{
    const dmg_train_options *options = t->options;
    const size_t P = t->net.parameters, asked = (size_t)options->batch;
    const size_t batch = asked < t->set.count ? asked : t->set.count;
    const size_t decoders = options->pretrain > 0 ? pretrain_parameters(&t->net) : 0;
    if (options->pretrain > 0 && decoders == 0)
        return dmg_error_set(err, DMG_UNSUPPORTED,
                             "architecture '%s' has no LSTM to pre-train as an encoder",
                             options->architecture.id);
    dmg_status st = training_state_init(&t->state, P + decoders, &t->set, options, err);
    if (st == DMG_OK)
        st = batch_gradient_create(&t->batch, &t->net, &t->set, batch, decoders, options->threads,
                                   cpu, err);
    if (st == DMG_OK) st = supervised_create(&t->supervised, &t->net, &t->set, options, batch, err);
    if (st == DMG_OK && decoders > 0)
        st = pretraining_create(&t->pretraining, &t->net, options->threads, err);
    if (st != DMG_OK) return st;
    t->order = dmg_alloc(t->set.training_count, sizeof *t->order);
    t->gradient = dmg_alloc(P + decoders, sizeof *t->gradient);
    return t->order && t->gradient ? DMG_OK : dmg_error_nomem(err, "training");
}

/* Whether both networks have the same parameters, in the same places. */
static bool same_tensors(const network *a, const network *b)
{
    if (a->parameters != b->parameters || a->tensor_count != b->tensor_count) return false;
    for (size_t i = 0; i < a->tensor_count; i++) {
        const network_tensor *x = &a->tensors[i], *y = &b->tensors[i];
        if (strcmp(x->name, y->name) != 0 || x->offset != y->offset || x->rank != y->rank ||
            x->shape[0] != y->shape[0] || x->shape[1] != y->shape[1])
            return false;
    }
    return true;
}

static dmg_status take_parameters(trainer *t, const dmg_model *from, dmg_error *err)
{
    if (t->pretraining)
        return dmg_error_set(err, DMG_UNSUPPORTED,
                             "pre-training would undo what the model that it begins from knows");
    if (dmg_model_members(from) > 1)
        return dmg_error_set(err, DMG_UNSUPPORTED,
                             "a model of %zu members cannot be trained further, only one of them",
                             dmg_model_members(from));
    if (!same_tensors(&t->net, model_network(from)))
        return dmg_error_set(err, DMG_UNSUPPORTED,
                             "the model to begin from has another architecture than '%s'",
                             t->options->architecture.id);
    memcpy(t->state.params, model_params(from, 0), t->net.parameters * sizeof(float));
    return DMG_OK;
}

static dmg_status set_initial_parameters(trainer *t, dmg_error *err)
{
    if (t->options->from) return take_parameters(t, t->options->from, err);
    network_initial(t->state.params, &t->net, t->options->seed);
    if (t->pretraining) pretraining_initial(t->state.params, t->pretraining, t->options->seed);
    return network_features_fit(t->state.params, &t->net, t->set.samples, t->set.training,
                                t->set.training_count, err);
}

static dmg_status trainer_init(trainer *t, const dmg_dataset *dataset,
                               const dmg_train_options *options, dmg_error *err)
{
    dmg_cpu cpu = options->cpu;
    t->options = options;
    network_init(&t->net, &options->architecture);
    dmg_status st = dmg_cpu_resolve(&cpu, err);
    if (st == DMG_OK) st = training_set_init(&t->set, dataset, options, cpu, err);
    if (st == DMG_OK) st = prepare_batches(t, cpu, err);
    if (st == DMG_OK) st = set_initial_parameters(t, err);
    if (st != DMG_OK) return st;
    t->description = train_describe(dataset, &t->set, options, cpu);
    t->identity = train_describe_print(t->description);
    t->checkpoint = (checkpoint_writer){.path = options->checkpoint, .description = t->identity};
    return t->identity ? DMG_OK : dmg_error_nomem(err, "training");
}

/* --- the whole training --- */

/* The finished model, whose description has the epochs as well. */
static dmg_status finish(dmg_model **out, const trainer *t, dmg_error *err)
{
    char *text = NULL;
    if (json_object_set_new(t->description, "epochs", json_integer(t->options->epochs)) == 0)
        text = train_describe_print(t->description);
    if (!text) return dmg_error_nomem(err, "a model");
    const float *params = t->state.average ? t->state.average : t->state.params;
    const dmg_status st =
        model_create(out, &t->options->architecture, params, t->options->name, text, err);
    free(text);
    return st;
}

/* What loops and allocations rely on. */
static dmg_status check_options(const dmg_train_options *options, dmg_error *err)
{
    if (options->epochs < 1 || options->batch < 1)
        return dmg_error_set(err, DMG_RANGE,
                             "%d epochs in batches of %d: expected at least 1 of both",
                             options->epochs, options->batch);
    if (!(options->learning_rate > 0))
        return dmg_error_set(err, DMG_RANGE, "learning rate %g is not positive",
                             options->learning_rate);
    const dmg_status st = dmg_threads_check(options->threads, err);
    return st == DMG_OK ? model_check_name(options->name, err) : st;
}

dmg_status dmg_train(dmg_model **out, const dmg_dataset *dataset, const dmg_train_options *options,
                     dmg_error *err)
{
    trainer t = {0};
    dmg_status st = check_options(options, err);
    if (st == DMG_OK) st = trainer_init(&t, dataset, options, err);
    if (st == DMG_OK) st = restore(&t, err);
    if (st == DMG_OK) st = pretrain_epochs(&t, err);
    if (st == DMG_OK) st = train_epochs(&t, err);
    if (st == DMG_OK) st = finish(out, &t, err);
    trainer_clear(&t);
    return st;
}
