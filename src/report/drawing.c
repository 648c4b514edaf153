/* SPDX-License-Identifier: MIT */
/* Hairpins and the frame of all drawings. The layout is hairpin_layout.c. */
#include "report/drawing.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "report/hairpin_layout.h"
#include "report/markup.h"

static const double radius = 6.6; /* of a nucleotide */
static const double margin = 34;  /* numbers and the ends' names stand there */
static const size_t numbered_every = 10;

/* --- frame --- */

void drawing_file_begin(FILE *out, drawing_size size, const char *title)
{
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"drawing\" width=\"%.0f\" "
            "height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" role=\"img\">\n<title>",
            size.width, size.height, size.width, size.height);
    markup_text_short(out, title, 200);
    fputs("</title>\n<style>\n", out);
    markup_drawing_style(out);
    fputs("@media screen and (prefers-color-scheme: dark) {svg.drawing{background:#15171b}}\n"
          "</style>\n",
          out);
}

void drawing_file_end(FILE *out)
{
    fputs("</svg>\n", out);
}

/* --- the hairpin's parts --- */

static void write_point(FILE *out, char command, hairpin_point p)
{
    putc(command, out);
    markup_number(out, p.x);
    putc(' ', out);
    markup_number(out, p.y);
}

static void write_strand(FILE *out, const hairpin_layout *l)
{
    fputs("<path class=\"strand\" d=\"", out);
    write_point(out, 'M', l->at[0]);
    for (size_t i = 1; i < l->length; i++) {
        for (int k = 0; k < l->bends[i - 1]; k++) write_point(out, 'L', l->bend[i - 1][k]);
        write_point(out, 'L', l->at[i]);
    }
    fputs("\"/>\n", out);
}

static bool is_pair_of(char a, char b, const char *letters)
{
    const int x = toupper((unsigned char)a), y = toupper((unsigned char)b);
    return (x == letters[0] && y == letters[1]) || (x == letters[1] && y == letters[0]);
}

/* A line; a dot between G and U, as usual; a broken line between letters that do not pair. */
static void write_pair(FILE *out, const hairpin_drawing *d, const hairpin_layout *l, size_t i)
{
    const hairpin_point a = l->at[i], b = l->at[l->partner[i]];
    const char x = d->sequence[i], y = d->sequence[l->partner[i]];
    if (is_pair_of(x, y, "GU") || is_pair_of(x, y, "GT")) {
        fputs("<circle class=\"dot\" r=\"2.2\" cx=\"", out);
        markup_number(out, (a.x + b.x) / 2);
        fputs("\" cy=\"", out);
        markup_number(out, (a.y + b.y) / 2);
        fputs("\"/>\n", out);
        return;
    }
    const bool usual = is_pair_of(x, y, "GC") || is_pair_of(x, y, "AU") || is_pair_of(x, y, "AT");
    fprintf(out, "<path class=\"pair%s\" d=\"", usual ? "" : " odd");
    write_point(out, 'M', a);
    write_point(out, 'L', b);
    fputs("\"/>\n", out);
}

/* The mark over a letter, from 1; 0: none. */
static size_t mark_of(const hairpin_drawing *d, size_t i)
{
    for (size_t k = 0; k < d->mark_count; k++)
        if (i >= d->marks[k].start && i < d->marks[k].end) return k + 1;
    return 0;
}

static void write_letter(FILE *out, const hairpin_drawing *d, const hairpin_layout *l, size_t i)
{
    const int shade = d->values ? markup_shade(d->values[i], d->scale) : 0;
    const hairpin_point p = l->at[i];
    const size_t mark = d->values ? 0 : mark_of(d, i);
    fputs("<g>", out);
    if (d->values)
        fprintf(out, "<title>%c %zu: %s %.3g</title>", d->sequence[i], i + 1,
                d->what_unpaired && d->structure[i] == '.' ? d->what_unpaired : d->what,
                d->values[i]);
    else if (mark > 0)
        fprintf(out, "<title>%c %zu: %s</title>", d->sequence[i], i + 1, d->marks[mark - 1].name);
    else
        fprintf(out, "<title>%c %zu</title>", d->sequence[i], i + 1);
    if (d->values)
        fprintf(out, "<circle class=\"base %c%d\" r=\"%.1f\" cx=\"", d->shares ? 'p' : 'q',
                d->shares ? shade : markup_shade_class(shade), radius);
    else if (mark > 0)
        fprintf(out, "<circle class=\"base m%zu\" r=\"%.1f\" cx=\"", mark, radius);
    else
        fprintf(out, "<circle class=\"base plain\" r=\"%.1f\" cx=\"", radius);
    markup_number(out, p.x);
    fputs("\" cy=\"", out);
    markup_number(out, p.y);
    fprintf(out, "\"/><text%s x=\"", shade < -6 || shade > 6 ? " class=\"on\"" : "");
    markup_number(out, p.x);
    fputs("\" y=\"", out);
    markup_number(out, p.y + 0.5);
    fprintf(out, "\">%c</text></g>\n", d->sequence[i]);
}

static void write_words(FILE *out, const char *class, double x, double y, const char *words)
{
    fprintf(out, "<text class=\"%s\" x=\"", class);
    markup_number(out, x);
    fputs("\" y=\"", out);
    markup_number(out, y);
    fputs("\">", out);
    markup_text(out, words);
    fputs("</text>\n", out);
}

/* How far a point is from the nearest nucleotide. */
static double room_at(const hairpin_layout *l, hairpin_point p)
{
    double least = HUGE_VAL;
    for (size_t i = 0; i < l->length; i++)
        least = fmin(least, hypot(l->at[i].x - p.x, l->at[i].y - p.y));
    return least;
}

/* Where words about `from` are free of nucleotides: in the wanted direction, or wherever there is
 * most room around. */
static hairpin_point free_place(const hairpin_layout *l, hairpin_point from, hairpin_point wanted,
                                double away)
{
    const hairpin_point to[] = {wanted, {-1, 0}, {0, -1}, {0, 1}, {1, 0}};
    hairpin_point best = from;
    double most = 0;
    for (size_t k = 0; k < sizeof to / sizeof *to; k++) {
        const hairpin_point p = {from.x + (away + 1) * to[k].x, from.y + away * to[k].y};
        const double room = room_at(l, p);
        if (k == 0 && room > 12) return p;
        if (room <= most) continue;
        most = room;
        best = p;
    }
    return best;
}

static void write_positions(FILE *out, const hairpin_layout *l)
{
    for (size_t i = numbered_every - 1; i < l->length; i += numbered_every) {
        char number[32];
        snprintf(number, sizeof number, "%zu", i + 1);
        const hairpin_point p = free_place(l, l->at[i], l->outward[i], 14);
        write_words(out, "small", p.x, p.y, number);
    }
    const hairpin_point first = l->at[0], last = l->at[l->length - 1];
    write_words(out, "small", first.x - 16, first.y, "5\xe2\x80\xb2");
    const bool line = first.y == last.y && l->length > 1; /* no pair: the end is at the right */
    write_words(out, "small", last.x + (line ? 16 : -16), last.y, "3\xe2\x80\xb2");
}

/* A bar across the strand, where the network's two structure streams part. */
static void write_split(FILE *out, const hairpin_layout *l, size_t split)
{
    const hairpin_point a = l->at[split - 1];
    const hairpin_point b = l->bends[split - 1] > 0 ? l->bend[split - 1][0] : l->at[split];
    const double dx = b.x - a.x, dy = b.y - a.y, length = fmax(hypot(dx, dy), 1e-9);
    const hairpin_point middle = {(a.x + b.x) / 2, (a.y + b.y) / 2};
    hairpin_point out_to = {dy / length, -dx / length};
    if (out_to.x * l->outward[split].x + out_to.y * l->outward[split].y < 0)
        out_to = (hairpin_point){-out_to.x, -out_to.y};
    fputs("<path class=\"split\" d=\"", out);
    write_point(out, 'M', (hairpin_point){middle.x - 11 * out_to.x, middle.y - 11 * out_to.y});
    write_point(out, 'L', (hairpin_point){middle.x + 11 * out_to.x, middle.y + 11 * out_to.y});
    fputs("\"><title>split: here the structure is cut into its two arms</title></path>\n", out);
    const hairpin_point p = free_place(l, middle, out_to, 18 + 7 * fabs(out_to.x));
    write_words(out, "mark", p.x, p.y, "split");
}

dmg_status hairpin_write(FILE *out, drawing_size *size, const hairpin_drawing *drawing, double x,
                         double y, dmg_error *err)
{
    hairpin_layout *l;
    const dmg_status st = hairpin_layout_create(&l, drawing->structure, drawing->length, err);
    if (st != DMG_OK) return st;
    *size = (drawing_size){ceil(l->right - l->left + 2 * margin + 10),
                           ceil(l->bottom - l->top + 2 * margin)};
    fprintf(out,
            "<svg class=\"drawing hairpin\" x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"%.0f\" "
            "viewBox=\"%.0f %.0f %.0f %.0f\" role=\"img\" aria-label=\"",
            x, y, size->width, size->height, floor(l->left - margin), floor(l->top - margin),
            size->width, size->height);
    markup_text_short(out, drawing->title, 200);
    fputs("\">\n", out);
    write_strand(out, l);
    for (size_t i = 0; i < l->length; i++)
        if (drawing->structure[i] == '(') write_pair(out, drawing, l, i);
    if (drawing->split > 0 && drawing->split < l->length) write_split(out, l, drawing->split);
    for (size_t i = 0; i < l->length; i++) write_letter(out, drawing, l, i);
    write_positions(out, l);
    fputs("</svg>\n", out);
    hairpin_layout_destroy(l);
    return DMG_OK;
}
