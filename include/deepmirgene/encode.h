/* SPDX-License-Identifier: MIT */
/* From sequence and structure to the token streams that the network reads.
 *
 * The structure of a precursor is a palindrome: its 5' arm and its 3' arm mirror each other about
 * the loop. It is therefore cut at the loop centre and the 3' part is reversed, so that both arms
 * are read from the open end of the stem towards the loop (the paper, section 3.1, split and flip
 * of algorithm 1).
 */
#ifndef DMG_ENCODE_H
#define DMG_ENCODE_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include "deepmirgene/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The content of a stream of tokens. */
typedef enum dmg_stream_kind {
    DMG_STREAM_SEQUENCE,        /* the bases, 5' to 3' */
    DMG_STREAM_FORWARD,         /* the structure before the split, 5' to 3' */
    DMG_STREAM_BACKWARD,        /* the structure from the split on, flipped: 3' to 5' */
    DMG_STREAM_STRUCTURE,       /* the whole structure, 5' to 3', unsplit */
    DMG_STREAM_PAIRED,          /* each base with its pair: the whole, 5' to 3' */
    DMG_STREAM_FORWARD_PAIRED,  /* of that, the part before the split, 5' to 3' */
    DMG_STREAM_BACKWARD_PAIRED, /* the part from the split on, flipped: 3' to 5' */
    DMG_STREAM_CONTACT_MAP,     /* not a stream of tokens, but the contact map of the base pairs
                                 * (the idea of Do, Golkov, Guerel & Cremers 2018) */
    DMG_STREAM_KINDS
} dmg_stream_kind;

/* Tokens. Bases: A C G U are 0 1 2 3, any other letter is DMG_TOKEN_ANY. Structures: ( . ) are
 * 0 1 2. Paired bases: unpaired A C G U are 0 1 2 3, any other unpaired letter is
 * DMG_TOKEN_ANY_PAIRED; 4 .. 9 are the pairs AU CG GC GU UA UG, this base first, on the opening
 * side, and 10 .. 15 the same on the closing one. The letters of another pair, which only a given
 * structure can have, count as unpaired. */
#define DMG_TOKEN_ANY        4
#define DMG_TOKEN_ANY_PAIRED 16

/* Symbols with an embedding of their own: 4 for bases, 3 for structures, 16 for paired bases; 0 for
 * a contact map. */
DMG_API int dmg_encode_symbols(dmg_stream_kind kind);

/* The number of leading symbols that are the four unpaired bases (or all brackets). A token that is
 * not a symbol, as DMG_TOKEN_ANY, is embedded as their mean. */
DMG_API int dmg_encode_plain_symbols(dmg_stream_kind kind);

/* The name of a kind in model files: "forward_pairing" of DMG_STREAM_FORWARD_PAIRED. */
DMG_API const char *dmg_encode_stream_name(dmg_stream_kind kind);

/* Where the structure is cut: forward = [0, split), backward = [split, length). A hairpin loop is a
 * maximal run of '.', which in a given structure may be empty, with '(' before and ')' after; with
 * s the start of the 5'-most and e the end (exclusive) of the 3'-most one, split = (s + e) / 2, so
 * several loops are cut midway between the outer two. Without any pair, split = length / 2. *loops,
 * if not NULL, gets the number of hairpin loops. */
DMG_API size_t dmg_encode_split(const char *structure, size_t length, int *loops);

/* The base that step t of a stream of tokens reads, for a sequence of that length. */
DMG_API size_t dmg_encode_position(dmg_stream_kind kind, size_t t, size_t length);

#define DMG_CONTACT_COLOURS 3  /* GC, AU, GU, either way round */
#define DMG_MAX_GRID        64 /* rows and columns of a contact map */

/* Numbers that describe a folded sequence. */
typedef enum dmg_feature {
    DMG_FEATURE_LENGTH,          /* nucleotides */
    DMG_FEATURE_MFE,             /* free energy of the structure, kcal/mol */
    DMG_FEATURE_MFE_PER_LENGTH,  /* kcal/mol per nucleotide */
    DMG_FEATURE_MFE_PER_PAIR,    /* kcal/mol per base pair */
    DMG_FEATURE_PAIRED_FRACTION, /* of the nucleotides, those in pairs */
    DMG_FEATURE_GC,              /* of the letters A C G U, those that are C or G */
    DMG_FEATURE_GU_FRACTION,     /* of the pairs, those of G and U */
    DMG_FEATURE_HAIRPINS,        /* hairpin loops */
    DMG_FEATURE_LOOP_LENGTH,     /* nucleotides of the longest hairpin loop; 0 without any */
    DMG_FEATURE_LONGEST_STEM,    /* pairs of the longest run of pairs stacked on one another */
    DMG_FEATURE_LARGEST_BULGE,   /* unpaired nucleotides of the largest bulge or interior loop, of
                                  * both its sides; 0 without any */
    DMG_FEATURE_ASYMMETRY,       /* of bulges and interior loops, by how many unpaired nucleotides
                                  * one side is longer than the other; their sum */
    DMG_FEATURE_FLANK_5,         /* nucleotides before the main stem: of the stems that no other
                                  * pair encloses the one with most pairs, the first of equal ones */
    DMG_FEATURE_FLANK_3,         /* nucleotides after the main stem */
    DMG_FEATURE_DINUCLEOTIDES,   /* of the neighbours that are both of A C G U, those that are AA;
                                  * then AC, AG, AU, CA, ... UU */
    DMG_FEATURES = DMG_FEATURE_DINUCLEOTIDES + 16
} dmg_feature;

/* The name of a feature in architectures: "mfe_per_length" of DMG_FEATURE_MFE_PER_LENGTH,
 * "dinucleotide_AA" of DMG_FEATURE_DINUCLEOTIDES. NULL for any other value. */
DMG_API const char *dmg_encode_feature_name(dmg_feature feature);

#define DMG_ENERGY_UNKNOWN INT_MIN /* of a structure with pairs that have no energy */

#ifdef __cplusplus
}
#endif

#endif
