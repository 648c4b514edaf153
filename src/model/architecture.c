/* SPDX-License-Identifier: MIT */
/* Descriptions of networks as JSON. */
#include "deepmirgene/architecture.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/json_build.h"
#include "model/architecture.h"

/* --- reading --- */

static dmg_status no_memory(dmg_error *err)
{
    return dmg_error_nomem(err, "an architecture");
}

/* Of json_unpack_ex, which calls a failed allocation a fault of the text: errno was 0 before. */
static dmg_status json_fault(const json_error_t *fault, dmg_error *err)
{
    if (errno == ENOMEM) return no_memory(err);
    return dmg_error_set(err, DMG_FORMAT, "architecture: %s", fault->text);
}

static dmg_status copy_name(char name[DMG_NAME_CAPACITY], const char *text, dmg_error *err)
{
    const char *allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    const size_t length = strlen(text);
    if (length == 0 || length >= DMG_NAME_CAPACITY || strspn(text, allowed) != length)
        return dmg_error_set(err, DMG_FORMAT,
                             "architecture: '%.80s' is not a valid name: expected 1 to %d letters, "
                             "digits, '_' and '-'",
                             text, DMG_NAME_CAPACITY - 1);
    memcpy(name, text, length + 1);
    return DMG_OK;
}

static dmg_status check_size(json_int_t size, const char *what, dmg_error *err)
{
    if (size >= 1 && size <= DMG_MAX_UNITS) return DMG_OK;
    return dmg_error_set(err, DMG_RANGE, "architecture: %s %lld is not within 1 .. %d", what,
                         (long long)size, DMG_MAX_UNITS);
}

static dmg_status check_count(size_t count, size_t most, const char *what, dmg_error *err)
{
    if (count >= 1 && count <= most) return DMG_OK;
    return dmg_error_set(err, DMG_RANGE, "architecture: %zu %s, expected 1 to %zu", count, what,
                         most);
}

static dmg_status stream_kind(dmg_stream_kind *kind, const char *name, dmg_error *err)
{
    for (int k = 0; k < DMG_STREAM_KINDS; k++)
        if (strcmp(name, dmg_encode_stream_name((dmg_stream_kind)k)) == 0) {
            *kind = (dmg_stream_kind)k;
            return DMG_OK;
        }
    return dmg_error_set(err, DMG_UNSUPPORTED, "architecture: unknown stream '%.80s'", name);
}

/* stream->units from an array of `what`. */
static dmg_status parse_units(dmg_stream_spec *stream, json_t *units, const char *what,
                              dmg_error *err)
{
    for (int l = 0; l < stream->layers; l++) {
        const json_int_t size = json_integer_value(json_array_get(units, (size_t)l));
        const dmg_status st = check_size(size, what, err);
        if (st != DMG_OK) return st;
        stream->units[l] = (int)size;
    }
    return DMG_OK;
}

static dmg_status parse_contact_map(dmg_stream_spec *stream, json_t *json, dmg_error *err)
{
    const char *name;
    json_t *filters;
    json_int_t grid;
    json_error_t fault;
    if (json_unpack_ex(json, &fault, JSON_STRICT, "{s:s, s:I, s:o}", "name", &name, "grid", &grid,
                       "filters", &filters) != 0)
        return json_fault(&fault, err);
    dmg_status st = check_count(json_array_size(filters), DMG_MAX_LAYERS, "layers of filters", err);
    if (st != DMG_OK) return st;
    stream->kind = DMG_STREAM_CONTACT_MAP;
    stream->layers = (int)json_array_size(filters);
    st = parse_units(stream, filters, "filters", err);
    if (st != DMG_OK) return st;
    if (grid < 1 || grid > DMG_MAX_GRID || grid % (1 << stream->layers) != 0)
        return dmg_error_set(err, DMG_RANGE,
                             "architecture: grid %lld is not a multiple of %d (2 to the number of "
                             "layers) up to %d",
                             (long long)grid, 1 << stream->layers, DMG_MAX_GRID);
    stream->grid = (int)grid;
    const int side = stream->grid >> stream->layers, last = stream->units[stream->layers - 1];
    if (side * side * last > 2 * DMG_MAX_UNITS)
        return dmg_error_set(
            err, DMG_RANGE,
            "architecture: the last filters put out %d x %d x %d values, expected at most %d", side,
            side, last, 2 * DMG_MAX_UNITS);
    return DMG_OK;
}

static const char *const pool_names[] = {"last", "attention", "mean", "max"};
enum { POOL_NAMES = sizeof pool_names / sizeof *pool_names };

/* The bit of dmg_pooling that a name stands for. */
static dmg_status pool_named(unsigned *pool, const char *name, dmg_error *err)
{
    for (unsigned k = 0; k < POOL_NAMES; k++)
        if (strcmp(name, pool_names[k]) == 0) {
            *pool = 1u << k;
            return DMG_OK;
        }
    return dmg_error_set(
        err, DMG_UNSUPPORTED,
        "architecture: unknown pooling '%.80s' (known: last, attention, mean, max)", name);
}

static dmg_status parse_pooling(dmg_stream_spec *stream, json_t *list, dmg_error *err)
{
    dmg_status st = check_count(json_array_size(list), POOL_NAMES, "poolings", err);
    for (size_t k = 0; st == DMG_OK && k < json_array_size(list); k++) {
        const char *name = json_string_value(json_array_get(list, k));
        unsigned pool = 0;
        st = pool_named(&pool, name ? name : "(no text)", err);
        if (st == DMG_OK && stream->pooling & pool)
            st = dmg_error_set(err, DMG_FORMAT, "architecture: pooling '%s' is listed twice", name);
        stream->pooling |= pool;
    }
    if (stream->pooling == DMG_POOL_LAST) stream->pooling = 0; /* one way to say it */
    return st;
}

static dmg_status parse_stream(dmg_stream_spec *stream, json_t *json, dmg_error *err)
{
    const char *name = json_string_value(json_object_get(json, "name"));
    if (name && strcmp(name, dmg_encode_stream_name(DMG_STREAM_CONTACT_MAP)) == 0)
        return parse_contact_map(stream, json, err);
    json_t *units, *pooling = NULL;
    int bidirectional;
    json_int_t embedding;
    json_error_t fault;
    if (json_unpack_ex(json, &fault, JSON_STRICT, "{s:s, s:I, s:o, s:b, s?o}", "name", &name,
                       "embedding", &embedding, "units", &units, "bidirectional", &bidirectional,
                       "pooling", &pooling) != 0)
        return json_fault(&fault, err);
    dmg_status st = stream_kind(&stream->kind, name, err);
    if (st == DMG_OK) st = check_size(embedding, "embedding", err);
    if (st == DMG_OK) st = check_count(json_array_size(units), DMG_MAX_LAYERS, "LSTM layers", err);
    if (st != DMG_OK) return st;
    stream->embedding = (int)embedding;
    stream->bidirectional = bidirectional;
    stream->layers = (int)json_array_size(units);
    st = parse_units(stream, units, "units", err);
    return st == DMG_OK && pooling ? parse_pooling(stream, pooling, err) : st;
}

static const char *const activation_names[] = {
    [DMG_ACTIVATION_SIGMOID] = "sigmoid",
    [DMG_ACTIVATION_TANH] = "tanh",
    [DMG_ACTIVATION_RELU] = "relu",
    [DMG_ACTIVATION_SOFTMAX] = "softmax",
};

static dmg_status activation_named(dmg_activation *kind, const char *name, dmg_error *err)
{
    for (size_t k = 0; k < sizeof activation_names / sizeof *activation_names; k++)
        if (strcmp(name, activation_names[k]) == 0) {
            *kind = (dmg_activation)k;
            return DMG_OK;
        }
    return dmg_error_set(err, DMG_UNSUPPORTED,
                         "architecture: unknown activation '%.80s' (known: sigmoid, tanh, relu, "
                         "softmax)",
                         name);
}

static const char features_name[] = "features"; /* as a dense layer's input */

/* Index of a dense layer's source among streams, the dense layers before it, and the features; -1
 * if unknown. */
static int source_index(const dmg_architecture *architecture, const char *name, int dense_before)
{
    for (int s = 0; s < architecture->stream_count; s++)
        if (strcmp(name, dmg_encode_stream_name(architecture->streams[s].kind)) == 0) return s;
    for (int d = 0; d < dense_before; d++)
        if (strcmp(name, architecture->dense[d].name) == 0) return architecture->stream_count + d;
    if (architecture->feature_count > 0 && strcmp(name, features_name) == 0)
        return DMG_INPUT_FEATURES;
    return -1;
}

static dmg_status parse_dense_inputs(dmg_architecture *architecture, int d, json_t *inputs,
                                     dmg_error *err)
{
    dmg_dense_spec *layer = &architecture->dense[d];
    const dmg_status st = check_count(json_array_size(inputs), DMG_MAX_INPUTS, "dense inputs", err);
    if (st != DMG_OK) return st;
    layer->input_count = (int)json_array_size(inputs);
    for (int k = 0; k < layer->input_count; k++) {
        const char *name = json_string_value(json_array_get(inputs, (size_t)k));
        layer->inputs[k] = name ? source_index(architecture, name, d) : -1;
        if (layer->inputs[k] < 0)
            return dmg_error_set(err, DMG_FORMAT,
                                 "architecture: dense layer '%s' reads '%.80s', which is neither a "
                                 "stream nor a dense layer before it",
                                 layer->name, name ? name : "(no text)");
    }
    return DMG_OK;
}

static dmg_status parse_dense(dmg_architecture *architecture, int d, json_t *json, dmg_error *err)
{
    dmg_dense_spec *layer = &architecture->dense[d];
    const char *name, *activation;
    json_t *inputs;
    json_int_t units;
    double dropout;
    int batch_norm = 0;
    json_error_t fault;
    if (json_unpack_ex(json, &fault, JSON_STRICT, "{s:s, s:o, s:I, s:s, s:F, s?b}", "name", &name,
                       "inputs", &inputs, "units", &units, "activation", &activation, "dropout",
                       &dropout, "batch_norm", &batch_norm) != 0)
        return json_fault(&fault, err);
    dmg_status st = copy_name(layer->name, name, err);
    if (st == DMG_OK && source_index(architecture, name, d) >= 0)
        st = dmg_error_set(err, DMG_FORMAT, "architecture: the name '%s' is used twice", name);
    if (st == DMG_OK) st = activation_named(&layer->activation, activation, err);
    if (st == DMG_OK) st = check_size(units, "units", err);
    if (st == DMG_OK && !(dropout >= 0 && dropout < 1))
        st = dmg_error_set(err, DMG_RANGE, "architecture: dropout %g is not within 0 <= rate < 1",
                           dropout);
    if (st != DMG_OK) return st;
    layer->units = (int)units;
    layer->dropout = dropout;
    layer->batch_norm = batch_norm;
    return parse_dense_inputs(architecture, d, inputs, err);
}

static dmg_status feature_named(dmg_feature *feature, const char *name, dmg_error *err)
{
    for (int f = 0; f < DMG_FEATURES; f++)
        if (strcmp(name, dmg_encode_feature_name((dmg_feature)f)) == 0) {
            *feature = (dmg_feature)f;
            return DMG_OK;
        }
    return dmg_error_set(err, DMG_UNSUPPORTED, "architecture: unknown feature '%.80s'", name);
}

static dmg_status parse_features(dmg_architecture *architecture, json_t *list, dmg_error *err)
{
    dmg_status st = check_count(json_array_size(list), DMG_FEATURES, "features", err);
    bool seen[DMG_FEATURES] = {false};
    for (size_t k = 0; st == DMG_OK && k < json_array_size(list); k++) {
        const char *name = json_string_value(json_array_get(list, k));
        dmg_feature *feature = &architecture->features[k];
        st = feature_named(feature, name ? name : "(no text)", err);
        if (st == DMG_OK && seen[*feature])
            st = dmg_error_set(err, DMG_FORMAT, "architecture: feature '%s' is listed twice", name);
        if (st == DMG_OK) seen[*feature] = true;
    }
    if (st == DMG_OK) architecture->feature_count = (int)json_array_size(list);
    return st;
}

static dmg_status check_bins(dmg_architecture *architecture, int bins, dmg_error *err)
{
    const int most = architecture->feature_count > 0 ? DMG_MAX_FEATURE_BINS : 0;
    if (bins < 0 || bins > most)
        return dmg_error_set(err, DMG_RANGE, "architecture: %d feature bins, expected 0 to %d",
                             bins, most);
    architecture->feature_bins = bins;
    return DMG_OK;
}

static dmg_status parse_streams(dmg_architecture *architecture, json_t *streams, dmg_error *err)
{
    dmg_status st = check_count(json_array_size(streams), DMG_STREAM_KINDS, "streams", err);
    if (st != DMG_OK) return st;
    unsigned seen = 0;
    for (size_t s = 0; s < json_array_size(streams); s++) {
        dmg_stream_spec *stream = &architecture->streams[s];
        st = parse_stream(stream, json_array_get(streams, s), err);
        if (st != DMG_OK) return st;
        if (seen & 1u << stream->kind)
            return dmg_error_set(err, DMG_FORMAT, "architecture: stream '%s' is listed twice",
                                 dmg_encode_stream_name(stream->kind));
        seen |= 1u << stream->kind;
    }
    architecture->stream_count = (int)json_array_size(streams);
    return DMG_OK;
}

/* What leaves the network are probabilities, and what only makes sense of them is left to it. */
static dmg_status check_output(const dmg_architecture *architecture, dmg_error *err)
{
    const int last = architecture->dense_count - 1;
    const dmg_dense_spec *output = &architecture->dense[last];
    for (int d = 0; d < last; d++)
        if (architecture->dense[d].activation == DMG_ACTIVATION_SOFTMAX)
            return dmg_error_set(err, DMG_FORMAT,
                                 "architecture: dense layer '%s' has the activation softmax, which "
                                 "only the last one may have",
                                 architecture->dense[d].name);
    if (output->activation != DMG_ACTIVATION_SIGMOID &&
        output->activation != DMG_ACTIVATION_SOFTMAX)
        return dmg_error_set(
            err, DMG_FORMAT,
            "architecture: the last dense layer has the activation %s; expected sigmoid or softmax",
            activation_names[output->activation]);
    if (output->units != DMG_OUTPUTS)
        return dmg_error_set(
            err, DMG_FORMAT,
            "architecture: the last dense layer has %d units, expected %d (p_mirna, p_other)",
            output->units, DMG_OUTPUTS);
    return DMG_OK;
}

static dmg_status parse_dense_layers(dmg_architecture *architecture, json_t *layers, dmg_error *err)
{
    dmg_status st = check_count(json_array_size(layers), DMG_MAX_DENSE, "dense layers", err);
    for (size_t d = 0; st == DMG_OK && d < json_array_size(layers); d++)
        st = parse_dense(architecture, (int)d, json_array_get(layers, d), err);
    if (st != DMG_OK) return st;
    architecture->dense_count = (int)json_array_size(layers);
    return check_output(architecture, err);
}

static dmg_status parse_root(dmg_architecture *architecture, json_t *root, dmg_error *err)
{
    const char *id;
    json_t *streams, *dense, *features = NULL;
    int bins = 0;
    json_error_t fault;
    if (json_unpack_ex(root, &fault, JSON_STRICT, "{s:s, s:o, s:o, s?o, s?i}", "id", &id, "streams",
                       &streams, "dense", &dense, "features", &features, "feature_bins",
                       &bins) != 0)
        return json_fault(&fault, err);
    dmg_status st = copy_name(architecture->id, id, err);
    if (st == DMG_OK) st = parse_streams(architecture, streams, err);
    if (st == DMG_OK && features) st = parse_features(architecture, features, err);
    if (st == DMG_OK) st = check_bins(architecture, bins, err);
    if (st == DMG_OK) st = parse_dense_layers(architecture, dense, err);
    return st;
}

dmg_status architecture_parse(dmg_architecture *out, const char *text, size_t size, dmg_error *err)
{
    json_error_t fault;
    bool memory_is_out;
    json_t *root = dmg_json_parse(text, size, JSON_REJECT_DUPLICATES, &memory_is_out, &fault);
    if (memory_is_out) return no_memory(err);
    if (!root)
        return dmg_error_set(err, DMG_FORMAT, "architecture: line %d: %s", fault.line, fault.text);
    dmg_architecture architecture = {0};
    errno = 0;
    const dmg_status st = parse_root(&architecture, root, err);
    json_decref(root);
    if (st == DMG_OK) *out = architecture;
    return st;
}

dmg_status dmg_architecture_parse(dmg_architecture *out, const char *json, dmg_error *err)
{
    return architecture_parse(out, json, strlen(json), err);
}

/* --- writing --- */

static json_t *print_pooling(unsigned pooling)
{
    json_t *list = json_array();
    for (unsigned k = 0; k < POOL_NAMES; k++)
        if (pooling >> k & 1) list = dmg_json_append(list, json_string(pool_names[k]));
    return list;
}

/* json_pack's "o" steals what it is given, and the whole is NULL when any part of it is. */
static json_t *print_stream(const dmg_stream_spec *stream)
{
    json_t *units = json_array();
    for (int l = 0; l < stream->layers; l++)
        units = dmg_json_append(units, json_integer(stream->units[l]));
    if (stream->kind == DMG_STREAM_CONTACT_MAP)
        return json_pack("{s:s, s:i, s:o}", "name", dmg_encode_stream_name(stream->kind), "grid",
                         stream->grid, "filters", units);
    json_t *json =
        json_pack("{s:s, s:i, s:o, s:b}", "name", dmg_encode_stream_name(stream->kind), "embedding",
                  stream->embedding, "units", units, "bidirectional", (int)stream->bidirectional);
    const bool pooled = stream->pooling && stream->pooling != DMG_POOL_LAST;
    return pooled ? dmg_json_add(json, "pooling", print_pooling(stream->pooling)) : json;
}

static const char *source_name(const dmg_architecture *architecture, int source)
{
    const int dense = source - architecture->stream_count;
    if (source == DMG_INPUT_FEATURES) return features_name;
    return dense < 0 ? dmg_encode_stream_name(architecture->streams[source].kind)
                     : architecture->dense[dense].name;
}

static json_t *print_features(const dmg_architecture *architecture)
{
    json_t *list = json_array();
    for (int f = 0; f < architecture->feature_count; f++)
        list =
            dmg_json_append(list, json_string(dmg_encode_feature_name(architecture->features[f])));
    return list;
}

static json_t *print_dense(const dmg_architecture *architecture, int d)
{
    const dmg_dense_spec *layer = &architecture->dense[d];
    json_t *inputs = json_array();
    for (int k = 0; k < layer->input_count; k++)
        inputs = dmg_json_append(inputs, json_string(source_name(architecture, layer->inputs[k])));
    json_t *json = json_pack("{s:s, s:o, s:i, s:s, s:f}", "name", layer->name, "inputs", inputs,
                             "units", layer->units, "activation",
                             activation_names[layer->activation], "dropout", layer->dropout);
    return layer->batch_norm ? dmg_json_add(json, "batch_norm", json_true()) : json;
}

char *dmg_architecture_print(const dmg_architecture *architecture)
{
    json_t *streams = json_array(), *dense = json_array();
    for (int s = 0; s < architecture->stream_count; s++)
        streams = dmg_json_append(streams, print_stream(&architecture->streams[s]));
    for (int d = 0; d < architecture->dense_count; d++)
        dense = dmg_json_append(dense, print_dense(architecture, d));
    json_t *root =
        json_pack("{s:s, s:o, s:o}", "id", architecture->id, "streams", streams, "dense", dense);
    if (architecture->feature_count > 0)
        root = dmg_json_add(root, "features", print_features(architecture));
    if (architecture->feature_bins > 0)
        root = dmg_json_add(root, "feature_bins", json_integer(architecture->feature_bins));
    char *text = root ? dmg_json_dump(root, JSON_REAL_PRECISION(15)) : NULL;
    json_decref(root);
    return text;
}
