/* SPDX-License-Identifier: MIT */
/* Runs the network of single places over a hairpin. */
#include "mature/cut_places.h"

#include "base/error.h"

static void place(cut_places *places, size_t length)
{
    for (int arm = 0; arm < CUT_ARMS; arm++)
        for (int side = 0; side < CUT_SIDES; side++)
            places->scores.of[arm][side] =
                dmg_arena_take(&places->arena, length + 1, sizeof *places->scores.of[arm][side]);
    places->hidden = dmg_arena_take(&places->arena, length + 2, sizeof *places->hidden);
    places->active = dmg_arena_take(&places->arena, length + 2, sizeof *places->active);
}

static dmg_status reserve(cut_places *places, size_t length, dmg_error *err)
{
    if (places->arena.memory && length <= places->capacity) return DMG_OK;
    cut_places_clear(places);
    place(places, length);
    if (!dmg_arena_alloc(&places->arena)) return dmg_error_nomem(err, "the places of a hairpin");
    place(places, length);
    places->capacity = length;
    return DMG_OK;
}

void cut_places_clear(cut_places *places)
{
    dmg_arena_clear(&places->arena);
    *places = (cut_places){0};
}

static enum cut_arm arm_of(const cut_places *places, size_t p)
{
    return p <= places->centre ? CUT_ARM_5P : CUT_ARM_3P;
}

dmg_status cut_places_begin(cut_places *places, const hairpin_duplex *duplex, dmg_error *err)
{
    const dmg_status st = reserve(places, duplex->length, err);
    if (st != DMG_OK) return st;
    places->length = duplex->length;
    places->centre = duplex_centre(duplex);
    for (size_t p = 0; p < places->length + 2; p++) {
        const enum cut_arm arm = arm_of(places, p);
        cut_features(places->active[p], duplex, arm, p - (arm == CUT_ARM_3P));
    }
    return DMG_OK;
}

void cut_places_forward(cut_places *places, const cut_weights *weights,
                        const float (*kept)[CUT_HIDDEN])
{
    for (size_t p = 0; p < places->length + 2; p++) {
        const enum cut_arm arm = arm_of(places, p);
        const size_t cut = p - (arm == CUT_ARM_3P);
        float scores[CUT_SIDES];
        cut_forward(scores, places->hidden[p], weights, kept ? kept[arm] : NULL, arm,
                    places->active[p]);
        for (int side = 0; side < CUT_SIDES; side++)
            places->scores.of[arm][side][cut] = scores[side];
    }
}

void cut_places_backward(cut_weights *gradient, const cut_places *places, const cut_scores *dscores,
                         const cut_weights *weights, const float (*kept)[CUT_HIDDEN])
{
    for (size_t p = 0; p < places->length + 2; p++) {
        const enum cut_arm arm = arm_of(places, p);
        const size_t cut = p - (arm == CUT_ARM_3P);
        const float dscore[CUT_SIDES] = {dscores->of[arm][CUT_START][cut],
                                         dscores->of[arm][CUT_END][cut]};
        cut_backward(gradient, dscore, places->hidden[p], weights, kept ? kept[arm] : NULL, arm,
                     places->active[p]);
    }
}
