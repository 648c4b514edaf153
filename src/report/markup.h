/* SPDX-License-Identifier: MIT */
/* HTML and SVG: the one place where words from outside enter a page, and the few numbers and
 * colours that drawings share. */
#ifndef DMG_REPORT_MARKUP_H
#define DMG_REPORT_MARKUP_H

#include <stddef.h>
#include <stdio.h>

/* Writes text as the content of an element or of an attribute in double quotes: & < > " ' are
 * escaped; what is not UTF-8, and control characters, become '?'. */
void markup_text(FILE *out, const char *text);

/* The same of text that is cut, with an ellipsis at its end, where it has more than `most`
 * characters. */
void markup_text_short(FILE *out, const char *text, size_t most);

/* A coordinate: at most one decimal, no trailing zero, no "-0". */
void markup_number(FILE *out, double value);

/* --- colours --- */

/* A diverging scale, blue below 0 and red above it, in 2 SHADES + 1 steps. */
enum { MARKUP_SHADES = 10 };

/* The shade of value in -scale .. scale: -MARKUP_SHADES .. MARKUP_SHADES; values outside get the
 * outermost. 0 where scale is 0. */
int markup_shade(double value, double scale);

/* The class of a shade, "q0" .. "q20", which the style gives its fill. */
int markup_shade_class(int shade);

/* Shares from 0 to 1 have the classes "p0" .. "p10", by their shade on a scale of 1.
 *
 * The rules of style sheets that fill these classes, for light and for dark surroundings, and those
 * of letters that stand on a strong shade (class "on"). */
void markup_shade_rules(FILE *out);

/* The style of all drawings, which an SVG file that stands for itself carries along. */
void markup_drawing_style(FILE *out);

#endif
