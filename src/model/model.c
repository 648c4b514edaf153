/* SPDX-License-Identifier: MIT */
/* Models: from and to their files. */
#include "model/model.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/builtin.h"
#include "base/error.h"
#include "base/json_build.h"
#include "model/calibration.h"
#include "model/safetensors.h"

static const char format_name[] = "deepmirgene-model";
static const char format_version[] = "1";
static const char alphabet[] = "ACGU(.)";
static const char members_key[] = "members";
static const char calibration_key[] = "calibration";
static const char long_from_key[] = "long_from";
static const char long_calibration_key[] = "long_calibration";
static const char long_training_key[] = "long_training";
static const char scan_long_span_key[] = "scan_long_span";

struct dmg_model {
    network net;      /* of all its networks */
    size_t members;   /* that score ordinary sequences */
    size_t long_from; /* shortest sequence that the network for long ones scores; NO_LONG: none */
    float *params;    /* [networks_of()][net.parameters], that for long ones last */
    json_t *metadata; /* text to text */
    bool calibrated;
    dmg_calibration calibration, long_calibration;
};

#define NO_LONG SIZE_MAX

/* All networks of the model. */
static size_t networks_of(const dmg_model *model)
{
    return model->members + (model->long_from != NO_LONG);
}

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
    return networks_of(model) * network_trained(&model->net);
}

size_t dmg_model_members(const dmg_model *model)
{
    return model->members;
}

size_t dmg_model_long_from(const dmg_model *model)
{
    return model->long_from;
}

const network *model_network(const dmg_model *model)
{
    return &model->net;
}

const float *model_params(const dmg_model *model, size_t member)
{
    return model->params + member * model->net.parameters;
}

bool dmg_model_calibration(dmg_calibration *out, const dmg_model *model)
{
    if (out && model->calibrated) *out = model->calibration;
    return model->calibrated;
}

dmg_calibration model_long_calibration(const dmg_model *model)
{
    return model->long_calibration;
}

const char *dmg_model_builtin(size_t i)
{
    return builtin_name(builtin_models, i);
}

/* --- tensors --- */

static_assert(DMG_MAX_MEMBERS < 100, "two digits count the members");
enum { MEMBER_DIGITS = 3 }; /* and NUL */

static const char *members_text(char digits[MEMBER_DIGITS], size_t count)
{
    snprintf(digits, MEMBER_DIGITS, "%zu", count % 100);
    return digits;
}

/* What the names of a network's tensors begin with; nothing where there is only one member. */
typedef struct member_prefix {
    char text[sizeof "member.." + MEMBER_DIGITS];
} member_prefix;

static member_prefix prefix_of(const dmg_model *model, size_t member)
{
    char digits[MEMBER_DIGITS];
    member_prefix prefix = {""};
    if (member == model->members)
        strcpy(prefix.text, "long.");
    else if (model->members > 1)
        snprintf(prefix.text, sizeof prefix.text, "member.%s.", members_text(digits, member));
    return prefix;
}

enum { TENSOR_NAME = sizeof(member_prefix) + sizeof((network_tensor *)NULL)->name };

static bool same_shape(const safetensors_tensor *tensor, const network_tensor *wanted)
{
    if (tensor->rank != (size_t)wanted->rank) return false;
    for (size_t d = 0; d < tensor->rank; d++)
        if (tensor->shape[d] != wanted->shape[d]) return false;
    return true;
}

static const double largest_value = 1e9; /* those of trained networks are below 100 or so */

bool model_values_usable(const float *values, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (!(fabs((double)values[k]) <= largest_value)) return false;
    return true;
}

/* Fills a member's parameters from the tensors of their names. */
static dmg_status read_member(dmg_model *model, size_t member, const safetensors_file *file,
                              const char *source, dmg_error *err)
{
    float *params = model->params + member * model->net.parameters;
    const member_prefix prefix = prefix_of(model, member);
    for (size_t i = 0; i < model->net.tensor_count; i++) {
        const network_tensor *wanted = &model->net.tensors[i];
        char name[TENSOR_NAME];
        snprintf(name, sizeof name, "%s%s", prefix.text, wanted->name);
        const safetensors_tensor *tensor = safetensors_find(file, name);
        if (!tensor)
            return dmg_error_set(err, DMG_FORMAT, "%s: tensor '%s' is missing", source, name);
        if (tensor->element != sizeof *params || !same_shape(tensor, wanted))
            return dmg_error_set(
                err, DMG_FORMAT, "%s: tensor '%s' is not the F32 [%zu%s%.0zu] of the architecture",
                source, name, wanted->shape[0], wanted->rank == 2 ? ", " : "", wanted->shape[1]);
        float *values = params + wanted->offset;
        safetensors_floats(values, tensor);
        if (!model_values_usable(values, safetensors_elements(tensor)))
            return dmg_error_set(
                err, DMG_FORMAT,
                "%s: tensor '%s' contains a value that is not finite, or larger than "
                "%g",
                source, name, largest_value);
    }
    return DMG_OK;
}

/* Variances and deviations are what values are divided by. */
static dmg_status check_divisors(const dmg_model *model, size_t member, const char *source,
                                 dmg_error *err)
{
    const network *net = &model->net;
    const float *params = model_params(model, member);
    const member_prefix prefix = prefix_of(model, member);
    for (int d = 0; d < net->architecture.dense_count; d++)
        for (size_t i = 0; i < net->norms[d].width; i++)
            if (params[net->norms[d].variance + i] < 0)
                return dmg_error_set(err, DMG_FORMAT,
                                     "%s: tensor '%s%s.norm.variance' contains a negative value",
                                     source, prefix.text, net->architecture.dense[d].name);
    for (size_t f = 0; f < (size_t)net->architecture.feature_count; f++)
        if (!(params[net->feature_deviation + f] > 0))
            return dmg_error_set(
                err, DMG_FORMAT,
                "%s: tensor '%sfeatures.deviation' contains a value that is not positive", source,
                prefix.text);
    return DMG_OK;
}

/* --- making --- */

/* A model with its network laid out and room for the parameters of all its networks. */
static dmg_model *model_alloc(const dmg_architecture *architecture, size_t members,
                              size_t long_from)
{
    dmg_model *model = dmg_alloc_zero(1, sizeof *model);
    if (!model) return NULL;
    network_init(&model->net, architecture);
    model->members = members;
    model->long_from = long_from;
    model->params = dmg_alloc(networks_of(model) * model->net.parameters, sizeof *model->params);
    if (model->params) return model;
    free(model);
    return NULL;
}

dmg_status model_check_name(const char *name, dmg_error *err)
{
    json_t *text = json_string(name);
    json_decref(text);
    return text ? DMG_OK
                : dmg_error_set(err, DMG_RANGE, "the model's name is not valid UTF-8: %s", name);
}

/* What is said of a model whose network is there. */
static dmg_status set_metadata(dmg_model *model, const char *name, const char *training,
                               dmg_error *err)
{
    char *printed = dmg_architecture_print(&model->net.architecture);
    if (printed && training)
        model->metadata = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "format", format_name,
                                    "format_version", format_version, "name", name, "architecture",
                                    printed, "alphabet", alphabet, "training", training);
    free(printed);
    char digits[MEMBER_DIGITS];
    const bool failed = !model->metadata ||
                        (model->members > 1 &&
                         json_object_set_new(model->metadata, members_key,
                                             json_string(members_text(digits, model->members))));
    return failed ? dmg_error_nomem(err, "a model") : DMG_OK;
}

dmg_status model_create(dmg_model **out, const dmg_architecture *architecture, const float *params,
                        size_t members, const char *name, const char *training, dmg_error *err)
{
    dmg_model *model = model_alloc(architecture, members, NO_LONG);
    if (!model) return dmg_error_nomem(err, "a model");
    memcpy(model->params, params, members * model->net.parameters * sizeof *params);
    const dmg_status st = set_metadata(model, name, training, err);
    if (st == DMG_OK)
        *out = model;
    else
        dmg_model_destroy(model);
    return st;
}

/* --- reading --- */

/* What kind of file the metadata says this is, before anything else of it is believed. */
static dmg_status check_format(const safetensors_file *file, const char *source, dmg_error *err)
{
    const char *format = safetensors_text(file, "format");
    const char *version = safetensors_text(file, "format_version");
    const char *letters = safetensors_text(file, "alphabet");
    if (!format || strcmp(format, format_name) != 0)
        return dmg_error_set(err, DMG_FORMAT, "%s: a safetensors file, but not a deepmirgene model",
                             source);
    if (!version || strcmp(version, format_version) != 0)
        return dmg_error_set(err, DMG_UNSUPPORTED,
                             "%s: model format version %.20s; this program reads version %s",
                             source, version ? version : "(none)", format_version);
    if (!letters || strcmp(letters, alphabet) != 0)
        return dmg_error_set(err, DMG_UNSUPPORTED, "%s: alphabet '%.20s'; expected '%s'", source,
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

/* Networks in the file: as many as it says, or one. */
static dmg_status read_members(size_t *members, const safetensors_file *file, const char *source,
                               dmg_error *err)
{
    const char *text = safetensors_text(file, members_key);
    *members = 1;
    if (!text) return DMG_OK;
    char digits[MEMBER_DIGITS];
    for (*members = 2; *members <= DMG_MAX_MEMBERS; ++*members)
        if (strcmp(text, members_text(digits, *members)) == 0) return DMG_OK;
    return dmg_error_set(err, DMG_RANGE, "%s: '%.20s' members; expected 2 to %d", source, text,
                         DMG_MAX_MEMBERS);
}

/* From which length on sequences are scored by a network of their own. */
static dmg_status read_long_from(size_t *from, const safetensors_file *file, const char *source,
                                 dmg_error *err)
{
    const char *text = safetensors_text(file, long_from_key);
    *from = NO_LONG;
    if (!text) return DMG_OK;
    char *end;
    const long value = strtol(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end || value < 1 || value > DMG_MAX_LONG_FROM)
        return dmg_error_set(err, DMG_FORMAT, "%s: long_from is '%.20s'; expected 1 to %d", source,
                             text, DMG_MAX_LONG_FROM);
    *from = (size_t)value;
    return DMG_OK;
}

/* Of all networks or of none. */
static dmg_status read_calibrations(dmg_model *model, const safetensors_file *file,
                                    const char *source, dmg_error *err)
{
    const char *text = safetensors_text(file, calibration_key);
    const char *of_long = safetensors_text(file, long_calibration_key);
    const bool has_long = model->long_from != NO_LONG;
    if (has_long ? !text != !of_long : of_long != NULL)
        return dmg_error_set(err, DMG_FORMAT, "%s: %s without %s", source,
                             of_long ? long_calibration_key : calibration_key,
                             !has_long ? long_from_key
                             : of_long ? calibration_key
                                       : long_calibration_key);
    if (!text) return DMG_OK;
    model->calibrated = true;
    const dmg_status st = calibration_parse(&model->calibration, text, source, err);
    if (st != DMG_OK || !has_long) return st;
    return calibration_parse(&model->long_calibration, of_long, source, err);
}

static dmg_status model_from_file(dmg_model **out, const safetensors_file *file, const char *source,
                                  dmg_error *err)
{
    dmg_architecture architecture;
    size_t members, long_from;
    dmg_status st = check_format(file, source, err);
    if (st == DMG_OK) st = read_architecture(&architecture, file, source, err);
    if (st == DMG_OK) st = read_members(&members, file, source, err);
    if (st == DMG_OK) st = read_long_from(&long_from, file, source, err);
    if (st != DMG_OK) return st;
    dmg_model *model = model_alloc(&architecture, members, long_from);
    if (!model) return dmg_error_nomem(err, source);
    model->metadata = json_incref(file->metadata);
    const size_t networks = networks_of(model);
    if (file->count != networks * model->net.tensor_count)
        st = dmg_error_set(err, DMG_FORMAT, "%s: %zu tensors, the architecture%s has %zu", source,
                           file->count,
                           members > 1          ? " with all members"
                           : networks > members ? " with the network for long sequences"
                                                : "",
                           networks * model->net.tensor_count);
    for (size_t m = 0; st == DMG_OK && m < networks; m++) {
        st = read_member(model, m, file, source, err);
        if (st == DMG_OK) st = check_divisors(model, m, source, err);
    }
    if (st == DMG_OK) st = read_calibrations(model, file, source, err);
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
        return dmg_error_set(err, st, "%s (nor is it a built-in model: %s)", inner.message, known);
    }
    if (st != DMG_OK) return dmg_error_set(err, st, "%s", inner.message);
    st = dmg_model_load_memory(out, bytes, size, name_or_path, err);
    free(bytes);
    return st;
}

/* --- writing --- */

/* Views of all parameters, with names of their own. */
static void describe_tensors(safetensors_tensor *tensors, char (*names)[TENSOR_NAME],
                             const dmg_model *model, size_t networks)
{
    const size_t count = model->net.tensor_count;
    for (size_t k = 0; k < networks * count; k++) {
        const network_tensor *from = &model->net.tensors[k % count];
        const size_t member = k / count;
        snprintf(names[k], TENSOR_NAME, "%s%s", prefix_of(model, member).text, from->name);
        tensors[k] = (safetensors_tensor){
            .name = names[k],
            .element = sizeof *model->params,
            .rank = (size_t)from->rank,
            .shape = {from->shape[0], from->shape[1]},
            .values = model_params(model, member) + from->offset,
        };
    }
}

/* The file of the first networks, with these metadata; *bytes is the caller's. */
static dmg_status write_bytes(uint8_t **bytes, size_t *size, const dmg_model *model,
                              size_t networks, json_t *metadata, dmg_error *err)
{
    const size_t count = networks * model->net.tensor_count;
    safetensors_tensor *tensors = dmg_alloc(count, sizeof *tensors);
    char(*names)[TENSOR_NAME] = dmg_alloc(count, sizeof *names);
    dmg_status st = tensors && names ? DMG_OK : dmg_error_nomem(err, "writing a model");
    if (st == DMG_OK) {
        describe_tensors(tensors, names, model, networks);
        st = safetensors_write(bytes, size, metadata, tensors, count, err);
    }
    free(names);
    free(tensors);
    return st;
}

dmg_status dmg_model_save(const dmg_model *model, const char *path, dmg_error *err)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    dmg_status st = write_bytes(&bytes, &size, model, networks_of(model), model->metadata, err);
    if (st == DMG_OK) st = safetensors_save(bytes, size, path, err);
    free(bytes);
    return st;
}

/* --- calibration --- */

/* By way of the file's bytes, so that the copy has passed every check of a file. */
dmg_status dmg_model_calibrate(dmg_model **out, const dmg_model *model,
                               const dmg_calibration *calibration, const char *data, dmg_error *err)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    char *text = NULL;
    json_t *metadata = dmg_json_copy(model->metadata);
    dmg_status st = metadata ? DMG_OK : dmg_error_nomem(err, "a model");
    if (st == DMG_OK) {
        static const char *const left_out[] = {calibration_key, long_from_key, long_calibration_key,
                                               long_training_key, scan_long_span_key};
        for (size_t k = 0; k < sizeof left_out / sizeof *left_out; k++)
            json_object_del(metadata, left_out[k]); /* of no matter if there is none */
        if (calibration) st = calibration_print(&text, calibration, data, err);
    }
    if (text && json_object_set_new(metadata, calibration_key, json_string(text)) != 0)
        st = dmg_error_nomem(err, "a model");
    if (st == DMG_OK) st = write_bytes(&bytes, &size, model, model->members, metadata, err);
    if (st == DMG_OK) st = dmg_model_load_memory(out, bytes, size, "the calibrated model", err);
    json_decref(metadata);
    free(text);
    free(bytes);
    return st;
}
