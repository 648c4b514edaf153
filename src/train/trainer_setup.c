/* SPDX-License-Identifier: MIT */
/* A training before its first epoch. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/parallel.h"
#include "model/model.h"
#include "model/network_features.h"
#include "train/description.h"
#include "train/trainer.h"

void trainer_clear(trainer *t)
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

dmg_status trainer_init(trainer *t, const dmg_dataset *dataset, const dmg_train_options *options,
                        dmg_error *err)
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

/* --- where an earlier training stopped --- */

static void notice_cut_off(const dmg_train_options *options)
{
    char message[DMG_ERROR_CAPACITY];
    if (!options->notice) return;
    snprintf(message, sizeof message,
             "%.900s: this checkpoint is cut off; the training begins from the start",
             options->checkpoint);
    options->notice(options->notice_context, message);
}

dmg_status trainer_restore(trainer *t, dmg_error *err)
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
