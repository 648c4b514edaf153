/* SPDX-License-Identifier: MIT */
/* The engine for one type of numbers and one width of vectors. The file that includes this defines
 *
 *     real        the numbers
 *     LANES       of a vector: 4, or 1 for none
 *     VEC_SUM(v)  the sum of the lanes
 *     REAL_LARGE  numbers stay between this and its inverse, with room for products
 *     ENGINE      the name of the engine
 */
#include "fold/pairing_outside_template.h"

static bool within_range(const rows *w)
{
    for (int i = 0; i <= w->p->n; i++)
        if (!(w->suffix[i] < REAL_LARGE && w->suffix[i] > 1 / REAL_LARGE)) return false;
    return true;
}

/* The probabilities, as doubles, from the beginning of the memory that they are in. */
static void give_pairs(dmg_pairing *p)
{
    const real *const from = p->closed;
    const size_t n = (size_t)p->n, count = n * (n + 1) / 2;
    p->pairs = p->closed;
    if (sizeof(real) == sizeof(double)) return;
    for (size_t k = 0; k < count; k++) {
        const double probability = (double)from[k];
        memcpy((char *)p->closed + k * sizeof(double), &probability, sizeof probability);
    }
}

static bool run(dmg_pairing *p, bool probabilities)
{
    rows w;
    start_rows(&w, p);
    sum_inside(&w);
    if (!within_range(&w)) return false;
    p->log_sum = (double)LOG(w.suffix[0]) - p->n * log(p->base_factor);
    if (!probabilities) return true;
    if (!derive_outside(&w)) return false;
    give_pairs(p);
    return true;
}

const dmg_pairing_engine ENGINE = {
    .element = sizeof(real), .reserve_rows = reserve_rows, .run = run};
