/* SPDX-License-Identifier: MIT */
/* Gradients against central finite differences, in double precision.
 *
 * The hard sigmoid has kinks, and across a kink a difference quotient says nothing of the slope. So
 * each measurement of the loss also names its regime: on which piece of the hard sigmoid every gate
 * stands. A quotient counts only when all its points share one regime; otherwise it is taken again
 * with a smaller step. No coordinate is skipped: one that sits on a kink fails the test.
 */
#ifndef DMG_TESTS_GRADIENT_H
#define DMG_TESTS_GRADIENT_H

#include <float.h>
#include <math.h>
#include <stdbool.h>

#include "base/rng.h"
#include "nn/lstm.h"
#include "nn/real.h"
#include "unit.h"

_Static_assert(sizeof(real) == sizeof(double), "build with -DDMG_NN_DOUBLE");

typedef struct measurement {
    double loss;
    uint64_t regime;
} measurement;

/* The loss at the present values of everything that `context` holds. */
typedef measurement measure_function(void *context);

/* Uniform in +-scale. */
static inline void fill_uniform(real *x, size_t n, double scale, dmg_rng *rng)
{
    for (size_t k = 0; k < n; k++) x[k] = scale * (2 * dmg_rng_uniform(rng) - 1);
}

static inline void fill_constant(real *x, size_t n, real value)
{
    for (size_t k = 0; k < n; k++) x[k] = value;
}

static inline void subtract_constant(real *x, size_t n, real value)
{
    for (size_t k = 0; k < n; k++) x[k] -= value;
}

static inline bool is_hard_gate(size_t gate)
{
    return gate != LSTM_CANDIDATE;
}

/* Mixes into `regime` (as FNV-1a does) the pieces on which the gates of a trace over T steps of H
 * units stand. */
static inline uint64_t mix_regime(uint64_t regime, lstm_trace trace, size_t T, size_t H)
{
    for (size_t k = 0; k < T * LSTM_GATES * H; k++) {
        const real value = trace.gates[k];
        if (!is_hard_gate(k / H % LSTM_GATES)) continue;
        regime = (regime ^ (value <= 0 ? 1u : value >= 1 ? 2u : 3u)) * 0x100000001b3u;
    }
    return regime;
}

/* The slope of the loss along *x from five points; false when they do not share one regime. */
static inline bool difference_quotient(double *slope, real *x, double step,
                                       measure_function *measure, void *context)
{
    static const double offsets[] = {-2, -1, 1, 2}, weights[] = {1, -8, 8, -1};
    const real middle = *x;
    const uint64_t regime = measure(context).regime;
    bool same = true;
    double sum = 0;
    for (int k = 0; k < 4; k++) {
        *x = middle + offsets[k] * step;
        const measurement at = measure(context);
        same = same && at.regime == regime;
        sum += weights[k] * at.loss;
    }
    *x = middle;
    *slope = sum / (12 * step);
    return same;
}

/* Compares analytic [n] with the slopes of the loss along x [n], which `measure` depends on. What
 * the rounding of the loss does to the quotient is allowed for. */
static inline void check_gradient(const char *what, real *x, const real *analytic, size_t n,
                                  measure_function *measure, void *context)
{
    const double relative = 1e-6, size = fmax(1, fabs(measure(context).loss));
    double worst = 0, steepest = 0;
    size_t flat = 0;
    for (size_t k = 0; k < n; k++) {
        double slope = 0, step = 1e-3;
        while (!difference_quotient(&slope, &x[k], step, measure, context)) {
            step /= 10;
            if (step < 1e-6) fail_msg("%s: coordinate %zu sits on a kink", what, k);
        }
        const double rounding = 20 * size * DBL_EPSILON / step;
        const double error = fabs(analytic[k] - slope);
        if (!(error <= relative * fabs(slope) + rounding))
            fail_msg("%s: coordinate %zu of %zu: gradient %.12g, finite difference %.12g", what, k,
                     n, analytic[k], slope);
        worst = fmax(worst, error);
        steepest = fmax(steepest, fabs(slope));
        flat += analytic[k] == 0;
    }
    print_message("%s: %zu slopes up to %.1e, %zu of them 0; largest error %.1e\n", what, n,
                  steepest, flat, worst);
}

#endif
