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

enum { STOPS = 5, SHARE_STOPS = 3, CHANNELS = 3, LEG = 2 * MARKUP_SHADES / (STOPS - 1) };

typedef const int colour[CHANNELS]; /* red, green, blue */

/* From the lowest value to the highest: blue and red of equal strength, which also readers who
 * confuse red with green tell apart. In the dark what is strong is bright. */
static colour light[STOPS] = {
    {5, 72, 145}, {94, 159, 205}, {243, 243, 240}, {240, 138, 98}, {165, 15, 21}};
static colour dark[STOPS] = {
    {158, 215, 255}, {45, 110, 165}, {44, 47, 54}, {170, 70, 48}, {255, 176, 138}};

/* Of shares: one hue. */
static colour light_shares[SHARE_STOPS] = {{243, 243, 240}, {104, 181, 163}, {0, 84, 74}};
static colour dark_shares[SHARE_STOPS] = {{44, 47, 54}, {34, 108, 95}, {150, 238, 212}};

static void write_ramp(FILE *out, char letter, colour *colours, int stops)
{
    for (int k = 0; k <= (stops - 1) * LEG; k++) {
        const int stop = k / LEG, next = stop + 1 < stops ? stop + 1 : stop, on = k % LEG;
        int mixed[CHANNELS];
        for (int c = 0; c < CHANNELS; c++)
            mixed[c] = colours[stop][c] + on * (colours[next][c] - colours[stop][c]) / LEG;
        fprintf(out, ".%c%d{fill:#%02x%02x%02x}", letter, k, (unsigned)mixed[0], (unsigned)mixed[1],
                (unsigned)mixed[2]);
    }
    putc('\n', out);
}

void markup_shade_rules(FILE *out)
{
    write_ramp(out, 'q', light, STOPS);
    write_ramp(out, 'p', light_shares, SHARE_STOPS);
    fputs("@media screen and (prefers-color-scheme: dark) {\n", out);
    write_ramp(out, 'q', dark, STOPS);
    write_ramp(out, 'p', dark_shares, SHARE_STOPS);
    fputs("}\n", out);
}

void markup_drawing_style(FILE *out)
{
    const builtin_file *style = builtin_find(builtin_page_parts, "drawing");
    fwrite(style->bytes, 1, style->size, out);
    markup_shade_rules(out);
}
