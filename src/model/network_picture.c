/* SPDX-License-Identifier: MIT */
/* Convolutions one upon the other. */
#include "model/network_picture.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

struct picture_workspace {
    const network_picture *picture;
    real *block;      /* holds what follows, but for the choices */
    uint8_t *choices; /* holds traces[].chosen */
    real *input;      /* [S][S][C] of the first layer */
    real *scratch;    /* as large as any layer's sums */
    real *dinput[2];  /* [S][S][C] of any layer but the first: gradients between layers */
    conv_trace traces[DMG_MAX_LAYERS];
};

static size_t layer_outputs(const conv *layer)
{
    return layer->side / 2 * (layer->side / 2) * layer->filters;
}

size_t network_picture_pixels(const network_picture *picture)
{
    return picture->layer[0].side * picture->layer[0].side * picture->layer[0].inputs;
}

size_t network_picture_width(const network_picture *picture)
{
    return layer_outputs(&picture->layer[picture->layers - 1]);
}

/* --- workspace --- */

/* Cuts `count` reals off *block; with *block NULL only counts them in *used. */
static real *carve(real *block, size_t *used, size_t count)
{
    real *piece = block ? block + *used : NULL;
    *used += count;
    return piece;
}

static size_t place(picture_workspace *ws, real *block)
{
    const network_picture *picture = ws->picture;
    size_t used = 0, sums = 0, outputs = 0;
    ws->input = carve(block, &used, network_picture_pixels(picture));
    for (size_t l = 0; l < picture->layers; l++) {
        const conv *layer = &picture->layer[l];
        if (4 * layer_outputs(layer) > sums) sums = 4 * layer_outputs(layer);
        if (layer_outputs(layer) > outputs) outputs = layer_outputs(layer);
        ws->traces[l].output = carve(block, &used, layer_outputs(layer));
    }
    ws->scratch = carve(block, &used, sums);
    for (int k = 0; k < 2; k++) ws->dinput[k] = carve(block, &used, outputs);
    return used;
}

static bool place_choices(picture_workspace *ws)
{
    size_t used = 0;
    for (size_t l = 0; l < ws->picture->layers; l++) used += layer_outputs(&ws->picture->layer[l]);
    ws->choices = dmg_alloc(used, 1);
    if (!ws->choices) return false;
    uint8_t *next = ws->choices;
    for (size_t l = 0; l < ws->picture->layers; l++) {
        ws->traces[l].chosen = next;
        next += layer_outputs(&ws->picture->layer[l]);
    }
    return true;
}

dmg_status picture_workspace_create(picture_workspace **out, const network_picture *picture,
                                    dmg_error *err)
{
    picture_workspace *ws = dmg_alloc_zero(1, sizeof *ws);
    if (!ws) return dmg_error_nomem(err, "the network's workspace");
    ws->picture = picture;
    ws->block = dmg_alloc(place(ws, NULL), sizeof *ws->block);
    if (!ws->block || !place_choices(ws)) {
        picture_workspace_destroy(ws);
        return dmg_error_nomem(err, "the network's workspace");
    }
    place(ws, ws->block);
    *out = ws;
    return DMG_OK;
}

void picture_workspace_destroy(picture_workspace *ws)
{
    if (!ws) return;
    free(ws->block);
    free(ws->choices);
    free(ws);
}

/* --- passes --- */

void network_picture_forward(real *end, picture_workspace *ws, const real *params,
                             const uint8_t *pixels)
{
    const network_picture *picture = ws->picture;
    const size_t count = network_picture_pixels(picture);
    for (size_t k = 0; k < count; k++) ws->input[k] = (real)pixels[k] / UINT8_MAX;
    const real *x = ws->input;
    for (size_t l = 0; l < picture->layers; l++) {
        conv_forward(&ws->traces[l], &picture->layer[l], params, x, ws->scratch);
        x = ws->traces[l].output;
    }
    memcpy(end, x, network_picture_width(picture) * sizeof *end);
}

void network_picture_backward(real *grads, picture_workspace *ws, const real *params,
                              const real *dend)
{
    const network_picture *picture = ws->picture;
    const real *dy = dend;
    for (size_t l = picture->layers; l-- > 0;) {
        const real *x = l > 0 ? ws->traces[l - 1].output : ws->input;
        real *dx = l > 0 ? ws->dinput[l % 2] : NULL;
        conv_backward(grads, dx, &picture->layer[l], params, x, &ws->traces[l], dy);
        dy = dx;
    }
}
