/* SPDX-License-Identifier: MIT */
/* Dot-bracket lines with RNAfold's energy, such as "((((...)))) (-12.30)" or "..... (  0.00)". */
#include "seqio/dotbracket.h"

#include <string.h>

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

/* Where a decimal number that begins at `i` ends; `i` where there is none. */
static size_t skip_number(const char *text, size_t length, size_t i)
{
    const size_t begin = i;
    if (i < length && (text[i] == '-' || text[i] == '+')) i++;
    const size_t whole = i;
    i = skip_digits(text, length, i);
    size_t digits = i - whole;
    if (i < length && text[i] == '.') {
        const size_t fraction = i + 1;
        i = skip_digits(text, length, fraction);
        digits += i - fraction;
    }
    return digits > 0 ? i : begin;
}

/* A decimal number in brackets, padded by blanks or not; with a unit the brackets may be missing.
 */
static bool is_energy(const char *text, size_t length)
{
    static const char unit[] = "kcal/mol";
    const bool enclosed = length >= 3 && text[0] == '(' && text[length - 1] == ')';
    if (enclosed) length--;
    const size_t begin = skip_blanks(text, length, enclosed),
                 end = skip_number(text, length, begin);
    if (end == begin) return false;
    const size_t rest = skip_blanks(text, length, end);
    if (rest == length) return enclosed;
    return length - rest == strlen(unit) && memcmp(text + rest, unit, strlen(unit)) == 0;
}

bool dmg_dotbracket_is_extra(const char *text, size_t length)
{
    static const char frequency[] = "frequency of mfe structure";
    if (length >= strlen(frequency) && memcmp(text, frequency, strlen(frequency)) == 0) return true;
    return length > 0 && strchr(".(){},|", text[0]) && text[0] &&
           (text[length - 1] == ']' || text[length - 1] == '}');
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
