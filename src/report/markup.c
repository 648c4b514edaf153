/* SPDX-License-Identifier: MIT */
/* HTML and SVG: escaping, numbers, colours. */
#include "report/markup.h"

#include <math.h>
#include <string.h>

#include "base/builtin.h"
#include "report/clean.h"

/* --- words and numbers --- */

static const char *entity_of(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

static void write_character(FILE *out, const char **text)
{
    const char *entity = entity_of(**text);
    if (!entity) {
        clean_character(out, text);
        return;
    }
    fputs(entity, out);
    *text += 1;
}

void markup_text(FILE *out, const char *text)
{
    while (*text) write_character(out, &text);
}

void markup_text_short(FILE *out, const char *text, size_t most)
{
    for (size_t written = 0; *text && written < most; written++) write_character(out, &text);
    if (*text) fputs("\xe2\x80\xa6", out);
}

void markup_number(FILE *out, double value)
{
    char text[32];
    snprintf(text, sizeof text, "%.1f", value);
    char *decimal = strstr(text, ".0");
    if (decimal) *decimal = '\0';
    fputs(strcmp(text, "-0") == 0 ? "0" : text, out);
}

/* --- colours --- */

int markup_shade(double value, double scale)
{
    if (!(scale > 0)) return 0;
    const double shade = round(value / scale * MARKUP_SHADES);
    return shade < -MARKUP_SHADES ? -MARKUP_SHADES
                                  : (shade > MARKUP_SHADES ? MARKUP_SHADES : (int)shade);
}

int markup_shade_class(int shade)
{
    return shade + MARKUP_SHADES;
}

enum { STOPS = 5, CHANNELS = 3, LEG = 2 * MARKUP_SHADES / (STOPS - 1) };

typedef const int ramp[STOPS][CHANNELS]; /* red, green, blue from the lowest value to the highest */

/* Blue and red of equal strength, which also readers who confuse red with green tell apart. In the
 * dark what is strong is bright. */
static ramp light = {{5, 72, 145}, {94, 159, 205}, {243, 243, 240}, {240, 138, 98}, {165, 15, 21}};
static ramp dark = {{158, 215, 255}, {45, 110, 165}, {44, 47, 54}, {170, 70, 48}, {255, 176, 138}};

static void write_ramp(FILE *out, ramp colours)
{
    for (int k = 0; k <= 2 * MARKUP_SHADES; k++) {
        const int stop = k / LEG, next = stop + 1 < STOPS ? stop + 1 : stop, on = k % LEG;
        int mixed[CHANNELS];
        for (int c = 0; c < CHANNELS; c++)
            mixed[c] = colours[stop][c] + on * (colours[next][c] - colours[stop][c]) / LEG;
        fprintf(out, ".q%d{fill:#%02x%02x%02x}", k, (unsigned)mixed[0], (unsigned)mixed[1],
                (unsigned)mixed[2]);
    }
    putc('\n', out);
}

void markup_shade_rules(FILE *out)
{
    write_ramp(out, light);
    fputs("@media screen and (prefers-color-scheme: dark) {\n", out);
    write_ramp(out, dark);
    fputs("}\n", out);
}

void markup_drawing_style(FILE *out)
{
    const builtin_file *style = builtin_find(builtin_page_parts, "drawing");
    fwrite(style->bytes, 1, style->size, out);
    markup_shade_rules(out);
}
