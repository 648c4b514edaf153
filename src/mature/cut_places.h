/* SPDX-License-Identifier: MIT */
/* The network over all places of a hairpin: cuts 0 .. centre of the 5' arm, centre .. length of the
 * 3' arm. */
#ifndef DMG_MATURE_CUT_PLACES_H
#define DMG_MATURE_CUT_PLACES_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "mature/cut_network.h"
#include "mature/duplex.h"

/* Scores, or their gradient, of each cut [length + 1], of which those of the arm are set. */
typedef struct cut_scores {
    float *of[CUT_ARMS][CUT_SIDES];
} cut_scores;

/* Memory of one hairpin at a time. Place p is cut p of the 5' arm up to the centre, then cut p - 1
 * of the 3' arm. */
typedef struct cut_places {
    size_t length, centre;
    cut_scores scores;
    float (*hidden)[CUT_HIDDEN];    /* [length + 2], by place */
    uint16_t (*active)[CUT_ACTIVE]; /* likewise */
    dmg_arena arena;
    size_t capacity; /* nucleotides there is room for */
} cut_places;

/* Accepts a zeroed struct. */
void cut_places_clear(cut_places *places);

/* Begins a hairpin: sets the features of all places. */
dmg_status cut_places_begin(cut_places *places, const hairpin_duplex *duplex, dmg_error *err);

/* Sets all scores. `kept` [CUT_ARMS][CUT_HIDDEN] multiplies the activations, 0 or more: dropout;
 * NULL when nothing is dropped. */
void cut_places_forward(cut_places *places, const cut_weights *weights,
                        const float (*kept)[CUT_HIDDEN]);

/* Adds to `gradient` that of a loss with dscores = d loss / d scores. Call
 * it after the forward pass, with the same weights and `kept`. */
void cut_places_backward(cut_weights *gradient, const cut_places *places, const cut_scores *dscores,
                         const cut_weights *weights, const float (*kept)[CUT_HIDDEN]);

#endif
