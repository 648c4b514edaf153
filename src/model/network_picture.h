/* SPDX-License-Identifier: MIT */
/* A stream that is a picture: convolutions, each upon the one before, and all that the last one
 * puts out. It stands in the network where other streams have their embedding and LSTMs. */
#ifndef DMG_MODEL_NETWORK_PICTURE_H
#define DMG_MODEL_NETWORK_PICTURE_H

#include <stddef.h>
#include <stdint.h>

#include "deepmirgene/architecture.h"
#include "nn/conv.h"
#include "nn/real.h"

typedef struct network_picture {
    size_t layers;
    conv layer[DMG_MAX_LAYERS]; /* with offsets that count from the first layer's */
    size_t begin, parameters;   /* where these stand in the network's block, and how many */
} network_picture;

/* Pixels of a picture, and the width of what the stream ends on. */
size_t network_picture_pixels(const network_picture *picture);
size_t network_picture_width(const network_picture *picture);

/* Working memory for one picture at a time. */
typedef struct picture_workspace picture_workspace;

dmg_status picture_workspace_create(picture_workspace **out, const network_picture *picture,
                                    dmg_error *err);
void picture_workspace_destroy(picture_workspace *ws);

/* end [width] from pixels, whose 255 is 1 to the network. `params` and `grads` are those of the
 * picture alone: they begin at picture->begin. */
void network_picture_forward(real *end, picture_workspace *ws, const real *params,
                             const uint8_t *pixels);

/* After network_picture_forward of the same pixels: from dend [width] adds to grads. */
void network_picture_backward(real *grads, picture_workspace *ws, const real *params,
                              const real *dend);

#endif
