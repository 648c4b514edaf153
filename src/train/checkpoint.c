/* SPDX-License-Identifier: MIT */
/* Checkpoints: safetensors files with the parameters, the optimiser's moments and the history. */
#include "train/checkpoint.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/json_build.h"
#include "model/safetensors.h"

static const char format_name[] = "deepmirgene-checkpoint";
static const char format_version[] = "1";

enum { HISTORY_COLUMNS = sizeof(dmg_epoch) / sizeof(double) };
static_assert(sizeof(dmg_epoch) == HISTORY_COLUMNS * sizeof(double),
              "an epoch is a row of doubles");

/* The rows of releases up to 0.1: these, with metrics of the calls in place of their counts. */
typedef struct old_epoch {
    double epoch, loss, validation_loss;
    dmg_call_metrics calls;
    dmg_rank_metrics ranks;
} old_epoch;
enum { OLD_COLUMNS = sizeof(old_epoch) / sizeof(double) };
static_assert(sizeof(old_epoch) == OLD_COLUMNS * sizeof(double), "likewise");

/* --- the state --- */

dmg_status training_state_init(training_state *state, size_t parameters, const training_set *set,
                               const dmg_train_options *options, dmg_error *err)
{
    *state = (training_state){
        .parameters = parameters,
        .history_capacity = (size_t)options->epochs,
        .pretrain_epochs = (size_t)options->pretrain,
    };
    for (size_t k = 0; k < set->validation_count; k++)
        *(set->labels[set->validation[k]] ? &state->held_out_positives
                                          : &state->held_out_negatives) += 1;
    const bool ok =
        (state->params = dmg_alloc_zero(parameters, sizeof(float))) &&
        (state->first = dmg_alloc_zero(parameters, sizeof(float))) &&
        (state->second = dmg_alloc_zero(parameters, sizeof(float))) &&
        (options->average_weights == 0 ||
         (state->average = dmg_alloc_zero(parameters, sizeof(float)))) &&
        (state->pretrain_loss = dmg_alloc_zero(state->pretrain_epochs, sizeof(double))) &&
        (state->history = dmg_alloc_zero(state->history_capacity, sizeof(dmg_epoch)));
    return ok ? DMG_OK : dmg_error_nomem(err, "training");
}

void training_state_clear(training_state *state)
{
    void *const blocks[] = {state->params,  state->first,         state->second,
                            state->average, state->pretrain_loss, state->history};
    for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++) free(blocks[b]);
}

/* --- writing --- */

/* The blocks of P floats, by name. */
typedef struct state_block {
    const char *name;
    float *values;
} state_block;

enum { MOST_BLOCKS = 4 };

/* Returns how many there are. */
static int state_blocks(state_block blocks[MOST_BLOCKS], const training_state *state)
{
    blocks[0] = (state_block){"parameters", state->params};
    blocks[1] = (state_block){"first_moment", state->first};
    blocks[2] = (state_block){"second_moment", state->second};
    blocks[3] = (state_block){"average", state->average};
    return state->average ? 4 : 3;
}

static safetensors_tensor pretraining_tensor(const training_state *state)
{
    return (safetensors_tensor){.name = "pretraining",
                                .element = sizeof(double),
                                .rank = 1,
                                .shape = {state->pretrained},
                                .values = state->pretrain_loss};
}

dmg_status checkpoint_save(const training_state *state, const char *description, const char *path,
                           dmg_error *err)
{
    state_block blocks[MOST_BLOCKS];
    safetensors_tensor tensors[MOST_BLOCKS + 2];
    const int block_count = state_blocks(blocks, state);
    /* The doubles come first, so that each value lies at a multiple of its size. */
    tensors[0] = (safetensors_tensor){.name = "history",
                                      .element = sizeof(double),
                                      .rank = 2,
                                      .shape = {state->epochs, HISTORY_COLUMNS},
                                      .values = state->history};
    size_t count = 1;
    if (state->pretrain_epochs > 0) tensors[count++] = pretraining_tensor(state);
    for (int b = 0; b < block_count; b++)
        tensors[count++] = (safetensors_tensor){.name = blocks[b].name,
                                                .element = sizeof(float),
                                                .rank = 1,
                                                .shape = {state->parameters},
                                                .values = blocks[b].values};
    json_t *metadata = json_pack("{s:s, s:s, s:s}", "format", format_name, "format_version",
                                 format_version, "training", description);
    if (!metadata) return dmg_error_nomem(err, "a checkpoint");
    uint8_t *bytes = NULL;
    size_t size = 0;
    dmg_status st = safetensors_write(&bytes, &size, metadata, tensors, count, err);
    if (st == DMG_OK) st = safetensors_save(bytes, size, path, err);
    free(bytes);
    json_decref(metadata);
    return st;
}

static dmg_status save_now(checkpoint_writer *w, const training_state *state, dmg_error *err)
{
    const dmg_status st = checkpoint_save(state, w->description, w->path, err);
    durable_mark(&w->pace);
    w->unsaved = false;
    return st;
}

dmg_status checkpoint_after_epoch(checkpoint_writer *w, const training_state *state, bool last,
                                  dmg_error *err)
{
    if (!w->path) return DMG_OK;
    if (last || durable_is_due(&w->pace)) return save_now(w, state, err);
    w->unsaved = true;
    return DMG_OK;
}

dmg_status checkpoint_flush(checkpoint_writer *w, const training_state *state, dmg_error *err)
{
    return w->unsaved ? save_now(w, state, err) : DMG_OK;
}

/* --- reading --- */

/* The first key whose value differs, or "options". */
static const char *first_difference(json_t *a, json_t *b)
{
    const char *key;
    json_t *value;
    json_object_foreach(a, key, value) if (!json_equal(value, json_object_get(b, key))) return key;
    return "options";
}

static dmg_status check_description(const safetensors_file *file, const char *description,
                                    const char *path, dmg_error *err)
{
    const char *format = safetensors_text(file, "format");
    const char *version = safetensors_text(file, "format_version");
    const char *made_for = safetensors_text(file, "training");
    if (!format || strcmp(format, format_name) != 0 || !version || !made_for ||
        !safetensors_text(file, "checksum"))
        return dmg_error_set(err, DMG_FORMAT, "%s: not a deepmirgene checkpoint", path);
    if (strcmp(version, format_version) != 0)
        return dmg_error_set(err, DMG_UNSUPPORTED, "%s: checkpoint format version %.20s", path,
                             version);
    if (strcmp(made_for, description) == 0) return DMG_OK;
    bool no_memory; /* then "options" differ */
    json_t *theirs = dmg_json_parse(made_for, strlen(made_for), 0, &no_memory, NULL);
    json_t *ours =
        theirs ? dmg_json_parse(description, strlen(description), 0, &no_memory, NULL) : NULL;
    const dmg_status st = dmg_error_set(err, DMG_FORMAT,
                                        "%s: checkpoint of another training: '%.40s' differs; give "
                                        "the same data and options, or remove the file",
                                        path, first_difference(ours, theirs));
    json_decref(theirs);
    json_decref(ours);
    return st;
}

static dmg_status read_block(const state_block *block, size_t P, const safetensors_file *file,
                             const char *path, dmg_error *err)
{
    const safetensors_tensor *tensor = safetensors_find(file, block->name);
    if (!tensor || tensor->element != sizeof(float) || tensor->rank != 1 || tensor->shape[0] != P)
        return dmg_error_set(err, DMG_FORMAT, "%s: missing F32 [%zu] '%s'", path, P, block->name);
    safetensors_floats(block->values, tensor);
    for (size_t k = 0; k < P; k++)
        if (!isfinite(block->values[k]))
            return dmg_error_set(err, DMG_FORMAT, "%s: '%s' contains a value that is not finite",
                                 path, block->name);
    return DMG_OK;
}

/* An epoch with the counts that gave its metrics. */
static dmg_epoch convert_epoch(const old_epoch *old, const training_state *state)
{
    const double positives = (double)state->held_out_positives;
    const double negatives = (double)state->held_out_negatives;
    const double tp = positives > 0 ? round(old->calls.se * positives) : 0;
    const double tn = negatives > 0 ? round(old->calls.sp * negatives) : 0;
    return (dmg_epoch){
        .epoch = old->epoch,
        .loss = old->loss,
        .validation_loss = old->validation_loss,
        .confusion = {.tp = tp, .fn = positives - tp, .tn = tn, .fp = negatives - tn},
        .ranks = old->ranks,
    };
}

static dmg_status read_old_history(training_state *state, const safetensors_tensor *tensor,
                                   dmg_error *err)
{
    old_epoch *rows = dmg_alloc(state->epochs, sizeof *rows);
    if (!rows) return dmg_error_nomem(err, "a checkpoint");
    safetensors_doubles((double *)rows, tensor);
    for (size_t i = 0; i < state->epochs; i++) state->history[i] = convert_epoch(&rows[i], state);
    free(rows);
    return DMG_OK;
}

static dmg_status read_history(training_state *state, const safetensors_file *file,
                               const char *path, dmg_error *err)
{
    const safetensors_tensor *tensor = safetensors_find(file, "history");
    if (!tensor || tensor->element != sizeof(double) || tensor->rank != 2 ||
        (tensor->shape[1] != HISTORY_COLUMNS && tensor->shape[1] != OLD_COLUMNS))
        return dmg_error_set(err, DMG_FORMAT, "%s: missing F64 [epochs, %d] 'history'", path,
                             HISTORY_COLUMNS);
    if (tensor->shape[0] > state->history_capacity)
        return dmg_error_set(err, DMG_FORMAT,
                             "%s: the checkpoint has %zu epochs, but only %zu are requested", path,
                             tensor->shape[0], state->history_capacity);
    state->epochs = tensor->shape[0];
    if (tensor->shape[1] == OLD_COLUMNS) return read_old_history(state, tensor, err);
    safetensors_doubles((double *)state->history, tensor);
    return DMG_OK;
}

static dmg_status read_pretraining(training_state *state, const safetensors_file *file,
                                   const char *path, dmg_error *err)
{
    if (state->pretrain_epochs == 0) return DMG_OK;
    const safetensors_tensor *tensor = safetensors_find(file, "pretraining");
    const size_t least = state->epochs > 0 ? state->pretrain_epochs : 1;
    if (!tensor || tensor->element != sizeof(double) || tensor->rank != 1 ||
        tensor->shape[0] < least || tensor->shape[0] > state->pretrain_epochs)
        return dmg_error_set(err, DMG_FORMAT, "%s: missing F64 [%zu .. %zu] 'pretraining'", path,
                             least, state->pretrain_epochs);
    state->pretrained = tensor->shape[0];
    safetensors_doubles(state->pretrain_loss, tensor);
    return DMG_OK;
}

static dmg_status read_state(training_state *state, const safetensors_file *file,
                             const char *description, const char *path, dmg_error *err)
{
    state_block blocks[MOST_BLOCKS];
    const int block_count = state_blocks(blocks, state);
    dmg_status st = check_description(file, description, path, err);
    for (int b = 0; st == DMG_OK && b < block_count; b++)
        st = read_block(&blocks[b], state->parameters, file, path, err);
    if (st == DMG_OK) st = read_history(state, file, path, err);
    if (st == DMG_OK) st = read_pretraining(state, file, path, err);
    return st;
}

dmg_status checkpoint_load(training_state *state, bool *cut_off, const char *description,
                           const char *path, dmg_error *err)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    safetensors_file file = {0};
    dmg_status st = safetensors_read_bytes(&bytes, &size, path, err);
    *cut_off = false;
    if (st == DMG_OK) {
        st = safetensors_parse(&file, bytes, size, path, err);
        *cut_off = st == DMG_FORMAT && safetensors_is_cut_off(bytes, size);
        if (st == DMG_OK) st = read_state(state, &file, description, path, err);
    }
    safetensors_clear(&file);
    free(bytes);
    return *cut_off ? DMG_OK : st;
}
