/* SPDX-License-Identifier: MIT */
#include "scan/locus_entry.h"

int locus_by_place(const void *a, const void *b)
{
    const locus_entry *l = a, *r = b;
    if (l->sequence != r->sequence) return l->sequence < r->sequence ? -1 : 1;
    if (l->start != r->start) return l->start < r->start ? -1 : 1;
    if (l->end != r->end) return l->end < r->end ? -1 : 1;
    return (int)l->strand - (int)r->strand;
}

int locus_by_score(const void *a, const void *b)
{
    const locus_entry *l = a, *r = b;
    if (l->p_mirna > r->p_mirna || l->p_mirna < r->p_mirna) return l->p_mirna > r->p_mirna ? -1 : 1;
    if (l->energy != r->energy) return l->energy < r->energy ? -1 : 1;
    return locus_by_place(a, b);
}
