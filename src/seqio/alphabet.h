/* SPDX-License-Identifier: MIT */
/* Letters of sequence files; base/nucleotide.h decides which ones are nucleotides. */
#ifndef DMG_SEQIO_ALPHABET_H
#define DMG_SEQIO_ALPHABET_H

#include <stdbool.h>
#include <stddef.h>

/* Copies in[0 .. length) to out, with T as U and t as u and without white space, and returns how
 * many letters were written. *ambiguous is set (never cleared) when one of them is none of A C G U.
 * At a byte that is not a nucleotide letter it stops and *fault is its index, else *fault is
 * length.
 */
size_t dmg_alphabet_convert(char *out, const char *in, size_t length, bool *ambiguous,
                            size_t *fault);

/* Whether the byte is a nucleotide letter. */
bool dmg_alphabet_has(char byte);

#endif
