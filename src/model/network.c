/* SPDX-License-Identifier: MIT */
/* Network layout and initial weights. */
#include "model/network.h"

#include <stdio.h>
#include <string.h>

#include "base/rng.h"
#include "nn/initial.h"

static_assert(DMG_MAX_UNITS == LSTM_MAX_UNITS, "an architecture may use what the layers allow");
static_assert(DMG_POOL_LAST == 1 << POOL_LAST && DMG_POOL_ATTENTION == 1 << POOL_ATTENTION &&
                  DMG_POOL_MEAN == 1 << POOL_MEAN && DMG_POOL_MAX == 1 << POOL_MAX,
              "pools have one numbering");

/* Appends a tensor to the table and returns its offset; columns 0 makes it a vector. */
static size_t add_tensor(network *net, const char *owner, const char *part, size_t rows,
                         size_t columns)
{
    network_tensor *tensor = &net->tensors[net->tensor_count++];
    snprintf(tensor->name, sizeof tensor->name, "%s.%s", owner, part);
    tensor->rank = columns ? 2 : 1;
    tensor->shape[0] = rows;
    tensor->shape[1] = columns;
    tensor->offset = net->parameters;
    net->parameters += rows * (columns ? columns : 1);
    return tensor->offset;
}

static lstm lay_out_lstm(network *net, const char *stream, size_t layer, bool reversed,
                         size_t inputs, size_t units)
{
    char owner[DMG_NAME_CAPACITY];
    snprintf(owner, sizeof owner, "%s.lstm.%zu%s", stream, layer, reversed ? ".reversed" : "");
    return (lstm){
        .inputs = inputs,
        .units = units,
        .kernel = add_tensor(net, owner, "kernel", inputs, LSTM_GATES * units),
        .recurrent = add_tensor(net, owner, "recurrent", units, LSTM_GATES * units),
        .bias = add_tensor(net, owner, "bias", LSTM_GATES * units, 0),
        .reversed = reversed,
    };
}

static conv lay_out_conv(network *net, const char *stream, size_t layer, size_t side, size_t inputs,
                         size_t filters)
{
    const size_t area = CONV_KERNEL * CONV_KERNEL;
    char owner[DMG_NAME_CAPACITY];
    snprintf(owner, sizeof owner, "%s.conv.%zu", stream, layer);
    return (conv){
        .side = side,
        .inputs = inputs,
        .filters = filters,
        .kernel = add_tensor(net, owner, "kernel", area * inputs, filters),
        .bias = add_tensor(net, owner, "bias", filters, 0),
    };
}

static void lay_out_contact_map(network *net, network_stream *stream, const dmg_stream_spec *spec)
{
    size_t side = (size_t)spec->grid, inputs = DMG_CONTACT_COLOURS;
    stream->kind = spec->kind;
    stream->contact_map = true;
    stream->layers = (size_t)spec->layers;
    for (size_t l = 0; l < stream->layers; l++) {
        const size_t filters = (size_t)spec->units[l];
        stream->convs[l] =
            lay_out_conv(net, dmg_encode_stream_name(spec->kind), l, side, inputs, filters);
        side /= 2;
        inputs = filters;
    }
}

static void lay_out_stream(network *net, network_stream *stream, const dmg_stream_spec *spec)
{
    const char *name = dmg_encode_stream_name(spec->kind);
    const size_t V = (size_t)dmg_encode_symbols(spec->kind), E = (size_t)spec->embedding;
    stream->kind = spec->kind;
    stream->embed = (embedding){
        .symbols = V,
        .plain = (size_t)dmg_encode_plain_symbols(spec->kind),
        .size = E,
        .table = add_tensor(net, name, "embedding", V, E),
    };
    stream->layers = (size_t)spec->layers;
    stream->directions = spec->bidirectional ? 2 : 1;
    size_t inputs = E;
    for (size_t l = 0; l < stream->layers; l++) {
        const size_t units = (size_t)spec->units[l];
        for (size_t d = 0; d < stream->directions; d++)
            stream->lstms[l][d] = lay_out_lstm(net, name, l, d == 1, inputs, units);
        inputs = stream->directions * units;
    }
    stream->pool = (pooling){
        .kinds = spec->pooling ? spec->pooling : DMG_POOL_LAST,
        .width = inputs,
        .directions = stream->directions,
    };
    if (stream->pool.kinds & DMG_POOL_ATTENTION)
        stream->pool.query = add_tensor(net, name, "attention.query", inputs, 0);
}

size_t network_pixels(const network_stream *stream)
{
    return conv_inputs(&stream->convs[0]);
}

static size_t stream_width(const network_stream *stream)
{
    return stream->contact_map ? conv_outputs(&stream->convs[stream->layers - 1])
                               : pooling_width(&stream->pool);
}

size_t network_features_width(const dmg_architecture *architecture)
{
    return (size_t)architecture->feature_count * (1 + (size_t)architecture->feature_bins);
}

size_t network_features_fitted(const dmg_architecture *architecture)
{
    const size_t bins = (size_t)architecture->feature_bins;
    return (size_t)architecture->feature_count * (2 + (bins > 0 ? bins + 1 : 0));
}

size_t network_source_width(const network *net, int source)
{
    const int streams = net->architecture.stream_count;
    if (source == DMG_INPUT_FEATURES) return network_features_width(&net->architecture);
    return source < streams ? stream_width(&net->streams[source])
                            : net->dense[source - streams].units;
}

size_t network_stream_outputs_width(const network *net)
{
    size_t width = 0;
    for (int s = 0; s < net->architecture.stream_count; s++)
        width += stream_width(&net->streams[s]);
    return width + network_features_width(&net->architecture);
}

static batch_norm lay_out_norm(network *net, const char *owner, size_t width)
{
    net->averages += 2 * width;
    return (batch_norm){
        .width = width,
        .scale = add_tensor(net, owner, "norm.scale", width, 0),
        .shift = add_tensor(net, owner, "norm.shift", width, 0),
        .mean = add_tensor(net, owner, "norm.mean", width, 0),
        .variance = add_tensor(net, owner, "norm.variance", width, 0),
    };
}

static activation activation_of(dmg_activation kind)
{
    switch (kind) {
    case DMG_ACTIVATION_SIGMOID: break;
    case DMG_ACTIVATION_TANH: return ACTIVATION_TANH;
    case DMG_ACTIVATION_RELU: return ACTIVATION_RELU;
    case DMG_ACTIVATION_SOFTMAX: return ACTIVATION_SOFTMAX;
    }
    return ACTIVATION_SIGMOID;
}

activation network_output(const network *net)
{
    return net->dense[net->architecture.dense_count - 1].activation;
}

static void lay_out_dense(network *net, int d)
{
    const dmg_dense_spec *spec = &net->architecture.dense[d];
    const size_t units = (size_t)spec->units;
    size_t inputs = 0;
    for (int k = 0; k < spec->input_count; k++)
        inputs += network_source_width(net, spec->inputs[k]);
    if (spec->batch_norm) net->norms[d] = lay_out_norm(net, spec->name, inputs);
    net->dense[d] = (dense){
        .inputs = inputs,
        .units = units,
        .weight = add_tensor(net, spec->name, "weight", inputs, units),
        .bias = add_tensor(net, spec->name, "bias", units, 0),
        .activation = activation_of(spec->activation),
    };
}

static void lay_out_features(network *net)
{
    const size_t features = (size_t)net->architecture.feature_count;
    const size_t bins = (size_t)net->architecture.feature_bins;
    if (features == 0) return;
    net->feature_mean = add_tensor(net, "features", "mean", features, 0);
    net->feature_deviation = add_tensor(net, "features", "deviation", features, 0);
    if (bins > 0) net->feature_edges = add_tensor(net, "features", "edges", features, bins + 1);
}

void network_init(network *net, const dmg_architecture *architecture)
{
    memset(net, 0, sizeof *net);
    net->architecture = *architecture;
    for (int s = 0; s < architecture->stream_count; s++) {
        const dmg_stream_spec *spec = &architecture->streams[s];
        if (spec->kind == DMG_STREAM_CONTACT_MAP)
            lay_out_contact_map(net, &net->streams[s], spec);
        else
            lay_out_stream(net, &net->streams[s], spec);
    }
    for (int d = 0; d < architecture->dense_count; d++) lay_out_dense(net, d);
    lay_out_features(net);
}

size_t network_trained(const network *net)
{
    return net->parameters - net->averages - network_features_fitted(&net->architecture);
}

/* The next layer's random stream. */
static dmg_rng *next_stream(dmg_rng *rng, uint64_t seed, uint64_t *layer)
{
    dmg_rng_init(rng, seed, (*layer)++);
    return rng;
}

static void initial_stream(real *params, const network_stream *stream, uint64_t seed,
                           uint64_t *layer)
{
    dmg_rng rng;
    if (stream->contact_map) {
        for (size_t l = 0; l < stream->layers; l++)
            conv_initial(params, &stream->convs[l], next_stream(&rng, seed, layer));
        return;
    }
    embedding_initial(params, &stream->embed, next_stream(&rng, seed, layer));
    for (size_t l = 0; l < stream->layers; l++)
        for (size_t d = 0; d < stream->directions; d++)
            lstm_initial(params, &stream->lstms[l][d], next_stream(&rng, seed, layer));
    if (stream->pool.kinds & DMG_POOL_ATTENTION)
        pooling_initial(params, &stream->pool, next_stream(&rng, seed, layer));
}

static void initial_features(real *params, const network *net)
{
    const size_t features = (size_t)net->architecture.feature_count;
    const size_t bins = (size_t)net->architecture.feature_bins;
    for (size_t f = 0; f < features; f++) {
        params[net->feature_mean + f] = 0;
        params[net->feature_deviation + f] = 1;
        for (size_t b = 0; bins > 0 && b <= bins; b++)
            params[net->feature_edges + f * (bins + 1) + b] = 0;
    }
}

void network_initial(real *params, const network *net, uint64_t seed)
{
    uint64_t layer = 0; /* names the random stream */
    dmg_rng rng;
    for (int s = 0; s < net->architecture.stream_count; s++)
        initial_stream(params, &net->streams[s], seed, &layer);
    for (int d = 0; d < net->architecture.dense_count; d++) {
        dense_initial(params, &net->dense[d], next_stream(&rng, seed, &layer));
        if (net->architecture.dense[d].batch_norm) batch_norm_initial(params, &net->norms[d]);
    }
    initial_features(params, net);
}
