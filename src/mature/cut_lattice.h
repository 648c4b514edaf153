/* SPDX-License-Identifier: MIT */
/* The four cuts of a hairpin together: a conditional random field whose graph is a ring,
 *
 *     5p start -- length -- 5p end -- Dicer's overhang -- 3p start -- length -- 3p end -- Drosha's
 *         |                                                                       overhang |
 *         +--------------------------------------------------------------------------------+
 *
 * The score of four cuts is the sum of the scores of its corners (cut_network.h) and of its edges:
 * how long each mature sequence is, and by how much the 3' strand of either cut is the longer one.
 * The probability of four cuts is the exponential of their score over Z, the sum of that over all
 * four cuts with the 5p ones at or before the centre of the loop, the 3p ones at or after it, and
 * lengths between CUT_SHORTEST and CUT_LONGEST (Lafferty, McCallum & Pereira 2001).
 *
 * A ring is summed exactly by two matrix products: over the 5p end for each (5p start, 3p start),
 * and over the 3p end for the same two.
 */
#ifndef DMG_MATURE_CUT_LATTICE_H
#define DMG_MATURE_CUT_LATTICE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "mature/cut_places.h"
#include "mature/duplex.h"

/* Cuts by arm and side. */
typedef struct cut_set {
    long cuts[CUT_ARMS][CUT_SIDES];
} cut_set;

enum { CUT_UNKNOWN = -1 };

/* What the edges expect or weigh, shaped as in cut_weights. */
typedef struct cut_edges {
    double length[CUT_ARMS][CUT_LENGTHS];
    double overhang[CUT_ENZYMES][CUT_OVERHANGS];
} cut_edges;

typedef struct cut_lattice {
    size_t rows, columns; /* cuts of the 5' arm, 0 .. centre; of the 3' arm, centre .. length */
    size_t centre;
    double scale;                          /* log of what the corners' weights were divided by */
    double *corner[CUT_ARMS][CUT_SIDES];   /* [rows] or [columns], exponentials of scores */
    double *marginal[CUT_ARMS][CUT_SIDES]; /* likewise, probabilities */
    cut_edges edge;                        /* exponentials of scores */
    cut_edges expected;                    /* how often each edge is used, in the mean */
    const long *mirror;                    /* of the hairpin_duplex */
    double *dicer, *drosha;                /* [rows][columns]: weights of (5p end, 3p start), (5p
                                            * start, 3p end) */
    double *inner, *outer;                 /* [rows][columns] of (5p start, 3p start): sums over the
                                            * 5p end, over the 3p end */
    double *dicer_paths, *drosha_paths;    /* [rows][columns]: probabilities, as dicer and drosha */
    dmg_arena arena;
    size_t capacity; /* cuts there is room for */
} cut_lattice;

/* Accepts a zeroed struct. */
void cut_lattice_clear(cut_lattice *lattice);

/* Begins a hairpin: makes room, and sets the edges' weights. The duplex must outlive its use. */
dmg_status cut_lattice_begin(cut_lattice *lattice, const hairpin_duplex *duplex,
                             const cut_weights *weights, dmg_error *err);

/* Sets the corners' weights from scores [arm][side][length + 1], of which only the arm's own cuts
 * are read. */
void cut_lattice_score(cut_lattice *lattice, const cut_scores *scores);

/* Excludes all cuts but those given; CUT_UNKNOWN excludes none. */
void cut_lattice_observe(cut_lattice *lattice, const cut_set *observed);

/* log Z; -infinity where no four cuts are possible. */
double cut_lattice_sum(cut_lattice *lattice);

/* After cut_lattice_sum: fills in `marginal` and `expected`. */
void cut_lattice_marginals(cut_lattice *lattice);

/* The four cuts of the highest score, the first in the order 5p start, 3p start, 5p end, 3p end of
 * equals; false where there are none. */
bool cut_lattice_best(cut_set *best, cut_lattice *lattice);

/* After cut_lattice_marginals: the probability of the arm's i-th cut or one of its neighbours. */
double cut_lattice_near(const cut_lattice *lattice, enum cut_arm arm, enum cut_side side, size_t i);

/* After cut_lattice_marginals: makes the best cuts of the lattice those of which most are expected
 * to be within one nucleotide of the true ones (and, of nearly equal ones, exact). Its sums are
 * then meaningless. */
void cut_lattice_expect(cut_lattice *lattice);

#endif
