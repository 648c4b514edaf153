/* SPDX-License-Identifier: MIT */
/* Names of families. */
#ifndef DMG_HOMOLOGY_FAMILY_H
#define DMG_HOMOLOGY_FAMILY_H

#include "deepmirgene/homology.h"

/* The family of a name: what follows the species, in small letters, up to the end of its first
 * number; "mir-169" of ath-MIR169g. */
void homology_family(char family[DMG_KNOWN_FAMILY], const char *name);

#endif
