/* SPDX-License-Identifier: MIT */
/* Finds the main stem of a structure and lays its strands side by side. */
#include "mature/duplex.h"

#include "base/error.h"
#include "base/nucleotide.h"
#include "base/pair_table.h"

static void place(hairpin_duplex *duplex, size_t length)
{
    duplex->mirror = dmg_arena_take(&duplex->arena, length + 1, sizeof *duplex->mirror);
    duplex->symbols = dmg_arena_take(&duplex->arena, length, sizeof *duplex->symbols);
    duplex->partner = dmg_arena_take(&duplex->arena, length, sizeof *duplex->partner);
}

static dmg_status reserve(hairpin_duplex *duplex, size_t length, dmg_error *err)
{
    if (duplex->arena.memory && length <= duplex->capacity) return DMG_OK;
    duplex_clear(duplex);
    place(duplex, length);
    if (!dmg_arena_alloc(&duplex->arena)) return dmg_error_nomem(err, "the stem of a hairpin");
    place(duplex, length);
    duplex->capacity = length;
    return DMG_OK;
}

void duplex_clear(hairpin_duplex *duplex)
{
    dmg_arena_clear(&duplex->arena);
    *duplex = (struct hairpin_duplex){0};
}

/* Sets the loop to that with most pairs around it, and `pairs` to their number. */
static void find_loop(hairpin_duplex *duplex)
{
    const size_t *const partner = duplex->partner;
    size_t depth = 0, opening = DMG_UNPAIRED; /* the last base that opened a pair */
    duplex->pairs = 0;
    duplex->loop_start = duplex->loop_end = duplex->length / 2;
    for (size_t i = 0; i < duplex->length; i++) {
        if (partner[i] == DMG_UNPAIRED) continue;
        if (partner[i] > i) {
            depth++;
            opening = i;
            continue;
        }
        if (partner[i] == opening && depth > duplex->pairs) {
            duplex->pairs = depth;
            duplex->loop_start = opening + 1;
            duplex->loop_end = i;
        }
        depth--;
    }
}

/* The 5' base of the pair next outwards from base `i`; there is one. */
static size_t step_out(const size_t *partner, size_t i)
{
    do {
        i--;
        if (partner[i] != DMG_UNPAIRED && partner[i] < i)
            i = partner[i]; /* a side branch */
        else if (partner[i] != DMG_UNPAIRED)
            return i;
    } while (true);
}

/* Mirrors of the cuts between the pair (left, right) and the next one inwards, whose arms begin at
 * cuts inner_left and inner_right: matched from the outer pair on. */
static void match_cuts(hairpin_duplex *duplex, size_t left, size_t right, size_t inner_left,
                       size_t inner_right)
{
    const size_t forward = inner_left - left - 1, backward = right - inner_right;
    for (size_t u = 0; u <= forward; u++)
        duplex->mirror[left + 1 + u] = (long)(right - (u < backward ? u : backward));
    for (size_t u = 0; u <= backward; u++)
        duplex->mirror[right - u] = (long)(left + 1 + (u < forward ? u : forward));
}

static void write_symbols(hairpin_duplex *duplex, const char *sequence)
{
    for (size_t i = 0; i < duplex->length; i++) {
        const uint8_t code = dmg_base_code(sequence[i]);
        duplex->symbols[i] = (uint8_t)(code == BASE_N ? DUPLEX_OTHER : 2 * (code - BASE_A));
    }
}

static void mark_paired(hairpin_duplex *duplex, size_t i)
{
    if (duplex->symbols[i] < DUPLEX_OTHER) duplex->symbols[i] |= 1;
}

/* Walks the chain from the loop to the base. */
static void walk_chain(hairpin_duplex *duplex)
{
    size_t inner_left = duplex->loop_start, inner_right = duplex->loop_end;
    for (size_t cut = inner_left; cut <= inner_right; cut++)
        duplex->mirror[cut] = (long)(inner_left + inner_right - cut);
    for (size_t k = 0; k < duplex->pairs; k++) {
        const size_t left = step_out(duplex->partner, inner_left);
        const size_t right = duplex->partner[left];
        if (k > 0) match_cuts(duplex, left, right, inner_left, inner_right);
        mark_paired(duplex, left);
        mark_paired(duplex, right);
        inner_left = left;
        inner_right = right + 1;
    }
    duplex->base_start = inner_left;
    duplex->base_end = inner_right;
    for (size_t cut = 0; cut <= inner_left; cut++)
        duplex->mirror[cut] = (long)(inner_left + inner_right) - (long)cut;
    for (size_t cut = inner_right; cut <= duplex->length; cut++)
        duplex->mirror[cut] = (long)(inner_left + inner_right) - (long)cut;
}

dmg_status duplex_build(hairpin_duplex *duplex, const char *sequence, const char *structure,
                        size_t length, dmg_error *err)
{
    dmg_status st = reserve(duplex, length, err);
    if (st == DMG_OK) st = dmg_pair_table(duplex->partner, structure, length, err);
    if (st != DMG_OK) return st;
    duplex->length = length;
    find_loop(duplex);
    write_symbols(duplex, sequence);
    walk_chain(duplex);
    return DMG_OK;
}

uint8_t duplex_symbol(const hairpin_duplex *duplex, long position)
{
    if (position < 0 || (size_t)position >= duplex->length) return DUPLEX_OUTSIDE;
    return duplex->symbols[position];
}

size_t duplex_centre(const hairpin_duplex *duplex)
{
    return (duplex->loop_start + duplex->loop_end) / 2;
}
