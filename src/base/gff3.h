/* SPDX-License-Identifier: MIT */
/* Names in GFF3: github.com/The-Sequence-Ontology/Specifications, version 1.26. */
#ifndef DMG_BASE_GFF3_H
#define DMG_BASE_GFF3_H

#include <stdio.h>

/* The text as the first column may have it: other bytes are written as %XX. */
void dmg_gff3_column(FILE *out, const char *text);

/* The same for the value of an attribute. */
void dmg_gff3_attribute(FILE *out, const char *text);

#endif
