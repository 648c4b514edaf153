/* SPDX-License-Identifier: MIT */
/* Training, as the paper does it (algorithm 1, step 2): for each epoch, mini-batches drawn at
 * random; for each batch the mean loss, its gradient, and a step of Adam.
 *
 * The pieces have files of their own: what is made before the first epoch (trainer.h), the records
 * (training_set.h), what a batch does to the network (batch_gradient.h) by targets (supervised.h)
 * or without (pretrain.h), what changes over the epochs (schedule.h), and the state that a stop
 * leaves behind (checkpoint.h).
 *
 * Nothing random is carried from one epoch to the next: every epoch's shuffle and every sample's
 * dropout mask has a random stream of its own, so a resumed training goes on as if never stopped.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/rng.h"
#include "deepmirgene/train.h"
#include "model/model.h"
#include "nn/adam.h"
#include "train/description.h"
#include "train/options.h"
#include "train/schedule.h"
#include "train/trainer.h"

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
        model_create(out, &t->options->architecture, params, 1, t->options->name, text, err);
    free(text);
    return st;
}

dmg_status dmg_train(dmg_model **out, const dmg_dataset *dataset, const dmg_train_options *options,
                     dmg_error *err)
{
    trainer t = {0};
    dmg_status st = train_options_check(options, err);
    if (st == DMG_OK) st = trainer_init(&t, dataset, options, err);
    if (st == DMG_OK) st = trainer_restore(&t, err);
    if (st == DMG_OK) st = pretrain_epochs(&t, err);
    if (st == DMG_OK) st = train_epochs(&t, err);
    if (st == DMG_OK) st = finish(out, &t, err);
    trainer_clear(&t);
    return st;
}
