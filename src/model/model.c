/* Models: from and to their files.
 * SPDX-License-Identifier: MIT
 */
#include "model/model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "deepmirgene/output.h"
#include "base/builtin.h"

static const char format_name[] = "deepmirgene-model";
static const char format_version[] = "1";
static const char alphabet[] = "ACGU(.)";

struct dmg_model {
    network net;
    float *params;    /* [net.parameters] */
    json_t *metadata; /* text to text */
};

void dmg_model_destroy(dmg_model *model)
{
    if (!model) return;
    json_decref(model->metadata);
    free(model->params);
    free(model);
}

const dmg_architecture *dmg_model_architecture(const dmg_model *model)
{
    return &model->net.architecture;
}

const char *dmg_model_metadata(const dmg_model *model, const char *key)
{
    return json_string_value(json_object_get(model->metadata, key));
}

size_t dmg_model_parameters(const dmg_model *model)
{
    return network_trained(&model->net);
}

const network *model_network(const dmg_model *model)
{
    return &model->net;
}

const float *model_params(const dmg_model *model)
{
    return model->params;
}

const char *dmg_model_builtin(size_t i)
{
    return builtin_name(builtin_models, i);
}

/* --- tensors --- */

void model_tensors(safetensors_tensor *tensors, const network *net, const float *params)
{
    for (size_t i = 0; i < net->tensor_count; i++) {
        const network_tensor *from = &net->tensors[i];
        tensors[i] = (safetensors_tensor){
            .name = from->name,
            .element = sizeof *params,
            .rank = (size_t)from->rank,
            .shape = {from->shape[0], from->shape[1]},
            .values = params + from->offset,
        };
    }
}

static bool same_shape(const safetensors_tensor *tensor, const network_tensor *wanted)
{
    if (tensor->rank != (size_t)wanted->rank) return false;
    for (size_t d = 0; d < tensor->rank; d++)
        if (tensor->shape[d] != wanted->shape[d]) return false;
    return true;
}

dmg_status model_read_tensors(float *params, const network *net, const safetensors_file *file,
                              const char *source, dmg_error *err)
{
    for (size_t i = 0; i < net->tensor_count; i++) {
        const network_tensor *wanted = &net->tensors[i];
        const char *name = wanted->name;
        const safetensors_tensor *tensor = safetensors_find(file, name);
        if (!tensor)
            return dmg_error_set(err, DMG_FORMAT, "%s: tensor '%s' is missing", source, name);
        if (tensor->element != sizeof *params || !same_shape(tensor, wanted))
            return dmg_error_set(
                err, DMG_FORMAT, "%s: tensor '%s' is not the F32 [%zu%s%.0zu] of the architecture",
                source, name, wanted->shape[0], wanted->rank == 2 ? ", " : "", wanted->shape[1]);
        float *values = params + wanted->offset;
        safetensors_floats(values, tensor);
        for (size_t k = 0; k < safetensors_elements(tensor); k++)
            if (!isfinite(values[k]))
                return dmg_error_set(err, DMG_FORMAT,
                                     "%s: tensor '%s' holds a value that is not finite", source,
                                     name);
    }
    return DMG_OK;
}

/* Variances and deviations are what values are divided by. */
static dmg_status check_divisors(const float *params, const network *net, const char *source,
                                 dmg_error *err)
{
    for (int d = 0; d < net->architecture.dense_count; d++)
        for (size_t i = 0; i < net->norms[d].width; i++)
            if (params[net->norms[d].variance + i] < 0)
                return dmg_error_set(err, DMG_FORMAT,
                                     "%s: tensor '%s.norm.variance' holds a value below 0", source,
                                     net->architecture.dense[d].name);
    for (size_t f = 0; f < (size_t)net->architecture.feature_count; f++)
        if (!(params[net->feature_deviation + f] > 0))
            return dmg_error_set(
                err, DMG_FORMAT,
                "%s: tensor 'features.deviation' holds a value that is not above 0", source);
    return DMG_OK;
}

/* --- making --- */

/* A model with its network laid out and room for its parameters. */
static dmg_model *model_alloc(const dmg_architecture *architecture)
{
    dmg_model *model = dmg_alloc_zero(1, sizeof *model);
    if (!model) return NULL;
    network_init(&model->net, architecture);
    model->params = dmg_alloc(model->net.parameters, sizeof *model->params);
    if (model->params) return model;
    free(model);
    return NULL;
}

dmg_status model_create(dmg_model **out, const dmg_architecture *architecture, const float *params,
                        const char *name, const char *training, dmg_error *err)
{
    char *printed = dmg_architecture_print(architecture);
    dmg_model *model = printed ? model_alloc(architecture) : NULL;
    if (model) {
        memcpy(model->params, params, model->net.parameters * sizeof *params);
        model->metadata = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "format", format_name,
                                    "format_version", format_version, "name", name, "architecture",
                                    printed, "alphabet", alphabet, "training", training);
    }
    free(printed);
    if (!model || !model->metadata) {
        dmg_model_destroy(model);
        return dmg_error_nomem(err, "a model");
    }
    *out = model;
    return DMG_OK;
}

/* --- reading --- */

/* What kind of file the metadata says this is, before anything else of it is believed. */
static dmg_status check_format(const safetensors_file *file, const char *source, dmg_error *err)
{
    const char *format = safetensors_text(file, "format");
    const char *version = safetensors_text(file, "format_version");
    const char *letters = safetensors_text(file, "alphabet");
    if (!format || strcmp(format, format_name) != 0)
        return dmg_error_set(err, DMG_FORMAT, "%s: a safetensors file, but no deepmirgene model",
                             source);
    if (!version || strcmp(version, format_version) != 0)
        return dmg_error_set(err, DMG_UNSUPPORTED,
                             "%s: model format version %.20s; this program reads version %s",
                             source, version ? version : "(none)", format_version);
    if (!letters || strcmp(letters, alphabet) != 0)
        return dmg_error_set(err, DMG_UNSUPPORTED, "%s: alphabet '%.20s'; '%s' is expected", source,
                             letters ? letters : "(none)", alphabet);
    if (!safetensors_text(file, "checksum"))
        return dmg_error_set(err, DMG_FORMAT, "%s: the model has no checksum", source);
    return DMG_OK;
}

static dmg_status read_architecture(dmg_architecture *out, const safetensors_file *file,
                                    const char *source, dmg_error *err)
{
    const char *text = safetensors_text(file, "architecture");
    if (!text) return dmg_error_set(err, DMG_FORMAT, "%s: the model has no architecture", source);
    dmg_error inner;
    const dmg_status st = dmg_architecture_parse(out, text, &inner);
    return st == DMG_OK ? st : dmg_error_set(err, st, "%s: %s", source, inner.message);
}

static dmg_status model_from_file(dmg_model **out, const safetensors_file *file, const char *source,
                                  dmg_error *err)
{
    dmg_architecture architecture;
    dmg_status st = check_format(file, source, err);
    if (st == DMG_OK) st = read_architecture(&architecture, file, source, err);
    if (st != DMG_OK) return st;
    dmg_model *model = model_alloc(&architecture);
    if (!model) return dmg_error_nomem(err, source);
    model->metadata = json_incref(file->metadata);
    if (file->count != model->net.tensor_count)
        st = dmg_error_set(err, DMG_FORMAT, "%s: %zu tensors, the architecture has %zu", source,
                           file->count, model->net.tensor_count);
    if (st == DMG_OK) st = model_read_tensors(model->params, &model->net, file, source, err);
    if (st == DMG_OK) st = check_divisors(model->params, &model->net, source, err);
    if (st == DMG_OK)
        *out = model;
    else
        dmg_model_destroy(model);
    return st;
}

dmg_status dmg_model_load_memory(dmg_model **out, const void *bytes, size_t size,
                                 const char *source, dmg_error *err)
{
    safetensors_file file = {0};
    dmg_status st = safetensors_parse(&file, bytes, size, source, err);
    if (st == DMG_OK) st = model_from_file(out, &file, source, err);
    safetensors_clear(&file);
    return st;
}

dmg_status dmg_model_load(dmg_model **out, const char *name_or_path, dmg_error *err)
{
    const builtin_file *builtin = builtin_find(builtin_models, name_or_path);
    if (builtin)
        return dmg_model_load_memory(out, builtin->bytes, builtin->size, builtin->name, err);
    uint8_t *bytes = NULL;
    size_t size = 0;
    dmg_error inner;
    dmg_status st = safetensors_read_bytes(&bytes, &size, name_or_path, &inner);
    if (st == DMG_IO) {
        char known[256];
        builtin_list(known, sizeof known, builtin_models);
        return dmg_error_set(err, st, "%s (and no built-in model has that name: %s)", inner.message,
                             known);
    }
    if (st != DMG_OK) return dmg_error_set(err, st, "%s", inner.message);
    st = dmg_model_load_memory(out, bytes, size, name_or_path, err);
    free(bytes);
    return st;
}

/* --- writing --- */

dmg_status dmg_model_save(const dmg_model *model, const char *path, dmg_error *err)
{
    safetensors_tensor tensors[NETWORK_MAX_TENSORS];
    uint8_t *bytes = NULL;
    size_t size = 0;
    dmg_output *output = NULL;
    model_tensors(tensors, &model->net, model->params);
    dmg_status st =
        safetensors_write(&bytes, &size, model->metadata, tensors, model->net.tensor_count, err);
    if (st == DMG_OK) st = dmg_output_open(&output, path, err);
    if (st == DMG_OK) {
        fwrite(bytes, 1, size, dmg_output_stream(output)); /* checked by the commit */
        st = dmg_output_commit(output, err);
    }
    free(bytes);
    return st;
}
