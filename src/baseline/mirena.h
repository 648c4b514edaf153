/* SPDX-License-Identifier: MIT */
/* Criteria of MIReNA (Mathelier & Carbone 2010, Bioinformatics 26:2226) that apply
 * to a precursor whose mature strand is not known.
 *
 * Five criteria describe an acceptable precursor. Two are of the precursor alone, and stand:
 *
 *  - AMFE, the energy per 100 nucleotides, is below -32 kcal/mol;
 *  - MFEI, the AMFE over the percentage of G and C, is below -0.69 kcal/mol.
 *
 * One is of the mature strand, and is asked of any 22 nucleotides of one arm:
 *
 *  - at least 72 % of them are paired.
 *
 * The others set the mature strand against the strand opposite to it (their lengths, their places),
 * and are left out.
 *
 * The thresholds are those that the article is quoted with; its text was not at hand. AMFE and MFEI
 * are defined as in miRkwood (github.com/miRkwood-RNA/miRkwood). The first two decide: in the
 * published human set 99 % of the precursors and 84 % of the others have 22 nucleotides of which
 * 72 % are paired.
 */
#ifndef DMG_BASELINE_MIRENA_H
#define DMG_BASELINE_MIRENA_H

#include <stdbool.h>
#include <stddef.h>

#define MIRENA_CRITERIA 3  /* that are applied */
#define MIRENA_MATURE   22 /* nucleotides of the mature strand that is looked for */

/* AMFE < -32 kcal/mol. `energy` is in dcal/mol. */
bool mirena_amfe_met(int energy, size_t length);

/* MFEI < -0.69 kcal/mol; not met without G and C, where it is undefined. */
bool mirena_mfei_met(int energy, const char *sequence, size_t length);

/* Most paired nucleotides among MIRENA_MATURE consecutive ones on one arm, which is where all pairs
 * open or all close; 0 where there are none. */
size_t mirena_most_paired(const char *structure, size_t length);

/* At least 72 % of MIRENA_MATURE. */
bool mirena_paired_met(const char *structure, size_t length);

/* How many of the three are met: 0 .. MIRENA_CRITERIA. */
int mirena_count_met(int energy, const char *sequence, const char *structure, size_t length);

#endif
