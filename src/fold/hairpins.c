/* SPDX-License-Identifier: MIT */
/* Candidates of a long sequence, from windows that overlap.
 *
 * What of a window depends on bases outside of it lies in a margin and is left to the next window,
 * so that nobody can tell where one begins. Each window reports the pairs whose first base, on the
 * plus strand, is in its core.
 */
#include "deepmirgene/hairpins.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "fold/engines.h"
#include "fold/inverted_repeats.h"
#include "fold/local_pairs.h"
#include "fold/provisional.h"

/* Bases of the core of a window, in spans: the margins, two spans together, are filled twice. Long
 * candidates are rare, so that their windows begin and end with them. */
enum { CORE_SPANS = 32, LONG_CORE_SPANS = 2 };

/* Starts of pairs that are searched for inverted repeats together. */
#define REPEAT_BLOCK 8192

/* Bases [start, end) of the sequence. */
typedef struct region {
    size_t start, end;
} region;

struct dmg_hairpin_finder {
    dmg_hairpin_options options;
    size_t core;   /* bases */
    size_t window; /* bases, at most */
    dmg_mfe_engines engines;
    dmg_mfe mfe;
    dmg_local_pairs pairs;
    region *regions; /* [region_count] to be reported */
    size_t region_count, region_capacity;
    char *letters;              /* [window] of the strand that is folded */
    char *sequence, *structure; /* [span + 1] of a candidate */
    dmg_hairpin_finder
        *longer; /* of long candidates; NULL: none are wanted, or it is that itself */
    dmg_inverted_repeats repeats; /* of a finder of long candidates: where they may be */
    size_t repeats_from;          /* position of their first base */
};

/* --- options --- */

dmg_hairpin_options dmg_hairpin_defaults(void)
{
    return (dmg_hairpin_options){
        .span = 140,
        .shortest = 40,
        .background = 20,
        .max_score = -500,
        .neighbourhood = 12,
        .overlap_limit = 3,
        .flank = 10,
        .min_pairs = 18,
        .max_energy = -1500,
        .min_repeat = 33,
    };
}

static dmg_status check_range(const char *name, int value, int least, int most, dmg_error *err)
{
    if (value >= least && value <= most) return DMG_OK;
    return dmg_error_set(err, DMG_RANGE, "hairpins: %s of %d: from %d to %d is possible", name,
                         value, least, most);
}

dmg_status dmg_hairpin_check(const dmg_hairpin_options *o, dmg_error *err)
{
    dmg_status st = check_range("span", o->span, 20, DMG_HAIRPIN_MAX_SPAN, err);
    if (st == DMG_OK) st = check_range("flank", o->flank, 0, (o->span - 10) / 2, err);
    if (st == DMG_OK) st = check_range("shortest", o->shortest, 5, o->span - 2 * o->flank, err);
    if (st == DMG_OK) st = check_range("background", o->background, 0, 100, err);
    if (st == DMG_OK) st = check_range("max_score", o->max_score, -1000000, -1, err);
    if (st == DMG_OK) st = check_range("overlap_limit", o->overlap_limit, 1, 1000, err);
    if (st == DMG_OK) st = check_range("neighbourhood", o->neighbourhood, o->flank, o->span, err);
    if (st == DMG_OK) st = check_range("min_pairs", o->min_pairs, 1, o->span / 2, err);
    if (st == DMG_OK) st = check_range("max_energy", o->max_energy, -1000000, 0, err);
    if (st == DMG_OK) st = check_range("long_span", o->long_span, 0, DMG_HAIRPIN_MAX_SPAN, err);
    if (st == DMG_OK) st = check_range("min_repeat", o->min_repeat, 1, REPEAT_MOST, err);
    return st;
}

size_t dmg_hairpin_longest(const dmg_hairpin_options *options)
{
    return (size_t)(options->long_span > options->span ? options->long_span : options->span);
}

/* Rivals that share half of their bases have the other half further out, pairs to compare those
 * with end up to `neighbourhood` bases further, and all have neighbours. */
size_t dmg_hairpin_context(const dmg_hairpin_options *options)
{
    return dmg_hairpin_longest(options) / 2 + 1 + (size_t)(options->neighbourhood - options->flank);
}

/* --- memory --- */

static bool reserve(dmg_hairpin_finder *f)
{
    const size_t longest = (size_t)f->options.span;
    f->letters = dmg_alloc(f->window, 1);
    f->sequence = dmg_alloc(longest + 1, 1);
    f->structure = dmg_alloc(longest + 1, 1);
    return f->letters && f->sequence && f->structure &&
           dmg_local_pairs_init(&f->pairs, &f->options, f->window);
}

/* A finder of candidates of up to `span` bases. */
static dmg_status create_finder(dmg_hairpin_finder **out, const dmg_hairpin_options *options,
                                size_t core_spans, dmg_cpu cpu, dmg_error *err)
{
    dmg_hairpin_finder *const f = dmg_alloc_zero(1, sizeof *f);
    if (!f) return dmg_error_nomem(err, "hairpins");
    f->options = *options;
    f->options.long_span = 0;
    f->core = core_spans * (size_t)options->span;
    f->window = f->core + (size_t)options->span + 2 * dmg_hairpin_context(&f->options);
    dmg_mfe_engines_init(&f->engines, cpu);
    if (!reserve(f)) {
        dmg_hairpin_finder_destroy(f);
        return dmg_error_nomem(err, "hairpins");
    }
    *out = f;
    return DMG_OK;
}

/* A finder of the candidates that are too long for `span`. */
static dmg_status create_longer(dmg_hairpin_finder *f, const dmg_hairpin_options *options,
                                dmg_cpu cpu, dmg_error *err)
{
    dmg_hairpin_options longer = *options;
    const int flanks = 2 * options->flank;
    longer.span = options->long_span;
    longer.shortest = options->span - flanks + 1;
    const dmg_status st = create_finder(&f->longer, &longer, LONG_CORE_SPANS, cpu, err);
    if (st != DMG_OK) return st;
    const size_t room = REPEAT_BLOCK + (size_t)longer.span;
    if (dmg_inverted_repeats_init(&f->longer->repeats, longer.shortest, longer.span - flanks,
                                  options->min_repeat, room))
        return DMG_OK;
    return dmg_error_nomem(err, "hairpins");
}

dmg_status dmg_hairpin_finder_create(dmg_hairpin_finder **out, const dmg_hairpin_options *options,
                                     dmg_cpu cpu, dmg_error *err)
{
    dmg_hairpin_finder *f = NULL;
    dmg_status st = dmg_hairpin_check(options, err);
    if (st == DMG_OK) st = dmg_cpu_resolve(&cpu, err);
    if (st == DMG_OK) st = create_finder(&f, options, CORE_SPANS, cpu, err);
    if (st == DMG_OK && options->long_span > options->span)
        st = create_longer(f, options, cpu, err);
    if (st == DMG_OK)
        *out = f;
    else
        dmg_hairpin_finder_destroy(f);
    return st;
}

void dmg_hairpin_finder_destroy(dmg_hairpin_finder *finder)
{
    if (!finder) return;
    dmg_hairpin_finder_destroy(finder->longer);
    dmg_inverted_repeats_clear(&finder->repeats);
    dmg_mfe_clear(&finder->mfe);
    dmg_local_pairs_clear(&finder->pairs);
    free(finder->regions);
    free(finder->letters);
    free(finder->sequence);
    free(finder->structure);
    free(finder);
}

/* --- a window --- */

/* Where it lies in the sequence. */
typedef struct view {
    const char *bases;
    size_t length;
    dmg_strand strand;
    size_t from, to;           /* the window */
    size_t core_from, core_to; /* where the pairs begin that it reports */
    bool repeats;              /* those of inverted repeats only */
    size_t unsure;             /* bases at its ends for dmg_local_pairs_find() */
} view;

/* Letters of bases[from .. to), read on the strand. */
static void copy_strand(char *out, const char *bases, size_t from, size_t to, dmg_strand strand)
{
    for (size_t k = 0; k < to - from; k++) {
        const int plus = dmg_base_code(bases[from + k]);
        const int minus = dmg_base_complement(dmg_base_code(bases[to - 1 - k]));
        out[k] = dmg_base_letter(strand == DMG_STRAND_PLUS ? plus : minus);
    }
}

/* The bases of the sequence that a pair and its flanks are, if the window reports it. */
static bool locate(region *r, const dmg_hairpin_finder *f, const view *v,
                   const dmg_local_pair *pair)
{
    const bool plus = v->strand == DMG_STRAND_PLUS;
    const size_t flank = (size_t)f->options.flank;
    const size_t first = plus ? v->from + (size_t)pair->i : v->to - 1 - (size_t)pair->j;
    const size_t end = first + (size_t)(pair->j - pair->i) + 1;
    r->start = first < flank ? 0 : first - flank;
    r->end = v->length - end < flank ? v->length : end + flank;
    if (first < v->core_from || first >= v->core_to) return false;
    return !v->repeats || dmg_inverted_repeats_within(&f->repeats, first - f->repeats_from,
                                                      end - 1 - f->repeats_from);
}

static int compare_regions(const void *a, const void *b)
{
    const region *const x = a, *const y = b;
    if (x->start != y->start) return x->start < y->start ? -1 : 1;
    return (x->end > y->end) - (x->end < y->end);
}

/* Folds the window and finds the regions that it reports, in order. */
static dmg_status find_regions(dmg_hairpin_finder *f, const view *v, dmg_error *err)
{
    dmg_local_pairs *const l = &f->pairs;
    copy_strand(f->letters, v->bases, v->from, v->to, v->strand);
    if (!dmg_mfe_engines_fill(&f->mfe, &f->engines, f->letters, v->to - v->from, f->window,
                              (size_t)f->options.span) ||
        !dmg_local_pairs_find(l, &f->mfe, (int)v->unsure) ||
        !dmg_grow(&f->regions, &f->region_capacity, l->best_count, sizeof *f->regions))
        return dmg_error_nomem(err, "hairpins");
    f->region_count = 0;
    for (size_t k = 0; k < l->best_count; k++) {
        region r;
        if (locate(&r, f, v, &l->best[k])) f->regions[f->region_count++] = r;
    }
    if (f->region_count > 0)
        qsort(f->regions, f->region_count, sizeof *f->regions, compare_regions);
    return DMG_OK;
}

/* --- candidates --- */

/* Most pairs around one hairpin loop. */
static int longest_stem(const char *structure)
{
    int open = 0, most = 0;
    for (; *structure; structure++) {
        open += (*structure == '(') - (*structure == ')');
        if (open > most) most = open;
    }
    return most;
}

/* Folds a region by itself, and tells of it if the fold is good enough. The matrices of the window
 * have all that this takes but F: C and M of a segment do not depend on what is around it. */
static dmg_status report(dmg_hairpin_finder *f, const view *v, const region *r,
                         dmg_hairpin_found *found, void *context, dmg_error *err)
{
    const int n = (int)(r->end - r->start);
    const int first = (int)(v->strand == DMG_STRAND_PLUS ? r->start - v->from : v->to - r->end);
    dmg_mfe_fill_exterior(&f->mfe, first, n);
    dmg_mfe_traceback(&f->mfe, first, n, f->structure);
    memcpy(f->sequence, f->letters + first, (size_t)n);
    f->sequence[n] = '\0';
    const dmg_hairpin hairpin = {
        .start = r->start,
        .end = r->end,
        .energy = F(&f->mfe, n),
        .pairs = longest_stem(f->structure),
        .sequence = f->sequence,
        .structure = f->structure,
    };
    if (hairpin.pairs < f->options.min_pairs || hairpin.energy > f->options.max_energy)
        return DMG_OK;
    return found(context, &hairpin, err);
}

static dmg_status search_window(dmg_hairpin_finder *f, const view *v, dmg_hairpin_found *found,
                                void *context, dmg_error *err)
{
    dmg_status st = find_regions(f, v, err);
    for (size_t k = 0; st == DMG_OK && k < f->region_count; k++)
        st = report(f, v, &f->regions[k], found, context, err);
    return st;
}

/* What is searched, and who is told. */
typedef struct search {
    const char *bases;
    size_t length;
    dmg_strand strand;
    dmg_hairpin_found *found;
    void *context;
    bool provisional;
} search;

/* Bases that a window has on either side of the pairs that it reports: with their rivals, or with
 * no more than decides whether a pair is locally optimal. */
static size_t margin_of(const dmg_hairpin_finder *f, const search *s)
{
    return s->provisional ? (size_t)f->options.neighbourhood + 1 : dmg_hairpin_context(&f->options);
}

/* Searches for pairs whose first base, on the plus strand, is one of [from, to). */
static dmg_status search_starts(dmg_hairpin_finder *f, const search *s, size_t from, size_t to,
                                dmg_error *err)
{
    const size_t margin = margin_of(f, s);
    const size_t behind = margin + (size_t)f->pairs.span;
    dmg_status st = DMG_OK;
    for (size_t at = from; st == DMG_OK && at < to; at += f->core) {
        const size_t core_to = to - at < f->core ? to : at + f->core;
        const view v = {
            .bases = s->bases,
            .length = s->length,
            .strand = s->strand,
            .from = at < margin ? 0 : at - margin,
            .to = s->length - core_to < behind ? s->length : core_to + behind,
            .core_from = at,
            .core_to = core_to,
            .repeats = f->repeats.reach != NULL,
            .unsure = s->provisional ? margin : 0,
        };
        st = search_window(f, &v, s->found, s->context, err);
    }
    return st;
}

/* --- long candidates --- */

/* Searches those of [from, to) where a pair can begin that has an inverted repeat. What lies
 * between two of them is searched as well where a window more would cost more. */
static dmg_status search_repeats(dmg_hairpin_finder *f, const search *s, size_t from, size_t to,
                                 dmg_error *err)
{
    dmg_inverted_repeats *const repeats = &f->repeats;
    const size_t apart = (size_t)f->options.span;
    const size_t rest = s->length - from, length = rest < repeats->room ? rest : repeats->room;
    dmg_inverted_repeats_find(repeats, s->bases + from, length, s->strand);
    f->repeats_from = from;
    region starts = {from, from};
    dmg_status st = DMG_OK;
    for (size_t i = from; st == DMG_OK && i < to; i++) {
        if (repeats->reach[i - from] == 0) continue;
        if (starts.end == starts.start || i - starts.end > apart) {
            st = search_starts(f, s, starts.start, starts.end, err);
            starts.start = i;
        }
        starts.end = i + 1;
    }
    return st == DMG_OK ? search_starts(f, s, starts.start, starts.end, err) : st;
}

static dmg_status search_long(dmg_hairpin_finder *f, const search *s, dmg_error *err)
{
    dmg_status st = DMG_OK;
    for (size_t at = 0; st == DMG_OK && at < s->length; at += REPEAT_BLOCK)
        st = search_repeats(f, s, at, s->length - at < REPEAT_BLOCK ? s->length : at + REPEAT_BLOCK,
                            err);
    return st;
}

/* --- confirmation --- */

/* How many of the list can be looked at in one window: they overlap, and there is room. */
static size_t count_together(const dmg_hairpin_finder *f, const dmg_provisional *list, size_t count)
{
    const size_t room = f->window - 2 * dmg_hairpin_context(&f->options);
    size_t end = list[0].end, k = 1;
    for (; k < count && list[k].start < end && list[k].end - list[0].start <= room; k++)
        if (list[k].end > end) end = list[k].end;
    return k;
}

static dmg_status confirm_together(dmg_hairpin_finder *f, const search *s, dmg_provisional *list,
                                   size_t count, dmg_error *err)
{
    const size_t margin = dmg_hairpin_context(&f->options), start = list[0].start;
    size_t end = list[0].end;
    for (size_t k = 1; k < count; k++)
        if (list[k].end > end) end = list[k].end;
    const view v = {
        .bases = s->bases,
        .length = s->length,
        .strand = s->strand,
        .from = start < margin ? 0 : start - margin,
        .to = s->length - end < margin ? s->length : end + margin,
        .core_from = start,
        .core_to = end,
    };
    const dmg_status st = find_regions(f, &v, err);
    for (size_t k = 0; st == DMG_OK && k < count; k++) {
        const region r = {list[k].start, list[k].end};
        list[k].confirmed = f->region_count > 0 && bsearch(&r, f->regions, f->region_count,
                                                           sizeof r, compare_regions) != NULL;
    }
    return st;
}

dmg_status dmg_hairpins_confirm(dmg_hairpin_finder *f, const char *bases, size_t length,
                                dmg_strand strand, dmg_provisional *list, size_t count,
                                dmg_error *err)
{
    const search s = {.bases = bases, .length = length, .strand = strand};
    dmg_status st = DMG_OK;
    for (size_t k = 0, together; st == DMG_OK && k < count; k += together) {
        together = count_together(f->longer, list + k, count - k);
        st = confirm_together(f->longer, &s, list + k, together, err);
    }
    return st;
}

/* --- searches --- */

dmg_status dmg_hairpins_find_short(dmg_hairpin_finder *f, const char *bases, size_t length,
                                   dmg_strand strand, dmg_hairpin_found *found, void *context,
                                   dmg_error *err)
{
    const search s = {bases, length, strand, found, context, false};
    return search_starts(f, &s, 0, length, err);
}

dmg_status dmg_hairpins_find_provisional(dmg_hairpin_finder *f, const char *bases, size_t length,
                                         dmg_strand strand, dmg_hairpin_found *found, void *context,
                                         dmg_error *err)
{
    const search s = {bases, length, strand, found, context, true};
    return f->longer ? search_long(f->longer, &s, err) : DMG_OK;
}

dmg_status dmg_hairpins_find(dmg_hairpin_finder *f, const char *bases, size_t length,
                             dmg_strand strand, dmg_hairpin_found *found, void *context,
                             dmg_error *err)
{
    const search s = {bases, length, strand, found, context, false};
    const dmg_status st = search_starts(f, &s, 0, length, err);
    return st == DMG_OK && f->longer ? search_long(f->longer, &s, err) : st;
}
