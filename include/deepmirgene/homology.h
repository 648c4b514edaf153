/* SPDX-License-Identifier: MIT */
/* The known microRNA that a hairpin resembles most.
 *
 * Known ones are the records of a FASTA file: hairpins (miRBase's hairpin.fa) or mature sequences
 * (mature.fa, MirGeneDB). Those that share most words of eight bases with the hairpin are aligned
 * with it by edlib (Sosic & Sikic 2017, Bioinformatics 33:1394), the shorter of the two inside the
 * longer one. Resemblance is separate evidence: no probability of this library depends on it.
 */
#ifndef DMG_HOMOLOGY_H
#define DMG_HOMOLOGY_H

#include <stdbool.h>
#include <stddef.h>

#include "deepmirgene/mature.h"
#include "deepmirgene/status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define DMG_KNOWN_MATURE           35 /* bases of a mature sequence at most; longer records are hairpins */
#define DMG_KNOWN_FAMILY           32 /* bytes of the name of a family at most, the NUL included */
#define DMG_KNOWN_HAIRPIN_IDENTITY 0.75 /* of a homologue at least */
#define DMG_KNOWN_MATURE_IDENTITY  0.9  /* likewise, of a mature sequence */

/* Whose seed, bases 2 to 8 of a mature sequence, the homologue has: a mature one at its own bases 2
 * to 8, a hairpin anywhere. */
typedef enum dmg_seed { DMG_SEED_NONE, DMG_SEED_5P, DMG_SEED_3P, DMG_SEED_BOTH } dmg_seed;

/* "none", "5p", "3p", "both": a constant string. */
DMG_API const char *dmg_seed_name(dmg_seed seed);

typedef struct dmg_homologue {
    const char *name; /* the id of the record, the set's; NULL where nothing is as similar: novel */
    char family[DMG_KNOWN_FAMILY]; /* "mir-21" of hsa-mir-21, hsa-miR-21-5p and Hsa-Mir-21 */
    double identity;               /* 1 - edits / bases of the shorter one; NaN: the name comes from
                                    * the place in the genome, and seeds were not compared */
    dmg_seed seed;
} dmg_homologue;

/* A set of known sequences, with the working memory of one thread. */
typedef struct dmg_known dmg_known;

/* Reads a file as dmg_reader does. DMG_UNSUPPORTED where the library was built without edlib. *out
 * is to be destroyed by the caller. */
DMG_API dmg_status dmg_known_load(dmg_known **out, const char *path, dmg_error *err);

/* Accepts NULL. */
DMG_API void dmg_known_destroy(dmg_known *known);

/* The homologue of highest identity of sequence [length], letters of either case, T or U; of equals
 * the one that shares more words, then the first in the file. `mature` are the hairpin's own mature
 * sequences, or NULL. */
DMG_API dmg_status dmg_known_find(dmg_homologue *out, dmg_known *known, const char *sequence,
                                  size_t length, const dmg_mature *mature, dmg_error *err);

#ifdef __cplusplus
}
#endif

#endif
