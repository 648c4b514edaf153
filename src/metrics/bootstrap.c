/* SPDX-License-Identifier: MIT */
/* Percentile intervals of all metrics by the bootstrap (Efron & Tibshirani 1993, chapter 13). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "metrics/levels.h"

static const double tail = 0.025;             /* left out at each end of a 95 % interval */
static const double undefined_allowed = 0.05; /* of the replicates */

typedef struct bootstrap {
    const levels *data;
    size_t *positive_levels; /* [positives] the level of each positive */
    size_t *negative_levels; /* [negatives] */
    size_t positives, negatives;
    double threshold;
    const dmg_bootstrap_options *options;
    levels *drawn;  /* [threads] the replicate that each is at work on */
    double *values; /* [replicates x DMG_METRICS] */
} bootstrap;

/* --- replicates --- */

static void draw_class(double *counts, dmg_rng *rng, const size_t *level_of, size_t members)
{
    for (size_t i = 0; i < members; i++) counts[level_of[dmg_rng_below(rng, members)]] += 1;
}

static dmg_status run_replicate(void *context, int worker, size_t i, dmg_error *err)
{
    (void)err;
    const bootstrap *b = context;
    const levels *drawn = &b->drawn[worker];
    memset(drawn->positives, 0, drawn->count * sizeof *drawn->positives);
    memset(drawn->negatives, 0, drawn->count * sizeof *drawn->negatives);
    dmg_rng rng;
    dmg_rng_init(&rng, b->options->seed, i);
    draw_class(drawn->positives, &rng, b->positive_levels, b->positives);
    draw_class(drawn->negatives, &rng, b->negative_levels, b->negatives);
    levels_values(b->values + i * DMG_METRICS, drawn, b->threshold);
    return DMG_OK;
}

/* Lists the level of each member of a class, and returns how many they are. */
static size_t list_members(size_t *level_of, const double *counts, size_t level_count)
{
    size_t members = 0;
    for (size_t i = 0; i < level_count; i++)
        for (double k = 0; k < counts[i]; k++) level_of[members++] = i;
    return members;
}

static dmg_status make_workspaces(bootstrap *b, dmg_error *err)
{
    const size_t count = b->data->count;
    b->drawn = dmg_alloc_zero((size_t)b->options->threads, sizeof *b->drawn);
    for (int w = 0; b->drawn && w < b->options->threads; w++) {
        levels *drawn = &b->drawn[w];
        *drawn = (levels){
            .count = count,
            .scores = dmg_alloc(count, sizeof *drawn->scores),
            .positives = dmg_alloc(count, sizeof *drawn->positives),
            .negatives = dmg_alloc(count, sizeof *drawn->negatives),
        };
        if (!drawn->scores || !drawn->positives || !drawn->negatives)
            return dmg_error_nomem(err, "the bootstrap");
        if (count > 0) memcpy(drawn->scores, b->data->scores, count * sizeof *drawn->scores);
    }
    return b->drawn ? DMG_OK : dmg_error_nomem(err, "the bootstrap");
}

static dmg_status bootstrap_init(bootstrap *b, const levels *data, size_t items, double threshold,
                                 const dmg_bootstrap_options *options, dmg_error *err)
{
    *b = (bootstrap){
        .data = data,
        .positive_levels = dmg_alloc(items, sizeof *b->positive_levels),
        .negative_levels = dmg_alloc(items, sizeof *b->negative_levels),
        .threshold = threshold,
        .options = options,
        .values = dmg_alloc(options->replicates, DMG_METRICS * sizeof *b->values),
    };
    if (!b->positive_levels || !b->negative_levels || !b->values)
        return dmg_error_nomem(err, "the bootstrap");
    b->positives = list_members(b->positive_levels, data->positives, data->count);
    b->negatives = list_members(b->negative_levels, data->negatives, data->count);
    return make_workspaces(b, err);
}

static void bootstrap_clear(bootstrap *b)
{
    for (int w = 0; b->drawn && w < b->options->threads; w++) levels_clear(&b->drawn[w]);
    free(b->drawn);
    free(b->positive_levels);
    free(b->negative_levels);
    free(b->values);
}

/* --- percentiles --- */

static int by_rising_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Between the two nearest of sorted [count], in proportion (definition 7 of Hyndman & Fan 1996). */
static double quantile(const double *sorted, size_t count, double share)
{
    const double place = share * (double)(count - 1);
    const size_t below = (size_t)place;
    if (below + 1 >= count) return sorted[count - 1];
    return sorted[below] + (place - (double)below) * (sorted[below + 1] - sorted[below]);
}

/* `column` [replicates] is working memory. */
static dmg_interval interval_of(double *column, const bootstrap *b, enum dmg_metric metric)
{
    const size_t replicates = b->options->replicates;
    size_t defined = 0;
    for (size_t i = 0; i < replicates; i++) {
        const double value = b->values[i * DMG_METRICS + metric];
        if (!isnan(value)) column[defined++] = value;
    }
    if (defined == 0 || (double)(replicates - defined) > undefined_allowed * (double)replicates)
        return (dmg_interval){NAN, NAN};
    qsort(column, defined, sizeof *column, by_rising_value);
    return (dmg_interval){quantile(column, defined, tail), quantile(column, defined, 1 - tail)};
}

static dmg_status fill_intervals(dmg_interval *intervals, const bootstrap *b, dmg_error *err)
{
    double *column = dmg_alloc(b->options->replicates, sizeof *column);
    if (!column) return dmg_error_nomem(err, "the bootstrap");
    for (enum dmg_metric m = 0; m < DMG_METRICS; m++) intervals[m] = interval_of(column, b, m);
    free(column);
    return DMG_OK;
}

/* --- the whole --- */

dmg_bootstrap_options dmg_bootstrap_options_defaults(void)
{
    return (dmg_bootstrap_options){.replicates = 1000, .seed = DMG_DEFAULT_SEED, .threads = 1};
}

dmg_status dmg_metrics_bootstrap(dmg_interval *intervals, const float *scores, const bool *labels,
                                 size_t count, double threshold,
                                 const dmg_bootstrap_options *options, dmg_error *err)
{
    levels data;
    dmg_status st = dmg_threads_check(options->threads, err);
    if (st == DMG_OK) st = levels_init(&data, scores, labels, count, err);
    if (st != DMG_OK) return st;
    bootstrap b;
    st = bootstrap_init(&b, &data, count, threshold, options, err);
    if (st == DMG_OK)
        st = dmg_parallel_for(options->replicates, options->threads, run_replicate, &b, err);
    if (st == DMG_OK) st = fill_intervals(intervals, &b, err);
    bootstrap_clear(&b);
    levels_clear(&data);
    return st;
}
