/* SPDX-License-Identifier: MIT */
/* Drawings of sequences, as SVG elements: hairpins and heat maps. Each is an <svg> of its own that
 * may stand in a page of HTML or in another <svg>. */
#ifndef DMG_REPORT_DRAWING_H
#define DMG_REPORT_DRAWING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "deepmirgene/html_report.h"
#include "deepmirgene/status.h"

typedef struct drawing_size {
    double width, height;
} drawing_size;

/* What an <svg> file begins and ends with; the style comes along. */
void drawing_file_begin(FILE *out, drawing_size size, const char *title);
void drawing_file_end(FILE *out);

/* A secondary structure with its letters. */
typedef struct hairpin_drawing {
    const char *title; /* what a screen reader says of it */
    const char *sequence, *structure;
    size_t length;
    size_t split;               /* marked between split - 1 and split; 0: nowhere */
    const double *values;       /* [length] that colour the letters; NULL: none do */
    double scale;               /* value of the strongest colour */
    const char *what;           /* what the values are: "attribution" */
    const char *what_unpaired;  /* the same of unpaired letters; NULL: as what */
    bool shares;                /* values of 0 .. 1, in the colours of these */
    const dmg_html_mark *marks; /* [mark_count] stretches that are coloured where no values are */
    size_t mark_count;          /* DMG_HTML_MARKS at most */
} hairpin_drawing;

/* Writes the drawing at (x, y) of what is around it; *size gets its size. */
dmg_status hairpin_write(FILE *out, drawing_size *size, const hairpin_drawing *drawing, double x,
                         double y, dmg_error *err);

/* Numbers in rows and columns; the columns are positions of a sequence. */
typedef struct heat_map {
    const char *title;            /* what a screen reader says of it */
    size_t rows, columns;         /* >= 1 */
    const char *const *names;     /* [rows] */
    const float *values;          /* NaN: an empty cell */
    size_t row_step, column_step; /* from one value to the next */
    double scale;                 /* value of the strongest colour */
    const char *what;             /* what the values are: "cell state" */
    const char *letters[2];       /* [columns] under the columns; NULL: none */
    size_t first;                 /* position, from 0, of the first column */
    int direction;                /* 1, or -1 where positions fall */
} heat_map;

/* As hairpin_write. With `hover` every cell is an element with a <title>; without, cells of one
 * colour are one element, and the page's script tells the values. */
drawing_size heat_map_write(FILE *out, const heat_map *map, bool hover, double x, double y);

/* The colours from -scale to scale with their numbers. */
drawing_size legend_write(FILE *out, double scale, const char *what, double x, double y);

/* Those of shares, from 0 to 1. */
drawing_size share_legend_write(FILE *out, const char *what, double x, double y);

#endif
