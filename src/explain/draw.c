/* SPDX-License-Identifier: MIT */
/* Explanations as HTML and SVG: the same drawings, which HTML lets flow and SVG stacks. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/temporary.h"
#include "deepmirgene/encode.h"
#include "deepmirgene/explain.h"
#include "report/drawing.h"
#include "report/markup.h"

enum { BASES = 4, NAME = 32, TITLE = 128 };

/* Where drawings go. */
typedef struct canvas {
    FILE *out;
    bool html;
    double x, y, width; /* SVG: where the next drawing begins, and the widest line so far */
    dmg_error *err;
} canvas;

/* --- headings and lines --- */

static void heading(canvas *c, const char *words)
{
    if (c->html) {
        fprintf(c->out, "<h3>%s</h3>\n", words);
        return;
    }
    c->y += 10;
    fprintf(c->out, "<text class=\"heading\" x=\"12\" y=\"%.0f\">%s</text>\n", c->y + 8, words);
    c->y += 20;
}

/* Words under a heading; SVG has no room for them. */
static void remark(canvas *c, const char *words)
{
    if (c->html) fprintf(c->out, "<p class=\"pale\">%s</p>\n", words);
}

static void begin_drawing(canvas *c, const char *caption)
{
    if (c->html) {
        fprintf(c->out, "<figure>%s%s%s<div class=\"wide\">\n", *caption ? "<figcaption>" : "",
                caption, *caption ? "</figcaption>" : "");
    } else if (*caption) {
        fprintf(c->out, "<text class=\"small first\" x=\"12\" y=\"%.0f\">%s</text>\n", c->y + 8,
                caption);
        c->y += 16;
    }
}

static void end_drawing(canvas *c, drawing_size size)
{
    if (c->html) fputs("</div></figure>\n", c->out);
    c->y += size.height;
    c->width = fmax(c->width, c->x + size.width);
}

static void draw_map(canvas *c, const heat_map *map, const char *caption)
{
    begin_drawing(c, caption);
    end_drawing(c, heat_map_write(c->out, map, !c->html, c->x, c->y));
}

static void draw_legend(canvas *c, double scale, const char *what)
{
    begin_drawing(c, "");
    end_drawing(c, legend_write(c->out, scale, what, c->x + 60, c->y));
}

/* --- the hairpin --- */

static double largest(const double *values, size_t count)
{
    double most = 0;
    for (size_t i = 0; i < count; i++) most = fmax(most, fabs(values[i]));
    return most;
}

/* The structure in the colours that `colours` has. */
static dmg_status draw_coloured(canvas *c, const dmg_explanation *x, hairpin_drawing colours,
                                const char *by)
{
    char title[TITLE];
    snprintf(title, sizeof title, "structure of %zu nucleotides, coloured by %s", x->length, by);
    colours.title = title;
    colours.sequence = x->sequence;
    colours.structure = x->structure;
    colours.length = x->length;
    colours.split = x->split;
    drawing_size size = {0, 0};
    begin_drawing(c, "");
    const dmg_status st = hairpin_write(c->out, &size, &colours, c->x, c->y, c->err);
    end_drawing(c, size);
    return st;
}

static dmg_status draw_by_attribution(canvas *c, const dmg_explanation *x)
{
    const hairpin_drawing colours = {.values = x->attribution,
                                     .scale = largest(x->attribution, x->length),
                                     .what = "attribution"};
    const dmg_status st = draw_coloured(c, x, colours, "attribution");
    if (st == DMG_OK) draw_legend(c, colours.scale, "attribution to the log odds of p_mirna");
    return st;
}

static dmg_status draw_by_probability(canvas *c, const dmg_explanation *x)
{
    const hairpin_drawing colours = {.values = x->pair_probability,
                                     .scale = 1,
                                     .shares = true,
                                     .what = "probability of this pair",
                                     .what_unpaired = "probability of being unpaired"};
    const dmg_status st = draw_coloured(c, x, colours, "the probability of each pair");
    if (st != DMG_OK) return st;
    begin_drawing(c, "");
    end_drawing(c, share_legend_write(c->out, "probability of the pair, or of being unpaired",
                                      c->x + 60, c->y));
    return DMG_OK;
}

/* A page shows one of both, by the choice of the reader, but both where its reader cannot choose:
 * on paper, and in browsers without :has(). */
static dmg_status draw_hairpin(canvas *c, const dmg_explanation *x)
{
    if (c->html)
        fputs("<form class=\"views\"><p>Colours show <label><input type=\"radio\" name=\"view\" "
              "value=\"score\" checked autocomplete=\"off\"> contribution to the score</label> "
              "<label><input type=\"radio\" name=\"view\" value=\"pairs\" autocomplete=\"off\"> "
              "probability of each pair</label></p>\n<div class=\"by-score\">\n",
              c->out);
    dmg_status st = draw_by_attribution(c, x);
    if (c->html) fputs("</div>\n<div class=\"by-pairs\">\n", c->out);
    if (st == DMG_OK && !c->html) heading(c, "Probability of each pair");
    remark(c,
           "The share of all structures of the sequence, by weight, that have this pair, or leave "
           "the nucleotide unpaired as here. Where the colour is weak it may fold otherwise.");
    if (st == DMG_OK) st = draw_by_probability(c, x);
    if (c->html) fputs("</div></form>\n", c->out);
    return st;
}

/* --- attributions --- */

static dmg_status draw_attributions(canvas *c, const dmg_explanation *x)
{
    const char *names[DMG_STREAM_KINDS + 1];
    size_t rows = 0;
    float *values = dmg_alloc((x->attribution_count + 1) * x->length, sizeof *values);
    if (!values) return dmg_error_nomem(c->err, "a drawing");
    for (size_t k = 0; k <= x->attribution_count; k++) {
        const bool sum = k == x->attribution_count;
        const double *from = sum ? x->attribution : x->attributions[k].values;
        if (!from) continue;
        names[rows] = sum ? "together" : x->attributions[k].name;
        for (size_t i = 0; i < x->length; i++) values[rows * x->length + i] = (float)from[i];
        rows++;
    }
    double scale = largest(x->attribution, x->length);
    for (size_t i = 0; i < rows * x->length; i++) scale = fmax(scale, (double)fabsf(values[i]));
    const heat_map map = {
        .title = "attribution of each position, by what reads it",
        .rows = rows,
        .columns = x->length,
        .names = names,
        .values = values,
        .row_step = x->length,
        .column_step = 1,
        .scale = scale,
        .what = "attribution",
        .letters = {x->sequence, x->structure},
        .direction = 1,
    };
    if (rows > 1) draw_map(c, &map, "");
    if (rows > 1) draw_legend(c, scale, "attribution to the log odds of p_mirna");
    free(values);
    return DMG_OK;
}

static void write_totals(FILE *out, const dmg_explanation *x)
{
    fprintf(out,
            "<table><caption class=\"pale\">From the baseline's log odds to those of the sequence"
            "</caption>\n<tbody>\n<tr><th scope=\"row\">baseline</th><td class=\"n\">%.3f</td></tr>"
            "\n",
            x->baseline_score);
    for (size_t k = 0; k < x->attribution_count; k++)
        fprintf(out, "<tr><th scope=\"row\">by %s</th><td class=\"n\">%+.3f</td></tr>\n",
                x->attributions[k].name, x->attributions[k].total);
    fprintf(out,
            "<tr><th scope=\"row\">sequence</th><td class=\"n\">%.3f</td></tr>\n"
            "<tr><th scope=\"row\">residual, shared out</th><td class=\"n\">%.3f</td></tr>\n"
            "</tbody></table>\n",
            x->score, x->residual);
}

/* --- mutations --- */

static dmg_status draw_mutations(canvas *c, const dmg_explanation *x)
{
    static const char *const names[BASES] = {"to A", "to C", "to G", "to U"};
    float *values = dmg_alloc(BASES * x->length, sizeof *values);
    if (!values) return dmg_error_nomem(c->err, "a drawing");
    double scale = 0;
    for (size_t m = 0; m < BASES * x->length; m++) {
        values[m] = x->mutations[m] - (float)x->refolded_p;
        if (!isnan(values[m])) scale = fmax(scale, (double)fabsf(values[m]));
    }
    const heat_map map = {
        .title = "change of p_mirna by each mutation, refolded",
        .rows = BASES,
        .columns = x->length,
        .names = names,
        .values = values,
        .row_step = 1,
        .column_step = BASES,
        .scale = scale,
        .what = "change of p_mirna",
        .letters = {x->sequence, x->structure},
        .direction = 1,
    };
    draw_map(c, &map, "");
    draw_legend(c, scale, "change of p_mirna");
    free(values);
    return DMG_OK;
}

/* --- states --- */

/* What a stream reads, in words. */
static const char *describe_stream(dmg_stream_kind kind)
{
    switch (kind) {
    case DMG_STREAM_SEQUENCE: return "the sequence, 5\xe2\x80\xb2 to 3\xe2\x80\xb2";
    case DMG_STREAM_FORWARD:
        return "the 5\xe2\x80\xb2 arm of the structure, from the open end to the split";
    case DMG_STREAM_BACKWARD:
        return "the 3\xe2\x80\xb2 arm of the structure, flipped: as it is read, from the "
               "3\xe2\x80\xb2 "
               "end to the split";
    case DMG_STREAM_PAIRED: return "each nucleotide with its pair, 5\xe2\x80\xb2 to 3\xe2\x80\xb2";
    case DMG_STREAM_FORWARD_PAIRED:
        return "the 5\xe2\x80\xb2 arm, each nucleotide with its pair, from the open end to the "
               "split";
    case DMG_STREAM_BACKWARD_PAIRED:
        return "the 3\xe2\x80\xb2 arm, each nucleotide with its pair, flipped: from the "
               "3\xe2\x80\xb2 "
               "end to the split";
    case DMG_STREAM_STRUCTURE: return "the whole structure, 5\xe2\x80\xb2 to 3\xe2\x80\xb2";
    default: return dmg_encode_stream_name(kind);
    }
}

/* The letters that stream reads, first, and the other ones, in its order. */
static void take_letters(char *letters[2], const dmg_explanation *x, const dmg_layer_states *layer)
{
    const bool bases = layer->stream == DMG_STREAM_SEQUENCE || layer->stream == DMG_STREAM_PAIRED ||
                       layer->stream == DMG_STREAM_FORWARD_PAIRED ||
                       layer->stream == DMG_STREAM_BACKWARD_PAIRED;
    for (size_t t = 0; t < layer->steps; t++) {
        const size_t i = dmg_encode_position(layer->stream, t, x->length);
        letters[0][t] = bases ? x->sequence[i] : x->structure[i];
        letters[1][t] = bases ? x->structure[i] : x->sequence[i];
    }
}

static dmg_status draw_layer(canvas *c, const dmg_explanation *x, const dmg_layer_states *layer,
                             dmg_state state, double scale)
{
    if (layer->steps == 0) return DMG_OK;
    char caption[2 * TITLE], what[NAME], (*numbers)[NAME] = dmg_alloc(layer->units, NAME);
    const char **names = dmg_alloc(layer->units, sizeof *names);
    char *text = dmg_alloc(2, layer->steps);
    if (numbers && names && text) {
        for (size_t u = 0; u < layer->units; u++) {
            snprintf(numbers[u], NAME, "unit %zu", u + 1);
            names[u] = numbers[u];
        }
        const size_t first = dmg_encode_position(layer->stream, 0, x->length);
        const bool falls =
            layer->steps > 1 && dmg_encode_position(layer->stream, 1, x->length) < first;
        char *letters[2] = {text, text + layer->steps};
        take_letters(letters, x, layer);
        char stacked[NAME] = "";
        if (layer->layer > 0 || layer->reversed)
            snprintf(stacked, sizeof stacked, " (layer %zu%s)", layer->layer + 1,
                     layer->reversed ? ", read from the end" : "");
        snprintf(caption, sizeof caption, "%s: %s%s", dmg_encode_stream_name(layer->stream),
                 describe_stream(layer->stream), stacked);
        snprintf(what, sizeof what, "%s %s", dmg_state_name(state),
                 state <= DMG_STATE_HIDDEN ? "state" : "gate");
        const heat_map map = {
            .title = caption,
            .rows = layer->units,
            .columns = layer->steps,
            .names = names,
            .values = layer->values[state],
            .row_step = 1,
            .column_step = layer->units,
            .scale = scale,
            .what = what,
            .letters = {letters[0], letters[1]},
            .first = first,
            .direction = falls ? -1 : 1,
        };
        draw_map(c, &map, caption);
    }
    const bool drawn = numbers && names && text;
    free(numbers);
    free(names);
    free(text);
    return drawn ? DMG_OK : dmg_error_nomem(c->err, "a drawing");
}

/* All layers in the colours of one scale. */
static dmg_status draw_state(canvas *c, const dmg_explanation *x, dmg_state state)
{
    double scale = 0;
    char words[TITLE];
    for (size_t k = 0; k < x->layer_count; k++) {
        const dmg_layer_states *layer = &x->layers[k];
        for (size_t i = 0; i < layer->steps * layer->units; i++)
            scale = fmax(scale, fabs((double)layer->values[state][i]));
    }
    const char *kind = state <= DMG_STATE_HIDDEN ? "state" : "gate";
    snprintf(words, sizeof words, "%c%s %ss", dmg_state_name(state)[0] - 'a' + 'A',
             dmg_state_name(state) + 1, kind);
    heading(c, words);
    if (c->html) fputs("<div class=\"maps\">\n", c->out);
    dmg_status st = DMG_OK;
    for (size_t k = 0; st == DMG_OK && k < x->layer_count; k++)
        st = draw_layer(c, x, &x->layers[k], state, scale);
    if (c->html) fputs("</div>\n", c->out);
    snprintf(words, sizeof words, "%s %s", dmg_state_name(state), kind);
    if (st == DMG_OK) draw_legend(c, scale, words);
    return st;
}

/* --- the whole --- */

static dmg_status draw_all(canvas *c, const dmg_explanation *x, unsigned shown)
{
    heading(c, "Structure");
    dmg_status st = draw_hairpin(c, x);
    for (int state = 0; st == DMG_OK && state < DMG_STATES; state++)
        if ((shown >> state & 1) && x->layer_count > 0) st = draw_state(c, x, (dmg_state)state);
    if (st != DMG_OK) return st;
    heading(c, "Attribution");
    remark(c, "What each position adds to the log odds of p_mirna, by integrated gradients: red "
              "speaks for a pre-miRNA, blue against.");
    st = draw_attributions(c, x);
    if (st == DMG_OK && c->html) write_totals(c->out, x);
    if (st != DMG_OK || !x->mutations) return st;
    heading(c, "Mutations");
    remark(
        c,
        "The change of p_mirna when one nucleotide is another one. Each mutant is folded again.");
    return draw_mutations(c, x);
}

dmg_status dmg_explain_html(FILE *out, const dmg_explanation *x, unsigned shown, dmg_error *err)
{
    canvas c = {.out = out, .html = true, .err = err};
    const dmg_status st = draw_all(&c, x, shown);
    fprintf(out, "<p><code>%.*s<br>%.*s</code></p>\n", (int)x->length, x->sequence, (int)x->length,
            x->structure);
    return st;
}

/* Its size is known when all is drawn. */
dmg_status dmg_explain_svg(FILE *out, const dmg_explanation *x, const char *title, unsigned shown,
                           dmg_error *err)
{
    FILE *body;
    dmg_status st = dmg_temporary_stream(&body, err);
    if (st != DMG_OK) return st;
    canvas c = {.out = body, .y = 34, .err = err};
    st = draw_all(&c, x, shown);
    drawing_file_begin(out, (drawing_size){fmax(c.width, 420) + 10, c.y + 10}, title);
    fputs("<text class=\"heading\" x=\"12\" y=\"18\">", out);
    markup_text_short(out, title, 90);
    fputs("</text>\n", out);
    if (st == DMG_OK) st = dmg_temporary_copy(out, body, err);
    drawing_file_end(out);
    fclose(body);
    return st;
}
