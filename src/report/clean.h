/* Words from outside (names, titles, paths) on their way into a file of some format. */
#ifndef DMG_REPORT_CLEAN_H
#define DMG_REPORT_CLEAN_H

#include <stddef.h>
#include <stdio.h>

/* Writes the text with `before` in front of each `special` character (0: none). What is not UTF-8,
 * and control characters, line ends among them, become '?'. Returns how many characters (not bytes)
 * were written; `out` may be NULL to count them alone. */
size_t clean_write(FILE *out, const char *text, char special, char before);

/* The same of text that is cut, with "..." at its end, to fit where there is room for `most`
 * characters. */
void clean_write_short(FILE *out, const char *text, char special, char before, size_t most);

#endif
