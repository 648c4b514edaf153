/* SPDX-License-Identifier: MIT */
/* Error rates of loci from the number of false ones that are expected; scan.h has the formulas. */
#ifndef DMG_SCAN_ERROR_RATES_H
#define DMG_SCAN_ERROR_RATES_H

#include <stdbool.h>
#include <stddef.h>

/* A number of false loci that is expected, and the standard deviation of its natural logarithm. */
typedef struct false_loci {
    double mean, spread;
} false_loci;

enum { BACKGROUND_POINTS = 32 };

/* How often sequence without precursors has loci, by the model's own table. */
typedef struct score_background {
    size_t count; /* of points, ascending; 0: the model has no table */
    double p[BACKGROUND_POINTS];
    false_loci per_mb[BACKGROUND_POINTS]; /* of probability p or more, falling, > 0; their spread is
                                           * that between genomes of a like number of loci in all */
} score_background;

/* Loci of probability p or more in 1 Mb: between the points, and beyond the last one, linear in the
 * logarithms of odds and of loci. */
false_loci background_loci(const score_background *background, double p);

/* The factor by which a genome has more or fewer false loci than the table says: from `seen` loci
 * in `mb` Mb of a probability of at least the table's first point and less than BACKGROUND_TOP, of
 * which few are true; near 1 where there are few. */
#define BACKGROUND_TOP 0.8
double background_scale(const score_background *background, double seen, double mb);

/* The number of true loci among `seen` ones that is to be expected where so many false ones are,
 * and `stated` true ones are thought likely before. Both numbers are uncertain: that of the false
 * ones by its spread (log-normal), that of the true ones by powers of two, each half as likely as
 * the one nearer to `stated`. Given both, `seen` has a Poisson distribution, and each locus is true
 * with the share of the true ones. */
double expected_true(double seen, false_loci expected, double stated);

/* For loci by falling score, of which the i-th and all before it are expected to have expected[i]
 * false ones among them; first[i]: it is the first of its family, and only such ones count as loci.
 * `stated` true ones are thought likely before. wrong[i]: the probability that the locus is false:
 * the slope of the greatest convex curve below the false ones as a function of the loci
 * (Grenander's estimate of a density that falls; Strimmer 2008, BMC Bioinformatics 9:303), 0 to 1.
 * q[i]: its mean over the i-th and all before it. `wrong` and `q` of a later member of a family are
 * those of the locus before it. False when memory is out. */
bool error_rates(double *wrong, double *q, const false_loci *expected, const bool *first,
                 size_t count, double stated);

#endif
