/* SPDX-License-Identifier: MIT */
/* Words from outside on their way into a file of some format. */
#include "report/clean.h"

#include <stdbool.h>
#include <stdint.h>

static bool continues(unsigned char c)
{
    return (c & 0xc0) == 0x80;
}

/* Whether a code point may stand in text: no control character, surrogate or non-character, which
 * XML, and so SVG, does not allow. */
static bool is_text(uint32_t point)
{
    return point >= 0x20 && !(point >= 0x7f && point < 0xa0) &&
           !(point >= 0xd800 && point < 0xe000) && point != 0xfffe && point != 0xffff &&
           point < 0x110000;
}

/* Bytes of the UTF-8 character at `s` (ends with NUL); 0 if there is none that may be written. */
static size_t character_length(const char *s)
{
    const unsigned char first = (unsigned char)*s;
    const size_t length = first < 0x80   ? 1
                          : first < 0xc2 ? 0
                          : first < 0xe0 ? 2
                          : first < 0xf0 ? 3
                          : first < 0xf5 ? 4
                                         : 0;
    if (length == 0) return 0;
    static const unsigned char payload[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t point = first & payload[length];
    for (size_t i = 1; i < length; i++) {
        if (!continues((unsigned char)s[i])) return 0;
        point = point << 6 | ((unsigned char)s[i] & 0x3f);
    }
    return point >= smallest[length] && is_text(point) ? length : 0;
}

void clean_character(FILE *out, const char **text)
{
    const size_t length = character_length(*text);
    if (out && length > 0)
        fwrite(*text, 1, length, out);
    else if (out)
        putc('?', out);
    *text += length > 0 ? length : 1;
}

/* Writes one character of *text, by the rule, and moves on to the next one. Returns how many were
 * written; `out` may be NULL. */
static size_t write_character(FILE *out, const char **text, clean_rule rule)
{
    if (rule.special && **text == rule.special) {
        *text += 1;
        return clean_write(out, rule.instead, (clean_rule){0});
    }
    clean_character(out, text);
    return 1;
}

size_t clean_write(FILE *out, const char *text, clean_rule rule)
{
    size_t written = 0;
    while (*text) written += write_character(out, &text, rule);
    return written;
}

void clean_write_short(FILE *out, const char *text, clean_rule rule, size_t most)
{
    if (clean_write(NULL, text, rule) <= most) {
        clean_write(out, text, rule);
        return;
    }
    for (size_t written = 0; written + 3 < most;) written += write_character(out, &text, rule);
    fputs("...", out);
}
