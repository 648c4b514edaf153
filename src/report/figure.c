/* SPDX-License-Identifier: MIT */
/* Figures: a file of numbers, and a gnuplot script that draws them.
 *
 * All ranges are given to gnuplot where it could not find them (no numbers at all, or one value),
 * as it refuses to draw such a figure. Colours are those of Okabe and Ito, which people with any
 * kind of colour blindness can tell apart; dashes help where there are no colours.
 */
#include "deepmirgene/report.h"

#include <math.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/error.h"
#include "base/temporary.h"
#include "deepmirgene/output.h"
#include "report/clean.h"
#include "report/gnuplot.h"

static const char *const colours[] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                      "#E69F00", "#56B4E9", "#000000"};
static const char *const dashes[] = {"1",      "(14,5)",    "(4,4)", "(14,4,3,4)",
                                     "(20,4)", "(8,3,2,3)", "(2,3)"};
enum { COLOURS = sizeof colours / sizeof *colours };
/* Up to so many lines are dashed, too; more of them would only blur. Up to COLOURS, the earlier
 * ones are broader, so that they are seen on either side of later ones that run over them. */
enum { DASHED_LINES = 4 };

/* Characters that leave room for the figure itself. */
enum { LABEL_ROOM = 60, LEGEND_ROOM = 36, TICK_ROOM = 24 };

static const double bars_width = 0.8; /* of a group of bars, whose centres are 1 apart */

dmg_figure dmg_figure_defaults(void)
{
    return (dmg_figure){
        .x_low = NAN,
        .x_high = NAN,
        .y_low = NAN,
        .y_high = NAN,
        .span_low = NAN,
        .span_high = NAN,
    };
}

/* --- paths --- */

static const struct format {
    const char *ending, *tail, *terminal; /* of its name, of its content; for gnuplot */
} formats[] = {
    {".svg", "</svg>", "svg size 960,560 font 'sans-serif,17' linewidth 1.2 background '#ffffff'"},
    {".pdf", "%%EOF", "pdfcairo size 24cm,14cm font 'sans-serif,17' fontscale 0.65 linewidth 1.6"},
    {".png", "IEND",
     "pngcairo size 1920,1120 font 'sans-serif,13' fontscale 2 linewidth 2.4 pointscale 2"},
};

/* NULL if the path has none of the endings, or nothing else. */
static const struct format *format_of(const char *path)
{
    const size_t length = strlen(path);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        const size_t ending = strlen(formats[i].ending);
        if (length > ending && strcasecmp(path + length - ending, formats[i].ending) == 0)
            return &formats[i];
    }
    return NULL;
}

dmg_status dmg_figure_check_path(const char *path, dmg_error *err)
{
    if (format_of(path)) return DMG_OK;
    return dmg_error_set(err, DMG_UNSUPPORTED,
                         "cannot draw %.500s: figures are written to .svg, .pdf or .png", path);
}

dmg_status dmg_figure_data_path(char out[DMG_FIGURE_PATH], const char *path, dmg_error *err)
{
    const dmg_status st = dmg_figure_check_path(path, err);
    if (st != DMG_OK) return st;
    const size_t stem = strlen(path) - strlen(format_of(path)->ending);
    if (stem + sizeof ".data.tsv" > DMG_FIGURE_PATH)
        return dmg_error_set(err, DMG_RANGE, "the path of a figure is longer than %d bytes",
                             DMG_FIGURE_PATH);
    snprintf(out, DMG_FIGURE_PATH, "%.*s.data.tsv", (int)stem, path);
    return DMG_OK;
}

/* --- numbers --- */

static void write_number(FILE *out, char before, double value)
{
    if (isnan(value))
        fprintf(out, "%cNaN", before); /* printf may write "-nan" */
    else
        fprintf(out, "%c%.9g", before, value);
}

static double low_of(const dmg_figure_series *s, size_t i)
{
    return s->low && s->high ? s->low[i] : NAN;
}

static double high_of(const dmg_figure_series *s, size_t i)
{
    return s->low && s->high ? s->high[i] : NAN;
}

static void write_data(FILE *out, const dmg_figure *figure)
{
    fputs("series\tx\ty\tlow\thigh\n", out);
    for (size_t k = 0; k < figure->series_count; k++) {
        const dmg_figure_series *s = &figure->series[k];
        for (size_t i = 0; i < s->count; i++) {
            clean_write(out, s->name ? s->name : "", (clean_rule){0});
            write_number(out, '\t', s->x[i]);
            write_number(out, '\t', s->y[i]);
            write_number(out, '\t', low_of(s, i));
            write_number(out, '\t', high_of(s, i));
            putc('\n', out);
        }
    }
}

static dmg_status write_data_file(const dmg_figure *figure, const char *path, dmg_error *err)
{
    char data_path[DMG_FIGURE_PATH];
    dmg_output *output;
    dmg_status st = dmg_figure_data_path(data_path, path, err);
    if (st == DMG_OK) st = dmg_output_open(&output, data_path, err);
    if (st != DMG_OK) return st;
    write_data(dmg_output_stream(output), figure);
    return dmg_output_commit(output, err);
}

/* --- script: axes --- */

/* Between single quotes nothing means anything to gnuplot but another one. Doubled, as its manual
 * has it, they would do, but 5.4 mistakes two of them in a row for the end: then what follows would
 * be commands. So they become apostrophes as printers have them. */
static void write_quoted(FILE *out, const char *text, size_t most)
{
    const clean_rule rule = {'\'', "\xe2\x80\x99"};
    putc('\'', out);
    clean_write_short(out, text, rule, most);
    putc('\'', out);
}

static void write_label(FILE *out, const char *command, const char *text)
{
    if (!text) return;
    fprintf(out, "set %s ", command);
    write_quoted(out, text, LABEL_ROOM);
    putc('\n', out);
}

static bool is_gap(const dmg_figure_series *s, size_t i)
{
    return !isfinite(s->x[i]) || !isfinite(s->y[i]);
}

typedef struct range {
    double low, high; /* NaN before anything is in it */
} range;

static void include_value(range *r, double value)
{
    if (!isfinite(value)) return;
    if (!(r->low <= value)) r->low = value;
    if (!(r->high >= value)) r->high = value;
}

static range range_of(const dmg_figure *figure, bool of_y)
{
    range r = {NAN, NAN};
    for (size_t k = 0; k < figure->series_count; k++) {
        const dmg_figure_series *s = &figure->series[k];
        if (of_y && s->style == DMG_FIGURE_BARS) include_value(&r, 0);
        for (size_t i = 0; i < s->count; i++) {
            if (is_gap(s, i)) continue;
            include_value(&r, of_y ? s->y[i] : s->x[i]);
            if (of_y) include_value(&r, low_of(s, i));
            if (of_y) include_value(&r, high_of(s, i));
        }
    }
    return r;
}

static void write_end(FILE *out, double wanted, double when_unknown)
{
    if (!isnan(wanted))
        fprintf(out, "%.9g", wanted);
    else if (!isnan(when_unknown))
        fprintf(out, "%.9g", when_unknown);
    else
        putc('*', out); /* from the data, up to the next tick */
}

static void write_range(FILE *out, char axis, range wanted, range data)
{
    range unknown = {NAN, NAN};
    if (isnan(data.low))
        unknown = (range){0, 1};
    else if (data.low == data.high)
        unknown = (range){data.low - 0.5, data.high + 0.5};
    fprintf(out, "set %crange [", axis);
    write_end(out, wanted.low, unknown.low);
    putc(':', out);
    write_end(out, wanted.high, unknown.high);
    fputs("]\n", out);
}

static void write_ticks(FILE *out, const dmg_figure *figure)
{
    fputs("set xtics (", out);
    for (size_t i = 0; i < figure->tick_count; i++) {
        if (i > 0) fputs(", ", out);
        write_quoted(out, figure->ticks[i], TICK_ROOM);
        fprintf(out, " %zu", i);
    }
    fputs(")\n", out);
}

/* Up to eight ticks at whole numbers from 0 to `high`, 1, 2 or 5 times a power of ten apart. */
static void write_whole_ticks(FILE *out, double high)
{
    static const double steps[] = {1, 2, 5};
    double step = 1;
    for (int k = 1; isfinite(high) && high / step > 8; k++) step = steps[k % 3] * pow(10, k / 3);
    fprintf(out, "set xtics 0,%.9g\n", step);
}

static void write_axes(FILE *out, const dmg_figure *figure)
{
    range x = {figure->x_low, figure->x_high};
    const range y = {figure->y_low, figure->y_high};
    write_label(out, "title", figure->title);
    write_label(out, "xlabel", figure->x_title);
    write_label(out, "ylabel", figure->y_title);
    if (figure->tick_count > 0) {
        write_ticks(out, figure);
        if (isnan(x.low)) x.low = -0.6;
        if (isnan(x.high)) x.high = (double)figure->tick_count - 0.4;
    }
    write_range(out, 'x', x, range_of(figure, false));
    if (figure->whole_x) write_whole_ticks(out, x.high);
    write_range(out, 'y', y, range_of(figure, true));
    if (figure->square) fputs("set size ratio 1\n", out);
    if (!isnan(figure->span_low) && !isnan(figure->span_high))
        fprintf(out,
                "set object 1 rectangle from first %.9g, graph 0 to first %.9g, graph 1 behind "
                "fc rgb '#e4e4e4' fs solid noborder\n",
                figure->span_low, figure->span_high);
}

static void write_setup(FILE *out, const struct format *format)
{
    fprintf(out, "set encoding utf8\nset terminal %s noenhanced\n", format->terminal);
    fputs("set border 3 lc rgb '#404040'\n"
          "set tics nomirror out textcolor rgb '#000000'\n"
          "set grid lt 1 lc rgb '#d8d8d8' lw 0.8\n"
          "set key outside right top Left reverse samplen 2.5 spacing 1.25 width 1\n"
          "set style fill solid 1 noborder\n",
          out);
}

/* --- script: series --- */

static bool has_intervals(const dmg_figure_series *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (!is_gap(s, i) && isfinite(low_of(s, i)) && isfinite(high_of(s, i))) return true;
    return false;
}

/* $points<k>: x y, an empty line for a gap; $intervals<k>: x y low high, likewise. */
static void write_blocks(FILE *out, const dmg_figure_series *s, size_t k)
{
    fprintf(out, "$points%zu << END\n", k);
    for (size_t i = 0; i < s->count; i++) {
        if (!is_gap(s, i)) fprintf(out, "%.9g %.9g", s->x[i], s->y[i]);
        putc('\n', out);
    }
    fprintf(out, "END\n");
    if (!has_intervals(s)) return;
    fprintf(out, "$intervals%zu << END\n", k);
    for (size_t i = 0; i < s->count; i++) {
        if (!is_gap(s, i) && isfinite(low_of(s, i)) && isfinite(high_of(s, i)))
            fprintf(out, "%.9g %.9g %.9g %.9g", s->x[i], s->y[i], s->low[i], s->high[i]);
        putc('\n', out);
    }
    fprintf(out, "END\n");
}

static void write_legend(FILE *out, const char *name)
{
    if (name) {
        fputs(" title ", out);
        write_quoted(out, name, LEGEND_ROOM);
    } else {
        fputs(" notitle", out);
    }
}

static bool is_empty(const dmg_figure_series *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (!is_gap(s, i)) return false;
    return true;
}

static bool is_line(const dmg_figure_series *s)
{
    return s->style == DMG_FIGURE_LINE || s->style == DMG_FIGURE_STEPS;
}

/* Where a figure's series stand among those of its own kind. */
typedef struct place {
    size_t k;         /* index of the series */
    size_t colour;    /* index among those that have one */
    size_t lines;     /* number of them */
    size_t bar, bars; /* index and number of series of bars */
} place;

/* gnuplot's own error bars come with a white disc where the point would be. */
static void write_error_bars(FILE *out, size_t k, double shift, const char *colour)
{
    fprintf(out,
            "$intervals%zu using ($1+%.9g):3:(0):($4-$3) with vectors heads size screen 0.006,90 "
            "lw 1.2 lc rgb '%s' notitle",
            k, shift, colour);
}

static void write_bars(FILE *out, const dmg_figure_series *s, place p)
{
    const double width = bars_width / (double)p.bars;
    const double shift = ((double)p.bar - ((double)p.bars - 1) / 2) * width;
    fprintf(out, "$points%zu using ($1+%.9g):2:(%.9g) with boxes fc rgb '%s'", p.k, shift,
            width * 0.92, colours[p.colour % COLOURS]);
    write_legend(out, s->name);
    if (!has_intervals(s)) return;
    fputs(", ", out);
    write_error_bars(out, p.k, shift, "#000000");
}

static void write_points(FILE *out, const dmg_figure_series *s, place p)
{
    const char *colour = colours[p.colour % COLOURS];
    if (has_intervals(s)) {
        write_error_bars(out, p.k, 0, colour);
        fputs(", ", out);
    }
    fprintf(out, "$points%zu using 1:2 with points pt 7 ps 0.8 lc rgb '%s'", p.k, colour);
    write_legend(out, s->name);
}

static void write_line(FILE *out, const dmg_figure_series *s, place p)
{
    const char *colour = colours[p.colour % COLOURS];
    if (has_intervals(s))
        fprintf(out,
                "$intervals%zu using 1:3:4 with filledcurves fs transparent solid 0.2 noborder "
                "fc rgb '%s' notitle, ",
                p.k, colour);
    const bool layered = p.lines > DASHED_LINES && p.lines <= COLOURS && p.colour < p.lines;
    const double layers = layered ? (double)(p.lines - 1 - p.colour) : 0;
    fprintf(out, "$points%zu using 1:2 with %s lw %.9g dt %s lc rgb '%s'", p.k,
            s->style == DMG_FIGURE_STEPS ? "fsteps" : "lines", 2 + 1.5 * layers,
            p.lines <= DASHED_LINES && p.colour < DASHED_LINES ? dashes[p.colour] : "1", colour);
    write_legend(out, s->name);
}

static void write_series(FILE *out, const dmg_figure_series *s, place p)
{
    if (is_empty(s)) {
        /* gnuplot stumbles over a block without points; this draws nothing but the legend. */
        fprintf(out, "NaN with lines lw 2 lc rgb '%s'",
                s->style == DMG_FIGURE_REFERENCE ? "#808080" : colours[p.colour % COLOURS]);
        write_legend(out, s->name);
        return;
    }
    switch (s->style) {
    case DMG_FIGURE_BARS: write_bars(out, s, p); return;
    case DMG_FIGURE_POINTS: write_points(out, s, p); return;
    case DMG_FIGURE_LINE:
    case DMG_FIGURE_STEPS: write_line(out, s, p); return;
    case DMG_FIGURE_REFERENCE:
        fprintf(out, "$points%zu using 1:2 with lines lw 1.2 dt (6,5) lc rgb '#808080'", p.k);
        write_legend(out, s->name);
        return;
    }
}

static void write_script(FILE *out, const dmg_figure *figure, const struct format *format)
{
    place p = {0};
    write_setup(out, format);
    write_axes(out, figure);
    for (size_t k = 0; k < figure->series_count; k++) {
        write_blocks(out, &figure->series[k], k);
        p.bars += figure->series[k].style == DMG_FIGURE_BARS;
        p.lines += is_line(&figure->series[k]);
    }
    fputs("plot ", out);
    if (figure->span_name && !isnan(figure->span_low)) {
        fputs("NaN with boxes fc rgb '#e4e4e4'", out);
        write_legend(out, figure->span_name);
        fputs(", ", out);
    }
    for (p.k = 0; p.k < figure->series_count; p.k++) {
        const dmg_figure_series *s = &figure->series[p.k];
        if (p.k > 0) fputs(", ", out);
        write_series(out, s, p);
        p.colour += s->style != DMG_FIGURE_REFERENCE;
        p.bar += s->style == DMG_FIGURE_BARS;
    }
    fputs(figure->series_count == 0 ? "NaN notitle\n" : "\n", out);
}

/* --- the whole --- */

/* Colours of SVG where the reader prefers a dark ground; those of lines and bars stay. */
static const char *const dark_style =
    "<style>@media screen and (prefers-color-scheme: dark) {\n"
    "rect[fill='#ffffff'] { fill: #15171b; }\n"
    "g[fill='rgb(0,0,0)'], g[fill='black'] { fill: #e6e8eb; }\n"
    "[stroke='rgb( 64,  64,  64)'], [stroke='rgb(  0,   0,   0)'] { stroke: #a3a9b2; }\n"
    "[stroke='rgb(216, 216, 216)'] { stroke: #3a3e46; }\n"
    "[fill='rgb(228, 228, 228)'], [fill='#e4e4e4'] { fill: #2c2f36; }\n"
    "}</style>\n";

/* gnuplot does not say when its picture was refused by the disk: it lacks its tail. Where the tail
 * begins; 0 where the picture cannot be read back, as a pipe; -1: there is none. */
static off_t find_tail(FILE *picture, const struct format *format)
{
    char tail[64];
    const off_t size = lseek(fileno(picture), 0, SEEK_END);
    const off_t from = size > (off_t)sizeof tail ? size - (off_t)sizeof tail : 0;
    if (size < 0) return 0;
    const ssize_t got = pread(fileno(picture), tail, sizeof tail, from);
    if (got < 0) return 0;
    const size_t length = strlen(format->tail);
    for (size_t i = 0; i + length <= (size_t)got; i++)
        if (memcmp(tail + i, format->tail, length) == 0) return from + (off_t)i;
    return -1;
}

/* The style goes before the end of a whole picture. The caller checks the stream. */
static void add_dark_style(FILE *picture, const struct format *format, off_t tail)
{
    if (strcmp(format->tail, "</svg>") != 0 || tail <= 0 || fseeko(picture, tail, SEEK_SET) != 0)
        return;
    fprintf(picture, "%s%s\n", dark_style, format->tail);
}

static dmg_status draw(const dmg_figure *figure, const char *path, FILE *script, dmg_error *err)
{
    dmg_output *output;
    dmg_status st = dmg_output_open(&output, path, err);
    if (st != DMG_OK) return st;
    const struct format *format = format_of(path);
    FILE *picture = dmg_output_stream(output);
    write_script(script, figure, format);
    st = gnuplot_run(script, picture, err);
    const off_t tail = st == DMG_OK ? find_tail(picture, format) : -1;
    if (st == DMG_OK && tail < 0)
        st = dmg_error_set(err, DMG_IO, "the picture of gnuplot is cut short");
    if (st == DMG_OK) add_dark_style(picture, format, tail);
    if (st == DMG_OK) return dmg_output_commit(output, err);
    dmg_output_discard(output);
    return st;
}

/* Says of which figure gnuplot's words are. */
static dmg_status name_figure(dmg_status status, const char *path, const char *why, dmg_error *err)
{
    return dmg_error_set(err, status, "%.400s is not drawn: %s", path, why);
}

dmg_status dmg_figure_write(const dmg_figure *figure, const char *path, dmg_error *err)
{
    const dmg_status st = write_data_file(figure, path, err);
    if (st != DMG_OK) return st;
    FILE *script;
    dmg_error why;
    dmg_status drawn = dmg_temporary_stream(&script, &why);
    if (drawn == DMG_OK) {
        drawn = draw(figure, path, script, &why);
        fclose(script);
    }
    return drawn == DMG_OK ? DMG_OK : name_figure(drawn, path, why.message, err);
}
