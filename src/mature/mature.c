/* SPDX-License-Identifier: MIT */
/* Finds the mature sequences of a hairpin: its duplex, scores of its places, and the best four
 * cuts. */
#include "deepmirgene/mature.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/builtin.h"
#include "base/error.h"
#include "mature/cut_lattice.h"
#include "mature/cut_places.h"
#include "mature/mature_model.h"
#include "model/safetensors.h"

struct dmg_mature_finder {
    cut_weights weights;
    hairpin_duplex duplex;
    cut_places places;
    cut_lattice lattice;
};

static dmg_status create_from(dmg_mature_finder **out, const void *bytes, size_t size,
                              const char *source, dmg_error *err)
{
    dmg_mature_finder *finder = dmg_alloc_zero(1, sizeof *finder);
    if (!finder) return dmg_error_nomem(err, source);
    const dmg_status st = mature_model_parse(&finder->weights, bytes, size, source, err);
    if (st == DMG_OK)
        *out = finder;
    else
        dmg_mature_finder_destroy(finder);
    return st;
}

dmg_status dmg_mature_finder_create(dmg_mature_finder **out, dmg_error *err)
{
    const builtin_file *const builtin = &builtin_mature[0];
    return create_from(out, builtin->bytes, builtin->size, builtin->name, err);
}

dmg_status dmg_mature_finder_load(dmg_mature_finder **out, const char *path, dmg_error *err)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    dmg_status st = safetensors_read_bytes(&bytes, &size, path, err);
    if (st == DMG_OK) st = create_from(out, bytes, size, path, err);
    free(bytes);
    return st;
}

void dmg_mature_finder_destroy(dmg_mature_finder *finder)
{
    if (!finder) return;
    duplex_clear(&finder->duplex);
    cut_places_clear(&finder->places);
    cut_lattice_clear(&finder->lattice);
    free(finder);
}

static dmg_mature_arm describe_arm(const cut_lattice *lattice, enum cut_arm arm, const long *cuts)
{
    const size_t first = arm == CUT_ARM_5P ? 0 : lattice->centre;
    const size_t start = (size_t)cuts[CUT_START] - first, end = (size_t)cuts[CUT_END] - first;
    return (dmg_mature_arm){
        .start = (size_t)cuts[CUT_START],
        .end = (size_t)cuts[CUT_END],
        .p_start = lattice->marginal[arm][CUT_START][start],
        .p_end = lattice->marginal[arm][CUT_END][end],
        .p_start_near = cut_lattice_near(lattice, arm, CUT_START, start),
        .p_end_near = cut_lattice_near(lattice, arm, CUT_END, end),
    };
}

/* Scores all places, and turns the lattice to the cuts that are most expected. */
static dmg_status score(bool *possible, dmg_mature_finder *finder, dmg_error *err)
{
    cut_lattice *const lattice = &finder->lattice;
    dmg_status st = cut_places_begin(&finder->places, &finder->duplex, err);
    if (st == DMG_OK) st = cut_lattice_begin(lattice, &finder->duplex, &finder->weights, err);
    if (st != DMG_OK) return st;
    cut_places_forward(&finder->places, &finder->weights, NULL);
    cut_lattice_score(lattice, &finder->places.scores);
    *possible = isfinite(cut_lattice_sum(lattice));
    if (!*possible) return DMG_OK;
    cut_lattice_marginals(lattice);
    cut_lattice_expect(lattice);
    return DMG_OK;
}

dmg_status dmg_mature_find(dmg_mature *out, dmg_mature_finder *finder, const char *sequence,
                           const char *structure, size_t length, dmg_error *err)
{
    *out = (dmg_mature){0};
    if (length > DMG_MATURE_MAX_LENGTH) return DMG_OK;
    bool possible = false;
    dmg_status st = duplex_build(&finder->duplex, sequence, structure, length, err);
    if (st == DMG_OK && finder->duplex.pairs > 0) st = score(&possible, finder, err);
    if (st != DMG_OK || !possible) return st;
    cut_set best;
    out->found = cut_lattice_best(&best, &finder->lattice);
    if (!out->found) return DMG_OK;
    out->arm_5p = describe_arm(&finder->lattice, CUT_ARM_5P, best.cuts[CUT_ARM_5P]);
    out->arm_3p = describe_arm(&finder->lattice, CUT_ARM_3P, best.cuts[CUT_ARM_3P]);
    return DMG_OK;
}
