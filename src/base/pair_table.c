/* SPDX-License-Identifier: MIT */
/* Matching of brackets. */
#include "base/pair_table.h"

#include "base/error.h"

bool dmg_structure_valid(const char *structure, size_t length, size_t *fault)
{
    size_t open = 0, i = 0;
    /* One branch, which the processor foresees. */
    for (; i < length; i++) {
        const bool opens = structure[i] == '(', closes = structure[i] == ')';
        const bool other = (structure[i] != '.') & !opens & !closes;
        if (other | (closes & (open == 0))) break;
        open += opens;
        open -= closes;
    }
    *fault = i;
    if (i < length) return false;
    /* Seen from the right end, the first '(' that meets no waiting ')' is never closed. */
    size_t waiting = 0;
    while (open > 0) {
        i--;
        if (structure[i] == ')') waiting++;
        if (structure[i] == '(' && waiting-- == 0) {
            *fault = i;
            return false;
        }
    }
    return true;
}

static dmg_status report_fault(const char *structure, size_t fault, dmg_error *err)
{
    switch (structure[fault]) {
    case '(':
        return dmg_error_set(err, DMG_FORMAT, "structure: '(' at position %zu is not closed",
                             fault + 1);
    case ')':
        return dmg_error_set(err, DMG_FORMAT,
                             "structure: ')' at position %zu has no opening bracket", fault + 1);
    default:
        return dmg_error_set(err, DMG_FORMAT,
                             "structure: '%c' at position %zu, expected '(', '.' or ')'",
                             structure[fault], fault + 1);
    }
}

/* Open brackets are chained through `partner` itself until they are closed. */
dmg_status dmg_pair_table(size_t *partner, const char *structure, size_t length, dmg_error *err)
{
    size_t fault, open = DMG_UNPAIRED;
    if (!dmg_structure_valid(structure, length, &fault)) return report_fault(structure, fault, err);
    for (size_t i = 0; i < length; i++) {
        partner[i] = DMG_UNPAIRED;
        if (structure[i] == '(') {
            partner[i] = open;
            open = i;
        } else if (structure[i] == ')') {
            const size_t outer = partner[open];
            partner[open] = i;
            partner[i] = open;
            open = outer;
        }
    }
    return DMG_OK;
}

dmg_loop dmg_loop_closed_by(const size_t *partner, size_t i)
{
    const size_t j = partner[i];
    dmg_loop loop = {.i = i, .j = j, .p = dmg_next_pair(partner, i + 1, j), .q = i};
    for (size_t k = loop.p; k < j; k = dmg_next_pair(partner, loop.q + 1, j)) {
        loop.branches++;
        loop.q = partner[k];
    }
    return loop;
}
