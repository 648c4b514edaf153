/* SPDX-License-Identifier: MIT */
/* A folded sequence, as all encoders read it. */
#ifndef DMG_ENCODE_STRAND_H
#define DMG_ENCODE_STRAND_H

#include <stddef.h>

#include "base/nucleotide.h"
#include "base/pair_table.h"
#include "deepmirgene/encode.h"

typedef struct encode_strand {
    const char *sequence;  /* [length] letters of either case, T or U */
    const char *structure; /* [length] dot-bracket */
    size_t length;
    int energy;      /* dcal/mol, or DMG_ENERGY_UNKNOWN */
    size_t *partner; /* [length] the structure's pair table */
    size_t split;    /* see dmg_encode_split */
} encode_strand;

/* Fills in partner and split, which the others decide. DMG_FORMAT if the structure is not valid. */
dmg_status encode_strand_parse(encode_strand *strand, dmg_error *err);

static inline int strand_base(const encode_strand *strand, size_t i)
{
    return dmg_base_code(strand->sequence[i]);
}

/* Type of the pair whose 5' base is i. */
static inline int strand_pair(const encode_strand *strand, size_t i)
{
    return pair_type(strand_base(strand, i), strand_base(strand, strand->partner[i]));
}

#endif
