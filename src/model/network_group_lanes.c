/* SPDX-License-Identifier: MIT */
/* Groups of samples side by side: their tokens and the parameters are laid out for the kernels, the
 * layers are called in the order of network.c, and sums of gradients are turned back.
 *
 * Dimensions: T steps of the longest sample, V symbols, E embedding, I inputs, H units, G = 4H.
 * Arrays of the lanes end in [LANES]; kernels.h says how samples of different lengths lie there.
 */
#include "model/network_group_lanes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/network_features.h"
#include "nn/dropout.h"

enum {
    SOURCES = DMG_MAX_INPUTS,
    DENSE_MAX_INPUTS = SOURCES * NETWORK_MAX_WIDTH,
    ALIGNMENT = 64, /* bytes; of a cache line, and a multiple of a vector */
};

static_assert(DMG_TOKEN_ANY + 1 < LANE_TOKENS && DMG_TOKEN_ANY_PAIRED + 1 < LANE_TOKENS_WIDE,
              "the token tables have a row for every token, and one more");

/* Cuts `count` floats off *block, aligned; with block NULL only counts them in *used. */
static float *carve(float *block, size_t *used, size_t count)
{
    const size_t line = ALIGNMENT / sizeof *block;
    float *piece = block ? block + *used : NULL;
    *used += (count + line - 1) / line * line;
    return piece;
}

/* Room for n floats, aligned, all zero. */
static float *alloc_block(size_t n)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, sizeof(float), &bytes)) return NULL;
    bytes = bytes ? (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT : ALIGNMENT;
    float *block = aligned_alloc(ALIGNMENT, bytes);
    if (block) memset(block, 0, bytes);
    return block;
}

/* --- weights --- */

/* Where the gradients of a layer stand in the block of sums. */
typedef struct lstm_sums {
    size_t symbols; /* S: V + 1 in the first layer, whose last is any token; else 1, any step */
    size_t table;   /* [S][H][4], the token table's */
    size_t weight;  /* [I + H][H][4], I = 0 in the first layer */
} lstm_sums;

typedef struct dense_sums {
    size_t weight; /* [I][O] */
    size_t bias;   /* [O] */
} dense_sums;

struct lanes_weights {
    const network *net;
    const lanes_kernels *kernels;
    const float *params;
    float *block;
    lanes_lstm lstms[DMG_STREAM_KINDS][DMG_MAX_LAYERS][DIRECTIONS];
    lstm_sums lstm_sums[DMG_STREAM_KINDS][DMG_MAX_LAYERS][DIRECTIONS];
    size_t query_sums[DMG_STREAM_KINDS]; /* [W], of attention */
    dense_sums dense_sums[DMG_MAX_DENSE];
    size_t picture_sums[DMG_STREAM_KINDS]; /* [picture parameters], as they stand in the block */
    size_t sums;
    float *embedded; /* [V + 1][E], the last row the mean; of one stream at a time */
    float *dtable;   /* [S][G], of one layer at a time */
};

/* What an LSTM reads besides the token table: the first layer reads nothing else. */
static size_t lane_inputs(const lstm *layer, size_t l)
{
    return l == 0 ? 0 : layer->inputs;
}

/* Rows of the stream's token tables. */
static size_t table_tokens(const network_stream *stream)
{
    return stream->embed.symbols + 1 < LANE_TOKENS ? LANE_TOKENS : LANE_TOKENS_WIDE;
}

static lstm_sums place_sums(size_t *used, const network_stream *stream, size_t l, const lstm *layer)
{
    const size_t H = layer->units, G = LSTM_GATES * H, I = lane_inputs(layer, l);
    lstm_sums sums = {.symbols = l == 0 ? stream->embed.symbols + 1 : 1};
    sums.table = *used;
    sums.weight = sums.table + sums.symbols * G;
    *used = sums.weight + (I + H) * G;
    return sums;
}

static lanes_lstm place_lstm(float *block, size_t *used, const lstm *layer, size_t l, size_t tokens)
{
    const size_t H = layer->units, G = LSTM_GATES * H, I = lane_inputs(layer, l);
    return (lanes_lstm){
        .inputs = I,
        .units = H,
        .reversed = layer->reversed,
        .tokens = tokens,
        .table = carve(block, used, G * tokens),
        .weight = carve(block, used, (I + H) * G),
        .transposed = carve(block, used, (I + H) * G),
    };
}

/* Parameters of the stream's attention. */
static size_t query_width(const network_stream *stream)
{
    return stream->pool.kinds & DMG_POOL_ATTENTION ? stream->pool.width : 0;
}

/* Places all views in `block` and returns how many floats they take. */
static size_t place_weights(lanes_weights *weights, float *block)
{
    const network *net = weights->net;
    size_t used = 0;
    weights->sums = 0;
    for (int s = 0; s < net->architecture.stream_count; s++) {
        const network_stream *stream = &net->streams[s];
        weights->picture_sums[s] = weights->sums;
        weights->sums += stream->picture.parameters;
        weights->query_sums[s] = weights->sums;
        weights->sums += query_width(stream);
        for (size_t l = 0; l < stream->layers; l++)
            for (size_t d = 0; d < stream->directions; d++) {
                const lstm *layer = &stream->lstms[l][d];
                weights->lstms[s][l][d] = place_lstm(block, &used, layer, l, table_tokens(stream));
                weights->lstm_sums[s][l][d] = place_sums(&weights->sums, stream, l, layer);
            }
    }
    for (int d = 0; d < net->architecture.dense_count; d++) {
        const dense *layer = &net->dense[d];
        weights->dense_sums[d].weight = weights->sums;
        weights->dense_sums[d].bias = weights->sums + layer->inputs * layer->units;
        weights->sums += (layer->inputs + 1) * layer->units;
    }
    weights->embedded = carve(block, &used, LANE_TOKENS_WIDE * DMG_MAX_UNITS);
    weights->dtable = carve(block, &used, LANE_TOKENS_WIDE * LSTM_GATES * DMG_MAX_UNITS);
    return used;
}

dmg_status lanes_weights_create(lanes_weights **out, const network *net,
                                const lanes_kernels *kernels, dmg_error *err)
{
    lanes_weights *weights = dmg_alloc_zero(1, sizeof *weights);
    if (!weights) return dmg_error_nomem(err, "the network's weights");
    weights->net = net;
    weights->kernels = kernels;
    weights->block = alloc_block(place_weights(weights, NULL));
    if (!weights->block) {
        free(weights);
        return dmg_error_nomem(err, "the network's weights");
    }
    place_weights(weights, weights->block);
    *out = weights;
    return DMG_OK;
}

void lanes_weights_destroy(lanes_weights *weights)
{
    if (!weights) return;
    free(weights->block);
    free(weights);
}

size_t lanes_weights_sums(const lanes_weights *weights)
{
    return weights->sums;
}

/* --- from parameters to weights --- */

/* A hard sigmoid clips 0.2 a + 0.5; the lanes hold that, and for the candidate a itself. */
static float gate_slope(size_t gate)
{
    return gate == LSTM_CANDIDATE ? 1 : 0.2F;
}

static float gate_offset(size_t gate)
{
    return gate == LSTM_CANDIDATE ? 0 : 0.5F;
}

/* Shuts the input and the output gate, whatever is added. */
static const float shut = -1e30F;

/* rows [rows][gate][unit] into weight [rows][unit][gate] and its transpose, `width` rows wide. */
static void set_rows(float *weight, float *transposed, const float *rows, size_t count, size_t H,
                     size_t width)
{
    const size_t G = LSTM_GATES * H;
    for (size_t i = 0; i < count; i++)
        for (size_t gate = 0; gate < LSTM_GATES; gate++)
            for (size_t u = 0; u < H; u++) {
                const float value = gate_slope(gate) * rows[i * G + gate * H + u];
                weight[i * G + u * LSTM_GATES + gate] = value;
                transposed[(u * LSTM_GATES + gate) * width + i] = value;
            }
}

/* embedded [V + 1][E]: the table's rows and their mean. */
static void embed_symbols(float *embedded, const embedding *embed, const float *params)
{
    uint8_t tokens[LANE_TOKENS_WIDE];
    for (size_t v = 0; v <= embed->symbols; v++) tokens[v] = (uint8_t)v;
    embedding_forward(embedded, embed, params, tokens, embed->symbols + 1);
}

/* The pre-activation [G] of input x [I]: bias + x kernel. */
static void input_part(float *a, const lstm *layer, const float *params, const float *x)
{
    const size_t I = layer->inputs, G = LSTM_GATES * layer->units;
    memcpy(a, params + layer->bias, G * sizeof *a);
    for (size_t i = 0; i < I; i++)
        for (size_t g = 0; g < G; g++) a[g] += x[i] * params[layer->kernel + i * G + g];
}

/* Column `token` of a table of `tokens` columns from the pre-activation a [G] that the token
 * brings. */
static void set_table(float *table, size_t tokens, size_t token, const float *a, size_t H)
{
    for (size_t gate = 0; gate < LSTM_GATES; gate++)
        for (size_t u = 0; u < H; u++)
            table[(u * LSTM_GATES + gate) * tokens + token] =
                gate_slope(gate) * a[gate * H + u] + gate_offset(gate);
}

static void set_table_pad(float *table, size_t tokens, size_t H)
{
    for (size_t u = 0; u < H; u++)
        for (size_t gate = 0; gate < LSTM_GATES; gate++)
            table[(u * LSTM_GATES + gate) * tokens + tokens - 1] =
                gate == LSTM_INPUT || gate == LSTM_OUTPUT ? shut : 0;
}

/* In the first layer a token brings its embedding, in the others the bias is all it brings. */
static void set_lstm(const lanes_lstm *lanes, const lstm *layer, const float *params,
                     const float *embedded, size_t symbols)
{
    const size_t H = layer->units, I = lanes->inputs, E = layer->inputs, width = I + H;
    const bool first = I == 0;
    float a[LSTM_GATES * DMG_MAX_UNITS];
    for (size_t token = 0; token + 1 < lanes->tokens; token++) {
        const size_t symbol = token < symbols ? token : symbols;
        if (first)
            input_part(a, layer, params, embedded + symbol * E);
        else
            memcpy(a, params + layer->bias, LSTM_GATES * H * sizeof *a);
        set_table(lanes->table, lanes->tokens, token, a, H);
    }
    set_table_pad(lanes->table, lanes->tokens, H);
    if (!first) set_rows(lanes->weight, lanes->transposed, params + layer->kernel, I, H, width);
    set_rows(lanes->weight + I * LSTM_GATES * H, lanes->transposed + I, params + layer->recurrent,
             H, H, width);
}

void lanes_weights_set(lanes_weights *weights, const float *params)
{
    const network *net = weights->net;
    weights->params = params;
    for (int s = 0; s < net->architecture.stream_count; s++) {
        const network_stream *stream = &net->streams[s];
        if (stream->layers == 0) continue;
        embed_symbols(weights->embedded, &stream->embed, params);
        for (size_t l = 0; l < stream->layers; l++)
            for (size_t d = 0; d < stream->directions; d++)
                set_lstm(&weights->lstms[s][l][d], &stream->lstms[l][d], params, weights->embedded,
                         stream->embed.symbols);
    }
}

/* --- from sums to gradients --- */

/* grads [count][gate][unit] += sums [count][unit][gate], whose gates were scaled. */
static void add_rows(float *grads, const float *sums, size_t count, size_t H)
{
    const size_t G = LSTM_GATES * H;
    for (size_t i = 0; i < count; i++)
        for (size_t gate = 0; gate < LSTM_GATES; gate++)
            for (size_t u = 0; u < H; u++)
                grads[i * G + gate * H + u] +=
                    gate_slope(gate) * sums[i * G + u * LSTM_GATES + gate];
}

/* What dtable [V + 1][G] says of the kernel and of the embedding: each token's row came from its
 * embedding x by bias + x kernel. */
static void table_gradient(float *grads, const lanes_weights *weights, const network_stream *stream,
                           const lstm *layer)
{
    const size_t V = stream->embed.symbols, E = stream->embed.size, G = LSTM_GATES * layer->units;
    const float *kernel = weights->params + layer->kernel; /* [E][G] */
    float *dkernel = grads + layer->kernel;
    for (size_t v = 0; v <= V; v++) {
        const float *x = weights->embedded + v * E, *da = weights->dtable + v * G;
        const uint8_t token = (uint8_t)v;
        float dx[DMG_MAX_UNITS];
        for (size_t e = 0; e < E; e++) {
            dx[e] = 0;
            for (size_t g = 0; g < G; g++) {
                dkernel[e * G + g] += x[e] * da[g];
                dx[e] += kernel[e * G + g] * da[g];
            }
        }
        embedding_backward(grads, &stream->embed, dx, &token, 1);
    }
}

static void lstm_gradient(float *grads, const lanes_weights *weights, int s, size_t l, size_t d,
                          const float *sums)
{
    const network_stream *stream = &weights->net->streams[s];
    const lstm *layer = &stream->lstms[l][d];
    const lstm_sums *from = &weights->lstm_sums[s][l][d];
    const size_t H = layer->units, G = LSTM_GATES * H, I = lane_inputs(layer, l);
    memset(weights->dtable, 0, from->symbols * G * sizeof(float));
    add_rows(weights->dtable, sums + from->table, from->symbols, H);
    for (size_t v = 0; v < from->symbols; v++)
        for (size_t g = 0; g < G; g++) grads[layer->bias + g] += weights->dtable[v * G + g];
    if (l == 0) table_gradient(grads, weights, stream, layer);
    add_rows(grads + layer->kernel, sums + from->weight, I, H);
    add_rows(grads + layer->recurrent, sums + from->weight + I * G, H, H);
}

void lanes_weights_gradient(float *grads, const lanes_weights *weights, const float *sums)
{
    const network *net = weights->net;
    memset(grads, 0, net->parameters * sizeof *grads);
    for (int s = 0; s < net->architecture.stream_count; s++) {
        const network_stream *stream = &net->streams[s];
        if (stream->layers == 0) {
            memcpy(grads + stream->picture.begin, sums + weights->picture_sums[s],
                   stream->picture.parameters * sizeof *grads);
            continue;
        }
        embed_symbols(weights->embedded, &stream->embed, weights->params);
        for (size_t l = 0; l < stream->layers; l++)
            for (size_t d = 0; d < stream->directions; d++)
                lstm_gradient(grads, weights, s, l, d, sums);
        memcpy(grads + stream->pool.query, sums + weights->query_sums[s],
               query_width(stream) * sizeof *grads);
    }
    for (int d = 0; d < net->architecture.dense_count; d++) {
        const dense *layer = &net->dense[d];
        const dense_sums *from = &weights->dense_sums[d];
        memcpy(grads + layer->weight, sums + from->weight,
               layer->inputs * layer->units * sizeof *grads);
        memcpy(grads + layer->bias, sums + from->bias, layer->units * sizeof *grads);
    }
}

/* --- workspace --- */

/* Of one stream, for up to `capacity` steps; all views into one block. W is the widest of what goes
 * between layers. What only training needs is NULL unless `kept`. */
typedef struct stream_lanes {
    size_t capacity;
    bool kept;
    float *block;
    size_t steps; /* T of the present group */
    size_t lengths[LANES];
    uint8_t *tokens; /* [T][LANES] */
    size_t symbols;  /* S of the first layer: V, or V + 1 where some token is no symbol */
    lanes_trace traces[DMG_MAX_LAYERS][DIRECTIONS];
    float *outputs[DMG_MAX_LAYERS]; /* [1 + T + 1][directions H][LANES], what a layer puts out */
    float *attended;                /* [T][LANES], attention's part in the pools */
    float *doutput, *dinput;        /* [T][W][LANES] each: gradients between layers */
} stream_lanes;

typedef struct dense_lanes {
    float *input; /* [I][LANES], after dropout */
    float *mask;
    float *dinput;
} dense_lanes;

struct lanes_group {
    const lanes_weights *weights;
    stream_lanes streams[DMG_STREAM_KINDS];
    /* Pictures go through one by one: a filter's sums fill a vector as well as samples would. */
    picture_workspace *pictures[DMG_STREAM_KINDS][LANES];
    size_t count; /* of samples in the group */
    float *block; /* holds what follows */
    dense_lanes dense[DMG_MAX_DENSE];
    float *value[SOURCES]; /* [width][LANES]: what streams end on, what dense layers put out */
    float *dvalue[SOURCES];
    float *scratch;  /* [2 MAX_UNITS][LANES] */
    float *gradient; /* [S + I + H][G][LANES], of one layer at a time; made when first needed */
};

static size_t place_group(lanes_group *group, float *block)
{
    const network *net = group->weights->net;
    const int streams = net->architecture.stream_count, layers = net->architecture.dense_count;
    size_t used = 0;
    for (int k = 0; k < streams + layers; k++) {
        const size_t width = network_source_width(net, k);
        group->value[k] = carve(block, &used, width * LANES);
        group->dvalue[k] = carve(block, &used, width * LANES);
    }
    const size_t features = network_features_width(&net->architecture) * LANES;
    group->value[DMG_INPUT_FEATURES] = carve(block, &used, features);
    group->dvalue[DMG_INPUT_FEATURES] = carve(block, &used, features); /* which nobody reads */
    for (int d = 0; d < layers; d++) {
        const size_t I = net->dense[d].inputs;
        group->dense[d].input = carve(block, &used, I * LANES);
        group->dense[d].mask = carve(block, &used, I * LANES);
        group->dense[d].dinput = carve(block, &used, I * LANES);
    }
    group->scratch = carve(block, &used, 2 * DMG_MAX_UNITS * LANES);
    return used;
}

static dmg_status create_pictures(lanes_group *group, dmg_error *err)
{
    const network *net = group->weights->net;
    dmg_status st = DMG_OK;
    for (int s = 0; s < net->architecture.stream_count; s++)
        for (size_t b = 0; st == DMG_OK && net->streams[s].layers == 0 && b < LANES; b++)
            st = picture_workspace_create(&group->pictures[s][b], &net->streams[s].picture, err);
    return st;
}

dmg_status lanes_group_create(lanes_group **out, const lanes_weights *weights, dmg_error *err)
{
    lanes_group *group = dmg_alloc_zero(1, sizeof *group);
    if (!group) return dmg_error_nomem(err, "the network's workspace");
    group->weights = weights;
    group->block = alloc_block(place_group(group, NULL));
    dmg_status st = group->block ? create_pictures(group, err)
                                 : dmg_error_nomem(err, "the network's workspace");
    if (st == DMG_OK) {
        place_group(group, group->block);
        *out = group;
    } else {
        lanes_group_destroy(group);
    }
    return st;
}

void lanes_group_destroy(lanes_group *group)
{
    if (!group) return;
    for (int s = 0; s < DMG_STREAM_KINDS; s++) {
        free(group->streams[s].block);
        for (size_t b = 0; b < LANES; b++) picture_workspace_destroy(group->pictures[s][b]);
    }
    free(group->gradient);
    free(group->block);
    free(group);
}

void lanes_group_use(lanes_group *group, const lanes_weights *weights)
{
    group->weights = weights;
}

/* The widest array that a gradient passes through between layers. */
static size_t widest(const network_stream *stream)
{
    size_t width = 0;
    for (size_t l = 0; l < stream->layers; l++) {
        const size_t outputs = stream->directions * stream->lstms[l][0].units;
        if (outputs > width) width = outputs;
    }
    return width;
}

/* Places the views of `lanes` in `block` for T steps and returns how many floats they take. */
static size_t place_stream(stream_lanes *lanes, const network_stream *stream, float *block,
                           size_t T, bool kept)
{
    size_t used = 0;
    const size_t step = LANES * (kept ? T : 0), ends = LANES * (T + 2);
    lanes->tokens = (uint8_t *)carve(block, &used, T * LANES / sizeof(float));
    for (size_t l = 0; l < stream->layers; l++) {
        const size_t H = stream->lstms[l][0].units, width = stream->directions * H;
        lanes->outputs[l] = carve(block, &used, ends * width);
        for (size_t d = 0; d < stream->directions; d++)
            lanes->traces[l][d] = (lanes_trace){
                .gates = carve(block, &used, step * LSTM_GATES * H),
                .squashed = carve(block, &used, step * H),
                .cell = carve(block, &used, (kept ? ends : LANES) * H),
                .hidden = block ? lanes->outputs[l] + d * H * LANES : NULL,
                .hidden_width = width,
            };
    }
    lanes->attended = carve(block, &used, LANES * (query_width(stream) > 0 ? T : 0));
    lanes->doutput = carve(block, &used, step * widest(stream));
    lanes->dinput = carve(block, &used, step * widest(stream));
    return used;
}

static dmg_status reserve_stream(stream_lanes *lanes, const network_stream *stream, size_t steps,
                                 bool kept, dmg_error *err)
{
    if (steps <= lanes->capacity && (lanes->kept || !kept)) return DMG_OK;
    const size_t T = steps <= lanes->capacity ? lanes->capacity : steps + steps / 2;
    kept = kept || lanes->kept;
    float *block = alloc_block(place_stream(lanes, stream, NULL, T, kept));
    free(lanes->block);
    lanes->block = block;
    lanes->capacity = block ? T : 0;
    lanes->kept = kept;
    if (!block) return dmg_error_nomem(err, "the network's workspace");
    place_stream(lanes, stream, block, T, kept);
    return DMG_OK;
}

/* Room for the gradient of the layer that needs most. */
static dmg_status reserve_gradient(lanes_group *group, dmg_error *err)
{
    if (group->gradient) return DMG_OK;
    const network *net = group->weights->net;
    size_t most = 0;
    for (int s = 0; s < net->architecture.stream_count; s++) {
        const network_stream *stream = &net->streams[s];
        for (size_t l = 0; l < stream->layers; l++) {
            const size_t H = stream->lstms[l][0].units, I = lane_inputs(&stream->lstms[l][0], l);
            const size_t S = group->weights->lstm_sums[s][l][0].symbols;
            const size_t needed = (S + I + H) * LSTM_GATES * H;
            if (needed > most) most = needed;
        }
    }
    group->gradient = alloc_block(most * LANES);
    return group->gradient ? DMG_OK : dmg_error_nomem(err, "the network's workspace");
}

/* --- samples into lanes --- */

/* lane [.][LANES] from tokens [length], those that are no symbol as V; returns the largest. */
static size_t load_lane(uint8_t *lane, const uint8_t *tokens, size_t length, size_t V)
{
    const uint8_t any = (uint8_t)V;
    uint8_t largest = 0;
    for (size_t t = 0; t < length; t++) {
        const uint8_t token = tokens[t] < any ? tokens[t] : any;
        if (token > largest) largest = token;
        lane[t * LANES] = token;
    }
    return largest;
}

/* Stream `s` of the samples, each aligned at its end. */
static dmg_status load_stream(stream_lanes *lanes, const network_stream *stream, int s,
                              const network_sample *samples, size_t count, bool kept,
                              dmg_error *err)
{
    const size_t V = stream->embed.symbols;
    size_t T = 0;
    for (size_t b = 0; b < LANES; b++) {
        lanes->lengths[b] = b < count ? samples[b].steps[s] : 0;
        if (lanes->lengths[b] > T) T = lanes->lengths[b];
    }
    const dmg_status st = reserve_stream(lanes, stream, T, kept, err);
    if (st != DMG_OK) return st;
    lanes->steps = T;
    lanes->symbols = V;
    if (T > 0) memset(lanes->tokens, (int)table_tokens(stream) - 1, T * LANES);
    for (size_t b = 0; b < count; b++) {
        uint8_t *lane = lanes->tokens + (T - lanes->lengths[b]) * LANES + b;
        if (load_lane(lane, samples[b].tokens[s], lanes->lengths[b], V) == V)
            lanes->symbols = V + 1;
    }
    return DMG_OK;
}

/* --- forward --- */

/* Row of [T][..] arrays where direction d of the layer ends for lane b, whose length is not 0. */
static size_t last_row(const stream_lanes *lanes, const lanes_lstm *layer, size_t b)
{
    return layer->reversed ? lanes->steps - lanes->lengths[b] : lanes->steps - 1;
}

/* last [directions H][LANES]: the hidden state that each direction of the top layer ends on. */
static void collect_last(float *last, const stream_lanes *lanes, const lanes_lstm *lstms,
                         size_t directions, const float *outputs)
{
    const size_t H = lstms[0].units, width = directions * H;
    for (size_t d = 0; d < directions; d++)
        for (size_t u = d * H; u < (d + 1) * H; u++)
            for (size_t b = 0; b < LANES; b++) {
                const size_t row = 1 + (lanes->lengths[b] ? last_row(lanes, &lstms[d], b) : 0);
                last[u * LANES + b] =
                    lanes->lengths[b] ? outputs[(row * width + u) * LANES + b] : 0;
            }
}

/* What the top layer of a stream puts out; `begin` becomes a part of it. */
static lanes_states top_states(int32_t begin[LANES], const lanes_group *group, int s)
{
    const network_stream *stream = &group->weights->net->streams[s];
    const stream_lanes *lanes = &group->streams[s];
    for (size_t b = 0; b < LANES; b++) begin[b] = (int32_t)(lanes->steps - lanes->lengths[b]);
    return (lanes_states){
        .steps = lanes->steps,
        .begin = begin,
        .hidden = lanes->outputs[stream->layers - 1] + stream->pool.width * LANES,
        .query = group->weights->params + stream->pool.query,
        .attended = lanes->attended,
    };
}

/* value [width][LANES] of a stream that is a picture; 0 where there is no sample. */
static void picture_forward(lanes_group *group, int s, const network_sample *samples)
{
    const network_picture *picture = &group->weights->net->streams[s].picture;
    const size_t width = network_picture_width(picture);
    float end[DIRECTIONS * DMG_MAX_UNITS];
    memset(group->value[s], 0, width * LANES * sizeof *end);
    for (size_t b = 0; b < group->count; b++) {
        network_picture_forward(end, group->pictures[s][b], group->weights->params + picture->begin,
                                samples[b].tokens[s]);
        for (size_t u = 0; u < width; u++) group->value[s][u * LANES + b] = end[u];
    }
}

static void picture_backward(float *sums, lanes_group *group, int s, const float *dlast)
{
    const lanes_weights *weights = group->weights;
    const network_picture *picture = &weights->net->streams[s].picture;
    const size_t width = network_picture_width(picture);
    float dend[DIRECTIONS * DMG_MAX_UNITS];
    for (size_t b = 0; b < group->count; b++) {
        for (size_t u = 0; u < width; u++) dend[u] = dlast[u * LANES + b];
        network_picture_backward(sums + weights->picture_sums[s], group->pictures[s][b],
                                 weights->params + picture->begin, dend);
    }
}

static void stream_forward(lanes_group *group, int s, bool kept)
{
    const lanes_weights *weights = group->weights;
    const network_stream *stream = &weights->net->streams[s];
    stream_lanes *lanes = &group->streams[s];
    if (lanes->steps == 0) {
        memset(group->value[s], 0, network_source_width(weights->net, s) * LANES * sizeof(float));
        return;
    }
    lanes_input input = {.steps = lanes->steps, .tokens = lanes->tokens};
    for (size_t l = 0; l < stream->layers; l++) {
        for (size_t d = 0; d < stream->directions; d++)
            weights->kernels->lstm_forward(&lanes->traces[l][d], &weights->lstms[s][l][d], &input,
                                           kept);
        input.x = lanes->outputs[l] + stream->directions * stream->lstms[l][0].units * LANES;
    }
    const size_t top = stream->layers - 1;
    if (stream->pool.kinds & DMG_POOL_LAST)
        collect_last(group->value[s], lanes, weights->lstms[s][top], stream->directions,
                     lanes->outputs[top]);
    if (stream->pool.kinds == DMG_POOL_LAST) return;
    int32_t begin[LANES];
    const lanes_states states = top_states(begin, group, s);
    weights->kernels->pooling_forward(group->value[s], &stream->pool, &states);
}

/* mask [n][LANES]; each sample draws its own, as it would alone. */
static void draw_masks(float *mask, size_t n, double rate, dmg_rng *dropout, size_t count)
{
    float own[DENSE_MAX_INPUTS];
    for (size_t b = 0; b < count; b++) {
        dropout_mask(own, n, rate, &dropout[b]);
        for (size_t i = 0; i < n; i++) mask[i * LANES + b] = own[i];
    }
}

/* Puts the running averages of batch normalisation to use. */
static void normalise(float *input, const batch_norm *norm, const float *params)
{
    for (size_t i = 0; i < norm->width; i++) {
        float slope, offset;
        batch_norm_line(&slope, &offset, norm, params, i);
        for (size_t b = 0; b < LANES; b++)
            input[i * LANES + b] = slope * input[i * LANES + b] + offset;
    }
}

static void dense_layer_forward(lanes_group *group, int d, dmg_rng *dropout, size_t count)
{
    const lanes_weights *weights = group->weights;
    const network *net = weights->net;
    const dmg_dense_spec *spec = &net->architecture.dense[d];
    const dense *layer = &net->dense[d];
    const dense_lanes *lanes = &group->dense[d];
    size_t filled = 0;
    for (int k = 0; k < spec->input_count; k++) {
        const size_t width = network_source_width(net, spec->inputs[k]) * LANES;
        memcpy(lanes->input + filled, group->value[spec->inputs[k]], width * sizeof(float));
        filled += width;
    }
    if (spec->batch_norm) normalise(lanes->input, &net->norms[d], weights->params);
    if (dropout) {
        draw_masks(lanes->mask, layer->inputs, spec->dropout, dropout, count);
        dropout_apply(lanes->input, lanes->mask, filled);
    }
    float *value = group->value[net->architecture.stream_count + d];
    weights->kernels->dense_forward(value, weights->params + layer->weight,
                                    weights->params + layer->bias, lanes->input, layer->inputs,
                                    layer->units);
    weights->kernels->activation_forward(value, layer->activation, layer->units);
}

static void features_forward(lanes_group *group, const network_sample *samples)
{
    const network *net = group->weights->net;
    const size_t width = network_features_width(&net->architecture);
    float own[NETWORK_MAX_WIDTH];
    for (size_t b = 0; b < group->count; b++) {
        network_features_forward(own, net, group->weights->params, &samples[b]);
        for (size_t i = 0; i < width; i++) group->value[DMG_INPUT_FEATURES][i * LANES + b] = own[i];
    }
}

/* All streams, each to its group->value, and the features. */
static dmg_status streams_forward(lanes_group *group, const network_sample *samples, size_t count,
                                  bool kept, dmg_error *err)
{
    const network *net = group->weights->net;
    const int streams = net->architecture.stream_count;
    dmg_status st = kept ? reserve_gradient(group, err) : DMG_OK;
    for (int s = 0; st == DMG_OK && s < streams; s++)
        if (net->streams[s].layers > 0)
            st = load_stream(&group->streams[s], &net->streams[s], s, samples, count, kept, err);
    if (st != DMG_OK) return st;
    group->count = count;
    for (int s = 0; s < streams; s++)
        if (net->streams[s].layers > 0)
            stream_forward(group, s, kept);
        else
            picture_forward(group, s, samples);
    features_forward(group, samples);
    return DMG_OK;
}

/* Copies a source's values of the samples to their rows of ends [count][stride]. */
static void collect_ends(float *ends, const lanes_group *group, int source, size_t stride)
{
    const size_t width = network_source_width(group->weights->net, source);
    for (size_t b = 0; b < group->count; b++)
        for (size_t u = 0; u < width; u++)
            ends[b * stride + u] = group->value[source][u * LANES + b];
}

dmg_status lanes_group_streams_forward(float *ends, lanes_group *group,
                                       const network_sample *samples, size_t count, bool keep,
                                       dmg_error *err)
{
    const network *net = group->weights->net;
    const size_t all = network_ends_width(net);
    const dmg_status st = streams_forward(group, samples, count, keep, err);
    if (st != DMG_OK) return st;
    for (int s = 0; s < net->architecture.stream_count; s++) {
        collect_ends(ends, group, s, all);
        ends += network_source_width(net, s);
    }
    collect_ends(ends, group, DMG_INPUT_FEATURES, all);
    return DMG_OK;
}

dmg_status lanes_group_forward(float (*outputs)[DMG_OUTPUTS], lanes_group *group,
                               const network_sample *samples, size_t count, dmg_rng *dropout,
                               dmg_error *err)
{
    const network *net = group->weights->net;
    const int streams = net->architecture.stream_count, layers = net->architecture.dense_count;
    const dmg_status st = streams_forward(group, samples, count, dropout != NULL, err);
    if (st != DMG_OK) return st;
    for (int d = 0; d < layers; d++) dense_layer_forward(group, d, dropout, count);
    const float *output = group->value[streams + layers - 1];
    for (size_t b = 0; b < count; b++)
        for (size_t o = 0; o < DMG_OUTPUTS; o++) outputs[b][o] = output[o * LANES + b];
    return DMG_OK;
}

/* --- backward --- */

/* Takes the gradient of the state that direction d of the top layer ends on to where each lane
 * ends, in doutput [T][width][LANES]. */
static void spread_last(float *doutput, const stream_lanes *lanes, const lanes_lstm *layer,
                        size_t d, size_t width, const float *dlast)
{
    const size_t H = layer->units;
    for (size_t b = 0; b < LANES; b++) {
        if (lanes->lengths[b] == 0) continue;
        float *row = doutput + last_row(lanes, layer, b) * width * LANES;
        for (size_t u = d * H; u < (d + 1) * H; u++) row[u * LANES + b] = dlast[u * LANES + b];
    }
}

/* From dend [width][LANES] to what the top layer puts out, doutput. Where the last states alone
 * count, lstm_backward takes that of the first direction as it is: there all lanes end together. */
static void pool_backward(float *sums, float *doutput, lanes_group *group, int s, const float *dend)
{
    const lanes_weights *weights = group->weights;
    const network_stream *stream = &weights->net->streams[s];
    const stream_lanes *lanes = &group->streams[s];
    const pooling *pool = &stream->pool;
    const bool last_only = pool->kinds == DMG_POOL_LAST;
    if (last_only && stream->directions == 1) return;
    memset(doutput, 0, lanes->steps * pool->width * LANES * sizeof *doutput);
    for (size_t d = last_only ? 1 : 0; pool->kinds & DMG_POOL_LAST && d < stream->directions; d++)
        spread_last(doutput, lanes, &weights->lstms[s][stream->layers - 1][d], d, pool->width,
                    dend);
    if (last_only) return;
    int32_t begin[LANES];
    const lanes_states states = top_states(begin, group, s);
    weights->kernels->pooling_backward(sums + weights->query_sums[s], doutput, pool, &states,
                                       group->value[s], dend);
}

/* One LSTM: adds up its gradients in the lanes, then in `sums`. */
static void layer_backward(float *sums, float *dx, lanes_group *group, int s, size_t l, size_t d,
                           const lanes_input *input, const float *dlast, const float *dhidden)
{
    const lanes_weights *weights = group->weights;
    const lanes_lstm *layer = &weights->lstms[s][l][d];
    const lstm_sums *to = &weights->lstm_sums[s][l][d];
    const stream_lanes *lanes = &group->streams[s];
    const size_t H = layer->units, G = LSTM_GATES * H, rows = layer->inputs + H;
    const size_t S = l == 0 ? lanes->symbols : 1;
    const lanes_gradient gradient = {
        .symbols = S,
        .dtable = group->gradient,
        .dweight = group->gradient + S * G * LANES,
    };
    memset(group->gradient, 0, (S + rows) * G * LANES * sizeof *group->gradient);
    weights->kernels->lstm_backward(&gradient, dx, layer, input, &lanes->traces[l][d], dlast,
                                    dhidden, group->scratch);
    weights->kernels->add_lanes(sums + to->table, gradient.dtable, S * G);
    weights->kernels->add_lanes(sums + to->weight, gradient.dweight, rows * G);
}

/* From dend [width][LANES] to the gradients of all layers of the stream. */
static void stream_backward(float *sums, lanes_group *group, int s, const float *dend)
{
    const lanes_weights *weights = group->weights;
    const network_stream *stream = &weights->net->streams[s];
    stream_lanes *lanes = &group->streams[s];
    const size_t T = lanes->steps, top = stream->layers - 1;
    if (stream->layers == 0) {
        picture_backward(sums, group, s, dend);
        return;
    }
    if (T == 0) return;
    float *doutput = lanes->doutput, *dinput = lanes->dinput;
    pool_backward(sums, doutput, group, s, dend);
    for (size_t l = stream->layers; l-- > 0;) {
        const size_t H = stream->lstms[l][0].units, I = weights->lstms[s][l][0].inputs;
        const float *x = l > 0 ? lanes->outputs[l - 1] + I * LANES : NULL; /* the row after zeros */
        const lanes_input input = {.steps = T, .tokens = lanes->tokens, .x = x};
        memset(dinput, 0, T * I * LANES * sizeof *dinput);
        for (size_t d = 0; d < stream->directions; d++) {
            const bool at_end = l == top && d == 0 && stream->pool.kinds == DMG_POOL_LAST;
            layer_backward(sums, dinput, group, s, l, d, &input, at_end ? dend : NULL,
                           at_end ? NULL : doutput + d * H * LANES);
        }
        float *swapped = doutput;
        doutput = dinput;
        dinput = swapped;
    }
}

/* From the gradient before the layer's activation. */
static void dense_layer_backward(float *sums, lanes_group *group, int d)
{
    const lanes_weights *weights = group->weights;
    const network *net = weights->net;
    const dmg_dense_spec *spec = &net->architecture.dense[d];
    const dense *layer = &net->dense[d];
    const dense_sums *to = &weights->dense_sums[d];
    const dense_lanes *lanes = &group->dense[d];
    const int own = net->architecture.stream_count + d;
    weights->kernels->dense_backward(sums + to->weight, sums + to->bias, lanes->dinput,
                                     weights->params + layer->weight, lanes->input,
                                     group->dvalue[own], layer->inputs, layer->units);
    dropout_apply(lanes->dinput, lanes->mask, layer->inputs * LANES);
    size_t taken = 0;
    for (int k = 0; k < spec->input_count; k++) {
        const size_t width = network_source_width(net, spec->inputs[k]) * LANES;
        float *to_source = group->dvalue[spec->inputs[k]];
        for (size_t i = 0; i < width; i++) to_source[i] += lanes->dinput[taken + i];
        taken += width;
    }
}

void lanes_group_backward(float *sums, lanes_group *group, size_t count,
                          const float (*da)[DMG_OUTPUTS])
{
    const network *net = group->weights->net;
    const int streams = net->architecture.stream_count, layers = net->architecture.dense_count;
    for (int k = 0; k < streams + layers; k++)
        memset(group->dvalue[k], 0, network_source_width(net, k) * LANES * sizeof(float));
    float *output = group->dvalue[streams + layers - 1]; /* zero where there is no sample */
    for (size_t b = 0; b < count; b++)
        for (size_t o = 0; o < DMG_OUTPUTS; o++) output[o * LANES + b] = da[b][o];
    dense_layer_backward(sums, group, layers - 1);
    for (int d = layers - 1; d-- > 0;) {
        const dense *layer = &net->dense[d];
        group->weights->kernels->activation_backward(group->dvalue[streams + d], layer->activation,
                                                     group->value[streams + d], layer->units);
        dense_layer_backward(sums, group, d);
    }
    for (int s = 0; s < streams; s++) stream_backward(sums, group, s, group->dvalue[s]);
}

void lanes_group_streams_backward(float *sums, lanes_group *group, size_t count, const float *dends)
{
    const network *net = group->weights->net;
    const size_t all = network_ends_width(net);
    for (int s = 0; s < net->architecture.stream_count; s++) {
        const size_t width = network_source_width(net, s);
        memset(group->dvalue[s], 0, width * LANES * sizeof(float));
        for (size_t b = 0; b < count; b++)
            for (size_t u = 0; u < width; u++) group->dvalue[s][u * LANES + b] = dends[b * all + u];
        stream_backward(sums, group, s, group->dvalue[s]);
        dends += width;
    }
}
