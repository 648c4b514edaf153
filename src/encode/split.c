/* SPDX-License-Identifier: MIT */
/* Where a structure is cut in two arms. */
#include <stdbool.h>
#include <string.h>

#include "encode/strand.h"

/* Whether nothing but dots stands between structure[at] == ')' and a '(' before it, whose index
 * then is *opening. */
static bool closes_hairpin(const char *structure, size_t at, size_t *opening)
{
    size_t i = at;
    while (i > 0 && structure[i - 1] == '.') i--;
    *opening = i - 1;
    return i > 0 && structure[i - 1] == '(';
}

/* The first hairpin loop lies between the first ')' and the '(' before it, the last one between the
 * last '(' and the ')' after it: found from both ends, without looking at the stems. */
static bool outer_hairpins(size_t *start, size_t *end, const char *structure, size_t length)
{
    size_t opening = 0, last = length;
    const char *closing = memchr(structure, ')', length);
    while (closing && !closes_hairpin(structure, (size_t)(closing - structure), &opening))
        closing = memchr(closing + 1, ')', length - 1 - (size_t)(closing - structure));
    if (!closing) return false;
    *start = opening + 1;
    for (;;) {
        while (structure[last - 1] != '(') last--;
        last--; /* a '(' with a hairpin loop, unless the structure is not balanced */
        *end = last + 1;
        while (*end < length && structure[*end] == '.') ++*end;
        if (*end < length && structure[*end] == ')') return true;
    }
}

static int count_hairpins(const char *structure, size_t length)
{
    int found = 0;
    size_t opening;
    for (size_t i = 0; i < length; i++)
        found += structure[i] == ')' && closes_hairpin(structure, i, &opening);
    return found;
}

size_t dmg_encode_split(const char *structure, size_t length, int *loops)
{
    size_t start, end;
    if (loops) *loops = count_hairpins(structure, length);
    if (length == 0 || !outer_hairpins(&start, &end, structure, length)) return length / 2;
    return (start + end) / 2;
}

dmg_status encode_strand_parse(encode_strand *strand, dmg_error *err)
{
    const dmg_status st = dmg_pair_table(strand->partner, strand->structure, strand->length, err);
    if (st == DMG_OK) strand->split = dmg_encode_split(strand->structure, strand->length, NULL);
    return st;
}
