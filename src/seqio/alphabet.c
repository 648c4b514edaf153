/* SPDX-License-Identifier: MIT */
/* The nucleotide alphabet as a table over bytes. */
#include "seqio/alphabet.h"

#include "seqio/lines.h"

/* An entry is the letter to write, with the top bit for an ambiguous one; 0 is no letter. All
 * letters of ASCII share bit 0x40, so that one AND over a line shows whether it held only letters,
 * and one OR whether any was ambiguous. */
enum { LETTER = 0x40, AMBIGUOUS = 0x80 };

#define BOTH(upper, lower)  [upper] = upper, [lower] = lower
#define VAGUE(upper, lower) [upper] = upper | AMBIGUOUS, [lower] = lower | AMBIGUOUS

static const unsigned char letters[256] = {
    BOTH('A', 'a'),  BOTH('C', 'c'),  BOTH('G', 'g'),  BOTH('U', 'u'),  ['T'] = 'U',
    ['t'] = 'u',     VAGUE('R', 'r'), VAGUE('Y', 'y'), VAGUE('S', 's'), VAGUE('W', 'w'),
    VAGUE('K', 'k'), VAGUE('M', 'm'), VAGUE('B', 'b'), VAGUE('D', 'd'), VAGUE('H', 'h'),
    VAGUE('V', 'v'), VAGUE('N', 'n'), VAGUE('X', 'x'), VAGUE('I', 'i'),
};

/* The careful way, for lines that hold something else than letters. */
static size_t convert_sifting(char *out, const char *in, size_t length, bool *ambiguous,
                              size_t *fault)
{
    size_t written = 0, i = 0;
    for (; i < length; i++) {
        const unsigned char entry = letters[(unsigned char)in[i]];
        if (entry) {
            out[written++] = (char)(entry & ~AMBIGUOUS);
            if (entry & AMBIGUOUS) *ambiguous = true;
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
        const unsigned entry = letters[(unsigned char)in[i]];
        out[i] = (char)(entry & 0x7f);
        any |= entry;
        every &= entry;
    }
    if (!every) return convert_sifting(out, in, length, ambiguous, fault);
    if (any & AMBIGUOUS) *ambiguous = true;
    *fault = length;
    return length;
}
