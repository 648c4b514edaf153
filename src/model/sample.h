/* SPDX-License-Identifier: MIT */
/* One sequence as the network of an architecture reads it. */
#ifndef DMG_MODEL_SAMPLE_H
#define DMG_MODEL_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

#include "deepmirgene/architecture.h"
#include "model/network.h"

/* Room for the tokens of one sample; zeroed to begin with, reused from sample to sample. */
typedef struct sample_buffer {
    uint8_t *tokens;
    size_t capacity;
    size_t *partner; /* [length] the pair table of the structure */
    size_t partner_capacity;
} sample_buffer;

void sample_clear(sample_buffer *buffer);

/* Fills `sample` with views into `buffer`: the streams of the architecture, from sequence [length]
 * and its dot-bracket structure [length]; DMG_FORMAT if the structure is not valid. */
dmg_status sample_encode(network_sample *sample, sample_buffer *buffer,
                         const dmg_architecture *architecture, const char *sequence,
                         const char *structure, size_t length, int energy, dmg_error *err);

#endif
