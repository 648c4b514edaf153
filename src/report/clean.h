/* SPDX-License-Identifier: MIT */
/* Words from outside (names, titles, paths) on their way into a file of some format. */
#ifndef DMG_REPORT_CLEAN_H
#define DMG_REPORT_CLEAN_H

#include <stddef.h>
#include <stdio.h>

/* A character that means something to the format, and what is written instead of it. */
typedef struct clean_rule {
    char special;        /* 0: there is none */
    const char *instead; /* UTF-8 */
} clean_rule;

/* Writes the first character of *text and moves on to the next one; one that is not UTF-8, or a
 * control character, becomes '?'. `out` may be NULL. */
void clean_character(FILE *out, const char **text);

/* Writes the text by the rule. What is not UTF-8, and control characters, line ends among them,
 * become '?'. Returns how many characters (not bytes) were written; `out` may be NULL to count them
 * alone. */
size_t clean_write(FILE *out, const char *text, clean_rule rule);

/* The same of text that is cut, with "..." at its end, where it has more than `most` characters. */
void clean_write_short(FILE *out, const char *text, clean_rule rule, size_t most);

#endif
