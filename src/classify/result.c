/* SPDX-License-Identifier: MIT */
/* What is said of one record. */
#include "classify/result.h"

#include <math.h>

#include "deepmirgene/encode.h"
#include "deepmirgene/fold.h"

const char *dmg_call_name(dmg_call call)
{
    switch (call) {
    case DMG_CALL_NONE: return "NA";
    case DMG_CALL_OTHER: return "other";
    case DMG_CALL_PRECURSOR: return "pre-miRNA";
    }
    return "NA";
}

const char *dmg_flag_name(size_t i)
{
    static const char *const names[] = {"empty",     "too_long",  "ambiguous", "structure_given",
                                        "no_pair",   "multiloop", "long",      "no_hairpin",
                                        "too_short", "malformed", "no_memory", "not_a_number"};
    return i < sizeof names / sizeof *names ? names[i] : NULL;
}

void result_begin(dmg_result *result, const dmg_record *record, const char *path)
{
    *result = (dmg_result){
        .header = record->name,
        .sequence = record->sequence,
        .length = record->length,
        .structure = record->structure,
        .mfe = NAN,
        .energy = DMG_ENERGY_UNKNOWN,
        .p_mirna = NAN,
        .call = DMG_CALL_NONE,
        .path = path,
        .line = record->line,
        .hairpin_end = record->length,
    };
    result->fault = record->fault;
    if (record->fault)
        result->flags |= DMG_FLAG_MALFORMED;
    else if (record->length == 0)
        result->flags |= DMG_FLAG_EMPTY;
    else if (record->length < DMG_SHORTEST_PRECURSOR)
        result->flags |= DMG_FLAG_TOO_SHORT;
    if (record->ambiguous) result->flags |= DMG_FLAG_AMBIGUOUS;
    if (!record->structure) return;
    result->flags |= DMG_FLAG_STRUCTURE_GIVEN;
    int energy;
    if (dmg_fold_evaluate(&energy, record->sequence, record->structure, record->length, NULL) ==
        DMG_OK)
        result_set_energy(result, energy);
}

void result_set_long(dmg_result *result)
{
    result->structure = NULL;
    result->flags = (result->flags & ~(unsigned)DMG_FLAG_STRUCTURE_GIVEN) | DMG_FLAG_LONG;
    result->hairpin_end = 0;
}

bool result_needs_fold(const dmg_result *result)
{
    return !result->structure && !(result->flags & DMG_FLAG_LONG) && result->length > 0 &&
           result->length <= DMG_FOLD_MAX_LENGTH;
}

bool result_is_folded(const dmg_result *result)
{
    return result->structure && result->length > 0;
}

void result_set_energy(dmg_result *result, int energy)
{
    result->energy = energy;
    result->mfe = energy / 100.0;
}

void result_set_score(dmg_result *result, float p_mirna, double threshold)
{
    if (isnan(p_mirna)) {
        result->flags |= DMG_FLAG_NOT_A_NUMBER;
        return;
    }
    result->p_mirna = (double)p_mirna;
    result->call = result->p_mirna >= threshold ? DMG_CALL_PRECURSOR : DMG_CALL_OTHER;
}

void result_set_flags(dmg_result *result)
{
    int loops;
    if (result->length > DMG_FOLD_MAX_LENGTH && !result->structure)
        result->flags |= DMG_FLAG_TOO_LONG;
    if (!result_is_folded(result)) return;
    dmg_encode_split(result->structure, result->length, &loops);
    if (loops == 0) result->flags |= DMG_FLAG_NO_PAIR;
    if (loops > 1) result->flags |= DMG_FLAG_MULTILOOP;
}
