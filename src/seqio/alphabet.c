/* SPDX-License-Identifier: MIT */
/* Sequence lines, read by the table of nucleotides. */
#include "seqio/alphabet.h"

#include "base/nucleotide.h"
#include "seqio/lines.h"

/* All letters of ASCII share this bit: one AND over a line shows whether it held only letters, and
 * one OR whether any was ambiguous. */
enum { LETTER = 0x40 };

bool dmg_alphabet_has(char byte)
{
    return dmg_nucleotides[(unsigned char)byte] != 0;
}

/* The careful way, for lines that hold something else than letters. */
static size_t convert_sifting(char *out, const char *in, size_t length, bool *ambiguous,
                              size_t *fault)
{
    size_t written = 0, i = 0;
    for (; i < length; i++) {
        const unsigned char entry = dmg_nucleotides[(unsigned char)in[i]];
        if (entry) {
            out[written++] = (char)(entry & ~DMG_NUCLEOTIDE_AMBIGUOUS);
            if (entry & DMG_NUCLEOTIDE_AMBIGUOUS) *ambiguous = true;
        } else if (!dmg_lines_blank(in[i])) {
            break;
        }
    }
    *fault = i;
    return written;
}

size_t dmg_alphabet_convert(char *out, const char *in, size_t length, bool *ambiguous,
                            size_t *fault)
{
    unsigned any = 0, every = LETTER;
    for (size_t i = 0; i < length; i++) {
        const unsigned entry = dmg_nucleotides[(unsigned char)in[i]];
        out[i] = (char)(entry & 0x7f);
        any |= entry;
        every &= entry;
    }
    if (!every) return convert_sifting(out, in, length, ambiguous, fault);
    if (any & DMG_NUCLEOTIDE_AMBIGUOUS) *ambiguous = true;
    *fault = length;
    return length;
}
