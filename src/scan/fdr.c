/* SPDX-License-Identifier: MIT */
/* False discovery rates from decoys; scan.h has the formula and its sources. */
#include "scan/fdr.h"

#include <stdlib.h>

static int compare_descending(const void *a, const void *b)
{
    const float l = *(const float *)a, r = *(const float *)b;
    return (l < r) - (l > r);
}

void fdr_sort(float *scores, size_t count)
{
    if (count > 0) qsort(scores, count, sizeof *scores, compare_descending);
}

size_t fdr_decoys_from(const float *decoys, size_t count, float score)
{
    size_t low = 0, high = count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (decoys[middle] >= score)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void fdr_q_values(double *q, const float *scores, size_t count, const float *decoys,
                  size_t decoy_count, double ratio)
{
    size_t above = 0;
    for (size_t i = 0; i < count; i++) {
        while (above < decoy_count && decoys[above] >= scores[i]) above++;
        /* Of equal scores the last has counted them all. */
        const double rate = (double)(above + 1) / (ratio * (double)(i + 1));
        q[i] = rate < 1 ? rate : 1;
    }
    /* A lower threshold keeps all that a higher one keeps; so a rate may come from further down. */
    for (size_t i = count; i-- > 1;)
        if (q[i] < q[i - 1]) q[i - 1] = q[i];
}
