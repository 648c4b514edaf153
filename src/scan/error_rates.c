/* SPDX-License-Identifier: MIT */
/* Error rates of loci. */
#include "scan/error_rates.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"

/* --- the background --- */

static double log_odds(double p)
{
    const double limit = 1e-7; /* of single precision */
    p = p < limit ? limit : p > 1 - limit ? 1 - limit : p;
    return log(p / (1 - p));
}

false_loci background_loci(const score_background *background, double p)
{
    size_t i = 0; /* the stretch from point i to the next */
    while (i + 2 < background->count && p > background->p[i + 1]) i++;
    const false_loci from = background->per_mb[i], to = background->per_mb[i + 1];
    const double begin = log_odds(background->p[i]), end = log_odds(background->p[i + 1]);
    const double share = fmax(0, (log_odds(p) - begin) / (end - begin));
    return (false_loci){.mean = from.mean * pow(to.mean / from.mean, share),
                        .spread = from.spread + share * (to.spread - from.spread)};
}

/* Loci that the table counts for, so that a handful of the genome's own do not outweigh it. */
#define TABLE_WEIGHT 3.0

double background_scale(const score_background *background, double seen, double mb)
{
    const double expected = mb * (background_loci(background, background->p[0]).mean -
                                  background_loci(background, BACKGROUND_TOP).mean);
    return (seen + TABLE_WEIGHT) / (expected + TABLE_WEIGHT);
}

/* --- true and false --- */

/* Powers of two around the stated number of true loci, standard deviations around the false ones.
 */
enum { FEWEST = -6, MOST = 16, DEVIATIONS = 3 };

double expected_true(double seen, false_loci expected, double stated)
{
    double weights = 0, truths = 0, greatest = -INFINITY;
    for (int power = FEWEST; power <= MOST; power++)
        for (int deviation = -DEVIATIONS; deviation <= DEVIATIONS; deviation++) {
            const double truth = stated * pow(2, power);
            const double all = truth + expected.mean * exp(deviation * expected.spread);
            const double logarithm =
                seen * log(all) - all - 0.5 * deviation * deviation - abs(power) * log(2);
            /* All weights are relative to the greatest so far, so that none overflows. */
            if (logarithm > greatest) {
                weights *= exp(greatest - logarithm);
                truths *= exp(greatest - logarithm);
                greatest = logarithm;
            }
            weights += exp(logarithm - greatest);
            truths += exp(logarithm - greatest) * truth / all;
        }
    return seen * truths / weights;
}

/* --- rates --- */

/* Neighbouring loci whose slope is one: the stretch from one to the next point where the convex
 * curve touches the other.. */
typedef struct stretch {
    double false_loci;
    size_t loci;
} stretch;

static double slope(const stretch *s)
{
    return s->false_loci / (double)s->loci;
}

/* Joins the last two stretches while the later one is not steeper (pool adjacent violators). */
static size_t pool(stretch *stretches, size_t count)
{
    while (count > 1 && slope(&stretches[count - 2]) >= slope(&stretches[count - 1])) {
        stretches[count - 2].false_loci += stretches[count - 1].false_loci;
        stretches[count - 2].loci += stretches[count - 1].loci;
        count--;
    }
    return count;
}

/* The stretches of the convex curve. */
static void convex(stretch *stretches, const false_loci *expected, const bool *first, size_t count,
                   double stated)
{
    size_t pooled = 0;
    double loci = 0, before = 0;
    for (size_t i = 0; i < count; i++) {
        if (!first[i]) continue;
        loci++;
        const double wrong = loci - expected_true(loci, expected[i], stated);
        stretches[pooled++] = (stretch){wrong - before, 1};
        before = wrong;
        pooled = pool(stretches, pooled);
    }
}

bool error_rates(double *wrong, double *q, const false_loci *expected, const bool *first,
                 size_t count, double stated)
{
    stretch *stretches = dmg_alloc(count, sizeof *stretches);
    if (!stretches) return false;
    convex(stretches, expected, first, count, stated);
    size_t loci = 0;
    double sum = 0, rate = 0;
    for (size_t i = 0, s = 0, left = 0; i < count; i++) {
        if (first[i]) {
            if (left == 0) {
                rate = fmax(0, fmin(1, slope(&stretches[s])));
                left = stretches[s++].loci;
            }
            left--;
            loci++;
            sum += rate;
        }
        wrong[i] = rate;
        q[i] = loci > 0 ? sum / (double)loci : 1;
    }
    free(stretches);
    return true;
}
