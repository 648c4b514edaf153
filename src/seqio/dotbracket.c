/* SPDX-License-Identifier: MIT */
/* Dot-bracket lines with RNAfold's energy, such as "((((...)))) (-12.30)" or "..... (  0.00)". */
#include "seqio/dotbracket.h"

#include "seqio/lines.h"

bool dmg_dotbracket_has(char byte)
{
    return byte == '.' || byte == '(' || byte == ')';
}

static size_t skip_blanks(const char *text, size_t length, size_t i)
{
    while (i < length && dmg_lines_blank(text[i])) i++;
    return i;
}

static size_t skip_digits(const char *text, size_t length, size_t i)
{
    while (i < length && text[i] >= '0' && text[i] <= '9') i++;
    return i;
}

/* A decimal number in brackets, padded by blanks or not. */
static bool is_energy(const char *text, size_t length)
{
    if (length < 3 || text[0] != '(' || text[length - 1] != ')') return false;
    length--;
    size_t i = skip_blanks(text, length, 1);
    if (i < length && (text[i] == '-' || text[i] == '+')) i++;
    const size_t whole = i;
    i = skip_digits(text, length, i);
    size_t digits = i - whole;
    if (i < length && text[i] == '.') {
        const size_t fraction = i + 1;
        i = skip_digits(text, length, fraction);
        digits += i - fraction;
    }
    return digits > 0 && skip_blanks(text, length, i) == length;
}

dmg_dotbracket_kind dmg_dotbracket_scan(const char *text, size_t length, size_t *structure,
                                        size_t *fault)
{
    *structure = 0;
    if (is_energy(text, length)) return DMG_DOTBRACKET_CLOSED;
    size_t i = 0;
    while (i < length && dmg_dotbracket_has(text[i])) i++;
    *structure = i;
    if (i == length) return DMG_DOTBRACKET_OPEN;
    *fault = skip_blanks(text, length, i);
    if (*fault == i) return DMG_DOTBRACKET_WRONG_BYTE;
    return is_energy(text + *fault, length - *fault) ? DMG_DOTBRACKET_CLOSED
                                                     : DMG_DOTBRACKET_WRONG_TAIL;
}
