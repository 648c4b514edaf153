/* SPDX-License-Identifier: MIT */
/* Distances between words, by the recursion of Damerau and Levenshtein (optimal string alignment).
 */
#include "suggest.h"

#include <string.h>

enum { LONGEST = 31 }; /* words of more letters are near nothing */

suggestion suggest_begin(const char *word, size_t length)
{
    return (suggestion){.word = word, .length = length, .distance = 1 + (length + 1) / 3};
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* d[i][k]: of the first i letters of a and the first k of b. */
static size_t distance(const char *a, size_t m, const char *b, size_t n)
{
    size_t d[LONGEST + 1][LONGEST + 1];
    for (size_t i = 0; i <= m; i++) d[i][0] = i;
    for (size_t k = 0; k <= n; k++) d[0][k] = k;
    for (size_t i = 1; i <= m; i++)
        for (size_t k = 1; k <= n; k++) {
            const size_t changed = d[i - 1][k - 1] + (a[i - 1] != b[k - 1]);
            d[i][k] = smaller(changed, 1 + smaller(d[i - 1][k], d[i][k - 1]));
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                d[i][k] = smaller(d[i][k], d[i - 2][k - 2] + 1);
        }
    return d[m][n];
}

void suggest_consider(suggestion *best, const char *name)
{
    const size_t length = strlen(name);
    if (best->length == 0 || best->length > LONGEST || length > LONGEST) return;
    const size_t apart = distance(best->word, best->length, name, length);
    if (apart >= best->distance) return;
    best->distance = apart;
    best->name = name;
}
