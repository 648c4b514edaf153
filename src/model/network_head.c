/* SPDX-License-Identifier: MIT */
/* Dense layers with batch statistics. They are small: one thread takes them, in the order of the
 * batch.
 */
#include "model/network_head.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "nn/dropout.h"

/* Of one dense layer, for N samples, I inputs and O units; all views into the head's block. */
typedef struct head_layer {
    real *input;  /* [N][I], after normalisation and dropout */
    real *mask;   /* [N][I] */
    real *dinput; /* [N][I] */
    real *value;  /* [N][O] */
    real *dvalue; /* [N][O] */
    batch_norm_trace norm;
} head_layer;

struct network_head {
    const network *net;
    size_t ends;    /* width of what the streams end on */
    size_t samples; /* of the batch under way */
    real *block;
    head_layer layers[DMG_MAX_DENSE];
};

/* Cuts `count` reals off *block; with *block NULL only counts them in *used. */
static real *carve(real *block, size_t *used, size_t count)
{
    real *piece = block ? block + *used : NULL;
    *used += count;
    return piece;
}

static size_t place_layers(network_head *head, real *block, size_t N)
{
    size_t used = 0;
    for (int d = 0; d < head->net->architecture.dense_count; d++) {
        const size_t I = head->net->dense[d].inputs, O = head->net->dense[d].units;
        head->layers[d] = (head_layer){
            .input = carve(block, &used, N * I),
            .mask = carve(block, &used, N * I),
            .dinput = carve(block, &used, N * I),
            .value = carve(block, &used, N * O),
            .dvalue = carve(block, &used, N * O),
            .norm =
                {
                    .normal = carve(block, &used, N * I),
                    .mean = carve(block, &used, I),
                    .variance = carve(block, &used, I),
                },
        };
    }
    return used;
}

dmg_status network_head_create(network_head **out, const network *net, size_t capacity,
                               dmg_error *err)
{
    network_head *head = dmg_alloc_zero(1, sizeof *head);
    if (!head) return dmg_error_nomem(err, "the network's dense layers");
    head->net = net;
    head->ends = network_ends_width(net);
    head->block = dmg_alloc(place_layers(head, NULL, capacity), sizeof *head->block);
    if (!head->block) {
        free(head);
        return dmg_error_nomem(err, "the network's dense layers");
    }
    place_layers(head, head->block, capacity);
    *out = head;
    return DMG_OK;
}

void network_head_destroy(network_head *head)
{
    if (!head) return;
    free(head->block);
    free(head);
}

/* Where a stream's end stands in a row of ends; the features stand after the last one. */
static size_t end_offset(const network *net, int source)
{
    const int streams = net->architecture.stream_count;
    size_t offset = 0;
    for (int s = 0; s < source && s < streams; s++) offset += network_source_width(net, s);
    return offset;
}

static bool is_end(const network *net, int source)
{
    return source < net->architecture.stream_count || source == DMG_INPUT_FEATURES;
}

/* Where the value of a source of sample k stands: in ends or in the `value` of a layer. */
static const real *source_value(const network_head *head, const real *ends, int source, size_t k)
{
    const int d = source - head->net->architecture.stream_count;
    if (is_end(head->net, source)) return ends + k * head->ends + end_offset(head->net, source);
    return head->layers[d].value + k * head->net->dense[d].units;
}

static real *source_gradient(network_head *head, real *dends, int source, size_t k)
{
    const int d = source - head->net->architecture.stream_count;
    if (is_end(head->net, source)) return dends + k * head->ends + end_offset(head->net, source);
    return head->layers[d].dvalue + k * head->net->dense[d].units;
}

static void layer_forward(network_head *head, int d, const real *params, const real *ends,
                          dmg_rng *dropout)
{
    const network *net = head->net;
    const dmg_dense_spec *spec = &net->architecture.dense[d];
    head_layer *layer = &head->layers[d];
    const size_t I = net->dense[d].inputs, O = net->dense[d].units, N = head->samples;
    for (size_t k = 0; k < N; k++) {
        real *input = layer->input + k * I;
        for (int i = 0; i < spec->input_count; i++) {
            const size_t width = network_source_width(net, spec->inputs[i]);
            memcpy(input, source_value(head, ends, spec->inputs[i], k), width * sizeof *input);
            input += width;
        }
    }
    if (spec->batch_norm)
        batch_norm_forward(layer->input, &layer->norm, &net->norms[d], params, layer->input, N);
    for (size_t k = 0; k < N; k++) {
        dropout_mask(layer->mask + k * I, I, spec->dropout, &dropout[k]);
        dropout_apply(layer->input + k * I, layer->mask + k * I, I);
        dense_forward(layer->value + k * O, &net->dense[d], params, layer->input + k * I);
    }
}

void network_head_forward(real (*outputs)[DMG_OUTPUTS], network_head *head, const real *params,
                          const real *ends, size_t samples, dmg_rng *dropout)
{
    const int layers = head->net->architecture.dense_count;
    head->samples = samples;
    for (int d = 0; d < layers; d++) layer_forward(head, d, params, ends, dropout);
    memcpy(outputs, head->layers[layers - 1].value, samples * sizeof *outputs);
}

/* From the gradient before the layer's activation. */
static void layer_backward(real *grads, real *dends, network_head *head, int d, const real *params)
{
    const network *net = head->net;
    const dmg_dense_spec *spec = &net->architecture.dense[d];
    head_layer *layer = &head->layers[d];
    const size_t I = net->dense[d].inputs, O = net->dense[d].units, N = head->samples;
    for (size_t k = 0; k < N; k++) {
        dense_backward(grads, layer->dinput + k * I, &net->dense[d], params, layer->input + k * I,
                       layer->dvalue + k * O);
        dropout_apply(layer->dinput + k * I, layer->mask + k * I, I);
    }
    if (spec->batch_norm)
        batch_norm_backward(grads, layer->dinput, &net->norms[d], params, &layer->norm,
                            layer->dinput, N);
    for (size_t k = 0; k < N; k++) {
        const real *dinput = layer->dinput + k * I;
        for (int i = 0; i < spec->input_count; i++) {
            const size_t width = network_source_width(net, spec->inputs[i]);
            real *to = source_gradient(head, dends, spec->inputs[i], k);
            for (size_t j = 0; j < width; j++) to[j] += dinput[j];
            dinput += width;
        }
    }
}

void network_head_backward(real *grads, real *dends, network_head *head, const real *params,
                           const real (*da)[DMG_OUTPUTS])
{
    const network *net = head->net;
    const int layers = net->architecture.dense_count;
    const size_t N = head->samples;
    memset(dends, 0, N * head->ends * sizeof *dends);
    for (int d = 0; d < layers; d++)
        memset(head->layers[d].dvalue, 0, N * net->dense[d].units * sizeof(real));
    memcpy(head->layers[layers - 1].dvalue, da, N * sizeof *da);
    layer_backward(grads, dends, head, layers - 1, params);
    for (int d = layers - 1; d-- > 0;) {
        const dense *layer = &net->dense[d];
        for (size_t k = 0; k < N; k++)
            activation_backward(head->layers[d].dvalue + k * layer->units, layer->activation,
                                head->layers[d].value + k * layer->units, layer->units);
        layer_backward(grads, dends, head, d, params);
    }
}

void network_head_average(real *params, const network_head *head)
{
    for (int d = 0; d < head->net->architecture.dense_count; d++)
        if (head->net->architecture.dense[d].batch_norm)
            batch_norm_average(params, &head->net->norms[d], &head->layers[d].norm, head->samples);
}
