/* SPDX-License-Identifier: MIT */
/* Features and hidden layer of the places of a hairpin. */
#include "mature/cut_network.h"

#include <string.h>

/* The step of a value on a scale of `steps` that begins with `least`; what is beyond counts as its
 * end. */
static uint16_t step_of(long value, long least, long steps)
{
    const long step = value - least;
    return (uint16_t)(step < 0 ? 0 : step < steps ? step : steps - 1);
}

/* Nucleotides from a cut to the loop and to the base of the stem, negative beyond them. */
static long loop_distance(const hairpin_duplex *duplex, enum cut_arm arm, long cut)
{
    return arm == CUT_ARM_5P ? (long)duplex->loop_start - cut : cut - (long)duplex->loop_end;
}

static long base_distance(const hairpin_duplex *duplex, enum cut_arm arm, long cut)
{
    return arm == CUT_ARM_5P ? cut - (long)duplex->base_start : (long)duplex->base_end - cut;
}

static uint16_t *window_features(uint16_t *next, uint16_t *first, const hairpin_duplex *duplex,
                                 long cut)
{
    for (long d = -CUT_WINDOW; d < CUT_WINDOW; d++) {
        *next++ = (uint16_t)(*first + duplex_symbol(duplex, cut + d));
        *first = (uint16_t)(*first + DUPLEX_SYMBOLS);
    }
    return next;
}

void cut_features(uint16_t active[CUT_ACTIVE], const hairpin_duplex *duplex, enum cut_arm arm,
                  size_t cut)
{
    enum { LOOP_LEAST = -6, BASE_LEAST = -16 };
    const long own = (long)cut, mirror = duplex->mirror[cut];
    const enum cut_arm other = arm == CUT_ARM_5P ? CUT_ARM_3P : CUT_ARM_5P;
    uint16_t first = 0, *next = active;
    next = window_features(next, &first, duplex, own);
    next = window_features(next, &first, duplex, mirror);
    const uint16_t distances[4] = {
        step_of(loop_distance(duplex, arm, own), LOOP_LEAST, CUT_DISTANCES),
        step_of(loop_distance(duplex, other, mirror), LOOP_LEAST, CUT_DISTANCES),
        step_of(base_distance(duplex, arm, own), BASE_LEAST, CUT_DISTANCES),
        step_of(base_distance(duplex, other, mirror), BASE_LEAST, CUT_DISTANCES),
    };
    for (int k = 0; k < 4; k++, first = (uint16_t)(first + CUT_DISTANCES))
        *next++ = (uint16_t)(first + distances[k]);
    *next++ =
        (uint16_t)(first + step_of((long)(duplex->loop_end - duplex->loop_start), 0, CUT_SIZES));
    first = (uint16_t)(first + CUT_SIZES);
    *next++ = (uint16_t)(first + step_of((long)duplex->pairs / 2, 0, CUT_SIZES));
}

void cut_forward(float scores[CUT_SIDES], float hidden[CUT_HIDDEN], const cut_weights *weights,
                 const float *kept, enum cut_arm arm, const uint16_t active[CUT_ACTIVE])
{
    memcpy(hidden, weights->hidden_bias[arm], sizeof weights->hidden_bias[arm]);
    for (int k = 0; k < CUT_ACTIVE; k++) {
        const float *const row = weights->features[arm][active[k]];
        for (int h = 0; h < CUT_HIDDEN; h++) hidden[h] += row[h];
    }
    for (int h = 0; h < CUT_HIDDEN; h++) hidden[h] = hidden[h] > 0 ? hidden[h] : 0;
    if (kept)
        for (int h = 0; h < CUT_HIDDEN; h++) hidden[h] *= kept[h];
    for (int side = 0; side < CUT_SIDES; side++) {
        scores[side] = 0;
        for (int h = 0; h < CUT_HIDDEN; h++)
            scores[side] += weights->output[arm][side][h] * hidden[h];
    }
}

void cut_backward(cut_weights *gradient, const float dscores[CUT_SIDES],
                  const float hidden[CUT_HIDDEN], const cut_weights *weights, const float *kept,
                  enum cut_arm arm, const uint16_t active[CUT_ACTIVE])
{
    float dhidden[CUT_HIDDEN];
    for (int h = 0; h < CUT_HIDDEN; h++) {
        dhidden[h] = 0;
        for (int side = 0; side < CUT_SIDES; side++) {
            gradient->output[arm][side][h] += dscores[side] * hidden[h];
            if (hidden[h] > 0) dhidden[h] += dscores[side] * weights->output[arm][side][h];
        }
        if (kept) dhidden[h] *= kept[h];
        gradient->hidden_bias[arm][h] += dhidden[h];
    }
    for (int k = 0; k < CUT_ACTIVE; k++) {
        float *const row = gradient->features[arm][active[k]];
        for (int h = 0; h < CUT_HIDDEN; h++) row[h] += dhidden[h];
    }
}
