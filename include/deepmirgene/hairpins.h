/* SPDX-License-Identifier: MIT */
/* The hairpins of a long sequence: candidates for precursors of microRNAs, found by local folding.
 *
 * Let E(i, j) be the least free energy of a structure of i..j in which base i pairs with base j,
 * including the contributions of bases i - 1 and j + 1 as neighbours. Long segments always have low
 * energies, so pairs are compared by the score E(i, j) + background * (j - i + 1): lower is better.
 *
 *   1. A pair is locally optimal if no pair with both ends within `neighbourhood` bases of its own
 *      scores better.
 *   2. Locally optimal pairs that score no more than max_score and have `shortest` bases or more
 *      may overlap. A pair is left out if `overlap_limit` better ones each share with it half of
 *      the bases of the longer of the two.
 *   3. The remaining pairs are candidates: with `flank` bases more at either end, folded as by
 *      dmg_fold, where this fold has a stem of `min_pairs` pairs and no more than max_energy.
 *   4. With a `long_span` the same is done for pairs that are too long for `span`. Of these, only
 *      pairs that have an inverted repeat of `min_repeat` at least in their bases are candidates
 *      (src/fold/inverted_repeats.h defines its score): hairpins that are one long stem, as plants
 *      have them.
 *
 * doc/folding.md gives the reasons and the losses. All of this is local: see dmg_hairpin_context().
 */
#ifndef DMG_HAIRPINS_H
#define DMG_HAIRPINS_H

#include <stddef.h>

#include "deepmirgene/cpu.h"
#include "deepmirgene/status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define DMG_HAIRPIN_MAX_SPAN 1000

/* Limits and, in brackets, defaults. Pairs of more than span - 2 flank bases are not considered. */
typedef struct dmg_hairpin_options {
    int span;          /* most bases of a candidate, 20 .. DMG_HAIRPIN_MAX_SPAN [140] */
    int shortest;      /* fewest from end to end of its pair, 5 .. span - 2 flank [40] */
    int background;    /* dcal/mol a base, 0 .. 100 [20] */
    int max_score;     /* dcal/mol, < 0 [-500] */
    int neighbourhood; /* radius of the neighbourhood, flank .. span [12] */
    int overlap_limit; /* 1 .. 1000 [3] */
    int flank;         /* bases at either end where the sequence has them, 0 .. span / 2 - 5 [10] */
    int min_pairs; /* in the longest stem: most pairs around one hairpin loop, 1 .. span / 2 [18] */
    int max_energy; /* dcal/mol, <= 0 [-1500] */
    int long_span;  /* likewise with an inverted repeat, up to DMG_HAIRPIN_MAX_SPAN; `span` or less:
                     * there are none [0] */
    int min_repeat; /* score of that, 1 .. 200 [33] */
} dmg_hairpin_options;

/* Without long candidates, which a scan adds for models that know them (scan.h). */
DMG_API dmg_hairpin_options dmg_hairpin_defaults(void);

/* DMG_RANGE, with a message that names the field, if a value is outside its limits. */
DMG_API dmg_status dmg_hairpin_check(const dmg_hairpin_options *options, dmg_error *err);

/* The strand that is folded: the bases as given, or their reverse complement. */
typedef enum dmg_strand { DMG_STRAND_PLUS, DMG_STRAND_MINUS } dmg_strand;

/* A candidate. Its strings live until the callback returns. */
typedef struct dmg_hairpin {
    size_t start, end;     /* 0-based, half open, in the given bases on either strand */
    int energy;            /* dcal/mol, of `structure`: the minimum free energy of `sequence` */
    int pairs;             /* of its longest stem */
    const char *sequence;  /* [end - start] and NUL: A C G U, N for any other letter, read on the
                            * strand that was folded */
    const char *structure; /* likewise, dot-bracket */
} dmg_hairpin;

/* Takes one candidate. Any status but DMG_OK ends the search, which returns it. */
typedef dmg_status dmg_hairpin_found(void *context, const dmg_hairpin *hairpin, dmg_error *err);

/* Most bases of a candidate: the greater span. */
DMG_API size_t dmg_hairpin_longest(const dmg_hairpin_options *options);

/* A candidate depends only on its own bases, on this many bases at either side of it, and on ends
 * of the sequence within that distance. So a piece of a sequence has exactly the candidates of the
 * whole sequence that lie in it and at least this far from cut ends, that is, ends of the piece
 * that are not ends of the sequence. Candidates nearer to a cut end are to be discarded. */
DMG_API size_t dmg_hairpin_context(const dmg_hairpin_options *options);

/* Working memory of one thread: 7 MB at the default span, growing with the square of the span, and
 * 6 MB more with a `long_span` of 400; for any length of the sequence. */
typedef struct dmg_hairpin_finder dmg_hairpin_finder;

/* DMG_UNSUPPORTED if the processor lacks `cpu`; the candidates are the same at every level. */
DMG_API dmg_status dmg_hairpin_finder_create(dmg_hairpin_finder **out,
                                             const dmg_hairpin_options *options, dmg_cpu cpu,
                                             dmg_error *err);
DMG_API void dmg_hairpin_finder_destroy(dmg_hairpin_finder *finder);

/* Calls `found` for every candidate of bases[0 .. length): those of up to `span` bases by ascending
 * start, then end, and then the longer ones likewise. Letters of either case; T is U; others than A
 * C G U pair with nothing. Any length. */
DMG_API dmg_status dmg_hairpins_find(dmg_hairpin_finder *finder, const char *bases, size_t length,
                                     dmg_strand strand, dmg_hairpin_found *found, void *context,
                                     dmg_error *err);

#ifdef __cplusplus
}
#endif

#endif
