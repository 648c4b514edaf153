/* SPDX-License-Identifier: MIT */
/* The layout of a secondary structure, stem by stem; coordinates are those of SVG, y grows
 * downwards.
 */
#include "report/hairpin_layout.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

static const double pi = 3.14159265358979323846;

static const double half_gap = HAIRPIN_GAP / 2;
static const double trunk_step = 13; /* between unpaired neighbours beside the branches of a loop */
static const double corner_step = 16; /* where they go round corners */
static const double branch_pad = 22;  /* between the boxes of branches; numbers stand there */

/* --- a stretch of the drawing --- */

/* Nucleotides first .. last and how far they reach above and below y = 0. */
typedef struct box {
    size_t first, last;
    double above, below;
} box;

static void place(hairpin_layout *l, size_t i, double x, double y, double out_x, double out_y)
{
    l->at[i] = (hairpin_point){x, y};
    l->outward[i] = (hairpin_point){out_x, out_y};
}

static void include(box *b, double y)
{
    b->above = fmax(b->above, -y);
    b->below = fmax(b->below, y);
}

static void shift(hairpin_layout *l, const box *b, double right, double down)
{
    for (size_t i = b->first; i <= b->last; i++) {
        l->at[i].x += right;
        l->at[i].y += down;
        for (int k = 0; k < l->bends[i]; k++) {
            l->bend[i][k].x += right;
            l->bend[i][k].y += down;
        }
    }
}

/* --- loops of one stem --- */

/* The circle on which a hairpin loop of k unpaired nucleotides stands: their distance along it is
 * HAIRPIN_STEP, that of the closing pair HAIRPIN_GAP. */
static double loop_radius(size_t k)
{
    double low = half_gap, high = half_gap + HAIRPIN_STEP * ((double)k + 2);
    for (int round = 0; round < 50; round++) {
        const double r = (low + high) / 2;
        const double angle =
            2 * asin(half_gap / r) + 2 * ((double)k + 1) * asin(fmin(1, HAIRPIN_STEP / 2 / r));
        if (angle > 2 * pi)
            low = r;
        else
            high = r;
    }
    return high;
}

/* Unpaired i+1 .. j-1 on a circle that the pair i, j at column x closes from the left. */
static void place_loop(hairpin_layout *l, box *b, size_t i, size_t j, double x)
{
    const size_t k = j - i - 1;
    const double r = loop_radius(k), half_chord = asin(half_gap / r);
    const double middle = x + r * cos(half_chord);
    for (size_t t = 1; t <= k; t++) {
        const double angle = half_chord - pi + 2 * (pi - half_chord) * (double)t / (double)(k + 1);
        place(l, i + t, middle + r * cos(angle), r * sin(angle), cos(angle), sin(angle));
    }
    include(b, r);
    include(b, -r);
}

/* `count` unpaired nucleotides of one strand between two pairs at columns x and x + span: an arc
 * that is the higher, the more they are. side -1: the upper strand; 1: the lower. Returns its
 * height. */
static double place_side(hairpin_layout *l, size_t first, size_t count, double x, double span,
                         int side)
{
    const double height = fmin(22, 5 + 2.5 * (double)count);
    for (size_t t = 0; t < count; t++) {
        const double at = (double)(t + 1) / (double)(count + 1);
        const double y = half_gap + height * sqrt(sin(pi * at));
        place(l, side < 0 ? first + t : first + count - 1 - t, x + span * at, side * y, 0, side);
    }
    return height;
}

/* --- loops of several branches --- */

static box lay_out_stem(hairpin_layout *l, size_t i, size_t j, double x);

/* Room that the m unpaired nucleotides between two branches, or beside one, need. */
static double trunk_length(size_t m)
{
    return trunk_step * (double)(m + 1);
}

/* Puts the nucleotides from .. to, and the corners, evenly on a way of three legs, which the
 * nucleotide before `from` begins and the one after `to` ends (from > to: none between). side as
 * above. */
static void place_around(hairpin_layout *l, size_t from, size_t to, const hairpin_point way[4],
                         int side)
{
    double length = 0, walked = 0;
    for (int k = 0; k < 3; k++) length += hypot(way[k + 1].x - way[k].x, way[k + 1].y - way[k].y);
    const double step = length / (double)(to - from + 2);
    size_t next = from;
    for (int k = 0; k < 3; k++) {
        const double leg = hypot(way[k + 1].x - way[k].x, way[k + 1].y - way[k].y);
        for (; next <= to && step * (double)(next - from + 1) <= walked + leg; next++) {
            const double at = leg > 0 ? (step * (double)(next - from + 1) - walked) / leg : 0;
            place(l, next, way[k].x + at * (way[k + 1].x - way[k].x),
                  way[k].y + at * (way[k + 1].y - way[k].y), k == 1 ? -1 : 0, k == 1 ? 0 : side);
        }
        walked += leg;
        const size_t before = next - 1;
        if (k < 2 && l->bends[before] < 2) l->bend[before][l->bends[before]++] = way[k + 1];
    }
}

/* The branches that begin in from .. to, stems at column x: stacked, the first one's y returned in
 * *first_y and the last one's in *last_y, all about y = 0. The unpaired ones between them stand on
 * the trunk at their left. Returns the last nucleotide of the last branch. */
static size_t stack_branches(hairpin_layout *l, box *b, size_t from, size_t to, double x,
                             double *first_y, double *last_y)
{
    const double trunk = x - HAIRPIN_STEP;
    double y = 0;
    size_t end = from; /* one past the branch before */
    box total = {.first = from};
    for (size_t i = dmg_next_pair(l->partner, from, to + 1); i <= to;
         i = dmg_next_pair(l->partner, end, to + 1)) {
        const size_t j = l->partner[i];
        const box branch = lay_out_stem(l, i, j, x);
        if (i > from) {
            /* Down to below the branch before and to above this one, by as much as it takes. */
            const double bottom = y + half_gap, room = trunk_length(i - end);
            y = fmax(total.below + branch_pad + branch.above, bottom + room + half_gap);
            for (size_t t = end; t < i; t++)
                place(l, t, trunk,
                      bottom +
                          (y - half_gap - bottom) * (double)(t - end + 1) / (double)(i - end + 1),
                      -1, 0);
            if (end == i) { /* no nucleotide there to lead the line along the trunk */
                l->bends[i - 1] = 2;
                l->bend[i - 1][0] = (hairpin_point){trunk, bottom};
                l->bend[i - 1][1] = (hairpin_point){trunk, y - half_gap};
            }
            shift(l, &branch, 0, y);
        }
        include(&total, y - branch.above);
        include(&total, y + branch.below);
        end = j + 1;
    }
    total.last = end - 1;
    const double centre = y / 2;
    shift(l, &total, 0, -centre);
    *first_y = -centre;
    *last_y = y - centre;
    include(b, -total.above - centre);
    include(b, total.below - centre);
    return end - 1;
}

/* The loop that the pair i, j at column x closes and that has the branches from p on. */
static void place_branches(hairpin_layout *l, box *b, size_t i, size_t j, size_t p, double x)
{
    double first_y, last_y;
    const size_t q = stack_branches(l, b, p, j - 1, x, &first_y, &last_y);
    const double top = first_y - half_gap, bottom = last_y + half_gap;
    /* Both ways to the branches are made as long as their nucleotides need. */
    const double upper_need = corner_step * (double)(p - i) - (-half_gap - top);
    const double lower_need = corner_step * (double)(j - q) - (bottom - half_gap);
    const double away = fmax(3 * HAIRPIN_STEP, fmax(upper_need, lower_need));
    const box branches = {.first = p, .last = q};
    shift(l, &branches, away, 0);
    const double stems = x + away, outer = stems - 2 * HAIRPIN_STEP;
    const hairpin_point upper[4] = {{x, -half_gap}, {outer, -half_gap}, {outer, top}, {stems, top}};
    const hairpin_point lower[4] = {
        {stems, bottom}, {outer, bottom}, {outer, half_gap}, {x, half_gap}};
    place_around(l, i + 1, p - 1, upper, -1);
    place_around(l, q + 1, j - 1, lower, 1);
}

/* --- the whole --- */

/* The stem that begins with the pair i, j, the pair standing at column x, and all that follows. */
static box lay_out_stem(hairpin_layout *l, size_t i, size_t j, double x)
{
    box b = {.first = i, .last = j, .above = half_gap, .below = half_gap};
    for (;;) {
        place(l, i, x, -half_gap, 0, -1);
        place(l, j, x, half_gap, 0, 1);
        const dmg_loop loop = dmg_loop_closed_by(l->partner, i);
        const size_t p = loop.p, q = loop.q;
        if (loop.branches == 0) {
            place_loop(l, &b, i, j, x);
            return b;
        }
        if (loop.branches > 1) {
            place_branches(l, &b, i, j, p, x);
            return b;
        }
        const size_t upper = p - i - 1, lower = j - q - 1;
        const double span = HAIRPIN_STEP * (double)((upper > lower ? upper : lower) + 1);
        if (upper > 0) include(&b, -half_gap - place_side(l, i + 1, upper, x, span, -1));
        if (lower > 0) include(&b, half_gap + place_side(l, q + 1, lower, x, span, 1));
        x += span;
        i = p;
        j = q;
    }
}

/* A line without any pair. */
static void place_line(hairpin_layout *l)
{
    for (size_t i = 0; i < l->length; i++) place(l, i, HAIRPIN_STEP * (double)i, 0, 0, -1);
}

static void lay_out(hairpin_layout *l)
{
    const size_t p = dmg_next_pair(l->partner, 0, l->length);
    if (p == l->length) {
        place_line(l);
        return;
    }
    box whole = {0};
    double first_y, last_y;
    const size_t q = stack_branches(l, &whole, p, l->length - 1, 0, &first_y, &last_y);
    /* Both ends point to the left. */
    for (size_t i = 0; i < p; i++)
        place(l, i, -HAIRPIN_STEP * (double)(p - i), first_y - half_gap, 0, -1);
    for (size_t i = q + 1; i < l->length; i++)
        place(l, i, -HAIRPIN_STEP * (double)(i - q), last_y + half_gap, 0, 1);
}

static void measure(hairpin_layout *l)
{
    l->left = l->right = l->at[0].x;
    l->top = l->bottom = l->at[0].y;
    for (size_t i = 0; i < l->length; i++) {
        l->left = fmin(l->left, l->at[i].x);
        l->right = fmax(l->right, l->at[i].x);
        l->top = fmin(l->top, l->at[i].y);
        l->bottom = fmax(l->bottom, l->at[i].y);
    }
}

dmg_status hairpin_layout_create(hairpin_layout **out, const char *structure, size_t length,
                                 dmg_error *err)
{
    hairpin_layout *l = dmg_alloc_zero(1, sizeof *l);
    if (l) {
        l->length = length;
        l->partner = dmg_alloc(length, sizeof *l->partner);
        l->at = dmg_alloc_zero(length, sizeof *l->at);
        l->outward = dmg_alloc_zero(length, sizeof *l->outward);
        l->bends = dmg_alloc_zero(length, sizeof *l->bends);
        l->bend = dmg_alloc_zero(length, sizeof *l->bend);
    }
    const bool whole = l && l->partner && l->at && l->outward && l->bends && l->bend;
    dmg_status st = whole ? DMG_OK : dmg_error_nomem(err, "the drawing of a structure");
    if (st == DMG_OK) st = dmg_pair_table(l->partner, structure, length, err);
    if (st != DMG_OK) {
        hairpin_layout_destroy(l);
        return st;
    }
    if (length > 0) {
        lay_out(l);
        measure(l);
    }
    *out = l;
    return DMG_OK;
}

void hairpin_layout_destroy(hairpin_layout *layout)
{
    if (!layout) return;
    free(layout->partner);
    free(layout->at);
    free(layout->outward);
    free(layout->bends);
    free(layout->bend);
    free(layout);
}
