/* SPDX-License-Identifier: MIT */
/* Checkpoints: safetensors files with the parameters, the optimiser's moments and the history. */
#include "train/checkpoint.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "deepmirgene/output.h"
#include "model/safetensors.h"

static const char format_name[] = "deepmirgene-checkpoint";
static const char format_version[] = "1";

enum { HISTORY_COLUMNS = sizeof(dmg_epoch) / sizeof(double) };
static_assert(sizeof(dmg_epoch) == HISTORY_COLUMNS * sizeof(double),
              "an epoch is a row of doubles");

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
    dmg_output *output = NULL;
    dmg_status st = safetensors_write(&bytes, &size, metadata, tensors, count, err);
    if (st == DMG_OK) st = dmg_output_open(&output, path, err);
    if (st == DMG_OK) {
        fwrite(bytes, 1, size, dmg_output_stream(output)); /* checked by the commit */
        st = dmg_output_commit(output, err);
    }
    free(bytes);
    json_decref(metadata);
    return st;
}

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
        return dmg_error_set(err, DMG_FORMAT, "%s: no checkpoint of deepmirgene", path);
    if (strcmp(version, format_version) != 0)
        return dmg_error_set(err, DMG_UNSUPPORTED, "%s: checkpoint format version %.20s", path,
                             version);
    if (strcmp(made_for, description) == 0) return DMG_OK;
    json_t *theirs = json_loads(made_for, 0, NULL), *ours = json_loads(description, 0, NULL);
    const dmg_status st = dmg_error_set(
        err, DMG_FORMAT,
        "%s: this checkpoint belongs to another training: '%.40s' differs; give the same data and "
        "options, or remove it",
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
        return dmg_error_set(err, DMG_FORMAT, "%s: no F32 [%zu] called '%s'", path, P, block->name);
    safetensors_floats(block->values, tensor);
    for (size_t k = 0; k < P; k++)
        if (!isfinite(block->values[k]))
            return dmg_error_set(err, DMG_FORMAT, "%s: '%s' holds a value that is not finite", path,
                                 block->name);
    return DMG_OK;
}

static dmg_status read_history(training_state *state, const safetensors_file *file,
                               const char *path, dmg_error *err)
{
    const safetensors_tensor *tensor = safetensors_find(file, "history");
    if (!tensor || tensor->element != sizeof(double) || tensor->rank != 2 ||
        tensor->shape[1] != HISTORY_COLUMNS)
        return dmg_error_set(err, DMG_FORMAT, "%s: no F64 [epochs, %d] called 'history'", path,
                             HISTORY_COLUMNS);
    if (tensor->shape[0] > state->history_capacity)
        return dmg_error_set(err, DMG_FORMAT,
                             "%s: this checkpoint has %zu epochs, %zu are asked for", path,
                             tensor->shape[0], state->history_capacity);
    state->epochs = tensor->shape[0];
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
        return dmg_error_set(err, DMG_FORMAT, "%s: no F64 [%zu .. %zu] called 'pretraining'", path,
                             least, state->pretrain_epochs);
    state->pretrained = tensor->shape[0];
    safetensors_doubles(state->pretrain_loss, tensor);
    return DMG_OK;
}

dmg_status checkpoint_load(training_state *state, const char *description, const char *path,
                           dmg_error *err)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    safetensors_file file = {0};
    state_block blocks[MOST_BLOCKS];
    const int block_count = state_blocks(blocks, state);
    dmg_status st = safetensors_read_bytes(&bytes, &size, path, err);
    if (st == DMG_OK) st = safetensors_parse(&file, bytes, size, path, err);
    if (st == DMG_OK) st = check_description(&file, description, path, err);
    for (int b = 0; st == DMG_OK && b < block_count; b++)
        st = read_block(&blocks[b], state->parameters, &file, path, err);
    if (st == DMG_OK) st = read_history(state, &file, path, err);
    if (st == DMG_OK) st = read_pretraining(state, &file, path, err);
    safetensors_clear(&file);
    free(bytes);
    return st;
}
