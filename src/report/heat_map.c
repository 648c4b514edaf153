/* SPDX-License-Identifier: MIT */
/* Heat maps and the legend of their colours. */
#include <math.h>
#include <string.h>

#include "report/drawing.h"
#include "report/markup.h"

static const int cell = 11; /* width and height */
static const int strip_height = 13;
static const size_t numbered_every = 10;

static float value_at(const heat_map *map, size_t row, size_t column)
{
    return map->values[row * map->row_step + column * map->column_step];
}

/* From 1, as people count. */
static size_t position_of(const heat_map *map, size_t column)
{
    return (map->direction < 0 ? map->first - column : map->first + column) + 1;
}

/* Room for the longest name of a row, left of the cells. */
static int names_width(const heat_map *map)
{
    size_t longest = 9;
    for (size_t r = 0; r < map->rows; r++)
        if (strlen(map->names[r]) > longest) longest = strlen(map->names[r]);
    return 8 + 6 * (int)longest;
}

/* --- cells --- */

static void write_cells_with_titles(FILE *out, const heat_map *map)
{
    for (size_t r = 0; r < map->rows; r++)
        for (size_t c = 0; c < map->columns; c++) {
            const double value = (double)value_at(map, r, c);
            if (isnan(value)) continue;
            fprintf(out,
                    "<rect class=\"q%d\" x=\"%zu\" y=\"%zu\" width=\"%d\" height=\"%d\"><title>",
                    markup_shade_class(markup_shade(value, map->scale)), c * (size_t)cell,
                    r * (size_t)cell, cell, cell);
            markup_text(out, map->names[r]);
            fprintf(out, ", position %zu%s%.1s: %.3g</title></rect>\n", position_of(map, c),
                    map->letters[0] ? " " : "", map->letters[0] ? map->letters[0] + c : "", value);
        }
}

/* All cells of one shade as one path, neighbours in a row as one rectangle of it. */
static void write_shade(FILE *out, const heat_map *map, int shade)
{
    bool begun = false;
    for (size_t r = 0; r < map->rows; r++)
        for (size_t c = 0; c < map->columns; c++) {
            size_t run = 0;
            for (; c + run < map->columns; run++) {
                const double value = (double)value_at(map, r, c + run);
                if (isnan(value) || markup_shade(value, map->scale) != shade) break;
            }
            if (run == 0) continue;
            if (!begun) fprintf(out, "<path class=\"q%d\" d=\"", markup_shade_class(shade));
            begun = true;
            fprintf(out, "M%zu %zuh%zuv%dh-%zuz", c * (size_t)cell, r * (size_t)cell,
                    run * (size_t)cell, cell, run * (size_t)cell);
            c += run - 1;
        }
    if (begun) fputs("\"/>\n", out);
}

/* What the page's script needs to tell the value under the pointer. */
static void write_data(FILE *out, const heat_map *map)
{
    fprintf(out, " tabindex=\"0\" data-rows=\"%zu\" data-columns=\"%zu\" data-cell=\"%d\"",
            map->rows, map->columns, cell);
    fprintf(out, " data-first=\"%zu\" data-direction=\"%d\" data-what=\"", map->first + 1,
            map->direction);
    markup_text(out, map->what);
    fputs("\" data-names=\"", out);
    for (size_t r = 0; r < map->rows; r++) {
        if (r > 0) putc('|', out);
        markup_text(out, map->names[r]);
    }
    if (map->letters[0]) fprintf(out, "\" data-letters=\"%.*s", (int)map->columns, map->letters[0]);
    fputs("\" data-values=\"", out);
    for (size_t r = 0; r < map->rows; r++)
        for (size_t c = 0; c < map->columns; c++) {
            const double value = (double)value_at(map, r, c);
            if (r + c > 0) putc(' ', out);
            if (!isnan(value))
                fprintf(out, "%.3g", value);
            else
                putc('x', out);
        }
    putc('"', out);
}

/* --- what stands around them --- */

static void write_names(FILE *out, const heat_map *map)
{
    for (size_t r = 0; r < map->rows; r++) {
        fprintf(out, "<text class=\"small side\" x=\"-5\" y=\"%.1f\">",
                (double)cell * ((double)r + 0.5));
        markup_text(out, map->names[r]);
        fputs("</text>\n", out);
    }
}

static void write_letters(FILE *out, const char *letters, size_t columns, double y)
{
    for (size_t c = 0; c < columns; c++)
        fprintf(out, "<text x=\"%.1f\" y=\"%.1f\">%c</text>", cell * ((double)c + 0.5), y,
                letters[c]);
    putc('\n', out);
}

static void write_positions(FILE *out, const heat_map *map, double y)
{
    for (size_t c = 0; c < map->columns; c++)
        if (position_of(map, c) % numbered_every == 0)
            fprintf(out, "<text class=\"small\" x=\"%.1f\" y=\"%.1f\">%zu</text>",
                    cell * ((double)c + 0.5), y, position_of(map, c));
    putc('\n', out);
}

drawing_size heat_map_write(FILE *out, const heat_map *map, bool hover, double x, double y)
{
    const double width = (double)map->columns * cell, height = (double)map->rows * cell;
    double below = height;
    const int names = names_width(map);
    drawing_size size = {names + width + 14, 4};
    for (int k = 0; k < 2; k++)
        if (map->letters[k]) below += strip_height;
    size.height += below + strip_height;
    fprintf(out,
            "<svg class=\"drawing%s\" x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"%.0f\" "
            "viewBox=\"%d -2 %.0f %.0f\" role=\"img\" aria-label=\"",
            hover ? "" : " map", x, y, size.width, size.height, -names, size.width, size.height);
    markup_text_short(out, map->title, 300);
    putc('"', out);
    if (!hover) write_data(out, map);
    fputs(">\n", out);
    if (hover)
        write_cells_with_titles(out, map);
    else
        for (int shade = -MARKUP_SHADES; shade <= MARKUP_SHADES; shade++)
            write_shade(out, map, shade);
    fprintf(out, "<rect class=\"frame\" width=\"%.0f\" height=\"%.0f\"/>\n", width, height);
    write_names(out, map);
    for (int k = 0; k < 2; k++)
        if (map->letters[k])
            write_letters(out, map->letters[k], map->columns,
                          height + strip_height * ((double)k + 0.5) + 1);
    write_positions(out, map, below + strip_height / 2.0);
    fputs("</svg>\n", out);
    return size;
}

/* Boxes of the classes `letter` 0, 1, ..., with numbers under the first, the middle and the last.
 */
static drawing_size write_legend(FILE *out, char letter, int boxes, const double numbers[3],
                                 const char *what, double x, double y)
{
    const drawing_size size = {2 * 60 + (2 * MARKUP_SHADES + 1) * cell, 36};
    const double middle = boxes * cell / 2.0;
    const double places[3] = {cell * 0.5, middle, (boxes - 0.5) * cell};
    fprintf(out,
            "<svg class=\"drawing\" x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"%.0f\" "
            "viewBox=\"%.0f 0 %.0f %.0f\" role=\"img\" aria-label=\"colours of %s from %.3g to "
            "%.3g\">\n",
            x, y, size.width, size.height, middle - size.width / 2, size.width, size.height, what,
            numbers[0], numbers[2]);
    for (int k = 0; k < boxes; k++)
        fprintf(out, "<rect class=\"%c%d\" x=\"%d\" y=\"2\" width=\"%d\" height=\"%d\"/>", letter,
                k, k * cell, cell, cell);
    fprintf(out, "\n<rect class=\"frame\" y=\"2\" width=\"%d\" height=\"%d\"/>\n", boxes * cell,
            cell);
    for (int k = 0; k < 3; k++)
        fprintf(out, "<text class=\"small\" x=\"%.1f\" y=\"21\">%.3g</text>", places[k],
                numbers[k]);
    fprintf(out, "\n<text class=\"small\" x=\"%.1f\" y=\"31\">%s</text></svg>\n", middle, what);
    return size;
}

drawing_size legend_write(FILE *out, double scale, const char *what, double x, double y)
{
    const double numbers[3] = {-scale, 0, scale};
    return write_legend(out, 'q', 2 * MARKUP_SHADES + 1, numbers, what, x, y);
}

drawing_size share_legend_write(FILE *out, const char *what, double x, double y)
{
    const double numbers[3] = {0, 0.5, 1};
    return write_legend(out, 'p', MARKUP_SHADES + 1, numbers, what, x, y);
}
