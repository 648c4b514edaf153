/* SPDX-License-Identifier: MIT */
/* Network layout, and the forward and backward pass of one sample as an explicit sequence of layer
 * calls.
 */
#include "model/network.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/rng.h"
#include "model/network_features.h"
#include "nn/dropout.h"
#include "nn/initial.h"

static_assert(DMG_MAX_UNITS == LSTM_MAX_UNITS, "an architecture may use what the layers allow");
static_assert(DMG_POOL_LAST == 1 << POOL_LAST && DMG_POOL_ATTENTION == 1 << POOL_ATTENTION &&
                  DMG_POOL_MEAN == 1 << POOL_MEAN && DMG_POOL_MAX == 1 << POOL_MAX,
              "pools have one numbering");

enum {
    DENSE_MAX_INPUTS = DMG_MAX_INPUTS * NETWORK_MAX_WIDTH,
};

/* --- layout --- */

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

static void lay_out_picture(network *net, network_stream *stream, const dmg_stream_spec *spec)
{
    const char *name = dmg_encode_stream_name(spec->kind);
    network_picture *picture = &stream->picture;
    stream->kind = spec->kind;
    picture->begin = net->parameters;
    size_t side = (size_t)spec->grid, inputs = DMG_CONTACT_COLOURS;
    for (picture->layers = 0; picture->layers < (size_t)spec->layers; picture->layers++) {
        const size_t filters = (size_t)spec->units[picture->layers];
        const size_t area = CONV_KERNEL * CONV_KERNEL;
        char owner[DMG_NAME_CAPACITY];
        snprintf(owner, sizeof owner, "%s.conv.%zu", name, picture->layers);
        picture->layer[picture->layers] = (conv){
            .side = side,
            .inputs = inputs,
            .filters = filters,
            .kernel = add_tensor(net, owner, "kernel", area * inputs, filters) - picture->begin,
            .bias = add_tensor(net, owner, "bias", filters, 0) - picture->begin,
        };
        side /= 2;
        inputs = filters;
    }
    picture->parameters = net->parameters - picture->begin;
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

/* Width of what a stream ends on. */
static size_t stream_width(const network_stream *stream)
{
    if (stream->layers == 0) return network_picture_width(&stream->picture);
    return pooling_width(&stream->pool);
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

size_t network_ends_width(const network *net)
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

void network_init(network *net, const dmg_architecture *architecture)
{
    memset(net, 0, sizeof *net);
    net->architecture = *architecture;
    for (int s = 0; s < architecture->stream_count; s++) {
        const dmg_stream_spec *spec = &architecture->streams[s];
        if (spec->kind == DMG_STREAM_CONTACT_MAP)
            lay_out_picture(net, &net->streams[s], spec);
        else
            lay_out_stream(net, &net->streams[s], spec);
    }
    for (int d = 0; d < architecture->dense_count; d++) {
        const dmg_dense_spec *spec = &architecture->dense[d];
        size_t inputs = 0;
        for (int k = 0; k < spec->input_count; k++)
            inputs += network_source_width(net, spec->inputs[k]);
        const size_t units = (size_t)spec->units;
        if (spec->batch_norm) net->norms[d] = lay_out_norm(net, spec->name, inputs);
        net->dense[d] = (dense){
            .inputs = inputs,
            .units = units,
            .weight = add_tensor(net, spec->name, "weight", inputs, units),
            .bias = add_tensor(net, spec->name, "bias", units, 0),
            .activation = activation_of(spec->activation),
        };
    }
    const size_t features = (size_t)architecture->feature_count;
    if (features == 0) return;
    net->feature_mean = add_tensor(net, "features", "mean", features, 0);
    net->feature_deviation = add_tensor(net, "features", "deviation", features, 0);
    if (architecture->feature_bins > 0)
        net->feature_edges =
            add_tensor(net, "features", "edges", features, (size_t)architecture->feature_bins + 1);
}

size_t network_trained(const network *net)
{
    return net->parameters - net->averages - network_features_fitted(&net->architecture);
}

void network_initial(real *params, const network *net, uint64_t seed)
{
    uint64_t layer = 0; /* names the random stream */
    dmg_rng rng;
    for (int s = 0; s < net->architecture.stream_count; s++) {
        const network_stream *stream = &net->streams[s];
        const network_picture *picture = &stream->picture;
        for (size_t l = 0; l < picture->layers; l++) {
            dmg_rng_init(&rng, seed, layer++);
            conv_initial(params + picture->begin, &picture->layer[l], &rng);
        }
        if (stream->layers == 0) continue;
        dmg_rng_init(&rng, seed, layer++);
        embedding_initial(params, &stream->embed, &rng);
        for (size_t l = 0; l < stream->layers; l++)
            for (size_t d = 0; d < stream->directions; d++) {
                dmg_rng_init(&rng, seed, layer++);
                lstm_initial(params, &stream->lstms[l][d], &rng);
            }
        if (stream->pool.kinds & DMG_POOL_ATTENTION) {
            dmg_rng_init(&rng, seed, layer++);
            pooling_initial(params, &stream->pool, &rng);
        }
    }
    for (int d = 0; d < net->architecture.dense_count; d++) {
        dmg_rng_init(&rng, seed, layer++);
        dense_initial(params, &net->dense[d], &rng);
        if (net->architecture.dense[d].batch_norm) batch_norm_initial(params, &net->norms[d]);
    }
    for (size_t f = 0; f < (size_t)net->architecture.feature_count; f++) {
        params[net->feature_mean + f] = 0;
        params[net->feature_deviation + f] = 1;
        for (size_t b = 0; net->feature_edges && b <= (size_t)net->architecture.feature_bins; b++)
            params[net->feature_edges + f * ((size_t)net->architecture.feature_bins + 1) + b] = 0;
    }
}

/* --- workspace --- */

/* Of one stream, for up to `capacity` steps; all views into one block. W is the widest of what goes
 * between layers. */
typedef struct stream_buffers {
    size_t capacity;
    real *block;
    real *embedded;                                /* [T][E] */
    lstm_trace traces[DMG_MAX_LAYERS][DIRECTIONS]; /* of each LSTM */
    real *outputs[DMG_MAX_LAYERS];                 /* [T][directions H], what a layer puts out */
    real *attended;                                /* [T], attention's part in the pools */
    real *doutput, *dinput;                        /* [T][W] each: gradients between layers */
    real *dhidden, *dreversed;                     /* [T][W] each: parts of one direction */
    const real *dembedded;                         /* [T][E]: gradient of the last backward pass */
    real pooled[NETWORK_MAX_WIDTH];
} stream_buffers;

typedef struct dense_buffers {
    real input[DENSE_MAX_INPUTS]; /* after dropout */
    real mask[DENSE_MAX_INPUTS];
    real dinput[DENSE_MAX_INPUTS];
} dense_buffers;

struct network_workspace {
    const network *net;
    bool dropped; /* the last forward pass drew masks */
    stream_buffers streams[DMG_STREAM_KINDS];
    picture_workspace *pictures[DMG_STREAM_KINDS]; /* NULL where a stream is none */
    dense_buffers dense[DMG_MAX_DENSE];
    /* What streams end on, then what dense layers put out: the sources that dense layers read. */
    real value[DMG_MAX_INPUTS][NETWORK_MAX_WIDTH];
    real dvalue[DMG_MAX_INPUTS][NETWORK_MAX_WIDTH];
    real lstm_scratch[6 * DMG_MAX_UNITS];
};

dmg_status network_workspace_create(network_workspace **out, const network *net, dmg_error *err)
{
    network_workspace *ws = dmg_alloc_zero(1, sizeof *ws);
    if (!ws) return dmg_error_nomem(err, "the network's workspace");
    ws->net = net;
    dmg_status st = DMG_OK;
    for (int s = 0; st == DMG_OK && s < net->architecture.stream_count; s++)
        if (net->streams[s].layers == 0)
            st = picture_workspace_create(&ws->pictures[s], &net->streams[s].picture, err);
    if (st == DMG_OK)
        *out = ws;
    else
        network_workspace_destroy(ws);
    return st;
}

void network_workspace_destroy(network_workspace *ws)
{
    if (!ws) return;
    for (int s = 0; s < DMG_STREAM_KINDS; s++) {
        free(ws->streams[s].block);
        picture_workspace_destroy(ws->pictures[s]);
    }
    free(ws);
}

static size_t widest(const network_stream *stream)
{
    size_t width = stream->embed.size;
    for (size_t l = 0; l < stream->layers; l++) {
        const size_t outputs = stream->directions * stream->lstms[l][0].units;
        if (outputs > width) width = outputs;
    }
    return width;
}

/* Cuts `count` reals off *block; with *block NULL only counts them in *used. */
static real *carve(real *block, size_t *used, size_t count)
{
    real *piece = block ? block + *used : NULL;
    *used += count;
    return piece;
}

/* Places the views of `buffers` in `block` for T steps and returns how many reals they take. */
static size_t place_buffers(stream_buffers *buffers, const network_stream *stream, real *block,
                            size_t T)
{
    size_t used = 0;
    const size_t W = widest(stream);
    buffers->embedded = carve(block, &used, T * stream->embed.size);
    for (size_t l = 0; l < stream->layers; l++) {
        const size_t H = stream->lstms[l][0].units;
        for (size_t d = 0; d < stream->directions; d++) {
            lstm_trace *trace = &buffers->traces[l][d];
            trace->gates = carve(block, &used, T * LSTM_GATES * H);
            trace->cell = carve(block, &used, T * H);
            trace->hidden = carve(block, &used, T * H);
        }
        /* A layer of one direction puts out its hidden states as they stand. */
        buffers->outputs[l] = stream->directions == 1
                                  ? buffers->traces[l][0].hidden
                                  : carve(block, &used, T * stream->directions * H);
    }
    buffers->attended = carve(block, &used, T);
    buffers->doutput = carve(block, &used, T * W);
    buffers->dinput = carve(block, &used, T * W);
    buffers->dhidden = carve(block, &used, T * W);
    buffers->dreversed = carve(block, &used, T * W);
    return used;
}

dmg_status network_workspace_reserve(network_workspace *ws, const network_sample *sample,
                                     dmg_error *err)
{
    for (int s = 0; s < ws->net->architecture.stream_count; s++) {
        stream_buffers *buffers = &ws->streams[s];
        if (ws->pictures[s] || sample->steps[s] <= buffers->capacity) continue;
        const size_t T = sample->steps[s] + sample->steps[s] / 2;
        const network_stream *stream = &ws->net->streams[s];
        real *block = dmg_alloc(place_buffers(buffers, stream, NULL, 1), T * sizeof *block);
        free(buffers->block);
        buffers->block = block;
        buffers->capacity = block ? T : 0;
        if (!block) return dmg_error_nomem(err, "the network's workspace");
        place_buffers(buffers, stream, block, T);
    }
    return DMG_OK;
}

const lstm_trace *network_trace(const network_workspace *ws, size_t s, size_t layer,
                                size_t direction)
{
    return &ws->streams[s].traces[layer][direction];
}

const real *network_value(const network_workspace *ws, int source)
{
    return ws->value[source];
}

const real *network_embedded_gradient(const network_workspace *ws, size_t s)
{
    return ws->streams[s].dembedded;
}

const real *network_feature_gradient(const network_workspace *ws)
{
    return ws->dvalue[DMG_INPUT_FEATURES];
}

real network_log_odds(real *da, const network_workspace *ws, const real *params)
{
    const network *net = ws->net;
    const int last = net->architecture.dense_count - 1;
    const dense *layer = &net->dense[last];
    real sums[DMG_OUTPUTS];
    for (size_t o = 0; o < DMG_OUTPUTS; o++) {
        sums[o] = params[layer->bias + o];
        for (size_t i = 0; i < layer->inputs; i++)
            sums[o] += ws->dense[last].input[i] * params[layer->weight + i * layer->units + o];
    }
    const bool softmax = layer->activation == ACTIVATION_SOFTMAX;
    da[0] = 1;
    da[1] = softmax ? -1 : 0;
    return da[0] * sums[0] + da[1] * sums[1];
}

/* --- forward --- */

/* outputs [T][2H] from the hidden states [T][H] of both directions. */
static void join_directions(real *outputs, const lstm_trace traces[DIRECTIONS], size_t T, size_t H)
{
    for (size_t t = 0; t < T; t++)
        for (size_t d = 0; d < DIRECTIONS; d++)
            memcpy(outputs + (t * DIRECTIONS + d) * H, traces[d].hidden + t * H,
                   H * sizeof *outputs);
}

/* end [width]: the pools of the top layer's hidden states; of a picture, what its last layer puts
 * out. */
static void stream_forward(real *end, network_workspace *ws, int s, const real *params,
                           const network_sample *sample)
{
    const network_stream *stream = &ws->net->streams[s];
    stream_buffers *buffers = &ws->streams[s];
    const uint8_t *tokens = sample->tokens[s];
    const size_t T = sample->steps[s];
    if (ws->pictures[s]) {
        network_picture_forward(end, ws->pictures[s], params + stream->picture.begin, tokens);
        return;
    }
    embedding_forward(buffers->embedded, &stream->embed, params, tokens, T);
    const real *x = buffers->embedded;
    for (size_t l = 0; l < stream->layers; l++) {
        for (size_t d = 0; d < stream->directions; d++)
            lstm_forward(&buffers->traces[l][d], &stream->lstms[l][d], params, x, T);
        if (stream->directions == DIRECTIONS)
            join_directions(buffers->outputs[l], buffers->traces[l], T, stream->lstms[l][0].units);
        x = buffers->outputs[l];
    }
    pooling_forward(buffers->pooled, buffers->attended, &stream->pool, params, x, T);
    memcpy(end, buffers->pooled, stream_width(stream) * sizeof *end);
}

void network_streams_forward(real *ends, network_workspace *ws, const real *params,
                             const network_sample *sample)
{
    for (int s = 0; s < ws->net->architecture.stream_count; s++) {
        stream_forward(ends, ws, s, params, sample);
        ends += stream_width(&ws->net->streams[s]);
    }
    network_features_forward(ends, ws->net, params, sample);
}

/* Puts the running averages of batch normalisation to use. */
static void normalise(real *input, const batch_norm *norm, const real *params)
{
    for (size_t i = 0; i < norm->width; i++) {
        real slope, offset;
        batch_norm_line(&slope, &offset, norm, params, i);
        input[i] = slope * input[i] + offset;
    }
}

/* The gradient of what it reads from that of what it gives. */
static void normalise_backward(real *gradient, const batch_norm *norm, const real *params)
{
    for (size_t i = 0; i < norm->width; i++) {
        real slope, offset;
        batch_norm_line(&slope, &offset, norm, params, i);
        gradient[i] *= slope;
    }
}

/* Dense layer `d`: collects its sources, drops some of them out in training, and applies it. */
static void dense_layer_forward(network_workspace *ws, int d, const real *params, dmg_rng *dropout)
{
    const network *net = ws->net;
    const dmg_dense_spec *spec = &net->architecture.dense[d];
    dense_buffers *buffers = &ws->dense[d];
    size_t filled = 0;
    for (int k = 0; k < spec->input_count; k++) {
        const size_t width = network_source_width(net, spec->inputs[k]);
        memcpy(buffers->input + filled, ws->value[spec->inputs[k]], width * sizeof(real));
        filled += width;
    }
    if (spec->batch_norm) normalise(buffers->input, &net->norms[d], params);
    if (dropout) {
        dropout_mask(buffers->mask, filled, spec->dropout, dropout);
        dropout_apply(buffers->input, buffers->mask, filled);
    }
    dense_forward(ws->value[net->architecture.stream_count + d], &net->dense[d], params,
                  buffers->input);
}

void network_forward(real *output, network_workspace *ws, const real *params,
                     const network_sample *sample, dmg_rng *dropout)
{
    const dmg_architecture *architecture = &ws->net->architecture;
    const int streams = architecture->stream_count;
    assert(!dropout || ws->net->averages == 0);
    for (int s = 0; s < streams; s++) stream_forward(ws->value[s], ws, s, params, sample);
    network_features_forward(ws->value[DMG_INPUT_FEATURES], ws->net, params, sample);
    for (int d = 0; d < architecture->dense_count; d++) dense_layer_forward(ws, d, params, dropout);
    ws->dropped = dropout != NULL;
    memcpy(output, ws->value[streams + architecture->dense_count - 1],
           DMG_OUTPUTS * sizeof *output);
}

/* --- backward --- */

/* dhidden [T][H]: the part of doutput [T][directions H] that belongs to direction d. */
static void split_direction(real *dhidden, const real *doutput, size_t d, size_t directions,
                            size_t T, size_t H)
{
    for (size_t t = 0; t < T; t++)
        memcpy(dhidden + t * H, doutput + (t * directions + d) * H, H * sizeof *dhidden);
}

/* From dend [width] to the gradients of all layers of the stream. */
static void stream_backward(real *grads, network_workspace *ws, int s, const real *params,
                            const uint8_t *tokens, size_t T, const real *dend)
{
    const network_stream *stream = &ws->net->streams[s];
    if (ws->pictures[s]) {
        const size_t begin = stream->picture.begin;
        network_picture_backward(grads + begin, ws->pictures[s], params + begin, dend);
        return;
    }
    if (T == 0) return;
    stream_buffers *buffers = &ws->streams[s];
    const size_t top = stream->layers - 1, directions = stream->directions;
    real *doutput = buffers->doutput, *dinput = buffers->dinput;

    memset(doutput, 0, T * stream->pool.width * sizeof *doutput);
    pooling_backward(grads, doutput, &stream->pool, params, buffers->outputs[top], T,
                     buffers->pooled, buffers->attended, dend);
    for (size_t l = stream->layers; l-- > 0;) {
        const real *x = l > 0 ? buffers->outputs[l - 1] : buffers->embedded;
        const size_t H = stream->lstms[l][0].units, I = stream->lstms[l][0].inputs;
        for (size_t d = 0; d < directions; d++) {
            real *dx = d == 0 ? dinput : buffers->dreversed;
            split_direction(buffers->dhidden, doutput, d, directions, T, H);
            lstm_backward(grads, dx, &stream->lstms[l][d], params, x, T, &buffers->traces[l][d],
                          buffers->dhidden, ws->lstm_scratch);
            if (d == 0) continue;
            for (size_t k = 0; k < T * I; k++) dinput[k] += dx[k];
        }
        real *swapped = doutput;
        doutput = dinput;
        dinput = swapped;
    }
    buffers->dembedded = doutput;
    embedding_backward(grads, &stream->embed, doutput, tokens, T);
}

void network_streams_backward(real *grads, network_workspace *ws, const real *params,
                              const network_sample *sample, const real *dends)
{
    for (int s = 0; s < ws->net->architecture.stream_count; s++) {
        stream_backward(grads, ws, s, params, sample->tokens[s], sample->steps[s], dends);
        dends += stream_width(&ws->net->streams[s]);
    }
}

/* Dense layer `d`: from the gradient before its activation to those of its weights and sources. */
static void dense_layer_backward(real *grads, network_workspace *ws, int d, const real *params)
{
    const network *net = ws->net;
    const dmg_dense_spec *spec = &net->architecture.dense[d];
    const dense *layer = &net->dense[d];
    const int own = net->architecture.stream_count + d;
    dense_buffers *buffers = &ws->dense[d];
    dense_backward(grads, buffers->dinput, layer, params, buffers->input, ws->dvalue[own]);
    if (ws->dropped) dropout_apply(buffers->dinput, buffers->mask, layer->inputs);
    if (spec->batch_norm) normalise_backward(buffers->dinput, &net->norms[d], params);
    size_t taken = 0;
    for (int k = 0; k < spec->input_count; k++) {
        const int source = spec->inputs[k];
        const size_t width = network_source_width(net, source);
        for (size_t i = 0; i < width; i++) ws->dvalue[source][i] += buffers->dinput[taken + i];
        taken += width;
    }
}

void network_backward(real *grads, network_workspace *ws, const real *params,
                      const network_sample *sample, const real *da)
{
    const dmg_architecture *architecture = &ws->net->architecture;
    const int streams = architecture->stream_count, last = architecture->dense_count - 1;
    memset(ws->dvalue, 0, sizeof ws->dvalue);
    memcpy(ws->dvalue[streams + last], da, DMG_OUTPUTS * sizeof *da);
    dense_layer_backward(grads, ws, last, params);
    for (int d = last; d-- > 0;) {
        const dense *layer = &ws->net->dense[d];
        activation_backward(ws->dvalue[streams + d], layer->activation, ws->value[streams + d],
                            layer->units);
        dense_layer_backward(grads, ws, d, params);
    }
    for (int s = 0; s < streams; s++)
        stream_backward(grads, ws, s, params, sample->tokens[s], sample->steps[s], ws->dvalue[s]);
}
